import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func makeData(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("name")
    try claim(name, for: .data, at: arguments.span("name"))
    let reference = try DataReference(loadData(name, arguments, context))
    state.data[name] = reference
    for note in reference.set.notes { context.emit(.text("\(name): \(note)")) }
  }

  private func loadData(
    _ name: String, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws -> DatasetParts {
    let span = arguments.span("table")
    switch arguments.command.values["table"]?.kind {
    case .rows(let rows)?:
      try allow([], in: arguments, for: "rows between braces")
      return DatasetParts(
        train: try locating(span) {
          try Dataset(name: name, inputs: rows.map(\.inputs), targets: rows.map(\.targets))
        })
    case .arrays(let inputs, let targets)?:
      try allow([], in: arguments, for: "arrays")
      return DatasetParts(train: try arrays(name, inputs, targets, context, at: span))
    case .source(.file(let path))?: return try file(path, as: name, arguments, context, at: span)
    case .source(.named(let source))?:
      // A variable or a parameter can hold the name of a file.
      if !Session.sources.contains(source), case .string(let path)? = state.value(of: source) {
        return try file(path, as: name, arguments, context, at: span)
      }
      return try named(source, as: name, arguments, context)
    default: return try named(name, as: name, arguments, context)
    }
  }

  private func file(
    _ path: String, as name: String, _ arguments: CommandArguments, _ context: ExecutionContext,
    at span: SourceSpan
  ) throws -> DatasetParts {
    try allow(
      ["target", "features", "missing", "separator", "decimal", "header", "categorical"], in: arguments,
      for: "a file")
    let options = try readOptions(arguments, context)
    return try watching(context, at: span) { watch throws(EngineError) in
      try DatasetFile.read(path, name: name, options: options, watch: watch)
    }
  }

  /// What `from` knows by name.
  private static var sources: [String] { BuiltInSets.names + ImageSet.names + Generators.names }

  /// Refuses options that this source has no use for.
  private func allow(_ options: Set<String>, in arguments: CommandArguments, for source: String) throws {
    let slots = [
      "target", "features", "missing", "separator", "decimal", "header", "categorical", "n", "noise",
    ]
    guard let stray = slots.first(where: { arguments.isGiven($0) && !options.contains($0) }) else { return }
    let known = options.isEmpty ? "none" : options.sorted().joined(separator: ", ")
    throw Diagnostic(
      "unknown-option", "`\(stray)=` does not go with \(source), which takes \(known).",
      at: arguments.span(stray))
  }

  private func arrays(
    _ name: String, _ inputs: Expression, _ targets: Expression?, _ context: ExecutionContext,
    at span: SourceSpan
  ) throws -> Dataset {
    let compiler = Compiler(session: self)
    func rows(_ expression: Expression) throws -> [[Double]] {
      let rows = try compiler.compile(expression).evaluate(context).rows(at: expression.span)
      if let row = rows.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) {
        throw Diagnostic(
          "bad-row", "Row \(row + 1) holds `nan` or `inf`, which nothing can be learned from.",
          at: expression.span)
      }
      return rows
    }
    let x = try rows(inputs)
    let y = try targets.map { try rows($0) }
    return try locating(span) {
      try Dataset(name: name, inputs: x, targets: y ?? [[Double]](repeating: [], count: x.count))
    }
  }

  /// A built-in set, one of the image sets, or a generator.
  private func named(
    _ source: String, as name: String, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws -> DatasetParts {
    let span = arguments.command.values["table"]?.span ?? arguments.span("name")
    if Generators.names.contains(source) {
      try allow(["n", "noise"], in: arguments, for: "a generator")
      let count = try arguments.integer("n", context)
      let noise = try arguments.number("noise", context)
      let made = try locating(arguments.span) {
        try Generators.make(source, count: count, noise: noise, random: &random)
      }
      if let made { return DatasetParts(train: made.renamed(name)) }
    }
    try allow(["features"], in: arguments, for: "a built-in set")
    let features = try columnChoice(arguments, context)
    if let set = try locating(span, { try BuiltInSets.load(source) }) {
      return DatasetParts(
        train: try locating(arguments.span("features")) { try set.selecting(features: features) }.renamed(
          name))
    }
    if let images = ImageSet.named(source) { return try load(images, as: name, context, at: span) }
    throw unknownSource(source, at: span)
  }

  private func unknownSource(_ source: String, at span: SourceSpan) -> Diagnostic {
    let nearest = DidYouMean.nearest(to: source, among: Session.sources)
    return Diagnostic(
      "unknown-data",
      "There is no built-in set or generator `\(source)`. "
        + (nearest.map { "Did you mean `\($0)`?" }
          ?? "There are \(Session.sources.joined(separator: ", ")). A table of your own: data \(source) { 0 1 -> 1 }, or from \"file.csv\""),
      at: span, suggestion: nearest)
  }

  private func load(
    _ images: ImageSet, as name: String, _ context: ExecutionContext, at span: SourceSpan
  ) throws -> DatasetParts {
    let locations = DataLocations(environment: environment)
    let parts = try watching(context, at: span) { watch throws(EngineError) in
      try images.load(locations, watch: watch)
    }
    return DatasetParts(
      train: parts.train.renamed(name), validate: parts.validate?.renamed(name + ".validate"),
      test: parts.test?.renamed(name + ".test"))
  }

  /// Works on files while telling how far that has come, until somebody asks the cell to stop.
  private func watching<Result>(
    _ context: ExecutionContext, at span: SourceSpan,
    _ work: (@escaping FileWatch) throws(EngineError) -> Result
  ) throws -> Result {
    var meter = FileMeter(patience: loadPatience)
    do throws(EngineError) {
      let result = try work { [interruption] progress in
        if let update = meter.update(progress) { context.emit(.progress(update)) }
        return !interruption.isRequested
      }
      if let last = meter.last { context.emit(.progress(last)) }
      return result
    } catch {
      if interruption.isRequested { throw Interruption() }
      throw Diagnostic(error, at: span)
    }
  }

  private func readOptions(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> ReadOptions {
    var options = ReadOptions()
    if let target = try arguments.value("target", context) {
      options.targets = try target.words(at: arguments.span("target"))
    }
    options.features = try columnChoice(arguments, context)
    options.missing = arguments.choice("missing").flatMap(MissingPolicy.init(rawValue:)) ?? .error
    options.delimiter = try arguments.character("separator", context)
    options.decimal = try arguments.character("decimal", context) ?? "."
    if let words = try arguments.value("categorical", context) {
      options.words = Set(try words.words(at: arguments.span("categorical")))
    }
    options.header = try arguments.boolean("header", context)
    return options
  }

  private func columnChoice(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> ColumnChoice
  {
    guard let value = try arguments.value("features", context) else { return .all }
    let span = arguments.span("features")
    if case .tensor(let tensor) = value, tensor.rank == 0 {
      return .first(try value.wholeNumber("`features`", atLeast: 1, at: span))
    }
    return .names(try value.words(at: span))
  }
}

extension Value {
  /// The rows of a matrix; a list of single numbers is one number a row.
  func rows(at span: SourceSpan) throws -> [[Double]] {
    if case .list(let items) = self { return try items.map { try $0.array(at: span).values } }
    let array = try array(at: span)
    guard let rows = array.shape.first else {
      throw Diagnostic("bad-type", "Data takes rows, but this is a single number. Write [[…]].", at: span)
    }
    guard rows > 0 else { return [] }
    let width = array.count / rows
    let values = array.values
    return (0..<rows).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// A text, or a list of texts.
  fileprivate func words(at span: SourceSpan) throws -> [String] {
    switch self {
    case .string(let text): return [text]
    case .list(let items):
      return try items.map { item in
        guard case .string(let text) = item else {
          throw Diagnostic("bad-type", "Expected names in quotes here.", at: span)
        }
        return text
      }
    default:
      throw Diagnostic(
        "bad-type", "Expected a name in quotes, or a list of them, but this is \(kindName).", at: span)
    }
  }
}

extension CommandArguments {
  /// A slot's text of one character.
  fileprivate func character(_ slot: String, _ context: ExecutionContext) throws -> Character? {
    guard let value = try value(slot, context) else { return nil }
    guard case .string(let text) = value, text.count == 1, let character = text.first else {
      throw Diagnostic(
        "bad-value", "`\(slot)` takes one character in quotes, as in \(slot)=\";\".", at: span(slot))
    }
    return character
  }
}
