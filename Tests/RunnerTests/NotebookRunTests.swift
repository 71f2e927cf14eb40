import Diagnostics
import Foundation
import Foundations
import Language
import Notebooks
import Outputs
import Runner
import Sessions
import Testing

/// A notebook from top to bottom: what goes on, what stops it, and when.
@Suite(.timeLimit(.minutes(1))) struct NotebookRunTests {
  private func notebook(_ text: String) throws -> Notebook {
    try #require(NotebookFormat.read(text, name: "test.nbs").notebook)
  }

  private func run(
    _ text: String, _ options: NotebookRun.Options = .init(), session: Session = Session()
  ) throws -> NotebookRun {
    NotebookRun.run(try notebook(text), name: "test.nbs", in: session, options: options) { _ in }
  }

  private func words(_ run: NotebookRun) -> [String] {
    run.results.map { result in
      switch result.outcome {
      case .done: "done"
      case .failed(let diagnostic), .timedOut(let diagnostic): diagnostic.code.rawValue
      case .interrupted: "interrupted"
      case nil: "-"
      }
    }
  }

  @Test func theOtherCellsOfAHandoutRun() throws {
    let text = """
      a = 1
      # %% One [exercise]
      b = ___
      # %% [check]
      assert b == 2
      # %%
      print a
      # %%
      print c
      # %%
      print a
      """
    #expect(words(try run(text)) == ["done", "unfilled-blank", "-", "done", "unknown-name", "-"])
    let handout = try notebook(text.replacing("print c", with: "print a"))
    let file = NotebookCheck(handout, name: "test.nbs", names: Session().knownNames)
    #expect(file.mistakes.isEmpty, "and nothing keeps it from being begun")
    let run = NotebookRun.run(handout, name: "test.nbs", in: Session()) { _ in }
    #expect(words(run) == ["done", "unfilled-blank", "-", "done", "done", "done"])
    guard case .failed = run.outcome else { return #expect(Bool(false), "it is not solved") }
    #expect(words(try self.run("b = ___\n# %%\nprint 1")) == ["unfilled-blank", "-"], "no exercise")
  }

  private static let loop = "repeat 1e12 { x = 1 }"
  private static let training = """
    data xor
    net n; layer i input 2; layer h dense 3 sigmoid; layer o dense 1 sigmoid; connect all
    train xor epochs=1_000_000_000
    """
  private static let recursion = "def f(n) { if n < 1 { 1 } else { f(n - 1) + f(n - 1) } }\nf(80)"

  @Test(arguments: [loop, training, recursion]) func aCellHasItsTime(source: String) throws {
    let text = "# %% timeout=\"100ms\"\n\(source)\n# %%\nprint 1\n"
    let first = try run(text)
    #expect(words(first) == ["time-limit", "-"])
    guard case .timedOut = first.outcome else { return #expect(Bool(false), "\(first.outcome)") }
    #expect(words(try run(text, .init(keepsGoing: true))) == ["time-limit", "done"])
    let session = Session()
    _ = try run(text, session: session)
    #expect(!session.interruption.isRequested, "nothing is left of it")
  }

  @Test func aRunHasItsTimeAndThenNothingGoesOn() throws {
    let text = "# %%\n\(Self.loop)\n# %%\nprint 1\n"
    let run = try run(text, .init(keepsGoing: true, timeLimit: 0.1))
    #expect(words(run) == ["time-limit", "-"])
  }

  @Test func aCellsOwnTimeCountsMoreThanTheRuns() throws {
    let text = "# %% timeout=60\nx = 0\nrepeat 20_000 { x += 1 }\n# %%\n\(Self.loop)\n"
    #expect(words(try run(text, .init(cellTimeLimit: 0.05))) == ["done", "time-limit"])
  }

  @Test func whatTheUserStopsStaysStopped() throws {
    let session = Session()
    session.interruption.request()
    let run = try run("repeat 3 { x = 1 }\n# %%\nprint 1\n", .init(keepsGoing: true), session: session)
    #expect(words(run) == ["interrupted", "-"])
  }

  @Test(arguments: [
    (ErrorCode.unknownOption, "train xor epoch=3", "done"), (.assertionFailed, "assert 1 > 2", "done"),
    (.unfinished, "repeat 3 {", "done"), (.timeLimit, "repeat 1e12 { x = 1 }", "done"),
    (.assertionFailed, "print 1", "other-error"), (.assertionFailed, "ones(2) @ ones(3)", "other-error"),
  ])
  func anExpectedErrorMustCome(code: ErrorCode, source: String, expected: String) throws {
    let text = "data xor\n# %% timeout=\"100ms\" expect_error=\"\(code)\"\n\(source)\n"
    let check = NotebookCheck(try notebook(text), name: "test.nbs", names: Session().knownNames)
    #expect(check.mistakes.isEmpty)
    #expect(words(try run(text)) == ["done", expected])
  }

  @Test func anotherErrorThanTheExpectedIsFoundBeforeTheRun() throws {
    let text = "# %% expect_error=\"unknown-option\"\ntrain nothing\n"
    let check = NotebookCheck(try notebook(text), name: "test.nbs", names: Session().knownNames)
    #expect(check.mistakes.map(\.diagnostic.code) == [.unknownData])
  }

  @Test func parametersComeFromOutside() throws {
    let text = "param a = 1\n# %% tags=[\"parameters\"]\nb = True\n# %%\nassert a == 5 and not b\n"
    let check = NotebookCheck(try notebook(text), name: "test.nbs", names: Session().knownNames)
    #expect(check.parameters.map(\.name.name) == ["a", "b"])
    let session = Session()
    session.setParameters(["a": .number(5), "b": .boolean(false)])
    #expect(words(try run(text, session: session)) == ["done", "done", "done"])
    #expect(session.facts.map(\.name) == ["parameter a", "parameter b", "seed"])
  }

  @Test func aParameterIsDeclaredOnce() throws {
    let text = "param a = 1\n# %%\nparam a = 2\n"
    let check = NotebookCheck(try notebook(text), name: "test.nbs", names: Session().knownNames)
    #expect(check.mistakes.map(\.diagnostic.code) == [.repeatedParameter])
    #expect(check.mistakes.map(\.cell.index) == [1])
  }
}
