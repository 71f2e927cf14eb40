import Localization
import Notebooks
import Testing

@testable import Rendering

@Suite("What stands above a cell")
struct HeadingTests {
  @Test("An exercise, its solution and its check are named in the language of the prose")
  func roles() throws {
    let text = "# %% Sums [exercise]\n1\n# %% [solution]\n2\n# %% [check]\n3\n# %% Plain\n4\n# %%\n5\n"
    let cells = try #require(NotebookFormat.read(text, name: "").notebook).cells
    #expect(cells.map(\.heading) == ["Exercise: Sums", "A solution", "Check", "Plain", nil])
    #expect(
      UserLanguage.french.speaking { cells.map(\.heading) } == [
        "Exercice\u{A0}: Sums", "Une solution", "Vérification", "Plain", nil,
      ])
  }
}
