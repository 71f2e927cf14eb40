/// What a network's outputs are predictions of. It is inferred once, from the targets, the loss and the last layer, and
/// everything that counts or words predictions goes by it.
public enum PredictionTask: Sendable, Equatable {
  /// Quantities.
  case regression
  /// Two classes told apart by one output: the second one above the threshold, as in Keras; the threshold itself is the
  /// first one's.
  case binary(threshold: Double)
  /// One of several classes: the one with the largest output, the first of equals.
  case multiclass(Int)
  /// Several output layers, at least one of which tells classes apart; a row is right where all of these are.
  case several

  /// Infers the task.
  ///
  /// - Parameters:
  ///   - graph: the network, whose output layers' activations count: linear outputs are quantities, unless the loss is
  ///     hinge.
  ///   - loss: what it is trained with.
  ///   - targets: rows x output width, or rows x steps x output width, as the loss takes them; empty where there are none to go by.
  public init(_ graph: NetworkGraph, loss: Loss, targets: [Double] = []) {
    self.init(graph, Objective(loss, for: graph), targets: targets)
  }

  /// Infers the task of all output layers together: `several` where there are several, and one of them tells classes apart.
  public init(_ graph: NetworkGraph, _ objective: Objective, targets: [Double] = []) {
    let tasks = PredictionTask.byOutput(graph, objective, targets: targets)
    if tasks.count < 2 {
      self = tasks.first ?? .regression
    } else {
      self = tasks.contains(where: \.isClassification) ? .several : .regression
    }
  }

  /// Infers the task of each output layer, in their order.
  public static func byOutput(
    _ graph: NetworkGraph, _ objective: Objective, targets: [Double] = []
  ) -> [PredictionTask] {
    let all = graph.outputWidth
    var start = 0
    return zip(graph.outputs, objective.terms).map { layer, term in
      let columns = start..<start + graph.width(of: layer)
      start = columns.upperBound
      // A sequence is an answer a step.
      let width = columns.count / graph.steps(of: layer)
      guard term.loss == .hinge || layer.activation != .linear, width > 0,
        areClasses(targets, all, columns, width, term.loss)
      else { return .regression }
      return width == 1 ? .binary(threshold: term.loss.threshold) : .multiclass(width)
    }
  }

  /// Whether classes are told apart.
  public var isClassification: Bool { self != .regression }

  /// Where one output parts two classes.
  public var threshold: Double { if case .binary(let threshold) = self { threshold } else { 0.5 } }

  /// The class that a row of outputs, or of targets, stands for; 0 for a task without classes.
  public func label(_ row: some Collection<Double>) -> Int {
    switch self {
    case .binary(let threshold): return (row.first ?? 0) > threshold ? 1 : 0
    case .multiclass, .several, .regression:
      var best = 0
      var largest = row.first ?? 0
      for (place, value) in row.enumerated().dropFirst() where value > largest {
        (best, largest) = (place, value)
      }
      return best
    }
  }

  /// Whether every target of an output layer names a class: 0 or 1 for a layer of one unit, or a one-hot row. For hinge,
  /// -1 stands for 0.
  ///
  /// - Parameters:
  ///   - all: how many targets a row has.
  ///   - columns: those of the layer.
  ///   - width: how many of them are one answer.
  private static func areClasses(
    _ targets: [Double], _ all: Int, _ columns: Range<Int>, _ width: Int, _ loss: Loss
  ) -> Bool {
    let no: Double = loss == .hinge ? -1 : 0
    guard all > 0, targets.count.isMultiple(of: all) else { return false }
    return stride(from: 0, to: targets.count, by: all).allSatisfy { row in
      stride(from: row + columns.lowerBound, to: row + columns.upperBound, by: width).allSatisfy { start in
        let answer = targets[start..<start + width]
        return answer.allSatisfy { $0 == no || $0 == 1 } && (width == 1 || answer.count { $0 == 1 } == 1)
      }
    }
  }
}
