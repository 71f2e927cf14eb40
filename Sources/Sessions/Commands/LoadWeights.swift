import Diagnostics
import Foundations
import Interchange
import Language
import Localization
import NeuralEngine
import Outputs

/// `load weights "m.safetensors"`: numbers of another program into the network that was described, all of them or none.
struct LoadWeights: SessionCommand {
  let file: Operand<FilePath>
  let map: Operand<NamePairs>?
  let strict: Operand<Bool>

  func run(_ context: CommandContext) throws {
    let session = context.session
    let network = try session.currentNetwork(at: context.span)
    let path = try file(context).path
    let pairs = try map?(context).pairs ?? []
    let isStrict = try strict(context)
    let endings = [".safetensors", ".keras", ".h5"]
    let read = try LoadNetwork.finding(path, at: file.span, session.files, endings: endings) {
      (place) throws(CodedError) in
      try WeightImport(place, named: path, into: network.graph, map: pairs, isStrict: isStrict)
    }
    try context.locating { try fill(network, read, session) }
    show(read, path, network, context)
  }

  private func fill(_ network: Network, _ read: WeightImport, _ session: Session) throws {
    // Layers that the file says nothing of keep theirs, or draw them now.
    if network.parameters == nil, !read.kept.isEmpty {
      try network.prepare(session.state.options.execution, random: &session.random)
    }
    let before = network.state
    var execution = before.weights.options ?? session.state.options.execution
    if before.weights.options == nil { execution.precision = session.state.options.precision }
    let count = try ParameterLayout(network.graph).count
    var values = before.weights.values ?? [Double](repeating: 0, count: count)
    for (range, numbers) in read.numbers {
      let rounded = execution.precision == .single ? numbers.map { Double(Float($0)) } : numbers
      values.replaceSubrange(range, with: rounded)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw CodedError(
        .notFinite,
        "Some of the weights are beyond what 32 bits hold. Compute in 64: option precision=double",
        suggestion: "option precision=double")
    }
    network.restore(
      try NetworkState(
        graph: before.graph, defaults: before.defaults,
        weights: NetworkWeights(
          options: execution, values: values,
          optimizer: OptimizerState(optimizer: .sgd(), steps: 0, first: [], second: []))))
    // What the old weights were trained on says nothing of the new ones.
    session.state.remember(nil, of: network)
  }

  private func show(_ read: WeightImport, _ path: String, _ network: Network, _ context: CommandContext) {
    let count = read.numbers.reduce(0) { $0 + $1.values.count }.grouped
    var footer = [
      localized("\(count) parameters of \(read.origin) in \(network.name)")
    ]
    if !read.unused.isEmpty { footer.append(localized("left over in the file: \(listed(read.unused))")) }
    if !read.kept.isEmpty { footer.append(localized("kept as they were: \(listed(read.kept))")) }
    let rows = read.lines.map { line in
      [
        line.source, line.shape.sizesText,
        line.target,
        line.change,
      ]
    }
    context.emit(
      .table(
        Table(
          title: localized("weights from \(path)"),
          columns: [
            .words(localized("in the file")), .numbers(localized("shape")), .words(localized("becomes")),
            .words(localized("changed")),
          ],
          rows: rows,
          footer: footer)))
    for remark in read.remarks {
      context.emit(Diagnostic(remark.code, remark.text, at: context.span, severity: .notice))
    }
  }

  private func listed(_ names: [String]) -> String {
    names.prefix(12).map { $0.sanitized() }.joined(separator: ", ")
      + (names.count > 12 ? localized(", and \(names.count - 12) more") : "")
  }
}

/// Names and what belongs to each: `{hid: "fc1", out: "fc2"}`.
struct NamePairs: OperandValue {
  let pairs: [(layer: String, group: String)]
  /// What belongs to each name.
  var table: [String: String] {
    Dictionary(pairs.map { ($0.layer, $0.group) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ value: Value, of content: CheckedValue) throws {
    let refusal = Diagnostic(
      .badValue, "`\(content.slot.name)` takes \(content.slot.type.wanted).", at: content.span)
    switch value {
    case .list(let items):
      pairs = try items.map { item in
        guard case .list(let parts) = item, parts.count == 2, case .string(let layer) = parts[0],
          case .string(let group) = parts[1]
        else { throw refusal }
        return (layer, group)
      }
    case .tensor(let tensor) where tensor.count == 0: pairs = []
    default: throw refusal
    }
    try NamePairs.check(pairs.map(\.layer), content)
  }

  /// Names and words that stand in the source, each with its place.
  static func literals(
    in value: Expression, _ content: CheckedValue
  ) throws -> [(name: String, word: String, span: SourceSpan)] {
    guard case .list(let items) = value.kind else { return [] }
    let pairs = items.compactMap { item -> (name: String, word: String, span: SourceSpan)? in
      guard case .list(let pair) = item.kind, pair.count == 2, case .string(let name) = pair[0].kind,
        case .string(let word) = pair[1].kind
      else { return nil }
      return (name, word, pair[1].span)
    }
    try check(pairs.map(\.name), content)
    return pairs
  }

  /// Refuses a name that is there twice.
  private static func check(_ names: [String], _ content: CheckedValue) throws {
    if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
      throw Diagnostic(
        .badValue, "`\(content.slot.name)` names `\(twice)` twice. Keep one of them.", at: content.span)
    }
  }
}
