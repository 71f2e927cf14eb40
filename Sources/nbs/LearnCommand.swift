import ArgumentParser
import Diagnostics
import Foundation
import Notebooks
import REPL
import Runner
import Sessions
import Terminal
import Walkthroughs

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "Take a walkthrough step by step, with exercises.",
    discussion: """
      Without a name it lists the walkthroughs and your progress. A folder of your own notebooks works \
      too: `nbs learn ./course` lists it, `nbs learn ./course/first.nbs` starts one. docs/learn.md says how to \
      write one and how to grade submitted notebooks.
      """)

  @Argument(help: "A walkthrough's name, a notebook, or a folder of notebooks.")
  var name: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Grade submitted notebooks, or those of folders, with the checks of the original.", valueName: "file"))
  var grade: [String] = []

  @Option(help: ArgumentHelp("Also write the grades as a CSV file.", valueName: "out.csv"))
  var csv: String?

  @Option(help: ArgumentHelp("Also write an HTML page for each notebook into a folder.", valueName: "folder"))
  var feedback: String?

  @Option(help: ArgumentHelp("The time limit in seconds for grading a notebook.", valueName: "seconds"))
  var timeout: Double = 60

  @Option(help: ArgumentHelp("Write the notebook without its solutions, for students.", valueName: "out.nbs"))
  var handout: String?

  @Flag(help: "Verify that each solution passes and each unchanged starter fails its check.")
  var verify = false

  /// What the program starts itself with to grade one file, so that whatever that file does is no danger to the
  /// others.
  @Flag(help: .private)
  var alone = false

  /// Where that file's answers save what they save.
  @Option(help: .private)
  var scratch: String?

  func validate() throws {
    guard timeout > 0, timeout <= 86400 else { throw ValidationError("--timeout takes seconds above 0.") }
    guard csv == nil || !grade.isEmpty else { throw ValidationError("--csv needs --grade.") }
    guard feedback == nil || !grade.isEmpty else { throw ValidationError("--feedback needs --grade.") }
    guard handout == nil || name != nil else {
      throw ValidationError("--handout needs the walkthrough: nbs learn xor --handout class.nbs")
    }
  }

  func run() throws {
    if alone { return try gradeAlone() }
    if !grade.isEmpty { return try refusing(gradeAll) }
    let shelf = try refusing { try Shelf(name) }
    show(shelf.mistakes)
    if shelf.walkthroughs.isEmpty { throw ExitStatus.usage }
    if verify { return try prove(shelf.walkthroughs) }
    if let handout {
      return try refusing {
        try OutputFile.check(handout, example: "class.nbs")
        try OutputFile.write(NotebookFormat.write(shelf.single().handout), to: handout)
      }
    }
    guard let walkthrough = shelf.chosen else { return list(shelf) }
    Signals.install()
    LearnREPL(
      walkthrough, store: store, terminal: Terminal(), interruption: Signals.interruption,
      makeSession: LearnCommand.makeSession
    ).run()
  }

  private var store: ProgressStore { ProgressStore(environment: ProcessInfo.processInfo.environment) }

  /// A session like that of a headless run.
  static func makeSession() -> Session {
    Session(interruption: Signals.interruption, environment: ProcessInfo.processInfo.environment)
  }

  // MARK: The parts of the job

  private func list(_ shelf: Shelf) {
    let rows = shelf.walkthroughs.map { walkthrough in
      (walkthrough.name, walkthrough.title, store.progress(in: walkthrough).words(for: walkthrough))
    }
    let first = rows.map(\.0.displayWidth).max() ?? 0
    let second = rows.map(\.1.displayWidth).max() ?? 0
    for (name, title, progress) in rows {
      Streams.say("  \(name.padded(to: first))  \(title.padded(to: second))  \(progress)\n")
    }
    if let name = rows.first?.0 { Streams.say("\nStart or continue one: nbs learn \(name)\n") }
  }

  private func prove(_ walkthroughs: [Walkthrough]) throws {
    var isProved = true
    for walkthrough in walkthroughs {
      let proof = Proof(of: walkthrough, makeSession: LearnCommand.makeSession)
      let count = proof.exercises.counted("exercise")
      let verdict = proof.problems.isEmpty ? "\(count), all right" : "wrong"
      Streams.say("\(walkthrough.name): \(verdict)\n")
      for problem in proof.problems { Streams.say("  \(problem)\n") }
      isProved = isProved && proof.problems.isEmpty
    }
    guard isProved else { throw ExitStatus.failedCell }
  }

  private func gradeAll() throws {
    // A name that means nothing is told once, before anything runs.
    let original = try name.map { try Shelf($0).single() }
    if let csv { try OutputFile.check(csv, example: "grades.csv") }
    var pages = try feedback.map { folder throws(Diagnostic) in try FeedbackPages(folder: folder) }
    let files = try Library.handedIn(grade)
    Signals.install()
    Signals.installEnding()
    Streams.outlive { Signals.interruption.request() }
    let sheet = GradeRun(original: original, timeLimit: timeout) { Signals.interruption.isRequested }.grade(
      files)
    Streams.say(sheet.text)
    if let csv { try OutputFile.write(sheet.csv, to: csv) }
    for row in sheet.rows { try pages?.write(row) }
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    guard sheet.isComplete else { throw ExitStatus.failedCell }
  }

  /// The most memory that grading a notebook may take: several are graded at once, and one that takes all there is would
  /// end the others.
  private static func limitMemory() {
    let machine = Int(ProcessInfo.processInfo.physicalMemory)
    let share = machine / 2 / ProcessInfo.processInfo.activeProcessorCount
    let bytes = rlim_t(min(max(share, 1 << 30), 4 << 30))
    var limit = rlimit()
    guard getrlimit(Int32(RLIMIT_DATA.rawValue), &limit) == 0, limit.rlim_cur > bytes else { return }
    limit.rlim_cur = bytes
    setrlimit(Int32(RLIMIT_DATA.rawValue), &limit)
  }

  private func gradeAlone() throws {
    let shelf = try Shelf(name)
    guard case .success(let notebook) = Library.read(grade.first ?? "") else { throw ExitStatus.usage }
    // The process ends there, whatever it is doing.
    alarm(UInt32(timeout.rounded(.up)))
    LearnCommand.limitMemory()
    let encoder = JSONEncoder()
    let folder = scratch ?? FileManager.default.temporaryDirectory.path + "/nbs-grade-\(getpid())"
    Grader(try shelf.single(), scratchFolder: folder, makeSession: LearnCommand.makeSession).grade(notebook) {
      grade in
      guard let line = try? encoder.encode(grade) else { return }
      Streams.write(String(decoding: line, as: UTF8.self) + "\n")
    }
  }
}
