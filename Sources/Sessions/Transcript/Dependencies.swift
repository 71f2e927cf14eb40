public import Language

/// What the cells of a transcript have to do with each other: which of them show what no longer holds, and
/// whether the page gives its results when it is run from the top.
public struct Dependencies {
  /// A cell that no longer holds, and why.
  public struct Stale: Sendable, Equatable {
    /// The cell's number.
    public let number: Int
    /// What it was made from.
    public let resource: CellEffects.Resource
    /// The cell that has given that another value since, or is itself stale.
    public let cause: Int
  }

  /// The stale cells, in order.
  public let stale: [Stale]
  /// Why a clean run from the top would not give the same; empty when it would.
  public let differences: [String]

  /// Looks at a transcript.
  public init(_ entries: [Transcript.Entry]) {
    let readings = Dependencies.readings(entries)
    stale = Dependencies.stale(entries, readings)
    differences = Dependencies.differences(entries, readings)
  }

  /// What a cell found when it ran.
  private struct Reading {
    /// Who had defined what it read.
    var definers: [CellEffects.Resource: Int] = [:]
    /// Who had last changed it.
    var writers: [CellEffects.Resource: Int] = [:]
  }

  private static func readings(_ entries: [Transcript.Entry]) -> [Reading] {
    var definers: [CellEffects.Resource: Int] = [:]
    var writers: [CellEffects.Resource: Int] = [:]
    return entries.map { entry in
      let reads = entry.effects.reads
      let reading = Reading(
        definers: definers.filter { reads.contains($0.key) },
        writers: writers.filter { reads.contains($0.key) })
      for resource in entry.effects.definitions where !entry.unchanged.contains(resource) {
        definers[resource] = entry.number
      }
      for resource in entry.effects.writes { writers[resource] = entry.number }
      return reading
    }
  }

  private static func stale(_ entries: [Transcript.Entry], _ readings: [Reading]) -> [Stale] {
    var definers: [CellEffects.Resource: Int] = [:]
    for entry in entries {
      for resource in entry.effects.definitions where !entry.unchanged.contains(resource) {
        definers[resource] = entry.number
      }
    }
    var stale: [Int: Stale] = [:]
    for (entry, reading) in zip(entries, readings) {
      guard entry.repeatedBy == nil, Dependencies.isInUse(entry, definers) else { continue }
      let cause = entry.effects.reads.sorted().lazy.compactMap { resource -> Stale? in
        guard resource != .random else { return nil }
        if let now = definers[resource], now > entry.number, now != reading.definers[resource] {
          return Stale(number: entry.number, resource: resource, cause: now)
        }
        guard let writer = reading.writers[resource], stale[writer] != nil else { return nil }
        return Stale(number: entry.number, resource: resource, cause: writer)
      }.first
      if let cause { stale[entry.number] = cause }
    }
    return stale.values.sorted { $0.number < $1.number }
  }

  /// Whether anything that a cell made is still what it made: one that only showed something was right when it
  /// did, and what has been defined anew since is nobody's result any more.
  private static func isInUse(
    _ entry: Transcript.Entry, _ definers: [CellEffects.Resource: Int]
  ) -> Bool {
    entry.effects.writes.contains { resource in
      resource != .random && (definers[resource] ?? 0) <= entry.number
    }
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
