/// One of the indexes between the brackets of `a[…]`.
public enum ArrayIndex {
  /// One place along an axis, counted from the end if negative; the axis goes away.
  case at(Int)
  /// Every `step`-th place from `start` up to but not including `stop`, as Python slices.
  case slice(start: Int?, stop: Int?, step: Int?)
  /// The places where an array of truth values is true.
  case mask(Tensor)
  /// The places listed, in the shape of the list.
  case list(Tensor)
  /// The whole axis.
  case all
  /// A new axis of length 1.
  case newAxis

  /// The index that a value of the language stands for: truth values are a mask, a single number is a place,
  /// any other array lists places.
  ///
  /// - Throws: `not-whole` for a single number that is a fraction.
  public init(_ tensor: Tensor) throws {
    if tensor.isBoolean {
      self = .mask(tensor)
    } else if tensor.rank == 0 {
      self = .at(try Tensor.wholeNumber(tensor.number(at: 0), for: "An index"))
    } else {
      self = .list(tensor)
    }
  }

  /// The truth values that pick places, if these do.
  var mask: Tensor? {
    switch self {
    case .mask(let mask): mask
    case .list(let list) where list.isBoolean: list
    default: nil
    }
  }
}
