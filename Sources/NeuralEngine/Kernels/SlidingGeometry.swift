/// A window sliding over an array of channels last, as numbers: always three axes, those that an image or a signal
/// does not have being 1 long.
struct SlidingGeometry: Equatable {
  let input: SIMD3<Int>
  let output: SIMD3<Int>
  let window: SIMD3<Int>
  let stride: SIMD3<Int>
  let dilation: SIMD3<Int>
  /// How many zeros stand before each axis, and after it.
  let before: SIMD3<Int>
  let after: SIMD3<Int>
  let channels: Int

  /// - Parameter shape: the input's, with the channels last and one to three axes before them.
  init(_ window: Window, over shape: [Int]) {
    let rank = shape.count - 1
    func axes(_ value: (Int) -> Int, _ rest: Int) -> SIMD3<Int> {
      var axes = SIMD3(repeating: rest)
      for axis in 0..<rank { axes[3 - rank + axis] = value(axis) }
      return axes
    }
    input = axes({ shape[$0] }, 1)
    output = axes({ window.steps($0, over: shape[$0]) }, 1)
    self.window = axes({ window.size[$0] }, 1)
    stride = axes({ window.stride[$0] }, 1)
    dilation = axes({ window.dilation[$0] }, 1)
    before = axes({ window.margins($0, over: shape[$0]).before }, 0)
    after = axes({ window.margins($0, over: shape[$0]).after }, 0)
    channels = shape[rank]
  }

  /// How many places of the output there are.
  var positions: Int { output[0] * output[1] * output[2] }
  /// How many places a window has.
  var places: Int { window[0] * window[1] * window[2] }
  /// How many numbers a row of the input has.
  var inputCount: Int { input[0] * input[1] * input[2] * channels }

  /// Calls `visit` for each place of a window that lies inside the input: the number of the position in the output,
  /// of the place in the window, and of the place in the input.
  @inline(__always)
  func forEachPlace(_ visit: (_ position: Int, _ place: Int, _ source: Int) -> Void) {
    var position = 0
    for z in 0..<output[0] {
      for y in 0..<output[1] {
        for x in 0..<output[2] {
          forEachPlace(z, y, x) { visit(position, $0, $1) }
          position += 1
        }
      }
    }
  }

  /// The places of one window: their numbers in the window and in the input.
  @inline(__always)
  func forEachPlace(_ z: Int, _ y: Int, _ x: Int, _ visit: (_ place: Int, _ source: Int) -> Void) {
    for a in 0..<window[0] {
      let depth = z * stride[0] + a * dilation[0] - before[0]
      guard depth >= 0, depth < input[0] else { continue }
      for b in 0..<window[1] {
        let row = y * stride[1] + b * dilation[1] - before[1]
        guard row >= 0, row < input[1] else { continue }
        for c in 0..<window[2] {
          let column = x * stride[2] + c * dilation[2] - before[2]
          guard column >= 0, column < input[2] else { continue }
          visit(
            (a * window[1] + b) * window[2] + c, (depth * input[1] + row) * input[2] + column)
        }
      }
    }
  }
}
