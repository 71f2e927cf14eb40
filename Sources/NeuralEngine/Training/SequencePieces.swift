import Foundations

/// Sequences in pieces, for layers whose gradients stay within segments of so many steps (`truncate=`): what was computed for one
/// segment is needed by no other, but for the state that it leaves. So each goes there and back through a plan for its own few steps,
/// and a training takes as much memory for a long sequence as for a segment.
final class SequencePieces {
  /// How many steps a segment has.
  let length: Int
  private let model: Model
  /// The plans that were made, the one that was used last first.
  private var executions: [(key: Key, execution: CPUExecution)] = []
  /// What is left from segment to segment, by the rows that there is room for.
  private var states: [Int: CarriedStates] = [:]
  /// Plans for the ends of sequences are as many as these have lengths; so many are kept, and fewer of large ones.
  private static let mostExecutions = 64

  private struct Key: Equatable {
    let rows: Int
    let steps: Int
  }

  /// - Returns: nil where the network needs a sequence as a whole.
  init?(_ model: Model) {
    guard let length = model.graph.segmentLength else { return nil }
    (self.length, self.model) = (length, model)
  }

  /// The segments of a sequence.
  func segments(ofSteps steps: Int) -> [Range<Int>] {
    stride(from: 0, to: steps, by: length).map { $0..<min($0 + length, steps) }
  }

  /// The plan for a segment of some rows.
  func execution(
    _ purpose: Plan.Purpose, rows: Int, steps: Int, rowWeights: Int
  ) throws(CodedError) -> CPUExecution {
    let key = Key(rows: rows, steps: steps)
    if let place = executions.firstIndex(where: { $0.key == key }) {
      if place > 0 { executions.insert(executions.remove(at: place), at: 0) }
      return executions[0].execution
    }
    let states = self.states[rows] ?? CarriedStates()
    self.states[rows] = states
    // Rows stay with who has their state, however many steps there are left at the end.
    let whole = try model.plan(ofSegment: length, purpose, rows: rows, rowWeights: rowWeights)
    let plan =
      steps == length
      ? whole : try model.plan(ofSegment: steps, purpose, rows: rows, rowWeights: rowWeights)
    let kept = PlanRoom.kept(
      of: executions.map { $0.execution.plan.numbers }, besides: plan.numbers,
      atMost: SequencePieces.mostExecutions - 1)
    executions.removeLast(executions.count - kept)
    let made = model.execution(of: plan, carrying: states, shardedAs: whole)
    executions.insert((key, made), at: 0)
    return made
  }
}

extension NetworkGraph {
  /// How many steps the segments have that gradients stay within, where the whole network can go through them one after the other:
  /// all layers go step by step, those that remember cut their gradients alike, each step has an answer, and nothing is drawn that has
  /// to be the same at all steps. Nil for any other network.
  var segmentLength: Int? {
    guard takesAnyLength, answersEachStep, !hasMemory, layers.allSatisfy(\.kind.base.goesByStep) else {
      return nil
    }
    let recurrent = layers.compactMap { $0.kind.as(Recurrent.self) }
    guard let length = recurrent.first?.truncation,
      recurrent.allSatisfy({ $0.truncation == length && $0.returnsAll && !$0.drawsInTraining })
    else { return nil }
    return length
  }

  /// The graph for a segment of so many steps, which goes on from the state that the one before has left.
  ///
  /// - Throws: what a layer finds wrong with the length.
  func ofSegment(steps: Int) throws(CodedError) -> NetworkGraph {
    try filled(steps: steps).withKinds { $0.kind.as(Recurrent.self)?.ofSegment }
  }
}

extension Model {
  /// The plan for a segment of so many steps.
  func plan(
    ofSegment steps: Int, _ purpose: Plan.Purpose, rows: Int, rowWeights: Int
  ) throws(CodedError) -> Plan {
    try Plan(
      graph.ofSegment(steps: steps), layout, purpose: purpose, capacity: rows, rowWeights: rowWeights)
  }
}
