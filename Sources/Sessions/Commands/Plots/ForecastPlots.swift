import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Plotting

extension PlotCommands {
  static let ofForecasts: Table = ["forecast": ForecastChart.self]
}

/// `plot forecast sales series="Oslo"`: what the current network predicts against what came true, in the order of time, with the
/// cut between what it was trained on and what is kept for the end.
private struct ForecastChart: PlotKind {
  let data: Identifier
  let target: Identifier?
  let series: Operand<Value>?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.readyNetwork(at: context.span)
    let set = selection.set
    let column = try column(of: set)
    let unit = try unit(of: network, for: column, set, session)
    let rows = try rows(of: set, context)
    let chosen = rows.count == set.rows ? set : set.selecting(rows: rows, name: set.name)
    let answers = try context.locating {
      let fitted = try session.fittedInputs(of: chosen, to: network)
      return try session.answers(of: network, to: fitted.set)
    }
    let width = max(1, network.graph.outputWidth)
    let moments = Moments(of: chosen)
    let truths = chosen.rowsOfTargets(column)
    let forecasts = (0..<chosen.rows).map { answers[$0 * width + unit] }
    let name = set.targetNames[column]
    var plot = XYPlot(
      .line, title: title(name, network, set, chosen), xLabel: moments.label, yLabel: name,
      series: [
        .init(name: localized("truth"), xs: moments.xs, ys: moments.order.map { truths[$0] }),
        .init(name: localized("forecast"), xs: moments.xs, ys: moments.order.map { forecasts[$0] }),
      ])
    plot.xNames = moments.names
    if !selection.isPart { plot.cuts = cuts(selection.reference, rows, moments) }
    return plot
  }

  private func title(_ name: String, _ network: Network, _ set: Dataset, _ chosen: Dataset) -> String {
    guard let label = set.labelColumn(.series), let which = chosen.labelColumn(.series)?.texts.first else {
      return localized("forecast of \(name) by \(network.name) on \(data.name)")
    }
    return localized("forecast of \(name) by \(network.name) on \(data.name), \(label.name) \(String(which))")
  }

  // MARK: What is shown

  /// The target that is shown.
  private func column(of set: Dataset) throws -> Int {
    guard set.targetWidth > 0 else {
      throw Diagnostic(
        .noTargets, "`\(data.name)` has no targets, so there is no truth to hold forecasts against.",
        at: data.span)
    }
    var place = 0
    if let target {
      guard let found = set.targetNames.firstIndex(of: target.name) else {
        let nearest = DidYouMean.nearest(to: target.name, among: set.targetNames)
        throw Diagnostic(
          .unknownColumn,
          "`\(data.name)` has no target `\(target.name)`. Its targets are \(set.targetNames.map { "`\($0)`" }.joined(separator: ", ")).",
          at: target.span, suggestion: nearest)
      }
      place = found
    }
    guard set.targetColumns[place].levels == nil else {
      throw Diagnostic(
        .nothingToPlot,
        "`\(set.targetNames[place])` is a class, and a forecast is a number. To see which classes are predicted: plot confusion \(data.name)",
        at: target?.span ?? data.span, suggestion: "plot confusion \(data.name)")
    }
    return place
  }

  /// The place of the target's prediction in the answer to a row.
  private func unit(
    of network: Network, for column: Int, _ set: Dataset, _ session: Session
  ) throws -> Int {
    guard !network.graph.answersEachStep, network.graph.outputSteps == 1, set.steps?.haveTargets != true
    else {
      throw Diagnostic(
        .nothingToPlot,
        "`\(network.name)` answers each step of a sequence, and plot forecast draws one answer a row. Of one row: plot line "
          + "predict(\(data.name).x[0])", at: data.span)
    }
    let outputs = session.outputs(of: network, targets: set.targetColumns)
    if outputs.isEmpty {
      guard network.task.isClassification || network.graph.outputWidth != set.targetWidth else {
        return column
      }
    } else if let output = outputs.first(where: { $0.columns.contains(column) }),
      let place = output.columns.firstIndex(of: column), place < output.units.count, output.classes == nil
    {
      return output.units.lowerBound + place
    }
    throw Diagnostic(
      .nothingToPlot,
      "`\(network.name)` predicts no number for each target of `\(data.name)`, which has \(set.targetWidth.counted("target")) where the network has "
        + "\(network.graph.outputWidth.counted("output")).", at: data.span)
  }

  /// The rows of the series that is shown; all where there is one.
  private func rows(of set: Dataset, _ context: CommandContext) throws -> [Int] {
    guard let label = set.labelColumn(.series) else {
      if let series {
        throw Diagnostic(
          .badOption, "`\(data.name)` is one series: it was read without by=. Leave series= out.",
          at: series.span)
      }
      return Array(0..<set.rows)
    }
    let texts = label.texts
    var wanted = texts.first.map(String.init) ?? ""
    if let series {
      let value = try series(context)
      wanted = value.text(digits: 15, isQuoted: false)
      guard texts.contains(where: { $0 == wanted }) else {
        let known = Array(Set(texts.map(String.init))).sorted()
        let shown =
          known.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ") + (known.count > 8 ? ", …" : "")
        throw Diagnostic(
          .badValue, "`\(data.name)` has no series \"\(wanted)\" by `\(label.name)`. There are: \(shown)",
          at: series.span)
      }
    }
    return texts.indices.filter { texts[$0] == wanted }
  }

  // MARK: The cuts

  /// Where one part ends and the next one begins; none where the parts are not one after the other in time.
  private func cuts(_ reference: DataReference, _ rows: [Int], _ moments: Moments) -> [XYPlot.Cut] {
    let parts = reference.parts.named
    guard parts.count > 1 else { return [] }
    var places: [(name: String, range: ClosedRange<Int>)] = []
    for (name, part) in parts {
      guard let range = moments.places(of: part, within: reference.set, rows) else { return [] }
      places.append((name, range))
    }
    return zip(places, places.dropFirst()).compactMap { before, after in
      let (end, start) = (before.range.upperBound, after.range.lowerBound)
      guard end < start else { return nil }
      let names = [before.name, after.name].map { "\(data.name).\($0)" }
      return XYPlot.Cut(
        x: (moments.xs[end] + moments.xs[end + 1]) / 2, name: localized("end of \(names[0])"),
        story: localized(
          "\(names[0]) ends at \(moments.name(end)), \(names[1]) begins at \(moments.name(start))"))
    }
  }
}

/// When the rows of a series were, along the x axis.
private struct Moments {
  /// What says it.
  let label: String
  /// The rows in the order of time.
  let order: [Int]
  /// Where they are along the axis.
  let xs: [Double]
  /// What stands there in place of 0, 1, 2 …
  let names: [String]?
  /// When each row ends, in the order of time.
  private let ends: [Double]?

  init(of set: Dataset) {
    let column = set.labelColumn(.order)
    guard let times = set.times, let column else {
      (label, order, names, ends) = (localized("row"), Array(0..<set.rows), nil, nil)
      xs = (0..<set.rows).map(Double.init)
      return
    }
    let sorted = (0..<set.rows).sorted { (times[$0].last, $0) < (times[$1].last, $1) }
    let last = sorted.map { times[$0].last }
    (order, ends, label) = (sorted, last, column.name)
    guard column.isDate else {
      (xs, names) = (last, nil)
      return
    }
    let texts = column.texts
    xs = sorted.indices.map(Double.init)
    names = sorted.map { String(texts[$0]) }
  }

  /// What a reader calls the place of a row.
  func name(_ place: Int) -> String { names?[place] ?? xs[place].significant(6) }

  /// The places of a part's rows, the first and the last; nil where they cannot be told.
  ///
  /// - Parameters:
  ///   - set: the whole that the part is of.
  ///   - rows: the rows of the whole that are shown.
  func places(of part: Dataset, within set: Dataset, _ rows: [Int]) -> ClosedRange<Int>? {
    guard let ends else {
      // Rows whose time nobody knows are in its order.
      return rows.count == set.rows ? part.stretch(of: set) : nil
    }
    guard let times = part.times, let first = times.map(\.last).min(), let last = times.map(\.last).max(),
      let start = ends.firstIndex(where: { $0 >= first }), let end = ends.lastIndex(where: { $0 <= last }),
      start <= end
    else { return nil }
    return start...end
  }
}

extension Dataset {
  /// A target of each row.
  fileprivate func rowsOfTargets(_ column: Int) -> [Double] {
    stride(from: column, to: targets.count, by: max(1, targetWidth)).map { targets[$0] }
  }

  /// Where the rows of this part stand among those of a whole, one after the other; nil where they do not.
  fileprivate func stretch(of whole: Dataset) -> ClosedRange<Int>? {
    guard rows <= whole.rows, steps == nil, whole.steps == nil, inputWidth == whole.inputWidth,
      targetWidth == whole.targetWidth
    else { return nil }
    let (own, all) = (inputs, whole.inputs)
    func isSame(at start: Int) -> Bool {
      own.elementsEqual(all[start * inputWidth..<(start + rows) * inputWidth])
        && targets.elementsEqual(whole.targets[start * targetWidth..<(start + rows) * targetWidth])
    }
    // A comparison ends at the first difference, so that this is hardly more than one look at the rows.
    guard let start = (0...(whole.rows - rows)).first(where: isSame) else { return nil }
    return start...(start + rows - 1)
  }
}
