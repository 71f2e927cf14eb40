/// The starter of an exercise with the lines that a learner typed put in: whoever types only what is missing has answered it
/// as well.
enum MissingLine {
  /// More typed lines than these are an answer of their own.
  private static let mostLines = 4

  /// The starter with the typed lines in it; nil where they are more than what is missing.
  ///
  /// A line takes the place of the one that begins like it, or of the blank `___`, or of a comment; else it comes last.
  ///
  /// - Parameter replacesLines: whether a line may take another's place; it may as well be one more of the kind.
  static func completed(_ starter: String, with typed: String, replacesLines: Bool) -> String? {
    var lines = starter.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let added = typed.split(separator: "\n").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
    guard (1...mostLines).contains(added.count), added.count < lines.count || starter.contains("___") else {
      return nil
    }
    var taken: Set<Int> = []
    var rest: [String] = []
    for line in added {
      if replacesLines, let place = place(of: line, in: lines, without: taken) {
        lines[place] = indent(of: lines[place]) + line
        taken.insert(place)
      } else if let place = lines.firstIndex(where: { $0.contains("___") }) {
        lines[place] = lines[place].replacing("___", with: line, maxReplacements: 1)
        taken.insert(place)
      } else {
        rest.append(line)
      }
    }
    if !rest.isEmpty {
      let comment = lines.firstIndex { $0.trimmingSpaces.hasPrefix("#") }
      let spaces = comment.map { indent(of: lines[$0]) } ?? ""
      let place = comment ?? lines.count
      lines.replaceSubrange(place..<(comment == nil ? place : place + 1), with: rest.map { spaces + $0 })
    }
    return lines.joined(separator: "\n")
  }

  /// The line that begins with the same words, two at least unless no other begins with the first.
  private static func place(of line: String, in lines: [String], without taken: Set<Int>) -> Int? {
    let words = words(of: line)
    func common(_ other: String) -> Int {
      zip(words, self.words(of: other)).prefix { $0 == $1 }.count
    }
    let free = lines.indices.filter { !taken.contains($0) }
    guard let best = free.max(by: { common(lines[$0]) < common(lines[$1]) }) else { return nil }
    switch common(lines[best]) {
    case 0: return nil
    case 1:
      let isOnly = lines.count { self.words(of: $0).first == words.first } == 1
      return isOnly && words.dropFirst().first?.hasSuffix("=") != true ? best : nil
    default: return best
    }
  }

  private static func words(of line: String) -> [Substring] { line.split(separator: " ") }

  private static func indent(of line: String) -> String { String(line.prefix { $0 == " " || $0 == "\t" }) }
}
