import Diagnostics
import NeuralEngine

/// Every function that the language brings along, by name.
enum BuiltinFunctions {
  static let all: [BuiltinFunction] = creation + elementwise + reductions + shaping + probabilities + networks

  static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// Names that stand for a number.
  static let constants: [String: Double] = ["pi": .pi, "inf": .infinity, "nan": .nan]

  static let creation: [BuiltinFunction] = [
    BuiltinFunction("zeros", "shape…", "an array of zeros") { .tensor(try .zeros($0.repeatedShape())) },
    BuiltinFunction("ones", "shape…", "an array of ones") { .tensor(try .ones($0.repeatedShape())) },
    BuiltinFunction("full", "shape value", "an array of one value") { call in
      let sizes = try call.array(0).values.map {
        try Value.number($0).wholeNumber("A shape", atLeast: .min, at: call.span)
      }
      return .tensor(try .full(sizes, call.number(1)))
    },
    BuiltinFunction("eye", "n m=", "ones on the diagonal") {
      .tensor(try .eye($0.wholeNumber(0), $0.optionalWholeNumber(1)))
    },
    BuiltinFunction("arange", "start stop= step=", "numbers from start to stop, without stop") { call in
      guard let stop = try call.optionalNumber(1) else {
        return .tensor(try .range(from: 0, to: call.number(0)))
      }
      return .tensor(try .range(from: call.number(0), to: stop, by: call.optionalNumber(2) ?? 1))
    },
    BuiltinFunction("linspace", "start stop n=", "n evenly spaced numbers, by default 50") { call in
      .tensor(
        try .evenlySpaced(from: call.number(0), to: call.number(1), count: call.optionalWholeNumber(2) ?? 50))
    },
    BuiltinFunction("range", "start stop= step=", "integers, as for a loop") { call in
      guard let stop = try call.optionalNumber(1) else {
        return .tensor(try .range(from: 0, to: call.number(0)))
      }
      return .tensor(try .range(from: call.number(0), to: stop, by: call.optionalNumber(2) ?? 1))
    },
    BuiltinFunction("rand", "shape…", "random numbers from 0 to 1") { call in
      .tensor(try .uniform(call.repeatedShape(), using: &call.context.session.random))
    },
    BuiltinFunction("randn", "shape…", "random numbers from the standard normal distribution") { call in
      .tensor(try .normal(call.repeatedShape(), using: &call.context.session.random))
    },
    BuiltinFunction("randint", "low high shape=", "random integers from low to high, without high") { call in
      let sizes = try call.optionalArray(2)?.values.map {
        try Value.number($0).wholeNumber("A shape", atLeast: .min, at: call.span)
      }
      return .tensor(
        try .integers(
          from: call.wholeNumber(0), to: call.wholeNumber(1), shape: sizes ?? [],
          using: &call.context.session.random))
    },
    BuiltinFunction("choice", "x n= replace=", "random elements") { call in
      let replaces = try call.isGiven(2) ? call.flag(2) : true
      return .tensor(
        try call.array(0).choice(
          call.optionalWholeNumber(1), replacing: replaces, using: &call.context.session.random))
    },
  ]

  static let elementwise: [BuiltinFunction] = [
    unary("exp", .exp, "e to the power of x"), unary("log", .log, "the natural logarithm"),
    unary("sqrt", .sqrt, "the square root"), unary("abs", .abs, "the absolute value"),
    unary("sin", .sin, "the sine"), unary("cos", .cos, "the cosine"), unary("tan", .tan, "the tangent"),
    unary("tanh", .tanh, "the hyperbolic tangent"), unary("sigmoid", .sigmoid, "1 / (1 + exp(-x))"),
    unary("relu", .relu, "max(x, 0)"),
    unary("step", .step, "1 where x is positive, else 0"),
    unary("sign", .sign, "-1, 0 or 1"),
    unary("round", .round, "the nearest integer, halves to even"),
    unary("floor", .floor, "the largest integer not above x"),
    unary("ceil", .ceil, "the smallest integer not below x"),
    BuiltinFunction("clip", "x low high", "x limited to the range from low to high") { call in
      .tensor(try call.array(0).clipped(low: call.number(1), high: call.number(2)))
    },
    BuiltinFunction("where", "condition a b", "a where the condition holds, else b") { call in
      .tensor(try .choose(call.array(0), call.array(1), call.array(2)))
    },
  ]

  private static func unary(_ name: String, _ operation: UnaryOperation, _ help: String) -> BuiltinFunction {
    BuiltinFunction(name, "x", help, elementwise: operation) { .tensor(.unary(operation, try $0.array(0))) }
  }
}
