public import Notebooks

/// What a run shows, held against a report that was kept: words to the letter, numbers within a tolerance, plots by
/// their axes and captions.
///
/// ```swift
/// let comparison = ReportComparison(expected: old, found: new, notebook: notebook)
/// let cells = comparison.differences.map(\.cell)
/// ```
public struct ReportComparison {
  /// How far numbers may lie from the expected ones, relative to them, where a cell does not say.
  public static let defaultTolerance = 0.0

  /// A place where the two differ.
  public struct Difference: Equatable, Sendable {
    /// The cell of code that it belongs to, counted from 1; 0 for what stands before the first.
    public let cell: Int
    /// The lines in question: `- expected`, `+ found`, and a line before and after that is the same.
    public let lines: [String]
    /// The line of the kept report where they begin to differ, from 1.
    public let line: Int
  }

  /// The places, from the top down; empty when the reports agree.
  public let differences: [Difference]

  /// The version of nbs that made the report which was kept; nil where it is the one that ran, or not known.
  public let otherVersion: String?

  /// Compares two reports in Markdown.
  ///
  /// - Parameters:
  ///   - expected: the report that was kept.
  ///   - found: the report of the run.
  ///   - notebook: the notebook that ran; its cells say how exact numbers are.
  public init(expected: String, found: String, notebook: Notebook) {
    let code = notebook.cells.filter { $0.kind == .code }
    let tolerances = code.map { $0.tolerance ?? ReportComparison.defaultTolerance }
    // The facts at the top come from any of the cells.
    let loosest = tolerances.max() ?? ReportComparison.defaultTolerance
    func tolerance(of block: ReportPage.Block) -> Double {
      block.kind == .facts || !tolerances.indices.contains(block.cell - 1)
        ? loosest : tolerances[block.cell - 1]
    }
    let sources = code.map(\.source)
    let (kept, run) = (ReportPage(expected, sources: []), ReportPage(found, sources: sources))
    otherVersion = kept.version == run.version ? nil : kept.version
    let (old, new) = (kept.blocks, run.blocks)
    let changes = new.difference(from: old) { new, old in
      new.kind == old.kind
        && (new.kind == .code
          ? new.lines == old.lines : old.words.allow(new.words, tolerance: tolerance(of: new)))
    }
    differences = Hunk.all(old, new, changes).map { hunk in
      let (lines, first) = LineDifference.lines(
        hunk.removed.flatMap(\.lines), hunk.inserted.flatMap(\.lines),
        tolerance: hunk.inserted.map(tolerance).max() ?? 0)
      let numbers = hunk.removed.flatMap(\.numbers)
      return Difference(
        cell: hunk.cell, lines: lines, line: numbers.indices.contains(first) ? numbers[first] : hunk.place)
    }
  }
}

extension [ReportWord] {
  func allow(_ found: [ReportWord], tolerance: Double) -> Bool {
    count == found.count && zip(self, found).allSatisfy { $0.allows($1, tolerance: tolerance) }
  }
}

/// Blocks that went and blocks that came in one place.
private struct Hunk {
  var removed: [ReportPage.Block] = []
  var inserted: [ReportPage.Block] = []
  /// The last line before them in the kept report.
  var place = 1

  var cell: Int { inserted.first?.cell ?? removed.first?.cell ?? 0 }

  /// Gathers what belongs together: changes with no block between them that stayed.
  static func all(
    _ old: [ReportPage.Block], _ new: [ReportPage.Block], _ changes: CollectionDifference<ReportPage.Block>
  ) -> [Hunk] {
    let removed = Set(changes.removals.map(\.offset))
    let inserted = Set(changes.insertions.map(\.offset))
    var hunks: [Hunk] = []
    var hunk = Hunk()
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if removed.contains(oldIndex) {
        hunk.removed.append(old[oldIndex])
        oldIndex += 1
      } else if inserted.contains(newIndex) {
        hunk.inserted.append(new[newIndex])
        newIndex += 1
      } else {
        hunks += hunk.parts
        hunk = Hunk(place: old[oldIndex].numbers.last ?? 1)
        oldIndex += 1
        newIndex += 1
      }
    }
    return hunks + hunk.parts
  }

  /// Block for block where as many came as went, so that each is named by its own cell.
  private var parts: [Hunk] {
    if removed.isEmpty, inserted.isEmpty { return [] }
    guard removed.map(\.kind) == inserted.map(\.kind) else { return [self] }
    return zip(removed, inserted).map {
      Hunk(removed: [$0], inserted: [$1], place: $0.numbers.last ?? place)
    }
  }
}

extension CollectionDifference.Change {
  fileprivate var offset: Int {
    switch self {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}

/// The lines of two blocks, set against each other.
private enum LineDifference {
  /// How many lines are shown at most; more only hide the first.
  private static let maximum = 20

  /// The lines to show, and the place among the old ones where the first change is.
  static func lines(
    _ old: [String], _ new: [String], tolerance: Double
  ) -> (shown: [String], first: Int) {
    let changes = new.difference(from: old) { new, old in
      ReportWord.words(of: old).allow(ReportWord.words(of: new), tolerance: tolerance)
    }
    let removed = Set(changes.removals.map(\.offset))
    let inserted = Set(changes.insertions.map(\.offset))
    var lines: [(text: String, isChange: Bool)] = []
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if removed.contains(oldIndex) {
        lines.append(("- " + old[oldIndex], true))
        oldIndex += 1
      } else if inserted.contains(newIndex) {
        lines.append(("+ " + new[newIndex], true))
        newIndex += 1
      } else {
        lines.append(("  " + new[newIndex], false))
        oldIndex += 1
        newIndex += 1
      }
    }
    let first = lines.firstIndex(where: \.isChange) ?? 0
    return (shortened(lines), first)
  }

  /// The changes, with the one line before and after that stayed.
  private static func shortened(_ lines: [(text: String, isChange: Bool)]) -> [String] {
    let shown = lines.indices.filter { index in
      lines[max(0, index - 1)...min(lines.count - 1, index + 1)].contains(where: \.isChange)
    }
    let texts = shown.prefix(maximum).map { lines[$0].text }
    return shown.count > maximum ? texts + ["  and \(shown.count - maximum) lines more"] : texts
  }
}
