internal import COneDNN

/// How networks are computed.
public struct Computing: Sendable, Equatable {
  /// How exact the numbers are.
  public var precision: Precision
  /// Which family of kernels does the work.
  public var backend: Backend

  /// Creates settings.
  public init(_ precision: Precision = .single, backend: Backend = .auto) {
    self.precision = precision
    self.backend = backend
  }

  /// Says how many threads oneDNN may take for work that the calling thread asks for.
  public static func setThreads(_ count: Int) { onednn_set_threads(Int32(clamping: count)) }
}

/// Which family of kernels computes the layers that both have.
public enum Backend: String, Sendable, CaseIterable {
  /// The planner chooses by the size of the work.
  case auto
  /// Kernels in Swift, in 32 and in 64 bits.
  case swift
  /// Intel's oneDNN, in 32 bits.
  case onednn
}
