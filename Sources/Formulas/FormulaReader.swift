import Diagnostics

/// Reads TeX into the parts of a formula.
struct FormulaReader {
  private var rest: Substring
  private var depth = 0

  /// Groups within groups deeper than this are no formula that anybody reads.
  private static let deepest = 40

  init(_ tex: String) { rest = tex[...] }

  mutating func formula() throws(FormulaError) -> FormulaPart {
    let part = try row { $0 == .end }
    guard part != .row([]) else { throw FormulaError("The formula is empty.") }
    return part
  }

  // MARK: - Tokens

  private enum Token: Equatable {
    case command(String)
    case character(Character)
    case end
  }

  private func peek() -> Token {
    var copy = self
    return copy.next()
  }

  private mutating func next() -> Token {
    rest = rest.drop(while: \.isWhitespace)
    guard let first = rest.popFirst() else { return .end }
    guard first == "\\" else { return .character(first) }
    let name = rest.prefix { $0.isLetter && $0.isASCII }
    guard name.isEmpty else {
      rest = rest.dropFirst(name.count)
      return .command(String(name))
    }
    return .command(rest.popFirst().map(String.init) ?? "")
  }

  // MARK: - Rows

  /// The parts up to a token, which is left where it is.
  private mutating func row(until isEnd: (Token) -> Bool) throws(FormulaError) -> FormulaPart {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw FormulaError("The formula is nested too deeply.") }
    var parts: [FormulaPart] = []
    while !isEnd(peek()) {
      let before = rest
      guard let part = try part() else {
        if rest == before { break }
        continue
      }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : .row(parts)
  }

  /// One part with its scripts; nil for a command that shows nothing.
  private mutating func part() throws(FormulaError) -> FormulaPart? {
    guard let base = try atom() else { return nil }
    var below: FormulaPart?
    var above: FormulaPart?
    while true {
      switch peek() {
      case .character("_") where below == nil:
        _ = next()
        below = try argument(of: "_")
      case .character("^") where above == nil:
        _ = next()
        above = try argument(of: "^")
      case .character("_"), .character("^"):
        throw FormulaError("A part has two scripts at the same place. Write `{x_1}_2` with braces.")
      case .character("'"):
        _ = next()
        let prime = FormulaPart.sign(FormulaSign("′", .plain))
        above = above.map { .row([$0, prime]) } ?? prime
      default:
        return below == nil && above == nil ? base : .scripts(base, below: below, above: above)
      }
    }
  }

  private mutating func atom() throws(FormulaError) -> FormulaPart? {
    switch next() {
    case .end: throw FormulaError("The formula ends too early.")
    case .character("{"): return try group()
    case .character("}"): throw FormulaError("A `}` has no `{` before it.")
    case .character("&"): throw FormulaError("`&` separates the cells of a matrix. Write `\\&` for the sign.")
    case .character(let mark) where mark == "_" || mark == "^":
      throw FormulaError("`\(mark)` has nothing before it. Write `x\(mark)2`.")
    case .character(let digit) where digit.isASCII && digit.isNumber: return number(digit)
    case .character("~"): return .sign(FormulaSign(" ", .space))
    case .character(let character):
      guard let sign = FormulaSign(character) else {
        throw FormulaError("`\(character)` cannot stand in a formula.")
      }
      return .sign(sign)
    case .command(let name): return try command(name)
    }
  }

  private mutating func group() throws(FormulaError) -> FormulaPart {
    let part = try row { $0 == .character("}") || $0 == .end }
    guard next() == .character("}") else { throw FormulaError("A `{` is never closed. Add `}`.") }
    return part
  }

  /// `0.5`, and `0{,}5`, which is how TeX writes a decimal comma.
  private mutating func number(_ first: Character) -> FormulaPart {
    var text = String(first)
    while let character = rest.first {
      if character.isASCII, character.isNumber {
        text.append(character)
        rest.removeFirst()
      } else if character == ".", rest.dropFirst().first?.isNumber == true {
        text.append(".")
        rest.removeFirst()
      } else if rest.hasPrefix("{,}") {
        text.append(",")
        rest.removeFirst(3)
      } else {
        break
      }
    }
    return .sign(FormulaSign(text, .number))
  }

  /// The group, letter or command that a script or a command takes.
  private mutating func argument(of name: String) throws(FormulaError) -> FormulaPart {
    switch peek() {
    case .end, .character("}"), .character("&"):
      throw FormulaError("`\(name)` has nothing behind it. Write `\(name){…}`.")
    default:
      // A digit alone is the argument: `\frac12`, `x^23`.
      if case .character(let digit) = peek(), digit.isASCII, digit.isNumber {
        _ = next()
        return .sign(FormulaSign(String(digit), .number))
      }
      return try atom() ?? .row([])
    }
  }

  /// The text of `{…}` as it stands.
  private mutating func words(of name: String) throws(FormulaError) -> String {
    guard next() == .character("{"), let end = rest.firstIndex(of: "}") else {
      throw FormulaError("`\\\(name)` takes words in braces: `\\\(name){…}`.")
    }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  // MARK: - Commands

  private mutating func command(_ name: String) throws(FormulaError) -> FormulaPart? {
    switch name {
    case "frac", "dfrac", "tfrac":
      let top = try argument(of: "\\" + name)
      return .fraction(top, try argument(of: "\\" + name))
    case "sqrt": return .root(try argument(of: "\\sqrt"))
    case "text", "mathrm", "textrm": return .text(try words(of: name))
    case "operatorname": return .sign(FormulaSign(try words(of: name), .function))
    case "mathbb": return try doubleStruck()
    case "left": return try fenced()
    case "right": throw FormulaError("A `\\right` has no `\\left` before it.")
    case "begin": return try environment()
    case "end": throw FormulaError("An `\\end` has no `\\begin` before it.")
    case "!", "displaystyle", "limits": return nil
    default: break
    }
    if let accent = Self.accents[name] { return .accent(try argument(of: "\\" + name), accent) }
    if let sign = FormulaSign.command(name) { return .sign(sign) }
    let nearest = DidYouMean.nearest(to: name, among: FormulaSign.commandNames + Self.commandNames)
    throw FormulaError(
      "`\\\(name)` is not known in formulas." + DidYouMean.sentence(nearest.map { "\\" + $0 }))
  }

  private static let commandNames =
    ["frac", "sqrt", "text", "operatorname", "mathbb", "left", "right", "begin", "end"]
    + Array(accents.keys)

  private static let accents = [
    "hat": FormulaAccent(mark: "^", combining: "\u{302}"),
    "bar": FormulaAccent(mark: "‾", combining: "\u{304}"),
    "overline": FormulaAccent(mark: "‾", combining: "\u{304}"),
    "tilde": FormulaAccent(mark: "~", combining: "\u{303}"),
    "vec": FormulaAccent(mark: "→", combining: "\u{20D7}"),
    "dot": FormulaAccent(mark: "˙", combining: "\u{307}"),
  ]

  private mutating func doubleStruck() throws(FormulaError) -> FormulaPart {
    let letters = ["R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "E": "𝔼"]
    guard case .sign(let sign) = try argument(of: "\\mathbb"), let text = letters[sign.text] else {
      throw FormulaError("`\\mathbb` takes one of R, N, Z, Q, C and E: `\\mathbb{R}`.")
    }
    return .sign(FormulaSign(text, .letter))
  }

  /// `\left( … \right)`; a dot stands for no sign.
  private mutating func fenced() throws(FormulaError) -> FormulaPart {
    let open = try fence(after: "left")
    let inner = try row { $0 == .command("right") || $0 == .end }
    guard next() == .command("right") else {
      throw FormulaError("A `\\left` is never closed. Add `\\right)`, or `\\right.` for nothing.")
    }
    let close = try fence(after: "right")
    return .matrix([[inner]], open: open, close: close)
  }

  private mutating func fence(after name: String) throws(FormulaError) -> String {
    switch next() {
    case .character("."): return ""
    case .character(let mark) where "()[]|<>/".contains(mark): return String(mark)
    case .command(let name):
      if let sign = FormulaSign.command(name) { return sign.text }
    default: break
    }
    throw FormulaError("`\\\(name)` takes a bracket: `\\\(name)(`.")
  }

  private mutating func environment() throws(FormulaError) -> FormulaPart {
    let name = try words(of: "begin")
    let fences = [
      "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"),
      "cases": ("{", ""), "aligned": ("", ""),
    ]
    guard let (open, close) = fences[name] else {
      throw FormulaError(
        "`\\begin{\(name)}` is not known in formulas. There are matrix, pmatrix, bmatrix, vmatrix, cases and aligned."
      )
    }
    var rows: [[FormulaPart]] = [[]]
    while true {
      rows[rows.count - 1].append(
        try row { [.character("&"), .command("\\"), .command("end"), .end].contains($0) })
      switch next() {
      case .character("&"): continue
      case .command("\\"): rows.append([])
      case .command("end"):
        let end = try words(of: "end")
        guard end == name else { throw FormulaError("`\\begin{\(name)}` ends with `\\end{\(end)}`.") }
        // A line break behind the last row begins none.
        if rows.count > 1, rows.last == [.row([])] { rows.removeLast() }
        return .matrix(rows, open: open, close: close)
      default: throw FormulaError("`\\begin{\(name)}` is never closed. Add `\\end{\(name)}`.")
      }
    }
  }
}
