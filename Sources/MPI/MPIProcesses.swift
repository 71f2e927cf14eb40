public import Foundations
public import NeuralEngine
import Synchronization
import SystemLibrary

/// The processes that `mpirun` or `srun` has started.
public final class MPIProcesses: ProcessGroup {
  /// The rank among all processes.
  public let rank: Int
  /// How many processes were started.
  public let count: Int
  /// How many threads this process may take.
  public let threads: Int
  private let library: MPILibrary
  /// Whether all processes are where this one is, so that they can end in good order.
  private let isTogether = Atomic(false)
  /// Whether the first process has gone on by itself.
  private let isApart = Atomic(false)
  /// What is told to the user goes here, whatever has become of standard error.
  private let complaints: Int32
  /// The machines of all processes, by rank.
  private let hosts = Mutex<[String]>([])
  private let pages = Mutex<SharedPages?>(nil)
  private let told = Mutex<Set<String>>([])
  /// Why this process ends alone, if it does.
  private let reason = Mutex<String?>(nil)

  /// Joins the other processes; returns when all are there. Only one process's outputs are the user's, so that the
  /// others fall silent.
  ///
  /// - Throws: `missing-library`.
  public init(_ launch: MPILaunch) throws(CodedError) {
    library = try MPILibrary()
    // Each has its share of the machine, unless told otherwise.
    threads = launch.threads
    setenv("NBS_THREADS", String(threads), 0)
    var (granted, rank, count): (Int32, Int32, Int32) = (0, 0, 1)
    _ = library.initialize(nil, nil, MPILibrary.funneled, &granted)
    _ = library.rank(library.world, &rank)
    _ = library.size(library.world, &count)
    self.rank = Int(rank)
    self.count = Int(count)
    complaints = dup(STDERR_FILENO)
    if rank > 0 { fallSilent() }
    let hosts = gather(MPIProcesses.host)
    self.hosts.withLock { $0 = hosts }
    let machines = zip(hosts, gather(SharedPages.machine)).map { $0 + " " + $1 }
    pages.withLock { $0 = SharedPages(rank: Int(rank), machines: machines) }
    MPIProcesses.joined.withLock { $0 = self }
    on_exit({ status, _ in MPIProcesses.joined.withLock { $0 }?.exit(status) }, nil)
  }

  /// What this process belongs to: it must leave it before it ends.
  private static let joined = Mutex<MPIProcesses?>(nil)

  /// Seconds that a process leaves to the first one to say what is wrong.
  private static let patience: UInt32 = 3

  private func exit(_ status: Int32) {
    if isTogether.load(ordering: .relaxed) {
      _ = library.finalize()
    } else {
      if rank > 0 { sleep(MPIProcesses.patience) }
      if let reason = reason.withLock({ $0 }) { say("\(name(of: rank)): \(reason)") }
      _ = library.abort(library.world, status)
    }
  }

  /// Notes why this process is about to end. The first process mostly ends for the same reason and says it; if it does not,
  /// this one does.
  public func willEnd(because words: String) {
    if rank > 0 { reason.withLock { $0 = words } }
  }

  /// Says that all processes have come to the same point, behind which each of them ends.
  public func haveFinished() { isTogether.store(!isApart.load(ordering: .relaxed), ordering: .relaxed) }

  /// Lets the first process end by itself; the others wait until it ends them.
  public func leaveOthers() {
    isApart.store(true, ordering: .relaxed)
    while rank > 0 { sleep(1) }
  }

  private func fallSilent() {
    let nothing = open("/dev/null", O_RDWR)
    guard nothing >= 0 else { return }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(nothing, stream) }
    close(nothing)
  }

  /// Sends and receives, all messages at once.
  public func exchange(_ sent: [ProcessMessage], _ received: [ProcessMessage]) {
    let (sent, received) = (sent.flatMap(\.parts), received.flatMap(\.parts))
    var requests = [OpaquePointer?](repeating: nil, count: sent.count + received.count)
    requests.withUnsafeMutableBufferPointer { requests in
      guard let base = requests.baseAddress else { return }
      for (place, message) in received.enumerated() {
        _ = library.receive(
          message.memory, Int32(message.bytes), library.byte, Int32(message.process), 0, library.world,
          base + place)
      }
      for (place, message) in sent.enumerated() {
        _ = library.send(
          message.memory, Int32(message.bytes), library.byte, Int32(message.process), 0, library.world,
          base + received.count + place)
      }
      _ = library.waitForAll(Int32(requests.count), base, nil)
    }
  }

  /// Makes messages ready that will be sent and received many times.
  public func prepare(
    _ sent: [ProcessMessage], _ received: [ProcessMessage], channel: Int
  ) -> any ProcessExchange { MPIExchange(library, sent, received, channel: channel) }

  /// Says what is wrong, and ends all processes.
  public func abandon(_ reason: String) -> Never {
    if rank > 0 { sleep(MPIProcesses.patience) }
    say(reason)
    _ = library.abort(library.world, 1)
    _exit(1)
  }

  /// Lets processes on the same machine hold memory once.
  public func merge(_ blocks: [UnsafeMutableRawBufferPointer]) {
    pages.withLock { $0 }?.merge(blocks, in: self)
  }

  /// The ranks of the processes on this machine.
  public var neighbours: [Int] { pages.withLock { $0?.peers } ?? [rank] }

  /// Hands memory out on this machine: large blocks as pages that all hold once.
  public func handOut(_ block: UnsafeMutableRawBufferPointer) {
    if !(pages.withLock { $0 }?.handOut(block, in: self) ?? false) { handOutAsMessages(block) }
  }

  /// Says something once, if this is the process that speaks to the user.
  public func note(_ words: String) {
    if rank == 0, told.withLock({ $0.insert(words).inserted }) { say(words) }
  }

  private func say(_ words: String) {
    _ = "nbs: \(words)\n".withCString { write(complaints, $0, strlen($0)) }
  }

  /// `process 1 on node2`
  public func name(of rank: Int) -> String {
    let host = hosts.withLock { $0.indices.contains(rank) ? $0[rank] : nil }
    return "process \(rank)" + (host.map { " on \($0)" } ?? "")
  }

  /// The name of this machine.
  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
