import Diagnostics

extension String {
  /// This text as HTML shows it, in content and in attributes.
  var escapedForHTML: String {
    reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\u{0}": text += "\u{FFFD}"
      default: text.append(character)
      }
    }
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
