/// The rules by which a network is computed and learns.
extension KindSchema {
  /// The rules that nbs itself has.
  static let standardRules = [gradientRule, synapticRule, synapticInterpretedRule, lstmGRule]

  /// Backpropagation.
  public static let gradientRule = KindSchema(
    "gradient", "gradient descent on the loss, by backpropagation through the network and through time")
  /// Synaptic.js.
  public static let synapticRule = KindSchema(
    "synaptic",
    "the online rule of Synaptic.js: a step at a time, with eligibility traces of the steps before, in 64 bits",
    examples: ["net a rule=synaptic", "net a rule=synaptic rate=0.3"],
    details: """
      The network keeps a state from one `activate` to the next, until `forget`. `propagate` moves each weight by the rate \
      times the error times the trace of its connection; the error of an output is target - output, whatever the loss. \
      `train` goes row by row in order and carries the state on. For dense layers with sigmoid, tanh, relu, linear or step.
      """)
  /// Synaptic.js without its compiler.
  public static let synapticInterpretedRule = KindSchema(
    "synaptic_interpreted",
    "the same as Synaptic's interpreted networks follow it, where a gate acts on traces one step later",
    examples: ["net a rule=synaptic_interpreted"])
  /// Monner and Reggia.
  public static let lstmGRule = KindSchema(
    "lstm_g",
    "the online rule of Monner and Reggia (2012), LSTM-g: a step at a time by the gradient of the loss, with eligibility traces",
    examples: ["net a rule=lstm_g", "net a rule=lstm_g loss=bce rate=0.3"],
    details: """
      What Synaptic.js was made from, as it is in the paper: `activate` gives what it gives under rule=gradient, step by step, \
      and `propagate` follows the gradient of the network's loss by the answer of the last step. Errors go back through \
      edges of that step, and to earlier steps by traces alone, so that each step costs the same however many went before. For \
      dense layers with sigmoid, tanh, relu or linear.
      """)
}
