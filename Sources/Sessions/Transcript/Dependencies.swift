public import Language

/// What the cells of a transcript have to do with each other: which of them show what no longer holds, and
/// whether the page gives its results when it is run from the top.
///
/// A name that a cell defines begins a lineage, and what changes it where it stands, as `W -= 0.1 * g` and `train` do,
/// goes on with it. Only a new lineage makes what was computed from the old one stale. A definition that computes
/// a name from the same lineages again, after one of them has moved on, is no new one: in `L = W ^ 2` behind
/// `W -= 0.1 * g` nothing but `W` has changed, and that by itself.
///
/// ```swift
/// let transcript = Transcript(session: Session())
/// for cell in ["a = 1", "b = 2 * a", "a = 5"] { _ = transcript.run(cell) { _ in } }
/// let stale = Dependencies(transcript.entries).stale.map(\.number)  // 2
/// ```
public struct Dependencies {
  /// A cell that no longer holds, and why.
  public struct Stale: Sendable, Equatable {
    /// The cell's number.
    public let number: Int
    /// What it was made from.
    public let resource: CellEffects.Resource
    /// The cell that has given that another value since, or is itself stale.
    public let cause: Int
    /// The stale cells that it was made from.
    public let origins: Set<Int>
    /// Why running it again cannot bring it up to date; nil where it can.
    public fileprivate(set) var obstacle: String?
    /// What it changes where it stands, so that running it again goes on from there.
    public let moves: [CellEffects.Resource]
  }

  /// The stale cells, in order.
  public let stale: [Stale]
  /// Why running it from the start would not give the same; empty when it would.
  public let differences: [String]

  /// Looks at a transcript.
  public init(_ entries: [Transcript.Entry]) {
    var lineages = Lineages()
    let readings = entries.map { entry in
      defer { lineages.note(entry, at: entry.number) }
      return Reading(entry.effects.reads, in: lineages)
    }
    stale = lineages.findingObstacles(in: Dependencies.stale(entries, readings, lineages), entries)
    differences = Dependencies.differences(entries, readings)
  }

  /// What a cell found when it ran.
  private struct Reading {
    /// Who had defined what it read.
    let definers: [CellEffects.Resource: Int]
    /// Who had last changed it.
    let writers: [CellEffects.Resource: Int]

    init(_ reads: Set<CellEffects.Resource>, in lineages: Lineages) {
      definers = lineages.definers.filter { reads.contains($0.key) }
      writers = lineages.writers.filter { reads.contains($0.key) }
    }
  }

  private static func stale(
    _ entries: [Transcript.Entry], _ readings: [Reading], _ lineages: Lineages
  ) -> [Stale] {
    let last = Dictionary(
      entries.filter(\.outcome.hasRun).map { ($0.source, $0.number) }, uniquingKeysWith: max)
    var stale: [Int: Stale] = [:]
    for (entry, reading) in zip(entries, readings)
    where entry.outcome.hasRun && entry.repeatedBy == nil && entry.number == last[entry.source] {
      let causes = entry.effects.reads.sorted().compactMap { resource -> (CellEffects.Resource, Int, Bool)? in
        guard resource != .random else { return nil }
        if let now = lineages.definers[resource], now > entry.number, now != reading.definers[resource] {
          return (resource, now, false)
        }
        // Who changes a value goes on from what it is; who reads it shows what it was.
        let isRead = !entry.effects.updates.contains(resource)
        let makers = [reading.definers[resource], isRead ? reading.writers[resource] : nil]
        return makers.compactMap(\.self).first { stale[$0] != nil }.map { (resource, $0, true) }
      }.filter { resource, cause, isChained in
        entry.isInUse(lineages, entries, unlessRenewedBy: resource, since: isChained ? nil : cause)
      }
      guard let (resource, cause, _) = causes.first else { continue }
      stale[entry.number] = Stale(
        number: entry.number, resource: resource, cause: cause,
        origins: Set(causes.filter(\.2).map(\.1)),
        moves: entry.effects.updates.filter { lineages.definers[$0] != nil }.sorted())
    }
    return stale.values.sorted { $0.number < $1.number }
  }

  private static func differences(_ entries: [Transcript.Entry], _ readings: [Reading]) -> [String] {
    let broken = Dictionary(
      uniqueKeysWithValues: entries.filter { !$0.isDone }.map { ($0.number, $0.outcome) })
    var found: [String] = []
    var told: Set<Int> = []
    for (entry, reading) in zip(entries, readings) where entry.isDone {
      for (resource, writer) in reading.writers.sorted(by: { $0.key < $1.key }) {
        guard let outcome = broken[writer], told.insert(writer).inserted else { continue }
        let end = outcome == .interrupted ? "was interrupted" : "failed half-way"
        found.append("In [\(writer)] \(end) and In [\(entry.number)] builds on what it left of \(resource)")
      }
    }
    return found
  }
}

extension Transcript.Entry {
  /// Whether anything that the cell made is still what it made. A cell that only showed something was right when it
  /// did; what has been defined anew since is nobody's result any more; and what has been changed since by a cell
  /// that read the new `resource` has gone on with it.
  fileprivate func isInUse(
    _ lineages: Lineages, _ entries: [Transcript.Entry],
    unlessRenewedBy resource: CellEffects.Resource, since cause: Int?
  ) -> Bool {
    effects.writes.contains { written in
      guard written != .random, (lineages.definers[written] ?? 0) <= number else { return false }
      guard let cause, effects.updates.contains(written) else { return true }
      return !entries.contains { other in
        other.number > cause && other.writes.contains(written) && other.effects.reads.contains(resource)
      }
    }
  }
}

// MARK: - Lineages

/// The values of a page as they follow from each other, up to one of its cells.
private struct Lineages {
  typealias Resource = CellEffects.Resource

  /// What a definition began.
  private struct Lineage: Hashable {
    let resource: Resource
    /// The cell; nil for what was there before the first.
    let definer: Int?
  }

  /// The cells that began the lineages of today.
  private(set) var definers: [Resource: Int] = [:]
  /// The cells that changed them last.
  private(set) var writers: [Resource: Int] = [:]
  /// The lineages that values rest on at the bottom.
  private var roots: [Resource: Set<Lineage>] = [:]
  /// Everything that values were computed from.
  private var sources: [Resource: Set<Resource>] = [:]
  /// When lineages were last changed where they stand.
  private var moves: [Lineage: Int] = [:]
  /// What was computed before its own cell changed something that it comes of.
  private var overtaken: Set<Resource> = []
  /// What was deleted, and by which cell.
  private var removals: [Resource: Int] = [:]

  /// Takes in a cell that runs as the one of a number.
  mutating func note(_ entry: Transcript.Entry, at number: Int) {
    let (effects, definitions, writes) = (entry.effects, entry.definitions, entry.writes)
    for resource in effects.updates.intersection(writes) where resource != .random {
      let own = Lineage(resource: resource, definer: definers[resource])
      moves[own] = number
      roots[resource, default: []].insert(own)
    }
    let outside = roots
    for resource in definitions {
      let own = Lineage(resource: resource, definer: number)
      let comesOf = effects.sources[resource] ?? []
      var below: Set<Lineage> = []
      for source in comesOf.subtracting(effects.definitions) {
        below.formUnion(outside[source] ?? [Lineage(resource: source, definer: definers[source])])
      }
      let isStep = definers[resource] != nil && hasMoved(resource, onto: below, at: number)
      if !isStep { definers[resource] = number }
      roots[resource] = below.isEmpty ? [own] : below
      sources[resource] = comesOf.reduce(into: comesOf) { $0.formUnion(sources[$1] ?? []) }
    }
    for resource in writes {
      writers[resource] = number
      removals[resource] = effects.removals.contains(resource) ? number : nil
      if effects.overtaken.contains(resource) {
        overtaken.insert(resource)
      } else {
        overtaken.remove(resource)
      }
    }
  }

  /// Whether a value that is computed anew differs from the old one only by what has been changed where it stands.
  private func hasMoved(_ resource: Resource, onto below: Set<Lineage>, at number: Int) -> Bool {
    guard let old = roots[resource], let written = writers[resource] else { return false }
    func isFixed(_ lineage: Lineage) -> Bool { moves[lineage] == nil }
    return old.filter(isFixed) == below.filter(isFixed)
      && below.contains { lineage in
        guard let moved = moves[lineage] else { return false }
        return moved > written || (moved == written && overtaken.contains(resource))
      }
  }

  /// Whether a value was computed from another that has been changed since.
  private func isOvertaken(_ value: Resource, by source: Resource) -> Bool {
    guard value != source, sources[value]?.contains(source) == true, let changed = writers[source],
      let computed = writers[value]
    else { return false }
    return changed > computed || (changed == computed && overtaken.contains(value))
  }

  /// Goes through stale cells as if they were run again, those aside that cannot be brought up to date.
  func findingObstacles(
    in stale: [Dependencies.Stale], _ entries: [Transcript.Entry]
  ) -> [Dependencies.Stale] {
    var future = self
    var found = stale
    var stuck: Set<Int> = []
    let byNumber = Dictionary(uniqueKeysWithValues: entries.map { ($0.number, $0) })
    for place in found.indices {
      guard let entry = byNumber[found[place].number] else { continue }
      found[place].obstacle = future.obstacle(to: entry, found[place].origins.intersection(stuck), entries)
      if found[place].obstacle == nil {
        future.note(entry, at: (entries.last?.number ?? 0) + 1 + place)
      } else {
        stuck.insert(entry.number)
      }
    }
    return found
  }

  private func obstacle(
    to entry: Transcript.Entry, _ stuck: Set<Int>, _ entries: [Transcript.Entry]
  ) -> String? {
    for resource in entry.effects.reads.sorted() {
      if let remover = removals[resource] { return "In [\(remover)] has deleted \(resource)" }
    }
    for gradient in entry.effects.gradients {
      for loss in gradient.loss.sorted() {
        guard let variable = gradient.variables.sorted().first(where: { isOvertaken(loss, by: $0) }) else {
          continue
        }
        let maker = entries.last {
          $0.definitions.contains(loss) && !$0.effects.overtaken.contains(loss) && $0.outcome.hasRun
        }
        return "\(variable) has changed since \(loss) was computed from it"
          + (maker.map { "; run In [\($0.number)] again first" } ?? "")
      }
    }
    return stuck.min().map { "it was made from In [\($0)]" }
  }
}
