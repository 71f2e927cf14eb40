/// How networks are computed. Threads change time alone; the precision decides on the bits.
public struct ExecutionOptions: Sendable, Equatable {
  /// How exact the numbers are.
  public var precision: Precision
  /// How many threads may work at once; as many as there are processors when nil.
  public var threads: Int?
  /// The processes that share the work; they change time alone.
  public var processes: Processes

  /// Creates options.
  public init(_ precision: Precision = .single, threads: Int? = nil, processes: Processes = Processes()) {
    self.processes = processes
    self.precision = precision
    self.threads = threads
  }

  /// How many threads work at once unless options say otherwise.
  public static var usualThreads: Int { WorkerPool.processors }

  /// How many threads to use.
  var threadCount: Int { max(1, threads ?? WorkerPool.processors) }
}
