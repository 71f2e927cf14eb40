import Datasets
import Diagnostics
import Foundations
import NeuralEngine

extension BuiltinFunctions {
  private static func reduction(
    _ name: String, _ help: String, _ body: @escaping @Sendable (Tensor, Int?, Bool) throws -> Tensor
  ) -> BuiltinFunction {
    BuiltinFunction(name, "x axis= keepdims=", help) { call in
      .tensor(try body(call.array(0), call.optionalWholeNumber(1), call.flag(2)))
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
      let items = try (call.values[0] ?? .nothing).items(at: call.span).map { try $0.array(at: call.span) }
      return .tensor(try body(items, call.optionalWholeNumber(1) ?? 0))
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
