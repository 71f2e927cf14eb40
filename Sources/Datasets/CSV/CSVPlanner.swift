internal import Foundations
internal import NeuralEngine

/// Decides from the first rows how a CSV file is read: its delimiter, header, columns and their kinds.
struct CSVPlanner {
  let name: String
  let options: ReadOptions
  private var errors: CSVErrors { CSVErrors(name: name) }

  init(name: String, options: ReadOptions) {
    self.name = name
    self.options = options
  }

  /// The delimiter that divides the first rows into the same number of fields, the which may differ.
  ///
  /// - Throws: `bad-delimiter` when the one asked for is no ASCII character.
  func delimiter(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws(CodedError) -> UInt8 {
    if let asked = options.delimiter {
      // What may stand in a number cannot stand between two.
      guard let byte = asked.asciiValue, asked == "\t" || ",;|:/!#$%&*=@^_~".contains(asked),
        asked != options.decimal
      else {
        throw CodedError(
          .badDelimiter,
          "Fields cannot be separated by `\(asked)`: the separator is one character such as \",\", \";\", \"|\" or a "
            + "tab, and not the decimal separator.")
      }
      return byte
    }
    var best = (score: 0, delimiter: UInt8(ascii: options.decimal == "," ? ";" : ","))
    let head = UnsafeBufferPointer(rebasing: bytes.prefix(1 << 16))
    // The comma last: it also stands in numbers, so where another divides the rows as well, that is it.
    for candidate in ["\t", ";", ","] as [Unicode.Scalar] where Character(candidate) != options.decimal {
      let delimiter = UInt8(ascii: candidate)
      let sample = try CSVSample(
        head, delimiter: delimiter, name: name, isLast: isLast && head.count == bytes.count, limit: 50)
      guard let width = sample.rows.first?.count, width > 1 else { continue }
      let score = sample.rows.count { $0.count == width } * 1000 / sample.rows.count
      if score > best.score { best = (score, delimiter) }
    }
    return best.delimiter
  }

  /// Decides everything else.
  ///
  /// - Throws: what makes the columns unfit: `unknown-column`, `date-column`, `no-rows`, …
  func plan(_ sample: CSVSample, delimiter: UInt8) throws(CodedError) -> CSVPlan {
    var plan = CSVPlan()
    plan.delimiter = delimiter
    plan.decimal = UInt8(ascii: options.decimal == "," ? "," : ".")
    guard let first = sample.rows.first else { throw errors.noRows(dropped: 0, hasHeader: false) }
    plan.hasHeader = options.header ?? looksLikeHeader(sample)
    let body = plan.hasHeader ? sample.rows.dropFirst() : sample.rows[...]
    guard !body.isEmpty else { throw errors.noRows(dropped: 0, hasHeader: plan.hasHeader) }
    plan.columns = names(plan.hasHeader ? first : [], count: first.count).map { CSVPlan.Column(name: $0) }
    try choose(&plan, unnamed: plan.hasHeader ? unnamed(first, body) : [])
    for place in plan.columns.indices where plan.columns[place].use != .skipped {
      let texts = body.map { place < $0.count ? $0[place] : "" }
      let lines = sample.lines.suffix(texts.count)
      plan.columns[place].isWords = try isWords(plan.columns[place], Array(zip(lines, texts)))
    }
    return plan
  }

  /// Tells whether the first row holds names: words only, over numbers, or over words that never repeat them.
  private func looksLikeHeader(_ sample: CSVSample) -> Bool {
    let first = sample.rows[0]
    for text in first {
      if case .number = FieldText(text, decimal: options.decimal) { return false }
    }
    let body = sample.rows.dropFirst()
    if body.isEmpty || Set(first).count < first.count - 1 { return body.isEmpty }
    return first.indices.contains { column in
      body.contains { row in
        guard column < row.count, case .number = FieldText(row[column], decimal: options.decimal) else {
          return false
        }
        return true
      }
    }
      || first.indices.allSatisfy { column in
        !body.contains { column < $0.count && $0[column] == first[column] }
      }
  }

  /// Names that differ; a column without one is called by its place.
  private func names(_ header: [String], count: Int) -> [String] {
    var taken: Set<String> = []
    return (0..<count).map { place in
      let given = place < header.count ? header[place] : ""
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
    plan.notes.append("it has no \(target), which the network predicts, so all its columns are inputs")
    return true
  }

  /// Whether a column is asked for as an input by its name.
  private func isFeature(_ column: String) -> Bool {
    guard case .names(let names) = options.features else { return false }
    return names.contains { $0.lowercased() == column.lowercased() }
  }

  /// Gives each column its use and its slot.
  private func choose(_ plan: inout CSVPlan, unnamed: Set<Int>) throws(CodedError) {
    let names = plan.columns.map(\.name)
    let free = names.indices.filter { !unnamed.contains($0) || options.targets?.contains(names[$0]) == true }
    var targets: [Int] = []
    if let wanted = options.targets {
      targets = try ColumnChoice.names(wanted).places(among: names, of: name)
    } else if free.count > 1, let last = free.last {
      let lacksTarget = plan.hasHeader && lacksExpectedTarget(names, &plan)
      if !lacksTarget, !isFeature(names[last]) { targets = [last] }
    }
    _ = try ColumnChoice.names(options.words.sorted()).places(among: names, of: name)
    let rest = free.filter { !targets.contains($0) }
    guard !rest.isEmpty else {
      throw CodedError(
        .noFeatures, "`\(name)` has no column besides its target, so there are no features.")
    }
    let chosen = try options.features.places(among: rest.map { names[$0] }, of: name).map { rest[$0] }
    for (slot, place) in (chosen + targets).enumerated() {
      plan.columns[place].use = slot < chosen.count ? .input : .target
      plan.columns[place].slot = slot
    }
    for place in unnamed.sorted() where plan.columns[place].use == .skipped {
      plan.notes.append(
        "column \(place + 1), which has no name and only numbers the rows or is empty, was left out")
    }
  }

  /// Tells whether a column holds words; where numbers are as many as words it holds numbers, and the reader will
  /// name the row that is none.
  ///
  /// - Throws: `date-column` or `decimal-comma`.
  private func isWords(_ column: CSVPlan.Column, _ texts: [(line: Int, text: String)]) throws(CodedError)
    -> Bool
  {
    if options.words.contains(where: { $0.lowercased() == column.name.lowercased() }) { return true }
    var numbers = 0
    var dates: [(line: Int, text: String)] = []
    var commas: [(line: Int, text: String)] = []
    var words = 0
    for (line, text) in texts {
      switch FieldText(text, decimal: options.decimal) {
      case .missing: break
      case .number, .hugeNumber: numbers += 1
      case .date: dates.append((line, text))
      case .word:
        words += 1
        if options.decimal == ".", FieldText.number(text, decimal: ",") != nil { commas.append((line, text)) }
      }
    }
    if words == 0, numbers == 0, let date = dates.first {
      throw errors.date(line: date.line, column: column.name, text: date.text)
    }
    // Numbers without a fraction look alike with a comma and with a point.
    if words > 0, words == commas.count, let comma = commas.first {
      throw errors.decimalComma(line: comma.line, column: column.name, text: comma.text)
    }
    return words + dates.count > numbers
  }
}
