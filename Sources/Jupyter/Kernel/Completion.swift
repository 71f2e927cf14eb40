import Foundation
import JSON
import Language
import REPL

/// What can stand at the cursor, and which part of the code it takes the place of.
struct Completion {
  let words: [String]
  /// What each of them is, for clients that say so: `command`, `option`, `layer`.
  let types: [String]
  /// The part that is replaced, in Unicode scalars.
  let range: Range<Int>

  /// Looks for what can stand in some code.
  ///
  /// - Parameter cursor: the place, in Unicode scalars.
  init(_ code: String, at cursor: Int, _ vocabulary: PromptVocabulary) {
    let scalars = code.unicodeScalars
    let end =
      scalars.index(scalars.startIndex, offsetBy: max(cursor, 0), limitedBy: scalars.endIndex)
      ?? scalars.endIndex
    let text = String(scalars[..<end])
    let found = vocabulary.complete(text)
    let prefix: String
    if found.wantsFile {
      prefix = Completion.openPath(in: text)
      words = Completion.files(prefix)
      types = words.map { $0.hasSuffix("/") ? "folder" : "file" }
    } else {
      let isCommand = text.drop(while: \.isWhitespace).hasPrefix(":") && !text.contains("\n")
      prefix = String(
        text.reversed().prefix { isCommand ? !$0.isWhitespace : $0.isLetter || $0.isNumber || $0 == "_" }
          .reversed())
      words = found.words
      types = words.map { Completion.type(of: $0, vocabulary.names) }
    }
    let count = text.unicodeScalars.count
    range = count - prefix.unicodeScalars.count..<count
  }

  private static func type(of word: String, _ names: KnownNames) -> String {
    if word.hasSuffix("=") { return "option" }
    let kinds = [
      (names.data, "data set"), (names.networks, "network"), (names.layers, "layer"),
      (names.variables, "variable"),
      (names.builtins, "function"),
    ]
    if word.hasPrefix(":") || CommandTable.command(word) != nil { return "command" }
    return kinds.first { $0.0.contains(word) }?.1 ?? "keyword"
  }

  /// What stands behind the quote that is open at the end, or behind the last space of a `:` command.
  private static func openPath(in text: String) -> String {
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if let quote = line.lastIndex(where: { $0 == "\"" || $0 == "'" }) {
      return String(line[line.index(after: quote)...])
    }
    return line.lastIndex(where: \.isWhitespace).map { String(line[line.index(after: $0)...]) } ?? ""
  }

  /// The files and folders whose paths begin with some text.
  private static func files(_ prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let path =
      folder.isEmpty ? "." : PromptFile.expanded(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let beginning = prefix.dropFirst(folder.count)
    return names.filter { $0.hasPrefix(beginning) && (beginning.hasPrefix(".") || !$0.hasPrefix(".")) }
      .sorted().map { name in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
        return folder + name + (isFolder.boolValue ? "/" : "")
      }
  }
}
