import Synchronization

/// A request to stop what runs, which may come from a signal handler or another thread at any time. This is
/// the only thing in a session that two threads share.
public final class InterruptionRequest: Sendable {
  /// Who asks; where several do, the last of these counts.
  public enum Reason: UInt8, Sendable {
    /// The time of the cell is up.
    case cellTimeLimit = 1
    /// The time of the whole run is up.
    case runTimeLimit
    /// The user, with Ctrl-C.
    case user
  }

  private let flag = Atomic<UInt8>(0)
  /// How often the user has asked.
  private let insistence = Atomic<Int>(0)

  /// Creates a request that nobody has made yet.
  public init() {}

  /// Whether somebody has asked.
  public var isRequested: Bool { flag.load(ordering: .relaxed) != 0 }

  /// Who has asked, if anybody.
  public var reason: Reason? { Reason(rawValue: flag.load(ordering: .relaxed)) }

  /// Asks. Safe inside a signal handler.
  public func request(_ reason: Reason = .user) {
    flag.max(reason.rawValue, ordering: .relaxed)
    if reason == .user { insistence.add(1, ordering: .relaxed) }
  }

  /// Whether the user has asked more than once: the cell is to be stopped and taken back.
  public var isInsistent: Bool { insistence.load(ordering: .relaxed) > 1 }

  /// Forgets the request if this was the reason, and leaves a weightier one that came meanwhile.
  public func withdraw(_ reason: Reason) {
    _ = flag.compareExchange(expected: reason.rawValue, desired: 0, ordering: .relaxed)
  }

  /// Forgets the request, before a new cell.
  public func clear() {
    flag.store(0, ordering: .relaxed)
    insistence.store(0, ordering: .relaxed)
  }
}
