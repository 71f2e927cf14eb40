public import Foundation

/// A trial as a line of text: in a journal, in the store of runs, in a session's file, and between processes.
extension SweepTrial {
  private struct Line: Codable {
    var trial: Int
    var seed: UInt64
    /// The round of successive halving, from 1; absent where there is one.
    var round: Int?
    var value: Double?
    var failed: String?
    var metrics: [String: Double]
  }

  /// Reads a line; nil for one that says nothing of a trial of so many combinations.
  public init?(line: [UInt8], of combinations: Int) {
    guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)),
      line.trial >= 1, line.trial <= combinations, case let round = line.round ?? 1, round >= 1
    else { return nil }
    self.init(
      combination: line.trial - 1, seed: line.seed, round: round - 1,
      ending: line.value.map { .measured($0) } ?? .failed(line.failed ?? ""), metrics: line.metrics)
  }

  /// The line, with its end.
  public var line: Data {
    get throws {
      var line = Line(
        trial: combination + 1, seed: seed, round: round > 0 ? round + 1 : nil,
        metrics: metrics.filter(\.value.isFinite))
      switch ending {
      case .measured(let value): line.value = value
      case .failed(let why): line.failed = why
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(line) + Data("\n".utf8)
    }
  }
}
