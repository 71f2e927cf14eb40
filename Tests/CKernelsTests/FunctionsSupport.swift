import CKernels
import Foundation

extension KernelNumber {
  /// What the names of fixtures of this type end in.
  static var fileExtension: String { precision == NBS_FLOAT32 ? "f32" : "f64" }
}

extension KernelNumber {
  /// The one NaN that the functions give.
  static var kernelNaN: Self { Self(Float.nan) }
}

/// The function kernels of one level.
struct FunctionKernels<Number: KernelNumber> {
  let kernels: nbs_function_kernels

  init(level: nbs_level = nbs_best_level()) {
    kernels = nbs_kernels_at(level, Number.precision).pointee.functions
  }

  /// The levels that this processor has.
  static var levels: [nbs_level] {
    (1...nbs_best_level()).filter { nbs_kernels_at($0, Number.precision) != nil }
  }

  func callAsFunction(_ function: nbs_function, _ x: [Number]) -> [Number] {
    var y = [Number](repeating: .kernelNaN, count: x.count)
    kernels.apply(function, x, &y, x.count)
    return y
  }

  func inPlace(_ function: nbs_function, _ x: [Number]) -> [Number] {
    var y = x
    y.withUnsafeMutableBytes { kernels.apply(function, $0.baseAddress, $0.baseAddress, x.count) }
    return y
  }

  /// `bases` to the power of `exponents`, of which either may be one number for all.
  func power(_ bases: [Number], _ exponents: [Number]) -> [Number] {
    let count = max(bases.count, exponents.count)
    var y = [Number](repeating: .kernelNaN, count: count)
    kernels.power(bases, bases.count == 1 ? 0 : 1, exponents, exponents.count == 1 ? 0 : 1, &y, count)
    return y
  }
}

/// The functions by the names of their fixtures.
enum FunctionName: String, CaseIterable, Sendable {
  case exp, expm1, log, log1p, sin, cos, tan, tanh, sigmoid, erf, erfc, softplus, sqrt

  var kernel: nbs_function {
    switch self {
    case .exp: NBS_EXP
    case .expm1: NBS_EXPM1
    case .log: NBS_LOG
    case .log1p: NBS_LOG1P
    case .sin: NBS_SIN
    case .cos: NBS_COS
    case .tan: NBS_TAN
    case .tanh: NBS_TANH_FUNCTION
    case .sigmoid: NBS_SIGMOID_FUNCTION
    case .erf: NBS_ERF
    case .erfc: NBS_ERFC
    case .softplus: NBS_SOFTPLUS_FUNCTION
    case .sqrt: NBS_SQRT
    }
  }
}

/// Bit patterns that look random but are the same in every run, by G. Steele, D. Lea and C. Flood's SplitMix64 (2014).
struct FunctionsGenerator: RandomNumberGenerator {
  var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers of all kinds: any bit pattern, moderate sizes, and the special ones.
  mutating func numbers<Number: KernelNumber>(_ count: Int) -> [Number] {
    let special: [Number] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude, 0.5, 2, -2, 3,
    ]
    return (0..<count).map { _ in
      switch next() % 4 {
      case 0: Number(bitPattern: Number.Pattern(truncatingIfNeeded: next()))
      case 1: special[Int(next() % UInt64(special.count))]
      default: Number(Int64(truncatingIfNeeded: next())) / 0x1p62 * Number(1 << (next() % 8))
      }
    }
  }
}

/// Values of a function that mpmath computed: see `Fixtures/make_functions.py`, which tells the format.
struct FunctionsFixture<Number: KernelNumber> {
  var arguments: [[Number]]
  var values: [Number]
  /// What rounding to `values` took away, in units in the last place.
  var rests: [Double]

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    var reader = Reader(data: try Data(contentsOf: folder.appending(path: "\(name).\(Number.fileExtension)")))
    let argumentCount = Int(reader.read(UInt32.self)), rangeCount = Int(reader.read(UInt32.self))
    arguments = Array(repeating: [], count: argumentCount)
    var generator = FunctionsGenerator()
    for _ in 0..<rangeCount {
      let points = reader.read(UInt64.self)
      let bounds = (0..<argumentCount).map { _ in (reader.read(UInt64.self), reader.read(UInt64.self)) }
      for _ in 0..<points {
        for (argument, (first, last)) in bounds.enumerated() {
          let pattern = first + generator.next() % (last - first + 1)
          arguments[argument].append(Number(bitPattern: Number.Pattern(pattern)))
        }
      }
    }
    let count = arguments[0].count
    values = (0..<count).map { _ in Number(bitPattern: reader.read(Number.Pattern.self)) }
    rests = (0..<count).map { _ in Double(reader.read(Int8.self)) / 254 }
  }

  private struct Reader {
    var data: Data
    var offset = 0

    mutating func read<Value: FixedWidthInteger>(_: Value.Type) -> Value {
      defer { offset += MemoryLayout<Value>.size }
      return Value(
        littleEndian: data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) })
    }
  }

  /// The largest distance of `results` from the exact values, in units in the last place, and the index of the point.
  func worstError(of results: [Number]) -> (units: Double, index: Int) {
    var worst = (units: 0.0, index: 0)
    for (index, (result, value)) in zip(results, values).enumerated()
    where result != value || rests[index] != 0 {
      let units = abs(Self.units(result, above: value) - rests[index])
      // The negation catches a NaN as well.
      if !(units <= worst.units) { worst = (units, index) }
    }
    return worst
  }

  /// How many numbers lie between the two.
  private static func units(_ a: Number, above b: Number) -> Double {
    guard !a.isNaN else { return .infinity }
    func place(_ x: Number) -> Int64 {
      let magnitude = Int64(x.magnitude.bitPattern)
      return x.sign == .minus ? -magnitude : magnitude
    }
    return Double(place(a) - place(b))
  }
}
