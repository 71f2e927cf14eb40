public import Diagnostics
import Foundation
import Foundations
public import Language
import NetworkSchema
import NeuralEngine

/// The values that a parameter of a notebook is to take in a sweep: `rate=0.01,0.1`, or a range, `rate=1e-4..1e-1`.
public struct SweptParameter: Sendable, Equatable {
  /// What it takes.
  public enum Values: Sendable, Equatable {
    /// Each of these.
    case list([Literal])
    /// Numbers between two, drawn so that equal ratios are equally likely where both are above 0; whole ones where both
    /// ends are written so.
    case range(low: Double, high: Double, isWhole: Bool)
  }

  /// The parameter.
  public let name: String
  /// What it takes.
  public let values: Values

  /// Creates a parameter that takes these.
  public init(name: String, taking values: Values) {
    self.name = name
    self.values = values
  }

  /// Creates a parameter that takes each of some values.
  ///
  /// - Throws: `bad-parameter` for none, or for one that is there twice.
  public init(_ name: String, values: [Literal]) throws(Diagnostic) {
    guard !values.isEmpty else {
      throw Diagnostic(.badParameter, "`\(name)` has no values to try: \(name)=[0.01, 0.1]")
    }
    var seen: Set<Literal> = []
    for value in values where !seen.insert(value).inserted {
      throw Diagnostic(.badParameter, "`\(name)` has \(value.spelling) twice. Keep one of them.")
    }
    self.name = name
    self.values = .list(values)
  }

  /// The parameter as `-p` takes it: `rate=0.01,0.1`, `rate=0.0001..0.1`.
  var assignment: String {
    switch values {
    case .list(let literals): "\(name)=\(literals.map(\.spelling).joined(separator: ","))"
    case .range(let low, let high, _): "\(name)=\(low.brief)..\(high.brief)"
    }
  }

  /// Reads what stands behind `-p`, held against the parameters that a notebook declares.
  ///
  /// - Throws: `bad-parameter` or `unknown-parameter`.
  public init(_ assignment: String, declared: [Parameter], notebook: String) throws(Diagnostic) {
    guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
      throw Diagnostic(
        .badParameter, "`-p \(assignment)` has no values. Write `-p NAME=A,B,C`, as in `-p rate=0.01,0.1`.")
    }
    name = String(assignment[..<equals]).filter { $0 != " " }
    let text = String(assignment[assignment.index(after: equals)...])
    let known = declared.first { [name] in $0.name.name == name }
    let dots = text.firstRange(of: "..")
    if let dots, known?.defaultValue.isText != true {
      let (low, high) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
      values = try SweptParameter.range(low, high, of: name, assignment)
      // Both ends are held against the parameter's own bounds.
      for end in [low, high] { _ = try SweptParameter.literal(end, name, declared, notebook, assignment) }
      return
    }
    var literals: [Literal] = []
    for part in SweptParameter.parts(of: text) {
      let value = try SweptParameter.literal(part, name, declared, notebook, assignment)
      guard !literals.contains(value) else {
        throw Diagnostic(.badParameter, "`-p \(assignment)` has \(value.spelling) twice. Keep one of them.")
      }
      literals.append(value)
    }
    values = .list(literals)
  }

  private static func range(
    _ low: String, _ high: String, of name: String, _ assignment: String
  ) throws(Diagnostic) -> Values {
    guard let least = Double(low), let most = Double(high), least < most, most.isFinite, least.isFinite else {
      throw Diagnostic(
        .badParameter,
        "`-p \(assignment)` is no range: it takes two numbers, the lower one first, as in `-p \(name)=1e-4..1e-1`."
      )
    }
    return .range(low: least, high: most, isWhole: Int(low) != nil && Int(high) != nil)
  }

  private static func literal(
    _ text: String, _ name: String, _ declared: [Parameter], _ notebook: String, _ assignment: String
  ) throws(Diagnostic) -> Literal {
    let given = GivenParameter(name: name, value: .spelled(text), origin: "-p \(assignment)")
    let values = ParameterValues([[given]], declared: declared, notebook: notebook)
    if let mistake = values.diagnostics.first { throw mistake }
    return values.values[name] ?? .none
  }

  /// The parts between commas, those within brackets and quotes left whole.
  private static func parts(of text: String) -> [String] {
    var parts = [""]
    var (depth, quoted) = (0, false)
    for character in text {
      if character == "\"" { quoted.toggle() }
      if !quoted, character == "[" { depth += 1 }
      if !quoted, character == "]" { depth -= 1 }
      if character == ",", depth == 0, !quoted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// The value at a place of the range or the list, from 0 to below 1.
  func value(at place: Double) -> Literal {
    switch values {
    case .list(let literals): return literals[min(literals.count - 1, Int(place * Double(literals.count)))]
    case .range(let low, let high, let isWhole):
      if isWhole {
        // Each whole number has a part of the way that is as long as those of its neighbours on the same scale.
        let number =
          low >= 1
          ? SweptParameter.between(low - 0.5, high + 0.5, place) : low - 0.5 + place * (high - low + 1)
        return .number(min(high, max(low, number.rounded())))
      }
      return .number(low > 0 ? SweptParameter.between(low, high, place) : low + place * (high - low))
    }
  }

  private static func between(_ low: Double, _ high: Double, _ place: Double) -> Double {
    let value = low * ElementaryFunctions.power(high / low, place)
    // Four digits are enough to try, and can be typed.
    return Double(value.significant(4)) ?? value
  }
}

extension Literal {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}

/// What the trials of a sweep are: combinations of values, each with one seed or several.
public struct SweepSpace: Sendable, Equatable {
  /// How combinations are chosen.
  public enum Trials: Sendable, Equatable {
    /// All of them, the last parameter changing first.
    case grid
    /// So many, at random.
    case random(Int)
    /// So many, spread evenly by Sobol's sequence.
    case sobol(Int)
  }

  /// The parameters that are swept, in the order in which they were given.
  public let parameters: [SweptParameter]
  /// More combinations are no sweep's.
  public static let mostAtAll = 1_000_000
  /// The combinations, each with a value for every parameter.
  public let combinations: [[Literal]]

  /// Chooses combinations.
  ///
  /// - Parameters:
  ///   - seed: what random choices are drawn from.
  ///   - most: the most combinations that are taken without asking.
  /// - Throws: `bad-parameter` or `repeated-parameter`; `too-large` for more than `most`.
  public init(_ parameters: [SweptParameter], _ choice: Trials, seed: UInt64, most: Int) throws(Diagnostic) {
    var seen: Set<String> = []
    for parameter in parameters where !seen.insert(parameter.name).inserted {
      throw Diagnostic(.repeatedParameter, "`\(parameter.name)` is given twice. Keep one of them.")
    }
    self.parameters = parameters
    switch choice {
    case .grid: combinations = try SweepSpace.grid(parameters, most: most)
    case .random(let count):
      try SweepSpace.check(count, most: most)
      var random = RandomStream(seed: seed)
      combinations = (0..<count).map { _ in
        parameters.map { $0.value(at: random.uniform(from: 0, to: 1)) }
      }
    case .sobol(let count):
      try SweepSpace.check(count, most: most)
      guard parameters.count <= SobolSequence.dimensions else {
        throw Diagnostic(
          .badParameter,
          "Sobol's sequence is kept for \(SobolSequence.dimensions) parameters, not \(parameters.count). Use --random \(count).",
          suggestion: "--random \(count)")
      }
      var sequence = SobolSequence(dimensions: parameters.count)
      combinations = (0..<count).map { _ in
        zip(parameters, sequence.next()).map { $0.value(at: $1) }
      }
    }
  }

  /// Puts together what was chosen before.
  public init(_ parameters: [SweptParameter], combinations: [[Literal]]) {
    self.parameters = parameters
    self.combinations = combinations
  }

  private static func grid(_ parameters: [SweptParameter], most: Int) throws(Diagnostic) -> [[Literal]] {
    var count = 1
    var lists: [[Literal]] = []
    for parameter in parameters {
      guard case .list(let literals) = parameter.values else {
        throw Diagnostic(
          .badParameter,
          "`\(parameter.name)` is a range, of which a grid cannot take every value. Name the values, or draw some with --random 20.",
          suggestion: "--random 20")
      }
      lists.append(literals)
      count = count.multipliedReportingOverflow(by: literals.count).overflow ? .max : count * literals.count
    }
    try check(count, most: most)
    return lists.reduce([[]]) { combinations, literals in
      combinations.flatMap { combination in literals.map { combination + [$0] } }
    }
  }

  /// The seeds of the trials of each combination, from 0.
  ///
  /// - Throws: `too-large` for more than a sweep can hold trials.
  public func seeds(_ seeds: Int, at span: SourceSpan? = nil) throws(Diagnostic) -> [UInt64] {
    let most = SweepSpace.mostAtAll / max(1, combinations.count)
    guard seeds > most else { return (0..<UInt64(seeds)).map(\.self) }
    throw Diagnostic(
      .tooLarge,
      "\(combinations.count) combinations with \(seeds) seeds each are too many trials: a sweep has \(SweepSpace.mostAtAll) at "
        + "most. Take fewer seeds: 3 tell how much chance there is in a result.", at: span)
  }

  private static func check(_ count: Int, most: Int) throws(Diagnostic) {
    guard count > min(most, mostAtAll) else { return }
    let those = "These are \(count == .max ? "far too many" : "\(count)") combinations."
    // All of them stand in memory.
    guard count <= SweepSpace.mostAtAll, most < SweepSpace.mostAtAll else {
      throw Diagnostic(
        .tooLarge, "\(those) A sweep has \(SweepSpace.mostAtAll) at most. Draw some of them: --random 200",
        suggestion: "--random 200")
    }
    throw Diagnostic(
      .tooLarge, "\(those) Draw some of them with --random 200, or say --most \(count) to run all.",
      suggestion: "--random 200")
  }
}

/// Sobol's sequence in base 2 without scrambling (I. Sobol, 1967), with the direction numbers of S. Joe and F. Kuo
/// (2008, `new-joe-kuo-6`): its points fill the unit cube evenly, however many there are.
public struct SobolSequence: Sendable {
  /// How many dimensions there are numbers for.
  public static let dimensions = table.count + 1

  /// For the dimensions from the second on: the polynomial's degree and coefficients, and the first direction numbers.
  private static let table: [(degree: Int, coefficients: UInt32, first: [UInt32])] = [
    (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]),
    (4, 4, [1, 3, 5, 13]), (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]),
  ]

  private let directions: [[UInt32]]
  private var state: [UInt32]
  private var index: UInt32 = 0

  /// Begins at the origin.
  public init(dimensions: Int) {
    directions = (0..<dimensions).map(SobolSequence.directions)
    state = [UInt32](repeating: 0, count: dimensions)
  }

  private static func directions(of dimension: Int) -> [UInt32] {
    guard dimension > 0 else { return (0..<32).map { 1 << UInt32(31 - $0) } }
    let (degree, coefficients, first) = table[dimension - 1]
    var numbers = (0..<min(32, degree)).map { first[$0] << UInt32(31 - $0) }
    for place in degree..<32 {
      var number = numbers[place - degree] ^ (numbers[place - degree] >> UInt32(degree))
      for bit in 1..<max(1, degree) where (coefficients >> UInt32(degree - 1 - bit)) & 1 == 1 {
        number ^= numbers[place - bit]
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The next point, each of its numbers from 0 to below 1.
  public mutating func next() -> [Double] {
    defer {
      let bit = (~index).trailingZeroBitCount
      for dimension in state.indices { state[dimension] ^= directions[dimension][min(31, bit)] }
      index &+= 1
    }
    return state.map { Double($0) / 4_294_967_296 }
  }
}
