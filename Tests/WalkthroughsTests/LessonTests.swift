import Diagnostics
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
