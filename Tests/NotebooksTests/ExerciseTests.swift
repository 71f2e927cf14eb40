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
