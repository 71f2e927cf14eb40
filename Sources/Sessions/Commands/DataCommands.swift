import ByteStreams
import DataFiles
import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs

extension DatasetParts {
  /// A digest of all parts' numbers.
  fileprivate var digest: UInt64 {
    var digest = BitDigest()
    for part in named { digest.add(part.data.digest) }
    return digest.value
  }
}

/// `data xor { 0 0 -> 0; 0 1 -> 1 }`, `data people from "people.csv" target="age"`
struct MakeData: SessionCommand {
  let name: Identifier
  let table: DataTable?
  let target: Operand<Words>?
  let features: Operand<ColumnChoice>?
  let drop: Operand<Words>?
  let weight: Operand<Words>?
  let missing: Choice<MissingPolicy>?
  let fill: Operand<NamePairs>?
  let indicator: Operand<Words>?
  let rename: Operand<NamePairs>?
  let sha256: Operand<Words>?
  let separator: Operand<Character>?
  let decimal: Operand<Character>?
  let categorical: Operand<Words>?
  let rare: Operand<Int>?
  let header: Operand<Bool>?
  let n: Operand<Int>?
  let noise: Operand<Double>?
  let steps: Operand<Int>?
  let shortest: Operand<Int>?
  let delay: Operand<Int>?
  let tokens: Choice<TokenUnit>?
  let lines: Operand<Bool>?
  let series: SeriesArguments
  let selection: RowArguments

  func run(_ context: CommandContext) throws {
    let session = context.session
    try session.claim(name.name, for: .data, at: name.span)
    let named = try session.agreeing(on: "the data set `\(name.name)`", digest: \DatasetParts.digest) {
      try renamed(parts(context), context)
    }
    let selected = try selection.applied(to: named, context)
    let rows =
      tokens != nil
      ? selected
      : try series.applied(
        to: selected, dropsMissing: missing?.value == .drop,
        readsDates: selection.readsDates(of: named.train),
        at: span, context)
    let reference = try DataReference(session.holdingOut(from: rows, of: name, context))
    session.state.data[name.name] = reference
    for note in reference.set.notes { context.emit(.text("\(name.name): \(note)")) }
  }

  /// The rows with other names for their columns. A file has got them while it was read, so that its other options know
  /// them.
  private func renamed(_ parts: DatasetParts, _ context: CommandContext) throws -> DatasetParts {
    guard let rename, !isFile(context) else { return parts }
    let changes = try rename(context).table
    return try locating(rename.span) {
      DatasetParts(
        train: try parts.train.renaming(changes), validate: try parts.validate?.renaming(changes),
        test: try parts.test?.renaming(changes))
    }
  }

  private func isFile(_ context: CommandContext) -> Bool {
    switch table?.source {
    case .file?: return true
    case .named(let source)?:
      if case .string? = context.session.state.value(of: source) { return !MakeData.sources.contains(source) }
      return false
    default: return false
    }
  }

  /// Where errors about the source are shown.
  private var span: SourceSpan { table?.span ?? name.span }

  private func parts(_ context: CommandContext) throws -> DatasetParts {
    if let lines, tokens == nil {
      throw Diagnostic(
        .unusedOption,
        "lines= is for a text, which tokens= cuts into characters or words: tokens=char lines=true",
        at: lines.span, suggestion: "tokens=char")
    }
    if let tokens { return DatasetParts(train: try text(cutInto: tokens.value, context)) }
    switch table?.source {
    case .rows(let rows)?:
      try allow([], for: "rows in braces")
      return DatasetParts(
        train: try locating(span) {
          try Dataset(name: name.name, inputs: rows.map(\.inputs), targets: rows.map(\.targets))
        })
    case .arrays(let inputs, let targets)?:
      try allow([], for: "arrays")
      if targets == nil, let set = try dataSets(inputs, context) { return DatasetParts(train: set) }
      return DatasetParts(train: try arrays(inputs.node, targets, context))
    case .file(let path)?: return try file(path, context)
    case .named(let source)?:
      // A variable or a parameter can hold the name of a file.
      if !MakeData.sources.contains(source), case .string(let path)? = context.session.state.value(of: source)
      {
        return try file(path, context)
      }
      return try named(source, context)
    case nil: return try named(name.name, context)
    }
  }

  /// Refuses options that a source has no use for.
  private func allow(_ options: Set<String>, for source: String) throws {
    let given: [(name: String, span: SourceSpan?)] = [
      ("target", target?.span), ("features", features?.span), ("drop", drop?.span), ("weight", weight?.span),
      ("missing", missing?.span), ("fill", fill?.span), ("indicator", indicator?.span),
      ("sha256", sha256?.span),
      ("separator", separator?.span), ("decimal", decimal?.span),
      ("categorical", categorical?.span), ("rare", rare?.span), ("header", header?.span), ("n", n?.span),
      ("noise", noise?.span), ("steps", steps?.span), ("shortest", shortest?.span), ("delay", delay?.span),
    ]
    guard let stray = given.first(where: { $0.span != nil && !options.contains($0.name) }) else { return }
    let known = options.isEmpty ? "none" : options.sorted().joined(separator: ", ")
    throw Diagnostic(
      .unknownOption, "`\(stray.name)=` is not an option for \(source), which takes \(known).",
      at: stray.span)
  }

  // MARK: Texts

  /// The text of a file, or one that an expression gives, in windows of tokens.
  private func text(cutInto unit: TokenUnit, _ context: CommandContext) throws -> Dataset {
    try allow(["tokens", "lines", "window", "sha256"], for: "a text")
    try series.refuseForText()
    let text: String
    switch table?.source {
    case .file(let path)?: text = try self.text(ofFile: path, context)
    case .named(let source)?:
      guard case .string(let path)? = context.session.state.value(of: source) else { throw noText }
      text = try self.text(ofFile: path, context)
    case .arrays(let inputs, nil)?:
      guard case .string(let given) = try inputs.node.evaluate(context.execution) else { throw noText }
      text = given
    default: throw noText
    }
    let window = try series.window?(context)
    if try lines?(context) ?? false {
      if let window = series.window {
        throw Diagnostic(
          .badWindow, "With lines=true each line is a sequence of its own length. Leave window= out.",
          at: window.span)
      }
      return try locating(span) { try Dataset(name: name.name, lines: text, unit: unit) }
    }
    return try locating(series.window?.span ?? span) {
      try Dataset(name: name.name, text: text, unit: unit, window: window)
    }
  }

  private func text(ofFile path: String, _ context: CommandContext) throws -> String {
    let file = try place(of: path, context)
    return try watching(context) { watch throws(CodedError) in try TextFile.read(file, watch: watch) }
  }

  private var noText: Diagnostic {
    Diagnostic(
      .badOption,
      "tokens= cuts a text, and this is none. Name a file, as in data \(name.name) from \"\(name.name).txt\" tokens=char, or give "
        + "the text: data \(name.name) = story tokens=char", at: tokens?.span ?? span)
  }

  // MARK: Arrays

  private func arrays(_ inputs: Node, _ targets: Node?, _ context: CommandContext) throws -> Dataset {
    let given = try inputs.evaluate(context.execution)
    if let sequences = try given.sequences(at: inputs.span) {
      return try self.sequences(sequences, targets, context)
    }
    let x = try rows(given, inputs.span)
    let y = try targets.map { try rows($0.evaluate(context.execution), $0.span) }
    return try locating(span) {
      try Dataset(name: name.name, inputs: x, targets: y ?? [[Double]](repeating: [], count: x.count))
    }
  }

  /// A copy of a data set, or the rows of several one after the other; nil where other things are named.
  private func dataSets(_ inputs: DataTable.Arrays, _ context: CommandContext) throws -> Dataset? {
    let session = context.session
    guard let names = inputs.names,
      names.allSatisfy({ session.state.data[String($0.name.prefix { $0 != "." })] != nil })
    else { return nil }
    let sets = try names.map { try session.data($0).set }
    // How a file was read has been said.
    if sets.count == 1 { return sets[0].selecting(rows: Array(0..<sets[0].rows), name: name.name) }
    return try locating(span) {
      try sets.dropFirst().reduce(sets[0]) { (all, next) throws(CodedError) in try all.joined(with: next) }
    }.renamed(name.name)
  }

  /// Rows that are sequences of their own lengths, with targets for each row or for each of its steps.
  private func sequences(_ rows: [[[Double]]], _ targets: Node?, _ context: CommandContext) throws -> Dataset
  {
    var given = SequenceTargets.none
    if let targets {
      let value = try targets.evaluate(context.execution)
      if let steps = try value.sequences(at: targets.span) {
        try checkFinite(steps.map { $0.flatMap(\.self) }, targets.span)
        given = .steps(steps)
      } else {
        given = .rows(try self.rows(value, targets.span))
      }
    }
    let span = self.span
    try checkFinite(rows.map { $0.flatMap(\.self) }, span)
    return try locating(span) { try Dataset(name: name.name, sequences: rows, targets: given) }
  }

  private func rows(_ value: Value, _ span: SourceSpan) throws -> [[Double]] {
    let rows = try value.rows(at: span)
    try checkFinite(rows, span)
    return rows
  }

  private func checkFinite(_ rows: [[Double]], _ span: SourceSpan) throws {
    guard let row = rows.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) else { return }
    throw Diagnostic(
      .badRow, "Row \(row + 1) contains `nan` or `inf`, which networks cannot be trained on.", at: span)
  }

  // MARK: Files

  private func file(_ path: String, _ context: CommandContext) throws -> DatasetParts {
    try allow(
      [
        "target", "features", "drop", "weight", "missing", "fill", "indicator", "separator", "decimal",
        "categorical",
        "rare", "header", "sha256",
      ], for: "a file")
    var options = try readOptions(context)
    let weight = try weightColumn(context)
    // Its texts are kept, as those of all that nothing is learned from.
    if let weight, !options.dropped.contains(weight.name) { options.dropped.append(weight.name) }
    options.expected = context.session.state.current.flatMap(context.session.schema)
    let file = try place(of: path, context)
    let parts = try watching(context) { watch throws(CodedError) in
      try DatasetFile.read(file, name: name.name, options: options, watch: watch)
    }
    guard let weight else { return parts }
    guard parts.train.labelColumns.contains(where: { $0.name.lowercased() == weight.name.lowercased() })
    else {
      throw Diagnostic(
        .unusedOption, "weight= is for tables with named columns, and \(path) is none.", at: weight.span)
    }
    return try locating(weight.span) { DatasetParts(train: try parts.train.weighted(by: weight.name)) }
  }

  /// The column that says how much each row counts.
  private func weightColumn(_ context: CommandContext) throws -> Identifier? {
    guard let weight else { return nil }
    let names = try weight(context).words
    guard names.count == 1, names[0] != "none" else {
      throw Diagnostic(
        .badOption, "weight= names one column, the one that says how much each row counts: weight=w",
        at: weight.span)
    }
    if let window = series.window {
      throw Diagnostic(
        .badWindow, "A window is made of several rows, so no row has a weight of its own. Leave weight= out.",
        at: window.span)
    }
    return Identifier(names[0], weight.span)
  }

  /// Where a file is: of an address, `https://…`, the copy that is kept of it.
  private func place(of path: String, _ context: CommandContext) throws -> String {
    guard let file = WebFile(path) else {
      if let sha256 {
        throw Diagnostic(
          .unknownOption, "`sha256=` is for an address, as in from \"https://example.org/table.csv\".",
          at: sha256.span)
      }
      return try context.locating { try context.session.files.reading(path) }
    }
    var locations = DataLocations(environment: context.session.environment)
    locations.mayDownload = context.session.files.mayDownload
    let checksum = try sha256?(context).words.first
    let copy = try watching(context) { watch throws(CodedError) in
      try file.copy(locations, checksum: checksum, watch: watch)
    }
    if checksum == nil {
      context.emit(
        .text(
          "\(name.name): read from the kept copy of \(path). To refuse any other file: sha256=\"\(copy.checksum)\""
        ))
    }
    return copy.path
  }

  private func readOptions(_ context: CommandContext) throws -> ReadOptions {
    var options = ReadOptions()
    // Of a series without a target its last column is predicted.
    options.targets = try target?(context).words ?? (series.window == nil ? nil : [])
    if let features { options.features = try features(context) }
    if let drop { options.dropped = try drop(context).words }
    if let missing { options.missing = missing.value }
    options.fill = try fill?(context).table.mapValues { Filling($0) } ?? [:]
    options.indicators = try indicator?(context).words ?? []
    options.renamed = try rename?(context).table ?? [:]
    options.delimiter = try separator?(context)
    if let decimal { options.decimal = try decimal(context) }
    if let categorical { options.words = Set(try categorical(context).words) }
    options.rare = try rare?(context)
    options.header = try header?(context)
    (options.order, options.series, options.usesDates) = (
      series.order?.name, series.by?.name, series.usesDates
    )
    return options
  }

  /// Works on files while telling how far that has come, until somebody asks the cell to stop. Of several processes on a
  /// machine the first does it for all.
  private func watching<Result: HandedOut>(
    _ context: CommandContext, _ work: (@escaping FileWatch) throws(CodedError) -> Result
  ) throws -> Result {
    let interruption = context.session.interruption
    var meter = FileMeter(patience: context.session.loadPatience)
    do throws(CodedError) {
      let result = try context.session.readingOnce { () throws(CodedError) in
        try work { progress in
          if let update = meter.update(progress) { context.emit(.progress(update)) }
          return !interruption.isRequested
        }
      }
      if let last = meter.last { context.emit(.progress(last)) }
      return result
    } catch {
      if interruption.isRequested { throw Interruption() }
      throw Diagnostic(error, at: span)
    }
  }

  // MARK: Sources by name

  /// The sources that `from` knows by name.
  private static var sources: [String] { BuiltInSets.names + ImageSet.names + Generators.names }

  /// A built-in set, one of the image sets, or a generator.
  private func named(_ source: String, _ context: CommandContext) throws -> DatasetParts {
    if Generators.names.contains(source) {
      if Generators.makesSequences(source) {
        try allow(Set(["n", "steps", "shortest"] + (source == "echo" ? ["delay"] : [])), for: "`\(source)`")
      } else {
        try allow(["n", "noise"], for: "this generator")
      }
      let (count, noise) = (try n?(context), try noise?(context))
      let (steps, shortest, delay) = (try steps?(context), try shortest?(context), try delay?(context))
      let made = try context.locating {
        try Generators.make(
          source, count: count, noise: noise, steps: steps, shortest: shortest, delay: delay,
          random: &context.session.random)
      }
      if let made { return DatasetParts(train: made.renamed(name.name)) }
    }
    try allow(["features"], for: "a built-in set")
    let columns = try features?(context) ?? .all
    if let set = try locating(span, { try BuiltInSets.load(source) }) {
      let selected = try locating(features?.span ?? context.span) { try set.selecting(features: columns) }
      return DatasetParts(train: selected.renamed(name.name))
    }
    if let images = ImageSet.named(source) { return try load(images, context) }
    throw unknownSource(source, context.session)
  }

  private func load(_ images: ImageSet, _ context: CommandContext) throws -> DatasetParts {
    var locations = DataLocations(environment: context.session.environment)
    locations.mayDownload = context.session.files.mayDownload
    let parts = try watching(context) { watch throws(CodedError) in try images.load(locations, watch: watch)
    }
    return DatasetParts(
      train: parts.train.renamed(name.name), validate: parts.validate?.renamed(name.name + ".validate"),
      test: parts.test?.renamed(name.name + ".test"))
  }

  private func unknownSource(_ source: String, _ session: Session) -> Diagnostic {
    if let file = session.file(called: source) {
      let line = "data \(name.name) from \"\(file)\""
      return Diagnostic(
        .unknownData,
        "There is no built-in set or generator `\(source)`. "
          + localized("There is a file of that name, which `\(line)` reads."), at: span, suggestion: line)
    }
    let nearest = DidYouMean.nearest(to: source, among: MakeData.sources)
    return Diagnostic(
      .unknownData,
      "There is no built-in set or generator `\(source)`. "
        + (DidYouMean.question(nearest)
          ?? "There are \(MakeData.sources.joined(separator: ", ")). For a table of your own: data \(source) { 0 1 -> 1 }, or from \"file.csv\""),
      at: span, suggestion: nearest)
  }
}

/// The part of `data` that says where the rows come from.
struct DataTable: ArgumentDecodable {
  /// An array of inputs, or the names of data sets that are joined: `a + b`.
  struct Arrays {
    let node: Node
    let names: [Identifier]?
  }

  enum Source {
    case rows([RowSyntax])
    case arrays(Arrays, Node?)
    case file(String)
    case named(String)
  }

  let source: Source
  let span: SourceSpan

  init(_ arguments: ArgumentDecoder) throws {
    let content = try arguments.content()
    span = content.span
    switch content.kind {
    case .rows(let rows): source = .rows(rows)
    case .arrays(let inputs, let targets):
      source = .arrays(
        Arrays(node: arguments.compiler.compile(inputs), names: inputs.addedNames),
        targets.map { arguments.compiler.compile($0) })
    case .source(.file(let path)): source = .file(path)
    case .source(.named(let name)): source = .named(name)
    default: throw Diagnostic(.internalError, "Data comes from nowhere here.", at: content.span)
    }
  }
}

extension Expression {
  /// The names that are added to one another, `a`, `a.train` or `a + b`; nil for any other expression.
  fileprivate var addedNames: [Identifier]? {
    switch kind {
    case .name(let name): return [Identifier(name, span)]
    case .field(let base, let field):
      guard case .name(let name) = base.kind else { return nil }
      return [Identifier("\(name).\(field.name)", span)]
    case .binary(.add, let left, let right):
      guard let first = left.addedNames, let second = right.addedNames else { return nil }
      return first + second
    default: return nil
    }
  }
}

extension ColumnChoice: OperandValue {
  init(_ value: Value, of content: CheckedValue) throws {
    if case .tensor(let tensor) = value, tensor.rank == 0 {
      self = .first(try value.wholeNumber("`features`", atLeast: 1, at: content.span))
    } else {
      self = .names(try Words(value, of: content).words)
    }
  }
}

extension Value {
  /// The rows of a list whose rows differ in length, as sequences: each is a list of numbers, one a step, or of steps x
  /// features. Nil for an array, whose rows are all alike.
  ///
  /// - Throws: `ragged-table` for a row whose steps differ in width.
  fileprivate func sequences(at span: SourceSpan) throws -> [[[Double]]]? {
    guard case .list(let items) = self, !items.isEmpty,
      items.allSatisfy({ if case .tensor(let tensor) = $0 { tensor.rank > 0 } else { $0.isList } })
    else { return nil }
    return try items.enumerated().map { place, item in
      switch item {
      case .tensor(let tensor) where tensor.rank == 1: return tensor.values.map { [$0] }
      case .tensor(let tensor) where tensor.rank == 2:
        let (values, width) = (tensor.values, tensor.shape[1])
        return (0..<tensor.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
      case .list(let steps):
        return try steps.map { step in
          guard case .tensor(let tensor) = step, tensor.rank < 2 else { throw noSequence(place, item, span) }
          return tensor.values
        }
      default: throw noSequence(place, item, span)
      }
    }
  }

  private var isList: Bool { if case .list = self { true } else { false } }

  private func noSequence(_ place: Int, _ item: Value, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .badType,
      "Row \(place + 1) of this list is \(item.kindName), and a sequence is a list of its steps: [1, 2, 3], or [[1, 0], [2, 1]] "
        + "where a step has several numbers.", at: span)
  }

  /// The rows of a matrix; a list of single numbers is one number a row.
  fileprivate func rows(at span: SourceSpan) throws -> [[Double]] {
    if case .list(let items) = self { return try items.map { try $0.array(at: span).values } }
    let array = try array(at: span)
    guard let rows = array.shape.first else {
      throw Diagnostic(.badType, "Data needs rows, but this is a single number. Write [[…]].", at: span)
    }
    guard rows > 0 else { return [] }
    let width = array.count / rows
    // As a list, row by row, and in the table.
    try locating(span) { try array.checkRoom(times: 3) }
    let values = array.values
    return (0..<rows).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}

// MARK: - Parts and scales

/// `split iris test=20% validate=10%`
struct SplitData: SessionCommand {
  let data: Identifier
  let test: Operand<Double>?
  let validate: Operand<Double>?
  let stratify: Operand<Bool>?
  let shuffle: Operand<Bool>
  let by: Choice<SplitOrder>
  let seed: Operand<Int>?

  func run(_ context: CommandContext) throws {
    let session = context.session
    let selection = try session.data(data)
    guard !selection.isPart else {
      throw Diagnostic(
        .badValue, "`\(data.name)` is already a part. Split the whole data set.", at: data.span)
    }
    var options = SplitOptions(stratify: try stratify?(context), shuffle: try shuffle(context))
    options.byTime = by.value == .time
    if let validate {
      options.validate = try validate(context)
      options.test = 0
    }
    if let test { options.test = try test(context) }
    let parts = try context.locating {
      guard let seed = try seed?(context) else {
        return try selection.set.split(options, random: &session.random)
      }
      var own = RandomStream(seed: UInt64(seed))
      return try selection.set.split(options, random: &own)
    }
    selection.reference.state = DataReference.State(
      parts: parts, augmentation: selection.reference.augmentation)
    context.emit(.table(parts.counts.table(title: data.name)))
    for missing in parts.missingClasses {
      context.emit(.text(localized("\(data.name).\(missing.part) has no row of the class \(missing.name)")))
    }
    if selection.set.window != nil, !options.byTime {
      context.emit(
        .text(
          localized(
            """
            The windows of `\(data.name)` overlap, so a training knows steps of the other parts. To test on what comes \
            later: split \(data.name) test=20% by=time
            """)))
    } else if !options.byTime, try shuffle(context),
      let order = selection.set.labelColumn(.order)
    {
      context.emit(
        .text(
          localized(
            """
            The rows of `\(data.name)` are in the order of `\(order.name)`, so a training knows rows that are later than those \
            it is tested on. To test on what comes later: split \(data.name) test=20% by=time
            """)))
    }
  }
}

extension [PartCount] {
  /// The parts as a table: rows, and how many of each class.
  func table(title: String) -> Table {
    let classes = first?.classes?.map(\.name) ?? []
    // Many classes in columns would be wider than any page.
    let shown = classes.count <= 12 ? classes : []
    return Table(
      title: title,
      columns: [.words(localized("part")), .numbers(localized("rows"))] + shown.map { .numbers($0) },
      rows: map { part in
        [part.part, String(part.rows)] + (shown.isEmpty ? [] : (part.classes ?? []).map { String($0.rows) })
      })
  }
}

/// `prepare iris scale=zscore`
struct PrepareData: SessionCommand {
  enum Scale: String, WordMeaning { case zscore, minmax, max }

  let data: Identifier
  let scale: Choice<Scale>?
  let divide: Operand<Double>?

  func run(_ context: CommandContext) throws {
    let reference = try context.session.data(data).reference
    if let vocabulary = reference.set.vocabulary {
      throw Diagnostic(
        .badType,
        "`\(data.name)` is a text: its numbers are places in a vocabulary of \(vocabulary.tokens.count), which have no scale. An embedding "
          + "takes them as they are: layer words embedding \(vocabulary.tokens.count) 16", at: data.span,
        suggestion: "layer words embedding \(vocabulary.tokens.count) 16")
    }
    let scaling = try scaling(context)
    let preparation = try context.locating { try Preparation.fitted(to: reference.parts.train, scaling) }
    reference.state.preparation = preparation
    if !preparation.constant.isEmpty {
      context.emit(
        .text(
          localized(
            "constant in the training part, so without information: \(preparation.constant.joined(separator: ", "))"
          )
        ))
    }
  }

  private func scaling(_ context: CommandContext) throws -> Scaling {
    if let divide {
      let divisor = try divide(context)
      guard scale == nil else {
        throw Diagnostic(
          .badOption, "scale= and divide= cannot be combined. Keep one of them.", at: divide.span)
      }
      return .divide(divisor)
    }
    switch scale?.value {
    case .zscore?, nil: return .zscore
    case .minmax?: return .minmax
    case .max?: return .max
    }
  }
}
