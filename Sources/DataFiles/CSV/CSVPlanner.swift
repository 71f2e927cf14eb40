import Datasets
internal import Foundations
internal import NeuralEngine

/// Decides from the first rows how a CSV file is read: its delimiter, header, columns and their kinds.
struct CSVPlanner {
  let name: String
  let options: ReadOptions
  private var errors: CSVErrors { CSVErrors(name: name, lines: options.lines) }

  /// Decides.
  ///
  /// - Parameter comment: the last line above the table that begins with `#`, which may have the names.
  /// - Throws: what makes the columns unfit: `unknown-column`, `date-column`, `no-rows`, …
  func plan(_ sample: CSVSample, _ dialect: CSVDialect, comment: String?) throws(CodedError) -> CSVPlan {
    var plan = CSVPlan()
    plan.dialect = dialect
    plan.lines = options.lines
    guard !sample.rows.isEmpty else { throw errors.noRows(dropped: 0, hasHeader: false) }
    let layout = CSVLayout(sample.rows)
    let rows = sample.rows.dropFirst(layout.titles)
    guard let first = rows.first else { throw errors.noRows(dropped: 0, hasHeader: false) }
    plan.decimal = decimal(sample, dialect, &plan.remarks)
    let named = comment.flatMap { names(in: $0, dialect, layout.width) }
    let isHeader = options.header ?? (layout.hasRowNames || looksLikeHeader(rows, plan.decimal))
    plan.hasHeader = isHeader || named != nil
    plan.rowsAbove = layout.titles + (isHeader ? 1 : 0)
    let body = isHeader ? rows.dropFirst() : rows
    guard !body.isEmpty else { throw errors.noRows(dropped: 0, hasHeader: isHeader) }
    if layout.titles > 0 {
      plan.remarks.append("\(layout.titles) line\(layout.titles == 1 ? "" : "s") above it skipped")
    }
    let header = isHeader ? (layout.hasRowNames ? [""] : []) + first : named ?? []
    let titles = names(header, count: layout.width)
    if let again = repeated(header, titles) { plan.remarks.append(again) }
    plan.columns = try renamed(titles).map { CSVPlan.Column(name: $0) }
    try choose(&plan, unnamed: plan.hasHeader ? unnamed(Array(header.prefix(layout.width)), body) : [])
    for place in plan.columns.indices where plan.columns[place].use != .skipped {
      let texts = body.map { place < $0.count ? $0[place] : "" }
      let lines = sample.lines.suffix(texts.count)
      let kind = kind(
        of: plan.columns[place], Array(zip(lines, texts)), Character(Unicode.Scalar(plan.decimal)))
      try take(kind, for: place, &plan)
    }
    try refuseDatesAlone(plan)
    number(&plan)
    try fill(&plan)
    return plan
  }

  /// The names that columns are to have.
  private func renamed(_ names: [String]) throws(CodedError) -> [String] {
    try ColumnChoice.renamed(names, by: options.renamed, of: name)
  }

  /// Says what stands in for missing values of each column.
  private func fill(_ plan: inout CSVPlan) throws(CodedError) {
    for place in plan.columns.indices where plan.columns[place].use == .input {
      let filling = options.missing?.filling
      // Categories have no middle.
      plan.columns[place].filling = plan.columns[place].isWords && filling == .median ? .mode : filling
    }
    let names = plan.columns.map(\.name)
    for (column, filling) in options.fill.sorted(by: { $0.key < $1.key }) {
      let place = try input(column, names, plan, "fill")
      if let refusal = refusal(of: filling, for: plan.columns[place]) { throw refusal }
      plan.columns[place].filling = filling
    }
    for column in options.indicators {
      let place = try input(column, names, plan, "indicator")
      plan.columns[place].hasIndicator = true
      if plan.columns[place].filling == nil {
        throw CodedError(
          .unusedOption,
          "indicator=\(names[place].asColumnName) says where `\(names[place])` has no value, and needs something that stands there "
            + "instead, such as missing=mean.", suggestion: "missing=mean")
      }
    }
  }

  /// The place of a column that is named in an option and must be an input.
  private func input(_ column: String, _ names: [String], _ plan: CSVPlan, _ option: String)
    throws(CodedError) -> Int
  {
    let place = try ColumnChoice.place(of: column, among: names, of: name)
    guard plan.columns[place].use == .input else {
      let what = plan.columns[place].use == .target ? "the target" : "left out"
      throw CodedError(
        .unusedOption, "`\(option)=` is for inputs, and `\(names[place])` of `\(name)` is \(what).")
    }
    return place
  }

  /// Why something cannot stand in for a column's missing values; nil where it can.
  private func refusal(of filling: Filling, for column: CSVPlan.Column) -> CodedError? {
    let mark = Character(Unicode.Scalar(UInt8(ascii: ".")))
    switch filling {
    case .mean, .mode: return nil
    case .median:
      guard column.isWords else { return nil }
      return CodedError(
        .badOption,
        "`\(column.name)` of `\(name)` is categorical and has no median. Take the commonest category, or name one: "
          + fill(column, "mode"), suggestion: fill(column, "mode"))
    case .value(let text):
      guard !column.isWords, FieldText.number(text, decimal: mark)?.isFinite != true else { return nil }
      return CodedError(
        .badOption,
        "`\(column.name)` of `\(name)` is numeric, and `\(text)` is no number. It takes mean, median, mode or a number: "
          + fill(column, "median"), suggestion: fill(column, "median"))
    }
  }

  /// The option as it was given, with another filling for one column.
  private func fill(_ column: CSVPlan.Column, _ word: String) -> String {
    let others = options.fill.filter { $0.key.lowercased() != column.name.lowercased() }
    let pairs = others.mapValues { $0.word.asPairValue }.merging([column.name: word]) { own, _ in own }
    return "fill={"
      + pairs.sorted { $0.key < $1.key }.map { "\($0.asColumnName): \($1)" }.joined(separator: ", ") + "}"
  }

  /// The decimal mark that is asked for, or that the numbers show.
  private func decimal(_ sample: CSVSample, _ dialect: CSVDialect, _ remarks: inout [String]) -> UInt8 {
    let mark: Character
    if let asked = options.decimal {
      mark = asked
    } else {
      var evidence = DecimalEvidence()
      for row in sample.rows { for text in row { evidence.note(text) } }
      mark = evidence.mark(delimiter: dialect.delimiter)
      if let doubt = evidence.doubt(delimiter: dialect.delimiter) { remarks.append(doubt) }
    }
    return UInt8(ascii: mark == "," ? "," : ".")
  }

  /// The names in a line behind `#`, as `numpy.savetxt` writes them; nil where they are not as many as the columns.
  private func names(in comment: String, _ dialect: CSVDialect, _ width: Int) -> [String]? {
    var text = comment
    guard width > 0,
      let sample = try? text.withUTF8({ bytes throws(CodedError) in
        try CSVSample(bytes, dialect, name: name, isLast: true, limit: 1)
      }), var names = sample.rows.first
    else { return nil }
    // A first column may be called `#` itself.
    if names.count == width + 1, names[0] == "#" { names.removeFirst() }
    if names[0].count > 1, names[0].hasPrefix("#") {
      names[0] = String(names[0].dropFirst().drop { $0 == " " })
    }
    return names.count == width && names.allSatisfy { FieldText($0) == .word } ? names : nil
  }

  /// Tells whether the first row holds names: words over numbers, or over words that never repeat them.
  private func looksLikeHeader(_ rows: ArraySlice<[String]>, _ decimal: UInt8) -> Bool {
    guard let first = rows.first else { return false }
    let body = rows.dropFirst()
    let mark = Character(Unicode.Scalar(decimal))
    func isNumber(_ text: String) -> Bool {
      if case .number = FieldText(text, decimal: mark) { true } else { false }
    }
    if body.isEmpty { return !first.contains(where: isNumber) }
    // A word among numbers would be a mistake in the data, and is a name above them.
    let isAboveNumbers = first.indices.contains { column in
      FieldText(first[column], decimal: mark) == .word
        && body.contains { column < $0.count && isNumber($0[column]) }
        && body.allSatisfy { row in
          guard column < row.count else { return true }
          if case .word = FieldText(row[column], decimal: mark) { return false }
          return true
        }
    }
    if isAboveNumbers { return true }
    if first.contains(where: isNumber) { return counts(first) }
    let hasNumbers = first.indices.contains { column in
      body.contains { column < $0.count && isNumber($0[column]) }
    }
    if hasNumbers { return true }
    if Set(first).count < first.count - 1 { return false }
    return first.indices.allSatisfy { column in
      !body.contains { column < $0.count && $0[column] == first[column] }
    }
  }

  /// Whether names are 0, 1, 2, … as pandas numbers columns.
  private func counts(_ names: [String]) -> Bool {
    let rest = names[0].isEmpty ? names.dropFirst() : names[...]
    return rest.count > 2 && zip(rest, 0...).allSatisfy { $0 == String($1) }
  }

  /// Names that differ; a column without one is called by its place.
  private func names(_ header: [String], count: Int) -> [String] {
    var taken: Set<String> = []
    return (0..<count).map { place in
      let given = place < header.count ? header[place].trimmed : ""
      let base = given.isEmpty ? "column\(place + 1)" : given
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      return name
    }
  }

  /// A remark on names that come more than once; nil where none does.
  private func repeated(_ header: [String], _ names: [String]) -> String? {
    let changed = zip(header, names).filter { given, name in !given.trimmed.isEmpty && given.trimmed != name }
    guard !changed.isEmpty else { return nil }
    return "names that come again: "
      + changed.prefix(6).map { "\($0.trimmed) as \($1)" }.joined(separator: ", ")
      + (changed.count > 6 ? ", …" : "")
  }

  /// Columns without a name that only count the rows (pandas writes its index so), or are empty.
  private func unnamed(_ header: [String], _ body: ArraySlice<[String]>) -> Set<Int> {
    Set(
      header.indices.filter { place in
        guard header[place].isEmpty else { return false }
        let texts = body.map { place < $0.count ? $0[place] : "" }
        if texts.allSatisfy(\.isEmpty) { return true }
        let numbers = texts.compactMap { Int($0) }
        return numbers.count == texts.count && (numbers[0] == 0 || numbers[0] == 1)
          && zip(numbers, numbers.dropFirst()).allSatisfy { $0.addingReportingOverflow(1).partialValue == $1 }
      })
  }

  /// Whether the columns are the inputs that the network at hand was trained on, without its targets.
  private func lacksExpectedTarget(_ names: [String], _ plan: inout CSVPlan) -> Bool {
    guard let expected = options.expected, let inputs = expected.inputs, !expected.targets.isEmpty else {
      return false
    }
    func has(_ column: DataColumn) -> Bool { DataSchema.place(of: column.name, among: names) != nil }
    guard inputs.allSatisfy(has), !expected.targets.contains(where: has) else { return false }
    let target = expected.targets.prefix(3).map { "`\($0.name)`" }.joined(separator: ", ")
    plan.remarks.append("it has no \(target), which the network predicts, so all its columns are inputs")
    return true
  }

  /// Whether a column is asked for as an input by its name.
  private func isFeature(_ column: String) -> Bool {
    guard case .names(let names) = options.features else { return false }
    return names.contains { $0.lowercased() == column.lowercased() }
  }

  /// Gives each column its use, and a slot by which those of one use are in order.
  private func choose(_ plan: inout CSVPlan, unnamed: Set<Int>) throws(CodedError) {
    let names = plan.columns.map(\.name)
    let free = names.indices.filter { !unnamed.contains($0) || options.targets?.contains(names[$0]) == true }
    var targets: [Int] = []
    if let wanted = options.targets {
      let parts = wanted.map { names.contains($0) ? (nil, $0) : TargetTransform.split($0) }
      targets = try ColumnChoice.names(parts.map(\.1)).places(among: names, of: name)
      for (place, part) in zip(targets, parts) { plan.columns[place].transform = part.0 }
    } else if free.count > 1, let last = free.last {
      let lacksTarget = plan.hasHeader && lacksExpectedTarget(names, &plan)
      if !lacksTarget, !isFeature(names[last]) { targets = [last] }
    }
    _ = try ColumnChoice.names(options.words.sorted()).places(among: names, of: name)
    let apart = try [options.order, options.series].compactMap(\.self).map { column throws(CodedError) in
      try ColumnChoice.place(of: column, among: names, of: name)
    }
    if let place = apart.first(where: targets.contains), options.targets != nil {
      let option = options.order.map { $0.lowercased() == names[place].lowercased() } == true ? "order" : "by"
      throw CodedError(
        .repeatedColumn,
        "`\(names[place])` is both the target and \(option)=. Name another target: target=…")
    }
    let given = try ColumnChoice.names(options.dropped).places(among: names, of: name)
    let dropped = given + Set(apart).subtracting(given).sorted()
    if let target = dropped.first(where: targets.contains), options.targets != nil {
      throw CodedError(
        .repeatedColumn, "`\(names[target])` is both the target and dropped. Keep one of them.")
    }
    if options.targets == nil, let last = free.last(where: { !dropped.contains($0) }), !targets.isEmpty {
      targets = [last]
    }
    let rest = free.filter { !targets.contains($0) && !dropped.contains($0) }
    // The past of a target is something to learn from, and so is its date.
    guard !rest.isEmpty || !apart.isEmpty && !targets.isEmpty else {
      throw CodedError(
        .noFeatures, "`\(name)` has no column besides its target, so there are no features.")
    }
    if case .names(let wanted) = options.features,
      let place = apart.first(where: { place in
        wanted.contains { $0.lowercased() == names[place].lowercased() }
      })
    {
      throw CodedError(
        .repeatedColumn,
        "`\(names[place])` says when or whose a row is, and is no input as well. Leave it out of features=; inputs are made of dates "
          + "by dates=[year, month].")
    }
    let chosen = try options.features.places(among: rest.map { names[$0] }, of: name).map { rest[$0] }
    for (slot, place) in (chosen + targets).enumerated() {
      plan.columns[place].use = slot < chosen.count ? .input : .target
      plan.columns[place].slot = slot
    }
    for (slot, place) in dropped.enumerated() {
      plan.columns[place].use = .label
      plan.columns[place].slot = slot
      plan.columns[place].isNeeded = apart.contains(place)
    }
    for place in plan.columns.indices where [.skipped, .label].contains(plan.columns[place].use) {
      if apart.contains(place) { continue }
      let isUnnamed = unnamed.contains(place)
      plan.leftOut.append(
        isUnnamed ? "column \(place + 1) (no name, and only numbers the rows or is empty)" : names[place])
    }
  }

  // MARK: Kinds of columns

  /// What the values of a column are.
  private enum Kind {
    case numbers
    case words
    /// With one of them, and the line that it stands in.
    case dates(line: Int, text: String)
    /// With one of them, likewise.
    case decimalCommas(line: Int, text: String)
  }

  /// Tells what a column holds; where numbers are as many as words it holds numbers, and the reader will name the row that
  /// is none.
  private func kind(of column: CSVPlan.Column, _ texts: [(line: Int, text: String)], _ decimal: Character)
    -> Kind
  {
    if options.words.contains(where: { $0.lowercased() == column.name.lowercased() }) { return .words }
    var numbers = 0
    var dates: [(line: Int, text: String)] = []
    var commas: [(line: Int, text: String)] = []
    var words = 0
    for (line, text) in texts {
      switch FieldText(text, decimal: decimal) {
      case .missing: break
      case .number, .hugeNumber: numbers += 1
      case .date: dates.append((line, text))
      case .word:
        words += 1
        if decimal == ".", FieldText.number(text, decimal: ",") != nil { commas.append((line, text)) }
      }
    }
    // One that cannot be read is a mistake among dates.
    if let date = dates.first, dates.count > numbers, dates.count > words {
      return .dates(line: date.line, text: date.text)
    }
    // Numbers without a fraction look alike with a comma and with a point.
    if words > 0, words == commas.count, let comma = commas.first {
      return .decimalCommas(line: comma.line, text: comma.text)
    }
    return words + dates.count > numbers ? .words : .numbers
  }

  /// Notes what a column holds. Of dates the texts are kept.
  ///
  /// - Throws: `date-column` for a target, or `decimal-comma`.
  private func take(_ kind: Kind, for place: Int, _ plan: inout CSVPlan) throws(CodedError) {
    let column = plan.columns[place]
    switch (kind, column.use) {
    // What somebody has dropped stays so, and what rows are ordered by may be told of.
    case (.dates, .label): plan.columns[place].isDate = column.isNeeded
    case (.dates(let line, let text), .target):
      throw errors.dateTarget(line: line, column: column.name, text: text, isNamed: options.targets != nil)
    case (.dates(_, let text), .input):
      plan.columns[place].use = .label
      plan.columns[place].isDate = true
      plan.columns[place].isNeeded = options.usesDates
      plan.columns[place].slot = plan.columns.count + place
      guard !options.usesDates else { break }
      let part = DateText(text)?.hasDay == true ? "[year, month, weekday]" : "hour"
      plan.leftOut.append(
        "\(column.name) (to learn from its \(part == "hour" ? "times" : "dates"): dates=\(part))")
    case (.decimalCommas(let line, let text), .input), (.decimalCommas(let line, let text), .target):
      throw errors.decimalComma(line: line, column: column.name, text: text)
    case (.words, .input), (.words, .target): plan.columns[place].isWords = true
    default: break
    }
  }

  /// Refuses a table that has dates to learn from and nothing else, where nobody has said what is to be made of them.
  private func refuseDatesAlone(_ plan: CSVPlan) throws(CodedError) {
    let hasInputs = plan.columns.contains { $0.use == .input }
    let isNamed = { (column: CSVPlan.Column) in column.isDate && isFeature(column.name) }
    if !hasInputs || plan.columns.contains(where: isNamed), !options.usesDates, options.order == nil,
      let date = plan.columns.first(where: { $0.isDate && !options.dropped.contains($0.name) })
    {
      throw errors.dates(column: date.name)
    }
    guard plan.used.isEmpty else { return }
    throw CodedError(
      .noFeatures, "`\(name)` has no column to learn from besides dates. Name a target that is none.")
  }

  /// Gives columns their slots: inputs first, then targets; and those whose texts are kept slots of their own.
  private func number(_ plan: inout CSVPlan) {
    var next = 0
    for use in [CSVPlan.Use.input, .target, .label] {
      if use == .label { next = 0 }
      let places = plan.columns.indices.filter { plan.columns[$0].use == use }
      for place in places.sorted(by: { plan.columns[$0].slot < plan.columns[$1].slot }) {
        plan.columns[place].slot = next
        next += 1
      }
    }
  }
}
