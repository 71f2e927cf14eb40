import ModelFiles
import NeuralEngine

/// A window of a model as one of ours, whose padding is `valid` or TensorFlow's `same`.
///
/// PyTorch pads both sides alike, where `same` at stride 2 may pad one side more. A filter with zeros at its edges then
/// looks at the same places: 3 wide with one zero before a signal of 8 at stride 2 is 4 wide with a zero behind.
struct ONNXFit {
  /// The window.
  let window: Window
  /// How many zeros the filters get before and behind, for each axis.
  private let before: [Int]
  private let size: [Int]

  /// Whether the window is the model's own.
  var isExact: Bool { window.size == size }

  init?(_ frame: ONNXWindow) {
    size = frame.size
    func made(_ size: [Int], _ padding: Padding) -> Window {
      Window(size, stride: frame.stride, dilation: frame.dilation, padding: padding)
    }
    let axes = frame.input.indices
    let valid = axes.allSatisfy { axis in
      frame.before[axis] == 0
        && frame.output[axis] == (frame.input[axis] - ((frame.size[axis] - 1) * frame.dilation[axis] + 1))
          / frame.stride[axis] + 1
    }
    if valid {
      window = made(frame.size, .valid)
      before = axes.map { _ in 0 }
      return
    }
    var sizes: [Int] = []
    var shifts: [Int] = []
    for axis in axes {
      guard frame.output[axis] == (frame.input[axis] + frame.stride[axis] - 1) / frame.stride[axis] else {
        return nil
      }
      // The least filter with zeros that stands where the model's does.
      let limit = min(frame.size[axis] * 2 + 2, 100)
      let choice = (0...limit).lazy.flatMap { more in (0...more).lazy.map { (more, $0) } }.first {
        more, shift in
        let reach = (frame.size[axis] + more - 1) * frame.dilation[axis] + 1
        let needed = max(0, (frame.output[axis] - 1) * frame.stride[axis] + reach - frame.input[axis])
        return needed / 2 == frame.before[axis] + shift * frame.dilation[axis]
      }
      guard let choice else { return nil }
      sizes.append(frame.size[axis] + choice.0)
      shifts.append(choice.1)
    }
    window = made(sizes, .same)
    before = shifts
  }

  /// The filters, of filters x channels x window, with the zeros.
  func widened(_ kernel: ONNXTensor) -> ONNXTensor {
    if isExact { return kernel }
    let shape = Array(kernel.shape[..<2]) + window.size
    var result = ONNXTensor(shape, [Double](repeating: 0, count: shape.reduce(1, *)))
    let steps = strides(shape)
    let start = before.indices.reduce(0) { $0 + steps[$1 + 2] * before[$1] }
    for (place, target) in offsets(kernel.shape, steps, from: start).enumerated() {
      result.values[target] = kernel.values[place]
    }
    return result
  }
}
