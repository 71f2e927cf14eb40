import CKernels
import Foundation
import Testing

/// The product kernels of every level that this processor has.
func productKernels<Number: KernelNumber>(_: Number.Type) -> [(level: Int32, kernels: nbs_product_kernels)] {
  (1...4).compactMap { level in
    nbs_kernels_at(level, Number.precision).map { (level, $0.pointee.products) }
  }
}

/// SplitMix64, by G. Steele, D. Lea and C. Flood (2014).
struct ProductGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(next() % UInt64(choices.count))]
  }

  /// Ordinary numbers, whose sums round at nearly every step.
  mutating func numbers<Number: KernelNumber>(_ count: Int) -> [Number] {
    (0..<count).map { _ in
      let unit = Number(next() >> 40) / Number(1 << 23) - 1
      return unit * Number(sign: .plus, exponent: Number.Exponent(Int(next() % 9) - 4), significand: 1)
    }
  }

  /// Ordinary numbers with some that are not: zeros of both signs, subnormal and huge ones, and where `finite` is not
  /// asked for infinities and NaN.
  mutating func hardNumbers<Number: KernelNumber>(_ count: Int, finite: Bool = false) -> [Number] {
    var numbers: [Number] = numbers(count)
    let finites: [Number] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .leastNormalMagnitude * 1.5,
      .greatestFiniteMagnitude,
    ]
    let choices = finite ? Array(finites[..<5]) : finites + [.infinity, -.infinity, .nan]
    for index in numbers.indices where next() % (finite ? 3 : 40) == 0 { numbers[index] = pick(choices) }
    return numbers
  }
}

/// Numbers at a fixed address. Whoever uses the address keeps the memory alive.
final class ProductMemory<Number: KernelNumber> {
  let address: UnsafeMutablePointer<Number>
  private let count: Int

  init(_ numbers: [Number]) {
    count = numbers.count
    // One more, since the kernels are given addresses of empty arrays, too.
    address = .allocate(capacity: count + 1)
    address.initialize(repeating: 0, count: count + 1)
    address.update(from: numbers, count: count)
  }

  deinit { address.deallocate() }

  var numbers: [Number] { Array(UnsafeBufferPointer(start: address, count: count)) }
}

/// Scratch memory of a given size, full of what must not matter, whose end is watched.
final class ProductScratch {
  private static let guardBytes = 64
  private let memory: UnsafeMutableRawBufferPointer
  private let size: Int

  init(bytes: Int) {
    size = bytes
    memory = .allocate(byteCount: bytes + Self.guardBytes, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
  }

  deinit { memory.deallocate() }

  var address: UnsafeMutableRawPointer? { memory.baseAddress }

  /// Nothing has been written behind the end.
  var isIntact: Bool { memory[size...].allSatisfy { $0 == 0xFF } }
}

/// Expects the same bits everywhere; any NaN will do for a NaN, whose bits depend on the order of operands.
func expectSameBits<Number: KernelNumber>(
  _ result: [Number], _ expected: [Number], _ comment: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  // The same bytes at once: without an optimizer, going through numbers of any type takes a hundred times as long.
  let areSame = result.withUnsafeBytes { result in
    expected.withUnsafeBytes { expected in
      guard let a = result.baseAddress, let b = expected.baseAddress else { return false }
      return result.count == expected.count && memcmp(a, b, result.count) == 0
    }
  }
  if areSame { return }
  let first = zip(result, expected).enumerated().first { _, pair in
    let (a, b) = pair
    return !(a.isNaN && b.isNaN) && (a != b || a.sign != b.sign)
  }
  guard let first else {
    #expect(result.count == expected.count, "\(comment())", sourceLocation: sourceLocation)
    return
  }
  Issue.record(
    "\(comment()): number \(first.offset) is \(first.element.0), not \(first.element.1)",
    sourceLocation: sourceLocation)
}
