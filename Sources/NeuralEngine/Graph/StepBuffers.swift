/// What a plan for one step of a sequence reads of the steps before, and leaves for those that follow.
package struct StepBuffers: Sendable {
  /// What of a layer is kept.
  package enum Part: Sendable, Hashable {
    /// What it gives.
    case output
    /// What it has added up, for its carry.
    case sum
    /// An LSTM's cells.
    case cell
  }

  /// A number for each unit of a layer, as it was some steps ago.
  package struct State: Sendable {
    /// The layer.
    package let layer: String
    /// What of it.
    package let part: Part
    /// How many steps ago it was so, from 1.
    package let age: Int
    /// Where it enters.
    package let before: BufferID
    /// Where the step leaves what will be of the step before then; for an age of 1 alone, since older ones only move on.
    package var after: BufferID?
  }

  fileprivate var states: [State] = []
  fileprivate var left: [Key: BufferID] = [:]

  fileprivate struct Key: Hashable {
    let layer: String
    let part: Part
  }
}

extension Lowering {
  /// What a layer gave, or had added up, some steps ago; for a stepwise plan.
  mutating func earlier(_ part: StepBuffers.Part, of layer: String, age: Int, width: Int) -> Value {
    let known = memory.states.filter { $0.layer == layer && $0.part == part }
    if let state = known.first(where: { $0.age == age }) {
      return Value(buffer: state.before, shape: [width])
    }
    // Younger ones are what it will be read from.
    for age in known.count + 1...max(age, known.count + 1) {
      let made = array("\(layer), \(age) step\(age == 1 ? "" : "s") before", [width])
      memory.states.append(StepBuffers.State(layer: layer, part: part, age: age, before: made.buffer))
    }
    let made = memory.states.last { $0.layer == layer && $0.part == part }
    return Value(buffer: made?.before ?? BufferID(number: 0), shape: [width])
  }

  /// Notes what a layer has added up, or its cells, for the step that follows.
  mutating func leave(_ part: StepBuffers.Part, of layer: String, _ value: Value) {
    memory.left[StepBuffers.Key(layer: layer, part: part)] = value.buffer
  }

  /// What is read of the steps before, with what this one leaves.
  func rememberedStates() -> [StepBuffers.State] {
    memory.states.map { state in
      guard state.age == 1 else { return state }
      var state = state
      state.after =
        state.part == .output
        ? values[state.layer]?.buffer : memory.left[StepBuffers.Key(layer: state.layer, part: state.part)]
      return state
    }
  }
}
