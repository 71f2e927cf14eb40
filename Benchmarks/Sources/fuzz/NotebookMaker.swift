import Foundation

/// Whole notebooks that nobody would write: cells of a grammar, cells of the project's pages put together anew, and notebooks of
/// the project, with words dropped, doubled and replaced in most of them.
struct NotebookMaker {
  private let mutator: Mutator
  private let cells: [String]

  init(_ notebooks: [[UInt8]]) {
    mutator = Mutator(form: .text, seeds: notebooks)
    cells = NotebookMaker.pages.flatMap(NotebookMaker.cells)
  }

  /// Notebook `number` of a stream of them: the same for ever.
  func input(_ number: Int, seed: UInt64) -> (bytes: [UInt8], seed: Int) {
    var random = SplitMix(numbered: number, seed)
    let kind = random.below(10)
    guard kind > 0 else { return mutator.input(number, seed: seed) }
    var made = random.below(3) > 0 ? Grammar.opening(&random) : []
    for _ in 0...random.below(6) {
      made.append(
        kind < 5 || cells.isEmpty ? Grammar.cell(&random) : cells[random.below(cells.count)])
    }
    var bytes = Array(made.map { "# %%\n\($0)\n" }.joined(separator: "\n").utf8)
    for _ in 0..<[0, 1, 1, 2, 5][random.below(5)] { mutator.change(&bytes, upTo: nil, &random) }
    return (bytes, 0)
  }

  // MARK: Cells to begin with

  /// The pages that have cells.
  private static var pages: [String] {
    ["Tests/Cases", "docs"].flatMap { folder in
      let path = Target.root.path + "/" + folder
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return names.filter { $0.hasSuffix(".md") }.sorted().map { path + "/" + $0 }
    }
  }

  private static func cells(of page: String) -> [String] {
    let text = (try? String(contentsOfFile: page, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "```nbs\n").dropFirst().map { part in
      part.components(separatedBy: "```")[0]
    }
  }
}
