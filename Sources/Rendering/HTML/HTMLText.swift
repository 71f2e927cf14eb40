import Diagnostics

extension String {
  /// This text as HTML shows it, in content and in attributes.
  var escapedForHTML: String { escapedForMarkup { $0 == "\0" ? "\u{FFFD}" : $0 } }

  /// This text as HTML shows it in content, words that run from right to left set apart: they would draw the
  /// figures and signs beside them to their other side.
  var isolatedForHTML: String {
    guard unicodeScalars.contains(where: \.runsLeft) else { return escapedForHTML }
    var html = ""
    var run = ""
    func isolated() -> String { run.isEmpty ? "" : "<bdi>\(run)</bdi>" }
    for character in self {
      if character.unicodeScalars.first?.runsLeft == true {
        run.append(character)
      } else {
        html += isolated() + String(character).escapedForHTML
        run = ""
      }
    }
    return html + isolated()
  }

  /// This source with its marked pieces set apart.
  func highlighted(_ marks: [SourceMark]) -> String {
    let bytes = Array(utf8)
    var html = ""
    var end = 0
    for mark in marks where mark.span.start >= end && mark.span.end <= bytes.count {
      guard mark.span.start < mark.span.end else { continue }
      html += String(decoding: bytes[end..<mark.span.start], as: UTF8.self).escapedForHTML
      let piece = String(decoding: bytes[mark.span.start..<mark.span.end], as: UTF8.self)
      html += "<span class=\"s-\(mark.kind.rawValue)\">\(piece.escapedForHTML)</span>"
      end = mark.span.end
    }
    return html + String(decoding: bytes[end...], as: UTF8.self).escapedForHTML
  }
}

extension Unicode.Scalar {
  /// Whether it belongs to a script that runs from right to left, by the blocks of Hebrew, Arabic and their kin.
  fileprivate var runsLeft: Bool {
    switch value {
    case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
