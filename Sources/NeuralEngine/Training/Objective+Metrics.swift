public import Foundations

/// What each of several output layers is measured by.
extension Objective {
  /// The same, each term knowing whether its targets are classes.
  ///
  /// - Parameter targets: rows x output width, as the losses take them.
  func telling(classesOf targets: [Double], _ graph: NetworkGraph) -> Objective {
    // One loss for one output goes by the whole network's task.
    guard terms.count > 1 else { return self }
    var made = self
    for (place, task) in PredictionTask.byOutput(graph, self, targets: targets).enumerated() {
      made.terms[place].tellsClasses = task.isClassification
    }
    return made
  }

  /// The metrics of each output layer.
  fileprivate func metrics(_ areOfValidation: Bool) -> [[WatchedMetric]] {
    guard terms.count > 1 else { return [] }
    return terms.map { term in
      func metric(_ name: String, lowerIsBetter: Bool) -> WatchedMetric {
        let named = WatchedMetric(
          "\(term.output)_\(name)", isOfValidation: areOfValidation, lowerIsBetter: lowerIsBetter)
        // A layer `val` has no loss of the name of the validation loss.
        guard TrainingMetric(rawValue: named.title) != nil else { return named }
        return WatchedMetric(
          "output_\(named.name)", isOfValidation: areOfValidation, lowerIsBetter: lowerIsBetter)
      }
      let loss = metric("loss", lowerIsBetter: true)
      return term.tellsClasses ? [loss, metric("accuracy", lowerIsBetter: false)] : [loss]
    }
  }

  /// The values of these metrics.
  ///
  /// - Parameter answers: how many rows, or steps that have answers, there are.
  func values(_ tallies: [OutputTally], of answers: Int, areOfValidation: Bool = false) -> [WatchedValue] {
    guard tallies.count == terms.count else { return [] }
    return zip(metrics(areOfValidation), tallies).flatMap { metrics, tally in
      zip(metrics, [tally.loss, tally.correct]).map { WatchedValue($0, $1 / Double(answers)) }
    }
  }
}

extension NetworkGraph {
  /// Predictions of all output layers, output by output.
  package func split(_ predictions: Predictions, _ objective: Objective) -> [Predictions] {
    let tasks = PredictionTask.byOutput(self, objective, targets: predictions.targets)
    var start = 0
    return zip(outputs, tasks).map { layer, task in
      let columns = start..<start + width(of: layer)
      start = columns.upperBound
      return predictions.columns(columns, width: columns.count / steps(of: layer), task)
    }
  }
}

extension Network {
  /// The metrics that a training reports of each of several output layers: its loss, and its accuracy where it tells
  /// classes apart; of the rows kept aside where there are any.
  ///
  /// - Throws: what makes the data or the losses unfit for the network.
  public func metrics(
    _ objective: Objective, on examples: Examples, areOfValidation: Bool
  ) throws(CodedError) -> [WatchedMetric] {
    let targets = try examples.fitted(to: graph, objective).targets
    return objective.telling(classesOf: targets, graph).metrics(areOfValidation).flatMap(\.self)
  }
}
