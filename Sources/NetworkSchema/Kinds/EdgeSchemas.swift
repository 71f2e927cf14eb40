/// Edges between layers, and what becomes of several.
extension KindSchema {
  /// The types of edges that nbs itself has.
  static let standardEdges = [fullEdge, oneEdge, identityEdge, othersEdge, carryEdge]

  /// Every unit with every unit.
  public static let fullEdge = KindSchema("full", "fully connected, with a weight matrix")
  /// The i-th unit with the i-th, by a weight.
  public static let oneEdge = KindSchema("one", "one weight from each unit to the unit at the same position")
  /// The i-th unit with the i-th, unchanged.
  public static let identityEdge = KindSchema("identity", "one to one without weights")

  /// A layer with itself, but for the units themselves.
  public static let othersEdge = KindSchema(
    "others", "a layer with itself at the step before: every unit with all others, by a weight each")
  /// A layer with itself, unchanged.
  public static let carryEdge = KindSchema(
    "carry", "a layer with itself: the weighted sum of the step before is carried on, as in an LSTM's cell")

  /// The ways that nbs itself has of making one input of several edges.
  static let standardMerges = [addMerge, mulMerge, avgMerge, maxMerge, concatMerge]

  /// The sum.
  public static let addMerge = KindSchema("add", "the elementwise sum")
  /// The product.
  public static let mulMerge = KindSchema("mul", "the elementwise product")
  /// The mean.
  public static let avgMerge = KindSchema("avg", "the elementwise mean")
  /// The largest.
  public static let maxMerge = KindSchema("max", "the elementwise maximum")
  /// One after the other.
  public static let concatMerge = KindSchema("concat", "concatenation along the last axis")
}
