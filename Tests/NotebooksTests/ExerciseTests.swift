import JSON
import Testing

@testable import Notebooks

@Suite("Exercises")
struct ExerciseTests {
  @Test("Starter, solution and check belong together, with prose between them or none")
  func parts() throws {
    let notebook = try read(
      """
      # %%
      1
      # %% [exercise]
      2
      # %% [solution]
      3
      # %% [markdown]
      # Now look.

      # %% [check]
      4
      # %% [exercise]
      5
      # %% [check]
      6
      # %% [exercise]
      7
      # %%
      8
      # %% [check]
      9
      """)
    #expect(
      notebook.exercises == [
        Exercise(starter: 1, solution: 2, check: 4), Exercise(starter: 5, solution: nil, check: 6),
        Exercise(starter: 7, solution: nil, check: nil),
      ])
    #expect(notebook.runnableCells == [0, 2, 4, 5, 6, 7, 8, 9])
  }

  @Test("A solution survives the way to Jupyter and back")
  func mirror() throws {
    let text = "# %% Try [exercise] hint=\"h\"\n1\n\n# %% [solution]\n2\n\n# %% [check]\n3\n"
    let bytes = Array(IPYNB.write(try read(text)).utf8)
    let notebook = try #require(IPYNB.read(bytes, name: "test.ipynb").notebook)
    #expect(notebook.cells.map(\.role) == [.exercise, .solution, .check])
    #expect(NotebookFormat.write(notebook) == text)
  }
}

@Suite("What Jupyter's programs go by")
struct DerivedTagTests {
  private let text = """
    # %% [exercise] tags=["mine"]
    1

    # %% [solution]
    2

    # %% expect_error="unknown-name"
    nope

    # %% [exercise]
    3

    """

  @Test("A starter that a solution stands in for is skipped, and a cell that is to fail may fail")
  func tags() throws {
    let notebook = try #require(NotebookFormat.read(text, name: "x.nbs").notebook)
    let json = try #require(JSONReader.document(IPYNB.write(notebook)))
    let tags = json["cells"]?.array?.map { $0["metadata"]?["tags"]?.compact ?? "" }
    #expect(tags == [#"["mine", "skip-execution"]"#, "", #"["raises-exception"]"#, ""])
  }

  @Test("They come back as if they had never been, and those of a person stay")
  func roundTrip() throws {
    let notebook = try #require(NotebookFormat.read(text, name: "x.nbs").notebook)
    let back = try #require(IPYNB.read(Array(IPYNB.write(notebook).utf8), name: "x.ipynb").notebook)
    #expect(NotebookFormat.write(back) == text)
    let edited = IPYNB.write(notebook).replacing(#""mine""#, with: #""yours""#)
    let changed = try #require(IPYNB.read(Array(edited.utf8), name: "x.ipynb").notebook)
    #expect(changed.cells[0].tags == ["yours"])
    let own = "# %% [exercise] tags=[\"skip-execution\"]\n1\n\n# %% [solution]\n2\n"
    let kept = try #require(NotebookFormat.read(own, name: "x.nbs").notebook)
    let again = try #require(IPYNB.read(Array(IPYNB.write(kept).utf8), name: "x.ipynb").notebook)
    #expect(NotebookFormat.write(again) == own)
  }
}
