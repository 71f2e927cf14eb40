import Foundations

/// The library libzmq, loaded when a kernel starts: nothing else of nbs needs it.
///
/// The functions are those of its C interface, which has been the same since version 4.0; the numbers stand in its header.
final class ZeroMQ: Sendable {
  typealias Handle = UnsafeMutableRawPointer

  let newContext: @Sendable @convention(c) () -> Handle?
  let endContext: @Sendable @convention(c) (Handle?) -> Int32
  let newSocket: @Sendable @convention(c) (Handle?, Int32) -> Handle?
  let close: @Sendable @convention(c) (Handle?) -> Int32
  let bind: @Sendable @convention(c) (Handle?, UnsafePointer<CChar>?) -> Int32
  let setOption: @Sendable @convention(c) (Handle?, Int32, UnsafeRawPointer?, Int) -> Int32
  let getOption:
    @Sendable @convention(c) (Handle?, Int32, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
  let send: @Sendable @convention(c) (Handle?, UnsafeRawPointer?, Int, Int32) -> Int32
  let newFrame: @Sendable @convention(c) (Handle?) -> Int32
  let receiveFrame: @Sendable @convention(c) (Handle?, Handle?, Int32) -> Int32
  let frameSize: @Sendable @convention(c) (Handle?) -> Int
  let frameBytes: @Sendable @convention(c) (Handle?) -> Handle?
  let closeFrame: @Sendable @convention(c) (Handle?) -> Int32
  let poll: @Sendable @convention(c) (Handle?, Int32, Int) -> Int32
  let errorNumber: @Sendable @convention(c) () -> Int32
  let errorText: @Sendable @convention(c) (Int32) -> UnsafePointer<CChar>?

  /// The bytes of a `zmq_msg_t`.
  static let frameStride = 64

  /// Loads the library.
  ///
  /// - Throws: `missing-library`, with the Debian package that brings it.
  init(_ description: OptionalLibrary = .zeroMQ) throws(CodedError) {
    let library = try description.load()
    newContext = try library.function("zmq_ctx_new")
    endContext = try library.function("zmq_ctx_term")
    newSocket = try library.function("zmq_socket")
    close = try library.function("zmq_close")
    bind = try library.function("zmq_bind")
    setOption = try library.function("zmq_setsockopt")
    getOption = try library.function("zmq_getsockopt")
    send = try library.function("zmq_send")
    newFrame = try library.function("zmq_msg_init")
    receiveFrame = try library.function("zmq_msg_recv")
    frameSize = try library.function("zmq_msg_size")
    frameBytes = try library.function("zmq_msg_data")
    closeFrame = try library.function("zmq_msg_close")
    poll = try library.function("zmq_poll")
    errorNumber = try library.function("zmq_errno")
    errorText = try library.function("zmq_strerror")
  }

  /// What went wrong last on this thread.
  var reason: String { errorText(errorNumber()).map { String(cString: $0) } ?? "unknown error" }
}
