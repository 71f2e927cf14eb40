internal import CKernels

/// The one source of randomness of a session: the same seed gives the same numbers on every machine.
///
/// The generator is xoshiro256++ 1.0, its state filled by SplitMix64, as its authors advise
/// (D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021;
/// prng.di.unimi.it).
///
/// ```swift
/// var random = RandomStream(seed: 7)
/// let first = random.uniform()
/// random = RandomStream(seed: 7)
/// let again = random.uniform()  // the same number
/// ```
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  /// The second of the two normal numbers that one draw makes, kept for the next call.
  private var spareNormal: Double?

  /// Starts the stream of `seed`.
  public init(seed: UInt64) {
    var filler = SplitMix64(state: seed)
    state = (filler.next(), filler.next(), filler.next(), filler.next())
  }

  /// The next 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    let result = (state.0 &+ state.3).rotatedLeft(by: 23) &+ state.0
    let t = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= t
    state.3 = state.3.rotatedLeft(by: 45)
    return result
  }

  /// A number in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [low, high).
  public mutating func uniform(from low: Double, to high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A number from the standard normal distribution, by the method of Box and Muller, which gives two at a time.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    var words = SIMD2(next(), next())
    var pair = SIMD2<Double>.zero
    withUnsafeMutableBytes(of: &words) { words in
      withUnsafeMutableBytes(of: &pair) { pair in
        Kernels64.random.normal(words.baseAddress?.assumingMemoryBound(to: UInt64.self), pair.baseAddress, 1)
      }
    }
    spareNormal = pair[1]
    return pair[0]
  }

  /// A whole number in 0..<`bound`, each as likely as the others; `bound` must be positive.
  ///
  /// D. Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29, 2019.
  @inline(__always)
  public mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Puts `items` in a random order, each order as likely as the others (Fisher and Yates).
  ///
  /// Swift's own `shuffle(using:)` does not promise the same order from one release to the next.
  public mutating func shuffle<Item>(_ items: inout [Item]) {
    guard items.count > 1 else { return }
    for last in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(last, below(last + 1))
      // A million take a few hundredths of a second.
      if last & 0xFFFFF == 0, Cancellation.isRequested() { return }
    }
  }

  /// Two streams are equal when they will give the same numbers.
  public static func == (a: RandomStream, b: RandomStream) -> Bool {
    a.state == b.state && a.spareNormal == b.spareNormal
  }
}

extension RandomStream {
  /// Where a stream stands, so that it can go on from there another day.
  public struct State: Sendable, Equatable {
    /// The generator's four words, not all 0.
    public var words: [UInt64]
    /// The normal number that the last draw made besides, if nobody has asked for it yet.
    public var spareNormal: Double?

    /// Creates a state.
    public init(words: [UInt64], spareNormal: Double?) {
      self.words = words
      self.spareNormal = spareNormal
    }
  }

  /// Where the stream stands.
  public var position: State {
    State(words: [state.0, state.1, state.2, state.3], spareNormal: spareNormal)
  }

  /// A stream that goes on from some state; nil for a state that none can be in.
  public init?(_ position: State) {
    let words = position.words
    guard words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
    if let spare = position.spareNormal, !spare.isFinite { return nil }
    state = (words[0], words[1], words[2], words[3])
    spareNormal = position.spareNormal
  }
}

/// Fills, which leave numbers and stream as one call for each number would.
extension RandomStream {
  /// `count` numbers of ``uniform(from:to:)``. Fewer once the work is to stop; see ``Cancellation``.
  mutating func uniformNumbers(_ count: Int, from low: Double, to high: Double) -> [Double] {
    let width = high - low
    return numbers(count) { stream, numbers, count in
      stream.fillUniform(numbers, count: count)
      for i in 0..<count { numbers[i] = low + width * numbers[i] }
    }
  }

  /// `count` numbers of ``normal()``, each times `scale`. Fewer once the work is to stop; see ``Cancellation``.
  mutating func normalNumbers(_ count: Int, times scale: Double = 1) -> [Double] {
    numbers(count) { stream, numbers, count in
      stream.fillNormal(numbers, count: count)
      if scale != 1 { for i in 0..<count { numbers[i] *= scale } }
    }
  }

  /// How many numbers are drawn between two looks at whether to stop: a few thousandths of a second.
  private static let numbersAtOnce = 1 << 18

  private mutating func numbers(
    _ count: Int, _ fill: (inout RandomStream, UnsafeMutablePointer<Double>, Int) -> Void
  ) -> [Double] {
    let isCancelled = Cancellation.isRequested
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let numbers = buffer.baseAddress else { return }
      for start in stride(from: 0, to: count, by: RandomStream.numbersAtOnce) {
        if isCancelled() { return }
        fill(&self, numbers + start, min(RandomStream.numbersAtOnce, count - start))
        initialized = min(start + RandomStream.numbersAtOnce, count)
      }
    }
  }

  /// As many words at once as stay in the nearest cache.
  private static let wordsAtOnce = 1024

  /// Writes `count` numbers of ``uniform()``.
  mutating func fillUniform(_ numbers: UnsafeMutablePointer<Double>, count: Int) {
    forEachWords(count) { words, start, count in
      Kernels64.random.uniform(words, numbers + start, count)
    }
  }

  /// Writes `count` numbers of ``normal()``.
  mutating func fillNormal(_ numbers: UnsafeMutablePointer<Double>, count: Int) {
    var first = 0
    if spareNormal != nil, count > 0 {
      numbers[0] = normal()
      first = 1
    }
    let pairs = (count - first) / 2
    forEachWords(2 * pairs) { words, start, count in
      Kernels64.random.normal(words, numbers + first + start, count / 2)
    }
    if first + 2 * pairs < count { numbers[count - 1] = normal() }
  }

  /// Draws `count` words, and calls `body` with some at a time, how many came before, and how many these are.
  private mutating func forEachWords(
    _ count: Int, _ body: (_ words: UnsafePointer<UInt64>, _ start: Int, _ count: Int) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: RandomStream.wordsAtOnce) { words in
      guard let words = words.baseAddress else { return }
      // In registers: the compiler would write the state back for each word.
      var stream = self
      let isCancelled = count > RandomStream.numbersAtOnce ? Cancellation.isRequested : { false }
      for start in stride(from: 0, to: count, by: RandomStream.wordsAtOnce) {
        if start % RandomStream.numbersAtOnce == 0, isCancelled() { break }
        let drawn = min(RandomStream.wordsAtOnce, count - start)
        for i in 0..<drawn { words[i] = stream.next() }
        body(words, start, drawn)
      }
      self = stream
    }
  }
}

/// Spreads one seed over a larger state (G. Steele, D. Lea and C. Flood, OOPSLA 2014).
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension UInt64 {
  @inline(__always)
  fileprivate func rotatedLeft(by bits: UInt64) -> UInt64 { (self << bits) | (self >> (64 - bits)) }
}
