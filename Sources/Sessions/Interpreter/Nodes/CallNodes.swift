import Diagnostics
import Foundations
import Language
import NeuralEngine

/// `f(x)`, where `f` is a function of the user's by the time that the call is reached, or else a built-in one:
/// the user's hides the built-in one of the same name, also when it is defined later.
final class CallNode: Node {
  private let variable: Variable
  private let arguments: [Node]
  private let keys: [Identifier?]
  /// The call of the built-in function; nil where there is none of that name.
  private let builtin: Node?
  private let nameSpan: SourceSpan

  init(
    _ variable: Variable, at nameSpan: SourceSpan, _ arguments: [Node], keys: [Identifier?], builtin: Node?,
    _ span: SourceSpan
  ) {
    self.variable = variable
    self.nameSpan = nameSpan
    self.arguments = arguments
    self.keys = keys
    self.builtin = builtin
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    if let value = context.session.state[variable] { return try call(value, context) }
    guard let builtin else { throw context.session.unknownFunction(variable.name, at: nameSpan) }
    return try builtin.evaluate(context)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    if let builtin, context.session.state[variable] == nil { return try builtin.tensor(context) }
    return try evaluate(context).array(at: span)
  }

  private func call(_ value: Value, _ context: ExecutionContext) throws -> Value {
    guard case .function(let function) = value else {
      throw Diagnostic(
        .badType, "`\(variable.name)` is \(value.kindName), not a function, and cannot be called.",
        at: nameSpan)
    }
    return try context.call(function, arguments, keys: keys, at: span)
  }
}

/// A call of what an expression gives, such as a function's parameter.
final class ComputedCallNode: Node {
  private let callee: Node
  private let arguments: [Node]
  private let keys: [Identifier?]

  init(_ callee: Node, _ arguments: [Node], keys: [Identifier?], _ span: SourceSpan) {
    self.callee = callee
    self.arguments = arguments
    self.keys = keys
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    let value = try callee.evaluate(context)
    guard case .function(let function) = value else {
      let field = (callee as? FieldNode).map { " Fields are written without parentheses: `.\($0.name)`." }
      throw Diagnostic(
        .badType, "This is \(value.kindName), not a function, and cannot be called.\(field ?? "")",
        at: callee.span)
    }
    return try context.call(function, arguments, keys: keys, at: span)
  }
}

/// A call of a built-in function.
final class BuiltinCallNode: Node {
  private let function: BuiltinFunction
  private let arguments: [Node]
  private let places: ArgumentPlaces

  init(_ function: BuiltinFunction, _ arguments: [Node], _ places: ArgumentPlaces, _ span: SourceSpan) {
    self.function = function
    self.arguments = arguments
    self.places = places
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    var call = CallArguments(
      function: function,
      values: try places.byParameter.map { try $0.map { try arguments[$0].evaluate(context) } },
      repeated: try places.repeated.map { try arguments[$0].evaluate(context) }, span: span, context: context)
    return try locating(span) {
      if !function.givesLess { try call.checkRoom() }
      let result = try function.body(&call)
      try context.checkInterruption()
      return result
    }
  }
}

/// A call that cannot be made, known before it is reached; it fails only then, since a function of the user's
/// may have taken the name.
final class MistakenCallNode: Node {
  private let mistake: Diagnostic

  init(_ mistake: Diagnostic, _ span: SourceSpan) {
    self.mistake = mistake.blaming(span)
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value { throw mistake }
}

/// Which argument of a call goes to which parameter.
struct ArgumentPlaces {
  /// By parameter, the argument's index; nil where one is left out.
  private(set) var byParameter: [Int?]
  /// The arguments that a repeated parameter takes.
  private(set) var repeated: [Int] = []

  /// Holds arguments against a function's parameters.
  ///
  /// - Throws: `wrong-argument-count` or `unknown-argument`.
  init(_ arguments: [CallArgument], in function: BuiltinFunction) throws(Diagnostic) {
    byParameter = [Int?](repeating: nil, count: function.parameters.count)
    var next = 0
    for (index, argument) in arguments.enumerated() {
      let place =
        argument.key.map { key in function.parameters.firstIndex { $0.name == key.name && !$0.isRepeated } }
        ?? next
      guard let place, place < function.parameters.count, byParameter[place] == nil else {
        throw ArgumentPlaces.mistake(argument, in: function)
      }
      if argument.key == nil, function.parameters[place].isRepeated {
        repeated.append(index)
      } else {
        byParameter[place] = index
        if argument.key == nil { next += 1 }
      }
    }
    for (place, parameter) in function.parameters.enumerated()
    where parameter.isRequired && !parameter.isRepeated && byParameter[place] == nil {
      throw Diagnostic(
        .wrongArgumentCount, "`\(function.usage)` needs `\(parameter.name)`. It returns \(function.help).")
    }
  }

  private static func mistake(_ argument: CallArgument, in function: BuiltinFunction) -> Diagnostic {
    guard let key = argument.key else {
      return Diagnostic(
        .wrongArgumentCount, "There are too many arguments for `\(function.usage)`.",
        at: argument.value.span)
    }
    if let parameter = function.parameters.first(where: { $0.name == key.name }) {
      let isRepeated = parameter.isRepeated
      return Diagnostic(
        .unknownArgument,
        isRepeated
          ? "`\(function.usage)` takes its `\(key.name)` without a name: `\(function.name)(2, 3)`."
          : "`\(key.name)` of `\(function.usage)` is given twice: by its place, and by its name.",
        at: key.span)
    }
    let nearest = DidYouMean.nearest(to: key.name, among: function.parameters.map(\.name))
    return Diagnostic(
      .unknownArgument,
      "`\(function.usage)` takes no `\(key.name)`." + DidYouMean.sentence(nearest),
      at: key.span, suggestion: nearest)
  }
}

extension ExecutionContext {
  /// Calls a user's function with arguments that are not evaluated yet.
  func call(_ function: UserFunction, _ arguments: [Node], keys: [Identifier?], at span: SourceSpan) throws
    -> Value
  {
    guard arguments.count == function.parameters.count, keys.allSatisfy({ $0 == nil }) else {
      throw ExecutionContext.mistake(function, arguments.count, keys, at: span)
    }
    do { return try call(function, arguments) } catch let error as Diagnostic where error.span == nil {
      throw error.blaming(span)
    }
  }

  private static func mistake(
    _ function: UserFunction, _ count: Int, _ keys: [Identifier?], at span: SourceSpan
  ) -> Diagnostic {
    if let key = keys.compactMap(\.self).first {
      return Diagnostic(
        .unknownArgument, "`\(function.name)` takes its arguments in order, without `\(key.name)=`.",
        at: key.span)
    }
    return Diagnostic(
      .wrongArgumentCount,
      "`\(function.name)(\(function.parameters.joined(separator: ", ")))` takes "
        + "\(function.parameters.count.counted("argument")), but \(count) \(count == 1 ? "is" : "are") given.",
      at: span)
  }
}
