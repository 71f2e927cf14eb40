internal import Foundations
internal import SystemLibrary

/// Whether what runs on this thread is to stop.
///
/// Work that can take more than a tenth of a second asks between its parts. Rows that go through a network end with the
/// error `interrupted`. An operation on arrays leaves the rest of its result as it is: whoever calls it asks afterwards,
/// before anybody sees the result.
///
/// The question belongs to a thread and not to a task of Swift's: sessions run outside of tasks.
public enum Cancellation {
  /// A question that yields true once the work is to stop.
  public typealias Question = @Sendable () -> Bool

  /// Holds a question for a thread's memory.
  private final class Holder {
    let question: Question

    init(_ question: @escaping Question) { self.question = question }
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The question to ask again and again on this thread; its answer is false where nobody has set one. It may be asked
  /// on other threads.
  public static var isRequested: Question {
    guard let memory = pthread_getspecific(key) else { return { false } }
    return Unmanaged<Holder>.fromOpaque(memory).takeUnretainedValue().question
  }

  /// Runs work on this thread that stops when the answer to a question becomes true.
  public static func asking<Result>(
    _ question: @escaping Question, during work: () throws -> Result
  ) rethrows -> Result {
    let outer = pthread_getspecific(key)
    let holder = Unmanaged.passRetained(Holder(question))
    pthread_setspecific(key, holder.toOpaque())
    defer {
      pthread_setspecific(key, outer)
      holder.release()
    }
    return try work()
  }
}

extension CodedError {
  /// What rows that go through a network end with.
  static let stoppedBeforeAllRows = CodedError(
    .interrupted, "This was stopped before all rows had gone through the network.")
}
