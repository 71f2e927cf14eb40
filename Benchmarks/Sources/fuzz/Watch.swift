import Foundation

/// Watches the worker of one reader: starts it again behind an input that ends it, ends it where an input takes too long, and
/// keeps both.
struct Watch {
  let fuzz: Fuzz
  private let state: String

  init(_ fuzz: Fuzz) throws {
    self.fuzz = fuzz
    try FileManager.default.createDirectory(atPath: fuzz.keep, withIntermediateDirectories: true)
    state = fuzz.keep + "/\(fuzz.reader)-\(fuzz.seed).state"
  }

  func run() throws -> Bool {
    let begun = ContinuousClock.now
    try? FileManager.default.removeItem(atPath: state)
    try? FileManager.default.removeItem(atPath: state + ".notes")
    var (start, failures, done) = (0, 0, 0)
    while start < fuzz.count {
      let worker = Process()
      worker.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      worker.arguments = [
        fuzz.reader, "--seed", "\(fuzz.seed)", "--count", "\(fuzz.count)", "--start", "\(start)", "--keep",
        fuzz.keep,
        "--state", state,
      ]
      try worker.run()
      let isStuck = wait(for: worker)
      let number = Progress.read(state)
      if !isStuck, worker.terminationReason == .exit, worker.terminationStatus <= 1 {
        done = fuzz.count
        break
      }
      failures += 1
      let why = isStuck ? "takes more than \(fuzz.limit) s" : "ends with \(worker.terminationStatus)"
      say(
        "\(fuzz.reader): input \(number) \(why); again: fuzz \(fuzz.reader) --seed \(fuzz.seed) --only \(number)"
      )
      start = number + 1
      done = start
      if failures >= 50 { break }
    }
    let notes = (try? String(contentsOfFile: state + ".notes", encoding: .utf8)) ?? ""
    let lines = notes.split(separator: "\n")
    for line in lines.prefix(50) { say("\(fuzz.reader): \(line)") }
    let seconds = (ContinuousClock.now - begun) / .seconds(1)
    say(
      "\(fuzz.reader): \(done) inputs, \(Int(Double(done) / max(seconds, 0.001))) a second, \(Progress.taken(state)) taken, "
        + "\(failures) without an answer, \(lines.count) notes")
    return failures == 0 && lines.isEmpty
  }

  /// Waits until a worker has ended, or has been at one input for too long: its own time counts, and the clock's only where it
  /// waits for something.
  ///
  /// - Returns: whether it was ended here.
  private func wait(for worker: Process) -> Bool {
    var (last, since, asleep) = (-1, 0.0, 0.0)
    while worker.isRunning {
      Thread.sleep(forTimeInterval: 0.2)
      guard let time = ProcessTime.of(worker.processIdentifier) else { continue }
      let number = Progress.read(state)
      if number != last { (last, since, asleep) = (number, time.seconds, 0) }
      asleep += time.isAsleep ? 0.2 : 0
      if time.seconds - since > fuzz.limit || asleep > 6 * fuzz.limit {
        kill(worker.processIdentifier, SIGKILL)
        worker.waitUntilExit()
        return true
      }
    }
    return false
  }
}

/// The number of the input that a worker is at, and how many were taken, in a file that both processes have in memory.
final class Progress {
  private let numbers: UnsafeMutablePointer<Int>

  init(_ path: String) throws {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    guard file >= 0, ftruncate(file, 16) == 0,
      let memory = mmap(nil, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
    else { throw FuzzError("\(path) cannot be written") }
    numbers = memory.bindMemory(to: Int.self, capacity: 2)
  }

  func begin(_ number: Int) { numbers[0] = number }
  func take() { numbers[1] += 1 }

  static func read(_ path: String) -> Int { value(path, 0) }
  static func taken(_ path: String) -> Int { value(path, 1) }

  private static func value(_ path: String, _ place: Int) -> Int {
    guard let data = FileManager.default.contents(atPath: path), data.count == 16 else { return 0 }
    return data.withUnsafeBytes { $0.load(fromByteOffset: place * 8, as: Int.self) }
  }
}
