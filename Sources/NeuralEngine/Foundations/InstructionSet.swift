internal import CKernels
internal import SystemLibrary

/// A set of instructions that the kernels are compiled for. All give the same bits; the later ones are faster.
public enum InstructionSet: Int, Sendable, CaseIterable {
  /// What every processor of an architecture other than x86-64 has.
  case v1 = 1
  /// x86-64-v2: SSE4.2, with fused multiply-add in software.
  case v2
  /// x86-64-v3: AVX2 and FMA.
  case v3
  /// x86-64-v4: AVX-512.
  case v4

  /// The version of the arithmetic that all of them share: numbers that another one computed may differ in their bits.
  public static let kernelsVersion = Int(NBS_KERNELS_VERSION)

  /// Whether this processor has it.
  public var isSupported: Bool { nbs_kernels_at(nbs_level(rawValue), NBS_FLOAT64) != nil }

  /// The best one that this processor has.
  public static let best = InstructionSet(rawValue: Int(nbs_best_level())) ?? .v1

  /// The one that everything is computed with: what the environment variable `NBS_ISA` names (`v2`, `v3`, `v4`) where the
  /// processor has it, else the best. It is chosen once, at the first use.
  public static let current: InstructionSet = {
    let named = getenv("NBS_ISA").map { String(cString: $0) }
    return allCases.first { "\($0)" == named && $0.isSupported } ?? best
  }()

  /// What is wrong with the environment variable `NBS_ISA`, and what it takes here; nil where nothing is.
  public static var complaint: String? {
    guard let named = getenv("NBS_ISA").map({ String(cString: $0) }), !named.isEmpty else { return nil }
    let known = allCases.filter(\.isSupported).map { "\($0)" }
    guard !known.contains(named) else { return nil }
    let isKnown = allCases.contains { "\($0)" == named }
    return
      "NBS_ISA selects the instruction set level, and \(isKnown ? "this processor has no" : "there are none called") "
      + "`\(named)`. Here it takes \(known.joined(separator: ", ")); without it the best of them is used."
  }

  /// The kernels for numbers of a precision; only for a set that is supported.
  func kernels(_ precision: Precision) -> UnsafePointer<nbs_kernels> {
    guard let table = nbs_kernels_at(nbs_level(rawValue), precision == .single ? NBS_FLOAT32 : NBS_FLOAT64)
    else {
      preconditionFailure("This processor has no \(self) instructions.")
    }
    return table
  }
}
