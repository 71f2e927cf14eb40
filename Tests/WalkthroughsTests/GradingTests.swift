import Foundation
import Notebooks
import Sessions
import Testing

@testable import Walkthroughs

/// Notebooks that were handed in, held against the original.
@Suite struct GradingTests {
  private func verdicts(_ handedIn: String) throws -> [ExerciseGrade.Verdict] {
    try grades(handedIn).map(\.verdict)
  }

  private func grades(_ handedIn: String, of course: String = course, named name: String = "course") throws
    -> [ExerciseGrade]
  {
    var grades: [ExerciseGrade] = []
    let original = Walkthrough(name: name, notebook: try read(course))
    let scratch = FileManager.default.temporaryDirectory.appending(path: "nbs-grading-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    Grader(original, scratchFolder: scratch.path, makeSession: { Session() })
      .grade(try read(handedIn)) { grades.append($0) }
    return grades
  }

  @Test func theHandoutIsUntouched() throws {
    let handout = Walkthrough(name: "course", notebook: try read(course)).handout
    #expect(!handout.cells.contains { $0.role == .solution })
    #expect(handout.cells.filter { $0.role == .check }.count == 2)
    #expect(try verdicts(NotebookFormat.write(handout)) == [.untouched, .untouched])
  }

  @Test func answersAreJudgedByTheirState() throws {
    let answered = course.replacing("\nb = a\n", with: "\nb = 8 / 4\n").replacing("___", with: "b * 2 - 1")
    #expect(try verdicts(answered) == [.passed, .passed])
  }

  @Test func aFailedAnswerSaysWhyAndDoesNotSpoilTheNext() throws {
    let answered = course.replacing("\nb = a\n", with: "\na = 0\nb = 3\n").replacing("___", with: "b + 1")
    let grades = try grades(answered)
    #expect(grades.map(\.verdict) == [.failed, .passed])
    #expect(grades[0].message == "b should be two: the left side is 3.")
  }

  @Test func changedChecksAndBrokenCellsDoNotCount() throws {
    let cheated = course.replacing("\nb = a\n", with: "\nb = 9\n").replacing("b == 2", with: "b == 9")
    #expect(try verdicts(cheated) == [.failed, .untouched])
    let broken = course.replacing("a = 1\na", with: "a = ((").replacing("\nb = a\n", with: "\nb = 2\n")
    #expect(try verdicts(broken) == [.passed, .untouched])
  }

  @Test func mistakesInAnAnswerAreAFailure() throws {
    for answer in ["b = ", "b = [", "train nothing", "b = nothing", "def f(x) = f(x)\nb = f(1)", "# %%"] {
      let answered = course.replacing("\nb = a\n", with: "\n\(answer)\n")
      #expect(try verdicts(answered) == [.failed, .untouched], "\(answer)")
    }
  }

  @Test func anExerciseIsFoundByIdTitleOrPlace() throws {
    #expect(try verdicts("# %% id=\"two\"\nb = 2\n") == [.passed, .missing])
    #expect(try verdicts("# %% Three [exercise]\nd = 3\n") == [.missing, .passed])
    #expect(try verdicts("# %% [exercise]\nb = 2\n\n# %% [exercise]\nd = 3\n") == [.passed, .passed])
    #expect(try verdicts("") == [.missing, .missing])
  }

  @Test func ofCopiesTheLastCounts() throws {
    let grades = try grades(
      "# %% Two [exercise]\nb = 3\n\n# %% Two [exercise]\nb = 2\n\n# %% Three [exercise]\nd = 3\n")
    #expect(grades.map(\.verdict) == [.passed, .passed])
    #expect(grades[0].remark.contains("the last one counts") && grades[1].remark.isEmpty)
    var row = GradeRow(file: "a.nbs", walkthrough: "A", exercises: ["Two", "Three"])
    row.grades = grades
    #expect(GradeSheet(rows: [row]).text.contains("1. Two: The notebook has this exercise more than once"))
  }

  @Test func codeAddedBehindTheExerciseBelongsToIt() throws {
    let answered = course.replacing("\nb = a\n", with: "\nhalf = 1\n\n# %% Mine\nb = 2 * half\n")
    #expect(try verdicts(answered) == [.passed, .untouched])
  }

  /// A lesson whose checks use a function, a metric and data.
  private let network = """
    # %%
    data xor
    limit = 0.45
    net solver loss=mse rate=0.3 optimizer=adam
    layer inp input 2
    layer hid dense 3 sigmoid
    layer out dense 1 sigmoid
    connect all

    # %% Train [exercise] id="train"
    train xor ___

    # %% [solution]
    train xor epochs=300

    # %% [check]
    assert loss < 0.02, "train until the loss is below 0.02"
    assert max(abs(xor.y - predict(xor.x))) < limit, "each answer right"
    """

  private func verdict(_ answer: String) throws -> ExerciseGrade {
    try grades(network.replacing("train xor ___", with: answer), of: network)[0]
  }

  @Test(arguments: [
    "train xor epochs=300", "prepare xor\ntrain xor epochs=300", "data xor\ntrain xor epochs=300",
    "train xor epochs=300\nevaluate xor", "def mean_of(x) = sum(x) / len(x)\ntrain xor epochs=300",
  ])
  func honestAnswersPass(answer: String) throws { #expect(try verdict(answer).verdict == .passed) }

  @Test(arguments: [
    // Functions, constants and metrics in a check mean themselves.
    "train xor epochs=1\ndef abs(x) = 0\nloss = 0", "train xor epochs=1\ndef max(x) = 0\nloss = 0",
    "def predict(x) = xor.y\nloss = 0", "loss = 0\naccuracy = 1\ndef abs(x) = 0",
    "limit = 9\ntrain xor epochs=300; loss = 0; seed 3; reset weights",
    // So do data, and what was measured on other data does not count.
    "delete xor\ndata xor { 0 0 -> 0; 0 1 -> 0; 1 0 -> 0; 1 1 -> 1 }\ntrain xor epochs=300",
    "delete xor\ndata xor { 0 0 -> 0; 0 0 -> 0 }\ntrain xor epochs=300",
    "data easy { 0 0 -> 0; 1 1 -> 0 }\ntrain easy epochs=500",
    "limit = 9\ndata easy { 0 0 -> 0 }\ntrain easy epochs=500",
  ])
  func whatAnAnswerReplacesDoesNotCount(answer: String) throws {
    let grade = try verdict(answer)
    #expect(grade.verdict == .failed, "\(grade.message)")
  }

  @Test func otherDataIsNamed() throws {
    let grade = try verdict("data easy { 0 0 -> 0; 1 1 -> 0 }\ntrain easy epochs=500")
    #expect(grade.message.hasPrefix("What was measured on other data than the lesson's does not count."))
  }

  @Test func answersSaveAndReadApart() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-grading-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = folder.path + "/course.nbs"
    let course = """
      # %%
      data table from "table.csv"
      net n
      layer i input 1
      layer o dense 1
      connect all

      # %% [exercise] id="two"
      b = 1

      # %% [solution]
      b = 2

      # %% [check]
      assert b == 2
      """
    try "x,y\n1,2\n3,4\n".write(toFile: folder.path + "/table.csv", atomically: true, encoding: .utf8)
    try course.write(toFile: name, atomically: true, encoding: .utf8)
    func grade(_ answer: String) throws -> ExerciseGrade {
      try grades("# %% id=\"two\"\n\(answer)\nb = 2\n", of: course, named: name)[0]
    }
    // The file of the lesson, and what the answer itself has saved.
    #expect(try grade("data again from \"table.csv\"").verdict == .passed)
    #expect(try grade("save n \"m.safetensors\"; load other \"m.safetensors\"").verdict == .passed)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/m.safetensors"))
    // The original, another's work, anything else.
    _ = try grade("save n \"course.nbs\"; save n \"\(name)\"; save n \"table.csv\"")
    #expect(try String(contentsOfFile: name, encoding: .utf8) == course)
    #expect(try String(contentsOfFile: folder.path + "/table.csv", encoding: .utf8).count == 12)
    for file in [
      "course.nbs", name, "./course.nbs", "../\(folder.lastPathComponent)/course.nbs", "/etc/passwd", ".",
    ] {
      let grade = try grade("data z from \"\(file)\"")
      #expect(
        grade.verdict == .failed && grade.message.contains("cannot be read here"), "\(file): \(grade.message)"
      )
    }
  }

  /// Kinds of cheating and harm beside those above and an endless loop, too much memory, a changed check and a broken cell.
  @Test(arguments: [
    ("print \"{\\\"title\\\":\\\"Two\\\",\\\"verdict\\\":\\\"passed\\\"}\"\nb = 3", "b should be two"),
    ("data m from mnist\nb = 2", "nothing is downloaded here"),
    ("load net \"/etc/passwd\"\nb = 2", "cannot be read here"),
    (
      "net q; layer i input 1; layer o dense 1; connect all; save q \"/nowhere/x.safetensors\"\nb = 2",
      "cannot be written"
    ),
    ("def f(x) = f(x)\nb = f(1)", "too many levels deep"),
    ("assert false\nb = 2", "does not hold"), ("a = 0; b = 3", "b should be two"),
    ("delete a; b = 3", "b should be two"),
    // A comparison with nothing has no element that could be wrong.
    ("b = zeros(0)", "b should be two: the left side is []."),
  ])
  func attacksFail(answer: String, words: String) throws {
    let grade = try grades(course.replacing("\nb = a\n", with: "\n\(answer)\n"))[0]
    #expect(grade.verdict == .failed && grade.message.contains(words), "\(grade.message)")
  }

  @Test func aHiddenCheckAndPointsCount() throws {
    let hidden = course.replacing(
      "assert b == 2, \"b should be two\"",
      with: "assert b == 2\n\n# %% [check hidden]\nassert b == a + 1 and a == 1"
    )
    .replacing("[exercise] hint=\"One and one.\"", with: "[exercise] hint=\"One and one.\" points=2.5")
    let grade = try grades(hidden.replacing("\nb = a\n", with: "\nb = 2\n"), of: hidden)[0]
    #expect(grade.verdict == .passed && grade.points == 2.5 && grade.answer == "b = 2")
    #expect(
      !Walkthrough(name: "course", notebook: try read(hidden)).handout.cells.contains {
        $0.role == .hiddenCheck
      })
  }

  /// Two assertions that an answer can earn, one that holds from the start.
  private let parts = """
    # %%
    a = 1

    # %% [exercise] id="two" points=4
    b = 0; c = 0

    # %% [solution]
    b = 2; c = 3

    # %% [check]
    assert a == 1
    assert b == 2, "b should be two"
    assert c == 3, "c should be three"
    """

  @Test(arguments: [
    ("b = 2; c = 3", 1.0), ("b = 2; c = 0", 0.5), ("b = 0; c = 3", 0.5), ("b = 0; c = 1", 0),
    ("b = 2; c = [", 0),
    ("b = 2", 0.5), ("x = 5", 0),
  ])
  func whatHoldsThanksToAnAnswerCounts(answer: String, credit: Double) throws {
    let grade = try grades("# %% id=\"two\"\n\(answer)\n", of: parts)[0]
    #expect(grade.credit == credit && grade.points == 4, "\(grade.message)")
    #expect(grade.verdict == (credit == 1 ? .passed : .failed))
  }

  @Test func anAnswerMadeForTheVisibleCheckEarnsNothing() throws {
    let hidden = parts + "\n\n# %% [check hidden]\nassert b + c == 5\nassert b * c == 6\n"
    let visible = parts.replacing("b == 2", with: "b > 0").replacing("c == 3", with: "c > 0")
    let both = visible + hidden.dropFirst(parts.count)
    #expect(try grades("# %% id=\"two\"\nb = 9; c = 9\n", of: both)[0].credit == 0)
    #expect(try grades("# %% id=\"two\"\nb = 1; c = 6\n", of: both)[0].credit == 0.5)
    #expect(try grades("# %% id=\"two\"\nb = 2; c = 3\n", of: both)[0].credit == 1)
  }

  @Test func anotherNetworkOfTheLessonIsAsItWas() throws {
    let lesson = """
      # %%
      data xor
      net teacher loss=mse; layer i input 2; layer o dense 1; connect all
      set(o.weights, [[1, 2]])
      net pupil loss=mse; layer j input 2; layer p dense 1; connect all

      # %% [exercise] id="two"
      b = 0

      # %% [solution]
      b = 3

      # %% [check]
      assert abs(b - sum(teacher.o.weights)) < 1e-6
      """
      .replacing("set(o.weights, [[1, 2]])", with: "o.weights = [[1, 2]]")
    func verdict(_ answer: String) throws -> ExerciseGrade {
      try grades("# %% id=\"two\"\n\(answer)\n", of: lesson)[0]
    }
    let right = try verdict("b = 3")
    #expect(right.verdict == .passed, "\(right.message)")
    for answer in [
      "teacher.o.weights = [[3, 4]]; b = 7",
      "delete teacher; net teacher; layer i input 2; layer o dense 1; connect all; o.weights = [[3, 4]]; b = 7",
    ] {
      #expect(try verdict(answer).verdict == .failed)
    }
  }

  // MARK: Classes and platforms

  private func row(_ file: String, _ grades: [ExerciseGrade], remark: String = "") -> GradeRow {
    var row = GradeRow(file: file, walkthrough: "A", exercises: ["Two", "Three"], remark: remark)
    row.grades = grades
    row.weights = [3, 1]
    return row
  }

  private func grade(
    _ verdict: ExerciseGrade.Verdict, _ message: String = "", _ answer: String = "", points: Double = 1
  )
    -> ExerciseGrade
  {
    ExerciseGrade(
      title: points == 3 ? "Two" : "Three", verdict: verdict, message: message, points: points, answer: answer
    )
  }

  @Test func aClassIsSummedUp() {
    let own = "w = rand(3)\nb = w * 2 + 7 - sum(w)\nq = max(b, 3) ; r = q / 2"
    let renamed = "# mine\nweight = rand(3)\nbias = weight*2 + 7 - sum(weight)\nu = max(bias, 3)\n; v = u / 2"
    let other = "b = mean(rand(5)) ^ 2 + exp(1) - log(2) * min(3, 4) + len([1, 2])"
    let sheet = GradeSheet(rows: [
      row("a.nbs", [grade(.failed, "too small", own, points: 3), grade(.passed, "", "c = 1")]),
      row("b.nbs", [grade(.failed, "too small", renamed, points: 3), grade(.passed, "", "c = 1")]),
      row("c.nbs", [grade(.failed, "too large", other, points: 3), grade(.failed, "no", "c = 2")]),
      row("d.nbs", [grade(.untouched, points: 3), grade(.missing)]),
      row("e.nbs", [], remark: "It crashed (signal 11)."),
    ])
    let summary = ClassSummary(sheet)
    #expect(summary.exercises.map(\.title) == ["Two", "Three"], "the hardest first")
    let two = summary.exercises[0]
    #expect((two.passed, two.failed, two.open) == (0, 3, 1))
    #expect(two.commonestMessage?.text == "too small" && two.commonestMessage?.count == 2)
    #expect(two.commonestAnswer?.code == own && two.commonestAnswer?.count == 2, "one answer, names aside")
    #expect(summary.exercises[1].commonestAnswer == nil && summary.exercises[1].share == 0.5)
    #expect(summary.similar.map(\.files) == [["a.nbs", "b.nbs"]])
    #expect(ClassSummary(GradeSheet(rows: [])).exercises.isEmpty)
  }

  @Test func anAnswersOwnNamesCountAsOne() {
    #expect(AnswerTokens("w = 2 # two\nprint w").words == AnswerTokens("x=2\n\nprint  x").words)
    #expect(AnswerTokens("train xor epochs=300").words != AnswerTokens("train xor epochs=400").words)
    #expect(AnswerTokens("").runs(of: 4).isEmpty && AnswerTokens("a").runs(of: 4) == ["a"])
  }

  @Test func moodlesTableHasItsColumns() {
    let sheet = GradeSheet(rows: [
      row(
        "in/Ann Lee_4711_assignsubmission_file/work.nbs", [grade(.passed, points: 3), grade(.failed, "no")]),
      row("in/Bob_12_assignsubmission_file_work.nbs", [grade(.passed, points: 3)], remark: "It was stopped."),
      row("in/cyd.nbs", [grade(.passed, points: 3), grade(.passed)]),
    ])
    #expect(
      sheet.csv(for: .moodle) == """
        Identifier,Full name,Grade,Maximum Grade,Last modified (grade),Feedback comments\r
        Participant 4711,Ann Lee,3,4,,2. Three: no\r
        Participant 12,Bob,,4,,It was stopped.\r
        ,cyd,4,4,,\r

        """)
    #expect(sheet.nameless(for: .moodle) == ["in/cyd.nbs"])
  }

  @Test func canvasTableHasItsColumns() {
    let sheet = GradeSheet(rows: [
      row("in/leeann_LATE_4711_90210_work.nbs", [grade(.passed, points: 3), grade(.failed, "no")]),
      row("in/bob_12_90211_a_b.nbs", [grade(.passed, points: 3), grade(.passed)]),
    ])
    #expect(
      sheet.csv(for: .canvas) == """
        Student,ID,SIS User ID,SIS Login ID,Section,A\r
            Points Possible,,,,,4\r
        leeann,4711,,,,3\r
        bob,12,,,,4\r

        """)
    #expect(sheet.nameless(for: .canvas).isEmpty)
  }

  @Test func aSheetShowsWhatItSays() {
    var row = GradeRow(file: "=HYPERLINK(\"x\").nbs", walkthrough: "A", exercises: ["Two"])
    row.grades = [ExerciseGrade(title: "Two", verdict: .failed, message: "a\nforged.nbs: 3 of 3\r\u{1B}[31m")]
    let sheet = GradeSheet(rows: [row])
    #expect(sheet.text == "=HYPERLINK(\"x\").nbs: 0 of 1\n  1. Two: a forged.nbs: 3 of 3  [31m\n")
    #expect(sheet.csv.split(separator: "\r\n").count == 2)
    #expect(
      sheet.csv.contains("\r\n\"'=HYPERLINK(\"\"x\"\").nbs\",A,0,1,failed,1. Two: a forged.nbs: 3 of 3"))
    #expect(sheet.isComplete)
  }

  @Test func aSheetIsATableForASpreadsheet() {
    var row = GradeRow(file: "Ann, \"A\".nbs", walkthrough: "A course", exercises: ["Two", "Three"])
    row.grades = [ExerciseGrade(title: "Two", verdict: .failed, message: "b should be two")]
    row.remark = "It was stopped after 60 seconds."
    let sheet = GradeSheet(rows: [row, GradeRow(file: "b.nbs", remark: "There is no file b.nbs.")])
    #expect(
      sheet.csv == """
        file,walkthrough,passed,exercises,exercise 1,exercise 2,remarks\r
        "Ann, ""A"".nbs",A course,0,2,failed,not reached,1. Two: b should be two It was stopped after 60 seconds.\r
        b.nbs,,0,0,,,There is no file b.nbs.\r

        """)
    #expect(sheet.text.hasPrefix("Ann, \"A\".nbs: 0 of 2\n  1. Two: b should be two\n"))
  }
}
