import Foundations

// Assignments to elements, `a[0] = x`. A tensor that nobody else holds is changed where it is, so that a loop that fills an
// array takes time for what it writes and not for the whole array. Where gradients are to go through, the tensor
// remembers what was written where, in one list. Reading an element in between (`a[i] = a[i - 1] * w`) refers to the
// array as it was then: what is known of it so far moves to a tensor without numbers, its version, which the element
// and all that is written later are computed from.

extension Tensor {
  /// Writes `value` where the indexes say, as `a[…] = value` does: what `replacing(_:with:)` gives.
  ///
  /// - Parameter isRecorded: whether gradients go through what is written and what was there; else plain numbers stay,
  ///   under the same variable.
  /// - Throws: what `replacing(_:with:)` throws; `tensor` is then as it was.
  public static func assign(
    _ value: Tensor, at indexes: [ArrayIndex], of tensor: inout Tensor, isRecorded: Bool = false
  ) throws {
    let selection = try tensor.selection(indexes)
    let value = try fitted(value, to: selection.shape)
    let isRecorded = isRecorded && (tensor.isRecorded || value.isRecorded)
    if isKnownUniquelyReferenced(&tensor.storage), tensor !== value, !tensor.isBoolean || value.isBoolean,
      !isRecorded || tensor.takesWrites
    {
      LayoutKernels.write(value, at: selection.places, of: tensor)
      if isRecorded { tensor.note(selection.places, value) } else { tensor.forgetInputs() }
      return
    }
    try tensor.checkRoom()
    let replaced = LayoutKernels.replace(
      tensor, at: selection.places, by: value, isBoolean: tensor.isBoolean && value.isBoolean)
    if isRecorded, !replaced.isBoolean {
      replaced.note(selection.places, value, base: tensor)
      tensor = replaced
    } else {
      let variable = tensor.variable
      tensor = variable == 0 ? replaced : replaced.stamped(variable: variable)
    }
  }

  /// Whether nothing on the way back reads the tensor's numbers, so that they may change.
  private var takesWrites: Bool {
    switch operation {
    case .constant, .version: true
    case .detailed: if case .write? = storage.details?.operation { true } else { false }
    default: false
    }
  }

  private var isOfVersion: Bool { if case .version = operation { true } else { false } }

  /// Remembers a write. What the tensor was computed from is the base of the first one.
  private func note(_ places: Places, _ value: Tensor, base: Tensor? = nil) {
    if case .write(let writes)? = storage.details?.operation {
      writes.places.append(places)
      storage.details?.inputs.append(value)
    } else {
      let base = isOfVersion ? storage.first : base
      storage.first = nil
      storage.details = OperationDetails(
        .write(Writes(places, hasBase: base != nil)), inputs: (base.map { [$0] } ?? []) + [value])
      storage.operation = .detailed
      if let base { noteDependencies(of: base) }
    }
    noteDependencies(of: value)
  }

  private func noteDependencies(of input: Tensor) {
    storage.dependencies |= input.dependencies
    storage.depth = Swift.max(storage.depth, input.depth == .max ? .max : input.depth + 1)
  }

  /// What an element of the tensor is computed from: the tensor, or its version where more may be written.
  var version: Tensor {
    if isOfVersion, let first { return first }
    guard variable == 0, let details = storage.details,
      case .write = details.operation
    else { return self }
    let version = Tensor(storage: TensorStorage.withoutNumbers(dimensions))
    version.storage.details = details
    version.storage.operation = .detailed
    version.storage.dependencies = dependencies
    version.storage.depth = depth
    storage.details = nil
    storage.operation = .version
    storage.first = version
    storage.depth = depth == .max ? depth : depth + 1
    return version
  }
}

/// What was written into a tensor and where, one after another. The tensor's inputs are what was there before, unless
/// that was constant, and the values.
final class Writes {
  let hasBase: Bool
  var places: [Places]

  init(_ places: Places, hasBase: Bool) {
    self.places = [places]
    self.hasBase = hasBase
  }
}

extension GradientRules {
  /// The gradients of what was written: each value's is what no later write has covered.
  func writeGradients(_ writes: Writes, _ inputs: [Tensor], _ g: Tensor) throws -> [Tensor?] {
    var parts = [Tensor?](repeating: nil, count: inputs.count)
    let first = writes.hasBase ? 1 : 0
    var rest = g
    for (number, places) in writes.places.enumerated().reversed() {
      let value = inputs[first + number]
      if wants(value) { parts[first + number] = rest.gathered(places, value.dimensions) }
      if first + number == 0 { break }
      let zeros = try Tensor.zeros([places.count])
      if recording {
        rest = rest.replaced(places, by: zeros)
      } else {
        // The first time this copies the gradient, which others may hold.
        if rest === g { rest = g.detached() }
        LayoutKernels.write(zeros, at: places, of: rest)
      }
    }
    if writes.hasBase, wants(inputs[0]) { parts[0] = rest }
    return parts
  }
}
