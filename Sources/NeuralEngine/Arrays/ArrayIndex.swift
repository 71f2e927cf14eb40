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

extension ArrayIndex {
  /// Refuses indexes that an array of some shape, which need not be there, does not have.
  ///
  /// - Throws: `index-out-of-range`, `too-many-indexes`, `bad-index`, `shape-mismatch`, `too-large`.
  package static func check(_ indexes: [ArrayIndex], of shape: [Int]) throws {
    _ = try Selection(indexes, of: shape)
  }

  /// The places that a single number or a slice picks along an axis of some length, and the index that picks just these
  /// where they stand alone; nil for other indexes, and for a place that is not there.
  package func places(along length: Int) -> (places: [Int], own: ArrayIndex)? {
    switch self {
    case .at(let place):
      let front = place < 0 ? place &+ length : place
      return (0..<length).contains(front) ? ([front], .at(0)) : nil
    case .slice(let start, let stop, let step):
      let step = step ?? 1
      guard let slice = try? Selection.slice(start, stop, step, length: length) else { return nil }
      // The step to a second place may be past all numbers, where there is none.
      return ((0..<slice.count).map { slice.start + ($0 == 0 ? 0 : $0 * step) }, .all)
    default: return nil
    }
  }
}
