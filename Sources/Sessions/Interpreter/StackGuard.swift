internal import SystemLibrary

/// Knows how much more of the running thread's stack may be used, so that a user's recursion ends in a
/// message and not in the end of the process.
struct StackGuard {
  /// The address that the stack must not grow below.
  private let limit: UInt

  /// Measures from here: half of the smallest stack that this process gives a thread.
  init() {
    var mark: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    limit = here - min(here, StackGuard.threadStackSize / 2)
  }

  private static let threadStackSize: UInt = {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    var size = 0
    guard pthread_attr_init(attributes) == 0 else { return 1 << 19 }
    defer { pthread_attr_destroy(attributes) }
    return pthread_attr_getstacksize(attributes, &size) == 0 && size > 0 ? UInt(min(size, 8 << 20)) : 1 << 19
  }()

  /// Whether another call may be made.
  var hasRoom: Bool {
    var mark: UInt8 = 0
    return withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) > limit }
  }
}
