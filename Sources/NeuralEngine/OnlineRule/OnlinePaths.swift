/// A circuit as a step goes through it: whole numbers at fixed places, since a step is short and checks of bounds and owners
/// would take longer than what it computes.
final class OnlinePaths: @unchecked Sendable {
  /// Lists of whole numbers, one behind the other.
  struct Lists {
    /// Where each list begins, and where the last one ends.
    let starts: UnsafePointer<Int>
    let items: UnsafePointer<Int>

    /// The places of a list's items.
    subscript(list: Int) -> Range<Int> { Range(uncheckedBounds: (starts[list], starts[list + 1])) }
  }

  /// What says that there is no unit.
  static let none = -1

  let units: Int
  let connections: Int
  let influenceCount: Int

  // For each unit.
  /// Its connections are numbered by these places.
  let incoming: Lists
  /// The connections that it projects by, and the units that these lead to in the same places.
  let projections: Lists
  let projectionTargets: UnsafePointer<Int>
  /// The influences of it, and those on it.
  let influences: Lists
  let influencesInto: Lists
  /// The connections that it multiplies, and the units whose carries it multiplies.
  let gated: Lists
  let gatedCarries: Lists
  /// The column of its target; ``none`` for a unit of no output layer.
  let targetColumns: UnsafePointer<Int>
  /// What multiplies its carry.
  let carryGaters: UnsafePointer<Int>
  /// Its place among the units plus 1 where it has a carry, else 0; and so with inputs and biases.
  let carries: UnsafePointer<Int>
  let isInput: UnsafePointer<Int>
  let hasBias: UnsafePointer<Int>

  // For each connection.
  let sources: UnsafePointer<Int>
  let isLearned: UnsafePointer<Int>
  let isLate: UnsafePointer<Int>
  let gaters: UnsafePointer<Int>
  let gatersAreLate: UnsafePointer<Int>
  /// Whether the gater of each unit's carry is seen as it was at the step before.
  let carryGatersAreLate: UnsafePointer<Int>

  // For each influence.
  let targets: UnsafePointer<Int>
  let influencingUnits: UnsafePointer<Int>
  let isOnCarry: UnsafePointer<Int>
  let traces: UnsafePointer<Int>
  /// The connections that are multiplied.
  let multiplied: Lists

  private let memory: [UnsafeMutablePointer<Int>]

  init(_ circuit: OnlineCircuit) {
    var memory: [UnsafeMutablePointer<Int>] = []
    func numbers(_ values: [Int]) -> UnsafePointer<Int> {
      let place = UnsafeMutablePointer<Int>.allocate(capacity: max(1, values.count))
      place.initialize(repeating: 0, count: max(1, values.count))
      for (index, value) in values.enumerated() { place[index] = value }
      memory.append(place)
      return UnsafePointer(place)
    }
    func flags(_ values: [Bool]) -> UnsafePointer<Int> { numbers(values.map { $0 ? 1 : 0 }) }
    func lists(_ values: [[Int]]) -> Lists {
      let starts = values.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
      return Lists(starts: numbers(starts), items: numbers(values.flatMap(\.self)))
    }
    let influences = circuit.influences.flatMap(\.self).sorted { $0.place < $1.place }
    (units, connections, influenceCount) = (circuit.units, circuit.connections, influences.count)
    incoming = lists(circuit.incoming.map { Array($0) })
    projections = lists(circuit.projections.map { $0.map(\.connection) })
    projectionTargets = numbers(circuit.projections.flatMap { $0.map(\.target) })
    self.influences = lists(circuit.influences.map { $0.map(\.place) })
    influencesInto = lists(circuit.influencesInto.map { $0.map(\.place) })
    gated = lists(circuit.gated)
    gatedCarries = lists(circuit.gatedCarries)
    targetColumns = numbers(circuit.targetColumns.map { $0 ?? OnlinePaths.none })
    carryGaters = numbers(circuit.carryGaters.map { $0?.unit ?? OnlinePaths.none })
    carryGatersAreLate = flags(circuit.carryGaters.map { $0?.isLate ?? false })
    carries = flags(circuit.carries)
    isInput = flags(circuit.isInput)
    hasBias = flags(circuit.biases.map { $0 != nil })
    sources = numbers(circuit.sources)
    isLearned = flags(circuit.isLearned)
    isLate = flags(circuit.isLate)
    gaters = numbers(circuit.gaters.map { $0?.unit ?? OnlinePaths.none })
    gatersAreLate = flags(circuit.gaters.map { $0?.isLate ?? false })
    targets = numbers(influences.map(\.target))
    influencingUnits = numbers(influences.map(\.gater))
    isOnCarry = flags(influences.map(\.isOnCarry))
    traces = numbers(influences.map(\.traces))
    multiplied = lists(influences.map(\.connections))
    self.memory = memory
  }

  deinit { for place in memory { place.deallocate() } }
}
