import NeuralEngine

/// What `record` noted under one name. Like a variable it stays, so that a loop finds it without looking.
final class Series {
  var values: [Double] = []
}

/// A variable of a session. Compiled code holds on to it, so that reading it looks nothing up; deleting it
/// only empties it.
final class Variable {
  let name: String
  /// The mark by which arrays remember that they were computed from it; never 0.
  let id: Int32
  /// Nil while it has no value.
  var value: Value?

  init(name: String, id: Int32) {
    self.name = name
    self.id = id
  }

  /// Takes a value. An array becomes this variable's own, so that it can be differentiated by; one that was
  /// computed from the variable itself is stored plain, so that a training loop never remembers its past.
  @inline(__always)
  func assign(_ new: Value) {
    if case .tensor(let tensor) = new { value = .tensor(tensor.assigned(to: id)) } else { value = new }
  }
}
