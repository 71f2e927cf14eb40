import Foundation
public import Language

/// All that decides on what a sweep comes to besides its notebook: what the store of runs keeps of it.
public struct SweepDescription: Sendable, Equatable {
  /// The combinations.
  public let space: SweepSpace
  /// What is compared: a metric of the last training or evaluation, or a variable that holds a number.
  public let metric: String
  /// Whether a larger value is better.
  public let isLarger: Bool
  /// What each combination is run with.
  public let seeds: [UInt64]
  /// How budgets grow from round to round; nil where all combinations are run once.
  public let halving: SuccessiveHalving?
  /// The parameters as they were given on the command line.
  public let assignments: [String]

  /// Puts a description together.
  public init(
    _ space: SweepSpace, metric: String, isLarger: Bool, seeds: [UInt64], halving: SuccessiveHalving? = nil,
    assignments: [String] = []
  ) {
    self.space = space
    self.metric = metric
    self.isLarger = isLarger
    self.seeds = seeds
    self.halving = halving
    self.assignments = assignments
  }

  /// How many trials there are at most; fewer where so many fail that a round of successive halving is not full.
  public var count: Int { (halving?.counts.reduce(0, +) ?? space.combinations.count) * seeds.count }

  /// The parameters of a combination in a round.
  public func values(round: Int, _ combination: Int) -> [(name: String, value: Literal)] {
    zip(space.parameters, space.combinations[combination]).map { ($0.name, $1) }
      + (halving.map { [($0.parameter, $0.budget(round))] } ?? [])
  }

  /// What trials came to.
  ///
  /// - Parameter isComplete: whether all of them are there.
  public func result(_ trials: [SweepTrial], isComplete: Bool) -> SweepResult {
    SweepResult(
      trials.sorted { ($0.round, $0.combination, $0.seed) < ($1.round, $1.combination, $1.seed) }, of: space,
      metric: metric, isLarger: isLarger, halving: halving, count: isComplete ? trials.count : count)
  }
}

// MARK: - As text

extension SweepDescription {
  private struct Record: Codable {
    var sweep = "1"
    var metric: String
    var larger: Bool
    var seeds: [UInt64]
    var parameters: [Parameter]
    var combinations: [[String]]
    var halving: SuccessiveHalving?
    var given: [String]
  }

  private struct Parameter: Codable {
    var name: String
    /// The values as they are typed; nil for a range.
    var values: [String]?
    var low: Double?
    var high: Double?
    var whole: Bool?

    init(_ parameter: SweptParameter) {
      name = parameter.name
      switch parameter.values {
      case .list(let literals): values = literals.map(\.spelling)
      case .range(let low, let high, let isWhole): (self.low, self.high, whole) = (low, high, isWhole)
      }
    }

    var parameter: SweptParameter? {
      if let values {
        let literals = values.compactMap { Literal($0) }
        return literals.count == values.count ? SweptParameter(name: name, taking: .list(literals)) : nil
      }
      guard let low, let high else { return nil }
      return SweptParameter(name: name, taking: .range(low: low, high: high, isWhole: whole ?? false))
    }
  }

  /// The description as JSON.
  public var text: String {
    let record = Record(
      metric: metric, larger: isLarger, seeds: seeds, parameters: space.parameters.map(Parameter.init),
      combinations: space.combinations.map { $0.map(\.spelling) }, halving: halving, given: assignments)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(record)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// Reads a description; nil for text that no version of nbs wrote.
  public init?(text: String) {
    guard let record = try? JSONDecoder().decode(Record.self, from: Data(text.utf8)) else { return nil }
    let parameters = record.parameters.compactMap(\.parameter)
    let combinations = record.combinations.map { $0.compactMap { Literal($0) } }
    guard parameters.count == record.parameters.count,
      combinations.allSatisfy({ $0.count == parameters.count }),
      record.halving.map({ $0.suits(combinations.count) }) ?? true
    else { return nil }
    self.init(
      SweepSpace(parameters, combinations: combinations), metric: record.metric, isLarger: record.larger,
      seeds: record.seeds, halving: record.halving, assignments: record.given)
  }
}
