import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Language

/// Whatever is typed, it is parsed and checked without a trap, and messages point into it.
@Suite struct FuzzTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The notebooks and the code of the manual, as texts to spoil.
  static let texts: [String] = {
    let files = ["notebooks/xor.nbs", "notebooks/backpropagation.nbs", "notebooks/three-lines.nbs"]
    let notebooks = files.compactMap { try? String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
    let manual = (try? String(contentsOf: folder.appending(path: "docs/language.md"), encoding: .utf8)) ?? ""
    let fences = manual.split(separator: "```nbs\n").dropFirst().compactMap {
      $0.split(separator: "```").first
    }
    return notebooks + fences.map(String.init)
  }()

  private static let pieces = [
    "(", ")", "[", "]", "{", "}", "->", "=", "==", "+=", ",", ";", "\n", "\\", "\"", "'", "#", " ", "\t", "%",
    ".",
    ":", "@", "^", "-", "$", "ŷ", "\u{301}", "😀", "“", "\u{A0}", "0", "1e9", "5x5", "1.2.3", "grad", "wrt",
    "until",
    "as", "in", "and", "not", "else", "if", "def", "train", "data", "from", "connect", "help", "true", "\r\n",
    "",
  ]

  private func spoiled(_ text: String, _ noise: inout Noise) -> String {
    var scalars = Array(text.unicodeScalars.prefix(400))
    for _ in 0..<(1 + noise.next() % 4) {
      let place = scalars.isEmpty ? 0 : Int.random(in: 0...scalars.count, using: &noise)
      switch noise.next() % 4 {
      case 0: scalars.removeSubrange(place..<min(scalars.count, place + Int(noise.next() % 12)))
      case 1: scalars.removeSubrange(place...)
      default:
        scalars.insert(contentsOf: (Self.pieces.randomElement(using: &noise) ?? "").unicodeScalars, at: place)
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private func check(_ text: String, names: KnownNames) {
    let source = SourceText(text, name: "fuzz")
    let length = text.utf8.count
    let parsed = Parser.parse(source)
    let checked = Checker.check(source, names: names)
    #expect(checked.result.diagnostics.count <= Checker.maximumErrors)
    #expect(!parsed.isIncomplete || !parsed.diagnostics.isEmpty)
    for diagnostic in parsed.diagnostics + checked.result.diagnostics {
      guard let span = diagnostic.span else {
        Issue.record("no place: \(diagnostic.message) in \(text)")
        continue
      }
      #expect(0 <= span.start && span.start <= span.end && span.end <= length, "\(text)")
      #expect(!diagnostic.rendered(width: 72).isEmpty)
    }
    for statement in parsed.program.statements {
      #expect(statement.span.start <= statement.span.end && statement.span.end <= length, "\(text)")
    }
    _ = Completer.complete(text, names: names)
  }

  @Test func thereAreTexts() { #expect(Self.texts.count > 10) }

  /// A file that is no notebook at all, or a merge that went wrong: as many mistakes as lines, in time that grows with them.
  @Test(.timeLimit(.minutes(1)), arguments: ["a & b | c ?", "`", "1x", "foo bar"])
  func mistakesWithoutEnd(line: String) {
    let text = [String](repeating: line, count: 20_000).joined(separator: "\n")
    #expect(!Parser.parse(SourceText(text, name: "cell")).diagnostics.isEmpty)
  }

  @Test(arguments: 0..<8) func anything(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    let names = KnownNames(
      data: ["xor"], networks: ["n"], layers: ["hid"], variables: ["a"], builtins: ["sum"])
    for text in Self.texts {
      for _ in 0..<6 { check(spoiled(text, &noise), names: names) }
    }
  }

  @Test(arguments: texts.indices) func whatStandsInTheManualIsRead(index: Int) {
    let result = Parser.parse(SourceText(Self.texts[index], name: "manual"))
    #expect(result.diagnostics.map(\.message) == [])
  }
}
