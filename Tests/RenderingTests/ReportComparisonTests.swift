import Notebooks
import Testing

@testable import Rendering

@Suite("A report held against the one that was kept")
struct ReportComparisonTests {
  private func differences(_ expected: String, _ found: String, tol: String? = nil, prose: String = "")
    throws -> [ReportComparison.Difference]
  {
    let marker = tol.map { "# %% tol=\($0)" } ?? "# %%"
    let text = "# %% [markdown]\n\(prose.isEmpty ? "# P" : prose)\n\n\(marker)\nrun\n"
    let notebook = try #require(NotebookFormat.read(text, name: "a").notebook)
    func page(_ output: String) -> String {
      "# P\n\n| run | |\n| --- | --- |\n\n```nbs\nrun\n```\n\n\(output)\n"
    }
    return ReportComparison(expected: page(expected), found: page(found), notebook: notebook).differences
  }

  @Test("A report of another version differs by what it shows, not by the version")
  func versions() throws {
    let notebook = try #require(NotebookFormat.read("# %%\nrun\n", name: "a").notebook)
    func page(_ version: String, _ seed: Int) -> String {
      "# P\n\n| run | |\n| --- | --- |\n\(version)| seed | \(seed) |\n\n```nbs\nrun\n```\n"
    }
    func compare(_ expected: String, _ found: String) -> ReportComparison {
      ReportComparison(expected: expected, found: found, notebook: notebook)
    }
    let new = page("| nbs | 2.0 |\n", 1)
    let same = compare(page("| nbs | 1.0 |\n", 1), new)
    #expect(same.differences.isEmpty && same.otherVersion == "1.0")
    #expect(compare(page("| nbs | 1.0 |\n", 2), new).differences.count == 1)
    #expect(compare(new, new).otherVersion == nil)
    #expect(compare(page("", 1), new).otherVersion == nil && compare(page("", 1), new).differences.isEmpty)
  }

  @Test("A difference is placed at the line of the kept report where it begins")
  func lines() throws {
    // The table ends in line 4, the source in line 8, and the output begins in line 10.
    #expect(try differences(text("a\nb\nc"), text("a\nb\nd")).map(\.line) == [13])
    #expect(try differences(text("a\nb"), text("a\nb\nc")).map(\.line) == [12])
    #expect(try differences(text("a") + "\n\n" + text("b"), text("a")).map(\.line) == [15])
    #expect(try differences("", text("a")).map(\.line) == [7])
    #expect(
      try differences(plot(dots: "*"), plot(dots: "*", caption: "0.9 to 0.2")).map(\.line) == [
        22
      ])
  }

  private func text(_ lines: String) -> String { "```text\n\(lines)\n```" }

  @Test(
    "Numbers within the tolerance, words to the letter",
    arguments: [
      ("loss 0.5", "loss 0.5000001", nil, false), ("loss 0.5", "loss 0.5000001", "1e-6", true),
      ("loss 0.5", "loss 0.502", "1e-2", true), ("loss 0.5", "loss 0.51", "1e-2", false),
      ("loss -0.5", "loss 0.5", "0.5", false), ("[0.0043]", "[0.0044]", nil, false),
      ("[1 2]", "[1  2]", nil, true),
      ("1e-3", "0.001", nil, true), ("0", "1e-17", nil, false), ("0", "1e-17", "1e-9", true),
      ("0", "1e-3", "1e-9", false), ("0", "-0", nil, true),
      ("accuracy 100%", "accuracy 99%", nil, false), ("accuracy 100%", "accuracy 99%", "0.02", true),
      ("x1 2", "x2 2", "9", false), ("a b", "a c", "9", false), ("nan", "1", "9", false),
      ("inf", "inf", nil, true),
      ("took 3.5 s", "took 9.1 s", nil, true), ("took 3.5 s, ok", "took 800 ms, ok", nil, false),
      ("3 sheep", "4 sheep", nil, false), ("a -- b", "a ----- b", nil, true), ("1", "1 1", "9", false),
      ("a long line that wraps here 0.5", "a long line that wraps\nhere 0.5", nil, true),
    ] as [(String, String, String?, Bool)])
  func tolerance(expected: String, found: String, tol: String?, isSame: Bool) throws {
    #expect(try differences(text(expected), text(found), tol: tol).isEmpty == isSame)
  }

  private func plot(dots: String, tick: String = "0.5", best: String = "0.1", caption: String = "0.9 to 0.1")
    -> String
  {
    text(
      "loss of n   last \(best)\n\nloss\n    |\(dots)\n\(tick) +  **\n    +--+--+\n       1  2\n     epoch\n* loss   o val"
    )
      + "\n\n*Line chart: \(caption).*"
  }

  @Test("A plot is its axes and its caption, not its dots")
  func plots() throws {
    #expect(try differences(plot(dots: "** *"), plot(dots: " ***")).isEmpty)
    #expect(try !differences(plot(dots: "*"), plot(dots: "*", tick: "0.6")).isEmpty)
    #expect(try !differences(plot(dots: "*"), plot(dots: "*", best: "0.2")).isEmpty)
    #expect(try !differences(plot(dots: "*"), plot(dots: "*", caption: "0.9 to 0.2")).isEmpty)
    #expect(try differences(plot(dots: "*"), plot(dots: "*", caption: "0.9 to 0.1001"), tol: "1e-2").isEmpty)
    #expect(try !differences(plot(dots: "*"), text("loss")).isEmpty)
  }

  @Test("A difference names its cell and shows the lines around it")
  func shown() throws {
    let found = try differences(text("one\ntwo 2\nthree\nfour"), text("one\ntwo 3\nthree\nfour"))
    #expect(found == [.init(cell: 1, lines: ["  one", "- two 2", "+ two 3", "  three"], line: 12)])
    let missing = try differences(text("one"), "")
    #expect(missing == [.init(cell: 1, lines: ["- one"], line: 11)])
  }

  @Test("Many lines are cut")
  func long() throws {
    let lines = (0..<100).map { "a\($0)" }.joined(separator: "\n")
    let found = try differences("", text(lines))
    #expect(found.first?.lines.count == 21)
    #expect(found.first?.lines.last == "  and 80 lines more")
  }

  @Test("Code that prose quotes is no cell")
  func quotedCode() throws {
    let text = "# %% [markdown]\n# ```nbs\n# quoted\n# ```\n\n# %%\na\n\n# %% tol=0.1\nb\n"
    let notebook = try #require(NotebookFormat.read(text, name: "a").notebook)
    func page(_ number: Double) -> String {
      "```nbs\nquoted\n```\n\n```nbs\na\n```\n\n```nbs\nb\n```\n\n```text\n\(number)\n```\n"
    }
    let near = ReportComparison(expected: page(1), found: page(1.05), notebook: notebook)
    #expect(near.differences.isEmpty)
    let far = ReportComparison(expected: page(1), found: page(1.5), notebook: notebook)
    #expect(far.differences.map(\.cell) == [2])
  }
}
