internal import CKernels
internal import Foundations

/// Which elements of an array's row-major order are meant, one after another.
enum Places {
  /// `count` places that follow each other.
  case run(start: Int, count: Int)
  /// Places in steps along axes; no place comes twice.
  case layout(Layout)
  /// Runs of `width` places each, by where they start; a place may come more than once.
  case list(PlaceList, width: Int)
  /// Runs of `width` places, one for each element of a mask; those are meant whose element is true, `total` of them.
  case mask(Tensor, total: Int, width: Int)

  /// How many places there are.
  var count: Int {
    switch self {
    case .run(_, let count): count
    case .layout(let layout): layout.count
    case .list(let starts, let width): starts.count * width
    case .mask(_, let total, let width): total * width
    }
  }

  /// All the sums of `base` and one number of each table, the last table changing fastest.
  static func sums(of tables: [[Int]], from base: Int) -> [Int] {
    guard let first = tables.first else { return [base] }
    var sums = base == 0 ? first : first.map { base &+ $0 }
    for table in tables.dropFirst() {
      var next: [Int] = []
      next.reserveCapacity(sums.count &* table.count)
      for sum in sums {
        for offset in table { next.append(sum &+ offset) }
      }
      sums = next
    }
    return sums
  }
}

/// A list of places, in memory as that of large arrays.
struct PlaceList {
  private let block: NumberBlock
  let count: Int

  /// Creates a list of `count` places that `fill` writes, all of them.
  init(count: Int, fill: (UnsafeMutablePointer<Int>) throws -> Void) rethrows {
    block = NumberBlock(count: count)
    self.count = count
    try fill(UnsafeMutableRawPointer(block.pointer).bindMemory(to: Int.self, capacity: count))
  }

  init(_ places: [Int]) {
    self.init(count: places.count) { list in
      for (i, place) in places.enumerated() { list[i] = place }
    }
  }

  func withPlaces<Result>(_ body: (UnsafePointer<Int>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(block) {
      try body(UnsafeRawPointer(block.pointer).assumingMemoryBound(to: Int.self))
    }
  }

  var array: [Int] { withPlaces { Array(UnsafeBufferPointer(start: $0, count: count)) } }
}

/// Places along axes: the sum of where they start and, for each axis, a number below its length times its stride.
struct Layout {
  var start: Int
  var lengths: [Int]
  var strides: [Int]

  /// How many places there are.
  var count: Int { lengths.elementCount }

  /// Whether the places follow each other.
  var isRun: Bool {
    var next = 1
    for axis in lengths.indices.reversed() where lengths[axis] != 1 {
      if strides[axis] != next { return false }
      next *= lengths[axis]
    }
    return true
  }
}

/// What a list of indexes means for an array of a certain shape: which elements, and in which shape.
struct Selection {
  /// The shape of what is selected.
  private(set) var shape: [Int] = []
  /// The elements selected.
  private(set) var places: Places = .run(start: 0, count: 0)

  private let source: [Int]
  private let strides: [Int]
  /// What is selected along each axis of the result, but for the axes that come from lists of places.
  private var axes: [Axis] = []
  /// Where the axes that come from lists go, once there is a list.
  private var listPosition: Int?
  private var listsAreApart = false
  private var lists: [(axis: Int, places: Tensor)] = []
  private var fixed: [(axis: Int, place: Int)] = []
  private var axis = 0

  private enum Axis {
    /// `count` places, `stride` apart in memory.
    case slice(start: Int, count: Int, stride: Int)
    /// Places by their offsets in memory.
    case list(PlaceList)

    var offsets: [Int] {
      switch self {
      case .slice(let start, let count, let stride): (0..<count).map { start + $0 * stride }
      case .list(let offsets): offsets.array
      }
    }
  }

  /// Works out the selection.
  ///
  /// - Throws: `index-out-of-range`, `too-many-indexes`, `bad-index`, `shape-mismatch`, `too-large`.
  init(_ indexes: [ArrayIndex], of source: [Int]) throws {
    self.source = source
    strides = source.rowMajorStrides
    try checkCount(of: indexes)
    if indexes.count == 1, let mask = indexes[0].mask, selectRows(of: mask) { return }
    for index in indexes { try add(index) }
    while axis < source.count { addSlice(start: 0, count: source[axis], step: 1) }
    try finish()
  }

  /// A mask of the first axes alone, the commonest of them, needs no list of places.
  private mutating func selectRows(of mask: Tensor) -> Bool {
    guard mask.rank > 0, mask.shape == Array(source.prefix(mask.rank)) else { return false }
    let total = mask.withNumbers { Kernels64.arrays.count_true($0, mask.count) }
    let row = source.dropFirst(mask.rank)
    shape = [total] + row
    places = .mask(mask, total: total, width: row.reduce(1, *))
    return true
  }

  private func checkCount(of indexes: [ArrayIndex]) throws {
    let used = indexes.reduce(0) { sum, index in
      if let mask = index.mask { return sum + Swift.max(mask.rank, 1) }
      if case .newAxis = index { return sum }
      return sum + 1
    }
    guard used <= source.count else {
      let axes =
        source.isEmpty ? "a single number has no axes" : "an array of \(source.shapeText) has \(source.count)"
      throw CodedError(
        .tooManyIndexes, "There are indexes for \(used) \(used == 1 ? "axis" : "axes"), but \(axes).")
    }
  }

  private mutating func add(_ index: ArrayIndex) throws {
    switch index {
    case .at(let place):
      fixed.append((axis, try Selection.checked(place, axis: axis, of: source)))
      noteList()
      axis += 1
    case .slice(let start, let stop, let step):
      let slice = try Selection.slice(start, stop, step ?? 1, length: source[axis])
      addSlice(start: slice.start, count: slice.count, step: step ?? 1)
    case .all: addSlice(start: 0, count: source[axis], step: 1)
    case .newAxis:
      axes.append(.slice(start: 0, count: 1, stride: 1))
      shape.append(1)
    case .mask(let mask): try add(mask: mask)
    case .list(let places) where places.isBoolean: try add(mask: places)
    case .list(let places):
      noteList()
      lists.append((axis, places))
      axis += 1
    }
  }

  private mutating func addSlice(start: Int, count: Int, step: Int) {
    let stride = strides[axis]
    // The step to a second place may be past all numbers, where there is none.
    axes.append(.slice(start: start * stride, count: count, stride: count > 1 ? step * stride : 1))
    shape.append(count)
    axis += 1
  }

  private mutating func add(mask: Tensor) throws {
    let end = axis + Swift.max(mask.rank, 1)
    guard mask.rank > 0, mask.shape == Array(source[axis..<end]) else {
      throw CodedError(
        .shapeMismatch,
        "A mask must have the shape of what it selects from: \(Array(source[axis..<end]).shapeText), "
          + "not \(mask.shape.shapeText).")
    }
    noteList()
    let total = mask.withNumbers { Kernels64.arrays.count_true($0, mask.count) }
    let chosen = [Int](unsafeUninitializedCapacity: total) { places, filled in
      mask.withNumbers { Kernels64.arrays.true_places($0, total, places.baseAddress) }
      filled = total
    }
    let maskShape = mask.shape
    let maskStrides = maskShape.rowMajorStrides
    for maskAxis in 0..<mask.rank {
      let places = chosen.map { Double($0 / maskStrides[maskAxis] % maskShape[maskAxis]) }
      lists.append((axis + maskAxis, Tensor(places)))
    }
    axis = end
  }

  /// Places given one by one act together, as NumPy's advanced indexing: their common axes stand where the
  /// first of them stood, or come first if a slice stands between them.
  private mutating func noteList() {
    let current = axes.count
    if let position = listPosition {
      if position != current { listsAreApart = true }
    } else {
      listPosition = current
    }
  }

  private mutating func finish() throws {
    var base = fixed.reduce(0) { $0 + $1.place * strides[$1.axis] }
    if !lists.isEmpty { try insertLists() }
    let count = try ArraySize.count(of: shape)
    if count == 0 {
      places = .run(start: 0, count: 0)
    } else if lists.isEmpty {
      places = slices(from: base)
    } else {
      let width = takeRuns(&base)
      if base == 0, axes.count == 1, case .list(let offsets) = axes[0] {
        places = .list(offsets, width: width)
      } else {
        places = .list(PlaceList(Places.sums(of: axes.map(\.offsets), from: base)), width: width)
      }
    }
  }

  private func slices(from base: Int) -> Places {
    var layout = Layout(start: base, lengths: [], strides: [])
    for case .slice(let start, let count, let stride) in axes {
      layout.start += start
      layout.lengths.append(count)
      layout.strides.append(stride)
    }
    return layout.isRun ? .run(start: layout.start, count: layout.count) : .layout(layout)
  }

  /// Takes away the last axes, those whose places follow each other; gives how many places they are.
  private mutating func takeRuns(_ base: inout Int) -> Int {
    var width = 1
    while case .slice(let start, let count, let stride) = axes.last, count == 1 || stride == width {
      base += start
      width *= count
      axes.removeLast()
    }
    return width
  }

  private mutating func insertLists() throws {
    var common: [Int] = []
    for list in lists { common = try Tensor.plan(common, list.places.shape, for: "index").shape }
    let count = try ArraySize.room(for: common)
    let offsets = try PlaceList(count: count) { offsets in
      for (number, list) in lists.enumerated() {
        let (length, stride) = (source[list.axis], strides[list.axis])
        try list.places.detached().broadcast(to: common).withNumbers { indexes in
          let bad = Selection.find(
            indexes, count, length: length, stride: stride, in: offsets, accumulating: number > 0)
          guard bad < count else { return }
          let place = try Tensor.wholeNumber(indexes[bad], for: "An index")
          _ = try Selection.checked(place, axis: list.axis, of: source)
        }
      }
    }
    let position = listsAreApart ? 0 : listPosition ?? 0
    axes.insert(.list(offsets), at: position)
    shape.insert(contentsOf: common, at: position)
  }

  /// Writes the offsets that indexes along an axis mean, or adds them to what is there.
  ///
  /// - Returns: where the first index stands that is no place, or the number of all.
  private static func find(
    _ indexes: UnsafePointer<Double>, _ count: Int, length: Int, stride: Int,
    in offsets: UnsafeMutablePointer<Int>, accumulating: Bool
  ) -> Int {
    let pieces = Pieces.count(of: count)
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: pieces) { stops in
      Pieces.forEach(of: count, in: pieces) { piece, range in
        let start = range.lowerBound
        let stop = Kernels64.arrays.find_places(
          indexes + start, range.count, length, stride, offsets + start, accumulating)
        stops[piece] = stop < range.count ? start + stop : count
      }
      return stops.min() ?? count
    }
  }

  /// The place counted from the front.
  static func checked(_ place: Int, axis: Int, of shape: [Int]) throws -> Int {
    let length = shape[axis]
    let front = place < 0 ? place &+ length : place
    guard front >= 0, front < length else {
      let valid = length == 0 ? "has no elements" : "has indexes 0 to \(length - 1) (or -\(length) to -1)"
      throw CodedError(
        .indexOutOfRange,
        "Index \(place) is out of range: axis \(axis) of \(shape.shapeText) \(valid).")
    }
    return front
  }

  /// Where a slice of an axis begins and how many places it has, by Python's rules.
  static func slice(
    _ start: Int?, _ stop: Int?, _ step: Int, length: Int
  ) throws -> (start: Int, count: Int) {
    guard step != 0 else { throw CodedError(.badIndex, "The step of a slice cannot be 0.") }
    let range = step > 0 ? (low: 0, high: length) : (low: -1, high: length - 1)
    func clamped(_ place: Int) -> Int {
      Swift.min(Swift.max(place < 0 ? place &+ length : place, range.low), range.high)
    }
    let first = start.map(clamped) ?? (step > 0 ? 0 : length - 1)
    let last = stop.map(clamped) ?? (step > 0 ? length : -1)
    let distance = step > 0 ? last - first : first - last
    guard distance > 0 else { return (0, 0) }
    return (first, (distance - 1) / Int(clamping: step.magnitude) + 1)
  }
}
