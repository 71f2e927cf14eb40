import Datasets

/// A fold of a notebook's data that the notebook does not get to see, and that its network is measured on at the end.
///
/// Whoever runs the notebook gives its session one: ``Session/heldOut``. From where the notebook makes the data, it has the
/// fold's training rows under its name, and the random numbers are the fold's own; what `split`, `prepare` and `train` do
/// they do with those rows.
public struct HeldOutFold {
  /// The name of the data.
  public let data: String
  /// How its rows are cut.
  public let scheme: FoldScheme
  /// Which of the folds it is, from 0.
  public let place: Int
  /// The rows that were kept aside, and the data that they were kept from; nil until the notebook has made it.
  var cut: (work: FoldWork, testing: Dataset, reference: DataReference)?

  /// Creates a fold.
  public init(of data: String, _ scheme: FoldScheme, place: Int) {
    self.data = data
    self.scheme = scheme
    self.place = place
  }
}
