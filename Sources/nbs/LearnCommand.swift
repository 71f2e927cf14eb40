import ArgumentParser
import Diagnostics
import Foundation
import Localization
import Notebooks
import REPL
import Rendering
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

  @Option(
    help: ArgumentHelp(
      "Write that CSV file for a learning platform: moodle or canvas.", valueName: "platform"),
    transform: LearnCommand.platform)
  var csvFor: GradePlatform?

  @Option(
    help: ArgumentHelp(
      "Also write an HTML page about the class: hard exercises, common mistakes, similar answers.",
      valueName: "out.html"))
  var classPage: String?

  @Option(help: ArgumentHelp("Also write an HTML page for each notebook into a folder.", valueName: "folder"))
  var feedback: String?

  @Option(help: ArgumentHelp("The time limit in seconds for grading a notebook.", valueName: "seconds"))
  var timeout: Double = 60

  @Option(help: ArgumentHelp("Write the notebook without its solutions, for students.", valueName: "out.nbs"))
  var handout: String?

  @Flag(help: "Run answers with your own rights: for systems that cannot confine them.")
  var unconfined = false

  @Flag(help: "Verify that each solution passes and each unchanged starter fails its check.")
  var verify = false

  /// What the program starts itself with to grade one file, so that whatever that file does is no danger to the
  /// others.
  @Flag(help: .private)
  var alone = false

  private static func platform(_ name: String) throws -> GradePlatform {
    if let platform = GradePlatform(rawValue: name) { return platform }
    let names = GradePlatform.allCases.map(\.rawValue).joined(separator: " or ")
    throw ValidationError("--csv-for takes \(names), not \(name).")
  }

  func validate() throws {
    guard timeout > 0, timeout <= 86400 else { throw ValidationError("--timeout takes seconds above 0.") }
    guard csv == nil || !grade.isEmpty else { throw ValidationError("--csv needs --grade.") }
    guard csvFor == nil || csv != nil else {
      throw ValidationError("--csv-for needs the file: --csv grades.csv")
    }
    guard classPage == nil || !grade.isEmpty else { throw ValidationError("--class-page needs --grade.") }
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
    if let name = rows.first?.0 {
      Streams.say("\n" + localized("Start or continue one: nbs learn \(name)") + "\n")
    }
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
    if let classPage { try OutputFile.check(classPage, example: "class.html") }
    var pages = try feedback.map { folder throws(Diagnostic) in try FeedbackPages(folder: folder) }
    let files = try Library.handedIn(grade)
    guard Confinement.isAvailable || unconfined else {
      throw refuse(
        "This system cannot confine what it runs (that takes Landlock and seccomp, Linux 5.13 or newer), so the "
          + "answers would run with your rights. To accept that, add --unconfined.")
    }
    Signals.install()
    Signals.installEnding()
    Streams.outlive { Signals.interruption.request() }
    let run = try GradeRun(
      original: original, timeLimit: timeout, isConfined: Confinement.isAvailable && !unconfined
    ) {
      Signals.interruption.isRequested
    }
    let sheet = run.grade(files)
    Streams.say(sheet.text)
    if let csv { try OutputFile.write(csvFor.map(sheet.csv) ?? sheet.csv, to: csv) }
    if let csvFor { tellNameless(sheet.nameless(for: csvFor), csvFor) }
    if let classPage { try OutputFile.write(ClassPage.page(of: sheet).html(), to: classPage) }
    for row in sheet.rows { try pages?.write(row) }
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    guard sheet.isComplete else { throw ExitStatus.failedCell }
  }

  private func tellNameless(_ files: [String], _ platform: GradePlatform) {
    guard let first = files.first else { return }
    let others = files.count == 1 ? "" : " and \((files.count - 1).counted("other file"))"
    Streams.writeError(
      "nbs: The name of \(first)\(others) does not say who handed it in: keep the names of files and folders that "
        .sanitized() + "\(platform.rawValue.capitalized) gives a download. Their rows have no number.\n")
  }

  private func gradeAlone() throws {
    let encoder = JSONEncoder()
    do {
      let job = try JSONDecoder().decode(GradeJob.self, from: FileHandle.standardInput.readToEnd() ?? Data())
      // Answers' code finds nothing of it.
      close(STDIN_FILENO)
      _ = open("/dev/null", O_RDONLY)
      try job.run(makeSession: LearnCommand.makeSession) { grade in
        guard let line = try? encoder.encode(grade) else { return }
        Streams.write(String(decoding: line, as: UTF8.self) + "\n")
      }
    } catch let refusal as Confinement.Refusal {
      throw refuse(refusal.message)
    } catch let mistake as Diagnostic {
      throw refuse(mistake.message)
    }
  }
}
