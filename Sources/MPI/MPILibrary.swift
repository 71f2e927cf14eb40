import Foundations

/// Open MPI's library, loaded when nbs was started by `mpirun` or `srun`: nothing else needs it.
///
/// The functions are those of MPI's C interface, which has been the same since version 3; the numbers and the names of
/// predefined objects are Open MPI's, as its `mpi.h` has them.
final class MPILibrary: Sendable {
  typealias Handle = OpaquePointer

  let initialize: @Sendable @convention(c) (Handle?, Handle?, Int32, UnsafeMutablePointer<Int32>?) -> Int32
  let rank: @Sendable @convention(c) (Handle?, UnsafeMutablePointer<Int32>?) -> Int32
  let size: @Sendable @convention(c) (Handle?, UnsafeMutablePointer<Int32>?) -> Int32
  let send:
    @Sendable @convention(c) (
      UnsafeRawPointer?, Int32, Handle?, Int32, Int32, Handle?, UnsafeMutablePointer<Handle?>?
    ) -> Int32
  let receive:
    @Sendable @convention(c) (
      UnsafeMutableRawPointer?, Int32, Handle?, Int32, Int32, Handle?, UnsafeMutablePointer<Handle?>?
    ) -> Int32
  let prepareSend:
    @Sendable @convention(c) (
      UnsafeRawPointer?, Int32, Handle?, Int32, Int32, Handle?, UnsafeMutablePointer<Handle?>?
    ) -> Int32
  let prepareReceive:
    @Sendable @convention(c) (
      UnsafeMutableRawPointer?, Int32, Handle?, Int32, Int32, Handle?, UnsafeMutablePointer<Handle?>?
    ) -> Int32
  let startAll: @Sendable @convention(c) (Int32, UnsafeMutablePointer<Handle?>?) -> Int32
  let testAll:
    @Sendable @convention(c) (Int32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<Int32>?, Handle?) ->
      Int32
  let free: @Sendable @convention(c) (UnsafeMutablePointer<Handle?>?) -> Int32
  let waitForAll: @Sendable @convention(c) (Int32, UnsafeMutablePointer<Handle?>?, Handle?) -> Int32
  let abort: @Sendable @convention(c) (Handle?, Int32) -> Int32
  let finalize: @Sendable @convention(c) () -> Int32
  /// All processes.
  nonisolated(unsafe) let world: Handle
  /// The type of bytes.
  nonisolated(unsafe) let byte: Handle

  /// `MPI_THREAD_FUNNELED`: only the main thread talks to other processes.
  static let funneled: Int32 = 1

  /// Loads the library.
  ///
  /// - Throws: `missing-library`, with the Debian package that brings it.
  init() throws(CodedError) {
    let library = try OptionalLibrary.openMPI.load()
    world = OpaquePointer(try library.address(of: "ompi_mpi_comm_world"))
    byte = OpaquePointer(try library.address(of: "ompi_mpi_byte"))
    initialize = try library.function("MPI_Init_thread")
    rank = try library.function("MPI_Comm_rank")
    size = try library.function("MPI_Comm_size")
    send = try library.function("MPI_Isend")
    receive = try library.function("MPI_Irecv")
    prepareSend = try library.function("MPI_Send_init")
    prepareReceive = try library.function("MPI_Recv_init")
    startAll = try library.function("MPI_Startall")
    testAll = try library.function("MPI_Testall")
    free = try library.function("MPI_Request_free")
    waitForAll = try library.function("MPI_Waitall")
    abort = try library.function("MPI_Abort")
    finalize = try library.function("MPI_Finalize")
  }
}
