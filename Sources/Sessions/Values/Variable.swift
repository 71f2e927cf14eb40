import NeuralEngine

/// What `record` noted under one name. Like a variable it stays, so that a loop finds it without looking.
final class Series {
  private(set) var values: [Double] = []
  /// How many of them whoever keeps the run has been handed.
  var handedOn = 0
  /// How many there are when it is time to see whether more should be handed on.
  private var nextLook = 1

  /// Takes a value.
  ///
  /// - Parameter look: called now and then; gives after how many values to call it again.
  @inline(__always)
  func note(_ value: Double, look: () -> Int) {
    values.append(value)
    if values.count >= nextLook { nextLook = values.count + look() }
  }

  /// Goes back to earlier values. Where some of those that are gone were handed on, all are handed on anew.
  func restore(_ earlier: [Double]) {
    values = earlier
    nextLook = 1
    if earlier.count < handedOn { handedOn = 0 }
  }

  /// Forgets the values; those to come are a new series.
  func clear() {
    values = []
    handedOn = 0
    nextLook = 1
  }
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
