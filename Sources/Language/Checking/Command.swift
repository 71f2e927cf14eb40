public import Diagnostics
public import NetworkSchema

/// A command that the table allows: every slot filled with what it takes, every key known.
public struct Command: Sendable, Equatable {
  /// The first word.
  public let verb: Verb
  /// The variant that was picked: `dense`, `boundary`.
  public let variant: String?
  /// The values in the slots, by the slots' names.
  public let values: [String: CheckedValue]
  /// `until loss<0.01`.
  public let condition: CheckedCondition?
  /// The place of the command.
  public let span: SourceSpan

  /// The slots that the command has in the table, by their names.
  public var slots: [String: Slot] {
    let slots = (spec?.slots ?? []) + (spec?.variants.first { $0.name == variant }?.slots ?? [])
    return Dictionary(slots.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Tells whether a slot of this name is the command's, with this variant or another.
  public func mayHaveSlot(_ name: String) -> Bool {
    guard let spec else { return false }
    return (spec.slots + spec.variants.flatMap(\.slots)).contains { $0.name == name }
  }

  private var spec: CommandSpec? { CommandTable.command(verb.rawValue) }

  /// Finds the value in a slot, or the slot's default, which is told of at the whole command; nil where there is neither.
  public func value(in slot: Slot) -> CheckedValue? {
    values[slot.name]
      ?? slot.defaultValue.map { CheckedValue(kind: .known($0), slot: slot, span: span) }
  }
}

/// A value in a slot.
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
  /// The place in the source.
  public let span: SourceSpan
}

/// `until loss<0.01`, its metric known to be one.
public struct CheckedCondition: Sendable, Equatable {
  /// The metric's name.
  public let metric: String
  /// The operator of the comparison.
  public let comparison: BinaryOperator
  /// The threshold: a number or an expression.
  public let threshold: CheckedValue
  /// The place of the condition.
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
