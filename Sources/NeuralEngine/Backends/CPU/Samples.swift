internal import CKernels

/// A data set as plans read it: rows of numbers of the network's own precision, or of bytes that become such numbers a
/// block at a time. 60,000 images of 28x28 take 47 MB as bytes and 188 MB in 32 bits.
final class Samples: @unchecked Sendable {
  let rows: Int
  let inputWidth: Int
  let targetWidth: Int
  /// The steps of rows that are sequences of their own lengths; nil where all rows are equally wide.
  let steps: SequenceSteps?
  let precision: Precision
  /// How many weights stand behind the targets of a row.
  let weightsPerRow: Int
  private let targets: NumberBuffer
  private let inputs: Inputs
  private let kernels: nbs_layer_kernels

  private enum Inputs {
    case numbers(NumberBuffer)
    /// An array, whose numbers are brought from 64 bits when they are read, which is once.
    case array(Tensor)
    /// Bytes that all mean the same: the number that each of the 256 stands for.
    case bytes([UInt8], meanings: NumberBuffer)
    /// Bytes that mean something else in each column.
    case columns([UInt8], offsets: NumberBuffer, factors: NumberBuffer)
  }

  init(_ examples: Examples, _ precision: Precision) {
    rows = examples.rows
    inputWidth = examples.inputWidth
    steps = examples.steps
    weightsPerRow = examples.weightsPerRow
    // A row's weights stand behind its targets, as if they were some more.
    targetWidth = examples.targetWidth + examples.weightsPerRow
    self.precision = precision
    kernels = InstructionSet.current.kernels(precision).pointee.layers
    targets = NumberBuffer(examples.weightedTargets, precision)
    switch examples.storage {
    case .doubles(let values): inputs = .numbers(NumberBuffer(values, precision))
    case .bytes(let bytes) where bytes.offsets.count == 1:
      let meanings = (0...255).map { (Double($0) - bytes.offsets[0]) / bytes.divisors[0] }
      inputs = .bytes(bytes.values, meanings: NumberBuffer(meanings, precision))
    case .bytes(let bytes):
      inputs = .columns(
        bytes.values, offsets: NumberBuffer(bytes.offsets, precision),
        factors: NumberBuffer(bytes.divisors.map { 1 / $0 }, precision))
    }
  }

  /// Inputs alone, from an array.
  init(_ array: Tensor, rows: Int, _ precision: Precision) {
    self.rows = rows
    inputWidth = rows == 0 ? 0 : array.count / rows
    targetWidth = 0
    (steps, weightsPerRow) = (nil, 0)
    self.precision = precision
    kernels = InstructionSet.current.kernels(precision).pointee.layers
    targets = NumberBuffer(0, precision)
    inputs = .array(array)
  }

  /// Lets processes on the same machine hold the numbers once.
  func merge(in group: any ProcessGroup) {
    targets.merge(in: group)
    if case .numbers(let numbers) = inputs { numbers.merge(in: group) }
  }

  /// Writes a run of one row's inputs; the column counts from the beginning of the row.
  func copyInputs(row: Int, from column: Int, count: Int, to target: UnsafeMutableRawPointer) {
    let start = (steps?[row].lowerBound ?? row) * inputWidth + column
    switch inputs {
    case .numbers(let numbers):
      target.copyMemory(from: numbers.pointer(at: start), byteCount: count * precision.bytes)
    case .array(let array): array.withNumbers { kernels.from_doubles($0 + start, target, count) }
    case .bytes(let bytes, let meanings):
      bytes.withUnsafeBufferPointer { bytes in
        guard let first = bytes.baseAddress else { return }
        kernels.look_up(first + start, meanings.pointer, target, count)
      }
    case .columns(let bytes, let offsets, let factors):
      bytes.withUnsafeBufferPointer { bytes in
        guard let first = bytes.baseAddress else { return }
        kernels.scale_bytes(
          first + start, offsets.pointer(at: column % inputWidth), factors.pointer(at: column % inputWidth),
          target, count)
      }
    }
  }

  /// Writes a run of one row's targets.
  func copyTargets(row: Int, from column: Int, count: Int, to target: UnsafeMutableRawPointer) {
    var start = row * targetWidth
    if let steps = steps?.ofTargets {
      // The weight of a row stands behind the targets of all its steps.
      start = steps[row].lowerBound * (targetWidth - weightsPerRow) + row * weightsPerRow
    }
    target.copyMemory(
      from: targets.pointer(at: start + column), byteCount: count * precision.bytes)
  }

  /// Whether each step is to be read by itself: bytes have a meaning by their column.
  var readsStepByStep: Bool { if case .columns = inputs { true } else { false } }

  /// All rows' inputs and targets as they stand in memory; nil where the inputs are kept otherwise.
  var numbers: (inputs: UnsafeRawPointer, targets: UnsafeRawPointer)? {
    guard case .numbers(let numbers) = inputs else { return nil }
    return (UnsafeRawPointer(numbers.pointer), UnsafeRawPointer(targets.pointer))
  }
}

/// An order of rows, at a fixed place in memory.
package final class RowOrder: @unchecked Sendable {
  private let memory: CPUMemory
  /// How many rows there are.
  package let count: Int

  /// Creates an order.
  package init(_ rows: [Int]) {
    count = rows.count
    memory = CPUMemory(rows.count * 8)
    set(rows)
  }

  /// Takes another order of as many rows.
  package func set(_ rows: [Int]) { for (place, row) in rows.enumerated() { pointer[place] = Int64(row) } }

  /// Puts the rows in a random order.
  package func shuffle(_ random: inout RandomStream) {
    for last in stride(from: count - 1, to: 0, by: -1) {
      let other = random.below(last + 1)
      (pointer[last], pointer[other]) = (pointer[other], pointer[last])
    }
  }

  /// The row at a place.
  package subscript(place: Int) -> Int { Int(pointer[place]) }

  var pointer: UnsafeMutablePointer<Int64> { memory.pointer.assumingMemoryBound(to: Int64.self) }
}

/// Deals the rows of a batch out to the inputs and targets of a plan.
final class SampleSource: RowSource, @unchecked Sendable {
  private let samples: Samples
  private let order: RowOrder
  private let inputs: [(buffer: BufferID, width: Int)]
  private let targets: [(buffer: BufferID, width: Int)]
  /// How many of the last targets are weights of rows: a plan may have none for samples that do.
  private let weights: Int
  private let bytes: Int
  private let augmenter: Augmenter?
  /// The place of the batch's first row in the order.
  var start = 0
  /// The epoch that the batch belongs to, counted from 1.
  var epoch = 0
  /// The steps that are loaded, of rows that have targets at each; nil for all.
  var segment: Range<Int>?

  init(_ samples: Samples, _ order: RowOrder, for plan: Plan, _ augmenter: Augmenter? = nil) {
    self.samples = samples
    self.order = order
    inputs = plan.inputs.map { ($0, plan.buffers[$0.number].width) }
    targets = samples.targetWidth == 0 ? [] : plan.targets.map { ($0, plan.buffers[$0.number].width) }
    weights = max(0, targets.count - plan.outputs.count)
    bytes = samples.precision.bytes
    self.augmenter = augmenter
  }

  func load(_ frame: Frame) {
    for row in 0..<frame.rows {
      let index = Int(order.pointer[start + frame.firstRow + row])
      var column = 0
      if let augmenter {
        augmenter.withRow(index, of: samples, epoch: epoch) { numbers in
          for (buffer, width) in inputs {
            (frame[buffer] + row * width * bytes).copyMemory(
              from: numbers + column * bytes, byteCount: width * bytes)
            column += width
          }
        }
      } else if let steps = samples.steps, inputs.count > 1 || samples.readsStepByStep {
        loadSteps(of: index, segment ?? 0..<steps.length(ofRow: index), row, frame)
      } else {
        column = (segment?.lowerBound ?? 0) * samples.inputWidth
        for (buffer, width) in inputs {
          samples.copyInputs(
            row: index, from: column, count: width, to: frame[buffer] + row * width * bytes)
          column += width
        }
      }
      if targets.count > 1 || segment != nil, let steps = samples.steps?.ofTargets {
        loadTargets(of: index, steps.length(ofRow: index), row, frame)
        continue
      }
      column = 0
      for (buffer, width) in targets {
        samples.copyTargets(
          row: index, from: column, count: width, to: frame[buffer] + row * width * bytes)
        column += width
      }
    }
  }
}

extension SampleSource {
  /// Deals the steps of a row out: of each, the first numbers go to the first input, and so on.
  private func loadSteps(of index: Int, _ steps: Range<Int>, _ row: Int, _ frame: Frame) {
    for (place, step) in steps.enumerated() {
      var column = step * samples.inputWidth
      for (buffer, width) in inputs {
        let own = width / steps.count
        samples.copyInputs(
          row: index, from: column, count: own, to: frame[buffer] + (row * width + place * own) * bytes)
        column += own
      }
    }
  }

  /// Deals the targets of a row's steps out: of each, the first numbers go to the first output, and so on. Weights of the row
  /// stand behind those of all steps, and are left there where the plan has no place for them.
  private func loadTargets(of index: Int, _ count: Int, _ row: Int, _ frame: Frame) {
    let outputs = targets.dropLast(weights)
    let targetsOfStep = samples.targetWidth - samples.weightsPerRow
    let steps = segment ?? 0..<count
    for (place, step) in steps.enumerated() {
      var column = step * targetsOfStep
      for (buffer, width) in outputs {
        let own = width / steps.count
        samples.copyTargets(
          row: index, from: column, count: own, to: frame[buffer] + (row * width + place * own) * bytes)
        column += own
      }
    }
    var column = count * targetsOfStep
    for (buffer, width) in targets.suffix(weights) {
      samples.copyTargets(row: index, from: column, count: width, to: frame[buffer] + row * width * bytes)
      column += width
    }
  }
}

extension Examples {
  /// The targets row by row, each row with its weights behind them where rows have weights.
  fileprivate var weightedTargets: [Double] {
    guard let weights = outputWeights ?? weights else { return targets }
    let (width, count, steps) = (targetWidth, weightsPerRow, steps?.ofTargets)
    var values: [Double] = []
    values.reserveCapacity(targets.count + weights.count)
    for row in 0..<rows {
      let own: Range<Int> = steps?[row] ?? row..<row + 1
      values += targets[own.lowerBound * width..<own.upperBound * width]
      values += weights[row * count..<(row + 1) * count]
    }
    return values
  }
}
