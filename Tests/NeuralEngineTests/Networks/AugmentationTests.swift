import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// What an augmentation makes of a row, against SciPy and NumPy (`Fixtures/augmentation.py` makes the figures), and where
/// a training uses it.
@Suite struct AugmentationTests {
  private struct Figures: Decodable {
    struct Case: Decodable {
      let shape: [Int]
      let down: Int
      let right: Int
      let degrees: Double
      let zoom: Double
      let horizontal: Bool
      let vertical: Bool
      let fill: String
      let image: [Double]
      let after: [Double]
    }

    struct Cut: Decodable {
      let shape: [Int]
      let row: Int
      let column: Int
      let side: Int
      let image: [Double]
      let after: [Double]
    }

    let cases: [Case]
    let cuts: [Cut]
  }

  private let figures: Figures

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/augmentation.json")
    figures = try JSONDecoder().decode(Figures.self, from: Data(contentsOf: url))
  }

  private func rows(
    _ augmentation: Augmentation, _ shape: [Int], offsets: [Double] = [0], divisors: [Double] = [1]
  ) -> RowAugmentation {
    RowAugmentation(
      augmentation, shape: shape, ranges: [Double](repeating: 1, count: shape[shape.count - 1]),
      offsets: offsets, divisors: divisors)
  }

  private func applied(
    _ values: [Double], _ body: (UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var values = values
    values.withUnsafeMutableBufferPointer { if let row = $0.baseAddress { body(row) } }
    return values
  }

  @Test func movesAsSciPyDoes() throws {
    #expect(figures.cases.count == 15)
    for example in figures.cases {
      let fill = try #require(Augmentation.Fill(rawValue: example.fill))
      var draw = AugmentationDraw()
      (draw.down, draw.right) = (example.down, example.right)
      draw.angle = example.degrees * .pi / 180
      draw.zoom = example.zoom
      draw.flipsHorizontally = example.horizontal
      draw.flipsVertically = example.vertical
      let changed = applied(example.image) {
        rows(Augmentation(fill: fill), example.shape).apply(draw, to: $0)
      }
      for (place, (own, theirs)) in zip(changed, example.after).enumerated() {
        #expect(abs(own - theirs) < 1e-9, "\(example.shape) \(example.fill) at \(place): \(own), \(theirs)")
      }
    }
  }

  @Test func cutsAsNumPyDoes() {
    for example in figures.cuts {
      var draw = AugmentationDraw()
      draw.cut = (example.row, example.column)
      let changed = applied(example.image) {
        rows(Augmentation(cutout: example.side), example.shape).blank($0, draw)
      }
      #expect(changed == example.after, "\(example.shape)")
    }
  }

  /// Uniform within the limits, both of which occur.
  @Test func drawsWithinTheLimits() {
    let augmentation = Augmentation(shift: 2, rotate: 30, zoom: 0.25, flip: .both)
    var random = RandomStream(seed: 3)
    let draws = (0..<4000).map { _ in AugmentationDraw(augmentation, height: 9, width: 8, &random) }
    for value in -2...2 {
      #expect(abs(draws.count { $0.down == value } - 800) < 110)
      #expect(abs(draws.count { $0.right == value } - 800) < 110)
    }
    let angles = draws.map { $0.angle * 180 / .pi }
    #expect(angles.allSatisfy { abs($0) <= 30 } && angles.count { $0 > 15 } > 900 && angles.min() ?? 0 < -29)
    #expect(draws.allSatisfy { (0.75...1.25).contains($0.zoom) } && draws.count { $0.zoom < 0.875 } > 900)
    #expect(abs(draws.count(where: \.flipsHorizontally) - 2000) < 130)
    #expect(abs(draws.count { $0.flipsHorizontally && $0.flipsVertically } - 1000) < 130)
    #expect(Set(draws.map(\.cut.row)) == Set(0..<9) && Set(draws.map(\.cut.column)) == Set(0..<8))
  }

  /// The noise has the deviation that was asked for, of each channel's range, whatever the scale of the rows.
  @Test(arguments: [1.0, -4])
  func noiseIsAFractionOfTheRange(_ divisor: Double) {
    let noisy = RowAugmentation(
      Augmentation(noise: 0.05), shape: [500, 2], ranges: [10, 2], offsets: [3], divisors: [divisor])
    let still = [Double](repeating: 0.5, count: 1000)
    let changed = noisy.row(still, number: 0, epoch: 1, key: 5)
    for (channel, expected) in [(0, 0.5), (1, 0.1)] {
      let differences = stride(from: channel, to: 1000, by: 2).map { (changed[$0] - 0.5) * divisor }
      let mean = differences.reduce(0, +) / 500
      let deviation = (differences.reduce(0) { $0 + $1 * $1 } / 500 - mean * mean).squareRoot()
      #expect(abs(mean) < expected * 0.15 && abs(deviation - expected) < expected * 0.1)
    }
  }

  /// Columns with scales of their own are moved in the data's own units: a pixel takes its value along, not its scale.
  @Test func columnsAreMovedInTheirUnits() {
    let raw = (0..<12).map { Double($0 * $0) }
    let offsets = (0..<12).map { Double($0) }
    let divisors = (0..<12).map { Double($0 + 1) }
    let scaled = raw.enumerated().map { ($1 - offsets[$0]) / divisors[$0] }
    let augmentation = Augmentation(shift: 1, rotate: 20, flip: .horizontal, cutout: 1)
    let plain = rows(augmentation, [3, 4, 1])
    let columns = rows(augmentation, [3, 4, 1], offsets: offsets, divisors: divisors)
    for epoch in 1...20 {
      let expected = plain.row(raw, number: 7, epoch: epoch, key: 2).enumerated().map {
        ($1 - offsets[$0]) / divisors[$0]
      }
      let changed = columns.row(scaled, number: 7, epoch: epoch, key: 2)
      #expect(zip(changed, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  // MARK: In training

  private func examples(_ rows: Int) -> Examples {
    var random = RandomStream(seed: 8)
    return Examples(
      name: "images", rows: rows, inputs: (0..<rows * 20).map { _ in random.uniform() },
      targets: (0..<rows).map { Double($0 % 3) })
  }

  private func network(_ precision: Precision, threads: Int = 1) throws -> Network {
    let network = Network(name: "net")
    try network.edit { (graph) throws(CodedError) in
      graph = try chain([20, 8, 3], hidden: .tanh, output: .softmax)
    }
    var random = RandomStream(seed: 2)
    var options = ExecutionOptions()
    options.precision = precision
    options.threads = threads
    try network.prepare(options, random: &random)
    return network
  }

  private let lively = Augmentation(shift: 1, rotate: 15, zoom: 0.1, noise: 0.05, cutout: 2)

  /// An epoch in order is the same as one on rows that were changed by hand; the rows that are measured on stay as they are.
  @Test(arguments: [Precision.single, .double])
  func aTrainingTakesTheRowsOfItsEpoch(_ precision: Precision) throws {
    let plain = examples(10)
    let change = rows(lively, [4, 5, 1])
    let options = TrainingOptions(
      epochs: 1, batchSize: 3, loss: .crossentropy, optimizer: .adam, rate: 0.01, shuffles: false)
    let augmented = try network(precision)
    var random = RandomStream(seed: 6)
    let result = try augmented.train(
      plain.augmented(by: change), validation: plain, options, random: &random)

    var stream = RandomStream(seed: 6)
    let key = stream.next()
    let inputs = (0..<10).flatMap { row in
      let values = plain.inputs[row * 20..<row * 20 + 20].map {
        precision == .double ? $0 : Double(Float($0))
      }
      return change.row(values, number: row, epoch: 1, key: key)
    }
    let byHand = try network(precision)
    var unused = RandomStream(seed: 1)
    _ = try byHand.train(
      Examples(name: "by hand", rows: 10, inputs: inputs, targets: plain.targets), options, random: &unused)
    #expect(augmented.values.map(\.bitPattern) == byHand.values.map(\.bitPattern))
    let loss = try byHand.evaluate(plain, loss: .crossentropy).loss
    #expect(result.history.last?.validationLoss?.bitPattern == loss.bitPattern)
  }

  /// Rows that a training holds back itself are not changed either.
  @Test func aShareThatIsHeldBackStaysAsItIs() throws {
    let plain = examples(20)
    var options = TrainingOptions(
      epochs: 1, batchSize: 4, loss: .crossentropy, optimizer: .sgd(), rate: 1e-300, validationFraction: 0.5)
    options.keep = .last
    let losses = try [plain, plain.augmented(by: rows(lively, [4, 5, 1]))].map { examples in
      var random = RandomStream(seed: 6)
      return try network(.double).train(examples, options, random: &random).history.last
    }
    #expect(losses[0]?.validationLoss == losses[1]?.validationLoss)
    #expect(losses[0]?.loss != losses[1]?.loss)
  }

  @Test func threadsAndStopsChangeNothing() throws {
    let data = examples(40).augmented(by: rows(lively, [4, 5, 1]))
    let options = TrainingOptions(
      epochs: 4, batchSize: 40, loss: .crossentropy, optimizer: .adam, rate: 0.01)
    var kept: [TrainingProgress] = []
    var control = TrainingControl()
    control.checkpoint = (isDue: { $0 == 2 }, keep: { kept.append($0) })
    let results = try [1, 2, 3].map { threads in
      let network = try network(.single, threads: threads)
      var random = RandomStream(seed: 6)
      _ = try network.train(data, options, control: control, random: &random)
      return network.values
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    let progress = try #require(kept.first)
    let resumed = try network(.single)
    var random = try #require(RandomStream(progress.start))
    _ = try resumed.train(data, options, resuming: progress, random: &random)
    #expect(resumed.values == results[0])
  }

  /// Each epoch and each row sees other changes.
  @Test func everyEpochIsAnother() {
    let change = rows(lively, [4, 5, 1])
    let values = examples(1).inputs
    var seen: Set<[Double]> = []
    for epoch in 1...5 {
      for row in 0..<5 { seen.insert(change.row(values, number: row, epoch: epoch, key: 3)) }
    }
    #expect(seen.count == 25)
  }
}
