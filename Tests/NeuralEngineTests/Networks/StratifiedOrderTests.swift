import Foundations
import Testing

@testable import NeuralEngine

/// Batches that have their share of each class.
@Suite struct StratifiedOrderTests {
  /// Whatever the sizes of classes and batches, what a batch has of a class is its share, give or take a row or two.
  @Test func everyBatchHasItsShare() {
    var random = RandomStream(seed: 2)
    for classes in [2, 2, 3, 5, 12] {
      let strata = (0..<120).map { _ in min(random.below(classes), random.below(classes)) }
      var rows = Array(0..<120)
      random.shuffle(&rows)
      let order = StratifiedOrder(rows, strata: strata)
      let arranged = order.arranging(rows)
      #expect(arranged.sorted() == Array(0..<120) && order.arranging(rows) == arranged)
      for batch in [4, 7, 16, 32] {
        for start in stride(from: 0, to: 120, by: batch) {
          let own = arranged[start..<min(start + batch, 120)].map { strata[$0] }
          for label in 0..<classes {
            let share = Double(strata.count { $0 == label }) * Double(own.count) / 120
            let found = Double(own.count { $0 == label })
            #expect(abs(found - share) < (classes == 2 ? 1 : 2.2), "\(found) of \(share)")
          }
        }
      }
    }
  }

  /// One rare row in ten stands in each batch of ten, and in another place of the data every time.
  @Test func aRareClassIsInEveryBatch() {
    let strata = (0..<50).map { $0 < 5 ? 1 : 0 }
    let order = StratifiedOrder(Array(0..<50), strata: strata)
    let arranged = order.arranging([4, 3, 2, 1, 0] + Array(5..<50))
    for start in stride(from: 0, to: 50, by: 10) {
      #expect(arranged[start..<start + 10].count { strata[$0] == 1 } == 1)
    }
    #expect(arranged.filter { $0 < 5 } == [4, 3, 2, 1, 0], "rows of a class stay in the order of the epoch")
  }

  /// Some of the rows alone, such as those that are not kept aside.
  @Test func otherRowsAreLeftOut() {
    let order = StratifiedOrder([7, 2, 9, 4], strata: [0, 0, 5, 0, 3, 0, 0, 3, 0, 5])
    #expect(order.arranging([9, 7, 4, 2]) == [7, 9, 4, 2])
  }

  /// The same seed gives the same bits however many threads there are, and other bits than without.
  @Test(arguments: [1, 4])
  func aTrainingTakesThem(_ threads: Int) throws {
    let rows = try randomExamples(for: chain([3, 4, 2], output: .softmax), .crossentropy, rows: 40)
    let strata = (0..<40).map { $0 % 8 == 0 ? 1 : 0 }
    func values(_ strata: [Int]?, threads: Int) throws -> [UInt64] {
      let network = Network(name: "net")
      let graph = try chain([3, 4, 2], output: .softmax)
      try network.edit { $0 = graph }
      var execution = ExecutionOptions(.single)
      execution.threads = threads
      var random = RandomStream(seed: 3)
      try network.prepare(execution, random: &random)
      let options = TrainingOptions(
        epochs: 3, batchSize: 8, loss: .crossentropy, optimizer: .sgd(), rate: 0.1)
      try network.train(rows.stratified(by: strata), options, seed: 5)
      return network.values.map(\.bitPattern)
    }
    #expect(try values(strata, threads: threads) == values(strata, threads: 1))
    #expect(try values(strata, threads: threads) != values(nil, threads: threads))
  }
}
