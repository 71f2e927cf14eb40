internal import Diagnostics
internal import Foundations
import Localization
internal import NetworkSchema

extension Checker {
  /// An argument as what its slot takes; nil, with the mistake noted, when it is something else.
  mutating func value(_ argument: Argument, in slot: Slot) -> CheckedValue? {
    guard let kind = kind(of: argument, in: slot) else { return nil }
    return CheckedValue(kind: kind, slot: slot, span: argument.span)
  }

  mutating func expressions(_ arguments: ArraySlice<Argument>, in slot: Slot, span: SourceSpan)
    -> CheckedValue?
  {
    let values = arguments.compactMap { $0.asExpression }
    for value in values { check(value) }
    if values.isEmpty {
      report(
        .missingArgument,
        slot.type == .expression
          ? localized("There is nothing to show. Give values, separated by commas: `print \"loss\", loss`.")
          : "`\(slot.name)` is missing: \(slot.help).",
        at: span)
    }
    return CheckedValue(kind: .expressions(values), slot: slot, span: span)
  }

  private mutating func kind(of argument: Argument, in slot: Slot) -> CheckedValue.Kind? {
    switch slot.type {
    case .integer(let range): return integer(argument, range, slot)
    case .sizes(let most): return sizes(argument, most, slot)
    case .number(let range): return number(argument, range, slot)
    case .boolean: return boolean(argument, slot)
    case .choice(let list): return choice(argument, list, slot)
    case .choiceOrPairs(let list):
      if case .expression(let value) = argument.kind, case .list(let items) = value.kind {
        return choices(items, of: list, in: value)
      }
      return choice(argument, list, slot)
    case .choiceOrValues(let list):
      if case .word(let word) = argument.kind, !names.isVariable(word),
        !isInFunction || list.words.contains(word)
      {
        return choice(argument, list, slot)
      }
      return expression(argument, slot)
    case .newName, .binding: return newName(argument, slot)
    case .name(let kind): return name(argument, kind, slot)
    case .column: return column(argument, slot)
    case .columns: return columns(argument, slot)
    case .rowExpression: return rowExpression(argument, slot)
    case .metric: return metric(argument, slot)
    case .metrics: return metrics(argument, slot)
    case .dataOrValues: return dataOrValues(argument, slot)
    case .pairs, .namedNumbers, .namedColumns: return pairs(argument, slot)
    case .values, .expression: return expression(argument, slot)
    case .file: return file(argument, slot)
    case .topic: return topic(argument)
    case .table: return table(argument, slot)
    case .chain: return chain(argument, slot)
    case .parameter: return parameter(argument, slot)
    case .variant: return nil
    }
  }

  mutating func reject(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    // A table's and a chain's help says what they take.
    let isSaid = slot.type == .table || slot.type == .chain
    let given = if case .number(let number, _) = argument.kind { number } else { Double?.none }
    report(
      .badValue,
      "`\(slot.name)` takes \(isSaid ? "" : slot.type.wanted(insteadOf: given) + ": ")\(slot.help).",
      at: argument.span)
    return nil
  }

  private mutating func integer(_ argument: Argument, _ range: ClosedRange<Int>, _ slot: Slot) -> CheckedValue
    .Kind?
  {
    guard case .number(let value, unit: .none) = argument.kind else {
      return computed(argument, slot)
    }
    guard let whole = Int(exactly: value), range.contains(whole) else {
      return reject(argument, slot)
    }
    return .known(.integer(whole))
  }

  private mutating func sizes(_ argument: Argument, _ most: Int, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .number(let value, unit: .none):
      guard let whole = Int(exactly: value), whole > 0 else { return reject(argument, slot) }
      return .known(.sizes([whole]))
    case .shape(let sizes):
      guard sizes.count <= most, sizes.allSatisfy({ $0 > 0 }) else { return reject(argument, slot) }
      return .known(.sizes(sizes))
    default: return computed(argument, slot)
    }
  }

  private mutating func number(_ argument: Argument, _ range: NumberRange, _ slot: Slot) -> CheckedValue.Kind?
  {
    switch argument.kind {
    case .number(let value, let unit) where unit != .seconds:
      guard range.contains(value) else { return reject(argument, slot) }
      return .known(.number(value))
    default: return computed(argument, slot)
    }
  }

  /// A value that only the running cell knows: a variable, or an expression in parentheses.
  private mutating func computed(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word(let word) where names.isVariable(word) || isInFunction:
      resolver.read(word)
      return .expression(Expression(.name(word), argument.span))
    case .expression(let value):
      check(value)
      return .expression(value)
    default: return reject(argument, slot)
    }
  }

  /// The parser makes a list of pairs of what stands in braces.
  private mutating func pairs(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    guard case .expression(let value) = argument.kind, case .list = value.kind else {
      return computed(argument, slot)
    }
    return .expression(value)
  }

  /// A word of the list for each name.
  private mutating func choices(
    _ items: [Expression], of list: WordList, in value: Expression
  ) -> CheckedValue.Kind? {
    for item in items {
      guard case .list(let pair) = item.kind, pair.count == 2, case .string(let word) = pair[1].kind,
        !list.words.contains(word)
      else { continue }
      reportUnknown(word, of: list, at: pair[1].span)
      return nil
    }
    return .expression(value)
  }

  private mutating func reportUnknown(_ word: String, of list: WordList, at span: SourceSpan) {
    let nearest =
      ForeignWords.word(word, among: list.words) ?? DidYouMean.nearest(to: word, among: list.words)
    let guess =
      DidYouMean.question(nearest) ?? localized("There are \(list.words.joined(separator: ", ")).")
    report(
      list.unknown, localized("There is no \(list.noun) `\(word)`. \(guess)"), at: span, suggestion: nearest)
  }

  private mutating func boolean(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word("true"): return .known(.boolean(true))
    case .word("false"): return .known(.boolean(false))
    default: return computed(argument, slot)
    }
  }

  private mutating func choice(_ argument: Argument, _ list: WordList, _ slot: Slot) -> CheckedValue
    .Kind?
  {
    let words = list.words.joined(separator: ", ")
    if list.words.count == 1, argument.kind != .word(words) {
      report(list.unknown, localized("It can only be `\(words)` here."), at: argument.span, suggestion: words)
      return nil
    }
    guard case .word(let word) = argument.kind else {
      return reject(argument, slot)
    }
    guard list.words.contains(word) else {
      reportUnknown(word, of: list, at: argument.span)
      return nil
    }
    return .known(.word(word))
  }

  private mutating func dataOrValues(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    if let part = argument.dataPart, names.data.contains(part.name) { return name(argument, .data, slot) }
    guard case .word(let word) = argument.kind else { return expression(argument, slot) }
    if names.data.contains(word), !names.variables.contains(word) { return .name(word) }
    if names.isVariable(word) || isInFunction {
      resolver.read(word)
      return .expression(Expression(.name(word), argument.span))
    }
    return name(argument, .data, slot)
  }

  private mutating func expression(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    guard let value = argument.asExpression else { return reject(argument, slot) }
    check(value)
    return .expression(value)
  }

  private mutating func file(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .string(let path) where !path.isEmpty: return .expression(Expression(.string(path), argument.span))
    case .word(let word) where names.variables.contains(word): return computed(argument, slot)
    case .expression(let value):
      // `m.safetensors` reads as a field of something called `m`.
      guard case .field(let base, let ending) = value.kind, case .name(let name) = base.kind,
        !names.hasValue(name)
      else { return computed(argument, slot) }
      let quoted = "\"\(name).\(ending.name)\""
      report(
        .badValue, localized("A file name is written in quotes: \(quoted)."), at: argument.span,
        suggestion: quoted)
      return nil
    default: return reject(argument, slot)
    }
  }

  private mutating func topic(_ argument: Argument) -> CheckedValue.Kind? {
    guard case .word(let word) = argument.kind else {
      report(.badValue, localized("`help` takes a word, as in `help train`."), at: argument.span)
      return nil
    }
    guard
      HelpTopic.find(word) != nil || names.builtins.contains(word)
        || names.has(word, as: .anything)
    else {
      let nearest = DidYouMean.nearest(to: word, among: HelpTopic.all + names.builtins.sorted())
      report(
        .unknownTopic,
        localized("There is no help on `\(word)`. ")
          + (DidYouMean.question(nearest) ?? localized("`help` lists the commands.")),
        at: argument.span, suggestion: nearest)
      return nil
    }
    return .known(.word(word))
  }

  private mutating func chain(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .chain(let groups) where groups.count > 1: return .chain(groups)
    case .word("all"): return .chain(nil)
    default: return reject(argument, slot)
    }
  }

  private mutating func table(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .rows(let rows): return rowsAreSound(rows, at: argument.span) ? .rows(rows) : nil
    case .arrays(let inputs, nil):
      guard case .string(let path) = inputs.kind else { return checkedArrays(inputs, nil) }
      report(
        .badValue, localized("A file is given after `from`: `from \"\(path)\"`."), at: argument.span,
        suggestion: "from \"\(path)\"")
      return nil
    case .arrays(let inputs, let targets): return checkedArrays(inputs, targets)
    case .source(let source): return .source(source)
    case .string(let path):
      report(
        .badValue, localized("A file is given after `from`: `from \"\(path)\"`."), at: argument.span,
        suggestion: "from \"\(path)\"")
      return nil
    default: return reject(argument, slot)
    }
  }

  private mutating func checkedArrays(_ inputs: Expression, _ targets: Expression?) -> CheckedValue.Kind {
    check(inputs)
    targets.map { check($0) }
    return .arrays(inputs, targets)
  }

  /// Every row must have the widths of the first.
  private mutating func rowsAreSound(_ rows: [RowSyntax], at span: SourceSpan) -> Bool {
    guard let first = rows.first, !first.inputs.isEmpty else {
      report(
        .emptyTable, "This table has no \(rows.isEmpty ? "rows" : "inputs"). A row looks like `0 1 -> 1`.",
        at: rows.first?.span ?? span)
      return false
    }
    for (index, row) in rows.enumerated()
    where row.inputs.count != first.inputs.count || row.targets.count != first.targets.count {
      report(
        .raggedTable,
        localized(
          "Row \(index + 1) has \(row.widths), but the first has \(first.widths). Every row needs the same."),
        at: row.span)
      return false
    }
    return true
  }
}

extension RowSyntax {
  fileprivate var widths: String {
    localized("\(inputs.count, "input") and \(targets.count, "target")")
  }
}

extension Argument {
  /// The argument as a value, where it can be one.
  var asExpression: Expression? {
    switch kind {
    case .word("true"): Expression(.boolean(true), span)
    case .word("false"): Expression(.boolean(false), span)
    case .word(let word): Expression(.name(word), span)
    case .number(let value, _): Expression(.number(value), span)
    case .string(let text): Expression(.string(text), span)
    case .shape(let sizes): Expression(.shape(sizes), span)
    case .expression(let value): value
    default: nil
    }
  }
}

// MARK: - Names

extension Checker {
  /// A metric that a training reports, or a function that is one.
  private mutating func metric(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    guard case .word(let word) = argument.kind else { return reject(argument, slot) }
    let own = word.withoutValidationPrefix
    guard isMetric(own, among: NetworkCatalog.current.reportableMetrics + [word], at: argument.span, word)
    else { return nil }
    return .known(.word(word))
  }

  /// Metrics to watch, as a list of their names.
  private mutating func metrics(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    guard let value = argument.asExpression else { return reject(argument, slot) }
    var items = [value]
    if case .list(let several) = value.kind { items = several }
    let known = NetworkCatalog.current.trainingMetrics.names + NetworkCatalog.current.watchableMetrics
    let names = items.compactMap { item -> Expression? in
      guard case .name(let name) = item.kind else {
        report(.badValue, "`\(slot.name)` takes \(slot.type.wanted).", at: item.span)
        return nil
      }
      return isMetric(name, among: known, at: item.span, name)
        ? Expression(.string(name), item.span) : nil
    }
    return names.count == items.count ? .expression(Expression(.list(names), argument.span)) : nil
  }

  /// Whether a name is that of a metric or of a function of the user's; if not, the mistake is noted.
  private mutating func isMetric(_ name: String, among known: [String], at span: SourceSpan, _ word: String)
    -> Bool
  {
    let catalog = NetworkCatalog.current
    if catalog.trainingMetrics.names.contains(word) || catalog.watchableMetrics.contains(name) { return true }
    if names.isOutputMetric(name) { return true }
    if names.isVariable(name) || isInFunction || names.mayBeMore {
      resolver.read(name)
      return true
    }
    let nearest = DidYouMean.nearest(to: word, among: known.filter { $0 != word })
    report(
      .unknownMetric,
      "There is no metric `\(word)`. "
        + (DidYouMean.question(nearest)
          ?? "There are \(catalog.watchableMetrics.joined(separator: ", ")), or one of your own: def \(name)(targets, outputs) = mean(abs(targets - outputs))"),
      at: span, suggestion: nearest)
    return false
  }
  /// A column's name; which there are, only the running cell knows.
  mutating func column(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word(let name), .string(let name): .name(name)
    default: reject(argument, slot)
    }
  }

  /// An expression over columns, whose names only the running cell knows; in quotes it is parsed here.
  mutating func rowExpression(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .binding(let name, let value):
      readVariables(of: value)
      return .binding(name, value)
    case .string(let text):
      let parsed = Parser.parse(SourceText(text, name: "the expression"))
      guard parsed.diagnostics.isEmpty, parsed.program.statements.count == 1,
        case .expression(let value)? = parsed.program.statements.first?.kind
      else {
        report(
          .badValue, localized("`\(slot.name)` takes an expression over columns: \(slot.name) age > 18."),
          at: argument.span)
        return nil
      }
      readVariables(of: value)
      return .expression(value)
    default:
      guard let value = argument.asExpression else { return reject(argument, slot) }
      readVariables(of: value)
      return .expression(value)
    }
  }

  /// Notes which variables an expression reads, among its columns.
  private mutating func readVariables(of value: Expression) {
    if case .name(let name) = value.kind, names.isVariable(name) { resolver.read(name) }
    for child in value.children { readVariables(of: child) }
  }

  /// Columns' names: a word that is no variable is a name, and `none` is no name at all.
  mutating func columns(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    func named(_ value: Expression) -> Expression {
      switch value.kind {
      case .name(let word) where !names.isVariable(word) && !isInFunction:
        Expression(.string(word), value.span)
      case .list(let items): Expression(.list(items.map(named)), value.span)
      case .call(let function, let arguments):
        transformed(function, arguments).map { Expression(.string($0), value.span) } ?? value
      default: value
      }
    }
    if case .word("none") = argument.kind, !names.isVariable("none") {
      return .expression(Expression(.list([]), argument.span))
    }
    guard let value = argument.asExpression else { return reject(argument, slot) }
    let columns = named(value)
    check(columns)
    return .expression(columns)
  }

  /// A column of which something else is learned, `log(price)`, as a text; nil for any other call.
  private func transformed(_ function: Expression, _ arguments: [CallArgument]) -> String? {
    guard case .name(let name) = function.kind, ["log", "log1p"].contains(name), arguments.count == 1,
      arguments[0].key == nil
    else { return nil }
    switch arguments[0].value.kind {
    case .name(let column) where !names.isVariable(column) && !isInFunction: return "\(name)(\(column))"
    case .string(let column): return "\(name)(\(column))"
    default: return nil
    }
  }

  mutating func newName(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word(let word) where slot.type == .binding:
      let value = Expression(.name(word), argument.span)
      check(value)
      return .binding(Identifier(word, argument.span), value)
    case .binding(let name, let value) where slot.type == .binding:
      check(value)
      return .binding(name, value)
    case .word(let word):
      guard CommandTable.command(word) == nil, !Keyword.all.contains(word) else {
        report(
          .reservedWord, localized("`\(word)` is a reserved word and cannot be used as a name."),
          at: argument.span)
        return nil
      }
      return .name(word)
    default: return reject(argument, slot)
    }
  }

  mutating func name(_ argument: Argument, _ kind: NameKind, _ slot: Slot) -> CheckedValue.Kind? {
    if kind == .data, let part = argument.dataPart {
      return name(Argument(.word(part.name), part.span), kind, slot).map { _ in
        .name(part.name + "." + part.part)
      }
    }
    guard case .word(let word) = argument.kind else {
      return reject(argument, slot)
    }
    guard !isInFunction, !names.has(word, as: kind) else { return .name(word) }
    if names.mayBeMore, [.network, .layer, .anything].contains(kind) { return .name(word) }
    if kind == .network, names.isVariable(word) || names.data.contains(word) {
      report(
        kind.unknown,
        "`\(word)` is a \(names.data.contains(word) ? "data set" : "variable"), and no network. The predictions for a data set "
          + "are written to a file by `save predictions \"predictions.csv\"`.", at: argument.span,
        suggestion: "save predictions \"predictions.csv\"")
      return nil
    }
    let known = names.names(of: kind).sorted()
    let nearest = DidYouMean.nearest(to: word, among: known)
    let noun = kind == .anything ? "nothing called" : "no \(kind.rawValue)"
    report(
      kind.unknown,
      localized("There is \(noun) `\(word)`. ") + guess(word, nearest, known: known, kind: kind),
      at: argument.span,
      suggestion: nearest)
    return nil
  }

  private func guess(_ word: String, _ nearest: String?, known: [String], kind: NameKind) -> String {
    // `iris.test` too: it is made before it is divided.
    if kind == .data, let name = word.split(separator: ".").first.map(String.init),
      names.builtInData.contains(name)
    {
      return localized("It is built in: `data \(name)` makes it.")
    }
    if let question = DidYouMean.question(nearest) { return question }
    if known.isEmpty || known.count > 12 { return kind.howToMake }
    return localized("There is \(known.map { "`\($0)`" }.joined(separator: ", ")).")
  }
}

extension Argument {
  /// The data set and the part of `xor.test`.
  var dataPart: (name: String, part: String, span: SourceSpan)? {
    guard case .expression(let value) = kind, case .field(let base, let part) = value.kind,
      case .name(let name) = base.kind, DataPart(rawValue: part.name) != nil
    else { return nil }
    return (name, part.name, base.span)
  }
}

/// The parts that `split` makes of a data set.
public enum DataPart: String, Sendable, CaseIterable {
  /// The rows that are trained with.
  case train
  /// The rows that a training is watched with.
  case validate
  /// The rows that are kept aside until the end.
  case test
}

extension NameKind {
  fileprivate var howToMake: String {
    switch self {
    case .data: localized("Define one first: `data xor { 0 1 -> 1 }`.")
    case .network: localized("Start one first: `net solver`.")
    case .layer: localized("Add it first: `layer hid dense 3 sigmoid`.")
    case .variable: localized("Assign a value first: `a = 1`.")
    case .series: localized("Record values first: `record loss`.")
    case .anything: localized("Data sets, networks, layers, series and variables have names.")
    }
  }
}
