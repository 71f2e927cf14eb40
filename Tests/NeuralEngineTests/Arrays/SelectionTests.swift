import NeuralEngine
import Testing

/// Slices, lists, masks and transposes against loops over places.
@Suite struct SelectionTests {
  private let shape = [4, 5, 6]

  private func array() throws -> Tensor { try Tensor(shape: shape, values: (0..<120).map(Double.init)) }

  /// The numbers at all combinations of places, the number of a place being its place.
  private func expected(_ first: [Int], _ second: [Int], _ third: [Int]) -> [Double] {
    first.flatMap { i in second.flatMap { j in third.map { k in Double(i * 30 + j * 6 + k) } } }
  }

  private func slice(_ start: Int?, _ stop: Int?, _ step: Int? = nil) -> ArrayIndex {
    .slice(start: start, stop: stop, step: step)
  }

  @Test func slicesStepThroughAnyAxis() throws {
    let a = try array()
    #expect(
      try a.selecting([slice(nil, nil, -1)]).values == expected([3, 2, 1, 0], Array(0..<5), Array(0..<6)))
    #expect(
      try a.selecting([slice(1, 3), slice(nil, nil, 2), slice(4, 0, -3)]).values
        == expected([1, 2], [0, 2, 4], [4, 1]))
    #expect(
      try a.selecting([.all, .at(2), slice(nil, nil, 5)]).values == expected(Array(0..<4), [2], [0, 5]))
    #expect(try a.selecting([.at(1), slice(2, 4), .all]).values == expected([1], [2, 3], Array(0..<6)))
    #expect(try a.selecting([slice(2, 2)]).shape == [0, 5, 6])
  }

  @Test func listsJoinSlices() throws {
    let a = try array()
    let list = Tensor([3, 0, -1])
    #expect(try a.selecting([.list(list)]).values == expected([3, 0, 3], Array(0..<5), Array(0..<6)))
    #expect(
      try a.selecting([.list(list), slice(1, 3)]).values == expected([3, 0, 3], [1, 2], Array(0..<6)))
    #expect(
      try a.selecting([slice(0, 2), .list(list)]).values == expected([0, 1], [3, 0, 4], Array(0..<6)))
    #expect(
      try a.selecting([.all, .all, .list(list)]).values == expected(Array(0..<4), Array(0..<5), [3, 0, 5]))
    #expect(try a.selecting([.list(list), slice(nil, nil, -2), .at(1)]).shape == [3, 3])
  }

  @Test func masksPickRowsAndNumbers() throws {
    let a = try array()
    let rows = try Tensor.binary(.equal, Tensor([1, 0, 0, 1]), Tensor(1))
    #expect(try a.selecting([.mask(rows)]).values == expected([0, 3], Array(0..<5), Array(0..<6)))
    let columns = try Tensor.binary(.equal, Tensor([0, 1, 0, 0, 1]), Tensor(1))
    #expect(try a.selecting([.all, .mask(columns)]).values == expected(Array(0..<4), [1, 4], Array(0..<6)))
    let all = try Tensor.binary(.greater, a, Tensor(116))
    #expect(try a.selecting([.mask(all)]).values == [117, 118, 119])
    #expect(try a.selecting([.mask(.binary(.less, a, Tensor(0)))]).shape == [0])
    #expect(
      try a.replacing([.mask(rows)], with: Tensor(-1)).sum().scalar
        == (30..<90).reduce(-60) { $0 + Double($1) })
  }

  @Test func writesGoWhereReadsComeFrom() throws {
    let a = try array()
    let rows = try Tensor.binary(.equal, Tensor([1, 0, 0, 1]), Tensor(1))
    let indexes: [[ArrayIndex]] = [
      [slice(nil, nil, -1)], [slice(1, 3), slice(nil, nil, 2), slice(4, 0, -3)], [.all, .at(2)],
      [.list(Tensor([2, 0])), slice(1, 3)], [.mask(rows)],
    ]
    for index in indexes {
      let read = try a.selecting(index)
      let written = try Tensor.zeros(shape).replacing(index, with: read)
      #expect(try written.selecting(index).values == read.values)
      #expect(try written.sum().values == read.sum().values)
      let input = a.stamped(variable: 1)
      let gradient = try gradients(of: input.selecting(index).sum(), withRespectTo: [input])[0]
      #expect(try gradient.values == Tensor.zeros(shape).replacing(index, with: Tensor(1)).values)
    }
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func axesGoInAnyOrder(_ order: [Int]) throws {
    let lengths = [9, 10, 17]
    let strides = [170, 17, 1]
    let a = try Tensor(shape: lengths, values: (0..<1530).map(Double.init))
    let turned = try a.transposed(axes: order)
    let places = order.reduce([0]) { places, axis in
      places.flatMap { place in (0..<lengths[axis]).map { place + $0 * strides[axis] } }
    }
    #expect(turned.shape == order.map { lengths[$0] })
    #expect(turned.values == places.map(Double.init))
  }

  @Test(arguments: [0, 1, 2])
  func sortsAlongAnyAxis(_ axis: Int) throws {
    var stream = RandomStream(seed: 4)
    let a = try Tensor.integers(from: 0, to: 9, shape: shape, using: &stream)
    let sorted = try a.sorted(axis: axis)
    var last = [0, 1, 2]
    last.swapAt(axis, 2)
    let rows = try a.transposed(axes: last).reshaped([-1, shape[axis]])
    let sortedRows = try sorted.transposed(axes: last).reshaped([-1, shape[axis]])
    for row in 0..<rows.shape[0] {
      #expect(try sortedRows.selecting([.at(row)]).values == rows.selecting([.at(row)]).values.sorted())
    }
    // What is recorded is sorted by places.
    #expect(try a.stamped(variable: 1).sorted(axis: axis).values == sorted.values)
  }
}
