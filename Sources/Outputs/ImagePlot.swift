/// Pictures side by side: a sheet of samples, or one of them large.
public struct ImagePlot: Sendable, Equatable {
  /// One picture of grey values.
  public struct Image: Sendable, Equatable {
    /// What stands under it: `ankle boot`.
    public var label: String
    /// How many rows of pixels it has.
    public var height: Int
    /// How many columns of pixels it has.
    public var width: Int
    /// The grey values, row by row from the top; ``ImagePlot/range`` says what is black and what is white.
    public var pixels: [Double]

    /// Creates a picture; `pixels` must have `height` x `width` values.
    public init(label: String, height: Int, width: Int, pixels: [Double]) {
      self.label = label
      self.height = height
      self.width = width
      self.pixels = pixels
    }
  }

  /// The plot's headline: `digits`.
  public var title: String
  /// The pictures, from the left.
  public var images: [Image]
  /// The values that are drawn as nothing and as full.
  public var range: ClosedRange<Double>
  /// More to say below: what a network makes of the picture.
  public var notes: [String]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of a picture in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot of pictures.
  public init(title: String, images: [Image], range: ClosedRange<Double>, notes: [String] = []) {
    self.title = title
    self.images = images
    self.range = range
    self.notes = notes
  }
}
