import Synchronization

/// A request to stop what runs, which may come from a signal handler or another thread at any time. This is
/// the only thing in a session that two threads share.
public final class InterruptionRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a request that nobody has made yet.
  public init() {}

  /// Whether somebody has asked.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Asks. Safe inside a signal handler.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Forgets the request, before a new cell.
  public func clear() { flag.store(false, ordering: .relaxed) }
}
