internal import Synchronization
internal import SystemLibrary

/// Threads that share out the parts of a piece of work. Which thread takes which part changes time alone.
///
/// Threads wait by looking for a few microseconds and then asleep, so that short steps follow each other quickly and a
/// pause costs nothing. Where others want the processor, so that a thread holds a part while it is not running, the pool
/// leaves the work to the caller for a while: no machine is so busy that two threads are much slower than one.
final class WorkerPool: Sendable {
  /// The pool of this process. Whoever finds it busy does the work alone.
  static let shared = WorkerPool()

  /// How many threads work at once unless told otherwise: as many as there are processors, or as the environment variable
  /// `NBS_THREADS` says.
  static let processors: Int = {
    let named = getenv("NBS_THREADS").flatMap { Int(String(cString: $0)) }
    return max(1, min(named ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), 4096))
  }()

  private struct Job: @unchecked Sendable {
    let body: UnsafeMutableRawPointer
    let parts: Int
    let threads: Int
    let queues: [Queue]

    /// The parts that a thread begins with. They are the same each time, so that what it wrote is still in its cache.
    func parts(of worker: Int) -> Range<Int> { parts * worker / threads..<parts * (worker + 1) / threads }
  }

  /// How many of a thread's own parts have been taken, by it or by others that were done with theirs.
  private final class Queue: Sendable {
    let taken = Atomic(0)
  }

  private typealias Body = (_ part: Int, _ worker: Int) -> Void

  private let isTaken = Atomic(false)
  private let isOpen = Atomic(false)
  private let generation = Atomic(0)
  private let inside = Atomic(0)
  private let asleep = Atomic(0)
  private let started = Atomic(0)
  nonisolated(unsafe) private var job: Job?
  nonisolated(unsafe) private var queues: [Queue] = []
  nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
  /// Runs that are still left to the caller alone, and how many it will be next time.
  private let aloneFor = Atomic(0)
  private let penalty = Atomic(16)

  private init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// Calls `body` for each part, from up to `threads` threads at once; `worker` is below `threads` and no two parts that
  /// run at the same time have the same.
  func run(parts: Int, threads: Int, _ body: (_ part: Int, _ worker: Int) -> Void) {
    let helpers = min(threads, parts) - 1
    guard helpers > 0, mayHelp(threads), isTaken.exchange(true, ordering: .sequentiallyConsistent) == false
    else {
      for part in 0..<parts { body(part, 0) }
      return
    }
    start(upTo: helpers)
    let begun = nanoseconds()
    withoutActuallyEscaping(body) { body in
      var body: Body = body
      withUnsafeMutablePointer(to: &body) { pointer in
        let job = newJob(UnsafeMutableRawPointer(pointer), parts, threads: helpers + 1)
        self.job = job
        isOpen.store(true, ordering: .sequentiallyConsistent)
        generation.add(1, ordering: .sequentiallyConsistent)
        if asleep.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        takeParts(pointer.pointee, job, worker: 0)
        isOpen.store(false, ordering: .sequentiallyConsistent)
        awaitOthers(begun)
      }
    }
    isTaken.store(false, ordering: .sequentiallyConsistent)
  }

  /// Whether others should help this time. A caller that asks for more threads than there are processors wants them all
  /// the same: it is a test.
  private func mayHelp(_ threads: Int) -> Bool {
    if threads > WorkerPool.processors { return true }
    let left = aloneFor.load(ordering: .relaxed)
    guard left > 0 else { return true }
    aloneFor.store(left - 1, ordering: .relaxed)
    return false
  }

  private func newJob(_ body: UnsafeMutableRawPointer, _ parts: Int, threads: Int) -> Job {
    while queues.count < threads { queues.append(Queue()) }
    for queue in queues { queue.taken.store(0, ordering: .sequentiallyConsistent) }
    return Job(body: body, parts: parts, threads: threads, queues: queues)
  }

  /// Takes a thread's own parts, and then what is left of the others'.
  private func takeParts(_ body: Body, _ job: Job, worker: Int) {
    for owner in 0..<job.threads {
      let owner = (worker + owner) % job.threads
      let parts = job.parts(of: owner)
      while true {
        let part =
          parts.lowerBound + job.queues[owner].taken.add(1, ordering: .sequentiallyConsistent).oldValue
        if part >= parts.upperBound { break }
        body(part, worker)
      }
    }
  }

  /// Nanoseconds that a thread may hold its last part without being taken for one that is not running; where the work
  /// takes longer than that, half of the time that the caller worked.
  private static var longestWait: UInt64 { 1_000_000 }

  /// - Parameter start: when the work began, in nanoseconds.
  private func awaitOthers(_ start: UInt64) {
    var looks = 0
    var begun: UInt64 = 0
    while inside.load(ordering: .sequentiallyConsistent) > 0 {
      looks += 1
      if looks < 256 { continue }
      if begun == 0 { begun = nanoseconds() }
      sched_yield()
    }
    guard begun > 0 else { return }
    if nanoseconds() - begun > max(WorkerPool.longestWait, (begun - start) / 2) {
      let alone = penalty.load(ordering: .relaxed)
      aloneFor.store(alone, ordering: .relaxed)
      penalty.store(min(alone * 2, 512), ordering: .relaxed)
    } else {
      penalty.store(16, ordering: .relaxed)
    }
  }

  private func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private func wake() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// The threads' side.
extension WorkerPool {
  private func start(upTo helpers: Int) {
    while started.load(ordering: .sequentiallyConsistent) < helpers {
      let worker = started.add(1, ordering: .sequentiallyConsistent).newValue
      let context = Unmanaged.passRetained(Helper(pool: self, worker: worker)).toOpaque()
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(
        &thread, nil,
        { context in
          #if canImport(Glibc)
            guard let context else { return nil }
          #endif
          Unmanaged<Helper>.fromOpaque(context).takeRetainedValue().loop()
          return nil
        }, context)
      // Without the thread the caller takes its parts.
      if status != 0 { return Unmanaged<Helper>.fromOpaque(context).release() }
      pthread_detach(thread)
    }
  }

  private final class Helper: Sendable {
    let pool: WorkerPool
    let worker: Int

    init(pool: WorkerPool, worker: Int) {
      self.pool = pool
      self.worker = worker
    }

    func loop() {
      // Ctrl-C and its kin are the main thread's.
      var signals = sigset_t()
      sigfillset(&signals)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      var seen = 0
      while true {
        seen = pool.awaitWork(after: seen)
        pool.help(worker)
      }
    }
  }

  /// How often a thread looks for work before it goes to sleep: for about twenty microseconds.
  private static var looks: Int { 40_000 }

  private func awaitWork(after seen: Int) -> Int {
    for look in 1...WorkerPool.looks {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
      // Whoever gives the work out may have been put on the same processor.
      if look % 4096 == 0 { sched_yield() }
    }
    pthread_mutex_lock(mutex)
    asleep.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(condition, mutex) }
    asleep.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
    return generation.load(ordering: .sequentiallyConsistent)
  }

  private func help(_ worker: Int) {
    // Who is inside while the work is open is waited for.
    inside.add(1, ordering: .sequentiallyConsistent)
    defer { inside.subtract(1, ordering: .sequentiallyConsistent) }
    guard isOpen.load(ordering: .sequentiallyConsistent), let job, worker < job.threads else { return }
    takeParts(job.body.assumingMemoryBound(to: Body.self).pointee, job, worker: worker)
  }
}
