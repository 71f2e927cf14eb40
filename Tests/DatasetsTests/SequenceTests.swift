import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite("Sequences of their own lengths")
struct SequenceTests {
  private let walks: [[[Double]]] = [
    [[1, 10], [2, 20]], [[3, 30], [4, 40], [5, 50]], [[6, 60]], [[7, 70], [8, 80]],
  ]

  private func set(_ targets: SequenceTargets = .rows([[0], [1], [1], [0]])) throws -> Dataset {
    try Dataset(name: "walks", sequences: walks, targets: targets)
  }

  @Test func stepsLieOneAfterTheOtherWithoutPadding() throws {
    let set = try set()
    #expect(set.rows == 4 && set.inputRows == 8 && set.inputWidth == 2 && set.targetRows == 4)
    #expect(set.storage.count == 16)
    #expect(Array(set.inputs(ofRow: 1)) == [3, 30, 4, 40, 5, 50])
    #expect(Array(set.targets(ofRow: 1)) == [1])
    #expect(set.lengthRange == 1...3)
    #expect(set.notes == ["4 sequences of 1 to 3 steps, 2 numbers a step"])
    let examples = set.examples
    #expect(examples.lengths == [2, 3, 1, 2] && examples.inputWidth == 2 && examples.targetWidth == 1)
  }

  @Test func stepsCanHaveTargets() throws {
    let set = try set(.steps(walks.map { $0.map { [$0[0] / 2] } }))
    #expect(set.targetRows == 8 && set.targetWidth == 1)
    #expect(Array(set.targets(ofRow: 1)) == [1.5, 2, 2.5])
    #expect(set.examples.targetWidth == 1 && set.examples.targetRows == 8)
  }

  @Test(arguments: [false, true])
  func aChoiceOfRowsTakesTheirSteps(_ byStep: Bool) throws {
    let set = try set(byStep ? .steps(walks.map { $0.map { [$0[1]] } }) : .rows([[0], [1], [2], [3]]))
    let chosen = set.selecting(rows: [3, 1], name: "some")
    #expect(chosen.steps?.lengths == [2, 3])
    #expect(chosen.inputs == [7, 70, 8, 80, 3, 30, 4, 40, 5, 50])
    #expect(chosen.targets == (byStep ? [70, 80, 30, 40, 50] : [3, 1]))
    let second = try set.selecting(features: .names(["x2"]))
    #expect(Array(second.inputs(ofRow: 1)) == [30, 40, 50])
    #expect(second.targets == set.targets)
  }

  @Test func partsShareNoRowAndKeepTheirSteps() throws {
    var random = RandomStream(seed: 3)
    let rows = (0..<20).map { row in (0...row % 5).map { [Double(row), Double($0)] } }
    let set = try Dataset(name: "s", sequences: rows, targets: .rows((0..<20).map { [Double($0)] }))
    let parts = try set.split(SplitOptions(test: 0.25), random: &random)
    var seen: [Double] = []
    for part in parts.named.map(\.data) {
      for row in 0..<part.rows {
        let number = part.targets(ofRow: row).first ?? -1
        seen.append(number)
        #expect(Array(part.inputs(ofRow: row)) == rows[Int(number)].flatMap(\.self))
      }
    }
    #expect(seen.sorted() == (0..<20).map(Double.init))
  }

  /// Mean and standard deviation over all steps, as NumPy has them of the table of all steps.
  @Test func aScaleIsThatOfAllSteps() throws {
    let preparation = try Preparation.fitted(to: set(), .zscore)
    #expect(preparation.inputs.map(\.offset) == [4.5, 45])
    #expect(abs(preparation.inputs[0].divisor - 2.29128784747792) < 1e-12)
    let scaled = try preparation.apply(to: set())
    #expect(scaled.steps == (try set().steps))
    #expect(abs(scaled.inputs[0] + 1.527525231651947) < 1e-12)
  }

  @Test func joinedRowsFollowEachOther() throws {
    let all = try set().joined(with: set())
    #expect(all.rows == 8 && all.steps?.lengths == [2, 3, 1, 2, 2, 3, 1, 2])
    #expect(Array(all.inputs(ofRow: 5)) == [3, 30, 4, 40, 5, 50])
    let byStep = try set(.steps(walks.map { $0.map { [$0[0]] } }))
    #expect(throws: CodedError.self) { try set().joined(with: byStep) }
  }

  @Test func aDescriptionIsOfSteps() throws {
    let description = try set().description()
    #expect(description.lengths == 1...3 && description.columns.map(\.name) == ["x1", "x2", "y"])
    #expect(description.columns[0].mean == 4.5)
    #expect(description.firstRows[1] == [.word("3 4 5"), .word("30 40 50"), .number(1)])
    #expect(try set().cells(ofColumn: "x1") == nil && set().isByStep(column: "x1"))
    #expect(try set().cells(ofColumn: "y")?.count == 4)
  }

  @Test func whatFitsNoSequenceIsRefused() throws {
    func message(_ rows: [[[Double]]], _ targets: SequenceTargets = .none) -> String {
      do {
        _ = try Dataset(name: "s", sequences: rows, targets: targets)
        return ""
      } catch { return error.message }
    }
    #expect(message([[[1]], []]).contains("Row 2 of `s` is a sequence without steps"))
    #expect(message([[[1]], [[1], [1, 2]]]).contains("Step 2 of row 2 of `s` has 2 numbers"))
    #expect(message([[]]).contains("no sequence with a step"))
    #expect(message([[[1]], [[1]]], .rows([[1]])).contains("2 sequences but 1 row of targets"))
    #expect(
      message([[[1]], [[1], [2]]], .steps([[[1]], [[1]]])).contains(
        "Row 2 of `s` has 2 steps but targets for 1"))
    let error = #expect(throws: CodedError.self) { try set().windows(SeriesWindow(steps: 1)) }
    #expect(error?.code == .badWindow)
  }

  /// The texts of steps are those of as many rows as there are, and of sequences.
  @Test func keptTextsOfStepsAreChecked() throws {
    let set = try set()
    func restored(_ steps: String, lengths: [Int]?) throws -> Dataset {
      let ids = LabelColumn(
        "id", bytes: Array("a|b|c|d|".replacing("|", with: "\0").utf8),
        stepBytes: Array(steps.replacing("|", with: "\0").utf8))
      return try Dataset(
        name: "walks", rows: 4, storage: lengths == nil ? .doubles([1, 2, 3, 4, 5, 6, 7, 8]) : set.storage,
        inputColumns: set.inputColumns, inputShape: [2], targets: set.targets,
        targetColumns: set.targetColumns, filledPlaces: [], labelColumns: [ids], notes: [], lengths: lengths)
    }
    let whole = try restored("a|b|c|d|", lengths: [2, 3, 1, 2])
    #expect(whole.selecting(rows: [3], name: "one").labelColumns[0].texts == ["d"])
    let damaged: [(String, [Int]?)] = [
      ("a|b|c|", [2, 3, 1, 2]), ("", [2, 3, 1, 2]), ("a|b|c|d|e|", [2, 3, 1, 2]), ("a|b|c|d|", nil),
    ]
    for (steps, lengths) in damaged {
      expectError(.badState) { _ = try restored(steps, lengths: lengths) }
    }
  }

  @Test func keptPartsAreChecked() throws {
    let set = try set()
    func restored(_ lengths: [Int]) throws -> Dataset {
      try Dataset(
        name: "walks", rows: 4, storage: set.storage, inputColumns: set.inputColumns, inputShape: [2],
        targets: set.targets, targetColumns: set.targetColumns, filledPlaces: [], notes: set.notes,
        lengths: lengths)
    }
    #expect(try restored([2, 3, 1, 2]) == set)
    for lengths in [[2, 3, 1, 1], [2, 3, 3], [2, 3, 3, 0], [.max, .max, 1, 1]] {
      let error = #expect(throws: CodedError.self) { try restored(lengths) }
      #expect(error?.code == .badState)
    }
  }
}
