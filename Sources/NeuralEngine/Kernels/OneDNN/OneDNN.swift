internal import COneDNN

/// Why oneDNN did not make something: its own status.
struct OneDNNFailure: Error {
  let status: dnnl_status_t

  /// Turns a status into an error.
  static func check(_ status: dnnl_status_t) throws(OneDNNFailure) {
    if status != dnnl_success { throw OneDNNFailure(status: status) }
  }

  /// What a call of oneDNN makes.
  static func made<Handle>(_ make: (inout Handle?) -> dnnl_status_t) throws(OneDNNFailure) -> Handle {
    var handle: Handle?
    try check(make(&handle))
    guard let handle else { throw OneDNNFailure(status: dnnl_runtime_error) }
    return handle
  }
}

/// oneDNN's view of the processor: one for the process, and safe to share.
final class OneDNNEngine: @unchecked Sendable {
  /// Nil where oneDNN finds no processor that it knows.
  static let shared: OneDNNEngine? = try? OneDNNEngine()

  let handle: dnnl_engine_t

  private init() throws(OneDNNFailure) {
    handle = try OneDNNFailure.made { dnnl_engine_create(&$0, dnnl_cpu, 0) }
  }

  deinit { dnnl_engine_destroy(handle) }
}

/// How many threads a kernel's work is worth.
///
/// Waking and awaiting threads costs some microseconds, and on a busy machine, where one of them may have to wait for
/// its turn, a thousand times as much: only work that takes longer than that by far is divided.
struct OneDNNThreads {
  private let isDivided: Bool

  /// - Parameter work: how many multiplications a batch takes.
  init(work: Int) { isDivided = work >= 1 << 24 }

  /// Runs something with the threads that the work is worth.
  @inline(__always)
  func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    if isDivided { return try body() }
    let usual = onednn_threads()
    onednn_set_threads(1)
    defer { onednn_set_threads(usual) }
    return try body()
  }
}

/// Where work is queued; each kernel has its own, since a stream belongs to one thread.
final class OneDNNStream {
  let handle: dnnl_stream_t

  init(_ engine: OneDNNEngine) throws(OneDNNFailure) {
    handle = try OneDNNFailure.made {
      dnnl_stream_create(&$0, engine.handle, UInt32(dnnl_stream_default_flags.rawValue))
    }
  }

  deinit { dnnl_stream_destroy(handle) }
}

/// Numbers with a layout: over memory of ours, or over memory that oneDNN allocates.
final class OneDNNMemory {
  let handle: dnnl_memory_t

  init(_ make: (inout dnnl_memory_t?) -> dnnl_status_t) throws(OneDNNFailure) {
    handle = try OneDNNFailure.made(make)
  }

  deinit { dnnl_memory_destroy(handle) }

  /// Whether two memories have the same layout, so that nothing need be reordered between them.
  func isLaidOut(like other: OneDNNMemory) -> Bool {
    var (mine, theirs): (UnsafePointer<dnnl_memory_desc_t>?, UnsafePointer<dnnl_memory_desc_t>?)
    guard dnnl_memory_get_memory_desc(handle, &mine) == dnnl_success,
      dnnl_memory_get_memory_desc(other.handle, &theirs) == dnnl_success
    else { return false }
    return dnnl_memory_desc_equal(mine, theirs) == 1
  }
}

/// An operation as oneDNN will carry it out.
final class OneDNNOperation {
  let handle: dnnl_primitive_desc_t

  init(_ make: (inout dnnl_primitive_desc_t?) -> dnnl_status_t) throws(OneDNNFailure) {
    handle = try OneDNNFailure.made(make)
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// Whether it is oneDNN's own yardstick of correctness, which is far slower than any kernel of ours.
  var isReference: Bool {
    var name: UnsafePointer<CChar>?
    guard dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name
    else { return false }
    return String(cString: name).hasPrefix("ref")
  }

  /// Memory for one of its arguments, ours or oneDNN's own.
  func memory(
    _ what: dnnl_query_t, _ engine: OneDNNEngine, over pointer: UnsafeMutablePointer<Float>? = nil
  ) throws(OneDNNFailure) -> OneDNNMemory {
    try OneDNNMemory { onednn_memory(handle, what, engine.handle, pointer, &$0) }
  }
}

/// An operation together with its arguments, ready to run as often as wanted without allocating.
final class OneDNNCall {
  private let primitive: dnnl_primitive_t
  private let arguments: [dnnl_exec_arg_t]
  /// Kept alive: the arguments only point to them.
  private let memories: [OneDNNMemory]

  init(_ operation: OneDNNOperation, _ arguments: [(Int32, OneDNNMemory)]) throws(OneDNNFailure) {
    primitive = try OneDNNFailure.made { dnnl_primitive_create(&$0, operation.handle) }
    self.arguments = arguments.map { dnnl_exec_arg_t(arg: $0.0, memory: $0.1.handle) }
    memories = arguments.map(\.1)
  }

  deinit { dnnl_primitive_destroy(primitive) }

  func run(on stream: OneDNNStream) {
    dnnl_primitive_execute(primitive, stream.handle, Int32(arguments.count), arguments)
  }

  /// Copies numbers from one layout to another; nil where the two are the same.
  static func reorder(
    _ source: OneDNNMemory, to target: OneDNNMemory, _ engine: OneDNNEngine
  ) throws(OneDNNFailure) -> OneDNNCall? {
    if source.isLaidOut(like: target) { return nil }
    let operation = try OneDNNOperation { onednn_reorder(engine.handle, source.handle, target.handle, &$0) }
    return try OneDNNCall(operation, [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
  }
}

extension onednn_window {
  /// A geometry for so many rows.
  init(_ geometry: SlidingGeometry, rows: Int, filters: Int, groups: Int) {
    func axes(_ value: SIMD3<Int>) -> (Int64, Int64, Int64) {
      (Int64(value[0]), Int64(value[1]), Int64(value[2]))
    }
    self.init(
      rows: Int64(rows), channels: Int64(geometry.channels), filters: Int64(filters), groups: Int64(groups),
      input: axes(geometry.input), output: axes(geometry.output), window: axes(geometry.window),
      stride: axes(geometry.stride), dilation: axes(geometry.dilation), before: axes(geometry.before),
      after: axes(geometry.after))
  }
}
