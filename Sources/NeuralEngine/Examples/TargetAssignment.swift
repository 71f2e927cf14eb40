public import Foundations
internal import NetworkSchema

/// A column of the targets, as somebody has named it.
public struct TargetColumn: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// How many classes it tells apart by their numbers from 0; nil for amounts, and where nobody has said.
  public let classes: Int?

  /// Creates a column.
  public init(_ name: String, classes: Int? = nil) {
    self.name = name
    self.classes = classes
  }
}

/// Which columns of the targets belong to which output layer: to a layer those of its name, to the others the rest in
/// order.
public struct TargetAssignment: Sendable, Equatable {
  /// The columns of one output layer.
  public struct Part: Sendable, Equatable {
    /// The layer's name.
    public let output: String
    /// The places of its columns among the targets.
    public let columns: [Int]
    /// The places of its numbers among those of all output layers side by side.
    public let units: Range<Int>
    /// Whether its one column holds the number of a class, for a layer with a unit a class.
    public let holdsLabels: Bool
  }

  /// The parts, in the order of the output layers.
  public let parts: [Part]

  /// Finds the columns of each output layer.
  ///
  /// - Parameter data: what messages call the examples.
  /// - Throws: `shape-mismatch` where an output is left without a target or a target without an output, or where there are
  ///   other classes than units.
  public init(
    _ graph: NetworkGraph, _ objective: Objective, _ columns: [TargetColumn], of data: String
  ) throws(CodedError) {
    let search = TargetSearch(graph, objective, columns, data)
    let found = try search.found()
    var parts: [Part] = []
    var start = 0
    for (output, own) in zip(search.outputs, found) {
      let units = start..<start + output.width
      start = units.upperBound
      let part = Part(
        output: output.layer.name, columns: own, units: units,
        holdsLabels: own.count == 1 && output.takesLabels)
      try search.check(part, output)
      parts.append(part)
    }
    self.parts = parts
  }

  /// The column of each number that the network answers; nil for one that is a class's, which has no scale.
  public var columnOfUnit: [Int?] {
    parts.flatMap { part in part.holdsLabels ? part.units.map { _ in nil } : part.columns.map(Optional.some) }
  }
}

/// The search for the columns of output layers.
private struct TargetSearch {
  struct Output {
    let layer: Layer
    let width: Int
    /// Whether a single column may tell its class.
    let takesLabels: Bool
  }

  let outputs: [Output]
  let columns: [TargetColumn]
  let data: String

  init(_ graph: NetworkGraph, _ objective: Objective, _ columns: [TargetColumn], _ data: String) {
    outputs = zip(graph.outputs, objective.terms).map { layer, term in
      let width = graph.width(of: layer)
      let tellsClasses = layer.activation == .softmax || term.loss == .hinge
      return Output(
        layer: layer, width: width, takesLabels: width > 1 && graph.steps(of: layer) == 1 && tellsClasses)
    }
    self.columns = columns
    self.data = data
  }

  /// The columns of each output layer.
  func found() throws(CodedError) -> [[Int]] {
    var free = Array(columns.indices)
    var named: [String: Int] = [:]
    for output in outputs where output.width == 1 || output.takesLabels {
      guard let place = free.first(where: { columns[$0].name == output.layer.name }) else { continue }
      named[output.layer.name] = place
      free.removeAll { $0 == place }
    }
    let others = outputs.filter { named[$0.layer.name] == nil }
    // A column of classes is all that its layer needs; numbers may be one for each unit.
    let wide = others.reduce(0) { $0 + $1.width }
    let narrow = others.reduce(0) { $0 + ($1.takesLabels ? 1 : $1.width) }
    let areLabels = free.contains { columns[$0].classes != nil } || free.count != wide
    guard free.count == (areLabels ? narrow : wide) else {
      throw mismatch(free.map { columns[$0].name }, others, narrow: narrow)
    }
    return outputs.map { output in
      if let place = named[output.layer.name] { return [place] }
      let count = areLabels && output.takesLabels ? 1 : output.width
      defer { free.removeFirst(count) }
      return Array(free.prefix(count))
    }
  }

  /// Refuses classes that a layer has no units for.
  func check(_ part: TargetAssignment.Part, _ output: Output) throws(CodedError) {
    for column in part.columns {
      guard let classes = columns[column].classes else { continue }
      let (name, layer) = (columns[column].name, output.layer.name)
      let fits =
        output.width == 1 ? classes == 2 && output.layer.activation != .linear : classes == output.width
      guard part.columns.count == 1, part.holdsLabels || output.width == 1, fits else {
        let wanted = "layer \(layer) dense \(classes) softmax"
        throw CodedError(
          .shapeMismatch,
          "`\(name)` of `\(data)` has \(classes) classes, but its output `\(layer)` gives \(output.width) "
            + "number\(output.width == 1 ? "" : "s")\(output.layer.activation == .linear ? ", linear" : ""). "
            + "Give the layer a unit a class: \(wanted)", suggestion: wanted)
      }
    }
  }

  private func mismatch(_ free: [String], _ others: [Output], narrow: Int) -> CodedError {
    func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
    if others.isEmpty {
      let name = free[0]
      return CodedError(
        .shapeMismatch,
        "The target\(free.count == 1 ? "" : "s") \(list(free)) of `\(data)` \(free.count == 1 ? "has" : "have") no output "
          + "layer: the network's are \(list(outputs.map(\.layer.name))). Add a layer, such as `layer \(name) dense 1`, or leave "
          + "\(free.count == 1 ? "it" : "them") out of target=.")
    }
    if free.isEmpty {
      return CodedError(
        .shapeMismatch,
        "The output\(others.count == 1 ? "" : "s") \(list(others.map(\.layer.name))) \(others.count == 1 ? "has" : "have") no "
          + "target in `\(data)`, whose targets are \(list(columns.map(\.name))). Name a column for each in target=, or delete "
          + "the layer: delete \(others[0].layer.name)", suggestion: "delete \(others[0].layer.name)")
    }
    let needs = others.map { output in
      "`\(output.layer.name)` takes "
        + (output.takesLabels ? "a class or \(output.width) numbers" : "\(output.width)")
    }
    let names = free.filter { !$0.isEmpty }
    let given =
      names.count == free.count ? " (\(list(names)))" : ""
    return CodedError(
      .shapeMismatch,
      "`\(data)` has \(free.count) target\(free.count == 1 ? "" : "s")\(given), but \(needs.joined(separator: ", ")). "
        + "A column goes to the output layer of its name, the others in order. Change the targets or the layers."
    )
  }
}
