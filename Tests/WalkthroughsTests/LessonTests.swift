import Diagnostics
import Foundation
import Notebooks
import Outputs
import Sessions
import Testing

@testable import Walkthroughs

/// What a learner types, and what comes of it.
@Suite struct LessonTests {
  @Test func aStepIsProseThenCode() throws {
    let room = try Classroom()
    #expect(
      room.events == [
        .step(number: 1, of: 5, title: "Begin"), .prose("# Adding up"), .code("a = 1\na"),
      ])
    #expect(room.lesson.walkthrough.steps.map(\.isExercise) == [false, true, false, true, false])
  }

  @Test func aHeadlineIsSaidOnce() throws {
    let room = try Classroom(
      "# %% [markdown]\n# ## Sums\n#\n# Add.\n\n# %%\n1\n\n# %% [markdown]\n# # Sums\n\n# %%\n2\n")
    #expect(room.events == [.step(number: 1, of: 2, title: "Sums"), .prose("Add."), .code("1")])
    room.type("")
    #expect(room.events.suffix(2) == [.step(number: 2, of: 2, title: "Sums"), .code("2")])
  }

  @Test func enterRunsTheNextCell() throws {
    let room = try Classroom()
    room.type("")
    #expect(room.values == ["1"])
    #expect(room.lesson.place == 1)
    #expect(room.kept.last?.step == 1)
  }

  @Test func whatIsTypedRunsInTheSameSession() throws {
    let room = try Classroom()
    room.type("", "a + 41")
    #expect(room.values == ["1", "42"])
    #expect(room.lesson.place == 1, "typing is no step")
  }

  @Test func anUnfinishedCellAsksForMore() throws {
    let room = try Classroom()
    #expect(room.lesson.enter("repeat 2 {") == .line)
    #expect(room.lesson.enter("repeat 2 {\n  print 1\n}") == .entry)
  }

  @Test func aCheckLooksAtTheStateAndNotAtTheText() throws {
    let room = try Classroom()
    room.type("", "b = 7", "")
    guard case .notYet(let diagnostic)? = room.events.last else {
      Issue.record("the check should fail")
      return
    }
    #expect(diagnostic.message == "b should be two")
    #expect(diagnostic.notes == ["the left side is 7."])
    #expect(room.lesson.place == 1)
    room.type("b = 4; b = b / 2", "")
    #expect(room.events.contains(.note("Right.")))
    #expect(room.events.contains(.prose("So that is two.")))
    #expect(room.lesson.place == 2)
    #expect(room.kept.last?.solved == ["two"])
  }

  @Test func nothingIsCheckedBeforeAnythingIsTyped() throws {
    let room = try Classroom()
    room.type("", "")
    #expect(room.notes.last == "Type your code first. `hint` gives a hint, `skip` shows a solution.")
  }

  @Test func aCheckThatMissesANameSaysWhich() throws {
    let room = try Classroom()
    room.type("", "a", "")
    guard case .notYet(let diagnostic)? = room.events.last else {
      Issue.record("the check should fail")
      return
    }
    #expect(diagnostic.message.contains("`b`"))
  }

  @Test func aHintHelps() throws {
    let room = try Classroom()
    room.type("hint")
    #expect(room.notes == ["This is not an exercise; Enter goes on."])
    room.type("", "hint")
    #expect(room.notes.last == "One and one.")
    room.type(":hint")
    #expect(room.notes == ["One and one."])
  }

  @Test func hintsComeOneAfterTheOther() throws {
    let room = try Classroom(
      "# %% Two [exercise] hint=[\"A sum.\",\"One and one.\"]\nb = 0\n\n# %% [check]\nassert b == 2\n")
    room.type("hint")
    #expect(room.notes.last == "Hint 1 of 2: A sum.")
    room.type("b = 3", "hint")
    #expect(room.notes.last == "Hint 2 of 2: One and one.")
    room.type("hint")
    #expect(room.notes.last == "Hint 2 of 2: One and one.")
  }

  @Test func theMissingLineIsEnough() throws {
    let loop = """
      # %%
      a = 1

      # %% Count [exercise] id="count"
      seed 1
      total = 0
      for i in range(0, 5) {
        total += a
        # one line is missing here
      }

      # %% [check]
      assert total == 5 + 10, "total should be 15"
      """
    let room = try Classroom(loop)
    room.type("", "total += 2", "")
    #expect(room.notes.contains("Right."), "\(room.events)")
    room.type("total")
    #expect(room.values == ["15"])
    #expect(room.kept.last?.answers?["count"]?.contains("  total += 2\n}") == true)
    let other = try Classroom(loop)
    other.type("", "total += 4", "", "total")
    #expect(!other.notes.contains("Right.") && other.lesson.place == 1)
    #expect(other.events.contains { if case .notYet = $0 { true } else { false } })
  }

  @Test func aMissingLineThatFailsAloneIsSaidToNeedTheRest() throws {
    let room = try Classroom(
      "# %% Net [exercise] id=\"net\"\nnet n\nlayer a input 2\nlayer b dense 1\n\n# %% [check]\nassert n.b.weights.size == 2\n"
    )
    room.type("connect a -> b")
    #expect(room.notes.last == "Enter on an empty line tries it together with the rest of the starter.")
    room.type("")
    #expect(room.notes.contains("Right."), "\(room.events)")
  }

  @Test(
    arguments: [
      ("a = 1\nb = 2\na + b", "b = 3", "a = 1\nb = 3\na + b"),
      ("layer x dense ___\nconnect all", "layer x dense 3", "layer x dense 3\nconnect all"),
      ("layer x dense ___\nconnect all", "3 relu", "layer x dense 3 relu\nconnect all"),
      ("a = 1\nV = 2\n# missing", "V -= 1", "a = 1\nV = 2\nV -= 1"),
      ("seed 1\na = 2", "seed 3", "seed 3\na = 2"), ("a = 1\nb = 2", "c = 3", "a = 1\nb = 2\nc = 3"),
      ("a = 1", "a = 2", nil), ("a = 1\nb = 2", "a = 2\nb = 3", nil),
    ] as [(String, String, String?)])
  func linesThatArePutIn(starter: String, typed: String, expected: String?) {
    #expect(MissingLine.completed(starter, with: typed, replacesLines: true) == expected)
  }

  @Test func promptWordsWorkInALesson() throws {
    let room = try Classroom()
    room.type("")
    room.type("b = 5", ":undo", "b")
    #expect(room.values.isEmpty && room.notes == ["The last entry is undone."])
    room.type(":vars")
    #expect(room.events.contains { if case .output(.table) = $0 { true } else { false } })
    room.lesson.ask("help train")
    room.type("")
    #expect(room.lesson.place == 1)
    room.type(":export x.md")
    #expect(room.notes.last?.contains(":save FILE.nbs") == true)
  }

  @Test func answersAreSavedToBeHandedIn() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "mine.nbs").path
    let room = try Classroom()
    room.type("", "b = 4 / 2", "", ":save \(path)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let handout = Walkthrough(name: "course", notebook: try read(course)).handout
    #expect(text == NotebookFormat.write(handout).replacing("\nb = a\n", with: "\nb = 4 / 2\n"))
    room.type(":save \(path)")
    #expect(room.notes.last?.contains("replace") == true)
    room.type(":save")
    #expect(room.notes.last?.contains(":save mine.nbs") == true)
  }

  @Test func aFrenchNotebookIsAFrenchLesson() throws {
    let room = try Classroom(course.replacing("# title: A course", with: "# title: Un cours\n# lang: fr"))
    room.type("", "", "b = 2", "")
    #expect(room.notes.first?.hasPrefix("À vous.") == true && room.notes.contains("C'est juste."))
    room.type("", "skip", "")
    #expect(
      room.notes.last
        == "C'est la fin de «\u{A0}Un cours\u{A0}». Vous avez résolu 1 exercice sur 2. Essayez ce que vous voulez\u{A0}; Entrée quitte."
    )
  }

  @Test func skipRunsTheSolutionWhereNothingIsInItsWay() throws {
    let room = try Classroom()
    room.type("skip")
    #expect(room.lesson.place == 0, "a cell that is no exercise is not skipped")
    room.type("", "a = 100", "skip")
    #expect(room.events.contains(.code("b = a + 1")))
    room.type("b")
    #expect(room.values == ["2"], "the `a` that was typed is gone")
    #expect(room.kept.last?.skipped == ["two"])
    #expect(room.kept.last?.solved == [])
  }

  @Test func backLeavesASessionThatBelongsToTheStep() throws {
    let room = try Classroom()
    room.type("back")
    #expect(room.notes == ["This is the first step."])
    room.type("", "b = 2", "", "", "a = 5", "back")
    #expect(room.lesson.place == 2)
    room.type("a")
    #expect(room.values == ["1"])
    room.type("c")
    #expect(room.values.isEmpty, "the step's own cell has not run again")
  }

  @Test func resetStartsOver() throws {
    let room = try Classroom()
    room.type("", "b = 2", "", "reset")
    #expect(room.lesson.place == 0)
    #expect(room.kept.last?.solved == [])
    room.type("a")
    #expect(room.values.isEmpty, "the session is a fresh one")
  }

  @Test func listShowsTheWay() throws {
    let room = try Classroom()
    room.type("", "skip", "list")
    #expect(
      room.notes.last == """
          1. Begin
          2. Two (exercise, skipped)
        > 3. c = b * 10
          4. Three (exercise)
          5. The end.
        """)
  }

  @Test func aNotebooksCellThatFailsIsNoStep() throws {
    let room = try Classroom()
    room.type("", "skip", "delete b", "")
    #expect(room.lesson.place == 2)
    #expect(room.notes.last?.contains("`back`") == true)
    room.type("back", "b = 2", "", "")
    #expect(room.lesson.place == 3)
  }

  @Test func theEndCountsAndLeaves() throws {
    let room = try Classroom()
    room.type("", "b = 2", "", "", "skip", "")
    #expect(
      room.notes.last
        == "This is the end of \"A course\". You solved 1 of 2 exercises. Try what you like; Enter leaves.")
    #expect(room.lesson.enter("c") == .entry)
    #expect(room.lesson.enter("") == .leave)
  }

  @Test func quitLeaves() throws {
    #expect(try Classroom().lesson.enter("quit") == .leave)
  }

  @Test func aLessonGoesOnWhereItWasLeft() throws {
    let first = try Classroom()
    first.type("", "b = 2", "")
    let second = try Classroom(progress: try #require(first.kept.last))
    #expect(second.lesson.place == 2)
    second.type("b")
    #expect(second.values == ["2"], "the steps before were done silently")
  }

  @Test func aChangedNotebookIsFoundAgainByTheCell() throws {
    let first = try Classroom()
    first.type("", "b = 2", "", "")
    let longer = course.replacing("# %% Begin", with: "# %% New\n0\n\n# %% Begin")
    #expect(try Classroom(longer, progress: try #require(first.kept.last)).lesson.step?.title == "Three")
    let shorter = "# %%\n1\n"
    #expect(try Classroom(shorter, progress: try #require(first.kept.last)).lesson.step == nil)
  }

  @Test func emptyNotebooksAndExercisesWithoutPartsAreBorne() throws {
    #expect(try Classroom("").lesson.enter("") == .leave)
    let room = try Classroom("# %% Do [exercise]\nx = nothing\n\n# %% Next\n1\n")
    room.type("hint")
    #expect(room.notes == ["There is no hint for this exercise. `skip` shows a solution."])
    room.type("skip")
    #expect(room.lesson.place == 1)
    room.type("back", "", "")
    #expect(room.lesson.step == nil)
  }
}
