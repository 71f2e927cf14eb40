/// Random changes of the rows of a training, images or signals, that leave what they show as it is: a training sees each
/// row a little different in each epoch.
public struct Augmentation: Sendable, Equatable {
  /// Ways of mirroring an image, each with probability 1/2.
  public enum Flip: String, Sendable, CaseIterable {
    /// None.
    case none
    /// Left and right are exchanged.
    case horizontal
    /// Top and bottom are exchanged.
    case vertical
    /// Either, independently of each other.
    case both
  }

  /// What stands where nothing of the row is left.
  public enum Fill: String, Sendable, CaseIterable {
    /// 0 in the data's own units.
    case zero
    /// The nearest value of the row.
    case edge
    /// The row again, from its other end.
    case wrap
  }

  /// The largest number of whole pixels, or steps of a signal, that a row is moved by in either direction.
  public var shift: Int
  /// The largest angle that an image is turned by in either direction, in degrees.
  public var rotate: Double
  /// By how much an image is enlarged or reduced at most, as a fraction of its size below 1.
  public var zoom: Double
  /// How images are mirrored.
  public var flip: Flip
  /// The standard deviation of the Gaussian noise, as a fraction of the range of the inputs.
  public var noise: Double
  /// The side of a square of pixels, or the number of steps of a signal, that are blanked.
  public var cutout: Int
  /// What stands where nothing of the row is left.
  public var fill: Fill

  /// Creates an augmentation; it changes nothing unless told to.
  public init(
    shift: Int = 0, rotate: Double = 0, zoom: Double = 0, flip: Flip = .none, noise: Double = 0,
    cutout: Int = 0, fill: Fill = .zero
  ) {
    self.shift = shift
    self.rotate = rotate
    self.zoom = zoom
    self.flip = flip
    self.noise = noise
    self.cutout = cutout
    self.fill = fill
  }

  /// Whether it changes nothing.
  public var isNone: Bool {
    shift == 0 && rotate == 0 && zoom == 0 && flip == .none && noise == 0 && cutout == 0
  }
}

/// What an augmentation has drawn for a row in an epoch.
struct AugmentationDraw {
  /// By how many pixels the row is moved down and to the right.
  var (down, right) = (0, 0)
  /// The angle that it is turned by, in radians.
  var angle = 0.0
  /// What its size is multiplied by.
  var zoom = 1.0
  var flipsHorizontally = false
  var flipsVertically = false
  /// The middle of the square that is blanked.
  var cut = (row: 0, column: 0)

  init() {}

  /// Draws the same number of times whatever the augmentation is, so that one more option leaves the others' numbers alone.
  init(_ augmentation: Augmentation, height: Int, width: Int, _ random: inout RandomStream) {
    let reach = 2 * augmentation.shift + 1
    let moved = (random.below(reach) - augmentation.shift, random.below(reach) - augmentation.shift)
    // A signal is one row of pixels.
    down = height == 1 ? 0 : moved.0
    right = moved.1
    angle = random.uniform(from: -1, to: 1) * augmentation.rotate * (Double.pi / 180)
    zoom = 1 + random.uniform(from: -1, to: 1) * augmentation.zoom
    flipsHorizontally = random.below(2) == 1 && [.horizontal, .both].contains(augmentation.flip)
    flipsVertically = random.below(2) == 1 && [.vertical, .both].contains(augmentation.flip)
    cut = (random.below(height), random.below(width))
  }
}
