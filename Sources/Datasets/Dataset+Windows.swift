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
  /// - Parameter stretches: the rows in which windows may lie; nil for all. None reaches from one into another.
  /// - Throws: `bad-window` for a window longer than the series, or over images or windows; `too-large`.
  public func windows(_ window: SeriesWindow, within stretches: [Range<Int>]? = nil) throws(CodedError)
    -> Dataset
  {
    guard inputShape.count == 1 else {
      throw CodedError(
        .badWindow,
        "The rows of `\(name)` are arrays of \(inputShape.sizesText), and window= is for a series with one row of numbers a step."
      )
    }
    guard steps == nil else {
      throw CodedError(
        .badWindow,
        "The rows of `\(name)` are sequences already, and window= is for a series with one row of numbers a step."
      )
    }
    let starts = (stretches ?? [0..<rows]).flatMap {
      $0.lowerBound..<max($0.lowerBound, $0.upperBound - window.reach)
    }
    guard !starts.isEmpty else {
      throw CodedError(
        .badWindow,
        "window=\(window.steps) and ahead=\(window.ahead) need at least \(window.reach + 1) steps, but `\(name)` has \(rows). "
          + (rows > 1 ? "Use a shorter window." : "A series has at least two rows."),
        suggestion: rows > 1 ? "window=\(max(1, rows / 2))" : nil)
    }
    let step = seriesStep
    try MemoryLimit.check(
      [starts.count, window.steps, step.width], bytesEach: 8, for: "Each window of `\(name)`")
    var inputs: [Double] = []
    inputs.reserveCapacity(starts.count * window.steps * step.width)
    for row in starts {
      inputs += step.values[row * step.width..<(row + window.steps) * step.width]
    }
    let names = (0..<window.steps).flatMap { place -> [DataColumn] in
      let age = window.steps - 1 - place
      return step.names.enumerated().map { number, name in
        DataColumn(age == 0 ? "\(name) t" : "\(name) t-\(age)", filling: step.fillings[number])
      }
    }
    let ends = starts.map { $0 + window.reach }
    return Dataset(
      name: name, rows: starts.count, storage: .doubles(inputs), inputColumns: names,
      inputShape: [window.steps, step.width],
      targets: step.targetValues.rows(ends, width: step.targets.count),
      targetColumns: step.targets, filled: emptyPlaces(starts, steps: window.steps, width: step.width),
      labelColumns: labelColumns.map { $0.rows(ends) }, notes: notes,
      window: window,
      times: times.map { times in
        zip(starts, ends).map { TimeSpan(first: times[$0].first, last: times[$1].last) }
      })
  }

  /// Stretches of rows as sequences of their own lengths, a row a step.
  ///
  /// - Parameters:
  ///   - stretches: each longer than `ahead`.
  ///   - ahead: how many rows behind a step its target lies. If it is not 0, the past of the targets is known at each step, and is
  ///     an input as it is of windows.
  ///   - haveTargets: whether each step has targets; otherwise each sequence has those of its last row.
  func sequences(_ stretches: [Range<Int>], ahead: Int, haveTargets: Bool) -> Dataset {
    let places = stretches.flatMap { $0.lowerBound..<$0.upperBound - ahead }
    let ends = stretches.map { $0.upperBound - 1 }
    let chosen = selecting(rows: places, name: name)
    let step = seriesStep
    let isForecast = ahead > 0
    let predicted = isForecast ? step.targets : targetColumns
    let isPast = isForecast && step.width > inputWidth
    let values = isForecast ? step.targetValues : targets
    let wide = chosen.filled.map { $0 / inputWidth * step.width + $0 % inputWidth }
    return Dataset(
      name: name, rows: stretches.count,
      storage: isPast ? .doubles(step.values.rows(places, width: step.width)) : chosen.storage,
      inputColumns: isPast ? inputColumns + targetColumns : inputColumns,
      targets: values.rows(haveTargets ? places.map { $0 + ahead } : ends, width: predicted.count),
      targetColumns: predicted, filled: isPast ? wide : chosen.filled,
      labelColumns: labelColumns.map { label in
        // When each step's answer is of; whose the rows are is the same at all steps.
        label.role == .series
          ? label.rows(ends)
          : label.sequences(ends, steps: stretches.map { $0.lowerBound + ahead..<$0.upperBound })
      }, notes: notes,
      times: times.map { times in
        stretches.map { TimeSpan(first: times[$0.lowerBound].first, last: times[$0.upperBound - 1].last) }
      },
      steps: SequenceSteps(lengths: stretches.map { $0.count - ahead }, haveTargets: haveTargets))
  }

  /// The places that the source left empty in windows that begin with some rows: each step is in several windows.
  private func emptyPlaces(_ starts: [Int], steps: Int, width: Int) -> [Int] {
    guard !filled.isEmpty else { return [] }
    let ofRow = Dictionary(grouping: filled) { $0 / inputWidth }
    var places: [Int] = []
    for (number, start) in starts.enumerated() {
      for step in 0..<steps {
        let first = (number * steps + step) * width
        for place in ofRow[start + step] ?? [] { places.append(first + place % inputWidth) }
      }
    }
    return places
  }

  /// The steps of windows as rows, each as often as there are windows with it; nil where rows are no windows.
  var stepsOfWindows: Dataset? {
    guard let window, inputShape.count == 2, inputShape[0] == window.steps,
      inputColumns.count == inputWidth
    else { return nil }
    var columns: [DataColumn] = []
    for column in inputColumns.prefix(inputShape[1]) {
      // The words of a column have one value together.
      let parts = column.name.split(separator: "=", maxSplits: 1).map(String.init)
      if column.filling == .mode, parts.count == 2, let last = columns.last, last.name == parts[0],
        let levels = last.levels
      {
        columns[columns.count - 1].levels = levels + [parts[1]]
      } else if column.filling == .mode, parts.count == 2 {
        columns.append(DataColumn(parts[0], levels: [parts[1]], filling: .mode))
      } else {
        columns.append(column)
      }
    }
    return Dataset(
      name: name, rows: rows * window.steps, storage: storage, inputColumns: columns, filled: filled)
  }

  /// What a step of the series has: its features side by side, and what is predicted.
  private var seriesStep: SeriesStep {
    let own = inputs
    // Of words, a middle value is no more than their shares.
    let fillings = inputColumns.flatMap { column -> [Filling?] in
      let filling: Filling? =
        column.levels != nil && column.filling == .median ? Filling.mean : column.filling
      return [Filling?](repeating: filled.isEmpty ? nil : filling, count: column.width)
    }
    if targetColumns.isEmpty, let last = inputColumns.last {
      // A word that is to come is a class, as it is in a target.
      let target = DataColumn(last.name, levels: last.levels, groupsOthers: last.groupsOthers)
      let values = (0..<rows).map { row -> Double in
        let numbers = own[(row + 1) * inputWidth - last.width..<(row + 1) * inputWidth]
        guard last.levels != nil else { return numbers.last ?? .nan }
        return Double(numbers.indices.max { numbers[$0] < numbers[$1] }.map { $0 - numbers.startIndex } ?? 0)
      }
      return SeriesStep(
        names: inputNames, fillings: fillings, values: own, targets: [target], targetValues: values)
    }
    guard targetColumns.allSatisfy({ $0.levels == nil }) else {
      return SeriesStep(
        names: inputNames, fillings: fillings, values: own, targets: targetColumns, targetValues: targets)
    }
    let values = (0..<rows).flatMap { Array(inputs(ofRow: $0)) + targets(ofRow: $0) }
    return SeriesStep(
      names: inputNames + targetNames,
      fillings: fillings + [Filling?](repeating: nil, count: targetColumns.count), values: values,
      targets: targetColumns, targetValues: targets)
  }
}

private struct SeriesStep {
  let names: [String]
  /// What stands in for a missing value of each of them.
  let fillings: [Filling?]
  let values: [Double]
  let targets: [DataColumn]
  let targetValues: [Double]

  var width: Int { names.count }
}
