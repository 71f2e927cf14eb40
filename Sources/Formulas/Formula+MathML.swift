import Diagnostics

extension Formula {
  /// The formula in MathML, which browsers draw: https://www.w3.org/TR/mathml-core/
  ///
  /// - Parameter isDisplayed: whether it stands in a line of its own.
  public func mathML(isDisplayed: Bool) -> String {
    let display = isDisplayed ? " display=\"block\"" : ""
    return "<math\(display) alttext=\"\(plain.escaped)\">\(root.mathML)</math>"
  }
}

extension FormulaPart {
  fileprivate var mathML: String {
    switch self {
    case .sign(let sign): return sign.mathML
    case .text(let text): return "<mtext>\(text.escaped)</mtext>"
    case .row(let parts):
      return "<mrow>\(parts.map(\.mathML).joined())</mrow>"
    case .scripts(let base, let below, let above): return Self.scripts(base, below, above)
    case .fraction(let top, let bottom): return "<mfrac>\(top.mathML)\(bottom.mathML)</mfrac>"
    case .root(let part): return "<msqrt>\(part.mathML)</msqrt>"
    case .accent(let part, let accent):
      return "<mover accent=\"true\">\(part.mathML)<mo>\(accent.mark.escaped)</mo></mover>"
    case .matrix(let rows, let open, let close):
      let inner = rows.count == 1 && rows[0].count == 1 ? rows[0][0].mathML : Self.table(rows, open: open)
      return "<mrow>\(Self.fence(open))\(inner)\(Self.fence(close))</mrow>"
    }
  }

  private static func scripts(_ base: FormulaPart, _ below: FormulaPart?, _ above: FormulaPart?) -> String {
    var isLarge = false
    if case .sign(let sign) = base {
      isLarge = sign.kind == .large && sign.text != "∫" || ["max", "min", "lim"].contains(sign.text)
    }
    let parts = base.mathML + (below?.mathML ?? "") + (above?.mathML ?? "")
    let tag =
      switch (below != nil, above != nil) {
      case (true, true): isLarge ? "munderover" : "msubsup"
      case (true, false): isLarge ? "munder" : "msub"
      default: isLarge ? "mover" : "msup"
      }
    return "<\(tag)>\(parts)</\(tag)>"
  }

  private static func table(_ rows: [[FormulaPart]], open: String) -> String {
    let rows = rows.map { row in
      "<mtr>" + row.map { "<mtd>\($0.mathML)</mtd>" }.joined() + "</mtr>"
    }
    return "<mtable\(open == "{" ? " columnalign=\"left\"" : "")>\(rows.joined())</mtable>"
  }

  private static func fence(_ mark: String) -> String {
    mark.isEmpty ? "" : "<mo stretchy=\"true\">\(mark.escaped)</mo>"
  }
}

extension FormulaSign {
  fileprivate var mathML: String {
    switch kind {
    case .letter: "<mi>\(text.escaped)</mi>"
    case .number: "<mn>\(text.escaped)</mn>"
    case .function: "<mi mathvariant=\"normal\">\(text.escaped)</mi><mo>&#8289;</mo>"
    case .open, .close: "<mo stretchy=\"false\">\(text.escaped)</mo>"
    case .space: "<mspace width=\"\(text == " " ? "0.25" : String(text.count))em\"/>"
    case .prefix: "<mi mathvariant=\"normal\">\(text.escaped)</mi>"
    case .binary, .relation, .large, .separator, .plain:
      "<mo>\((text == "-" ? "−" : text).escaped)</mo>"
    }
  }
}

extension String {
  fileprivate var escaped: String { escapedForMarkup { $0 } }
}
