package import NetworkSchema

/// How the weights of a layer, or of the edges into it, begin. Biases begin at 0 with all of them.
///
/// They are Keras 3's (keras/src/initializers). Fan in counts all the edges into a layer, since their sums add up.
public struct Initializer: Sendable, Equatable {
  package let rule: any InitializerRule

  package init(_ rule: any InitializerRule) { self.rule = rule }

  /// The initializer as the language names it.
  public var name: String { rule.schema.name }

  /// An initializer by its name; nil where there is none.
  public init?(named name: String) {
    guard let known = Initializer.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  /// All of them, in the order in which help lists them.
  public static let all: [Initializer] = [
    .glorot, .he, .lecun, .normal, .uniform, .zeros, .ones, .orthogonal,
  ]

  /// Two initializers are equal when they have the same name.
  public static func == (a: Initializer, b: Initializer) -> Bool { a.name == b.name }
}

/// The rule of an initializer.
package protocol InitializerRule: Sendable {
  /// Its name.
  var schema: KindSchema { get }
  /// Draws weights, or fewer of them once the work is to stop; see ``Cancellation``.
  ///
  /// - Parameter shape: rows and columns, or one length for an edge of one weight a unit.
  func values(_ shape: [Int], fanIn: Int, fanOut: Int, using random: inout RandomStream) -> [Double]
}

extension Initializer {
  /// The initializer among a kind's options.
  init(_ options: OptionValues) {
    self = options.word("init").flatMap(Initializer.init(named:)) ?? .glorot
  }
}

/// How parameters get their first values.
public enum InitialValues: Sendable, Equatable {
  /// Biases.
  case zero
  /// Drawn; the shape is [rows, columns], or [weights] for an edge of one weight a unit.
  case drawn(Initializer, shape: [Int], fanIn: Int, fanOut: Int)
  /// Given by the user.
  case preset([Double])

  /// Ones.
  static func ones(_ shape: [Int]) -> InitialValues { .drawn(.ones, shape: shape, fanIn: 1, fanOut: 1) }

  /// Draws `count` values.
  func values(_ count: Int, using random: inout RandomStream) -> [Double] {
    switch self {
    case .zero: [Double](repeating: 0, count: count)
    case .preset(let values): values
    case .drawn(let initializer, let shape, let fanIn, let fanOut):
      initializer.rule.values(shape, fanIn: fanIn, fanOut: fanOut, using: &random)
    }
  }
}
