import CKernels

/// The array kernels of one number type at every level that this processor has.
func arrayLevels<Number: KernelNumber>(_: Number.Type) -> [nbs_array_kernels] {
  (1...4).compactMap { nbs_kernels_at($0, Number.precision)?.pointee.arrays }
}

/// What a kernel writes into `count` numbers, at every level; the first level's where all agree to the bit, else nil.
///
/// - Parameter start: what stands there before.
func atAllLevels<Number: KernelNumber>(
  _ count: Int, from start: Number = 0, _ body: (nbs_array_kernels, UnsafeMutablePointer<Number>) -> Void
) -> [Number]? {
  let results = arrayLevels(Number.self).map { kernels in
    var result = [Number](repeating: start, count: count)
    result.withUnsafeMutableBufferPointer { buffer in
      // An empty list may have no address.
      var nothing = start
      if let address = buffer.baseAddress { body(kernels, address) } else { body(kernels, &nothing) }
    }
    return result
  }
  guard let first = results.first else { return nil }
  return results.allSatisfy { haveSameBits($0, first) } ? first : nil
}

func haveSameBits<Number: KernelNumber>(_ a: [Number], _ b: [Number]) -> Bool {
  a.map(\.comparedBits) == b.map(\.comparedBits)
}

/// Numbers of all magnitudes, the same for a seed everywhere, with some equal ones.
func sampleNumbers<Number: KernelNumber>(_ count: Int, seed: UInt64 = 1, special: Bool = false) -> [Number] {
  var state = seed
  return (0..<count).map { i in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    if special, state >> 60 == 0 {
      return [.nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, 1, -1][Int(state >> 40) & 7]
    }
    let number = Number(Int64(bitPattern: state) >> 40) / 1024
    return state >> 59 & 1 == 0 ? number.rounded() / 1024 : number
  }
}

/// Lengths around those at which kernels go over to other loops.
let arrayLengths = [
  0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 255, 256, 257, 300, 1030, 2500,
]
