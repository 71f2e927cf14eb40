public import Foundations
internal import NeuralEngine

extension Dataset {
  /// The most different tokens that a text may have: each is an output of a network.
  private static var mostTokens: Int { 50_000 }

  /// The windows of a text, one after the other: each row is a sequence of tokens, and has at each step the token that
  /// follows.
  ///
  /// ```swift
  /// let text = try Dataset(name: "t", text: "abab a", unit: .char, window: 2)
  /// let row = (text.inputs(ofRow: 1), text.targets(ofRow: 1))  // a b, and what follows each: b and the blank
  /// ```
  ///
  /// - Parameter window: how many tokens a row has; nil for 32, or fewer of a short text.
  /// - Throws: `empty-file`, `bad-window` for a text that is shorter than a window, `too-large`.
  public init(name: String, text: String, unit: TokenUnit, window: Int? = nil) throws(CodedError) {
    let vocabulary = Vocabulary(of: text, unit: unit)
    let numbers = try vocabulary.encode(text, of: "`\(name)`")
    let (what, plural) = unit == .char ? ("character", "characters") : ("word", "words")
    guard numbers.count > 1 else {
      throw CodedError(.emptyFile, "The text of `\(name)` has no two \(plural) that follow each other.")
    }
    try vocabulary.refuseTooMany(Dataset.mostTokens, of: name)
    let steps = window ?? min(32, numbers.count - 1)
    let rows = (numbers.count - 1) / steps
    guard rows > 0 else {
      throw CodedError(
        .badWindow,
        "window=\(steps) needs \(steps + 1) \(plural), one to follow the last, but the text of `\(name)` has \(numbers.count). "
          + "Use a shorter window.", suggestion: "window=\(max(1, (numbers.count - 1) / 2))")
    }
    try MemoryLimit.check([rows, steps], bytesEach: 16, for: "The tokens of `\(name)`")
    let used = rows * steps
    self.init(
      name: name, rows: rows, storage: .doubles(numbers[..<used].map(Double.init)),
      inputColumns: DataColumn.numbers("x", steps), targets: numbers[1...used].map(Double.init),
      targetColumns: DataColumn.numbers("y", steps),
      notes: [
        "\(numbers.count) \(numbers.count == 1 ? what : plural), a vocabulary of \(vocabulary.tokens.count), "
          + "\(rows) window\(rows == 1 ? "" : "s") of \(steps) tokens and those that follow"
      ], vocabulary: vocabulary)
  }

  /// The lines of a text as sequences of their own lengths: each begins with the end of the line before, and has at each step the
  /// token that follows, at last the end of the line. Empty lines are left out.
  ///
  /// - Throws: `empty-file` for a text without a line, `too-large`.
  public init(name: String, lines text: String, unit: TokenUnit) throws(CodedError) {
    let end = "\n"
    let lines = text.split(whereSeparator: \.isNewline).map { Vocabulary.cut(String($0), into: unit) }.filter
    {
      $0.contains { $0.contains { !$0.isWhitespace } }
    }
    guard !lines.isEmpty else {
      throw CodedError(.emptyFile, "The text of `\(name)` has no line with something in it.")
    }
    let vocabulary = Vocabulary(of: text + end, unit: unit)
    try vocabulary.refuseTooMany(Dataset.mostTokens, of: name)
    let count = lines.reduce(0) { $0 + $1.count + 1 }
    try MemoryLimit.check([count], bytesEach: 16, for: "The tokens of `\(name)`")
    func numbers(_ tokens: [[String]]) -> [Double] { tokens.joined().map { Double(vocabulary[$0] ?? 0) } }
    let lengths = lines.map { $0.count + 1 }
    self.init(
      name: name, rows: lines.count, storage: .doubles(numbers(lines.map { [end] + $0 })),
      inputColumns: DataColumn.numbers("x", 1), targets: numbers(lines.map { $0 + [end] }),
      targetColumns: DataColumn.numbers("y", 1),
      notes: [
        "a vocabulary of \(vocabulary.tokens.count); its lines: "
          + Dataset.note(lengths, width: 1, haveTargets: true)
      ], vocabulary: vocabulary, steps: SequenceSteps(lengths: lengths, haveTargets: true))
  }

  /// The same text with the numbers that another vocabulary has for its tokens.
  ///
  /// - Throws: `unknown-token` for one that the other lacks.
  public func renumbered(by other: Vocabulary) throws(CodedError) -> Dataset {
    guard let vocabulary, vocabulary != other else { return self }
    guard vocabulary.unit == other.unit else {
      throw CodedError(
        .unknownToken,
        "`\(name)` is cut into \(vocabulary.unit == .char ? "characters" : "words"), and the network reads "
          + "\(other.unit == .char ? "characters" : "words"). Use tokens=\(other.unit.rawValue).",
        suggestion: "tokens=\(other.unit.rawValue)")
    }
    var places: [Double] = []
    for token in vocabulary.tokens {
      guard let place = other[token] else {
        // Tokens that no row has any more, as after a split, do no harm.
        guard let own = vocabulary[token].map(Double.init), inputs.contains(own) || targets.contains(own)
        else {
          places.append(0)
          continue
        }
        throw other.unknown(token, "`\(name)`")
      }
      places.append(Double(place))
    }
    var made = replacing(
      storage: .doubles(inputs.map { places[Int($0)] }), targets: targets.map { places[Int($0)] })
    made.vocabulary = other
    return made
  }
}

extension Vocabulary {
  /// Refuses more tokens than a network may have outputs for.
  fileprivate func refuseTooMany(_ most: Int, of name: String) throws(CodedError) {
    guard tokens.count > most else { return }
    throw CodedError(
      .tooLarge,
      "The text of `\(name)` has \(tokens.count) different \(unit == .char ? "characters" : "words"), and \(most) are possible. "
        + "Cut it into characters: tokens=char", suggestion: "tokens=char")
  }
}
