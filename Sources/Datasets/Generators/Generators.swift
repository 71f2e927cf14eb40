public import Foundations
public import NeuralEngine

/// Data sets that are made up: the same seed makes the same one on every machine.
///
/// ```swift
/// var random = RandomStream(seed: 1)
/// let spiral = try Generators.make("spiral", count: 100, noise: 0.2, random: &random)
/// ```
public enum Generators {
  /// Their names.
  public static let names =
    [
      "spiral", "circles", "moons", "blobs", "gauss", "plane", "sine", "signals", "volumes",
    ] + SequenceTasks.names

  /// Whether a generator makes sequences, which have a number of steps.
  public static func makesSequences(_ name: String) -> Bool { SequenceTasks.names.contains(name) }

  /// Makes a data set; nil for a name that is none.
  ///
  /// - Parameters:
  ///   - count: how many rows; nil for what suits the generator.
  ///   - noise: the deviation of what is added to each value, from 0 to 10; nil for what suits the generator.
  ///   - steps: how many steps each sequence has; nil for what suits the generator.
  ///   - shortest: for sequences of their own lengths: how many steps the shortest may have, and `steps` the longest.
  ///   - delay: for `echo`: how many steps later a bit is wanted.
  /// - Throws: `bad-count` or `bad-noise`.
  public static func make(
    _ name: String, count: Int? = nil, noise: Double? = nil, steps: Int? = nil, shortest: Int? = nil,
    delay: Int? = nil,
    random: inout RandomStream
  ) throws(CodedError) -> Dataset? {
    if let standard = SequenceTasks.standard(name) {
      return try sequences(name, standard, count, steps, shortest, delay, &random)
    }
    guard let standard = defaults[name] else { return nil }
    let count = count ?? standard.count
    let noise = noise ?? standard.noise
    let most = 50_000_000 / standard.width
    guard (standard.fewest...most).contains(count) else {
      throw CodedError(
        .badCount, "`\(name)` can be generated with \(standard.fewest) to \(most) rows, not n=\(count).",
        suggestion: "n=\(standard.count)")
    }
    guard (0...10).contains(noise) else {
      throw CodedError(
        .badNoise, "noise=\(noise) is out of range: it is a standard deviation from 0 to 10.",
        suggestion: "noise=\(standard.noise)")
    }
    switch name {
    case "signals": return Shapes.signals(count, noise, &random)
    case "volumes": return Shapes.volumes(count, noise, &random)
    case "plane", "sine": return curve(name, count, noise, &random)
    default: return points(name, count, noise, &random)
    }
  }

  private static func sequences(
    _ name: String, _ standard: (steps: Int, fewest: Int, features: Int), _ count: Int?, _ steps: Int?,
    _ shortest: Int?, _ delay: Int?, _ random: inout RandomStream
  ) throws(CodedError) -> Dataset {
    let (count, steps) = (count ?? 1000, steps ?? standard.steps)
    guard steps >= standard.fewest, steps <= 100_000 else {
      throw CodedError(
        .badCount,
        "A sequence of `\(name)` can have \(standard.fewest) to 100000 steps, not steps=\(steps).",
        suggestion: "steps=\(standard.steps)")
    }
    if let shortest, !(standard.fewest...steps).contains(shortest) {
      throw CodedError(
        .badCount,
        "shortest=\(shortest) is no length between \(standard.fewest), the fewest steps that a sequence of `\(name)` can have, and steps=\(steps).",
        suggestion: "shortest=\(standard.fewest)")
    }
    let most = 50_000_000 / (steps * standard.features)
    guard (2...most).contains(count) else {
      throw CodedError(
        .badCount,
        "`\(name)` can be generated with 2 to \(most) rows of \(steps) steps, not n=\(count).",
        suggestion: "n=\(min(1000, most))")
    }
    let delay = delay ?? min(3, steps - 1)
    guard (1..<steps).contains(delay) else {
      throw CodedError(
        .badCount, "delay=\(delay) reaches out of a sequence of \(steps) steps. Use 1 to \(steps - 1).",
        suggestion: "delay=\(steps - 1)")
    }
    return SequenceTasks.make(name, count: count, steps: steps, fewest: shortest, delay: delay, &random)
  }

  private static let defaults: [String: (count: Int, noise: Double, fewest: Int, width: Int)] = [
    "spiral": (400, 0.1, 2, 2), "circles": (400, 0.05, 2, 2), "moons": (400, 0.1, 2, 2),
    "blobs": (300, 0.6, 3, 2),
    "gauss": (400, 1, 2, 2), "plane": (400, 0.05, 2, 2), "sine": (200, 0.1, 2, 1),
    "signals": (1000, 0.1, Shapes.signalNames.count, Shapes.signalLength),
    "volumes": (400, 0.1, Shapes.volumeNames.count, Shapes.side * Shapes.side * Shapes.side),
  ]

  /// Points in the plane, in turn of each class.
  private static func points(
    _ name: String, _ count: Int, _ noise: Double, _ random: inout RandomStream
  ) -> Dataset {
    let classes = name == "blobs" ? ["a", "b", "c"] : ["inner", "outer"]
    let names = name == "circles" || name == "blobs" ? classes : ["a", "b"]
    var inputs: [Double] = []
    var targets: [Double] = []
    for row in 0..<count {
      let label = row % names.count
      let (x, y) = point(name, label, &random)
      // Noise of `gauss` and `blobs` is what they are made of, and of the others what blurs them.
      inputs += [x + noise * random.normal(), y + noise * random.normal()]
      targets.append(Double(label))
    }
    return Dataset(
      name: name, rows: count, storage: .doubles(inputs), inputColumns: [DataColumn("x1"), DataColumn("x2")],
      targets: targets, targetColumns: [DataColumn("class", levels: names)])
  }

  private static func point(_ name: String, _ label: Int, _ random: inout RandomStream) -> (Double, Double) {
    switch name {
    case "spiral":
      // The square root spreads the points evenly along the arm.
      let turn = random.uniform().squareRoot() * 3 * Double.pi
      let angle = turn + Double(label) * Double.pi
      return (
        turn / 3 * ElementaryFunctions.cosine(angle), turn / 3 * ElementaryFunctions.sine(angle)
      )
    case "circles":
      let angle = random.uniform(from: 0, to: 2 * Double.pi)
      let radius = label == 0 ? 0.5 : 1.0
      return (radius * ElementaryFunctions.cosine(angle), radius * ElementaryFunctions.sine(angle))
    case "moons":
      let angle = random.uniform(from: 0, to: Double.pi)
      let (x, y) = (ElementaryFunctions.cosine(angle), ElementaryFunctions.sine(angle))
      return label == 0 ? (x, y) : (1 - x, 0.5 - y)
    case "blobs": return [(-2.0, -1.0), (2.0, -1.0), (0.0, 2.5)][label]
    default: return label == 0 ? (-2, -2) : (2, 2)
    }
  }

  /// Amounts to be predicted: over a plane, or along a wave.
  private static func curve(
    _ name: String, _ count: Int, _ noise: Double, _ random: inout RandomStream
  ) -> Dataset {
    let isSine = name == "sine"
    var inputs: [Double] = []
    var targets: [Double] = []
    for _ in 0..<count {
      let x = random.uniform(from: isSine ? -Double.pi : -6, to: isSine ? Double.pi : 6)
      let z = isSine ? 0 : random.uniform(from: -6, to: 6)
      inputs += isSine ? [x] : [x, z]
      targets.append((isSine ? ElementaryFunctions.sine(x) : (x + z) / 10) + noise * random.normal())
    }
    return Dataset(
      name: name, rows: count, storage: .doubles(inputs),
      inputColumns: DataColumn.numbers("x", isSine ? 1 : 2),
      targets: targets, targetColumns: [DataColumn("y")])
  }
}
