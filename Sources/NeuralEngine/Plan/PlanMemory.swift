/// Where the buffers of a plan stand in memory. Buffers that are never needed at the same time share their places: which
/// those are follows from the list of steps alone.
package struct PlanMemory: Sendable, Equatable {
  /// For a buffer by rows: where it begins in a row's block, in numbers. Blocks of rows lie one buffer after the other, so
  /// this is multiplied by the rows of a block.
  private(set) package var offsets: [BufferID: Int] = [:]
  /// How many numbers a row's block has.
  private(set) package var rowWidth = 0
  /// Which buffers stand for all rows of a batch at once: in a slot, else each in memory of its own.
  private(set) package var shared: Set<BufferID> = []
  /// For buffers of all rows that nobody reads afterwards: the number of the slot that they stand in.
  private(set) package var slots: [BufferID: Int] = [:]
  /// What the slots hold. Only buffers of one extent share one, so that a row stands in the same place in all of them: shards
  /// that are behind others find theirs untouched.
  private(set) package var slotExtents: [PlanBuffer.Extent] = []

  init() {}

  /// Lays out the buffers of a plan.
  init(_ plan: Plan) {
    shared = plan.results
    if let correct = plan.correct { shared.insert(correct) }
    shared.formUnion(plan.outputGradients)
    // A single row is set from outside, and stays.
    if plan.capacity == 1 { shared.formUnion(plan.inputs + plan.targets) }
    let lives = Lifetimes(plan)
    if !plan.goesRowByRow {
      shared.formUnion(plan.inputs + plan.targets)
      fillSlots(plan, lives)
      shared.formUnion(plan.buffers.indices.map(BufferID.init).filter { plan.buffers[$0.number].isByRow })
    }
    var free = FreeList()
    for entering in plan.inputs + plan.targets + plan.outputGradients where !shared.contains(entering) {
      offsets[entering] = free.take(plan.buffers[entering.number].blockWidth)
    }
    for (number, step) in plan.steps.enumerated() {
      for output in step.outputs where lives.first[output] == number {
        place(output, plan, step, lives, at: number, &free)
      }
      for buffer in Set(step.inputs + step.outputs)
      where lives.last[buffer] == number && !lives.isTakenOver(buffer) {
        if let offset = offsets[buffer] { free.release(offset, plan.buffers[buffer.number].blockWidth) }
      }
    }
    rowWidth = free.end
  }

  /// Gives each buffer of all rows a slot from its first step to its last.
  private mutating func fillSlots(_ plan: Plan, _ lives: Lifetimes) {
    var free: [Int] = []
    for (number, step) in plan.steps.enumerated() {
      for output in step.outputs where lives.first[output] == number {
        let buffer = plan.buffers[output.number]
        guard buffer.isByRow, !shared.contains(output) else { continue }
        if let source = lives.takenOver[output], let slot = slots[source] {
          slots[output] = slot
        } else if let place = free.lastIndex(where: { slotExtents[$0] == buffer.extent }) {
          slots[output] = free.remove(at: place)
        } else {
          slots[output] = slotExtents.count
          slotExtents.append(buffer.extent)
        }
      }
      for buffer in Set(step.inputs + step.outputs).sorted(by: { $0.number < $1.number })
      where lives.last[buffer] == number && !lives.isTakenOver(buffer) {
        if let slot = slots[buffer] { free.append(slot) }
      }
    }
  }

  private mutating func place(
    _ output: BufferID, _ plan: Plan, _ step: Step, _ lives: Lifetimes, at number: Int, _ free: inout FreeList
  ) {
    let buffer = plan.buffers[output.number]
    guard buffer.isByRow, !shared.contains(output) else { return }
    if let source = lives.takenOver[output], let offset = offsets[source] {
      offsets[output] = offset
    } else {
      offsets[output] = free.take(buffer.blockWidth)
    }
  }
}

extension PlanBuffer {
  /// How many numbers of a row's block it takes: whole cache lines, where it has as many.
  fileprivate var blockWidth: Int {
    let numbers = if case .rowBytes(let bytes) = extent { (bytes + 3) / 4 } else { width }
    return numbers < 16 ? numbers : (numbers + 15) / 16 * 16
  }
}

/// From which step to which each buffer is needed.
private struct Lifetimes {
  var first: [BufferID: Int] = [:]
  var last: [BufferID: Int] = [:]
  /// Outputs that stand in the memory of an input of the same step.
  var takenOver: [BufferID: BufferID] = [:]
  private var sources: Set<BufferID> = []

  init(_ plan: Plan) {
    for (number, step) in plan.steps.enumerated() {
      for buffer in step.inputs + step.outputs {
        // What enters from outside is there from the beginning.
        if first[buffer] == nil { first[buffer] = number }
        last[buffer] = number
      }
    }
    for entering in plan.inputs + plan.targets + plan.outputGradients { first[entering] = -1 }
    for (number, step) in plan.steps.enumerated() {
      guard let place = step.operation.inPlace, place < step.inputs.count, let output = step.outputs.first
      else { continue }
      let input = step.inputs[place]
      let widths = (plan.buffers[input.number].extent, plan.buffers[output.number].extent)
      guard !step.accumulates, first[output] == number, last[input] == number, widths.0 == widths.1,
        first[input] != -1, !plan.results.contains(input), !plan.results.contains(output)
      else { continue }
      takenOver[output] = input
      sources.insert(input)
    }
  }

  func isTakenOver(_ buffer: BufferID) -> Bool { sources.contains(buffer) }
}

/// Places of a row's block that are free, the first that fits being taken.
private struct FreeList {
  private var gaps: [Range<Int>] = []
  private(set) var end = 0

  mutating func take(_ width: Int) -> Int {
    guard width > 0 else { return 0 }
    if let number = gaps.firstIndex(where: { $0.count >= width }) {
      let gap = gaps[number]
      gaps[number] = gap.lowerBound + width..<gap.upperBound
      return gap.lowerBound
    }
    defer { end += width }
    return end
  }

  mutating func release(_ start: Int, _ width: Int) {
    guard width > 0 else { return }
    gaps.append(start..<start + width)
    gaps.sort { $0.lowerBound < $1.lowerBound }
    var joined: [Range<Int>] = []
    for gap in gaps where !gap.isEmpty {
      if let last = joined.last, last.upperBound == gap.lowerBound {
        joined[joined.count - 1] = last.lowerBound..<gap.upperBound
      } else {
        joined.append(gap)
      }
    }
    gaps = joined
  }
}
