public import Diagnostics
import Foundations

/// A name and where it stands.
public struct Identifier: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The place in the source.
  public let span: SourceSpan

  /// Creates an identifier.
  public init(_ name: String, _ span: SourceSpan) {
    self.name = name
    self.span = span
  }
}

/// Something that has a value.
public struct Expression: Sendable, Equatable {
  /// The kinds of expressions.
  public indirect enum Kind: Sendable, Equatable {
    case number(Double)
    case boolean(Bool)
    case string(String)
    case shape([Int])
    case name(String)
    case list([Expression])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case call(Expression, [CallArgument])
    case index(Expression, [IndexSyntax])
    case field(Expression, Identifier)
    /// `grad L wrt W, hid.weights`; each target is a name, or a name with fields.
    case gradient(of: Expression, withRespectTo: [Expression])
  }

  /// The kind, with the parts.
  public let kind: Kind
  /// The place in the source.
  public let span: SourceSpan

  /// Creates an expression.
  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

extension Expression.Kind {
  /// A name, a number, a text or a field of them as it is typed, for lines to suggest; nil for anything longer.
  var words: String? {
    switch self {
    case .name(let name): name
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    case .boolean(let value): String(value)
    case .shape(let sizes): sizes.sizesText
    case .string(let text): text.contains { "\"\\\n".contains($0) } ? nil : "\"\(text)\""
    case .field(let base, let field): base.kind.words.map { "\($0).\(field.name)" }
    default: nil
    }
  }
}

/// An argument of a call: `x`, or `axis=0`.
public struct CallArgument: Sendable, Equatable {
  /// The keyword, where there is one.
  public let key: Identifier?
  /// The value.
  public let value: Expression
}

/// An entry between the brackets of `a[…]`, one for each axis.
public enum IndexSyntax: Sendable, Equatable {
  /// `a[0]`, `a[mask]`.
  case at(Expression)
  /// `a[1:3]`, `a[::2]`.
  case slice(start: Expression?, stop: Expression?, step: Expression?)
}

/// An operator with one operand.
public enum UnaryOperator: String, Sendable {
  case negate = "-"
  case not
}

/// An operator with two operands.
public enum BinaryOperator: String, Sendable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case matrixProduct = "@"
  case power = "^"

  /// Tells whether the operator compares.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}

// MARK: - Parts

// A new kind of expression is listed here and in the compiler, and every walk over a program takes it in.

extension Expression {
  /// The expressions that it is made of, in the order in which they are written.
  public var children: [Expression] {
    switch kind {
    case .number, .boolean, .string, .shape, .name: []
    case .list(let items): items
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .call(let function, let arguments): [function] + arguments.map(\.value)
    case .index(let base, let indexes): [base] + indexes.flatMap(\.expressions)
    case .field(let base, _): [base]
    case .gradient(let loss, let variables): [loss] + variables
    }
  }
}

extension IndexSyntax {
  /// The position, or the bounds that are given.
  var expressions: [Expression] {
    switch self {
    case .at(let position): [position]
    case .slice(let start, let stop, let step): [start, stop, step].compactMap(\.self)
    }
  }
}
