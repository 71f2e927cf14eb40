internal import CKernels
internal import Foundations

extension Tensor {
  /// An array filled with one number.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func full(_ shape: [Int], _ number: Double) throws -> Tensor {
    let count = try ArraySize.room(for: shape)
    return Tensor(Dimensions(shape), count: count) { LayoutKernels.fill($0, count, with: number) }
  }

  /// An array of zeros.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func zeros(_ shape: [Int]) throws -> Tensor {
    let count = try ArraySize.room(for: shape)
    return Tensor(zeros: Dimensions(shape), count: count)
  }

  /// An array of ones.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func ones(_ shape: [Int]) throws -> Tensor { try full(shape, 1) }

  /// The identity matrix, or a matrix with ones on its main diagonal.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func eye(_ rows: Int, _ columns: Int? = nil) throws -> Tensor {
    let columns = columns ?? rows
    let matrix = try zeros([rows, columns])
    matrix.withOwnNumbers { numbers in
      for i in 0..<Swift.min(rows, columns) { numbers[i * columns + i] = 1 }
    }
    return matrix
  }

  /// The numbers from `start` in steps, up to but not including `stop`.
  ///
  /// - Parameter function: what to call it in errors.
  /// - Throws: `bad-range` for a step of 0 or a bound that is not finite, `too-large`.
  public static func range(
    from start: Double, to stop: Double, by step: Double = 1, for function: String = "arange"
  ) throws -> Tensor {
    guard start.isFinite, stop.isFinite, step.isFinite, step != 0 else {
      throw CodedError(.badRange, "`\(function)` needs finite bounds and a step that is not 0.")
    }
    let length = ((stop - start) / step).rounded(.up)
    guard length > 0 else { return Tensor([]) }
    // A length past every memory still has to be named in the message.
    let count = try ArraySize.room(for: [Int(exactly: length) ?? Int.max])
    return ramp(from: start, by: step, count: count)
  }

  /// `count` numbers evenly spaced from `start` to `stop`, both included.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func evenlySpaced(from start: Double, to stop: Double, count: Int = 50) throws -> Tensor {
    let count = try ArraySize.room(for: [count])
    let parts = Double(count - 1)
    let step = (stop - start) / parts
    guard count > 1 else { return try full([count], start) }
    let values =
      step.isFinite
      ? ramp(from: start, by: step, count: count)
      // The way is longer than the largest number.
      : Tensor((0..<count).map { start * (1 - Double($0) / parts) + stop * (Double($0) / parts) })
    values.withOwnNumbers { $0[count - 1] = stop }
    return values
  }

  private static func ramp(from start: Double, by step: Double, count: Int) -> Tensor {
    Tensor(Dimensions([count]), count: count) { out in
      Pieces.forEach(of: count) { piece in
        Kernels64.arrays.ramp(start, step, piece.lowerBound, out + piece.lowerBound, piece.count)
      }
    }
  }

  /// Numbers that are each as likely as the others in [0, 1).
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func uniform(_ shape: [Int], using stream: inout RandomStream) throws -> Tensor {
    let count = try ArraySize.room(for: shape)
    return Tensor(Dimensions(shape), count: count) { stream.fillUniform($0, count: count) }
  }

  /// Numbers from the standard normal distribution.
  ///
  /// - Throws: `bad-shape`, `too-large`.
  public static func normal(_ shape: [Int], using stream: inout RandomStream) throws -> Tensor {
    let count = try ArraySize.room(for: shape)
    return Tensor(Dimensions(shape), count: count) { stream.fillNormal($0, count: count) }
  }

  /// Whole numbers from `low` up to but not including `high`.
  ///
  /// - Throws: `bad-range` if there is none; `bad-shape`, `too-large`.
  public static func integers(
    from low: Int, to high: Int, shape: [Int], using stream: inout RandomStream
  ) throws -> Tensor {
    let width = high.subtractingReportingOverflow(low)
    guard !width.overflow, width.partialValue > 0 else {
      throw CodedError(.badRange, "`randint` has no integer from \(low) to \(high), without \(high).")
    }
    let count = try ArraySize.room(for: shape)
    return Tensor(Dimensions(shape), count: count) { out in
      for i in 0..<count { out[i] = Double(low + stream.below(width.partialValue)) }
    }
  }

  /// Elements (or rows) picked at random along the first axis; of a number n, out of 0 to n - 1.
  ///
  /// - Parameters:
  ///   - count: how many; a single one without its axis if nil.
  ///   - replacing: whether one may be picked more than once.
  /// - Throws: `empty` if there is nothing to pick, `bad-range` if there are fewer than asked for, `too-large`.
  public func choice(
    _ count: Int? = nil, replacing: Bool = true, using stream: inout RandomStream
  ) throws -> Tensor {
    if rank == 0 {
      return try Tensor.range(from: 0, to: number(at: 0)).choice(count, replacing: replacing, using: &stream)
    }
    guard let available = shape.first, available > 0 else {
      throw CodedError(.empty, "`choice` needs an array that is not empty.")
    }
    let wanted = try ArraySize.room(for: [count ?? 1])
    guard replacing || wanted <= available else {
      throw CodedError(
        .badRange, "`choice` cannot draw \(wanted) different elements out of \(available).")
    }
    var picks: [Int]
    if replacing {
      picks = (0..<wanted).map { _ in stream.below(available) }
    } else {
      picks = Array(0..<available)
      stream.shuffle(&picks)
      picks.removeLast(available - wanted)
    }
    guard count != nil else { return try selecting([.at(picks[0])]) }
    return try selecting([.list(Tensor(picks.map(Double.init)))])
  }
}
