/// What a cell reads and what it changes, by the names in it.
///
/// It is what could be read and changed: both branches of an `if` count. Names that only the cell's own
/// functions use are not in it.
public struct CellEffects: Sendable, Equatable {
  /// Something that one cell can leave to another.
  public enum Resource: Sendable, Hashable, Comparable {
    /// A variable, data set or network; these share one namespace.
    case name(String)
    /// What `record` notes.
    case series(String)
    /// The stream of random numbers.
    case random
  }

  /// What it needs from cells before it.
  public internal(set) var reads: Set<Resource> = []
  /// What it gives a value that does not come of the old one, or takes away.
  public internal(set) var definitions: Set<Resource> = []
  /// What it changes and does not define: a network that it trains, an array that it adds to.
  public internal(set) var updates: Set<Resource> = []
  /// What the functions that it defines read and change when they are called.
  public internal(set) var functions: [String: CellEffects] = [:]

  /// Everything that it leaves different.
  public var writes: Set<Resource> { definitions.union(updates) }

  init() {}

  /// Looks at a checked cell.
  ///
  /// - Parameters:
  ///   - names: what is known before it.
  ///   - current: the network that commands act on before it.
  ///   - functions: the effects of functions that cells before it defined.
  public init(
    of program: Program<Command>, names: KnownNames, current: String?, functions: [String: CellEffects]
  ) {
    var analysis = EffectAnalysis(names: names, current: current, functions: functions)
    analysis.visit(program)
    self = analysis.effects
  }
}

extension CellEffects.Resource: CustomStringConvertible {
  /// The resource as a message names it.
  public var description: String {
    switch self {
    case .name(let name): name
    case .series(let name): "the series \(name)"
    case .random: "the random numbers"
    }
  }
}
