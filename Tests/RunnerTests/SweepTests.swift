import Diagnostics
import Foundation
import Language
import Outputs
import Rendering
import Sessions
import TestSupport
import Testing

@testable import Runner

/// Sweeps over a notebook's parameters.
@Suite struct SweepTests {
  private static let text = SweepNotebook.text(
    declaring: ["param name = \"a\""], epochs: "30",
    then: ["score = loss * 2", "assert hidden < 60, \"too wide\""])

  private func notebook(_ text: String = text) throws -> (
    folder: URL, file: NotebookFile, declared: [Parameter]
  ) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sweep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "n.nbs").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let file = try #require(NotebookFile.load(path).file)
    let check = NotebookCheck(file.notebook, name: file.name, names: Session().knownNames)
    #expect(check.mistakes.isEmpty)
    return (folder, file, check.parameters)
  }

  private func space(
    _ assignments: [String], _ declared: [Parameter], _ choice: SweepSpace.Trials = .grid, most: Int = 1000
  ) throws -> SweepSpace {
    try SweepSpace(
      assignments.map { try SweptParameter($0, declared: declared, notebook: "n.nbs") }, choice, seed: 1,
      most: most)
  }

  private func trials(
    _ file: NotebookFile, _ space: SweepSpace, metric: String = "loss", seeds: [UInt64] = [0, 1],
    jobs: Int = 1,
    known: [SweepTrial] = [], ended: @escaping @Sendable (SweepTrial) -> Void = { _ in }
  ) -> [SweepTrial] {
    SweepRun(
      file, SweepDescription(space, metric: metric, isLarger: false, seeds: seeds), threads: 1, known: known,
      interruption: InterruptionRequest()
    ).run(jobs: jobs, ended: ended).trials
  }

  @Test func aGridHasEveryCombination() throws {
    let (_, _, declared) = try notebook()
    let grid = try space(["rate=0.1,1", "hidden=2,3,4", "name=b"], declared)
    #expect(
      grid.combinations.map { $0.map(\.spelling).joined(separator: " ") } == [
        "0.1 2 \"b\"", "0.1 3 \"b\"", "0.1 4 \"b\"", "1 2 \"b\"", "1 3 \"b\"", "1 4 \"b\"",
      ])
  }

  @Test func rangesAreDrawnFrom() throws {
    let (_, _, declared) = try notebook()
    let drawn = try space(["rate=1e-4..1e-1", "hidden=4..64", "name=a,b"], declared, .random(400))
    let rates = drawn.combinations.map { if case .number(let rate) = $0[0] { rate } else { Double.nan } }
    let widths = drawn.combinations.map { if case .number(let width) = $0[1] { width } else { Double.nan } }
    #expect(rates.allSatisfy { $0 >= 1e-4 && $0 <= 1e-1 })
    // Each power of ten is as likely as the others.
    for low in [1e-4, 1e-3, 1e-2] { #expect((95...175).contains(rates.count { $0 >= low && $0 < 10 * low })) }
    #expect(widths.allSatisfy { $0 == $0.rounded() && $0 >= 4 && $0 <= 64 } && Set(widths).count > 20)
    #expect(Set(drawn.combinations.map { $0[2].spelling }).count == 2)
    #expect(
      try space(["rate=1e-4..1e-1"], declared, .random(5)) == space(["rate=1e-4..1e-1"], declared, .random(5))
    )
  }

  /// The points of scipy.stats.qmc.Sobol(10, scramble=False).random(8), made with SciPy 1.17.1.
  @Test func sobolIsSciPys() {
    var sequence = SobolSequence(dimensions: 10)
    let points = (0..<8).map { _ in sequence.next() }
    #expect(points == SweepTests.sobol)
  }

  @Test func theSameTableHoweverManyAtOnce() throws {
    let (folder, file, declared) = try notebook()
    defer { try? FileManager.default.removeItem(at: folder) }
    let grid = try space(["rate=0.1,1,5", "hidden=2,61"], declared)
    let one = trials(file, grid)
    #expect(one.count == 12 && one == trials(file, grid, jobs: 2) && one == trials(file, grid, jobs: 4))
    // What fails is told, and the others go on.
    #expect(one.count { $0.value == nil } == 6)
    #expect(one.allSatisfy { ($0.value == nil) == ($0.combination % 2 == 1) })
    let result = SweepResult(one, of: grid, metric: "loss", isLarger: false, count: 12)
    let means = result.rows.compactMap(\.mean)
    #expect(means.count == 3 && means == means.sorted())
    let best = try #require(result.best)
    let own = one.filter { $0.combination == best.combination }.compactMap(\.value)
    #expect(best.mean == (own[0] + own[1]) / 2 && best.deviation != nil)
    let shown = result.outputs(limit: 20).map { $0.text(.report) }.joined(separator: "\n")
    #expect(shown.contains("too wide") && shown.contains("best: ") && shown.contains("6 trials failed"))
    #expect(result.csv.split(separator: "\n").count == 13)
    // A trial is what `nbs run -p` does.
    let session = Session(seed: 1)
    let given = GivenParameter(name: "rate", value: .spelled("0.1"), origin: "")
    let other = GivenParameter(name: "hidden", value: .spelled("2"), origin: "")
    _ = try HeadlessRun(file, parameters: [[given, other]], in: session).run(keptAt: nil) { _ in }
    #expect(session.metrics["loss"] == one[1].value)
  }

  @Test func variablesAreMetricsToo() throws {
    let (folder, file, declared) = try notebook()
    defer { try? FileManager.default.removeItem(at: folder) }
    let grid = try space(["rate=0.1"], declared)
    let losses = trials(file, grid).compactMap(\.value)
    #expect(trials(file, grid, metric: "score").compactMap(\.value) == losses.map { 2 * $0 })
    #expect(trials(file, grid, metric: "nothing").allSatisfy { $0.value == nil })
  }

  /// After a kill in the middle of a line the rest is run, and nothing twice.
  @Test func aJournalGoesOn() throws {
    let (folder, file, declared) = try notebook()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "s.jsonl").path
    let grid = try space(["rate=0.1,1"], declared)
    let bytes = Array(Self.text.utf8)
    func journal(_ metric: String = "loss") throws -> SweepJournal {
      try SweepJournal(
        path, notebook: bytes,
        SweepDescription(
          grid, metric: metric, isLarger: false, seeds: [0, 1], assignments: ["rate=0.1,1"]))
    }
    let first = try journal()
    let whole = trials(file, grid, ended: { first.add($0) })
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5)
    try (lines.prefix(3).joined(separator: "\n") + "\n" + lines[3].prefix(12)).write(
      toFile: path, atomically: true, encoding: .utf8)
    let second = try journal()
    #expect(second.known == Array(whole.prefix(2)))
    let count = Counter()
    let again = trials(
      file, grid, known: second.known,
      ended: {
        second.add($0)
        count.add()
      })
    #expect(again == whole && count.value == 2)
    #expect(try journal().known.count == 4)
    #expect(throws: Diagnostic.self) { try journal("accuracy") }
  }

  @Test(arguments: [
    "rate=", "rate", "rate=0.1,0.1", "rat=1", "rate=-1", "rate=1..0.1", "rate=a..b", "hidden=1..100",
    "hidden=two",
  ])
  func whatCannotBeSwept(_ assignment: String) throws {
    let (_, _, declared) = try notebook()
    #expect(throws: Diagnostic.self) { try SweptParameter(assignment, declared: declared, notebook: "n.nbs") }
  }

  @Test func tooManyAreAskedAbout() throws {
    let (_, _, declared) = try notebook()
    #expect(throws: Diagnostic.self) { try space(["rate=1,2,3", "hidden=1,2,3,4"], declared, most: 10) }
    #expect(throws: Diagnostic.self) { try space(["rate=1e-4..1"], declared) }
    #expect(throws: Diagnostic.self) { try space(["rate=1", "rate=2"], declared) }
  }
}

/// Counts from several threads.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func add() { lock.withLock { count += 1 } }

  var value: Int { lock.withLock { count } }
}

extension SweepTests {
  fileprivate static let sobol: [[Double]] = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375, 0.125, 0.375, 0.875, 0.875, 0.625],
    [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125],
    [0.625, 0.125, 0.875, 0.625, 0.625, 0.875, 0.125, 0.125, 0.125, 0.375],
    [0.125, 0.625, 0.375, 0.125, 0.125, 0.375, 0.625, 0.625, 0.625, 0.875],
  ]
}
