public import Diagnostics

/// Statements in the order in which they run.
///
/// `Form` is the form that commands have at this stage: ``CommandSyntax`` as the parser saw them, ``Command`` once
/// the checker has held them against the command table. The type says which stage a program has reached.
public struct Program<Form: Sendable & Equatable>: Sendable, Equatable {
  /// The statements.
  public var statements: [Statement<Form>]
}

/// One thing to do.
public struct Statement<Form: Sendable & Equatable>: Sendable, Equatable {
  /// The kinds of statements.
  public indirect enum Kind: Sendable, Equatable {
    /// `a = 1`, `a, b = f(x)`, `W -= 0.1 * dW`.
    case assignment([AssignmentTarget], BinaryOperator?, Expression)
    /// `def f(x) = x ^ 2`, or with a block.
    case definition(FunctionSyntax<Form>)
    /// `repeat 100 as i { … }`.
    case loop(count: Expression, counter: Identifier?, Program<Form>)
    /// `while loss > 0.1 { … }`.
    case whileLoop(Expression, Program<Form>)
    /// `for x in xs { … }`.
    case iteration(Identifier, over: Expression, Program<Form>)
    /// `if … { … } else { … }`.
    case conditional(Expression, then: Program<Form>, otherwise: Program<Form>?)
    /// `sweep rate=[0.01, 0.1] minimize=val_loss { … }`.
    case sweep(SweepSyntax<Form>)
    /// `crossvalidate iris folds=5 { … }`.
    case folds(Form, Program<Form>)
    /// `train xor epochs=20`.
    case command(Form)
    /// `a + 1`.
    case expression(Expression)
  }

  /// The kind.
  public let kind: Kind
  /// The place in the source.
  public let span: SourceSpan
}

/// `sweep rate=[0.01, 0.1] seeds=3 minimize=val_loss { … }`.
public struct SweepSyntax<Form: Sendable & Equatable>: Sendable, Equatable {
  /// A variable and the values that it takes.
  public struct Swept: Sendable, Equatable {
    /// The variable.
    public let name: Identifier
    /// The values, a list.
    public let values: Expression
  }

  /// The variables, in order.
  public let parameters: [Swept]
  /// The variable that is the budget of successive halving, and the whole budget, or a list of the least and the whole;
  /// nil where all combinations are run once.
  public let halving: Swept?
  /// How many seeds each combination is run with; nil for one.
  public let seeds: Expression?
  /// What is compared: a metric, or a variable of the block.
  public let metric: Identifier
  /// Whether a larger value is better.
  public let isLarger: Bool
  /// What is run.
  public let body: Program<Form>
}

/// `def f(x) = x ^ 2`.
public struct FunctionSyntax<Form: Sendable & Equatable>: Sendable, Equatable {
  /// The two forms of a body.
  public enum Body: Sendable, Equatable {
    /// `= expr`.
    case expression(Expression)
    /// `{ … }`: its value is that of its last statement, if that is an expression.
    case block(Program<Form>)
  }

  /// The function's name.
  public let name: Identifier
  /// The parameters, in order.
  public let parameters: [Identifier]
  /// The body.
  public let body: Body
  /// Its own names; the parser knows of the parameters alone.
  public let scope: FunctionScope
}

/// The names that belong to a function, and what a call does to those that do not.
public struct FunctionScope: Sendable, Equatable {
  /// The parameters, and behind them the variables that the body assigns. A call keeps a value for each.
  public private(set) var locals: [String]
  /// Those that the body differentiates by.
  public internal(set) var differentiated: Set<String> = []
  /// The names that a call reads and changes.
  public internal(set) var effects = CellEffects()

  init(parameters: [Identifier]) { locals = parameters.map(\.name) }

  func owns(_ name: String) -> Bool { locals.contains(name) }

  mutating func add(_ name: String) { if !owns(name) { locals.append(name) } }
}

/// The left side of an assignment: `a`, `a[0]`, `hid.weights`.
public struct AssignmentTarget: Sendable, Equatable {
  /// The variable, data set, network or layer.
  public let name: Identifier
  /// The fields behind it.
  public let fields: [Identifier]
  /// The indexes behind those.
  public let indexes: [IndexSyntax]
  /// The place in the source.
  public let span: SourceSpan
}

extension AssignmentTarget {
  /// Tells whether all of a variable is written, not a part of what is there.
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
  /// The words behind it, options aside.
  public var arguments: [Argument] = []
  /// The options.
  public var options: [Option] = []
  /// `until loss<0.01`.
  public var condition: Condition?
  /// The place in the source.
  public var span: SourceSpan
}

/// `until loss<0.01`: a metric, how it is compared, and with what.
public struct Condition: Sendable, Equatable {
  /// The metric's name.
  public let metric: Identifier
  /// The operator of the comparison.
  public let comparison: BinaryOperator
  /// The threshold.
  public let threshold: Argument
}

/// One thing that follows a verb.
public struct Argument: Sendable, Equatable {
  /// The kinds of arguments.
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

  /// The kind.
  public let kind: Kind
  /// The place in the source.
  public let span: SourceSpan

  /// Creates an argument.
  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

/// The source of a data set.
public enum DataSource: Sendable, Equatable {
  /// A file or a folder.
  case file(String)
  /// A built-in set or a generator.
  case named(String)
}

/// One row of an inline table: `0 1 -> 1`.
public struct RowSyntax: Sendable, Equatable {
  /// The numbers before the arrow.
  public let inputs: [Double]
  /// The numbers behind it.
  public let targets: [Double]
  /// The place of the row.
  public let span: SourceSpan
}
