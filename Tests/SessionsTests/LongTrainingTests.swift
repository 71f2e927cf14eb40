import Foundation
import Foundations
import ModelFiles
import Outputs
import Plotting
import TestSupport
import Testing

@testable import NeuralEngine
@testable import Sessions

/// What is made of trainings whose epochs are not all kept.
@Suite("Trainings of many epochs")
struct LongTrainingTests {
  /// A falling loss under noise, with one spike that no sample of every hundredth epoch would hold.
  private static let losses: [Double] = {
    var noise = Noise(seed: 4)
    var losses = (0..<200_000).map { 1 / (1 + Double($0) / 20_000) + 0.01 * noise.uniform() }
    losses[123_456] = 3
    losses[150_000] = 0.001
    return losses
  }()

  private static func figures(_ epoch: Int) -> EpochMetrics {
    EpochMetrics(loss: losses[epoch], accuracy: epoch < 90_000 ? 0.5 : 1, validationLoss: losses[epoch] * 2)
  }

  private static let history: TrainingHistory = {
    var history = TrainingHistory()
    for epoch in losses.indices { history.append(figures(epoch)) }
    return history
  }()

  private func lines(_ series: LinePlot.Series?, isLogarithmic: Bool = false) throws -> [String] {
    let plot = LinePlot(
      title: "loss", xLabel: "epoch", yLabel: "loss", firstX: 1, series: [try #require(series)],
      isLogarithmic: isLogarithmic)
    return (Plot(plot).text(.markdown) + "\n" + Plot(plot).caption).split(separator: "\n").map(
      String.init)
  }

  @Test("A plot is that of all epochs", arguments: [false, true])
  func plots(isLogarithmic: Bool) throws {
    let short = try lines(
      LinePlot.Series("train loss", Self.history, .loss, lowerIsBetter: true), isLogarithmic: isLogarithmic)
    let whole = try lines(
      .init(name: "train loss", values: Self.losses, lowerIsBetter: true), isLogarithmic: isLogarithmic)
    #expect(short == whole)
    #expect(short[0].contains("best 0.001 at epoch 150001"))
    #expect(short.last?.contains("over 200000 epochs") == true)
    #expect(LinePlot.Series("x", Self.history, .validationAccuracy, lowerIsBetter: false) == nil)
  }

  @Test("Smoothing comes near to that of all epochs", arguments: [0.5, 0.9999])
  func smoothing(weight: Double) throws {
    func smoothed(_ series: LinePlot.Series?) throws -> LinePlot.Series {
      LinePlot(
        title: "loss", xLabel: "epoch", yLabel: "loss", firstX: 1, series: [try #require(series)]
      ).smoothed(by: weight).series[0]
    }
    let short = try smoothed(LinePlot.Series("loss", Self.history, .loss, lowerIsBetter: true))
    let whole = try smoothed(.init(name: "loss", values: Self.losses))
    let buckets = try #require(short.buckets)
    // With little weight an average is that of the last few epochs, with much that of thousands.
    let most = weight < 0.9 ? 0.02 : 1e-5
    for (place, bucket) in buckets.buckets.enumerated() {
      let end = min((place + 1) * buckets.width, buckets.count)
      if (100_000..<150_100).contains(end) { continue }
      #expect(abs(bucket.last - whole.values[end - 1]) < most)
      // The first average is exact: it is the first value.
      let seen = place == 0 ? [bucket.last, whole.values[0]] : [bucket.last]
      #expect(bucket.low == seen.min() && bucket.high == seen.max())
    }
    #expect(buckets.count == Self.losses.count && buckets.tally.lowest?.value == short.values.min())
  }

  @Test("What cannot be drawn is counted")
  func gaps() throws {
    var history = TrainingHistory()
    for epoch in 0..<100_000 {
      history.append(EpochMetrics(loss: epoch == 777 ? .infinity : epoch % 1000 == 5 ? 0 : 0.5))
    }
    let series = LinePlot.Series("train loss", history, .loss, lowerIsBetter: true)
    #expect(try lines(series).last?.contains("1 value not finite (epoch 778)") == true)
    let caption = try lines(series, isLogarithmic: true).last
    #expect(caption?.contains("100 values of zero or less left out") == true, "\(caption ?? "")")
  }

  /// Looks at a history as it grows, at uneven distances.
  private func watch(_ look: (TrainingHistory) -> Void) {
    var history = TrainingHistory()
    var next = 1
    for epoch in Self.losses.indices {
      history.append(Self.figures(epoch))
      guard epoch + 1 == next || epoch + 1 == Self.losses.count else { continue }
      look(history)
      next += min(TrainingHistory.window, next)
    }
  }

  @Test("What is handed on is what all epochs would give")
  func feed() throws {
    var batches: [MetricBatch] = []
    var feed = TrainingFeed(subject: "n on d") { batches.append($0) }
    var looks = 0
    watch { history in
      feed.take(history)
      looks += 1
      if looks.isMultiple(of: 4) { feed.handOn() }
    }
    feed.handOn()
    for (figure, factor) in [(TrainingMetric.loss, 1.0), (.validationLoss, 2)] {
      let own = batches.filter { $0.name == figure.rawValue }
      let whole = MetricBatch(subject: "n on d", name: figure.rawValue, steps: 1...Self.losses.count) {
        Self.losses[$0 - 1] * factor
      }
      var all = try #require(own.first)
      for batch in own.dropFirst() {
        #expect(batch.steps.lowerBound == all.steps.upperBound + 1)
        all.append(batch)
      }
      #expect(all == whole)
    }
  }

  @Test(
    "A table lists every so many epochs, and is thinned where there is no room", arguments: [1, 7, 30_000])
  func listing(every: Int) {
    var (roomy, narrow) = (EpochListing(every: every, limit: .max), EpochListing(every: every, limit: 100))
    watch { history in
      roomy.take(history)
      narrow.take(history)
    }
    let count = Self.losses.count
    func epochs(_ table: Table) -> [Int] { table.rows.compactMap { Int($0[0]) } }
    func expected(_ distance: Int) -> [Int] {
      (1...count).filter { $0 == 1 || $0.isMultiple(of: distance) }
    }
    let table = roomy.table(first: Self.history.first)
    #expect(epochs(table) == expected(every) && table.footer.isEmpty)
    #expect(
      table.rows.allSatisfy { row in
        Int(row[0]).map { TrainingMetric.loss.text(Self.losses[$0 - 1]) } == row[1]
      })
    var distance = every
    while count / distance > 100 { distance *= 2 }
    let thinned = narrow.table(first: Self.history.first)
    #expect(epochs(thinned) == expected(distance))
    #expect(thinned.footer.isEmpty == (distance == every))
  }

  @Test("A session's file holds the whole course")
  func file() throws {
    let transcript = Transcript(session: Session())
    run(
      ["net n; data xor; layer i input 2; layer o dense 1; connect all; train xor epochs=1"], in: transcript)
    let network = try #require(transcript.session.state.networks["n"])
    let state = network.state
    let training = try #require(state.lastTraining)
    network.restore(
      try NetworkState(
        graph: state.graph, defaults: state.defaults,
        lastTraining: TrainingResult(
          end: .finished, history: Self.history, options: training.options, trainedRows: 4, validationRows: 0),
        lastTrainingData: "xor", weights: state.weights))
    let file = SessionPath()
    try file.write(transcript)
    let copy = try file.read()
    #expect(copy.session.state.networks["n"]?.lastTraining?.history == Self.history)
    #expect(shown("plot loss; plot accuracy", in: copy) == shown("plot loss; plot accuracy", in: transcript))
    #expect(transcript.entries.last?.isDone == true)
    // And one that somebody has meddled with is refused.
    let whole = try String(decoding: file.description(), as: UTF8.self)
    let description = try #require(whole.firstMatch(of: /"courses":\[\{[^}]*\}/)).output
    for number in description.matches(of: /\d+/) {
      for wrong in ["-1", "9223372036854775807", "3"] where wrong != number.output {
        let changed = description.replacingCharacters(in: number.range, with: wrong)
        try file.write(Array(whole.replacing(description, with: changed).utf8), in: .read(file.path))
        do { _ = shown("plot loss; plot loss yscale=log", in: try file.read()) } catch {
          #expect("\(error)".contains("damaged"), "\(error)")
        }
      }
    }
  }
}
