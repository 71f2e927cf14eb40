internal import Foundations
internal import NeuralEngine

/// Tasks over time that are made up: a row is a sequence of steps x features, with a target at each step but for `adding`,
/// which has one at the end.
enum SequenceTasks {
  /// Their names.
  static let names = ["echo", "parity", "adding", "reber", "dsr", "timing"]

  /// The steps that a task has when nobody says, the fewest that make sense, and the features of a step.
  static func standard(_ name: String) -> (steps: Int, fewest: Int, features: Int)? {
    switch name {
    case "echo": (20, 2, 1)
    case "parity": (10, 2, 1)
    case "adding": (50, 6, 2)
    case "reber": (24, 2, symbols.count)
    case "dsr": (24, prompts.count + 2, 10)
    case "timing": (40, 2, 2)
    default: nil
    }
  }

  /// Makes a task.
  ///
  /// - Parameters:
  ///   - most: how many steps each row has, or may have; at least the fewest that ``standard(_:)`` names.
  ///   - fewest: for rows of their own lengths, each as likely as the others: how many steps the shortest may have, within the
  ///     same limits.
  ///   - delay: for `echo`: how many steps later a bit is wanted, below `steps`.
  static func make(
    _ name: String, count: Int, steps most: Int, fewest: Int? = nil, delay: Int, _ random: inout RandomStream
  ) -> Dataset {
    var (inputs, targets): ([Double], [Double]) = ([], [])
    var lengths: [Int] = []
    for _ in 0..<count {
      let steps = fewest.map { $0 + random.below(most - $0 + 1) } ?? most
      lengths.append(steps)
      let row: (inputs: [Double], targets: [Double]) =
        switch name {
        case "echo": echo(steps, delay, &random)
        case "parity": parity(steps, &random)
        case "adding": adding(steps, &random)
        case "reber": reber(steps, &random)
        case "dsr": recall(steps, &random)
        default: timing(steps, &random)
        }
      inputs += row.inputs
      targets += row.targets
    }
    if fewest != nil {
      let all = lengths.reduce(0, +)
      let haveTargets = name != "adding"
      return Dataset(
        name: name, rows: count, storage: .doubles(inputs),
        inputColumns: DataColumn.numbers("x", inputs.count / all),
        targets: targets, targetColumns: DataColumn.numbers("y", 1),
        steps: SequenceSteps(lengths: lengths, haveTargets: haveTargets))
    }
    let (width, wanted, steps) = (inputs.count / count, targets.count / count, most)
    return Dataset(
      name: name, rows: count, storage: .doubles(inputs), inputColumns: DataColumn.numbers("x", width),
      inputShape: [steps, width / steps], targets: targets, targetColumns: DataColumn.numbers("y", wanted))
  }

  /// Random bits; wanted is the bit of `delay` steps before, and 0 where there was none.
  private static func echo(
    _ steps: Int, _ delay: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    let bits = (0..<steps).map { _ in Double(random.below(2)) }
    return (bits, (0..<steps).map { $0 < delay ? 0 : bits[$0 - delay] })
  }

  /// Random bits; wanted is whether the number of ones so far is odd.
  private static func parity(
    _ steps: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    let bits = (0..<steps).map { _ in random.below(2) }
    var ones = 0
    return (
      bits.map(Double.init),
      bits.map { bit in
        ones += bit
        return Double(ones % 2)
      }
    )
  }

  /// The adding problem, experiment 4 of S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", *Neural Computation* 9
  /// (1997): a step has a number from -1 to 1 and a mark, which is 1 at one of the first ten steps and at one of the others
  /// of the first half, -1 at the first and the last step, and else 0. Wanted at the end is 0.5 + (X1 + X2) / 4 of the
  /// marked numbers; one that stands at the first step counts as 0. Here all rows have as many steps.
  private static func adding(
    _ steps: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    let values = (0..<steps).map { _ in random.uniform(from: -1, to: 1) }
    let first = random.below(min(10, steps - 1))
    var second = random.below(steps / 2 - 1)
    while second == first { second = random.below(steps / 2 - 1) }
    var marks = [Double](repeating: 0, count: steps)
    (marks[first], marks[second]) = (1, 1)
    (marks[0], marks[steps - 1]) = (-1, -1)
    let sum = [first, second].reduce(0.0) { $0 + ($1 == 0 ? 0 : values[$1]) }
    return (zip(values, marks).flatMap { [$0, $1] }, [0.5 + sum / 4])
  }

  // MARK: - Reber's grammar

  /// The symbols, in the order of their classes.
  static let symbols = Array("BTPSXVE")

  /// The arrows of A. Reber's grammar (1967): what may follow in each state, and the state behind it; none at its end.
  private static let grammar: [[(symbol: Character, next: Int)]] = [
    [("B", 1)], [("T", 2), ("P", 3)], [("S", 2), ("X", 4)], [("T", 3), ("V", 5)], [("X", 3), ("S", 6)],
    [("P", 4), ("V", 6)], [("E", 7)], [],
  ]

  /// A string of the embedded grammar, as A. Cleeremans, D. Servan-Schreiber and J. McClelland (1989) have it: B, T or P, a
  /// string of the grammar, the same T or P, E. The last but one symbol hangs on the second.
  static func embeddedString(_ random: inout RandomStream) -> [Character] {
    let outer: Character = random.below(2) == 0 ? "T" : "P"
    var text: [Character] = ["B", outer]
    var state = 0
    while !grammar[state].isEmpty {
      let ways = grammar[state]
      let way = ways[ways.count == 1 ? 0 : random.below(ways.count)]
      text.append(way.symbol)
      state = way.next
    }
    return text + [outer, "E"]
  }

  /// One string of the embedded grammar after the other, as F. Gers, J. Schmidhuber and F. Cummins, "Learning to Forget",
  /// *Neural Computation* 12 (2000), let them follow each other; a row begins with a string. Wanted is the number of the
  /// symbol that follows.
  private static func reber(
    _ steps: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    var text: [Character] = []
    while text.count <= steps { text += embeddedString(&random) }
    let places = text.compactMap(symbols.firstIndex)
    return (
      places.prefix(steps).flatMap { oneHot($0, symbols.count) },
      places[1...steps].map(Double.init)
    )
  }

  // MARK: - Distracted sequence recall

  private static let targetSymbols = [2, 4, 7, 8]
  private static let distractors = [3, 5, 6, 9]
  private static let prompts = [0, 1]

  /// Distracted sequence recall: D. Monner and J. Reggia, *Neural Networks* 25 (2012), with the symbols of Synaptic.js's
  /// trainer. Two of four symbols stand somewhere among distractors, and two prompts at the end ask for them in their order.
  /// Wanted is a class: which of the four symbols, 1 to 4, at the prompts, and 0, nothing, at all other steps.
  private static func recall(
    _ steps: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    let length = steps - prompts.count
    var sequence = (0..<length).map { _ in distractors[random.below(distractors.count)] }
    var places = [random.below(length)]
    while places.count < prompts.count {
      let place = random.below(length)
      if !places.contains(place) { places.append(place) }
    }
    var wanted = [Double](repeating: 0, count: length)
    for place in places.sorted() {
      let choice = random.below(targetSymbols.count)
      sequence[place] = targetSymbols[choice]
      wanted.append(Double(choice + 1))
    }
    return ((sequence + prompts).flatMap { oneHot($0, 10) }, wanted)
  }

  // MARK: - Timing

  /// The timing task of Synaptic.js's trainer: at a pulse on the first input, the second says for how many steps, as a share
  /// of 20, the answer is to be 0.5; then it is 0 for a random while, until the next pulse.
  private static func timing(
    _ steps: Int, _ random: inout RandomStream
  ) -> (inputs: [Double], targets: [Double]) {
    var inputs = [Double](repeating: 0, count: 2 * steps)
    var targets = [Double](repeating: 0, count: steps)
    func span() -> Int { Int((20 * random.uniform()).rounded()) }
    var step = 0
    while step < steps {
      let on = span()
      inputs[2 * step] = 1
      for place in step..<min(step + on + 1, steps) {
        inputs[2 * place + 1] = Double(on) / 20
        targets[place] = 0.5
      }
      step += on
      let off = span()
      for place in min(step + 1, steps)..<min(step + off + 1, steps) {
        inputs[2 * place + 1] = Double(on) / 20
      }
      // Two pulses at once would be none.
      step += on + off == 0 ? 1 : off
    }
    return (inputs, targets)
  }

  private static func oneHot(_ place: Int, _ count: Int) -> [Double] {
    (0..<count).map { $0 == place ? 1 : 0 }
  }
}
