internal import Foundations
internal import NeuralEngine

/// The characters that a CSV file is written with.
struct CSVDialect: Equatable {
  /// What divides fields; a space stands for a run of blanks and tabs.
  var delimiter = UInt8(ascii: ",")
  /// What fields may be held in.
  var quote = UInt8(ascii: "\"")

  /// A scanner of its fields.
  var scanner: FieldScanner { FieldScanner(delimiter: delimiter, quote: quote) }

  /// `comma-separated`, `separated by "|"`
  var words: String {
    switch delimiter {
    case UInt8(ascii: ","): "comma-separated"
    case UInt8(ascii: ";"): "semicolon-separated"
    case UInt8(ascii: "\t"): "tab-separated"
    case UInt8(ascii: " "): "separated by blanks"
    default: "separated by \"\(Character(Unicode.Scalar(delimiter)))\""
    }
  }
}

/// Finds out in which dialect a file is written, by its first rows.
struct CSVDialectFinder {
  let name: String
  let options: ReadOptions

  /// The dialect that divides the first rows into the same number of fields.
  ///
  /// - Throws: `bad-delimiter` when the one asked for cannot be one.
  func dialect(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws(CodedError) -> CSVDialect {
    let head = UnsafeBufferPointer(rebasing: bytes.prefix(1 << 16))
    var dialect = CSVDialect()
    if let asked = options.delimiter {
      dialect.delimiter = try delimiter(asked)
      dialect.quote = quote(head, dialect.delimiter)
      return dialect
    }
    dialect.delimiter = UInt8(ascii: options.decimal == "," ? ";" : ",")
    var best = 0
    // The comma behind those that are nothing else: it also stands in numbers, so where another divides the rows as well,
    // that is it. Blanks and colons stand in words and times, and must divide nearly all rows.
    let candidates: [(delimiter: Unicode.Scalar, least: Int)] = [
      ("\t", 0), (";", 0), ("|", 0), (",", options.decimal == "," ? 1000 : 0), (" ", 900), (":", 1000),
    ]
    for (candidate, least) in candidates {
      let delimiter = UInt8(ascii: candidate)
      let tried = CSVDialect(delimiter: delimiter, quote: quote(head, delimiter))
      let sample = try CSVSample(
        head, tried, name: name, isLast: isLast && head.count == bytes.count, limit: 60)
      let score = score(sample, delimiter)
      if score > best, score >= least { (best, dialect) = (score, tried) }
    }
    return dialect
  }

  /// How many of 1000 rows have the commonest width; 0 for one column, and where quotes are cut through.
  private func score(_ sample: CSVSample, _ delimiter: UInt8) -> Int {
    guard let width = CSVLayout.commonestWidth(sample.rows), width > 1, sample.strayQuotes == 0 else {
      return 0
    }
    // A time, 12:30, has a colon too, and a decimal number may have a comma: names above them have not.
    if delimiter == UInt8(ascii: ":") || Character(Unicode.Scalar(delimiter)) == options.decimal {
      guard let first = sample.rows.first, first.allSatisfy({ FieldText($0) == .word }) else { return 0 }
    }
    // Where a field is a row of numbers by itself, as in auto-mpg, the tab is one blank among many.
    if delimiter == UInt8(ascii: "\t"), sample.rows.contains(where: { $0.contains(where: isRowOfNumbers) }) {
      return 0
    }
    let fitting = sample.rows.count { row in
      row.count == width || (row.count == width + 1 && row.last == "")
    }
    // R writes no name above the names of rows.
    let isUnderR = width > 2 && sample.rows[0].count == width - 1 && sample.rows.count > 2
    return (fitting + (isUnderR ? 1 : 0)) * 1000 / sample.rows.count
  }

  /// Several numbers with blanks between them that are no thousands.
  private func isRowOfNumbers(_ text: String) -> Bool {
    let parts = text.split(separator: " ")
    return parts.count > 1 && DecoratedNumber(text, decimal: options.decimal ?? ".") == nil
      && parts.allSatisfy { CSVLayout.isNumber(String($0)) }
  }

  private func delimiter(_ asked: Character) throws(CodedError) -> UInt8 {
    // What may stand in a number cannot stand between two.
    guard let byte = asked.asciiValue, asked == "\t" || ",;|:/!#$%&*=@^_~ ".contains(asked),
      asked != options.decimal
    else {
      throw CodedError(
        .badDelimiter,
        "Fields cannot be separated by `\(asked)`: the separator is one character such as \",\", \";\", \"|\", \" \" or a "
          + "tab, and not the decimal separator.")
    }
    return byte
  }

  /// The single quote where fields begin and end with it and no double quote is to be seen.
  private func quote(_ head: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) -> UInt8 {
    let (double, single) = (UInt8(ascii: "\""), UInt8(ascii: "'"))
    guard !head.contains(double) else { return double }
    var opening = 0
    var closing = 0
    func isEdge(_ place: Int, _ step: Int) -> Bool {
      var place = place + step
      while head.indices.contains(place) {
        if head[place] == delimiter || [0x0A, 0x0D].contains(head[place]) { return true }
        guard head[place] == 0x20 || head[place] == 0x09 else { return false }
        place += step
      }
      return true
    }
    for place in head.indices where head[place] == single {
      if isEdge(place, -1) { opening += 1 } else if isEdge(place, 1) { closing += 1 }
    }
    return opening > 0 && opening == closing ? single : double
  }
}
