public import Diagnostics

/// Statements in the order in which they run.
///
/// `Command` is what a command is at this stage: ``CommandSyntax`` as the parser saw it, ``Command`` once
/// the checker has held it against the command table. The type says which stage a program has reached.
public struct Program<Command: Sendable & Equatable>: Sendable, Equatable {
  /// The statements.
  public var statements: [Statement<Command>]
}

/// One thing to do.
public struct Statement<Command: Sendable & Equatable>: Sendable, Equatable {
  /// What a statement is.
  public indirect enum Kind: Sendable, Equatable {
    /// `a = 1`, `a, b = f(x)`, `W -= 0.1 * dW`.
    case assignment([AssignmentTarget], BinaryOperator?, Expression)
    /// `def f(x) = x ^ 2`, or with a block.
    case definition(Identifier, parameters: [Identifier], FunctionBody<Command>)
    /// `repeat 100 as i { … }`.
    case loop(count: Expression, counter: Identifier?, Program<Command>)
    /// `while loss > 0.1 { … }`.
    case whileLoop(Expression, Program<Command>)
    /// `for x in xs { … }`.
    case iteration(Identifier, over: Expression, Program<Command>)
    /// `if … { … } else { … }`.
    case conditional(Expression, then: Program<Command>, otherwise: Program<Command>?)
    /// `train xor epochs=20`.
    case command(Command)
    /// `a + 1`.
    case expression(Expression)
  }

  /// What it is.
  public let kind: Kind
  /// Where it stands.
  public let span: SourceSpan
}

/// What a function does.
public enum FunctionBody<Command: Sendable & Equatable>: Sendable, Equatable {
  /// `= expr`.
  case expression(Expression)
  /// `{ … }`: its value is that of its last statement, if that is an expression.
  case block(Program<Command>)
}

/// What an assignment writes to: `a`, `a[0]`, `hid.weights`.
public struct AssignmentTarget: Sendable, Equatable {
  /// The variable, data set, network or layer.
  public let name: Identifier
  /// The fields behind it.
  public let fields: [Identifier]
  /// The indexes behind those.
  public let indexes: [IndexSyntax]
  /// Where it stands.
  public let span: SourceSpan
}

extension AssignmentTarget {
  /// Whether all of a variable is written, not a part of what is there.
  public var isWhole: Bool { fields.isEmpty && indexes.isEmpty }

  /// The target as something to read.
  public var asExpression: Expression {
    indexes.isEmpty ? unindexed : Expression(.index(unindexed, indexes), span)
  }

  /// The variable or the field that the indexes go into, as something to read.
  public var unindexed: Expression {
    fields.reduce(Expression(.name(name.name), name.span)) { Expression(.field($0, $1), span) }
  }
}

/// A command as it was written: words in their places, not yet held against the table.
public struct CommandSyntax: Sendable, Equatable {
  /// `key=value`.
  public struct Option: Sendable, Equatable {
    /// The key.
    public let key: Identifier
    /// The value.
    public let value: Argument
  }

  /// The first word.
  public let verb: Identifier
  /// What follows it, options aside.
  public var arguments: [Argument] = []
  /// The options.
  public var options: [Option] = []
  /// `until loss<0.01`.
  public var condition: Condition?
  /// Where it stands.
  public var span: SourceSpan
}

/// `until loss<0.01`: a figure, how it is compared, and with what.
public struct Condition: Sendable, Equatable {
  /// The figure's name.
  public let figure: Identifier
  /// How it is compared.
  public let comparison: BinaryOperator
  /// The threshold.
  public let threshold: Argument
}

/// One thing that follows a verb.
public struct Argument: Sendable, Equatable {
  /// What an argument is.
  public enum Kind: Sendable, Equatable {
    /// A word that stands for itself, a choice or something named: `dense`, `xor`.
    case word(String)
    /// `20%`, `-1`.
    case number(Double, unit: Token.Unit)
    /// `5x5`.
    case shape([Int])
    /// `"people.csv"`.
    case string(String)
    /// `(n * 2)`, `[0, 1]`, `xor.test`, `f(x)`.
    case expression(Expression)
    /// The groups of `a -> {b c} -> d`, in order.
    case chain([[Identifier]])
    /// The rows between braces of `0 1 -> 1`.
    case rows([RowSyntax])
    /// `= X -> Y`, or `= X` alone.
    case arrays(Expression, Expression?)
    /// `from "people.csv"`, `from spiral`.
    case source(DataSource)
    /// `name = expr` behind a verb, as in `record loss = mean(e)`.
    case binding(Identifier, Expression)
  }

  /// What it is.
  public let kind: Kind
  /// Where it stands.
  public let span: SourceSpan

  /// Creates an argument.
  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

/// Where data comes from.
public enum DataSource: Sendable, Equatable {
  /// A file or a folder.
  case file(String)
  /// A built-in set or a generator.
  case named(String)
}

/// One row of an inline table: `0 1 -> 1`.
public struct RowSyntax: Sendable, Equatable {
  /// What stands before the arrow.
  public let inputs: [Double]
  /// What stands behind it.
  public let targets: [Double]
  /// Where the row stands.
  public let span: SourceSpan
}
