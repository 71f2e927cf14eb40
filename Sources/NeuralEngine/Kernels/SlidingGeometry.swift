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

  /// Whether only a sliver of a window can lie inside the input. oneDNN goes through all of it, for minutes where it
  /// reaches over millions of places; the Swift kernels go through what lies inside.
  var reachesFarBeyond: Bool {
    (0..<3).contains { (window[$0] - 1) * dilation[$0] > 64 * input[$0] }
  }

  /// Calls `visit` for each place of a window that lies inside the input: the number of the position in the output,
  /// of the place in the window, and of the place in the input.
  @inline(__always)
  func forEachPlace(_ visit: (_ position: Int, _ place: Int, _ source: Int) -> Void) {
    forEachPlace(of: 0..<positions, visit)
  }

  /// The same for some of the positions.
  @inline(__always)
  func forEachPlace(
    of positions: Range<Int>, _ visit: (_ position: Int, _ place: Int, _ source: Int) -> Void
  ) {
    for position in positions {
      let (line, x) = position.quotientAndRemainder(dividingBy: output[2])
      let (z, y) = line.quotientAndRemainder(dividingBy: output[1])
      let (depths, rows, columns) = (inside(0, at: z), inside(1, at: y), inside(2, at: x))
      for a in depths {
        let depth = z * stride[0] + a * dilation[0] - before[0]
        for b in rows {
          let row = y * stride[1] + b * dilation[1] - before[1]
          for c in columns {
            let column = x * stride[2] + c * dilation[2] - before[2]
            visit(
              position, (a * window[1] + b) * window[2] + c, (depth * input[1] + row) * input[2] + column)
          }
        }
      }
    }
  }

  /// Which places of a window lie inside the input along an axis.
  @inline(__always)
  private func inside(_ axis: Int, at position: Int) -> Range<Int> {
    let start = position * stride[axis] - before[axis]
    let first = start < 0 ? (dilation[axis] - 1 - start) / dilation[axis] : 0
    let room = input[axis] - start
    let end = room > 0 ? min(window[axis], (room - 1) / dilation[axis] + 1) : 0
    return first..<max(first, end)
  }
}
