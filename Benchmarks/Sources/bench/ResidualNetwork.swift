/// A residual network on made-up images of 32x32x3: three stages of 16, 32 and 64 channels, each of two blocks, after
/// K. He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, section 4.2. Batch normalisation follows the
/// relu, and a strided convolution without a shortcut leads from stage to stage. `peers/resnet_torch.py` is the same.
enum ResidualNetwork {
  static let batch = 64
  static let steps = 10

  /// The network, its images, and a first epoch in which memory is allocated.
  static var preparation: String {
    var lines = [
      "net residual loss=crossentropy optimizer=sgd rate=0.01",
      "layer image input 32x32x3",
    ]
    var last = "image"
    for (index, channels) in [16, 32, 64].enumerated() {
      lines += stage(index + 1, channels: channels, stride: index == 0 ? 1 : 2, after: last)
      last = "sum\(index + 1)_2"
    }
    lines += [
      "layer mean globalavgpool",
      "layer class dense 10 softmax",
      "connect \(last) -> mean -> class",
      "data pictures = randn(\(batch * steps), 3072) -> onehot(floor(10 * rand(\(batch * steps))), 10)",
      training,
    ]
    return lines.joined(separator: "\n")
  }

  static let training = "train pictures batch=\(batch) epochs=1"

  private static func stage(_ stage: Int, channels: Int, stride: Int, after last: String) -> [String] {
    let start = [
      "layer conv\(stage) conv2d \(channels) 3x3 relu stride=\(stride) padding=same bias=false",
      "layer norm\(stage) batchnorm",
      "connect \(last) -> conv\(stage) -> norm\(stage)",
    ]
    return start
      + block("\(stage)_1", channels: channels, after: "norm\(stage)")
      + block("\(stage)_2", channels: channels, after: "sum\(stage)_1")
  }

  /// Two convolutions and the way around them; both meet in the normalisation `sum…`.
  private static func block(_ name: String, channels: Int, after last: String) -> [String] {
    [
      "layer first\(name) conv2d \(channels) 3x3 relu padding=same bias=false",
      "layer norm\(name) batchnorm",
      "layer second\(name) conv2d \(channels) 3x3 relu padding=same bias=false",
      "layer sum\(name) batchnorm",
      "connect \(last) -> first\(name) -> norm\(name) -> second\(name)",
      "connect {\(last) second\(name)} -> sum\(name) merge=add",
    ]
  }
}
