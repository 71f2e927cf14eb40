import NeuralEngine
import Testing

/// A function that gradients flow through, and where to try it.
struct DifferentiableFunction: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let shape: [Int]
  let values: [Double]
  let apply: @Sendable (Tensor) throws -> Tensor

  /// A function of a 2x3 array of six different numbers, all off any kink, some negative.
  init(_ name: String, _ apply: @escaping @Sendable (Tensor) throws -> Tensor) {
    self.init(name, at: [0.3, -1.2, 0.7, 1.9, -0.4, 2.2], shape: [2, 3], apply)
  }

  init(
    _ name: String, at values: [Double], shape: [Int], _ apply: @escaping @Sendable (Tensor) throws -> Tensor
  ) {
    testDescription = name
    self.shape = shape
    self.values = values
    self.apply = apply
  }

  /// A function of positive numbers only.
  static func positive(
    _ name: String, _ apply: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> DifferentiableFunction {
    DifferentiableFunction(name, at: [0.3, 1.2, 0.7, 1.9, 0.4, 0.9], shape: [2, 3], apply)
  }

  /// The loss whose gradient is checked: each element of the result weighs differently, so that no mistake
  /// cancels out.
  func loss(_ input: Tensor) throws -> Tensor {
    let result = try apply(input)
    let weights: [Double] = (0..<result.count).map { place in
      let step = (place * 7 + 3) % 11
      return 0.5 + 0.3 * Double(step)
    }
    let weighting = try Tensor(shape: result.shape, values: weights)
    return try (result * weighting).sum()
  }
}

/// A constant for the functions below: different numbers of any shape.
private func constant(_ shape: [Int], from start: Double = 0.4) throws -> Tensor {
  let count = shape.reduce(1, *)
  let values: [Double] = (0..<count).map { place in
    let step = place * 5 % 7
    return start + 0.35 * Double(step)
  }
  return try Tensor(shape: shape, values: values)
}

/// An array of zeros after what is written into it.
private func written(zeros count: Int, _ write: (inout Tensor) throws -> Void) throws -> Tensor {
  var array = try Tensor.zeros([count])
  try write(&array)
  return array
}

extension DifferentiableFunction {
  static let all = elementwise + binary + reductions + shaping + products + losses

  static let elementwise: [DifferentiableFunction] = [
    .init("negate") { -$0 },
    .init("exp") { .unary(.exp, $0) },
    .positive("log") { .unary(.log, $0) },
    .positive("sqrt") { .unary(.sqrt, $0) },
    .init("abs") { .unary(.abs, $0) },
    .init("sin") { .unary(.sin, $0) },
    .init("cos") { .unary(.cos, $0) },
    .init("tan") { try .unary(.tan, $0 * Tensor(0.5)) },
    .init("tanh") { .unary(.tanh, $0) },
    .init("mod(x, 0.9)") { try .remainder($0, Tensor(0.9)) },
    .init("mod(c, x)") { try .remainder(constant([3, 2, 3], from: 5.17), $0) },
    .init("sigmoid") { .unary(.sigmoid, $0) },
    .init("relu") { .unary(.relu, $0) },
    .init("clip") { $0.clipped(low: -1, high: 1.5) },
    .init("clip at one side") { $0.clipped(low: nil, high: 0.5) },
    .init("where") { try .choose(.binary(.greater, $0, Tensor(0)), $0 * $0, -$0) },
    .init("where, broadcast") { try .choose(Tensor(shape: [2, 1], values: [1, 0]), $0, constant([3])) },
    .init("where, a number") { try .choose(.binary(.greater, constant([2, 3]), Tensor(1)), $0.sum(), $0) },
  ]

  static let binary: [DifferentiableFunction] = [
    .init("x + x") { try $0 + $0 },
    .init("x + row") { try $0 + constant([3]) },
    .init("3 - x") { try Tensor(3) - $0 },
    .init("x - column") { try constant([2, 1]) - $0 },
    .init("x * x") { try $0 * $0 },
    .init("x / c") { try $0 / constant([2, 3]) },
    .init("c / x") { try constant([2, 3]) / $0 },
    .init("x / x + x") { try $0 / ($0 * $0 + Tensor(1)) },
    .init("x ^ 2") { try $0.power(Tensor(2)) },
    .init("x ^ 3") { try $0.power(Tensor(3)) },
    .positive("x ^ c") { try $0.power(constant([2, 3])) },
    .init("c ^ x") { try constant([2, 3]).power($0) },
    .positive("x ^ x") { try $0.power($0) },
    .init("row broadcast", at: [0.4, -0.3, 1.2], shape: [3]) { try $0 * constant([2, 3]) },
    .init("column broadcast", at: [0.4, -0.3], shape: [2, 1]) { try constant([2, 3]) * $0 + $0 },
    .init("number broadcast", at: [0.4], shape: []) { try constant([2, 3]) * $0 },
    .init("outer axes broadcast", at: [0.4, -0.3, 1.2], shape: [3, 1]) { try $0 * constant([2, 1, 4]) },
    .init("outer product", at: [0.4, -0.3, 1.2], shape: [3]) { try $0 * $0.reshaped([3, 1]) },
    .init("broadcast(to:)", at: [0.4, -0.3, 1.2], shape: [3, 1]) { try $0.broadcast(to: [2, 3, 2]) },
  ]

  static let reductions: [DifferentiableFunction] = [
    .init("sum") { try ($0 * $0).sum() },
    .init("sum, axis 0") { try ($0 * $0).sum(axis: 0) },
    .init("sum, axis -1, kept") { try ($0 * $0).sum(axis: -1, keepDims: true) * $0 },
    .init("mean") { try ($0 * $0).mean() },
    .init("mean, axis 1") { try ($0 * $0).mean(axis: 1) },
    .init("max") { try $0.max() },
    .init("max, axis 0") { try $0.max(axis: 0) },
    .init("max, axis 1, kept") { try $0 / $0.max(axis: 1, keepDims: true) },
    .init("min") { try $0.min() },
    .init("min, axis -1") { try $0.min(axis: -1) },
    .init("var") { try $0.variance() },
    .init("var, axis 0") { try $0.variance(axis: 0) },
    .init("std") { try $0.standardDeviation() },
    .init("std, axis 1, kept") { try $0.standardDeviation(axis: 1, keepDims: true) },
    .init("norm") { try $0.norm() },
    .init("norm, axis 0") { try $0.norm(axis: 0) },
    .init("norm, axis 1, kept") { try $0 / $0.norm(axis: 1, keepDims: true) },
    .init("cumsum") { try $0.cumulativeSum() },
    .init("cumsum, axis 0") { try $0.cumulativeSum(axis: 0) },
    .init("cumsum, axis 1") { try ($0 * $0).cumulativeSum(axis: 1) },
    .init("softmax") { try $0.softmax() },
    .init("softmax, axis 0") { try $0.softmax(axis: 0) },
    .init("log_softmax") { try $0.logSoftmax() },
    .init("log_softmax, axis 0") { try $0.logSoftmax(axis: 0) },
  ]

  static let shaping: [DifferentiableFunction] = [
    .init("reshape") { try $0.reshaped([3, -1]) },
    .init("transpose") { try $0.transposed() },
    .init("transpose, three axes") { try $0.reshaped([1, 2, 3]).transposed(axes: [2, 0, 1]) },
    .init("concat, axis 0") { try .concatenated([$0, constant([1, 3]), $0 * $0]) },
    .init("concat, axis 1") { try .concatenated([$0, $0.transposed().reshaped([2, 3])], axis: 1) },
    .init("stack") { try .stacked([$0, $0 * $0]) },
    .init("stack, last axis") { try .stacked([$0, constant([2, 3]), $0], axis: -1) },
    .init("sort") { try $0.sorted() },
    .init("sort, axis 0") { try $0.sorted(axis: 0) },
    .init("sort, flat") { try $0.sorted(axis: nil) },
    .init("x[1]") { try $0.selecting([.at(1)]) },
    .init("x[0, -1]") { try $0.selecting([.at(0), .at(-1)]) },
    .init("x[:, 1:]") { try $0.selecting([.all, .slice(start: 1, stop: nil, step: nil)]) },
    .init("x[::-1, ::2]") {
      try $0.selecting([.slice(start: nil, stop: nil, step: -1), .slice(start: nil, stop: nil, step: 2)])
    },
    .init("x[mask]") { try $0.selecting([.mask(.binary(.greater, $0, Tensor(0)))]) },
    .init("x[[1, 0, 1]]") { try $0.selecting([.list(Tensor([1, 0, 1]))]) },
    .init("x[[1, 0], [2, 2]]") { try $0.selecting([.list(Tensor([1, 0])), .list(Tensor([2, 2]))]) },
    .init("x[1] = …") { try ($0 * $0).replacing([.at(1)], with: $0.selecting([.at(0)])) },
    .init("x[:, 1] = number") { try $0.replacing([.all, .at(1)], with: $0.sum()) },
    .init("o[i] = x[i] in turn") { x in
      try written(zeros: 3) { o in
        for i in 0..<3 {
          try Tensor.assign(
            x.selecting([.at(1), .at(i)]) * x.selecting([.at(0), .at(i)]), at: [.at(i)], of: &o,
            isRecorded: true)
        }
      }
    },
    .init("o[i] = o[i - 1] * x[i]") { x in
      try written(zeros: 4) { o in
        try Tensor.assign(x.selecting([.at(0), .at(0)]), at: [.at(0)], of: &o, isRecorded: true)
        for i in 1..<4 {
          let last = try o.selecting([.at(i - 1)])
          try Tensor.assign(last * x.selecting([.at(1), .at(i - 1)]), at: [.at(i)], of: &o, isRecorded: true)
        }
      }
    },
    .init("exp(x) with what is read, written over, and read again") { x in
      var o = Tensor.unary(.exp, x)
      let before = try (o * o).sum()
      try Tensor.assign(x.sum(), at: [.all, .at(1)], of: &o, isRecorded: true)
      let whole = try (o * o).sum()
      try Tensor.assign(Tensor(2), at: [.at(0)], of: &o, isRecorded: true)
      try Tensor.assign(whole * before, at: [.at(0), .at(2)], of: &o, isRecorded: true)
      return o
    },
    .init("c[[0, 2]] = x") { try constant([4, 3]).replacing([.list(Tensor([0, 2]))], with: $0) },
  ]

  static let products: [DifferentiableFunction] = [
    .init("x @ c") { try .matrixProduct($0, constant([3, 4])) },
    .init("c @ x") { try .matrixProduct(constant([4, 2]), $0) },
    .init("x @ x.T") { try .matrixProduct($0, $0.transposed()) },
    .init("x @ vector") { try .matrixProduct($0, constant([3])) },
    .init("vector @ x") { try .matrixProduct(constant([2]), $0) },
    .init("v @ c", at: [0.4, -0.3, 1.2], shape: [3]) { try .matrixProduct($0, constant([3, 2])) },
    .init("c @ v", at: [0.4, -0.3, 1.2], shape: [3]) { try .matrixProduct(constant([2, 3]), $0) },
    .init("v @ v", at: [0.4, -0.3, 1.2], shape: [3]) { try .matrixProduct($0, $0) },
    .init("batch @ x") { try .matrixProduct(constant([2, 4, 2]), $0) },
    .init("x @ batch") { try .matrixProduct($0, constant([2, 3, 2])) },
    .init("batch @ v", at: [0.4, -0.3], shape: [2]) { try .matrixProduct(constant([2, 3, 2]), $0) },
    .init("batches") { try .matrixProduct($0.reshaped([2, 1, 3]), constant([2, 3, 2])) },
  ]

  static let losses: [DifferentiableFunction] = [
    .init("mse") { try .meanSquaredError(constant([2, 3]), $0) },
    .init("mse of the target") { try .meanSquaredError($0, constant([2, 3])) },
    .init("bce", at: [0.2, 0.7, 0.4], shape: [3]) { try .binaryCrossEntropy(Tensor([0, 1, 1]), $0) },
    .positive("crossentropy") {
      try .crossEntropy(Tensor(shape: [2, 3], values: [0, 1, 0, 1, 0, 0]), $0)
    },
    .positive("crossentropy of class numbers") { try .crossEntropy(Tensor([2, 0]), $0) },
  ]
}
