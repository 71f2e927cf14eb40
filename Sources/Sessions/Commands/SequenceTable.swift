import Datasets
import Diagnostics
import Foundations
import Localization
import NeuralEngine
import Outputs

/// What a network predicts for rows whose steps it answers one by one: a line for each row, with the answers of its steps one
/// after the other.
struct SequenceTable {
  private let network: Network
  private let task: PredictionTask
  private let data: Dataset
  /// The answers of each row.
  private let answers: [(steps: Int, numbers: ArraySlice<Double>)]
  /// The tokens of a text; nil for what is none.
  private let vocabulary: Vocabulary?
  /// The set with the targets of a text by the numbers of the network's.
  private let own: Dataset
  /// The output layers, where several answer each step.
  private let outputs: [NetworkOutput]

  /// - Parameters:
  ///   - numbers: the answers to all rows.
  ///   - counts: for how many steps each row is answered.
  init(_ network: Network, _ set: Dataset, _ numbers: [Double], _ counts: [Int], _ session: Session) {
    (self.network, task, data) = (network, network.task, set)
    let width = network.graph.outputWidth / network.graph.outputSteps
    var start = 0
    answers = counts.map { steps in
      defer { start += steps * width }
      return (steps, numbers[start..<start + steps * width])
    }
    vocabulary = set.vocabulary == nil ? nil : session.schema(of: network)?.vocabulary
    own = vocabulary.flatMap { try? set.renumbered(by: $0) } ?? set
    outputs = network.graph.answersEachStep ? session.outputs(of: network, targets: set.targetColumns) : []
  }

  /// The table, with some lines below it.
  func table(footer: [String]) -> Table {
    Table(
      title: localized("\(network.name) on \(data.name), step by step"),
      columns: [.numbers(localized("row"))] + columns,
      rows: answers.indices.map { [String($0 + 1)] + cells(ofRow: $0) }, footer: footer)
  }

  /// Whether there are targets to show. Of one target a row nothing can be said at each step of several outputs.
  private var hasTargets: Bool {
    data.targetWidth > 0 && (outputs.isEmpty || data.steps == nil || data.steps?.haveTargets == true)
  }

  private var columns: [Table.Column] {
    guard !outputs.isEmpty else {
      return [.words(localized("output"))] + (hasTargets ? [.words(localized("target"))] : [])
    }
    return outputs.flatMap { output -> [Table.Column] in
      let targets = hasTargets ? output.columns.map { data.targetNames[$0] } : []
      return [.words(output.name)]
        + (targets.isEmpty ? [] : [.words(localized("target \(targets.joined(separator: ", "))"))])
    }
  }

  private func cells(ofRow row: Int) -> [String] {
    let (steps, numbers) = answers[row]
    guard !outputs.isEmpty else {
      return [words(numbers, steps, task)]
        + (hasTargets ? [words(own.targets(ofRow: row), steps, task)] : [])
    }
    return outputs.flatMap { output -> [String] in
      let said = words(part(numbers, steps, Array(output.units)), steps, output)
      guard hasTargets, !output.columns.isEmpty else { return [said] }
      return [said, words(part(own.targets(ofRow: row), steps, output.columns), steps, output)]
    }
  }

  /// The numbers of an output, or of its targets, at each step; none where there are not as many.
  private func part(_ values: ArraySlice<Double>, _ steps: Int, _ columns: [Int]) -> ArraySlice<Double> {
    let (width, all) = (values.count / max(1, steps), Array(values))
    guard steps > 0, all.count == steps * width, columns.allSatisfy({ $0 < width }) else { return [] }
    return (0..<steps).flatMap { step in columns.map { all[step * width + $0] } }[...]
  }

  /// What one of several outputs says at each step.
  private func words(_ values: ArraySlice<Double>, _ steps: Int, _ output: NetworkOutput) -> String {
    guard !values.isEmpty else { return "" }
    guard let classes = output.classes else { return words(values, steps, output.task) }
    let (all, width) = (Array(values), values.count / max(1, steps))
    return (0..<steps).map { step in
      let step = all[step * width..<(step + 1) * width]
      if width > 1 || output.columns.isEmpty { return output.said(step)?.name ?? "" }
      let label =
        output.units.count > 1 ? Int(exactly: step[step.startIndex]) ?? -1 : output.task.label(step)
      return classes.indices.contains(label) ? classes[label] : step[step.startIndex].brief
    }.joined(separator: " ")
  }

  /// What the numbers of some steps say.
  private func words(_ values: ArraySlice<Double>, _ steps: Int, _ task: PredictionTask) -> String {
    let width = values.count / steps
    if vocabulary != nil, width == 1 { return text(values.map { Int($0) }) }
    guard width > 0, values.count == steps * width else {
      return values.map { $0.significant(2) }.joined(separator: " ")
    }
    let parts = stride(from: values.startIndex, to: values.endIndex, by: width).map {
      values[$0..<$0 + width]
    }
    if vocabulary != nil { return text(parts.map { task.label($0) }) }
    return parts.map { step in
      guard task.isClassification else { return step.map { $0.significant(2) }.joined(separator: ",") }
      if case .multiclass = task, width == 1 { return step[step.startIndex].brief }
      return String(task.label(step))
    }.joined(separator: " ")
  }

  /// A text as it would be printed, on one line.
  private func text(_ numbers: [Int]) -> String {
    (vocabulary?.decode(numbers) ?? "").replacing("\n", with: "⏎")
  }
}
