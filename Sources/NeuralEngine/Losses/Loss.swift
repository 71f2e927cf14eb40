package import Foundations
package import NetworkSchema

/// What training makes small, for one row; a batch's rows are then averaged or added up.
///
/// They are Keras 3's, with its defaults (keras/src/losses/losses.py).
///
/// ```swift
/// let loss = Loss(named: "mse") ?? .mse
/// ```
public struct Loss: Sendable, Hashable {
  package let rule: any LossRule

  package init(_ rule: any LossRule) { self.rule = rule }

  /// The loss as the language names it.
  public var name: String { rule.schema.name }

  /// A loss by its name; nil where there is none.
  public init?(named name: String) {
    guard let known = Loss.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  /// All of them, in the order in which help lists them.
  public static let all: [Loss] = [.mse, .mae, .huber, .bce, .crossentropy, .hinge, .kl, .poisson]

  /// The loss that fits a last layer's activation when the user names none.
  public static func fitting(_ activation: Activation) -> Loss {
    switch activation {
    case .softmax: .crossentropy
    case .sigmoid: .bce
    default: .mse
    }
  }

  /// Two losses are equal when they have the same name.
  public static func == (a: Loss, b: Loss) -> Bool { a.name == b.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// The rule of a loss: all that the engine knows of it besides its kernels.
package protocol LossRule: Sendable {
  /// Its name.
  var schema: KindSchema { get }

  /// Where one output parts two classes.
  var threshold: Double { get }

  /// Whether targets and outputs are probabilities of one whole in each layer.
  var comparesDistributions: Bool { get }

  /// The activation with which its gradient by the preactivations is simply output - target: the product of the two
  /// derivatives, which stays exact where each factor alone would not.
  var fusedActivation: Activation? { get }

  /// Why an output layer's activation cannot serve it; nil where it can.
  func mismatch(_ layer: Layer) -> LossMismatch?

  /// Targets as the kernels take them.
  ///
  /// - Throws: `bad-target` for those that the loss says nothing sensible about.
  func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double]
}

/// What an activation lacks for a loss, and what would do: "bce needs …, but … Make it …".
package struct LossMismatch: Sendable {
  let needs: String
  let fix: String
  let suggestion: String
}

extension LossRule {
  package var threshold: Double { 0.5 }
  package var comparesDistributions: Bool { false }
  package var fusedActivation: Activation? { nil }
  package func mismatch(_ layer: Layer) -> LossMismatch? { nil }
  package func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double] { targets }

  /// What to use in place of the loss with a layer.
  func alternative(for layer: Layer) -> String { "loss=\(Loss.fitting(layer.activation).name)" }
}

extension Loss {
  /// Where one output parts two classes.
  var threshold: Double { rule.threshold }

  /// Whether the loss gives the gradient by the preactivations of this activation at once.
  func isFused(with activation: Activation) -> Bool { rule.fusedActivation == activation }

  /// Refuses a loss that an output layer's activation cannot serve.
  ///
  /// - Throws: `loss-mismatch`.
  func check(fits layer: Layer) throws(CodedError) {
    if rule.comparesDistributions, layer.activation == .softmax, !layer.isDense {
      throw CodedError(
        .lossMismatch,
        "\(name) compares one row of probabilities, but `\(layer.name)` (\(layer.kindName)) gives one at each place. "
          + "End with a flatten and a dense layer with softmax.", suggestion: "loss=mse")
    }
    guard let mismatch = rule.mismatch(layer) else { return }
    throw CodedError(
      .lossMismatch,
      "\(name) \(mismatch.needs), but `\(layer.name)` is \(layer.activation.rawValue). \(mismatch.fix)",
      suggestion: mismatch.suggestion)
  }

  /// Targets as the kernels take them.
  ///
  /// - Throws: `bad-target`.
  func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double] {
    if let bad = targets.first(where: { !$0.isFinite }) {
      throw CodedError(.badTarget, "`\(data)` has the target \(bad), which is not finite.")
    }
    return try rule.prepared(targets, of: data)
  }
}

extension ErrorSignal {
  /// Whether the gradient is that by the preactivations of this activation at once.
  func isFused(with activation: Activation) -> Bool {
    switch self {
    case .loss(let loss): loss.isFused(with: activation)
    case .perceptron: activation == .step
    case .several: false
    }
  }
}
