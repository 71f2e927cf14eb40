import Foundations

/// The gradients of a single number with respect to tensors that it was computed from, by reverse-mode
/// differentiation.
///
/// ```swift
/// let w = Tensor([1, 2, 3]).stamped(variable: 1)
/// let gradient = try gradients(of: (w * w).sum(), withRespectTo: [w])[0]  // [2 4 6]
/// ```
///
/// - Parameters:
///   - loss: a tensor of one element.
///   - targets: tensors that variables hold (`stamped(variable:)`), or that were computed from such.
///   - names: what to call the targets in errors.
///   - recording: whether the gradients can be differentiated again.
/// - Returns: a tensor for each target, in its shape.
/// - Throws: `not-a-number` if the loss has more than one element; `independent` if it was not computed from a
///   target at all; `stale-gradient` if it was computed from an earlier value of the target's variable.
public func gradients(
  of loss: Tensor, withRespectTo targets: [Tensor], names: [String] = [], recording: Bool = false
) throws -> [Tensor] {
  guard loss.count == 1 else {
    throw CodedError(
      .notANumber,
      "A gradient needs a single number, and this is \(loss.shape.shapeText). Reduce it first: sum(…).")
  }
  var walk = BackwardWalk(from: loss, to: targets)
  defer { walk.clear() }
  try walk.checkTargets(names: names)
  return try walk.gradients(recording: recording)
}

/// One walk over what a tensor was computed from. Lists stand in for recursion, which would overflow the stack
/// on a long computation; each tensor on the way notes its number, so that nothing is looked up.
private struct BackwardWalk {
  let targets: [Tensor]
  let wanted: UInt64
  /// The tensors through which gradients may flow, the loss first.
  var nodes: [Tensor]
  /// By number: how many uses of the tensor have yet to give their part of its gradient.
  var uses: [Int] = [0]

  init(from loss: Tensor, to targets: [Tensor]) {
    self.targets = targets
    let wanted = targets.reduce(0) {
      $0 | ($1.variable == 0 ? $1.dependencies : Tensor.bit(of: $1.variable))
    }
    self.wanted = wanted
    nodes = [loss]
    loss.slot = 0
    var cursor = 0
    while cursor < nodes.count {
      let node = nodes[cursor]
      node.forEachInput { input in
        guard input.dependencies & wanted != 0 else { return }
        if input.slot < 0 {
          input.slot = nodes.count
          nodes.append(input)
          uses.append(0)
        }
        uses[input.slot] += 1
      }
      cursor += 1
    }
  }

  func clear() { for node in nodes { node.slot = -1 } }

  func checkTargets(names: [String]) throws {
    for (i, target) in targets.enumerated() where target.slot < 0 {
      let name = i < names.count ? "`\(names[i])`" : "the variable"
      if target.variable != 0, nodes.contains(where: { $0.variable == target.variable }) {
        throw CodedError(
          .staleGradient,
          "This was computed from an earlier value of \(name), which has been assigned since then. "
            + "Compute it again, then take the gradient.")
      }
      throw CodedError(
        .independent,
        "This was not computed from \(name), so there is no gradient with respect to it. "
          + "A variable that is assigned from itself, as by `L += …`, keeps only numbers: compute the sum in a function."
      )
    }
  }

  /// Each tensor gives its gradient on once all that was computed from it has given its part.
  mutating func gradients(recording: Bool) throws -> [Tensor] {
    let rules = GradientRules(recording: recording, wanted: wanted)
    var sums = [Tensor?](repeating: nil, count: nodes.count)
    sums[0] = try Tensor.ones(nodes[0].shape)
    let isKept = keptNodes()
    var ready = [0]
    // A short walk is over before anybody could want it stopped.
    let isCancelled = nodes.count > 64 ? Cancellation.isRequested : { false }
    while let number = ready.popLast(), number & 63 != 0 || !isCancelled() {
      let node = nodes[number]
      let parts = try sums[number].map { try rules.inputGradients(of: node, $0) } ?? []
      var position = 0
      try node.forEachInput { input in
        defer { position += 1 }
        guard input.slot >= 0 else { return }
        if position < parts.count, let part = parts[position] {
          sums[input.slot] = try sums[input.slot].map { try $0 + part } ?? part
        }
        uses[input.slot] -= 1
        if uses[input.slot] == 0 { ready.append(input.slot) }
      }
      if !isKept[number] { sums[number] = nil }
    }
    return try targets.map { try sums[$0.slot] ?? Tensor.zeros($0.shape) }
  }

  private func keptNodes() -> [Bool] {
    var kept = [Bool](repeating: false, count: nodes.count)
    for target in targets { kept[target.slot] = true }
    return kept
  }
}

extension Tensor {
  /// The result of an operation that the arrays do not know from inside.
  ///
  /// - Parameter result: its numbers, a new constant that nobody else holds.
  /// - Throws: `bad-shape` where the shape does not hold as many.
  public static func custom(
    _ operation: any CustomOperation, inputs: [Tensor], shape: [Int], result: Tensor
  ) throws -> Tensor {
    try result.reshaped(shape).recorded(.custom(operation), inputs: inputs)
  }
}
