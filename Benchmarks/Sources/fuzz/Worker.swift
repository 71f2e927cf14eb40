import Foundation

/// Reads one input after the other, and tells where it is.
struct Worker {
  private let fuzz: Fuzz
  private let progress: Progress?
  private let target: Target
  private let input: (Int, UInt64) -> (bytes: [UInt8], seed: Int)

  init(_ fuzz: Fuzz, state: String?) throws {
    self.fuzz = fuzz
    progress = try state.map { try Progress($0) }
    let folder = fuzz.keep + "/\(fuzz.reader)-\(fuzz.seed)-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    target = try Target(fuzz.reader, folder: folder)
    guard !target.seeds.isEmpty else { throw FuzzError("there are no files for \(fuzz.reader)") }
    let seeds = target.seeds.map(\.bytes)
    if fuzz.reader == "runs" {
      input = NotebookMaker(seeds).input
      // What a notebook may take is bounded by the system, as it is on a small machine.
      var room = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &room)
    } else {
      input = Mutator(form: target.form, seeds: seeds).input
    }
  }

  func run() throws -> Bool {
    defer { try? FileManager.default.removeItem(atPath: target.folder) }
    var peak = Worker.peakMemory
    for number in fuzz.start..<fuzz.count {
      progress?.begin(number)
      let begun = ProcessTime.now
      let input = input(number, fuzz.seed)
      let answer = target.read(input.bytes, of: target.seeds[input.seed], number: number)
      if case .taken = answer { progress?.take() }
      let seconds = ProcessTime.now - begun
      let memory = Worker.peakMemory
      if case .wrong(let why) = answer { note(number, why) }
      if seconds > fuzz.limit / 5 { note(number, "took \(seconds) s") }
      if memory - peak > 300, fuzz.reader != "runs" { note(number, "took \(memory - peak) MB") }
      peak = memory
    }
    return true
  }

  /// Reads one input again, or a file.
  func runOne(_ number: Int?, file: String?) throws -> Bool {
    let seed: Int
    let bytes: [UInt8]
    if let file {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw FuzzError("\(file) cannot be read")
      }
      (seed, bytes) = (0, Array(data))
    } else {
      (bytes, seed) = input(number ?? 0, fuzz.seed)
    }
    let kept = fuzz.keep + "/\(fuzz.reader)-\(fuzz.seed)-\(number ?? 0).\(target.seeds[seed].ending)"
    try Data(bytes).write(to: URL(fileURLWithPath: kept))
    say("made of \(target.seeds[seed].name), kept as \(kept)")
    let answer = target.read(bytes, of: target.seeds[seed], number: number ?? 0, tells: true)
    say("\(answer), peak memory \(Worker.peakMemory) MB")
    if case .wrong = answer { return false }
    return true
  }

  private func note(_ number: Int, _ what: String) {
    let line = "input \(number) \(what); again: fuzz \(fuzz.reader) --seed \(fuzz.seed) --only \(number)\n"
    let path = fuzz.keep + "/\(fuzz.reader)-\(fuzz.seed).state.notes"
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    _ = try? file.seekToEnd()
    file.write(Data(line.utf8))
    try? file.close()
  }

  /// The most memory that this process has had, in megabytes.
  private static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
