import Foundations
internal import ModelFiles
internal import NeuralEngine

/// Parameters of one role as the engine has them, made of arrays of another program. The numbers are made when they are asked
/// for: whether a group fits a layer is seen by shapes alone.
struct WeightPart: Sendable {
  /// The shape that they have here.
  var shape: [Int]
  /// The arrays that they come from, as the file names them.
  var sources: [StoredArray]
  /// What was done to them, in words.
  var changes: [String]
  /// Makes the numbers.
  var values: @Sendable () -> [Double]

  /// An array, its axes in another order.
  ///
  /// - Parameter order: for each axis here its number there; nil where they are the same.
  init(_ array: StoredArray, axes order: [Int]? = nil, change: String? = nil) {
    self.init(shape: order.map { $0.map { array.shape[$0] } } ?? array.shape, [array], change) {
      let numbers = array.doubles
      guard let order else { return numbers }
      let steps = strides(array.shape)
      return offsets(order.map { array.shape[$0] }, order.map { steps[$0] }).map { numbers[$0] }
    }
  }

  /// Numbers of some arrays.
  init(
    shape: [Int], _ sources: [StoredArray], _ change: String? = nil,
    values: @escaping @Sendable () -> [Double]
  ) {
    self.shape = shape
    self.sources = sources
    changes = change.map { [$0] } ?? []
    self.values = values
  }
}

/// A group of arrays as parameters of a kind of layer.
struct WeightParts: Sendable {
  var parts: [ParameterRole: WeightPart] = [:]
  /// Arrays that nothing needs.
  var unused: [StoredArray] = []
}

/// Why a group of arrays is not what a layer needs.
struct WeightMismatch: Error {
  let reason: String
}

extension WeightGroup {
  /// The arrays as parameters of a layer of a kind, in the engine's layout. Flattened images are still in the other program's
  /// order.
  func parts(of kind: String, from origin: WeightOrigin) throws(WeightMismatch) -> WeightParts {
    switch origin {
    case .torch: try TorchWeights(group: self).parts(of: kind)
    case .keras: try KerasWeights(group: self).parts(of: kind)
    case .nbs: WeightParts()
    }
  }

  /// Whether a file's word for a kind of layer rules a kind of ours out.
  func mayBe(_ kind: String) -> Bool {
    guard let kinds = WeightGroup.kinds[self.kind] else { return true }
    return kinds.contains(kind)
  }

  /// Keras's words for kinds of layers, and what they are here.
  private static let kinds: [String: [String]] = [
    "dense": ["dense"], "conv1d": ["conv1d"], "conv2d": ["conv2d"], "conv3d": ["conv3d"],
    "batch_normalization": ["batchnorm"], "layer_normalization": ["layernorm"],
    "embedding": ["embedding"], "simple_rnn": ["rnn"], "lstm": ["lstm"], "gru": ["gru"],
    "bidirectional": ["rnn", "lstm", "gru"], "conv1d_transpose": [], "conv2d_transpose": [],
    "conv3d_transpose": [], "depthwise_conv1d": [], "depthwise_conv2d": [], "separable_conv1d": [],
    "separable_conv2d": [], "group_normalization": [], "unit_normalization": [], "p_re_lu": [],
    "multi_head_attention": [], "einsum_dense": [],
  ]
}

// MARK: - PyTorch

private struct TorchWeights {
  let group: WeightGroup

  func parts(of kind: String) throws(WeightMismatch) -> WeightParts {
    switch kind {
    case "dense": try linear(axes: 2)
    case "conv1d", "conv2d", "conv3d": try linear(axes: 2 + (Int(kind.dropFirst(4).prefix(1)) ?? 1))
    case "batchnorm", "layernorm": try normalization(isBatch: kind == "batchnorm")
    case "embedding": try embedding()
    case "rnn", "lstm", "gru": try recurrent(kind)
    default: throw WeightMismatch(reason: "a \(kind) has no parameters")
    }
  }

  private func only(_ roles: Set<String>) throws(WeightMismatch) {
    if let other = group.arrays.first(where: { !roles.contains($0.role) }) {
      throw WeightMismatch(reason: "`\(other.array.name.shownName)` is of another kind of layer")
    }
  }

  private func needed(_ role: String) throws(WeightMismatch) -> StoredArray {
    guard let array = group[role] else { throw WeightMismatch(reason: "it has no `\(role)`") }
    return array
  }

  private func linear(axes: Int) throws(WeightMismatch) -> WeightParts {
    try only(["weight", "bias"])
    let weight = try needed("weight")
    guard weight.shape.count == axes else {
      throw WeightMismatch(reason: "`\(weight.name.shownName)` has \(weight.shape.count) axes, not \(axes)")
    }
    var result = WeightParts()
    result.parts[.kernel] =
      axes == 2
      ? WeightPart(weight)
      : WeightPart(weight, axes: [0] + Array(2..<axes) + [1], change: "channels last")
    if let bias = group["bias"] { result.parts[.bias] = WeightPart(bias) }
    return result
  }

  private func normalization(isBatch: Bool) throws(WeightMismatch) -> WeightParts {
    let statistics = ["running_mean", "running_var", "num_batches_tracked"]
    try only(Set(["weight", "bias"] + (isBatch ? statistics : [])))
    var result = WeightParts()
    for (role, name) in [(ParameterRole.gamma, "weight"), (.beta, "bias")] {
      if let array = group[name] { result.parts[role] = WeightPart(array) }
    }
    if isBatch {
      for (role, name) in [(ParameterRole.mean, "running_mean"), (.variance, "running_var")] {
        let array = try needed(name)
        result.parts[role] = WeightPart(array)
      }
      if let count = group["num_batches_tracked"] { result.unused = [count] }
    } else if result.parts[.gamma]?.shape.count != 1 {
      throw WeightMismatch(reason: "its `weight` has not one axis")
    }
    return result
  }

  private func embedding() throws(WeightMismatch) -> WeightParts {
    try only(["weight"])
    let weight = try needed("weight")
    return WeightParts(parts: [.kernel: WeightPart(weight)])
  }

  private func recurrent(_ kind: String) throws(WeightMismatch) -> WeightParts {
    let roles = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    try only(Set(roles + roles.map { $0 + "_reverse" }))
    var result = WeightParts()
    try direction("", kind, [.kernel, .recurrent, .bias, .recurrentBias], &result)
    if group["weight_ih_reverse"] != nil {
      try direction(
        "_reverse", kind, [.backwardKernel, .backwardRecurrent, .backwardBias, .backwardRecurrentBias],
        &result)
    }
    return result
  }

  /// - Parameter roles: what the two matrices and the two biases become.
  private func direction(
    _ suffix: String, _ kind: String, _ roles: [ParameterRole], _ result: inout WeightParts
  ) throws(WeightMismatch) {
    for (role, name) in zip(roles, ["weight_ih", "weight_hh"]) {
      let array = try needed(name + suffix)
      result.parts[role] = part(array, kind)
    }
    guard let own = group["bias_ih" + suffix], let state = group["bias_hh" + suffix] else { return }
    guard own.shape == state.shape else { throw WeightMismatch(reason: "its two biases differ in length") }
    if kind == "gru" {
      result.parts[roles[2]] = part(own, kind)
      result.parts[roles[3]] = part(state, kind)
    } else {
      result.parts[roles[2]] = WeightPart(shape: own.shape, [own, state], "two biases added") {
        zip(own.doubles, state.doubles).map(+)
      }
    }
  }

  /// The gates of a GRU are r z n there and z r h here; an LSTM's are i f g o in both.
  private func part(_ array: StoredArray, _ kind: String) -> WeightPart {
    guard kind == "gru", array.count.isMultiple(of: 3) else {
      return WeightPart(array)
    }
    return WeightPart(shape: array.shape, [array], "gates r z n to z r n") {
      let (values, third) = (array.doubles, array.count / 3)
      return Array(values[third..<2 * third] + values[..<third] + values[(2 * third)...])
    }
  }
}

// MARK: - Keras

private struct KerasWeights {
  let group: WeightGroup

  /// The names of a layer's arrays in the order in which Keras numbers them.
  private static let names: [String: [String]] = [
    "dense": ["kernel", "bias"], "conv": ["kernel", "bias"],
    "batchnorm": ["gamma", "beta", "moving_mean", "moving_variance"], "layernorm": ["gamma", "beta"],
    "embedding": ["embeddings"], "recurrent": ["kernel", "recurrent_kernel", "bias"],
  ]

  /// An array by its name, or by the number that stands for it.
  private func array(_ name: String, _ family: String, _ prefix: String = "") -> StoredArray? {
    if let array = group[prefix + name] { return array }
    let number = KerasWeights.names[family]?.firstIndex(of: name)
    return number.flatMap { group[prefix + String($0)] }
  }

  private func needed(_ name: String, _ family: String, _ prefix: String = "") throws(WeightMismatch)
    -> StoredArray
  {
    guard let array = array(name, family, prefix) else { throw WeightMismatch(reason: "it has no `\(name)`") }
    return array
  }

  private func only(_ family: String, prefixes: [String] = [""]) throws(WeightMismatch) {
    let names = KerasWeights.names[family] ?? []
    let known = prefixes.flatMap { prefix in
      names.map { prefix + $0 } + names.indices.map { prefix + String($0) }
    }
    if let other = group.arrays.first(where: { !known.contains($0.role) }) {
      throw WeightMismatch(reason: "`\(other.array.name.shownName)` is of another kind of layer")
    }
  }

  func parts(of kind: String) throws(WeightMismatch) -> WeightParts {
    guard group.mayBe(kind) else { throw WeightMismatch(reason: "it is a \(group.kind) and no \(kind)") }
    switch kind {
    case "dense": return try linear("dense", axes: 2)
    case "conv1d", "conv2d", "conv3d":
      return try linear("conv", axes: 2 + (Int(kind.dropFirst(4).prefix(1)) ?? 1))
    case "batchnorm", "layernorm": return try normalization(kind)
    case "embedding":
      try only("embedding")
      let array = try needed("embeddings", "embedding")
      return WeightParts(parts: [.kernel: WeightPart(array)])
    case "rnn", "lstm", "gru": return try recurrent(kind)
    default: throw WeightMismatch(reason: "a \(kind) has no parameters")
    }
  }

  private func linear(_ family: String, axes: Int) throws(WeightMismatch) -> WeightParts {
    try only(family)
    let kernel = try needed("kernel", family)
    guard kernel.shape.count == axes else {
      throw WeightMismatch(reason: "`\(kernel.name.shownName)` has \(kernel.shape.count) axes, not \(axes)")
    }
    let order = axes == 2 ? [1, 0] : [axes - 1] + Array(0..<axes - 1)
    var result = WeightParts(parts: [
      .kernel: WeightPart(kernel, axes: order, change: axes == 2 ? "transposed" : "filters first")
    ])
    if let bias = array("bias", family) {
      result.parts[.bias] = WeightPart(bias)
    }
    return result
  }

  private func normalization(_ kind: String) throws(WeightMismatch) -> WeightParts {
    try only(kind)
    let roles: [ParameterRole] = [.gamma, .beta] + (kind == "batchnorm" ? [.mean, .variance] : [])
    var result = WeightParts()
    for (role, name) in zip(roles, KerasWeights.names[kind] ?? []) {
      let array = try needed(name, kind)
      result.parts[role] = WeightPart(array)
    }
    return result
  }

  private func recurrent(_ kind: String) throws(WeightMismatch) -> WeightParts {
    try only("recurrent", prefixes: ["", "backward "])
    var result = WeightParts()
    try direction("", kind, [.kernel, .recurrent, .bias, .recurrentBias], &result)
    if group.arrays.contains(where: { $0.role.hasPrefix("backward ") }) {
      try direction(
        "backward ", kind, [.backwardKernel, .backwardRecurrent, .backwardBias, .backwardRecurrentBias],
        &result)
    }
    return result
  }

  private func direction(
    _ prefix: String, _ kind: String, _ roles: [ParameterRole], _ result: inout WeightParts
  ) throws(WeightMismatch) {
    for (role, name) in zip(roles, ["kernel", "recurrent_kernel"]) {
      let array = try needed(name, "recurrent", prefix)
      guard array.shape.count == 2 else { throw WeightMismatch(reason: "its `\(name)` is no matrix") }
      result.parts[role] = WeightPart(array, axes: [1, 0], change: "transposed")
    }
    guard let bias = array("bias", "recurrent", prefix) else { return }
    guard kind == "gru" else {
      result.parts[roles[2]] = WeightPart(bias)
      return
    }
    guard bias.shape.count == 2, bias.shape[0] == 2 else {
      throw WeightMismatch(
        reason:
          "it was made with reset_after=False, and a gru here resets behind the matrix as reset_after=True does"
      )
    }
    let half = bias.shape[1]
    for (role, range) in [(roles[2], 0..<half), (roles[3], half..<2 * half)] {
      result.parts[role] = WeightPart(shape: [half], [bias], "a row of two") { Array(bias.doubles[range]) }
    }
  }
}
