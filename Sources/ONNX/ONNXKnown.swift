import ModelFiles
import NeuralEngine

/// y = factor · x + shift, number by number.
struct ONNXAffine {
  var factor: [Double]
  var shift: [Double]

  init(factor: [Double], shift: [Double]) {
    self.factor = factor
    self.shift = shift
  }

  init(count: Int) {
    factor = [Double](repeating: 1, count: count)
    shift = [Double](repeating: 0, count: count)
  }

  /// Whether only a number is added.
  var isShift: Bool { factor.allSatisfy { $0 == 1 } }
  /// Whether it only multiplies.
  var isFactor: Bool { shift.allSatisfy { $0 == 0 } }
}

/// What is known of a value of a model that depends on the rows.
struct ONNXKnown {
  /// Where its numbers come from.
  enum Content {
    /// What a layer gives.
    case layer(Int)
    /// Several layers' numbers as one, which the next layer does.
    case merged(Merge, [Int])
  }

  var content: Content
  /// Which of its axes is that of the rows.
  var batchAxis = 0
  /// Where each number of a row, in the order of the file, stands in nbs.
  var map: [Int]
  /// What is done to the numbers, in the order of the file, before anybody reads them.
  var affine: ONNXAffine?
  /// Whether it is data that nothing has been computed of: what is done to each column is its preparation.
  var isData = false

  init(_ content: Content, batchAxis: Int = 0, map: [Int], affine: ONNXAffine? = nil) {
    self.content = content
    self.batchAxis = batchAxis
    self.map = map
    self.affine = affine
  }

  /// The map of an array whose channels stand first in a file and last here.
  static func channelsFirst(_ shape: [Int]) -> [Int] {
    let steps = strides(shape)
    let rank = shape.count
    guard rank > 0 else { return [0] }
    return offsets([shape[rank - 1]] + shape.dropLast(), [steps[rank - 1]] + steps.dropLast())
  }

  /// Whether the numbers are in nbs's order.
  var isPlain: Bool { map.enumerated().allSatisfy { $0 == $1 } }
}
