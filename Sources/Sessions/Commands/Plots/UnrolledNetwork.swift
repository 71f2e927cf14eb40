import Diagnostics
import Foundations
import Localization
import NeuralEngine
import Plotting

extension Network {
  /// The network as it goes through so many steps of a sequence: a column of its layers for each step.
  ///
  /// - Throws: `incomplete-network`, `needs-steps` where no layer goes step by step, `bad-value` for more steps than its
  ///   sequences have.
  func unrolled(over steps: Int) throws(CodedError) -> UnrolledPlot {
    let order = try graph.sorted()
    let isOnline = defaults.rule.isOnline
    let rows = order.map { UnrolledLayer($0, graph, isOnline: isOnline) }
    guard rows.contains(where: { !$0.isWhole }) else {
      throw CodedError(
        .needsSteps,
        "`\(name)` has no steps to be unrolled over: its rows are no sequences. Give the input steps and features, as in layer "
          + "inp sequence 3 or layer inp input 30x3, or leave steps= out.")
    }
    if !isOnline, let length = graph.sequenceLength, !graph.takesAnyLength, length < steps {
      throw CodedError(
        .badValue,
        "The sequences of `\(name)` have \(length.counted("step")), and \(steps) are more than that.",
        suggestion: length > 1 ? "steps=\(length)" : nil)
    }
    var plot = UnrolledPlot(
      title: localized("\(name) over \(steps) steps"), rows: [], arrows: [], steps: steps)
    var places: [String: [Int]] = [:]
    for row in rows {
      for part in row.parts {
        places[row.layer.name, default: []].append(plot.rows.count)
        plot.rows.append(part.row)
        // A recurrent layer goes on from its own state.
        guard let age = part.age else { continue }
        let place = plot.rows.count - 1
        plot.arrows.append(.init(source: place, target: place, age: age, label: localized("state")))
      }
    }
    let known = Dictionary(rows.map { ($0.layer.name, $0) }, uniquingKeysWith: { first, _ in first })
    /// Arrows from all rows of a layer to all of another.
    func join(_ source: String, _ target: String, _ age: Int, isGate: Bool, _ label: String?) {
      let parts = zip(places[source] ?? [], known[source]?.parts ?? [])
      for (start, part) in parts {
        for end in places[target] ?? [] {
          plot.arrows.append(
            .init(
              source: start, target: end, age: age, isGate: isGate, moment: part.moment, label: label))
        }
      }
    }
    for edge in graph.edges {
      join(edge.source, edge.target, edge.delay, isGate: false, edge.delay > 0 ? edge.memoryWords : nil)
    }
    for gate in graph.gates {
      join(gate.gater, gate.target, gate.delay, isGate: true, "on \(gate.source) -> \(gate.target)")
    }
    return plot
  }
}

extension Edge {
  /// `delay 1`, `carry`, `one, delay 2`
  fileprivate var memoryWords: String {
    let words = type == .full ? [] : [type.rawValue]
    return (words + (words.isEmpty || delay > 1 ? ["delay \(delay)"] : [])).joined(separator: ", ")
  }
}

/// A layer among the steps of a sequence.
private struct UnrolledLayer {
  /// A row of boxes: the layer, or one of its directions.
  struct Part {
    let row: UnrolledPlot.Row
    /// By how many steps the state that it goes on from is older; nil for a layer without one.
    let age: Int?
    /// At which steps it gives something to what is computed once.
    let moment: UnrolledPlot.Arrow.Moment
  }

  let layer: Layer
  /// Whether it is computed once for all steps.
  let isWhole: Bool
  let parts: [Part]

  init(_ layer: Layer, _ graph: NetworkGraph, isOnline: Bool) {
    self.layer = layer
    let units = graph.shape(of: layer)?.last ?? 0
    let recurrent = layer.kind.as(Recurrent.self)
    let isOnce = !isOnline && recurrent == nil && !graph.standsAtEachStep(layer)
    isWhole = isOnce
    func row(_ name: String, _ detail: String) -> UnrolledPlot.Row {
      UnrolledPlot.Row(name: name, detail: detail, isWhole: isOnce)
    }
    guard let recurrent else {
      let width = isOnce ? graph.shapeText(of: layer) ?? "" : String(units)
      parts = [Part(row: row(layer.name, "\(layer.kindName) \(width)"), age: nil, moment: .always)]
      return
    }
    let detail = "\(layer.kindName) \(recurrent.units)"
    func part(_ name: String, isBackward: Bool) -> Part {
      Part(
        row: row(name, detail), age: isBackward ? -1 : 1,
        moment: recurrent.returnsAll ? .always : isBackward ? .atStart : .atEnd)
    }
    parts =
      recurrent.bidirectional == nil
      ? [part(layer.name, isBackward: recurrent.isReversed)]
      : [
        part(localized("\(layer.name) forward"), isBackward: false),
        part(localized("\(layer.name) backward"), isBackward: true),
      ]
  }
}
