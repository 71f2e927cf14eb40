/// The names that a cell reads and those that it changes.
///
/// It is what could be read and changed: both branches of an `if` count. Names that only the cell's own
/// functions use are not in it.
///
/// ```swift
/// let names = KnownNames(variables: ["W", "g"])
/// let effects = Checker.check(SourceText("n = 3; W -= 0.1 * g", name: "cell 1"), names: names).result
///   .effects
/// let reads = effects.reads.sorted()  // W, g
/// let definitions = effects.definitions.sorted()  // n
/// let updates = effects.updates.sorted()  // W
/// ```
public struct CellEffects: Sendable, Equatable {
  /// Something that one cell can leave to another.
  public enum Resource: Sendable, Hashable, Comparable {
    /// A variable, data set or network; these share one namespace.
    case name(String)
    /// A series that `record` notes values in.
    case series(String)
    /// The stream of random numbers.
    case random
    /// What the last sweep came to, which `plot effects` draws.
    case sweep
  }

  /// A `grad … wrt …`, by what it takes from cells before it.
  public struct Gradient: Sendable, Hashable {
    /// The names in the loss.
    public let loss: Set<Resource>
    /// The variables that it is differentiated by.
    public let variables: Set<Resource>
  }

  /// The names that it needs from cells before it.
  public internal(set) var reads: Set<Resource> = []
  /// The names that it gives a value that does not come of the old one, or takes away.
  public internal(set) var definitions: Set<Resource> = []
  /// The names that it changes and does not define: a network that it trains, an array that it adds to.
  public internal(set) var updates: Set<Resource> = []
  /// The definitions that take away.
  public internal(set) var removals: Set<Resource> = []
  /// For each definition, everything that its value was computed from.
  public private(set) var sources: [Resource: Set<Resource>] = [:]
  /// The definitions that were computed from each name.
  private var dependents: [Resource: Set<Resource>] = [:]
  /// The definitions that the cell computed before it changed something that they come of: the loss in
  /// `L = W ^ 2; W -= 0.1 * grad L wrt W`.
  public internal(set) var overtaken: Set<Resource> = []
  /// The gradients that it takes.
  public internal(set) var gradients: Set<Gradient> = []

  /// Everything that it leaves different.
  public var writes: Set<Resource> { definitions.union(updates) }

  init() {}

  /// Notes what a definition was computed from.
  mutating func derive(_ resource: Resource, from others: Set<Resource>) {
    sources[resource, default: []].formUnion(others)
    for other in others { dependents[other, default: []].insert(resource) }
  }

  /// Notes that a name changes: what was computed from it is overtaken.
  mutating func overtake(dependentsOf resource: Resource) {
    overtaken.formUnion(dependents[resource] ?? [])
  }
}

extension CellEffects.Resource: CustomStringConvertible {
  /// The resource as a message names it.
  public var description: String {
    switch self {
    case .name(let name): name
    case .series(let name): "the series \(name)"
    case .random: "the random numbers"
    case .sweep: "the last sweep"
    }
  }
}
