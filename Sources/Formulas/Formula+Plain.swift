import Foundation

extension Formula {
  /// The formula as one line of plain symbols: `∂L/∂w = 2(o - y) x₁`.
  public var plain: String { root.plain }
}

extension FormulaPart {
  fileprivate var plain: String {
    switch self {
    case .sign(let sign): sign.text
    case .text(let text): text
    case .row(let parts): Self.plain(parts)
    case .scripts(let base, let below, let above):
      base.plainFactor + Self.script(below, "_", Self.subscripts) + Self.script(above, "^", Self.superscripts)
    case .fraction(let top, let bottom): top.plainFactor + "/" + bottom.plainDivisor
    case .root(let part): "√" + (part.isSingle ? part.plain : "(" + part.plain + ")")
    case .accent(let part, let accent):
      part.plain.count == 1
        ? (part.plain + accent.combining).precomposedStringWithCanonicalMapping
        : accent.mark + "(" + part.plain + ")"
    case .matrix(let rows, let open, let close):
      open
        + rows.map { $0.map(\.plain).joined(separator: rows.count > 1 || $0.count > 1 ? " " : "") }
        .joined(separator: "; ") + close
    }
  }

  private var isSingle: Bool { !plain.contains(" ") && !plain.contains("/") }

  /// The part as it may stand before a script or a stroke.
  private var plainFactor: String {
    if case .row(let parts) = self, parts.count > 1, plain.contains(where: { " /·".contains($0) }) {
      return "(" + plain + ")"
    }
    if case .fraction = self { return "(" + plain + ")" }
    return plain
  }

  /// The part as it may stand behind a stroke: `∂w`, but `(2n)`.
  private var plainDivisor: String {
    guard case .row(let parts) = self, let first = parts.first, parts.count > 1 else {
      return isSingle ? plain : "(" + plain + ")"
    }
    return isSingle && first.kind(onLeft: true) == .prefix ? plain : "(" + plain + ")"
  }

  private static func plain(_ parts: [FormulaPart]) -> String {
    var text = ""
    for (index, part) in parts.enumerated() {
      if index > 0, needsSpace(between: parts[index - 1], part, before: index > 1 ? parts[index - 2] : nil) {
        text += " "
      }
      text += part.plain
    }
    return text
  }

  /// What the part is to its neighbour, on its left side or its right.
  private func kind(onLeft: Bool) -> FormulaSign.Kind {
    switch self {
    case .sign(let sign): sign.kind
    case .scripts(let base, _, _): base.kind(onLeft: onLeft)
    case .text, .row, .fraction, .root, .accent: .letter
    case .matrix: onLeft ? .open : .close
    }
  }

  /// - Parameter before: what stands before the left one, which tells a minus between two from one before a number.
  private static func needsSpace(
    between left: FormulaPart, _ right: FormulaPart, before: FormulaPart?
  ) -> Bool {
    let stroke = FormulaPart.sign(FormulaSign("/", .binary))
    guard left != stroke, right != stroke else { return false }
    if left.plain.last == " " || right.plain.first == " " { return false }
    // `1/2 (a + b)`, where `1/2(a + b)` would divide by the sum.
    if case .fraction = left, right.kind(onLeft: true) == .open { return true }
    switch (left.kind(onLeft: false), right.kind(onLeft: true)) {
    case (.space, _), (_, .space), (_, .separator), (_, .close), (.open, _): return false
    case (.separator, _): return true
    case (.binary, _):
      return before.map { ![.binary, .relation, .open, .separator, .large].contains($0.kind(onLeft: false)) }
        ?? false
    case (_, .binary), (.relation, _), (_, .relation), (.large, _), (_, .large): return true
    case (.function, .open): return false
    case (.function, _), (_, .function): return true
    case (.letter, .letter), (.letter, .number), (.letter, .prefix), (.number, .number), (.close, .letter),
      (.close, .number), (.close, .prefix):
      return true
    default: return false
    }
  }

  // MARK: - Scripts

  private static func script(
    _ part: FormulaPart?, _ mark: String, _ characters: [Character: Character]
  ) -> String {
    guard let part else { return "" }
    let text = part.plain
    let tight = text.filter { $0 != " " }
    let small = tight.compactMap { characters[$0] }
    if small.count == tight.count { return String(small) }
    return mark + (text.count == 1 || text.allSatisfy { $0.isASCII && $0.isLetter } ? text : "(" + text + ")")
  }

  private static let subscripts = table(
    "0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
  private static let superscripts = table(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUW′⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂ′ᵀ")

  private static func table(_ from: String, _ to: String) -> [Character: Character] {
    Dictionary(uniqueKeysWithValues: zip(from, to))
  }
}
