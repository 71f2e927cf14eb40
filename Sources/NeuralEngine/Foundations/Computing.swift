internal import COneDNN

/// How networks are computed.
public struct Computing: Sendable, Equatable {
  /// How exact the numbers are.
  public var precision: Precision
  /// Which family of kernels does the work.
  public var backend: Backend
  /// How many threads oneDNN may take; as many as there are cores when nil.
  public var threads: Int?

  /// Creates settings.
  public init(_ precision: Precision = .single, backend: Backend = .auto, threads: Int? = nil) {
    self.precision = precision
    self.backend = backend
    self.threads = threads
  }

  /// Makes oneDNN take as many threads as are set for what the calling thread asks from now on.
  func apply() {
    if let threads { onednn_set_threads(Int32(clamping: threads)) }
  }
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
