import Notebooks
import Sessions
import Testing

@testable import Walkthroughs

/// Notebooks that were handed in, held against the original.
@Suite struct GradingTests {
  private func verdicts(_ handedIn: String) throws -> [ExerciseGrade.Verdict] {
    try grades(handedIn).map(\.verdict)
  }

  private func grades(_ handedIn: String) throws -> [ExerciseGrade] {
    var grades: [ExerciseGrade] = []
    let original = Walkthrough(name: "course", notebook: try read(course))
    Grader(original, makeSession: { Session() }).grade(try read(handedIn)) { grades.append($0) }
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
    #expect(grades[0].message == "b should be two the left side is 3.")
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

  @Test func codeAddedBehindTheExerciseBelongsToIt() throws {
    let answered = course.replacing("\nb = a\n", with: "\nhalf = 1\n\n# %% Mine\nb = 2 * half\n")
    #expect(try verdicts(answered) == [.passed, .untouched])
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
