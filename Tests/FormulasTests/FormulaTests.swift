import TestSupport
import Testing

@testable import Formulas

@Suite struct FormulaTests {
  @Test(
    "Plain symbols for a terminal",
    arguments: [
      (#"\hat{y} = \sigma(w_1 x_1 + w_2 x_2 + b)"#, "ŷ = σ(w₁ x₁ + w₂ x₂ + b)"),
      (#"7 \cdot 1 + 3 \cdot 0 - 2 = 5"#, "7 · 1 + 3 · 0 - 2 = 5"),
      (#"\frac{1}{1 + e^{-z}}"#, "1/(1 + e⁻ᶻ)"),
      (
        #"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial o} \cdot \frac{\partial o}{\partial z}"#,
        "∂L/∂w = ∂L/∂o · ∂o/∂z"
      ),
      (#"L = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat y_i)^2"#, "L = 1/n ∑ᵢ₌₁ⁿ (yᵢ - ŷᵢ)²"),
      (#"-y \log \hat{y} - (1 - y) \log(1 - \hat{y})"#, "-y log ŷ - (1 - y) log(1 - ŷ)"),
      (#"w \gets w - \eta \frac{\partial L}{\partial w}"#, "w ← w - η ∂L/∂w"),
      (#"\max(0, z)"#, "max(0, z)"), (#"W^\top x"#, "Wᵀ x"), (#"\sqrt{x^2 + y^2}"#, "√(x² + y²)"),
      (#"\frac12 (y-o)^2"#, "1/2 (y - o)²"), (#"\frac{1}{2n}"#, "1/(2n)"), (#"a_{max}"#, "aₘₐₓ"),
      (#"x^{q+1}_{\omega}"#, "x_ω^(q + 1)"), (#"f'(x)"#, "f′(x)"), (#"f''"#, "f′′"),
      (#"0{,}5"#, "0,5"), (#"x \in \mathbb{R}^n"#, "x ∈ ℝⁿ"), (#"1, \ldots, n"#, "1, …, n"),
      (#"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"#, "(1 2; 3 4)"),
      (
        #"\begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}"#, "{1 if z > 0; 0 otherwise"
      ),
      (#"\left( \frac{a}{b} \right)^2"#, "(a/b)²"), (#"\operatorname{softmax}(z)_i"#, "softmax(z)ᵢ"),
      (#"2x"#, "2x"), (#"a = -1"#, "a = -1"), (#"x/2"#, "x/2"), (#"\$5"#, "$5"),
      (#"\nabla L(w)"#, "∇L(w)"), (#"\frac{e^{z_i}}{\sum_j e^{z_j}}"#, "e^(zᵢ)/(∑ⱼ e^(zⱼ))"),
    ])
  func plain(tex: String, expected: String) throws {
    #expect(try Formula(tex).plain == expected)
  }

  @Test(
    "MathML for a browser",
    arguments: [
      ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
      (#"\frac{a}{b}"#, "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
      (#"\sum_{i}^n"#, "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>"),
      (#"\hat y"#, #"<mover accent="true"><mi>y</mi><mo>^</mo></mover>"#),
      ("a<b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
      (#"\text{<b>}"#, "<mtext>&lt;b&gt;</mtext>"),
    ])
  func mathML(tex: String, expected: String) throws {
    let formula = try Formula(tex)
    let html = formula.mathML(isDisplayed: false)
    #expect(html.hasPrefix("<math alttext=\"") && html.contains(">" + expected + "</math>"), "\(html)")
    #expect(formula.mathML(isDisplayed: true).hasPrefix("<math display=\"block\""))
  }

  @Test(
    "What cannot be read is told",
    arguments: [
      (#"\frca{1}{2}"#, #"`\frca` is not known in formulas. Did you mean `\frac`?"#),
      (#"\frac{1}"#, #"`\frac` has nothing behind it."#), ("{a", "A `{` is never closed."),
      ("a}", "A `}` has no `{` before it."), ("x_1_2", "two scripts"), ("^2", "`^` has nothing before it."),
      (#"\left( a"#, #"A `\left` is never closed."#), (#"\begin{array} a \end{array}"#, "not known"),
      (#"\begin{cases} a"#, "never closed"), ("  ", "empty"), ("a & b", "`&`"), ("x_", "nothing behind"),
      (String(repeating: "{", count: 500), "nested too deeply"),
    ])
  func mistakes(tex: String, words: String) {
    let error = #expect(throws: FormulaError.self) { try Formula(tex) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("No formula is too odd", arguments: 0..<200 as Range<UInt64>)
  func fuzz(seed: UInt64) {
    var noise = Noise(seed: seed)
    let pieces = [
      "\\frac", "{", "}", "^", "_", "\\left(", "\\right)", "\\begin{cases}", "\\end{cases}", "&", "\\\\", "x",
      "2", " ",
      "\\text{", "\\hat", "\\sum", "é", "💡", "'", "\\", "$",
    ]
    let tex = (0..<30).compactMap { _ in pieces.randomElement(using: &noise) }.joined()
    guard let formula = try? Formula(tex) else { return }
    let html = formula.mathML(isDisplayed: false)
    for tag in ["mrow", "mfrac", "msup", "msub", "mtable", "mtd", "mtext"] {
      #expect(html.ranges(of: "<\(tag)>").count <= html.ranges(of: "</\(tag)>").count, "\(tag) in \(tex)")
    }
    #expect(!formula.plain.contains("\n"))
  }

  @Test(
    "A dollar begins a formula, or is a dollar",
    arguments: [
      ("$x$", "x"), ("$x + y$ is", "x + y"), ("$$x$$", "x"), ("$5", nil), ("$5 or $10", nil), ("$ x$", nil),
      ("$x $", nil), ("$5-$10", nil), ("$", nil), ("$$", nil), ("$$$", nil), ("$$$$", nil),
      (#"$a \$ b$"#, #"a \$ b"#),
    ] as [(String, String?)])
  func dollars(text: String, tex: String?) {
    #expect(FormulaMark(in: Array(text), at: 0)?.tex == tex)
  }
}
