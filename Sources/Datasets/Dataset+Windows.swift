public import Foundations
internal import NeuralEngine

/// How the rows of a series were cut into windows.
public struct SeriesWindow: Sendable, Equatable {
  /// How many steps each window has.
  public let steps: Int
  /// How many steps after the window's last one its target lies.
  public let ahead: Int

  /// Creates a window.
  public init(steps: Int, ahead: Int = 1) {
    self.steps = steps
    self.ahead = ahead
  }

  /// How many steps after the first one of a window its target lies: so many windows reach across a cut between steps.
  public var reach: Int { steps - 1 + ahead }
}

extension Dataset {
  /// The rows as one series in the order of time, cut into overlapping windows: each row becomes a sequence of steps x
  /// features and has the targets of a later step.
  ///
  /// The features of a step are its inputs and, where they are numbers, its targets, whose past is known by then. Of a table
  /// without targets the last column is predicted.
  ///
  /// ```swift
  /// let series = try Dataset(name: "s", inputs: [[1], [2], [3], [4]], targets: [[], [], [], []])
  /// let windows = try series.windows(SeriesWindow(steps: 2))
  /// let first = (windows.inputs(ofRow: 0), windows.targets(ofRow: 0))  // 1, 2 and 3
  /// ```
  ///
  /// - Throws: `bad-window` for a window longer than the series, or over images or windows; `too-large`.
  public func windows(_ window: SeriesWindow) throws(CodedError) -> Dataset {
    let count = rows - window.reach
    guard inputShape.count == 1 else {
      throw CodedError(
        .badWindow,
        "The rows of `\(name)` are arrays of \(inputShape.map(String.init).joined(separator: "x")), and window= is for a series with one row of numbers a step."
      )
    }
    guard steps == nil else {
      throw CodedError(
        .badWindow,
        "The rows of `\(name)` are sequences already, and window= is for a series with one row of numbers a step."
      )
    }
    guard count > 0 else {
      throw CodedError(
        .badWindow,
        "window=\(window.steps) and ahead=\(window.ahead) need at least \(window.reach + 1) steps, but `\(name)` has \(rows). "
          + "Use a shorter window.", suggestion: "window=\(max(1, rows / 2))")
    }
    let step = seriesStep
    try MemoryLimit.check([count, window.steps, step.width], bytesEach: 8, for: "Each window of `\(name)`")
    var inputs: [Double] = []
    inputs.reserveCapacity(count * window.steps * step.width)
    for row in 0..<count {
      inputs += step.values[row * step.width..<(row + window.steps) * step.width]
    }
    let targetWidth = step.targets.count
    let names = (0..<window.steps).flatMap { place in
      let age = window.steps - 1 - place
      return step.names.map { DataColumn(age == 0 ? "\($0) t" : "\($0) t-\(age)") }
    }
    return Dataset(
      name: name, rows: count, storage: .doubles(inputs), inputColumns: names,
      inputShape: [window.steps, step.width],
      targets: Array(step.targetValues[window.reach * targetWidth..<rows * targetWidth]),
      targetColumns: step.targets, labelColumns: labelColumns.map { $0.rows(window.reach..<rows) },
      notes: notes,
      window: window)
  }

  /// What a step of the series has: its features side by side, and what is predicted.
  private var seriesStep: SeriesStep {
    let own = inputs
    if targetColumns.isEmpty {
      let last = inputWidth - 1
      return SeriesStep(
        names: inputNames, values: own, targets: [DataColumn(inputNames[last])],
        targetValues: (0..<rows).map { own[$0 * inputWidth + last] })
    }
    guard targetColumns.allSatisfy({ $0.levels == nil }) else {
      return SeriesStep(names: inputNames, values: own, targets: targetColumns, targetValues: targets)
    }
    let values = (0..<rows).flatMap { Array(inputs(ofRow: $0)) + targets(ofRow: $0) }
    return SeriesStep(
      names: inputNames + targetNames, values: values, targets: targetColumns, targetValues: targets)
  }
}

private struct SeriesStep {
  let names: [String]
  let values: [Double]
  let targets: [DataColumn]
  let targetValues: [Double]

  var width: Int { names.count }
}
