/// Which family of kernels computes the layers that both have.
public enum Backend: String, Sendable, CaseIterable {
  /// The planner chooses by the size of the work.
  case auto
  /// Kernels in Swift, in 32 and in 64 bits.
  case swift
  /// Intel's oneDNN, in 32 bits.
  case onednn
}
