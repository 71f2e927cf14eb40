public import NeuralEngine

extension Preparation {
  /// The scale of each number that a network answers; nil where targets stay as they are. A class has none.
  ///
  /// - Parameters:
  ///   - objective: the losses of its output layers.
  ///   - columns: those of the targets that it was trained on, which go to several output layers by their names.
  public func scales(
    ofOutputs graph: NetworkGraph, _ objective: Objective, targets columns: [DataColumn]
  ) -> [Scale]? {
    guard let targets else { return nil }
    guard graph.outputs.count > 1, columns.count == targets.count,
      let assignment = try? TargetAssignment(
        graph, objective, columns.map { TargetColumn($0.name, classes: $0.levels?.count) }, of: "")
    else { return targets }
    return assignment.columnOfUnit.map { $0.map { targets[$0] } ?? Scale() }
  }
}

extension [Preparation.Scale] {
  /// Rows of what a network answers, in the user's units.
  public func undo(_ rows: [Double]) -> [Double] {
    isEmpty ? rows : rows.enumerated().map { self[$0 % count].undo($1) }
  }
}
