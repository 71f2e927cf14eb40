import Datasets
import Diagnostics
import Foundations
import NeuralEngine
import Outputs

/// `generate "An" n=20 temperature=0.8`
struct GenerateText: SessionCommand {
  let start: Operand<Value>
  let n: Operand<Int>
  let temperature: Operand<Double>

  func run(_ context: CommandContext) throws { context.emit(.printed(try generated(context))) }

  private func generated(_ context: CommandContext) throws -> String {
    guard case .string(let text) = try start(context) else {
      throw Diagnostic(
        .badType, "`generate` goes on with a text, as in generate \"An\" n=20; an empty one, \"\", will do.",
        at: start.span)
    }
    return try context.session.generate(
      text, count: n(context), temperature: temperature(context), context.execution, at: context.span)
  }
}

extension Session {
  /// A text that the current network goes on with, token by token: each is drawn by the probabilities that the network
  /// gives, made sharper or flatter by the temperature, and is the input of the next step.
  ///
  /// - Returns: the beginning and what follows.
  func generate(
    _ start: String, count: Int, temperature: Double, _ execution: ExecutionContext, at span: SourceSpan
  ) throws -> String {
    let network = try readyNetwork(at: span)
    let vocabulary = try vocabulary(of: network, at: span)
    return try locating(span) {
      var walk = try network.walk()
      var numbers = try vocabulary.encode(start, of: "The beginning")
      // A text that is made up begins where a line does.
      let lead = vocabulary["\n"].map { [$0] } ?? []
      guard !(lead + numbers).isEmpty else {
        throw CodedError(
          .badValue,
          "The network's text has no line ends to begin after. Give `generate` at least one token, such as "
            + "`\(vocabulary.tokens[0])`.")
      }
      var probabilities: [Double] = []
      for number in lead + numbers { probabilities = try walk.step([Double(number)]) }
      for _ in 0..<count {
        try execution.checkInterruption()
        let next = try draw(probabilities, temperature)
        numbers.append(next)
        probabilities = try walk.step([Double(next)])
      }
      return vocabulary.decode(numbers)
    }
  }

  /// Draws a place by probabilities p, each taken as p^(1/T); at the temperature 0 the most probable one.
  private func draw(_ probabilities: [Double], _ temperature: Double) throws(CodedError) -> Int {
    guard let most = probabilities.max(), probabilities.allSatisfy(\.isFinite), most > 0,
      let best = probabilities.firstIndex(of: most)
    else {
      throw CodedError(
        .notFinite,
        "The network gives no finite probabilities: its weights are too large. Draw new ones: reset weights",
        suggestion: "reset weights")
    }
    guard temperature > 0 else { return best }
    let weights = probabilities.map { probability in
      probability <= 0
        ? 0 : ElementaryFunctions.exponential(ElementaryFunctions.logarithm(probability / most) / temperature)
    }
    var rest = random.uniform() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return place }
    }
    return best
  }

  /// The vocabulary of a language model.
  ///
  /// - Throws: `no-language-model`.
  private func vocabulary(of network: Network, at span: SourceSpan) throws -> Vocabulary {
    func refusal(_ reason: String) -> Diagnostic {
      Diagnostic(
        .noLanguageModel,
        "`generate` needs a language model, a network that gives the probabilities of the token that follows, and "
          + "`\(network.name)` \(reason)", at: span)
    }
    guard let vocabulary = schema(of: network)?.vocabulary else {
      throw refusal(
        "was not trained on a text. Read one and train on it: data book from \"book.txt\" tokens=char")
    }
    let outputs = network.graph.outputs
    guard outputs.count == 1, outputs[0].activation == .softmax,
      network.graph.outputWidth == network.graph.outputSteps * vocabulary.tokens.count
    else {
      throw refusal(
        "does not end with one softmax unit a token: layer \(outputs.first?.name ?? "out") dense "
          + "\(vocabulary.tokens.count) softmax")
    }
    guard network.graph.stepWidth == 1 else {
      throw refusal(
        "cannot go through a text token by token. Use an embedding, then rnn, lstm or gru layers that read forward."
      )
    }
    return vocabulary
  }
}
