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
  /// Several output layers that each tell classes apart; a row is right where all of them are.
  case several

  /// Infers the task.
  ///
  /// - Parameters:
  ///   - graph: the network, whose output layers' activations count: linear outputs are quantities, unless the loss is
  ///     hinge.
  ///   - loss: what it is trained with.
  ///   - targets: rows x output width, or rows x steps x output width, as the loss takes them; empty where there are none to go by.
  public init(_ graph: NetworkGraph, loss: Loss, targets: [Double] = []) {
    let outputs = graph.outputs
    // A sequence is an answer a step.
    let widths = outputs.flatMap { layer -> [Int] in
      let steps = graph.steps(of: layer)
      return Array(repeating: graph.width(of: layer) / steps, count: outputs.count == 1 ? 1 : steps)
    }
    let tellsClasses = loss == .hinge || outputs.allSatisfy { $0.activation != .linear }
    guard tellsClasses, PredictionTask.areClasses(targets, widths, loss) else {
      self = .regression
      return
    }
    if outputs.count > 1 {
      self = .several
    } else if widths.first == 1 {
      self = .binary(threshold: loss.threshold)
    } else {
      self = .multiclass(widths.first ?? 0)
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

  /// Whether every target names a class, for output layers of these widths: 0 or 1 for a layer of one unit, or a one-hot
  /// row. For hinge, -1 stands for 0.
  private static func areClasses(_ targets: [Double], _ widths: [Int], _ loss: Loss) -> Bool {
    let no: Double = loss == .hinge ? -1 : 0
    let width = widths.reduce(0, +)
    guard width > 0, targets.allSatisfy({ $0 == no || $0 == 1 }) else { return false }
    return stride(from: 0, to: targets.count, by: width).allSatisfy { row in
      var start = row
      return widths.allSatisfy { width in
        defer { start += width }
        return width == 1 || targets[start..<start + width].count { $0 == 1 } == 1
      }
    }
  }
}
