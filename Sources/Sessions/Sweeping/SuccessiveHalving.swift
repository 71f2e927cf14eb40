public import Diagnostics
import Foundation
import Foundations
public import Language
import Localization
import NetworkSchema

/// Successive halving: all combinations are run with a small budget, say few epochs, and the best third of them with three
/// times as much, until the last round has the whole budget (K. Jamieson and A. Talwalkar, "Non-stochastic Best Arm
/// Identification and Hyperparameter Optimization", 2016).
///
/// The number of rounds, the budgets and how many go on are those of scikit-learn's
/// `HalvingGridSearchCV(factor=3, min_resources="exhaust")`, but that the last round has the whole budget where that is no
/// multiple of the first one.
///
/// ```swift
/// let halving = try SuccessiveHalving("epochs", to: 90, of: 12)
/// let budgets = halving.budgets  // 10, 30, 90
/// let counts = halving.counts  // 12, 4, 2
/// ```
public struct SuccessiveHalving: Sendable, Equatable, Codable {
  /// One combination in so many goes on, with so many times the budget.
  public static let factor = 3

  /// The parameter that is the budget.
  public let parameter: String
  /// What it is in each round.
  public let budgets: [Double]
  /// How many combinations each round has at most.
  public let counts: [Int]

  /// Divides a budget.
  ///
  /// - Parameters:
  ///   - least: the least budget that means something; nil for 1 where the budget is a whole number above 1, and for any share.
  ///   - most: the whole budget.
  ///   - combinations: how many there are.
  /// - Throws: `bad-parameter` where there is nothing to divide.
  public init(
    _ parameter: String, from least: Double? = nil, to most: Double, of combinations: Int
  ) throws(Diagnostic) {
    guard most > 0, most.isFinite, (least ?? most) > 0, (least ?? most) <= most else {
      throw Diagnostic(
        .badParameter,
        "Halving takes a budget above 0, such as \(parameter)=81, or a least and a whole one, the least first."
      )
    }
    guard combinations >= SuccessiveHalving.factor else {
      throw Diagnostic(
        .badParameter,
        "Halving drops two thirds of the combinations after each round, and there \(combinations == 1 ? "is 1" : "are \(combinations)"). Name three or more, or leave the halving out."
      )
    }
    let isWhole = most > 1 && most == most.rounded() && (least.map { $0 == $0.rounded() } ?? true)
    var counts = [combinations]
    var divisors = [1.0]
    while let count = counts.last, let divisor = divisors.last, divisor * 3 <= Double(combinations),
      most / (divisor * 3) >= least ?? (isWhole ? 1 : 0)
    {
      divisors.append(divisor * 3)
      counts.append((count - 1) / SuccessiveHalving.factor + 1)
    }
    guard divisors.count > 1 else {
      throw Diagnostic(
        .badParameter,
        "\(parameter)=\(most.brief) cannot be divided: the first round would have a third of it. Give a larger budget, or leave the halving out."
      )
    }
    self.parameter = parameter
    self.counts = counts
    budgets = divisors.reversed().map { divisor in
      let budget = most / divisor
      if isWhole { return budget.rounded(.down) }
      // As short as what is typed.
      return divisor == 1 ? most : Double(budget.significant(4)) ?? budget
    }
  }

  /// Divides a budget that stands behind `--halving`: `epochs=81`, or `epochs=9..81`; held against the parameters that a
  /// notebook declares.
  ///
  /// - Throws: `bad-parameter`, `unknown-parameter` or `repeated-parameter`.
  public init(
    _ assignment: String, of space: SweepSpace, declared: [Parameter], notebook: String
  ) throws(Diagnostic) {
    let parameter = try SweptParameter(assignment, declared: declared, notebook: notebook)
    let name = parameter.name
    guard !space.parameters.contains(where: { $0.name == name }) else {
      throw Diagnostic(
        .repeatedParameter, "`\(name)` is swept, and the budget of --halving too. Keep one of them.")
    }
    let count = space.combinations.count
    switch parameter.values {
    case .range(let low, let high, _): try self.init(name, from: low, to: high, of: count)
    case .list(let values):
      guard values.count == 1, case .number(let most) = values[0] else {
        throw Diagnostic(
          .badParameter,
          "`--halving \(assignment)` is no budget: it takes a number, as in --halving \(name)=81, or two, as in --halving \(name)=9..81."
        )
      }
      try self.init(name, to: most, of: count)
    }
    // Each budget is held against the parameter's own bounds.
    for round in budgets.indices {
      _ = try SweptParameter("\(name)=\(budget(round).spelling)", declared: declared, notebook: notebook)
    }
  }

  /// Whether it may be one of so many combinations, which what was read from a file need not be.
  func suits(_ combinations: Int) -> Bool {
    !budgets.isEmpty && budgets.count == counts.count && budgets.allSatisfy { $0 > 0 && $0.isFinite }
      && counts.allSatisfy { $0 >= 0 && $0 <= combinations }
  }

  /// The budget of a round as a value of the parameter.
  public func budget(_ round: Int) -> Literal { .number(budgets[min(max(round, 0), budgets.count - 1)]) }

  /// The combinations that go on after a round, in their order: the best of those that were measured, of equal ones the
  /// first.
  ///
  /// - Parameter isLarger: whether a larger value is better.
  public func survivors(of round: Int, _ trials: [SweepTrial], isLarger: Bool) -> [Int] {
    guard round + 1 < counts.count else { return [] }
    let means = Dictionary(grouping: trials.filter { $0.round == round }, by: \.combination)
      .compactMapValues(\.mean)
    let ranked = means.sorted { a, b in
      if a.value != b.value { return isLarger ? a.value > b.value : a.value < b.value }
      return a.key < b.key
    }
    return ranked.prefix(counts[round + 1]).map(\.key).sorted()
  }

  /// `27 combinations with epochs=3, 9 with 9, 3 with 27, 1 with 81`
  public var words: String {
    zip(counts, budgets).enumerated().map { round, pair in
      round == 0
        ? localized("\(pair.0, "combination") with \(parameter)=\(pair.1.brief)")
        : localized("\(pair.0) with \(pair.1.brief)")
    }.joined(separator: ", ")
  }
}

extension [SweepTrial] {
  /// The mean of what was measured; nil where nothing was.
  var mean: Double? {
    let measured = compactMap(\.value)
    return measured.isEmpty ? nil : measured.reduce(0, +) / Double(measured.count)
  }
}
