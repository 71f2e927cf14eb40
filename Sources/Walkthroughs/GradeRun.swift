public import Diagnostics
import Foundation
import Foundations
import Notebooks
import Runner
import Sessions
import Synchronization

/// Grades what a class handed in: each file in a process of its own that has hardly any rights, as many at once as there are
/// processors.
public struct GradeRun: Sendable {
  private let original: Walkthrough?
  private let timeLimit: Double
  private let isConfined: Bool
  private let isCancelled: @Sendable () -> Bool
  /// The file of the original, read before anything runs; nil for a walkthrough that comes with the program.
  private let originalContents: Data?

  /// Prepares the grading.
  ///
  /// - Parameters:
  ///   - original: what was handed out; nil to find it by each notebook's title.
  ///   - timeLimit: the seconds that each notebook may take.
  ///   - isConfined: whether answers run without the rights of this process, which needs ``Confinement/isAvailable``.
  ///   - isCancelled: asked again and again; true ends the grading.
  /// - Throws: why the original cannot be read.
  public init(
    original: Walkthrough?, timeLimit: Double, isConfined: Bool,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Diagnostic) {
    self.original = original
    self.timeLimit = timeLimit
    self.isConfined = isConfined
    self.isCancelled = isCancelled
    originalContents = try original.flatMap { $0.isFile ? Library.contents(of: $0.name) : nil }?.get()
  }

  /// A file as it was when the grading began, and what it is graded against.
  private struct HandedIn: Sendable {
    let file: String
    let contents: Data
    let original: Walkthrough
  }

  /// Grades files, each as it is when the grading begins.
  public func grade(_ files: [String]) -> GradeSheet {
    let builtIn = original == nil ? Library.builtIn() : []
    let handedIn = files.map { read($0, builtIn) }
    // Answers have no network: what the lessons want of it is fetched before.
    let originals = Dictionary(
      handedIn.compactMap { try? $0.get().original }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    let words = originals.values.reduce(into: Set<String>()) { $0.formUnion($1.codeWords) }
    let folders = Session.fetchSets(among: words, environment: ProcessInfo.processInfo.environment)
    let rows = Mutex([Int: GradeRow]())
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      guard !isCancelled() else { return }
      let row =
        switch handedIn[index] {
        case .success(let found): grade(found, folders)
        case .failure(let mistake): GradeRow(file: files[index], remark: mistake.message)
        }
      rows.withLock { $0[index] = row }
    }
    return GradeSheet(rows: rows.withLock { rows in files.indices.compactMap { rows[$0] } })
  }

  /// - Parameter builtIn: the walkthroughs that come with the program, where no original is named.
  private func read(_ file: String, _ builtIn: [Walkthrough]) -> Result<HandedIn, Diagnostic> {
    Library.contents(of: file).flatMap { contents in
      Library.notebook(contents, file).flatMap { notebook in
        guard let original = original ?? Library.original(of: notebook, among: builtIn) else {
          return .failure(
            Diagnostic(
              .noNotebook, "No walkthrough has its title. Name the original: nbs learn xor --grade …"))
        }
        return .success(HandedIn(file: file, contents: contents, original: original))
      }
    }
  }

  private func grade(_ found: HandedIn, _ dataFolders: [String]) -> GradeRow {
    let (file, original) = (found.file, found.original)
    var row = GradeRow(file: file, walkthrough: original.title, exercises: original.exercises.map(\.title))
    row.weights = original.exercises.map { $0.code?.points ?? 1 }
    // What answers save goes there, and with it.
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-grade-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let scratch = folder.appending(path: "scratch")
    let input = folder.appending(path: "job.json").path
    let job = GradeJob(
      original: original.name, originalContents: originalContents, file: file, contents: found.contents,
      scratchFolder: scratch.path, timeLimit: timeLimit, readable: dataFolders, isConfined: isConfined)
    do {
      try FileManager.default.createDirectory(
        at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try JSONEncoder().encode(job).write(to: URL(fileURLWithPath: input))
    } catch {
      row.remark = "It could not be graded: \(folder.path) cannot be written."
      return row
    }
    // The process ends itself; whatever keeps it from that ends it here.
    let end = ContinuousClock.now + .seconds(timeLimit + 5)
    let process = ChildProcess(["learn", "--alone"], input: input) {
      isCancelled() || ContinuousClock.now > end
    }
    guard let process else {
      row.remark = "It could not be graded: the program could not be started again."
      return row
    }
    row.grades = process.output.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(ExerciseGrade.self, from: Data($0)) }
    row.remark = remark(on: process, isComplete: row.grades.count == row.exercises.count, isLate: .now > end)
    return row
  }

  /// What kept a notebook from being graded to its end; empty where nothing did.
  private func remark(on process: ChildProcess, isComplete: Bool, isLate: Bool) -> String {
    let late = "It was stopped after \(timeLimit.formatted()) second\(timeLimit == 1 ? "" : "s")."
    return switch process.ending {
    case .signalled(SIGALRM), .signalled(SIGXCPU): late
    case .signalled where isLate: late
    case .signalled(let signal): "It crashed (signal \(signal))."
    case .exited(0): isComplete ? "" : "Its grading ended too early."
    case .exited(let code):
      "Its grading failed (exit code \(code)). \(String(decoding: process.messages, as: UTF8.self).onOneLine)"
    }
  }
}
