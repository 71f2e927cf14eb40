internal import Foundations
public import NetworkSchema

/// The values that a slot of a command takes: behind the verb, or behind an option's `=`.
public enum SlotType: Sendable, Equatable {
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// One whole number above 0, or up to so many joined by `x`: `5`, `5x5`.
  case sizes(Int)
  /// A number in a range; percent is welcome.
  case number(NumberRange)
  /// `true` or `false`.
  case boolean
  /// One of a fixed set of words.
  case choice(WordList)
  /// One of a fixed set of words, or one of them for each name: `{price: mse, kind: crossentropy}`.
  case choiceOrPairs(WordList)
  /// One of a fixed set of words, or an expression; or either for each name: `{kind: balanced, size: [1, 5]}`.
  case choiceOrValues(WordList)
  /// The word that picks one of the command's variants: a layer's kind, a plot's kind.
  case variant
  /// A name that comes into being here.
  case newName(NameKind)
  /// The name of something that exists.
  case name(NameKind)
  /// A column of a data set, which a file may have called anything.
  case column
  /// One or several columns' names, as words, in quotes or in a list; or how many of the first ones.
  case columns
  /// An expression over the columns of a data set, a value for each row: a condition, or `name = …` for a new column.
  case rowExpression
  /// Names and what belongs to each, in braces: `{hid: "fc1", out: "fc2"}`.
  case pairs
  /// Names and a number for each, in braces: `{price: 1, kind: 0.5}`.
  case namedNumbers
  /// Names and the columns of each, in braces: `{plan: [area, rooms], place: [north, east]}`.
  case namedColumns
  /// A metric that a training may report.
  case metric
  /// One or several metrics that a training is to watch: words, parted by commas or in a list.
  case metrics
  /// A data set, or a list of numbers.
  case dataOrValues
  /// A list of numbers, a number or a matrix.
  case values
  /// Any expression.
  case expression
  /// The name of a file, in quotes.
  case file
  /// `name`, or `name = expr`.
  case binding
  /// `name = literal`.
  case parameter
  /// A word that `help` explains: a verb, a kind, or any of the words in the table.
  case topic
  /// `{ rows }` or `= X -> Y`.
  case table
  /// `a -> {b c} -> d`, or `all`.
  case chain
}

extension SlotType {
  /// The values that it takes, for a message: `a whole number, 1 or more`.
  public var wanted: String {
    switch self {
    case .integer(let range): OptionType.integer(range).wanted
    case .sizes(let most): OptionType.sizes(most).wanted
    case .number(let range): OptionType.number(range).wanted
    case .boolean: OptionType.boolean.wanted
    case .choice(let list): OptionType.word(list).wanted
    case .choiceOrPairs(let list): OptionType.word(list).wanted + ", or one for each name in braces"
    case .namedColumns: "columns for each name, as in {plan: [area, rooms], place: [north, east]}"
    case .namedNumbers: "a number for each name, as in {price: 1, kind: 0.5}"
    case .choiceOrValues(let list):
      "\(list.words.map { "`\($0)`" }.joined(separator: ", ")), or values, or either for each name in braces"
    case .name(let kind): "the name of \(kind.rawValue.withArticle)"
    case .newName, .binding: "a name"
    case .column: "a column's name, in quotes if it is more than a word"
    case .rowExpression: "an expression over columns, as in `where age > 18` and `with area = width * height`"
    case .columns: "a column's name or a list of names, in quotes if they are more than a word"
    case .metric: "the name of a metric, such as val_loss or val_auc, or of a function of your own"
    case .metrics: "names of metrics, such as auc,f1, or of functions of your own"
    case .parameter: "a name and a value"
    case .pairs: "pairs in braces, as in {hid: \"fc1\", out: \"fc2\"}"
    case .values, .expression, .dataOrValues: "a value"
    case .file: "a file name in quotes"
    case .table: "rows in braces, or arrays: `data points = X -> Y`"
    case .chain: "layers joined by arrows, `a -> b`, or `all`"
    case .variant, .topic: "a word"
    }
  }

  /// The same where a number that was given is none of them.
  public func wanted(insteadOf given: Double?) -> String {
    if case .integer(let range) = self { OptionType.integer(range).wanted(insteadOf: given) } else { wanted }
  }
}
