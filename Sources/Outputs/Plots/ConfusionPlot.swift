/// How often a network took each class for each other one.
public struct ConfusionPlot: Sendable, Equatable, SizedPlot {
  /// The plot's headline: `solver on xor`.
  public var title: String
  /// The classes' names.
  public var classes: [String]
  /// How often, by the class that the data says and then by the class that the network predicts: classes x
  /// classes, row by row.
  public var counts: [Int]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// How many of the worst pairs are listed, where there are too many classes for a table.
  public var height: Int?

  /// Creates a plot; counts that are missing are zero.
  public init(title: String, classes: [String], counts: [Int]) {
    self.title = title
    self.classes = classes
    let needed = classes.count * classes.count
    self.counts = Array((counts + Array(repeating: 0, count: max(needed - counts.count, 0))).prefix(needed))
  }

  /// Counts pairs of classes; a pair of a class that there is not is left out.
  public init(title: String, classes: [String], pairs: some Sequence<(truth: Int, predicted: Int)>) {
    var counts = [Int](repeating: 0, count: classes.count * classes.count)
    for pair in pairs where classes.indices.contains(pair.truth) && classes.indices.contains(pair.predicted) {
      counts[pair.truth * classes.count + pair.predicted] += 1
    }
    self.init(title: title, classes: classes, counts: counts)
  }

  /// How often the network said `predicted` where the data says `truth`.
  public subscript(truth: Int, predicted: Int) -> Int { counts[truth * classes.count + predicted] }
}
