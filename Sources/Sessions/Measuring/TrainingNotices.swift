import Datasets
import Diagnostics
import Foundations
import Localization
import NetworkSchema
import NeuralEngine

/// What there is to say of a training besides its metrics: what keeps the network from learning, each with its likely
/// cause and a line to type. Whatever is said has been measured, and is true of this network and these rows.
struct TrainingNotices {
  let network: Network
  /// The data as the command names it: `churn`, `churn.train`.
  let data: String
  /// The rows that are trained on, as the network sees them.
  let rows: Dataset
  let preparation: Preparation?
  let options: TrainingOptions

  private var graph: NetworkGraph { network.graph }
  /// The data set that `prepare` takes: `churn` of `churn.train`.
  private var base: String { data.split(separator: ".").first.map(String.init) ?? data }

  /// A line that trains again with other options.
  private func retrain(_ changes: String, resetting: Bool = true) -> String {
    let batch = options.batchSize == min(32, rows.rows) ? "" : " batch=\(options.batchSize)"
    let loss = network.foreignObjective(of: options).map { " " + $0.asOptions } ?? ""
    return
      "\(resetting ? "reset weights; " : "")train \(data) epochs=\(options.epochs)\(batch)\(loss) \(changes)"
  }

  /// Some steps are needed before anything can be said of what they brought.
  private static var fewestSteps: Int { 100 }
}

// MARK: - What can be told before the first epoch

extension TrainingNotices {
  /// What the data and the network say before any of it is trained.
  func before() -> [Diagnostic] {
    let found = [constantTargets(), unreachableTargets(), channelsFirst(), linearLayers(), unscaledInputs()]
      .compactMap(\.self)
    // Where there is nothing to tell apart, nothing else matters.
    return found.first.map { $0.code == .constantTargets ? [$0] : found } ?? []
  }

  /// An input such as 3x32x32 before a convolution, which reads it as 3 rows of 32 columns with 32 channels.
  private func channelsFirst() -> Diagnostic? {
    for input in graph.inputs {
      guard let shape = graph.shape(of: input), let last = shape.channelsLast,
        graph.edges.contains(where: { edge in
          edge.source == input.name && graph.layer(edge.target)?.kindName.hasPrefix("conv") == true
        })
      else { continue }
      let axes = [0] + shape.indices.dropFirst().map { $0 + 1 } + [1]
      return notice(
        .channelsFirst,
        "`\(input.name)` is \(shape.shapeWords), which convolutions read as \(shape[shape.count - 1]) channels: channels come last. "
          + "For \(shape[0].counted("channel")) of \(Array(shape.dropFirst()).shapeWords), turn the rows round with "
          + "`x = transpose(x, axes=\(axes))`, and begin with `layer \(input.name) input \(last.shapeWords)`")
    }
    return nil
  }

  private func constantTargets() -> Diagnostic? {
    let width = rows.targetWidth
    guard width > 0, rows.rows > 1 else { return nil }
    let first = rows.targets.prefix(width)
    let differ = rows.targets.indices.contains { rows.targets[$0] != first[$0 % width] }
    guard !differ else { return nil }
    let said = rows.classes.flatMap { names in rows.classOfRow.map { names[$0[0]] } }
    return notice(
      .constantTargets,
      said.map {
        localized("All rows of `\(rows.name)` are of class `\($0)`, so there is nothing to tell apart.")
      }
        ?? localized(
          "All rows of `\(rows.name)` have the same target, so there is nothing to learn but that number."))
  }

  private func unreachableTargets() -> Diagnostic? {
    let objective = options.objective ?? Objective(options.loss, for: graph)
    let assignment =
      graph.outputs.count == 1
      ? nil : try? TargetAssignment(graph, objective, rows.targetColumns.named, of: rows.name)
    guard graph.outputs.count > 1 || rows.targetWidth == graph.outputWidth, rows.classes == nil else {
      return nil
    }
    for (layer, term) in zip(graph.outputs, objective.terms) where term.loss != .hinge {
      let part = assignment?.parts.first { $0.output == layer.name }
      let columns = part.map { $0.holdsLabels ? [] : $0.columns } ?? Array(0..<rows.targetWidth)
      guard let range = layer.activation.range else { continue }
      var outside = 0
      var (low, high) = (Double.infinity, -Double.infinity)
      for row in 0..<rows.targetRows {
        for column in columns {
          let target = rows.targets[row * rows.targetWidth + column]
          (low, high) = (min(low, target), max(high, target))
          if target < range.low || target > range.high { outside += 1 }
        }
      }
      guard outside > 0 else { continue }
      let scaled = preparation?.targets == nil ? "" : localized(", on the scale of `prepare`,")
      let (from, to) = (low.significant(4), high.significant(4))
      return notice(
        .unreachableTargets,
        localized(
          """
          `\(layer.name)` is \(layer.activation.rawValue) and gives numbers \(range.words), but the targets of \
          `\(rows.name)`\(scaled) run from \(from) to \(to). Make it linear: \(replacing(layer, by: .linear))
          """))
    }
    return nil
  }

  /// Hidden layers without an activation that do nothing which the layer behind them could not do.
  private var linearHidden: [Layer] {
    graph.layers.filter { layer in
      guard layer.isDense, layer.activation == .linear, !graph.outputs.contains(layer) else { return false }
      // One that is read a step later, or multiplies or is multiplied, does more than pass on what comes.
      let touching = graph.edges.filter { [$0.source, $0.target].contains(layer.name) }
      guard touching.allSatisfy({ $0.delay == 0 && graph.gate(on: $0) == nil }),
        !graph.gates.contains(where: { $0.gater == layer.name })
      else { return false }
      // A narrow layer between wider ones has a use of its own.
      let before = graph.edges(into: layer.name).compactMap { graph.layer($0.source) }
      let behind = graph.edges.filter { $0.source == layer.name }.compactMap { graph.layer($0.target) }
      let width = graph.width(of: layer)
      guard behind.allSatisfy(\.isDense),
        before.contains(where: { graph.width(of: $0) <= width })
          || behind.contains(where: { graph.width(of: $0) <= width })
      else { return false }
      return true
    }
  }

  private func linearLayers() -> Diagnostic? {
    let hidden = linearHidden
    guard let layer = hidden.first else { return nil }
    let names = hidden.map { "`\($0.name)`" }.joined(separator: ", ")
    return notice(
      .linearLayers,
      hidden.count == 1
        ? localized(
          """
          The hidden layer \(names) is linear, and linear layers in a row can do no more than a single one. Give it an \
          activation: \(replacing(layer, by: .relu))
          """)
        : localized(
          """
          The hidden layers \(names) are linear, and linear layers in a row can do no more than a single one. Give them an \
          activation: \(replacing(layer, by: .relu))
          """))
  }

  /// The columns' scales differ by a factor of a hundred, or their numbers are that large.
  private func unscaledInputs() -> Diagnostic? {
    guard preparation?.scalesInputs != true, let scale = InputScale(rows, graph) else { return nil }
    return notice(
      .unscaledInputs,
      localized(
        """
        The inputs of `\(rows.name)` are not scaled: \(scale.words). Scale them before the training: \
        `prepare \(base); reset weights`
        """))
  }

  /// A line that puts a layer with another activation in the place of one; nil where edges are more than plain ones.
  private func line(replacing layer: Layer, by activation: Activation) -> String? {
    let (into, out) = (graph.edges(into: layer.name), graph.edges.filter { $0.source == layer.name })
    let isPlain = (into + out).allSatisfy {
      $0.type == .full && $0.merge == nil && $0.presetWeights == nil && $0.delay == 0
        && graph.gate(on: $0) == nil
    }
    guard isPlain, layer.isDense else { return nil }
    let word = activation == .linear ? "" : " \(activation.rawValue)"
    return graph.replacing(layer, with: "dense \(graph.width(of: layer))\(word)")
  }

  /// How a layer gets another activation: a line to type, or what to change where that is not one line.
  private func replacing(_ layer: Layer, by activation: Activation) -> String {
    line(replacing: layer, by: activation).map { "`\($0)`" }
      ?? localized("`\(activation.rawValue)` in its `layer` line")
  }
}

// MARK: - What can be told after the last epoch

extension TrainingNotices {
  /// Whether a training went far enough for anything to be said of what it came to.
  func canTell(after result: TrainingResult) -> Bool {
    result.end.isRegular && result.steps >= TrainingNotices.fewestSteps
  }

  /// What a training came to, besides its metrics.
  ///
  /// - Parameters:
  ///   - health: what the layers do now.
  ///   - baseline: the share of rows of the commonest class and its name; nil where the targets are no classes.
  ///   - isWeighted: whether classes were weighted, so that their sizes have been thought of.
  func after(
    _ result: TrainingResult, _ health: NetworkHealth, baseline: Baseline?, isWeighted: Bool = false
  ) -> [Diagnostic] {
    guard canTell(after: result), health.rows > 1 else { return [] }
    let found =
      stillWeights(result, health) ?? nothingLearned(result, health, baseline, isWeighted) ?? stuckUnits(
        health)
      ?? risingLoss(result)
    return [found ?? (isWeighted ? nil : unbalanced(result, baseline))].compactMap(\.self)
  }

  /// An accuracy that says little, since one class is rare.
  private func unbalanced(_ result: TrainingResult, _ baseline: Baseline?) -> Diagnostic? {
    // A tenth of two classes, and as much less as there are more of them.
    guard let baseline, baseline.share < 1,
      baseline.rarest.share < 0.2 / Double(baseline.classes) || baseline.share > 0.9 - 1e-9,
      // All right is all right, however many there are of each.
      let accuracy = result.metrics?.accuracy, accuracy < 1
    else { return nil }
    let rarest = baseline.rarest.share.shareText
    return notice(
      .unbalancedClasses,
      localized(
        """
        Only \(rarest) of the rows are of class `\(baseline.rarest.name)`, and always answering `\(baseline.name)` is right \
        for \(baseline.share.shareText) of them, so the accuracy of \(accuracy.shareText) says little. Let all classes count \
        alike: `\(retrain("rate=\(options.rate.significant(3)) class_weight=balanced"))`
        """))
  }

  /// Steps that change nothing, though there is a gradient to follow.
  private func stillWeights(_ result: TrainingResult, _ health: NetworkHealth) -> Diagnostic? {
    let moved = result.weightChange * Double(result.history.count)
    let pull = health.layers.compactMap { layer in
      layer.gradient.flatMap { g in layer.weights.map { g / $0 } }
    }
    guard moved < 0.01, (pull.max() ?? 0) > 0.001, let skill = health.skill, skill < 0.5 else { return nil }
    return notice(
      .stillWeights,
      localized(
        """
        \(result.history.count, "epoch") \(result.history.count == 1 ? "has" : "have") moved the weights by no more than \
        \((100 * moved).significant(1)) %, though the gradient is not small, so the rate is too small. A larger one: \
        `\(retrain("rate=\((options.rate * 100).significant(3))", resetting: false))`
        """))
  }

  private func nothingLearned(
    _ result: TrainingResult, _ health: NetworkHealth, _ baseline: Baseline?, _ isWeighted: Bool
  ) -> Diagnostic? {
    guard let skill = health.skill, options.loss == .hinge || skill <= 0.05 else { return nil }
    let isSame = health.outputSpread < 1e-4
    // Weights ask for something else than the most rows right.
    if isWeighted, !isSame { return nil }
    var fact: String
    if let baseline, let accuracy = result.metrics?.accuracy {
      guard accuracy <= baseline.share + 1e-9 || isSame else { return nil }
      fact = localized(
        """
        `\(network.name)` is no better than always answering `\(baseline.name)`, which is right for \
        \(baseline.share.shareText) of the rows
        """)
    } else {
      guard options.loss != .hinge, skill <= 0.02 else { return nil }
      fact =
        options.loss == .mae
        ? localized("`\(network.name)` is no better than always answering the median of the targets")
        : localized("`\(network.name)` is no better than always answering the mean of the targets")
    }
    if isSame {
      fact +=
        health.areAllRows
        ? localized(", and gives the same answer to every row")
        : localized(", and gives the same answer to all \(health.rows) rows looked at")
    }
    return notice(.nothingLearned, "\(fact). \(cause(result, health))")
  }

  /// Why nothing was learned, and the line that is likely to help.
  private func cause(_ result: TrainingResult, _ health: NetworkHealth) -> String {
    let rate = options.rate
    if preparation?.scalesInputs != true, InputScale(rows, graph) != nil {
      return localized(
        "The inputs are not scaled: `prepare \(base); \(retrain("rate=\(rate.significant(3))"))`")
    }
    if let stuck = health.layers.first(where: { $0.stuck == $0.units }), let layer = graph.layer(stuck.name) {
      let slower = "rate=\((rate / 100).significant(3))"
      let (name, isOne) = (stuck.name, stuck.units == 1)
      if stuck.activation == .relu, let leaky = line(replacing: layer, by: .leakyReLU) {
        let units =
          isOne
          ? localized("The unit of `\(name)` gives 0 for every row, and no gradient gets through.")
          : localized("All units of `\(name)` give 0 for every row, and no gradient gets through.")
        return units + " "
          + localized(
            "A leaky relu and a smaller rate help: `\(leaky); \(retrain(slower, resetting: false))`")
      }
      let end = stuck.activation.rawValue
      let units =
        isOne
        ? localized(
          "The unit of `\(name)` is at an end of \(end) for every row, and no gradient gets through.")
        : localized(
          "All units of `\(name)` are at an end of \(end) for every row, and no gradient gets through.")
      return units + " " + localized("A smaller rate, from new weights: `\(retrain(slower))`")
    }
    if let first = result.history.first?.loss, let last = result.history.last?.loss, last > 1.05 * first {
      return risen(from: first, to: last)
    }
    if let linear = linearHidden.first {
      let layer =
        line(replacing: linear, by: .relu).map {
          localized(": `\($0); \(retrain("optimizer=adam rate=0.02"))`")
        } ?? "."
      return localized("Its hidden layers are linear, so it can only weigh and add the inputs\(layer)")
    }
    let hasHidden = health.layers.contains { layer in
      layer.activation != .linear && !graph.outputs.contains { $0.name == layer.name }
    }
    if !hasHidden, let input = graph.inputs.first, let output = graph.outputs.first, graph.outputs.count == 1,
      output.isDense, options.optimizer != .perceptron
    {
      let known = Set(graph.layers.map(\.name))
      let name = ["hid", "hidden", "h1"].first { !known.contains($0) } ?? "hidden2"
      let line =
        "net \(network.name)2; layer \(input.name) input \(graph.width(of: input)); layer \(name) dense 8 relu; "
        + "layer \(output.name) dense \(graph.width(of: output))"
        + "\(output.activation == .linear ? "" : " \(output.activation.rawValue)"); connect all; "
        + "\(retrain("optimizer=adam rate=0.02", resetting: false))"
      return localized(
        "It has no hidden layer with an activation, so it can only weigh and add the inputs: `\(line)`")
    }
    let quicker =
      ["sgd", "perceptron"].contains(options.optimizer.name)
      ? "optimizer=adam rate=0.02" : "optimizer=\(options.optimizer.name) rate=\((rate * 10).significant(3))"
    let gradients = health.layers.compactMap { layer in layer.gradient.map { (layer.name, $0) } }
    if let first = gradients.first, let last = gradients.last, last.1 > 0, first.1 < last.1 / 100 {
      return localized(
        """
        The gradient vanishes on its way back: that of `\(first.0)` is \((first.1 / last.1).significant(2)) times that of \
        `\(last.0)`. Steps that do not depend on its length: `\(retrain(quicker, resetting: false))`
        """)
    }
    return localized("It may need larger steps or more of them: `\(retrain(quicker, resetting: false))`")
  }

  /// Half of a layer's units or more give the same for every row.
  private func stuckUnits(_ health: NetworkHealth) -> Diagnostic? {
    let hidden = health.layers.filter { layer in !graph.outputs.contains { $0.name == layer.name } }
    guard let worst = hidden.first(where: { $0.units > 1 && 2 * $0.stuck >= $0.units }) else { return nil }
    let rows =
      health.areAllRows ? localized("every row") : localized("all \(health.rows) rows looked at")
    let (stuck, units, name) = (worst.stuck, worst.units, worst.name)
    let what =
      worst.activation == .relu
      ? localized(
        "\(stuck) of the \(units) units of `\(name)` give 0 for \(rows): they are dead, and no gradient brings them back."
      )
      : localized(
        """
        \(stuck) of the \(units) units of `\(name)` are at an end of \(worst.activation.rawValue) for \(rows), where no \
        gradient gets through.
        """)
    let cure = graph.layer(worst.name).map { layer in
      worst.activation == .relu
        ? localized("A leaky relu does not die: \(replacing(layer, by: .leakyReLU))")
        : localized(
          "A smaller rate, from new weights: `\(retrain("rate=\((options.rate / 10).significant(3))"))`")
    }
    return notice(.stuckUnits, "\(what) \(cure ?? "")")
  }

  private func risingLoss(_ result: TrainingResult) -> Diagnostic? {
    guard result.best == nil, let first = result.history.first?.loss, let last = result.history.last?.loss,
      last > 1.2 * first, result.history.count > 1
    else { return nil }
    return notice(.risingLoss, risen(from: first, to: last))
  }

  private func risen(from first: Double, to last: Double) -> String {
    localized(
      """
      The loss has risen from \(first.significant(4)) to \(last.significant(4)): the rate is too high. A smaller one, from \
      new weights: `\(retrain("rate=\((options.rate / 10).significant(3))"))`
      """)
  }

  private func notice(_ code: ErrorCode, _ message: String) -> Diagnostic {
    Diagnostic(code, message, severity: .notice)
  }
}

/// What always answering the commonest class comes to.
struct Baseline {
  /// The commonest class.
  let name: String
  /// The share of the rows that are of it.
  let share: Double
  /// The rarest class that there is.
  let rarest: (name: String, share: Double)
  /// How many classes there are.
  let classes: Int
}

// MARK: - Ranges and scales

extension Activation {
  /// The numbers that it can give, the ends included though they are never quite reached; nil for any number.
  fileprivate var range: (low: Double, high: Double, words: String)? {
    switch self {
    case .sigmoid, .softmax: (0, 1, localized("from 0 to 1"))
    case .tanh: (-1, 1, localized("from -1 to 1"))
    case .relu, .softplus: (0, .infinity, localized("from 0 on"))
    case .elu: (-1, .infinity, localized("from -1 on"))
    case .selu: (-1.7581, .infinity, localized("from -1.758 on"))
    case .linear, .leakyReLU, .gelu, .step: nil
    }
  }
}

/// How the inputs' columns compare in size; there is one only where that is a burden for a training.
private struct InputScale {
  let words: String

  /// From this factor on it is.
  private static var factor: Double { 100 }

  init?(_ rows: Dataset, _ graph: NetworkGraph) {
    let width = rows.inputWidth
    // Numbers of words are no amounts, and a normalisation scales by itself.
    let readers = graph.inputs.flatMap { input in
      graph.edges.filter { $0.source == input.name }.compactMap { graph.layer($0.target) }
    }
    guard rows.rows > 1, readers.allSatisfy({ $0.isDense || $0.kindName.hasPrefix("conv") }) else {
      return nil
    }
    let count = min(rows.rows, 256)
    let sample = (0..<count).flatMap { place -> [ArraySlice<Double>] in
      let row = rows.inputs(ofRow: place * rows.rows / count)
      guard rows.steps != nil else { return [row] }
      return stride(from: row.startIndex, to: row.endIndex, by: width).map { row[$0..<$0 + width] }
    }
    let columns = (0..<width).map { column in
      let values = sample.map { abs($0[$0.startIndex + column]) }
      return (largest: values.max() ?? 0, isFlag: values.allSatisfy { $0 == 0 || $0 == 1 })
    }
    guard let largest = columns.indices.max(by: { columns[$0].largest < columns[$1].largest }) else {
      return nil
    }
    let names = rows.inputNames
    let most = columns[largest].largest
    if rows.inputShape.count > 1 {
      guard most >= InputScale.factor else { return nil }
      words = localized("they run up to \(most.brief)")
      return
    }
    let amounts = columns.indices.filter { !columns[$0].isFlag && columns[$0].largest > 0 }
    let smallest = amounts.min { columns[$0].largest < columns[$1].largest }
    if let smallest, most >= InputScale.factor * columns[smallest].largest {
      let least = columns[smallest].largest.brief
      words = localized(
        "`\(names[largest])` runs up to \(most.brief), `\(names[smallest])` up to \(least)")
    } else if most >= InputScale.factor {
      words = localized("`\(names[largest])` runs up to \(most.brief)")
    } else {
      return nil
    }
  }
}
