import Datasets
import Diagnostics
import Foundations
import NeuralEngine

/// Every function that the language brings along, by name.
enum BuiltinFunctions {
  static let all: [BuiltinFunction] =
    creation + elementwise + reductions + shaping + probabilities + mapping + texts + networks

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
    range("arange", "numbers from start to stop, without stop"),
    BuiltinFunction("linspace", "start stop n=", "n evenly spaced numbers, by default 50") { call in
      .tensor(
        try .evenlySpaced(from: call.number(0), to: call.number(1), count: call.optionalWholeNumber(2) ?? 50))
    },
    range("range", "integers, as for a loop"),
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

  private static func range(_ name: String, _ help: String) -> BuiltinFunction {
    BuiltinFunction(name, "start stop= step=", help) { call in
      let stop = try call.optionalNumber(1)
      return .tensor(
        try .range(
          from: stop == nil ? 0 : call.number(0), to: stop ?? call.number(0), by: call.optionalNumber(2) ?? 1,
          for: name))
    }
  }

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
    BuiltinFunction("mod", "a b", "the remainder of a / b, with the sign of b") { call in
      .tensor(try .remainder(call.array(0), call.array(1)))
    },
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

// MARK: - Arrays

extension BuiltinFunctions {
  private static func reduction(
    _ name: String, _ help: String, _ body: @escaping @Sendable (Tensor, Int?, Bool) throws -> Tensor
  ) -> BuiltinFunction {
    BuiltinFunction(name, "x axis= keepdims=", help) { call in
      let array = try call.array(0)
      if array.rank == 0, call.isGiven(1) {
        throw CodedError(
          .badAxis,
          "`\(name)` takes one array, and an axis of it. Of several numbers it is `\(name)([1, 2])`.")
      }
      return .tensor(try body(array, call.optionalWholeNumber(1), call.flag(2)))
    }
  }

  static let reductions: [BuiltinFunction] = [
    reduction("sum", "the sum") { try $0.sum(axis: $1, keepDims: $2) },
    reduction("mean", "the mean") { try $0.mean(axis: $1, keepDims: $2) },
    reduction("max", "the maximum") { try $0.max(axis: $1, keepDims: $2) },
    reduction("min", "the minimum") { try $0.min(axis: $1, keepDims: $2) },
    reduction("argmax", "the index of the maximum") { try $0.indexOfMax(axis: $1, keepDims: $2) },
    reduction("argmin", "the index of the minimum") { try $0.indexOfMin(axis: $1, keepDims: $2) },
    reduction("std", "the standard deviation") { try $0.standardDeviation(axis: $1, keepDims: $2) },
    reduction("var", "the variance") { try $0.variance(axis: $1, keepDims: $2) },
    reduction("norm", "the Euclidean norm") { try $0.norm(axis: $1, keepDims: $2) },
    BuiltinFunction("cumsum", "x axis=", "the cumulative sum") { call in
      .tensor(try call.array(0).cumulativeSum(axis: call.optionalWholeNumber(1)))
    },
    BuiltinFunction("len", "x", "the number of items or rows") { call in
      switch call.values[0] {
      case .list(let items)?: return .number(Double(items.count))
      case .string(let text)?: return .number(Double(text.count))
      case .data(let data)?: return .number(Double(data.set.rows))
      default:
        let array = try call.array(0)
        guard let length = array.shape.first else {
          throw Diagnostic(.badType, "A single number has no length.", at: call.span)
        }
        return .number(Double(length))
      }
    },
  ]

  static let shaping: [BuiltinFunction] = [
    BuiltinFunction("shape", "x", "the length of each axis") {
      .tensor(Tensor(try $0.array(0).shape.map(Double.init)))
    },
    BuiltinFunction("size", "x", "the number of elements") { .number(Double(try $0.array(0).count)) },
    BuiltinFunction("rank", "x", "the number of axes") { .number(Double(try $0.array(0).rank)) },
    BuiltinFunction("reshape", "x shape…", "the array in another shape; one length may be -1") { call in
      .tensor(try call.array(0).reshaped(call.repeatedShape()))
    },
    BuiltinFunction("transpose", "x axes=", "the array with its axes permuted, by default reversed") { call in
      let axes = try call.optionalArray(1)?.values.map {
        try Value.number($0).wholeNumber("An axis", atLeast: .min, at: call.span)
      }
      return .tensor(try call.array(0).transposed(axes: axes))
    },
    joining("concat", "arrays joined along an axis") { try Tensor.concatenated($0, axis: $1) },
    joining("stack", "arrays joined along a new axis") { try Tensor.stacked($0, axis: $1) },
    BuiltinFunction("sort", "x axis=", "the values in ascending order") { call in
      .tensor(try call.array(0).sorted(axis: call.optionalWholeNumber(1) ?? -1))
    },
    BuiltinFunction("unique", "x", "the distinct values in ascending order") {
      .tensor(try $0.array(0).unique())
    },
    BuiltinFunction("onehot", "x n=", "one-hot rows of class numbers") { call in
      .tensor(try call.array(0).oneHot(classes: call.optionalWholeNumber(1)))
    },
  ]

  private static func joining(
    _ name: String, _ help: String, _ body: @escaping @Sendable ([Tensor], Int) throws -> Tensor
  ) -> BuiltinFunction {
    BuiltinFunction(name, "arrays axis=", help) { call in
      // Before the first one is taken apart: it may be one of several large arrays.
      if let second = call.values[1], second.itemCount != nil {
        throw CodedError(
          .badType, "`\(name)` takes its arrays in one list, in brackets: `\(name)([a, b])`.")
      }
      let axis = try call.optionalWholeNumber(1) ?? 0
      let items = try (call.values[0] ?? .nothing).items(at: call.span).map { try $0.array(at: call.span) }
      return .tensor(try body(items, axis))
    }
  }

  static let probabilities: [BuiltinFunction] = [
    BuiltinFunction("softmax", "x axis=", "probabilities that add up to 1") { call in
      .tensor(try call.array(0).softmax(axis: call.optionalWholeNumber(1) ?? -1))
    },
    BuiltinFunction("log_softmax", "x axis=", "the logarithm of softmax") { call in
      .tensor(try call.array(0).logSoftmax(axis: call.optionalWholeNumber(1) ?? -1))
    },
    loss("mse", "the mean squared error") { try Tensor.meanSquaredError($0, $1) },
    loss("bce", "the binary cross-entropy of probabilities") { try Tensor.binaryCrossEntropy($0, $1) },
    loss("crossentropy", "the cross-entropy of rows of probabilities") { try Tensor.crossEntropy($0, $1) },
  ]

  private static func loss(
    _ name: String, _ help: String, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> BuiltinFunction {
    BuiltinFunction(name, "target output", help) { .tensor(try body($0.array(0), $0.array(1))) }
  }
}

// MARK: - Networks

extension BuiltinFunctions {
  /// The commands of the same names, as functions.
  static let networks: [BuiltinFunction] = [
    BuiltinFunction("predict", "inputs", "the current network's predictions, one row each") { call in
      let session = call.context.session
      let network = try session.readyNetwork(at: call.span)
      if network.graph.takesAnyLength, let value = call.values[0] {
        return try session.predict(sequences: value, network, at: call.span)
      }
      let inputs: Tensor
      switch call.values[0] {
      case .data(let data)?: inputs = try locating(call.span) { try data.inputs() }
      case .tensor(let tensor)?: inputs = tensor
      // Words, and the rows of `s.x` where each is an array of steps, as the command takes them.
      case let value:
        inputs =
          try session.encoded(value ?? .nothing, for: network, at: call.span)
          ?? session.rows(of: value ?? .nothing, for: network, at: call.span)
      }
      return .tensor(try session.predict(inputs, network, at: call.span))
    },
    BuiltinFunction("activate", "inputs", "the current network's output for one row; `propagate` may follow")
    {
      call in
      let network = try call.context.session.readyNetwork(at: call.span)
      try network.activate(call.array(0).values)
      return .tensor(Tensor(network.outputs))
    },
    BuiltinFunction(
      "generate", "start n= temperature=",
      "the text that the current network, a language model, goes on with: `generate(\"An\", n=20)`"
    ) { call in
      guard case .string(let start)? = call.values[0] else {
        throw CodedError(.badType, "`generate` goes on with a text, as in `generate(\"An\", n=20)`.")
      }
      let (count, temperature) = (try call.optionalWholeNumber(1) ?? 20, try call.optionalNumber(2) ?? 1)
      guard (1...100_000).contains(count), temperature >= 0, temperature.isFinite else {
        throw CodedError(
          .badValue, "`generate` adds n=1 to n=100000 tokens, at a temperature of 0 or above.")
      }
      return .string(
        try call.context.session.generate(
          start, count: count, temperature: temperature, call.context, at: call.span))
    },
  ]
}
