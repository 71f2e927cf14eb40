// What an expression is made of, for whoever walks a program: a new kind of expression is listed here and in
// the compiler, and every walk takes it in.

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
