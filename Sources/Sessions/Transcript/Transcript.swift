import Diagnostics
import Foundations
import Language
import NeuralEngine
public import Outputs

/// A session with a memory: the cells that were entered, what they came to, and how to take them back.
///
/// A page of a transcript reads from top to bottom: what is run again becomes a new cell at its end.
///
/// ```swift
/// let transcript = Transcript(session: Session())
/// for cell in ["a = 1", "a = a + 1", "a"] { _ = transcript.run(cell) { _ in } }
/// _ = transcript.undo()  // takes `a` back
/// _ = transcript.undo()  // and `a = a + 1`
/// let next = transcript.nextNumber
/// ```
public final class Transcript {
  /// A cell that ran.
  public struct Entry: Sendable {
    /// Its number, as in `In [3]`.
    public let number: Int
    /// The source.
    public let source: String
    /// What it showed, progress left out.
    public internal(set) var outputs: [Output]
    /// How it ended.
    public internal(set) var outcome: Session.Outcome
    /// How long it took, in seconds.
    public internal(set) var seconds: Double
    /// What it reads and changes.
    let effects: CellEffects
    /// What it would have changed and has the value all the same that was there before.
    var unchanged: Set<CellEffects.Resource> = []
    /// The cell that ran the same source again, if one did.
    public internal(set) var repeatedBy: Int?

    /// Whether it ran to its end.
    public var isDone: Bool { outcome == .done }
    /// What it has given a value that is not the old one and does not come of it.
    var definitions: Set<CellEffects.Resource> { effects.definitions.subtracting(unchanged) }
    /// What it may have changed; of a cell that failed, what has been changed.
    var writes: Set<CellEffects.Resource> {
      outcome.hasRun ? effects.writes : effects.writes.subtracting(unchanged)
    }
  }

  /// The session that the cells run in.
  public let session: Session
  /// The cells, in the order in which they ran; those that could not begin to run are left out.
  public private(set) var entries: [Entry] = []
  /// The states before the last cells, the oldest first.
  private var snapshots: [KeptState] = []

  /// What a session was before a cell.
  private struct KeptState {
    let state: SessionSnapshot
    /// What the state kept before it holds that it does not, in bytes.
    let bytesOfEarlier: Int
  }

  /// The number of the next cell.
  public var nextNumber: Int { session.cellCount + 1 }

  /// How much memory the states before earlier cells may hold.
  private static let undoBytes = 512 << 20
  /// How many cells can be taken back at most.
  private static let undoDepth = 100

  /// Creates the transcript of a session in which nothing has run yet.
  public init(session: Session) { self.session = session }

  /// Runs a cell and keeps it.
  ///
  /// A cell that was interrupted more than once while it ran is taken back.
  ///
  /// - Parameters:
  ///   - repeated: the number of the entry whose source it is, when it is run again.
  ///   - givesParameters: whether its lines `name = literal` set parameters from outside, as in a cell of papermill's.
  ///   - emit: takes the outputs as they come.
  public func run(
    _ source: String, repeating repeated: Int? = nil, givesParameters: Bool = false,
    emit: @escaping (Output) -> Void
  ) -> Session.Outcome {
    let number = nextNumber
    let cell = session.check(
      SourceText(source, name: "In [\(number)]"), declaresParameters: givesParameters)
    if givesParameters, cell.isRunnable, let mistake = session.giveParameters(of: cell) {
      emit(.error(mistake))
      return .failed(mistake)
    }
    guard cell.isRunnable else { return session.evaluate(cell, emit: emit) }
    let state = session.snapshot()
    var entry = Entry(
      number: number, source: source, outputs: [], outcome: .done, seconds: 0,
      effects: cell.effects)
    let start = ContinuousClock.now
    entry.outcome = session.evaluate(cell) { output in
      if case .progress = output {} else { entry.outputs.append(output) }
      emit(output)
    }
    entry.seconds = (ContinuousClock.now - start) / .seconds(1)
    if entry.outcome != .done, session.interruption.isInsistent {
      session.restore(state)
      emit(.text("In [\(number)] is taken back: everything is as it was before it"))
      return entry.outcome
    }
    let effects = entry.effects
    entry.unchanged = session.unchanged(
      entry.outcome.hasRun ? effects.definitions : effects.writes, since: state)
    keep(entry, state, repeating: repeated)
    return entry.outcome
  }

  private func keep(_ entry: Entry, _ state: SessionSnapshot, repeating repeated: Int?) {
    entries.append(entry)
    if let repeated, entry.outcome.hasRun { markRepeated(repeated, by: entry.number) }
    snapshots.append(
      KeptState(state: state, bytesOfEarlier: snapshots.last?.state.bytes(apartFrom: state) ?? 0))
    forgetOldStates()
  }

  private func markRepeated(_ number: Int, by other: Int?) {
    guard let place = entries.firstIndex(where: { $0.number == number }) else { return }
    entries[place].repeatedBy = other
  }

  private func forgetOldStates() {
    if snapshots.count > Transcript.undoDepth { snapshots.removeFirst() }
    var bytes = 0
    for place in snapshots.indices.dropFirst().reversed() {
      bytes += snapshots[place].bytesOfEarlier
      guard bytes > Transcript.undoBytes else { continue }
      return snapshots.removeSubrange(..<place)
    }
  }

  /// Goes back to the state before the last cell.
  ///
  /// - Returns: the cell that is taken back; nil when there is none, or its state is no longer kept.
  public func undo() -> Entry? {
    guard let last = snapshots.popLast(), let entry = entries.popLast() else { return nil }
    session.restore(last.state)
    for place in entries.indices where entries[place].repeatedBy == entry.number {
      entries[place].repeatedBy = nil
    }
    return entry
  }

  /// Takes over the cells of an earlier session, which can be read and run again but not taken back.
  ///
  /// - Parameter names: the names that cells may mention; those that the session has lost are among them.
  func adopt(_ cells: [StoredCell], names: KnownNames) {
    entries = []
    for cell in cells {
      let source = SourceText(cell.source, name: "In [\(cell.number)]")
      var entry = Entry(
        number: cell.number, source: cell.source, outputs: cell.outputs.map { .printed($0) },
        outcome: cell.endOfCell, seconds: cell.seconds,
        effects: Checker.check(source, names: names).result.effects)
      entry.unchanged = Set(cell.unchanged.map { .name($0) })
      entry.repeatedBy = cell.repeatedBy
      entries.append(entry)
    }
    snapshots = []
    session.continueNumbering(after: entries.last?.number ?? 0)
  }

  /// The entry of a number.
  public func entry(_ number: Int) -> Entry? { entries.first { $0.number == number } }
}

extension StoredCell {
  fileprivate var endOfCell: Session.Outcome {
    switch outcome {
    case "done": .done
    case "interrupted": .interrupted
    default: .failed(Diagnostic(.failedCell, "The cell failed in an earlier sitting."))
    }
  }
}

extension Session.Outcome {
  /// Whether the cell ran to its end, or to where somebody stopped it.
  var hasRun: Bool { self == .done || self == .interrupted }
}

extension Session {
  /// Those of some resources whose values are what they were.
  fileprivate func unchanged(
    _ resources: Set<CellEffects.Resource>, since before: SessionSnapshot
  ) -> Set<CellEffects.Resource> {
    resources.filter { resource in
      guard case .name(let name) = resource else { return false }
      switch (before.state.value(of: name), state.value(of: name)) {
      case (let old?, let new?): return old.equals(new)
      case (nil, nil): break
      default: return false
      }
      switch (before.state.data[name], state.data[name]) {
      case (let old?, let new?):
        return old === new && before.data[ObjectIdentifier(old)]?.state.parts == new.parts
      case (nil, nil): break
      default: return false
      }
      let (old, new) = (before.state.networks[name], state.networks[name])
      guard let old else { return new == nil }
      return old === new
        && before.networks[ObjectIdentifier(old)]?.state.weights === old.state.weights
    }
  }
}

extension Value {
  /// Whether two values are certainly the same.
  fileprivate func equals(_ other: Value) -> Bool {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)): a.shape == b.shape && a.values == b.values
    case (.string(let a), .string(let b)): a == b
    case (.function(let a), .function(let b)): a.source == b.source
    default: false
    }
  }
}
