package import Foundations
internal import NetworkSchema

/// A node of a network: what it takes in comes over edges, what it gives is an array of numbers a row.
///
/// Shapes leave the rows out. Those of images are height x width x channels, of signals length x channels, of
/// volumes depth x height x width x channels.
///
/// ```swift
/// let hidden = Layer(name: "hid", kind: .dense(units: 3, activation: .sigmoid))
/// ```
public struct Layer: Sendable, Equatable {
  /// What a layer does: one of the kinds in `Layers/`, whose files have the functions that make them.
  public struct Kind: Sendable, Equatable {
    package let base: any LayerKind

    package init(_ base: any LayerKind) { self.base = base }

    /// Two kinds are equal when they have the same name and options.
    public static func == (a: Kind, b: Kind) -> Bool {
      a.base.schema.name == b.base.schema.name && a.base.options == b.base.options
    }

    /// The kind as one of the engine's own types; nil where it is another.
    package func `as`<Type: LayerKind>(_ type: Type.Type) -> Type? { base as? Type }
  }

  /// Its name, its own within the network.
  public let name: String
  /// What it does.
  public let kind: Kind

  /// Creates a layer.
  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// What is done to each preactivation; linear for a layer that has none.
  public var activation: Activation { kind.base.activation ?? .linear }

  /// Whether it has an activation to speak of.
  public var hasActivation: Bool { kind.base.activation != nil }

  /// Whether each unit or filter has a bias.
  public var hasBias: Bool { kind.base.hasBias ?? false }

  /// Whether data enters here.
  public var isInput: Bool { kind.base.isInput }

  /// Whether its edges carry weights, which it adds up.
  public var isDense: Bool { kind.base.hasWeightedEdges }

  /// Refuses options that no layer can have.
  ///
  /// - Throws: `bad-value`, `bad-activation` or `too-large`.
  package func check() throws(CodedError) { try kind.base.check(named: name) }

  /// Whether it only says how the numbers of the layer before are to be read.
  var isView: Bool { kind.base.isView }

  /// The kind as the language names it.
  public var kindName: String { kind.base.schema.name }
}
