internal import Foundations

/// A network under an online rule: it keeps a state from step to step, and what it has learned is written into the model
/// when somebody asks for it.
extension Network {
  /// Writes what was learned online into the model.
  func settle() {
    guard isOnlineAhead, let online else { return }
    isOnlineAhead = false
    guard let model else { return }
    var values = model.parameterValues
    online.give(&values)
    model.parameterValues = values
  }

  /// Goes over to another rule; the state of steps before has no meaning for it.
  func leaveRule() {
    dropOnline()
    isActivated = false
  }

  /// Lets the online network go, with its state; what it has learned is kept.
  func dropOnline() {
    settle()
    isOnlineAhead = false
    (online, remembered, steps) = (nil, nil, nil)
    answersStep = false
  }

  /// Makes sure that the online network is there, with the parameters as they are.
  ///
  /// - Throws: `bad-edge` for what the rule has no meaning for.
  func readyOnline() throws(CodedError) {
    if online != nil, onlineVersion == version { return }
    let model = try prepared()
    if online == nil {
      online = try OnlineNetwork(graph, model.layout, rule: defaults.rule)
      if let remembered { _ = online?.take(remembered) }
      remembered = nil
    }
    online?.take(model.parameterValues)
    onlineVersion = version
  }

  /// Says that the online network has learned something.
  func noteLearning() {
    noteChange()
    onlineVersion = version
    isOnlineAhead = true
  }

  /// Forgets all that is kept from one step to the next: states, activations, gates and traces.
  public func forget() {
    online?.forget()
    (remembered, steps) = (nil, nil)
    (isActivated, answersStep) = (false, false)
  }

  /// Whether rows have to go through the network one after the other, because each sees what those before have left.
  var goesInOrder: Bool { defaults.rule.isOnline && graph.hasMemory }

  /// What it knows of the steps before; nil where that is nothing.
  var memory: NetworkMemory? {
    if let steps { return .steps(steps) }
    return (online?.state ?? remembered).map(NetworkMemory.online)
  }

  /// Takes up what it knew of steps before.
  func remember(_ memory: NetworkMemory?) {
    guard memory != self.memory else { return }
    dropOnline()
    switch memory {
    case .online(let state): remembered = state
    case .steps(let state): steps = state
    case nil: break
    }
  }

  /// Sends one step of a sequence through the network, which keeps what the step leaves for the next one.
  ///
  /// - Throws: `needs-steps`, or `bad-word`.
  func activateStep(_ row: [Double]) throws(CodedError) {
    steps = try step(row, from: steps)
    (isActivated, answersStep) = (false, true)
  }

  /// The answers to rows one after the other, from a state that knows nothing; the network's own state stays as it is.
  ///
  /// - Returns: rows x output width.
  /// - Throws: `bad-edge`, `interrupted`.
  func answers(inOrder inputs: [Double], rows: Int, isDone: (OnlineNetwork) -> Void = { _ in })
    throws(CodedError)
    -> [Double]
  {
    try readyOnline()
    guard var copy = online else { return [] }
    copy.forget()
    return try copy.answers(to: inputs, rows: rows, width: inputWidth, isDone: isDone)
  }
}

extension OnlineNetwork {
  /// The answers to rows one after the other.
  ///
  /// - Throws: `interrupted`.
  mutating func answers(
    to inputs: [Double], rows: Int, width: Int, isDone: (OnlineNetwork) -> Void = { _ in }
  ) throws(CodedError) -> [Double] {
    var answers: [Double] = []
    for row in 0..<rows {
      if row.isMultiple(of: 1024), Cancellation.isRequested() {
        throw .stoppedBeforeAllRows
      }
      activate(Array(inputs[row * width..<(row + 1) * width]))
      answers += outputs
      isDone(self)
    }
    return answers
  }
}
