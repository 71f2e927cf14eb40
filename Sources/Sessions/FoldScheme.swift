import Datasets
import Diagnostics
import Foundations
import Language
import NeuralEngine

/// How a cross-validation cuts rows: `folds=5 repeats=2 by=patient`.
public struct FoldScheme: Sendable, Equatable {
  /// How many folds the rows are cut into, 2 or more.
  public let folds: Int
  /// How many times they are, each time otherwise; an order in time is cut once.
  public let repeats: Int
  /// The column whose equal values stay in one fold; nil for rows that have nothing to do with each other.
  public let group: String?
  /// Whether each fold is tested on after training with the rows before it.
  public let isOrdered: Bool
  /// Whether each fold has its share of every class; nil where it has if there are classes.
  public let isStratified: Bool?

  /// Creates a scheme.
  public init(
    folds: Int = 5, repeats: Int = 1, by group: String? = nil, isOrdered: Bool = false,
    isStratified: Bool? = nil
  ) {
    self.folds = folds
    self.repeats = repeats
    self.group = group
    self.isOrdered = isOrdered
    self.isStratified = isStratified
  }

  /// How many folds there are in all.
  public var count: Int { isOrdered && group == nil ? folds : folds * repeats }

  /// Why its options do not go together, as a cell or the command line spells them; nil where they do.
  public func conflict(onCommandLine: Bool = false) -> String? {
    func option(_ cell: String, _ flag: String) -> String { onCommandLine ? flag : cell }
    let (by, order) = (option("by=", "--by"), option("ordered=true", "--ordered"))
    if group != nil, isOrdered { return "\(by) and \(order) cannot be combined. Keep one of them." }
    guard group != nil || isOrdered, isStratified == true else { return nil }
    return
      "\(option("stratify=true", "--stratify")) deals classes out, and \(isOrdered ? order : by) says which rows are in a fold. Keep one of them."
  }

  /// Cuts rows, all of them before anything is trained, so that every network is tested on the same folds.
  ///
  /// - Parameter tellsClasses: whether classes are told apart, which every fold is then to have its share of.
  /// - Throws: `bad-option`, `unknown-column`, `too-few-rows` or `no-classes`.
  func work(on set: Dataset, tellsClasses: Bool, random: inout RandomStream) throws(CodedError) -> [FoldWork]
  {
    let cuts = try cuts(of: set, tellsClasses: tellsClasses, random: &random)
    return try (0..<count).map { place throws(CodedError) in
      let fold = try cuts[place / folds].fold(place % folds)
      return FoldWork(place: place + 1, fold: fold, random: RandomStream(seed: random.next()))
    }
  }

  /// The same for one fold of all. To list the rows of each would take time with the square of the folds where each has a
  /// session of its own.
  ///
  /// - Parameter place: which of the folds, from 0.
  func work(on set: Dataset, at place: Int, tellsClasses: Bool, random: inout RandomStream) throws(CodedError)
    -> FoldWork
  {
    let cuts = try cuts(of: set, tellsClasses: tellsClasses, random: &random)
    for _ in 0..<place { _ = random.next() }
    let fold = try cuts[place / folds].fold(place % folds)
    return FoldWork(place: place + 1, fold: fold, random: RandomStream(seed: random.next()))
  }

  private func cuts(of set: Dataset, tellsClasses: Bool, random: inout RandomStream) throws(CodedError)
    -> [FoldCut]
  {
    let kind = try kind(of: set, tellsClasses: tellsClasses)
    var cuts: [FoldCut] = []
    for _ in 0..<count / max(1, folds) {
      cuts.append(try set.foldCut(folds, kind, random: &random, shuffles: true))
    }
    return cuts
  }

  private func kind(of set: Dataset, tellsClasses: Bool) throws(CodedError) -> FoldKind {
    if let conflict = conflict() { throw CodedError(.badOption, conflict) }
    if let group {
      return .grouped(try set.groups(by: group))
    }
    if isOrdered { return .ordered }
    return isStratified ?? (set.hasStrata && tellsClasses) ? .stratified : .plain
  }
}

/// A fold to train and test on. It has random numbers of its own, so that it comes to the same whatever came before it,
/// and whoever trains it.
struct FoldWork {
  /// Its place in the table, from 1.
  let place: Int
  let fold: Fold
  let random: RandomStream
}

extension Dataset {
  /// The group of each row: what it has in an input column, or in one that was dropped, which is often what a group is told by.
  ///
  /// - Throws: `unknown-column`.
  fileprivate func groups(by name: String) throws(CodedError) -> [Double] {
    if isByStep(column: name) { throw columnOfSteps(name) }
    let names = inputColumns.map(\.name) + labelColumns.map(\.name)
    if let place = DataSchema.place(of: name, among: names) {
      let inputs = inputColumns.count
      return place < inputs ? groups(byInput: place) : groups(byTextsOf: labelColumns[place - inputs])
    }
    let nearest = DidYouMean.nearest(to: name, among: names)
    throw CodedError(
      .unknownColumn,
      "`\(self.name)` has no column `\(name)` that its rows could be grouped by. "
        + (DidYouMean.question(nearest) ?? "It has \(names.prefix(20).joined(separator: ", "))."),
      suggestion: nearest)
  }

  /// A number for each text: in the order of the numbers that they are, or else of the texts. Long numbers that differ only
  /// behind what a `Double` holds are groups of their own.
  private func groups(byTextsOf column: LabelColumn) -> [Double] {
    let texts = column.texts.map { String($0) }
    var distinct = Set(texts).sorted()
    let numbers = distinct.map { Double($0) ?? .nan }
    if numbers.allSatisfy(\.isFinite) {
      // Equal numbers stay in the order of their texts.
      distinct = distinct.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }.map { distinct[$0] }
    }
    let places = Dictionary(zip(distinct, 0...)) { first, _ in first }
    return texts.map { Double(places[$0] ?? 0) }
  }

  private func groups(byInput column: Int) -> [Double] {
    let start = inputColumns[..<column].reduce(0) { $0 + $1.width }
    let width = inputColumns[column].width
    return (0..<rows).map { row in
      let values = inputs(ofRow: row)
      let own = values[values.startIndex + start..<values.startIndex + start + width]
      return width == 1
        ? own.first ?? 0 : Double(own.firstIndex(of: 1) ?? own.startIndex) - Double(own.startIndex)
    }
  }
}
