import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Tables, records and texts whose rows become sequences of their own lengths.
@Suite struct SequenceTableTests {
  private func read(_ csv: String, _ options: SeriesOptions, target: [String]? = nil) throws(CodedError)
    -> Dataset
  {
    var reading = ReadOptions(targets: target)
    (reading.order, reading.series) = (options.order, options.series)
    return try table(csv, reading).series(options)
  }

  /// As pandas groups them: sorted within each customer, customers as they come up.
  @Test func aSequenceACustomer() throws {
    let peer = try PeerTimes.read()
    let set = try read(peer.csv, SeriesOptions(order: "date", series: "customer"), target: ["amount"])
    #expect(set.steps?.lengths == [12, 4, 9] && set.steps?.haveTargets == true)
    #expect(set.inputNames == ["price"] && set.inputShape == [1])
    let customers = try #require(set.labelColumns.first { $0.role == .series }).texts
    #expect(customers == ["Cem", "Bob", "Ann"])
    // What the windows hold, step by step.
    for (row, customer) in customers.enumerated() {
      let windows = peer.windows.filter { $0.customer == customer }
      for (step, window) in windows.enumerated() {
        let steps = set.inputs(ofRow: row)
        #expect(steps[steps.startIndex + step] == window.inputs[0])
      }
    }
    let times = try #require(set.times)
    #expect(times.allSatisfy { $0.last > $0.first })
  }

  private static let visits = """
    who,day,pages,bought
    Ann,2024-05-01,3,yes
    Ben,2024-05-01,1,no
    Ann,2024-05-02,5,yes
    Ben,2024-05-04,2,no
    Ben,2024-05-03,4,no

    """

  @Test func aTargetThatIsTheSameIsOneOfTheSeries() throws {
    let set = try read(Self.visits, SeriesOptions(order: "day", series: "who"))
    #expect(set.rows == 2 && set.steps?.lengths == [2, 3] && set.steps?.haveTargets == false)
    #expect(set.inputs == [3, 5, 1, 4, 2] && set.targets == [1, 0] && set.classes == ["no", "yes"])
    #expect(set.notes.last == "2 sequences of 2 to 3 steps, 1 number a step, a target each")
    var options = SeriesOptions(order: "day", series: "who")
    options.targetPlace = .step
    #expect(try read(Self.visits, options).targets == [1, 1, 0, 0, 0])
    options.targetPlace = .series
    let last = try read(Self.visits, options, target: ["pages"])
    #expect(
      last.targets == [5, 2] && last.notes.last?.hasSuffix("each with the target of its last row") == true)
  }

  @Test func whatIsAheadIsPredictedAtEachStep() throws {
    var options = SeriesOptions(order: "day", series: "who")
    options.ahead = 1
    let set = try read(Self.visits, options, target: ["pages"])
    #expect(set.steps?.lengths == [1, 2] && set.steps?.haveTargets == true)
    #expect(set.inputColumns.map(\.name) == ["bought", "pages"])
    #expect(set.targets == [5, 4, 2])
    #expect(Array(set.inputs(ofRow: 1)) == [1, 0, 1, 1, 0, 4])
    options.ahead = 3
    expectError(.badWindow, saying: ["ahead=3", "has 3"]) {
      _ = try read(Self.visits, options, target: ["pages"])
    }
    options.ahead = 2
    #expect(
      try read(Self.visits, options, target: ["pages"]).notes.contains { $0.contains("left out: `Ann`") })
  }

  @Test func sequencesAreCutAtGaps() throws {
    let csv = "t,who,y\n" + [1, 2, 3, 6, 7].map { "\($0),a,\($0)\n" }.joined() + "1,b,5\n2,b,6\n"
    var options = SeriesOptions(order: "t", series: "who")
    options.targetPlace = .series
    options.ahead = 1
    #expect(try read(csv, options).steps?.lengths == [4, 1])
    options.gaps = .split
    #expect(try read(csv, options).steps?.lengths == [2, 1, 1])
  }

  @Test func sequencesAreNotCutAgain() throws {
    let set = try read(Self.visits, SeriesOptions(order: "day", series: "who"))
    expectError(.badWindow, saying: ["sequences already"]) {
      _ = try set.series(SeriesOptions(series: "who"))
    }
    expectError(.badWindow, saying: ["sequences already"]) {
      _ = try set.series(SeriesOptions(window: SeriesWindow(steps: 2)))
    }
  }

  @Test func allStepsHaveOneScale() throws {
    let set = try read(Self.visits, SeriesOptions(order: "day", series: "who"))
    let preparation = try Preparation.fitted(to: set, .minmax)
    #expect(preparation.inputs.count == 1 && preparation.inputs[0].offset == 1)
  }

  // MARK: Records

  private func records(_ text: String, _ change: (inout ReadOptions) -> Void = { _ in }) throws(CodedError)
    -> Dataset
  {
    var options = ReadOptions()
    change(&options)
    return try DatasetFile.read(
      ByteFile(name: "walks.json", bytes: Array(text.utf8)), name: "walks", options: options
    ).train
  }

  @Test func listsAreSteps() throws {
    let lines = "{\"x\": [1, 2, 3], \"kind\": \"up\"}\n{\"x\": [5, 4], \"kind\": \"down\"}\n"
    let array = "[{\"x\": [[1], [2], [3]], \"kind\": \"up\"}, {\"x\": [[5], [4]], \"kind\": \"down\"}]"
    for text in [lines, array] {
      let set = try records(text)
      #expect(set.steps?.lengths == [3, 2] && set.steps?.haveTargets == false)
      #expect(set.inputs == [1, 2, 3, 5, 4] && set.targets == [1, 0] && set.classes == ["down", "up"])
      #expect(set.inputNames == ["x"])
    }
  }

  @Test func stepsHaveSeveralNumbersAndTargets() throws {
    let text = """
      {"id": 7, "walk": [[1, 10], [2, 20]], "mood": ["a", "b"], "age": 40, "y": [0.5, 1.5]}
      {"id": 8, "walk": [[3, 30]], "mood": ["b"], "age": 50, "y": [2.5]}
      """
    let set = try records(text) { $0.dropped = ["id"] }
    #expect(set.inputNames == ["walk1", "walk2", "mood=a", "mood=b", "age"])
    #expect(
      set.steps?.lengths == [2, 1] && set.steps?.haveTargets == true && set.targets == [0.5, 1.5, 2.5])
    #expect(set.inputs == [1, 10, 1, 0, 40, 2, 20, 0, 1, 40, 3, 30, 0, 1, 50])
    #expect(set.labelColumns.first { $0.name == "id" }?.texts == ["7", "8"])
    let objects = try records(
      "{\"s\": [{\"t\": 1, \"v\": 2}, {\"v\": 3, \"t\": 4}], \"y\": 1}\n{\"s\": [{\"t\": 5, \"v\": 6}], \"y\": 0}"
    )
    #expect(objects.inputNames == ["s.t", "s.v"] && objects.inputs == [1, 2, 4, 3, 5, 6])
  }

  @Test(arguments: [
    ("{\"x\": [1, 2], \"y\": 1}\n{\"x\": [], \"y\": 0}", ErrorCode.raggedTable, "record 2"),
    ("{\"x\": [1, 2], \"y\": 1}\n{\"y\": 0}", .raggedTable, "record 2"),
    ("{\"x\": [1, 2], \"z\": [1], \"y\": 1}\n", .raggedTable, "Record 1"),
    ("{\"x\": [[1, 2], [3]], \"y\": 1}\n{\"x\": [[1, 2]], \"y\": 0}", .raggedTable, "step 2 of record 1"),
    ("{\"x\": [[1], [3]], \"y\": 1}\n{\"x\": [[1], 2], \"y\": 0}", .raggedTable, "step 2 of record 2"),
    ("{\"x\": [1, [3]], \"y\": 1}\n", .raggedTable, "step 2 of record 1"),
    ("{\"x\": [1, null, 2], \"y\": 1}\n{\"x\": [1], \"y\": 0}", .missingValue, "Step 2 of record 1"),
    ("{\"x\": [1, 2], \"y\": 1}\n{\"x\": [3, 4, \"oops\"], \"y\": 0}", .notANumber, "step 3 of record 2"),
    ("{\"x\": [[], []], \"y\": 1}\n", .raggedTable, "no numbers"),
    ("{\"x\": [{\"a\": 1}, {\"b\": 1}], \"y\": 1}\n", .raggedTable, "other keys"),
  ])
  func mistakesAreNamed(text: String, code: ErrorCode, said: String) {
    expectError(code, saying: [said]) { _ = try records(text) }
  }

  /// Lists that nobody learns from are texts, as they were.
  @Test func listsThatAreLeftOutAreNoSteps() throws {
    let set = try records("{\"a\": 1, \"tags\": [\"x\"], \"y\": 1}\n{\"a\": 2, \"tags\": [], \"y\": 0}") {
      $0.dropped = ["tags"]
    }
    #expect(set.steps == nil && set.rows == 2)
    expectError(.unusedOption, saying: ["order="]) {
      _ = try records("{\"x\": [1, 2], \"y\": 1}") { $0.order = "y" }
    }
  }

  // MARK: Texts and tasks

  @Test func linesAreSequences() throws {
    let names = try Dataset(name: "names", lines: "anna\r\nbo\n\n  \nan", unit: .char)
    let vocabulary = try #require(names.vocabulary)
    #expect(names.steps?.lengths == [5, 3, 3])
    #expect(vocabulary.decode(names.inputs(ofRow: 0).map { Int($0) }) == "\nanna")
    #expect(vocabulary.decode(names.targets(ofRow: 1).map { Int($0) }) == "bo\n")
    let words = try Dataset(name: "words", lines: "to be, or\nnot", unit: .word)
    #expect(words.steps?.lengths == [5, 2])
    expectError(.emptyFile) { _ = try Dataset(name: "none", lines: "\n \n", unit: .char) }
  }

  @Test func tasksHaveLengths() throws {
    for (name, standard) in SequenceTasks.names.map({ ($0, SequenceTasks.standard($0)) }) {
      let fewest = try #require(standard?.fewest)
      var random = RandomStream(seed: 3)
      let set = try #require(
        try Generators.make(name, count: 60, steps: fewest + 4, shortest: fewest, random: &random))
      let steps = try #require(set.steps)
      #expect(steps.range == fewest...fewest + 4 && steps.haveTargets == (name != "adding"))
      #expect(set.inputs.count == steps.count * set.inputWidth)
    }
    var random = RandomStream(seed: 3)
    expectError(.badCount, saying: ["shortest=9"]) {
      _ = try Generators.make("parity", steps: 8, shortest: 9, random: &random)
    }
    // The targets of a short row are those of its own steps.
    let parity = try #require(
      try Generators.make("parity", count: 20, steps: 6, shortest: 2, random: &random))
    for row in 0..<20 {
      let ones = parity.inputs(ofRow: row).reduce(0, +)
      #expect(parity.targets(ofRow: row).last == ones.truncatingRemainder(dividingBy: 2))
    }
  }
}
