/// Which elements of an array's row-major order are meant, one after another.
enum Places {
  /// `count` places that follow each other.
  case run(start: Int, count: Int)
  case list([Int])

  /// How many places there are.
  var count: Int {
    switch self {
    case .run(_, let count): count
    case .list(let places): places.count
    }
  }

  /// All the sums of `base` and one number of each table, the last table changing fastest.
  static func sums(of tables: [[Int]], from base: Int) -> [Int] {
    var sums = [base]
    for table in tables {
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

/// What a list of indexes means for an array of a certain shape: which elements, and in which shape.
struct Selection {
  /// The shape of what is selected.
  private(set) var shape: [Int] = []
  /// The elements selected.
  private(set) var places: Places = .run(start: 0, count: 0)

  private let source: [Int]
  private let strides: [Int]
  /// The offsets along each axis of the result, but for the axes that come from lists of places.
  private var tables: [[Int]] = []
  /// Where the axes that come from lists go, once there is a list.
  private var listPosition: Int?
  private var listsAreApart = false
  private var lists: [(axis: Int, places: Tensor)] = []
  private var fixed: [(axis: Int, place: Int)] = []
  private var axis = 0
  /// Whether what is selected follows each other in memory so far, read from the first axis.
  private var run = Run()

  private struct Run {
    var isIntact = true
    var hasVaried = false
  }

  /// Works out the selection.
  ///
  /// - Throws: `index-out-of-range`, `too-many-indexes`, `bad-index`, `shape-mismatch`, `too-large`.
  init(_ indexes: [ArrayIndex], of source: [Int]) throws {
    self.source = source
    strides = source.rowMajorStrides
    try checkCount(of: indexes)
    for index in indexes { try add(index) }
    while axis < source.count { addSlice(start: 0, count: source[axis], step: 1) }
    try finish()
  }

  private func checkCount(of indexes: [ArrayIndex]) throws {
    let used = indexes.reduce(0) { sum, index in
      switch index {
      case .newAxis: sum
      case .mask(let mask): sum + Swift.max(mask.rank, 1)
      case .list(let mask) where mask.isBoolean: sum + Swift.max(mask.rank, 1)
      default: sum + 1
      }
    }
    guard used <= source.count else {
      let axes =
        source.isEmpty ? "a single number has no axes" : "an array of \(source.shapeText) has \(source.count)"
      throw EngineError(
        "too-many-indexes", "There are indexes for \(used) \(used == 1 ? "axis" : "axes"), but \(axes).")
    }
  }

  private mutating func add(_ index: ArrayIndex) throws {
    switch index {
    case .at(let place):
      fixed.append((axis, try Selection.checked(place, axis: axis, of: source)))
      noteList(isList: false)
      run.isIntact = run.isIntact && !run.hasVaried
      axis += 1
    case .slice(let start, let stop, let step):
      let slice = try Selection.slice(start, stop, step ?? 1, length: source[axis])
      addSlice(start: slice.start, count: slice.count, step: step ?? 1)
    case .all: addSlice(start: 0, count: source[axis], step: 1)
    case .newAxis:
      tables.append([0])
      shape.append(1)
    case .mask(let mask): try add(mask: mask)
    case .list(let places) where places.isBoolean: try add(mask: places)
    case .list(let places):
      noteList(isList: true)
      lists.append((axis, places))
      axis += 1
    }
  }

  private mutating func addSlice(start: Int, count: Int, step: Int) {
    let stride = strides[axis]
    let isWhole = step == 1 && count == source[axis]
    run.isIntact = run.isIntact && (isWhole || (step == 1 && !run.hasVaried))
    run.hasVaried = run.hasVaried || count != 1 || source[axis] != 1
    tables.append((0..<count).map { (start + $0 * step) &* stride })
    shape.append(count)
    axis += 1
  }

  private mutating func add(mask: Tensor) throws {
    let end = axis + Swift.max(mask.rank, 1)
    guard mask.rank > 0, mask.shape == Array(source[axis..<end]) else {
      throw EngineError(
        "shape-mismatch",
        "A mask must have the shape of what it picks from: \(Array(source[axis..<end]).shapeText), "
          + "not \(mask.shape.shapeText).")
    }
    noteList(isList: true)
    let values = mask.values
    let chosen = values.indices.filter { values[$0] != 0 }
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
  private mutating func noteList(isList: Bool) {
    let current = tables.count
    if let position = listPosition {
      if position != current { listsAreApart = true }
    } else {
      listPosition = current
    }
    if isList { run.isIntact = false }
  }

  private mutating func finish() throws {
    let base = fixed.reduce(0) { $0 + $1.place * strides[$1.axis] }
    if !lists.isEmpty { try insertLists() }
    let count = try ArraySize.count(of: shape)
    if run.isIntact {
      places = .run(start: base + (count == 0 ? 0 : tables.reduce(0) { $0 + ($1.first ?? 0) }), count: count)
    } else {
      places = .list(count == 0 ? [] : Places.sums(of: tables, from: base))
    }
  }

  private mutating func insertLists() throws {
    var common: [Int] = []
    for list in lists { common = try Tensor.plan(common, list.places.shape, for: "index").shape }
    var offsets = [Int](repeating: 0, count: try ArraySize.count(of: common))
    for list in lists {
      let places = try list.places.detached().broadcast(to: common)
      for (i, value) in places.values.enumerated() {
        let place = try Tensor.wholeNumber(value, for: "An index")
        offsets[i] += try Selection.checked(place, axis: list.axis, of: source) * strides[list.axis]
      }
    }
    let position = listsAreApart ? 0 : listPosition ?? 0
    tables.insert(offsets, at: position)
    shape.insert(contentsOf: common, at: position)
  }

  /// The place counted from the front.
  static func checked(_ place: Int, axis: Int, of shape: [Int]) throws -> Int {
    let length = shape[axis]
    let front = place < 0 ? place &+ length : place
    guard front >= 0, front < length else {
      let valid = length == 0 ? "has no elements" : "has places 0 to \(length - 1) (or -\(length) to -1)"
      throw EngineError(
        "index-out-of-range",
        "Index \(place) is out of range: axis \(axis) of \(shape.shapeText) \(valid).")
    }
    return front
  }

  /// Where a slice of an axis begins and how many places it has, by Python's rules.
  private static func slice(
    _ start: Int?, _ stop: Int?, _ step: Int, length: Int
  ) throws -> (start: Int, count: Int) {
    guard step != 0 else { throw EngineError("bad-index", "The step of a slice cannot be 0.") }
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
