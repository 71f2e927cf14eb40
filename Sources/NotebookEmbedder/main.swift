import Foundation

// Writes notebooks as Swift source. It is run while the package is built: OUTPUT FOLDER NOTEBOOK…

/// The text as a raw literal, with more `#` than any run of them in it.
func literal(_ text: String) -> String {
  let longest = text.split { $0 != "#" }.map(\.count).max() ?? 0
  let fence = String(repeating: "#", count: longest + 1)
  return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
}

let (output, folder) = (CommandLine.arguments[1], CommandLine.arguments[2])
let entries = try CommandLine.arguments.dropFirst(3).map { path in
  let text = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
  return "(name: \(literal(String(path.dropLast(".nbs".count)))), text: \(literal(text))),"
}
let source = """
  /// The notebooks that come with the program, by their path in `notebooks/` without its end.
  let builtInNotebooks: [(name: String, text: String)] = [
  \(entries.joined(separator: "\n"))
  ]

  """
// What has not changed keeps its date, and what is made of it is not compiled anew.
if (try? String(contentsOfFile: output, encoding: .utf8)) != source {
  try Data(source.utf8).write(to: URL(fileURLWithPath: output))
}
