import Foundation
import Notebooks
import Outputs
import Sessions
import Testing

@testable import Walkthroughs

/// A course of two exercises, the second of which needs the first.
let course = """
  # ---
  # title: A course
  # ---

  # %% [markdown]
  # # Adding up

  # %% Begin
  a = 1
  a

  # %% Two [exercise] hint="One and one." id="two"
  b = a

  # %% [solution]
  b = a + 1

  # %% [markdown]
  # So that is two.

  # %% [check]
  assert b == 2, "b should be two"

  # %% [markdown]
  # Go on.

  # %%
  c = b * 10

  # %% Three [exercise] hint="One more than b." id="three"
  d = ___

  # %% [solution]
  d = b + 1

  # %% [check]
  assert d == 3, "d should be three"

  # %% [markdown]
  # The end.
  """

func read(_ text: String) throws -> Notebook {
  try #require(NotebookFormat.read(text, name: "course.nbs").notebook)
}

/// A lesson, and everything that it shows and keeps.
final class Classroom {
  private(set) var events: [Lesson.Event] = []
  private(set) var kept: [LessonProgress] = []
  private(set) var lesson: Lesson!

  init(_ text: String = course, progress: LessonProgress = LessonProgress()) throws {
    lesson = Lesson(
      Walkthrough(name: "course", notebook: try read(text)), progress: progress, makeSession: { Session() },
      save: { [unowned self] in kept.append($0) }, show: { [unowned self] in events.append($0) })
    lesson.begin()
  }

  /// Types lines one after the other and gives what was shown since.
  @discardableResult func type(_ lines: String...) -> [Lesson.Event] {
    events = []
    for line in lines { #expect(lesson.enter(line) == .entry, "\(line)") }
    return events
  }

  /// The notes among the events.
  var notes: [String] { events.compactMap { if case .note(let note) = $0 { note } else { nil } } }

  /// The values shown among the events.
  var values: [String] {
    events.compactMap { if case .output(.value(let value)) = $0 { value } else { nil } }
  }
}
