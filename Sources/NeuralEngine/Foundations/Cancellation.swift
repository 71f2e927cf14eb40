/// Whether what runs on this thread is to stop.
///
/// Work that can take more than a tenth of a second asks between its parts. Rows that go through a network end with the
/// error `interrupted`. An operation on arrays leaves the rest of its result as it is: whoever calls it asks afterwards,
/// before anybody sees the result.
public enum Cancellation {
  /// Asked again and again; true once the work is to stop.
  @TaskLocal public static var isRequested: @Sendable () -> Bool = { false }
}
