internal import Foundations

/// What training makes small: a loss for each output layer, and how much each of them counts.
///
/// The whole loss is the sum of the outputs' losses, each multiplied by its weight, as in Keras.
///
/// ```swift
/// let objective = Objective([
///   .init(output: "price", loss: .mse), .init(output: "kind", loss: .crossentropy, weight: 0.5),
/// ])
/// ```
public struct Objective: Sendable, Hashable {
  /// The loss of one output layer.
  public struct Term: Sendable, Hashable {
    /// The layer's name.
    public let output: String
    /// Its loss.
    public let loss: Loss
    /// The number that its loss is multiplied by, 0 or more.
    public let weight: Double
    /// Whether its targets are classes, so that answers are right or wrong; as far as is known, yes.
    var tellsClasses = true

    /// Creates a term.
    public init(output: String, loss: Loss, weight: Double = 1) {
      self.output = output
      self.loss = loss
      self.weight = weight
    }
  }

  /// The terms, in the order of the output layers.
  public internal(set) var terms: [Term]

  /// Creates an objective; the terms are in the order of the output layers.
  public init(_ terms: [Term]) { self.terms = terms }

  /// Creates an objective of one loss for all output layers of a graph.
  public init(_ loss: Loss, for graph: NetworkGraph) {
    terms = graph.outputs.map { Term(output: $0.name, loss: loss) }
  }

  /// The loss of the first output layer.
  public var loss: Loss { terms.first?.loss ?? .mse }

  /// Whether all output layers have the same loss, and count alike.
  public var isUniform: Bool { terms.allSatisfy { $0.loss == loss && $0.weight == 1 } }

  /// What a plan follows.
  var signal: ErrorSignal {
    guard let only = terms.first, terms.count == 1, only.weight == 1 else { return .several(self) }
    return .loss(only.loss)
  }

  /// Refuses a loss that its output layer cannot serve, and weights that leave nothing to learn.
  ///
  /// - Throws: `loss-mismatch` or `bad-value`.
  func check(fits graph: NetworkGraph) throws(CodedError) {
    for term in terms {
      guard term.weight >= 0, term.weight.isFinite else {
        throw CodedError(
          .badValue,
          "The loss of `\(term.output)` is to count \(term.weight) times. A weight is 0 or a number above 0.")
      }
      guard let layer = graph.layer(term.output) else { continue }
      do throws(CodedError) {
        try term.loss.check(fits: layer)
      } catch {
        throw terms.count == 1 ? error : error.speaking(of: term.output)
      }
    }
    guard terms.isEmpty || terms.contains(where: { $0.weight > 0 }) else {
      throw CodedError(
        .badValue, "The losses of all outputs are to count 0 times, so there is nothing to train for.")
    }
  }
}

extension CodedError {
  /// The same, with the loss that it suggests for one of several outputs alone: `loss={kind: mse}`.
  fileprivate func speaking(of output: String) -> CodedError {
    guard let suggestion, suggestion.hasPrefix("loss=") else { return self }
    let own = "loss={\(output): \(suggestion.dropFirst("loss=".count))}"
    return CodedError(code, message.replacing(suggestion, with: own), suggestion: own)
  }
}

/// What one output layer came to on some rows.
struct OutputTally: Equatable {
  /// Its losses, added up.
  var loss = 0.0
  /// How many rows, or steps that have answers, it classified as their targets say.
  var correct = 0.0

  static func + (a: OutputTally, b: OutputTally) -> OutputTally {
    OutputTally(loss: a.loss + b.loss, correct: a.correct + b.correct)
  }

  static func * (tally: OutputTally, factor: Double) -> OutputTally {
    OutputTally(loss: tally.loss * factor, correct: tally.correct * factor)
  }
}

extension [OutputTally] {
  /// Adds what other rows came to.
  mutating func add(_ others: [OutputTally]) { self = isEmpty ? others : zip(self, others).map { $0 + $1 } }
}
