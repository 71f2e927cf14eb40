/// A Swift file of `Sources`, as far as the walls between modules and folders need it: what it imports, which types it
/// defines at the top, and which it names.
struct SwiftSource {
  /// The path behind `Sources/`.
  let path: String
  /// The modules that it imports.
  private(set) var imports: Set<String> = []
  /// The types that it defines outside of other types, where other files see them.
  private(set) var definitions: Set<String> = []
  /// Those that no other file sees.
  private(set) var ownDefinitions: Set<String> = []
  /// The words in its code that begin with a capital letter; comments and texts aside.
  private(set) var words: Set<String> = []

  /// The first folder of the path.
  var module: String { String(path.prefix { $0 != "/" }) }
  /// The folder within the module; `.` for a file beside the folders.
  var folder: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : "."
  }

  init(path: String, text: String) {
    self.path = path
    var scanner = Scanner(Array(text.utf8))
    scanner.scanCode(untilParenthesis: false)
    var tokens = scanner.tokens[...]
    var lastLine = -1
    while let token = tokens.popFirst() {
      if token.text.first?.isUppercase == true { words.insert(token.text) }
      defer { lastLine = token.line }
      guard token.line != lastLine else { continue }
      let whole = [token.text] + tokens.prefix { $0.line == token.line }.map(\.text)
      let line = Array(whole.drop(while: SwiftSource.modifiers.contains))
      guard line.count > 1 else { continue }
      // Within `#if` an import is indented.
      if line[0] == "import" {
        imports.insert(SwiftSource.kinds.contains(line[1]) && line.count > 2 ? line[2] : line[1])
      } else if token.startsLine, SwiftSource.kinds.contains(line[0]) {
        if whole.contains("private") || whole.contains("fileprivate") {
          ownDefinitions.insert(line[1])
        } else {
          definitions.insert(line[1])
        }
      }
    }
    // What is imported is no use of a type.
    words.subtract(imports)
  }

  private static let kinds: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]
  private static let modifiers: Set = [
    "public", "package", "internal", "private", "fileprivate", "final", "indirect", "nonisolated", "unsafe",
    "open", "testable", "unchecked",
  ]

  /// A word of the code.
  private struct Token {
    let text: String
    let line: Int
    /// Whether it stands at the very beginning of its line, where only what is at the top of a file does.
    let startsLine: Bool
  }

  /// Finds the words of a source.
  private struct Scanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 0
    private(set) var tokens: [Token] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private func isAt(_ text: StaticString) -> Bool {
      let count = text.utf8CodeUnitCount
      guard position + count <= bytes.count else { return false }
      for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
      return true
    }

    private mutating func step(_ count: Int = 1) {
      for _ in 0..<count where position < bytes.count {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
    }

    mutating func scanCode(untilParenthesis: Bool) {
      var depth = 0
      while position < bytes.count {
        let byte = bytes[position]
        switch byte {
        case _ where SwiftSource.isLetter(byte): scanWord()
        case UInt8(ascii: "\""): scanText()
        case UInt8(ascii: "/") where isAt("//"): skipLine()
        case UInt8(ascii: "/") where isAt("/*"): skipBlock()
        case UInt8(ascii: "("):
          depth += 1
          step()
        case UInt8(ascii: ")"):
          if untilParenthesis, depth == 0 { return step() }
          depth -= 1
          step()
        default: step()
        }
      }
    }

    private mutating func scanWord() {
      let start = position
      while position < bytes.count,
        SwiftSource.isLetter(bytes[position])
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
      { position += 1 }
      let before = start > 0 ? bytes[start - 1] : UInt8(ascii: "\n")
      let isAttribute = before == UInt8(ascii: "@") && (start == 1 || bytes[start - 2] == UInt8(ascii: "\n"))
      let isFirst = before == UInt8(ascii: "\n") || isAttribute
      tokens.append(
        Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line, startsLine: isFirst)
      )
    }

    /// A text, whose interpolations are code.
    private mutating func scanText() {
      let isLong = isAt("\"\"\"")
      step(isLong ? 3 : 1)
      while position < bytes.count {
        if isAt("\\(") {
          step(2)
          scanCode(untilParenthesis: true)
        } else if bytes[position] == UInt8(ascii: "\\") {
          step(2)
        } else if isLong ? isAt("\"\"\"") : bytes[position] == UInt8(ascii: "\"") {
          return step(isLong ? 3 : 1)
        } else {
          step()
        }
      }
    }

    private mutating func skipLine() {
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlock() {
      while position < bytes.count, !isAt("*/") { step() }
      step(2)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}
