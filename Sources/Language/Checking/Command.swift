public import Diagnostics
public import NetworkSchema

/// A command that the table allows: every slot filled with what it takes, every key known.
public struct Command: Sendable, Equatable {
  /// What is to be done.
  public let verb: Verb
  /// The variant that was picked: `dense`, `boundary`.
  public let variant: String?
  /// What stands in the slots, by their names.
  public let values: [String: CheckedValue]
  /// `until loss<0.01`.
  public let condition: CheckedCondition?
  /// Where the command stands.
  public let span: SourceSpan

  /// The slots that the command has in the table, by their names.
  public var slots: [String: Slot] {
    let slots = (spec?.slots ?? []) + (spec?.variants.first { $0.name == variant }?.slots ?? [])
    return Dictionary(slots.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether a slot of this name is the command's, with this variant or another.
  public func mayHaveSlot(_ name: String) -> Bool {
    guard let spec else { return false }
    return (spec.slots + spec.variants.flatMap(\.slots)).contains { $0.name == name }
  }

  private var spec: CommandSpec? { CommandTable.command(verb.rawValue) }

  /// What stands in a slot, or the slot's default, which is told of at the whole command; nil where there is neither.
  public func value(in slot: Slot) -> CheckedValue? {
    values[slot.name]
      ?? slot.defaultValue.map { CheckedValue(kind: .known($0), slot: slot, span: span) }
  }
}

/// What stands in a slot.
public struct CheckedValue: Sendable, Equatable {
  /// The value, as far as it is known before the cell runs.
  public enum Kind: Sendable, Equatable {
    /// A number, sizes, a truth value or one of a fixed set of words.
    case known(OptionValue)
    case name(String)
    /// To be worked out when the command runs.
    case expression(Expression)
    case expressions([Expression])
    /// The groups of a chain; nil for `all`.
    case chain([[Identifier]]?)
    case rows([RowSyntax])
    case arrays(Expression, Expression?)
    case source(DataSource)
    /// `record loss = mean(e)`; `record loss` is bound to the variable of that name.
    case binding(Identifier, Expression)
    case parameter(Parameter)
  }

  /// The value.
  public let kind: Kind
  /// The slot that it stands in.
  public let slot: Slot
  /// Where it stands.
  public let span: SourceSpan
}

/// `until loss<0.01`, its figure known to be one.
public struct CheckedCondition: Sendable, Equatable {
  /// The figure's name.
  public let figure: String
  /// How it is compared.
  public let comparison: BinaryOperator
  /// The threshold: a number or an expression.
  public let threshold: CheckedValue
  /// Where the condition stands.
  public let span: SourceSpan
}

extension Command {
  /// The expressions in its slots and its condition, to be worked out when the command runs.
  public var expressions: [Expression] {
    values.values.flatMap(\.kind.expressions) + (condition?.threshold.kind.expressions ?? [])
  }
}

extension CheckedValue.Kind {
  fileprivate var expressions: [Expression] {
    switch self {
    case .expression(let expression), .binding(_, let expression): [expression]
    case .expressions(let expressions): expressions
    case .arrays(let inputs, let targets): [inputs] + (targets.map { [$0] } ?? [])
    case .known, .name, .chain, .rows, .source, .parameter: []
    }
  }
}

/// The names that mean something before a cell runs.
public struct KnownNames: Sendable, Equatable {
  /// Data sets.
  public var data: Set<String>
  /// Networks.
  public var networks: Set<String>
  /// Layers, of every network.
  public var layers: Set<String>
  /// Variables, the user's functions among them.
  public var variables: Set<String>
  /// Built-in functions and constants.
  public var builtins: Set<String>
  /// Series that `record` made.
  public var series: Set<String>
  /// Those of ``outputNames`` that have a value: no word that is misspelled is meant to be one of them.
  public var outputs: Set<String>

  /// Whether a file that is loaded may bring networks and layers of any name. Nobody reads it before the cell
  /// runs, so names that are not known are then for the session to find out.
  public var mayBeMore = false

  /// Creates a set of names; none unless given.
  public init(
    data: Set<String> = [], networks: Set<String> = [], layers: Set<String> = [],
    variables: Set<String> = [], builtins: Set<String> = [], series: Set<String> = [],
    outputs: Set<String> = []
  ) {
    self.data = data
    self.networks = networks
    self.layers = layers
    self.variables = variables
    self.builtins = builtins
    self.series = series
    self.outputs = outputs
  }

  /// The variables that keep what cells came to: `_` the last value, `Out[3]` that of cell 3.
  public static let outputNames: Set<String> = ["_", "Out"]

  /// Whether a variable has this name.
  public func isVariable(_ name: String) -> Bool { variables.contains(name) || outputs.contains(name) }

  /// Everything that has a value.
  public var values: Set<String> { variables.union(builtins).union(data).union(networks).union(layers) }

  /// The names of one kind.
  public func names(of kind: NameKind) -> Set<String> {
    switch kind {
    case .data: data
    case .network: networks
    case .layer: layers
    case .variable: variables
    case .series: series
    case .anything: values.union(series).subtracting(builtins)
    }
  }
}
