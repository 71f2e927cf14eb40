/// How many numbers lie between neighbours along each axis of an array in row order.
package func strides(_ shape: [Int]) -> [Int] {
  var result = [Int](repeating: 1, count: shape.count)
  for axis in stride(from: shape.count - 2, through: 0, by: -1) {
    result[axis] = result[axis + 1] * shape[axis + 1]
  }
  return result
}

/// Goes through all places of a shape in row order, and gives each the sum of its coordinates times the steps.
package func offsets(_ shape: [Int], _ steps: [Int], from start: Int = 0) -> [Int] {
  let count = shape.reduce(1, *)
  guard count > 0 else { return [] }
  var result = [Int](repeating: 0, count: count)
  var place = [Int](repeating: 0, count: shape.count)
  var offset = start
  for index in 0..<count {
    result[index] = offset
    var axis = shape.count - 1
    while axis >= 0 {
      place[axis] += 1
      offset += steps[axis]
      if place[axis] < shape[axis] { break }
      offset -= steps[axis] * shape[axis]
      place[axis] = 0
      axis -= 1
    }
  }
  return result
}
