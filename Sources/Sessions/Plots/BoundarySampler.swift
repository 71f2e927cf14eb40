import Datasets
import Diagnostics
import NeuralEngine
import Outputs

extension Session {
  func boundary(_ arguments: CommandArguments) throws -> BoundaryPlot {
    let set = try data(arguments.requiredName("data"), at: arguments.span("data")).set
    let network = try readyNetwork(at: arguments.span)
    let plane = try PlaneInputs(set, arguments, verb: "boundary")
    return try locating(arguments.span) {
      try BoundarySampler(session: self, network: network, set: set, plane: plane).plot()
    }
  }
}

/// The two inputs of a data set that a picture's axes are.
struct PlaneInputs {
  let x: Int
  let y: Int

  /// The inputs that the command names, or the only two there are.
  ///
  /// - Throws: `wrong-shape`, saying how to name two, or `unknown-input`.
  init(_ set: Dataset, _ arguments: CommandArguments, verb: String) throws {
    let names = set.inputNames
    guard names.count >= 2 else {
      throw Diagnostic(
        "wrong-shape", "A plane needs two inputs, but `\(set.name)` has one.", at: arguments.span("data"))
    }
    let isTold = arguments.isGiven("x") && arguments.isGiven("y")
    guard names.count == 2 || isTold else {
      let example = "plot \(verb) \(set.name) x=\(names[0].asColumn) y=\(names[1].asColumn)"
      throw Diagnostic(
        "wrong-shape",
        "A plane has two inputs, but `\(set.name)` has \(names.count). Say which two to draw, and the others are held at their means: `\(example)`",
        at: arguments.span, suggestion: example)
    }
    x = try PlaneInputs.column("x", names, arguments) ?? 0
    y = try PlaneInputs.column("y", names, arguments) ?? 1
    guard x != y else {
      throw Diagnostic(
        "bad-value", "`x` and `y` must be two different inputs, but both are `\(names[x])`.",
        at: arguments.span(arguments.isGiven("y") ? "y" : "x"))
    }
  }

  private static func column(_ slot: String, _ names: [String], _ arguments: CommandArguments) throws -> Int?
  {
    guard let name = arguments.name(slot) else { return nil }
    if let column = names.firstIndex(of: name) { return column }
    let nearest = DidYouMean.nearest(to: name, among: names)
    let some = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    throw Diagnostic(
      "unknown-input",
      "There is no input `\(name)`. " + (nearest.map { "Did you mean `\($0)`?" } ?? "There are \(some)."),
      at: arguments.span(slot), suggestion: nearest)
  }
}

extension String {
  /// The name as it is typed: in quotes where it is no word.
  fileprivate var asColumn: String {
    let isWord = first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    if isWord { return self }
    let escaped = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}

/// Asks a network for its answers over the plane around a data set.
private struct BoundarySampler {
  let session: Session
  let network: Network
  let set: Dataset
  let plane: PlaneInputs
  /// Fine enough for a wide terminal; a renderer picks from it.
  private let columns = 96
  private let rows = 64

  init(session: Session, network: Network, set: Dataset, plane: PlaneInputs) {
    self.session = session
    self.network = network
    self.set = set
    self.plane = plane
  }

  private var reader: ClassAnswers {
    ClassAnswers(network, names: session.classes(of: network))
  }

  func plot() throws -> BoundaryPlot {
    let xRange = padded(set.input(plane.x))
    let yRange = padded(set.input(plane.y))
    let middle = set.inputNames.indices.map { mean(set.input($0)) }
    let grid = grid(xRange, yRange, middle)
    let answers = try session.answers(of: network, to: grid, rows: rows * columns, name: set.name)
    let outputs = try session.answers(of: network, to: set.inputs, rows: set.rows, name: set.name)
    var plot = BoundaryPlot(
      title: "\(network.name) on \(set.name)", xLabel: set.inputNames[plane.x],
      yLabel: set.inputNames[plane.y], xRange: xRange, yRange: yRange, gridColumns: columns,
      answers: (0..<rows * columns).map { reader.answer(answers, row: $0) }, classes: reader.classes,
      points: (0..<set.rows).map { point($0, outputs) })
    plot.fixed = set.inputNames.indices.filter { $0 != plane.x && $0 != plane.y }.map {
      .init(name: set.inputNames[$0], value: middle[$0])
    }
    return plot
  }

  /// The rows to ask: every place of the plane, the other inputs at their means.
  private func grid(_ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, _ middle: [Double]) -> [Double] {
    var grid: [Double] = []
    grid.reserveCapacity(rows * columns * middle.count)
    var line = middle
    for row in 0..<rows {
      line[plane.y] = place(row, rows, ys)
      for column in 0..<columns {
        line[plane.x] = place(column, columns, xs)
        grid += line
      }
    }
    return grid
  }

  private func mean(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    return finite.reduce(0) { $0 + $1 / Double(finite.count) }
  }

  /// A quarter of room on every side, so that no point lies on the frame and the network shows what it makes
  /// of places that it never saw.
  private func padded(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = finite.max() ?? 1
    let margin = high > low ? high * 0.25 - low * 0.25 : max(1, abs(low) * 0.25)
    let limit = Double.greatestFiniteMagnitude
    return max(low - margin, -limit)...min(high + margin, limit)
  }

  private func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
    let part = Double(index) / Double(count - 1)
    return range.lowerBound * (1 - part) + range.upperBound * part
  }

  private func point(_ row: Int, _ outputs: [Double]) -> BoundaryPlot.Point {
    let inputs = Array(set.inputs(ofRow: row))
    let answer = reader.answer(outputs, row: row)
    // No answer is not the right one, whatever the class.
    return .init(
      x: inputs[plane.x], y: inputs[plane.y], truth: reader.truth(set, row: row) ?? answer.winner,
      predicted: answer.probability.isNaN ? -1 : answer.winner)
  }
}
