/// The description of something that can be named in a network: a kind of layer, a loss, an optimizer.
///
/// The command table, the checker, completion, `help`, the reference, model files and session files are made from it:
///
/// ```swift
/// let gain = KindSchema(
///   "gain", "multiplies by a number",
///   options: [.required("factor", .number(.any), "what to multiply by")],
///   examples: ["layer loud gain 2"])
/// ```
public struct KindSchema: Sendable, Hashable {
  /// The name, in commands and in files.
  public let name: String
  /// What it is or does, in one line.
  public let summary: String
  /// The options, those that are written by their place first and in order.
  public let options: [OptionSchema]
  /// Lines of the language that a reader can type.
  public let examples: [String]
  /// More than the summary, as prose; may be empty.
  public let details: String

  /// Creates a schema.
  public init(
    _ name: String, _ summary: String, options: [OptionSchema] = [], examples: [String] = [],
    details: String = ""
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.examples = examples
    self.details = details
  }

  /// The option of a name; nil where it has none such.
  public func option(_ name: String) -> OptionSchema? { options.first { $0.name == name } }

  /// The values, with the defaults of the options that have none.
  public func completed(_ values: OptionValues) -> OptionValues {
    var completed = values
    for option in options where completed[option.name] == nil {
      completed[option.name] = option.defaultValue
    }
    return completed
  }

  /// Refuses values that the kind does not take. What the command line reads has been checked already; this is for
  /// values that come from files.
  ///
  /// - Throws: the first mistake, by the options' order.
  public func check(_ values: OptionValues) throws(SchemaViolation) {
    let catalog = NetworkCatalog.current
    if let stranger = values.values.keys.filter({ option($0) == nil }).min() {
      throw .unknownOption(kind: name, option: stranger, known: options.map(\.name))
    }
    for option in options.map(catalog.resolved) {
      if let value = values[option.name] {
        try option.check(value, of: name)
      } else if option.isRequired {
        throw .missing(kind: name, option: option)
      }
    }
  }
}

extension [KindSchema] {
  /// The kind of a name; nil where there is none.
  public subscript(name: String) -> KindSchema? { first { $0.name == name } }

  /// The names, in order.
  public var names: [String] { map(\.name) }
}

extension KindSchema: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
