import Diagnostics
import Language
import NeuralEngine

extension Compiler {
  func call(_ function: Expression, _ arguments: [CallArgument], _ span: SourceSpan) -> Evaluation {
    let evaluations = arguments.map { compile($0.value) }
    guard case .name(let name) = function.kind, slots?[name] == nil else {
      let callee = compile(function)
      return { context in
        guard case .function(let called) = try callee(context) else {
          throw Diagnostic(
            "bad-type", "This is \(try callee(context).kindName), and only a function can be called.",
            at: function.span)
        }
        return try Compiler.call(called, evaluations, arguments, context, span)
      }
    }
    // A function of the user's hides a built-in one of the same name, also when it is defined later.
    let variable = session.namespace.variable(name)
    let builtin = BuiltinFunctions.byName[name]
    let places = builtin.map { Compiler.places(of: arguments, in: $0) }
    return { context in
      if let value = variable.value {
        guard case .function(let called) = value else {
          throw Diagnostic(
            "bad-type", "`\(name)` is \(value.kindName), and only a function can be called.",
            at: function.span)
        }
        return try Compiler.call(called, evaluations, arguments, context, span)
      }
      guard let builtin, let places else { throw context.session.unknownFunction(name, at: function.span) }
      return try Compiler.call(builtin, evaluations, places, context, span)
    }
  }

  private static func call(
    _ function: UserFunction, _ evaluations: [Evaluation], _ arguments: [CallArgument],
    _ context: ExecutionContext, _ span: SourceSpan
  ) throws -> Value {
    if let keyed = arguments.first(where: { $0.key != nil }), let key = keyed.key {
      throw Diagnostic(
        "unknown-argument", "`\(function.name)` takes its arguments in order, without `\(key.name)=`.",
        at: key.span)
    }
    guard evaluations.count == function.parameters.count else {
      throw Diagnostic(
        "wrong-argument-count",
        "`\(function.name)(\(function.parameters.joined(separator: ", ")))` takes \(function.parameters.count) "
          + "argument\(function.parameters.count == 1 ? "" : "s"), but \(evaluations.count) "
          + "\(evaluations.count == 1 ? "is" : "are") given.", at: span)
    }
    let values = try evaluations.map { try $0(context) }
    do { return try context.call(function, values) } catch let error as Diagnostic where error.span == nil {
      throw error.blaming(span)
    }
  }

  /// Where each argument of a call goes: the places of the parameters, and what a repeated one takes.
  private enum Places {
    case sound(byParameter: [Int?], repeated: [Int])
    case wrong(Diagnostic)
  }

  private static func places(of arguments: [CallArgument], in function: BuiltinFunction) -> Places {
    var byParameter = [Int?](repeating: nil, count: function.parameters.count)
    var repeated: [Int] = []
    var next = 0
    for (index, argument) in arguments.enumerated() {
      let place =
        argument.key.map { key in function.parameters.firstIndex { $0.name == key.name && !$0.isRepeated } }
        ?? next
      guard let place, place < function.parameters.count, byParameter[place] == nil else {
        return .wrong(mistake(argument, in: function))
      }
      if argument.key == nil, function.parameters[place].isRepeated {
        repeated.append(index)
      } else {
        byParameter[place] = index
        if argument.key == nil { next += 1 }
      }
    }
    for (place, parameter) in function.parameters.enumerated() where parameter.isRequired {
      guard parameter.isRepeated ? true : byParameter[place] != nil else {
        return .wrong(
          Diagnostic(
            "wrong-argument-count", "`\(function.usage)` needs `\(parameter.name)`: \(function.help)."))
      }
    }
    return .sound(byParameter: byParameter, repeated: repeated)
  }

  private static func mistake(_ argument: CallArgument, in function: BuiltinFunction) -> Diagnostic {
    guard let key = argument.key else {
      return Diagnostic(
        "wrong-argument-count", "That is one argument too many for `\(function.usage)`.",
        at: argument.value.span)
    }
    let nearest = DidYouMean.nearest(to: key.name, among: function.parameters.map(\.name))
    return Diagnostic(
      "unknown-argument",
      "`\(function.usage)` takes no `\(key.name)`"
        + (nearest.map { ". Did you mean `\($0)`?" } ?? " here, or has it already."),
      at: key.span, suggestion: nearest)
  }

  private static func call(
    _ function: BuiltinFunction, _ evaluations: [Evaluation], _ places: Places, _ context: ExecutionContext,
    _ span: SourceSpan
  ) throws -> Value {
    switch places {
    case .wrong(let diagnostic): throw diagnostic.blaming(span)
    case .sound(let byParameter, let repeated):
      var call = CallArguments(
        function: function, values: try byParameter.map { try $0.map { try evaluations[$0](context) } },
        repeated: try repeated.map { try evaluations[$0](context) }, span: span, context: context)
      return try locating(span) { try function.body(&call) }
    }
  }
}
