/// Edges between layers, and what becomes of several.
extension KindSchema {
  /// The types of edges that nbs itself has.
  static let standardEdges = [fullEdge, oneEdge, identityEdge]

  /// Every unit with every unit.
  public static let fullEdge = KindSchema("full", "every unit with every unit, by a matrix of weights")
  /// The i-th unit with the i-th, by a weight.
  public static let oneEdge = KindSchema("one", "the i-th unit with the i-th, by a weight each")
  /// The i-th unit with the i-th, unchanged.
  public static let identityEdge = KindSchema("identity", "the i-th unit with the i-th, unchanged")

  /// The ways that nbs itself has of making one input of several edges.
  static let standardMerges = [addMerge, mulMerge, avgMerge, maxMerge, concatMerge]

  /// The sum.
  public static let addMerge = KindSchema("add", "the sum")
  /// The product.
  public static let mulMerge = KindSchema("mul", "the product, number by number")
  /// The mean.
  public static let avgMerge = KindSchema("avg", "the mean")
  /// The largest.
  public static let maxMerge = KindSchema("max", "the largest, number by number")
  /// One after the other.
  public static let concatMerge = KindSchema("concat", "one after the other along the last axis")
}
