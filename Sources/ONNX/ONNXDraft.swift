import NetworkSchema
import NeuralEngine

/// A network that is being made of a model's nodes: its layers can still change.
struct ONNXDraft {
  /// What a layer will be.
  enum Kind {
    case input
    case dense(units: Int)
    case convolution(filters: Int, Window, groups: Int)
    case recurrent(
      RecurrentCell, units: Int, gates: Activation, returnsAll: Bool, isReversed: Bool, both: Merge?)
    case other(NeuralEngine.Layer.Kind)
  }

  /// Where a layer's numbers come from.
  struct Source {
    var layer: Int
    var type = EdgeType.full
    var isTrainable = true
    /// How many steps ago it is read.
    var delay = 0
    /// The weights on the edge.
    var weights: [Double] = []

    /// Whether it has weights of its own where its target adds up what comes.
    var hasWeights: Bool { type != .identity && type != .carry }
  }

  struct Layer {
    var name: String
    var kind: Kind
    /// What it gives for one row, with the channels last.
    var shape: [Int]
    var sources: [Source] = []
    var merge: Merge?
    /// Whether it goes step by step with others, so that nothing may be put into it any more.
    var isStepped = false
    var activation = Activation.linear
    var hasBias = false
    var parameters: [ParameterRole: [Double]] = [:]
  }

  var layers: [Layer] = []
  /// The gates on edges, by the layers' names.
  var gates: [Gate] = []
  private var names: Set<String> = []
  /// Whether a name means something else in the language.
  let isReserved: (String) -> Bool

  init(isReserved: @escaping (String) -> Bool) { self.isReserved = isReserved }

  /// Adds a layer under a name like the wanted one.
  mutating func add(_ layer: Layer) -> Int {
    var layer = layer
    let wanted = layer.name.asLayerName
    var name = isReserved(wanted) ? wanted + "_" : wanted
    var number = 2
    while !names.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    layer.name = name
    layers.append(layer)
    return layers.count - 1
  }

  /// Whether numbers that a layer gives are those of steps of a sequence.
  func isSequence(_ number: Int) -> Bool {
    let layer = layers[number]
    switch layer.kind {
    case .recurrent(_, _, _, let returnsAll, _, _): return returnsAll
    case .dense: return layer.shape.count == 2
    case .other(let kind):
      let name = kind.schema.name
      return ["dropout", "batchnorm", "layernorm"].contains(name)
        && layer.sources.allSatisfy { isSequence($0.layer) }
    case .input, .convolution: return false
    }
  }
}

extension ONNXDraft.Layer {
  /// Whether it adds up numbers that nothing has been done to yet.
  var isLinear: Bool {
    guard activation == .linear, !isStepped else { return false }
    switch kind {
    case .dense, .convolution: return true
    default: return false
    }
  }

  var isDense: Bool { if case .dense = kind { true } else { false } }

  /// The layer as the engine has it.
  var made: NeuralEngine.Layer {
    let kind: NeuralEngine.Layer.Kind =
      switch self.kind {
      case .input: .input(shape: shape)
      case .dense(let units): .dense(units: units, activation: activation, hasBias: hasBias)
      case .convolution(let filters, let window, let groups):
        .convolution(
          Convolution(filters: filters, window, groups: groups, activation: activation, hasBias: hasBias))
      case .recurrent(let cell, let units, let gates, let returnsAll, let isReversed, let both):
        .recurrent(
          cell, units: units, activation: activation, gateActivation: gates, returnsAll: returnsAll,
          isReversed: isReversed, bidirectional: both, hasBias: hasBias)
      case .other(let kind): kind
      }
    return NeuralEngine.Layer(name: name, kind: kind)
  }
}
