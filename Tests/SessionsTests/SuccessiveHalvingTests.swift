import Diagnostics
import Foundation
import Language
import Testing

@testable import Sessions

/// Successive halving, against scikit-learn; `Fixtures/halving.py` makes the figures.
@Suite struct SuccessiveHalvingTests {
  private struct Case: Decodable {
    let candidates: Int
    let least: Double?
    let most: Double
    let counts: [Int]
    let budgets: [Double]
    let rounds: [[Int]]
  }

  private static let cases: [Case] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/halving.json")
    return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: url))) ?? []
  }()

  /// The loss of the script's candidates.
  private func loss(_ value: Int, _ epochs: Double) -> Double {
    Double((value * 7919) % 101) / epochs + Double((value * 104_729) % 89) / 10
  }

  @Test func roundsAreThoseOfScikitLearn() throws {
    #expect(Self.cases.count == 10)
    for expected in Self.cases {
      let halving = try SuccessiveHalving(
        "epochs", from: expected.least, to: expected.most, of: expected.candidates)
      #expect(halving.counts == expected.counts && halving.budgets.last == expected.most)
      // A least budget is where scikit-learn begins; here the last round has the whole one all the same.
      guard expected.least == nil else { continue }
      #expect(halving.budgets.dropLast() == expected.budgets.dropLast())
      var alive = Array(0..<expected.candidates)
      var trials: [SweepTrial] = []
      for round in halving.budgets.indices {
        #expect(alive == expected.rounds[round], "\(expected.candidates) candidates, round \(round)")
        trials += alive.map { place in
          SweepTrial(
            combination: place, seed: 0, round: round,
            ending: .measured(loss(place, halving.budgets[round])), metrics: [:])
        }
        alive = halving.survivors(of: round, trials, isLarger: false)
      }
      #expect(alive.isEmpty)
    }
  }

  @Test func sharesAreDivided() throws {
    let halving = try SuccessiveHalving("share", to: 1, of: 9)
    #expect(halving.budgets == [0.1111, 0.3333, 1] && halving.counts == [9, 3, 1])
    #expect(halving.words == "9 combinations with share=0.1111, 3 with 0.3333, 1 with 1")
    #expect(try SuccessiveHalving("epochs", from: 9, to: 81, of: 100).budgets == [9, 27, 81])
  }

  /// Seeds are averaged, failures do not go on, and of equal means the first does.
  @Test func theBestGoOn() throws {
    let halving = try SuccessiveHalving("epochs", to: 9, of: 6)
    func trial(_ combination: Int, _ value: Double?) -> SweepTrial {
      SweepTrial(
        combination: combination, seed: 0, ending: value.map { .measured($0) } ?? .failed("no"), metrics: [:])
    }
    let trials = [
      trial(0, 3), trial(0, 1), trial(1, nil), trial(2, 1.9), trial(3, 2), trial(4, 7), trial(5, 2),
    ]
    #expect(halving.survivors(of: 0, trials, isLarger: false) == [0, 2])
    #expect(halving.survivors(of: 0, trials, isLarger: true) == [0, 4])
    #expect(halving.survivors(of: 0, [trial(1, nil)], isLarger: true).isEmpty)
  }

  @Test(arguments: [
    (2, 81.0, "there are 2"), (9, 2, "cannot be divided"), (9, 0, "above 0"), (9, .infinity, "above 0"),
  ])
  func whatCannotBeHalved(_ mistake: (count: Int, most: Double, words: String)) {
    let error = #expect(throws: Diagnostic.self) {
      try SuccessiveHalving("epochs", to: mistake.most, of: mistake.count)
    }
    #expect(error?.message.contains(mistake.words) == true, "\(error?.message ?? "")")
  }
}
