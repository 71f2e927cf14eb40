import Testing

@testable import Notebooks

@Suite("What is read is written again")
struct MirrorTests {
  @Test("The same bytes", arguments: Samples.tricky)
  func sameBytes(text: String) throws {
    let notebook = try read(text)
    #expect(Array(NotebookFormat.write(notebook).utf8) == Array(text.utf8))
  }

  @Test("Files", arguments: ["tour.nbs", "plain.nbs"])
  func files(name: String) throws {
    let bytes = try Samples.fixture(name)
    let reading = NotebookFormat.read(bytes, name: name)
    let notebook = try #require(reading.notebook, "\(reading.diagnostics)")
    #expect(Array(NotebookFormat.write(notebook).utf8) == bytes)
  }

  @Test("The canonical form means the same and is its own canonical form", arguments: Samples.tricky)
  func canonical(text: String) throws {
    let notebook = try read(text)
    let canonical = NotebookFormat.format(notebook)
    let again = try read(canonical)
    #expect(meaning(again) == meaning(notebook))
    #expect(NotebookFormat.format(again) == canonical)
    #expect(NotebookFormat.write(again) == canonical)
    #expect(canonical.isEmpty || canonical.hasSuffix("\n") && !canonical.hasSuffix("\n\n"))
  }

  @Test("A changed cell is written anew, its neighbours keep their bytes")
  func changedCell() throws {
    var notebook = try read("# %%  one\n\n1\n\n\n# %%   two  [exercise]\n\n2\n# %%  three\n3")
    notebook.cells[1].source = "# %%\n\n4\n\n"
    #expect(
      NotebookFormat.write(notebook)
        == "# %%  one\n\n1\n\n\n# %%   two  [exercise]\n# \\%%\n\n4\n# %%  three\n3")
    notebook.cells[1].title = "x = 1"
    notebook.cells[1].role = nil
    notebook.cells[2].tags = ["a"]
    #expect(
      NotebookFormat.write(notebook)
        == "# %%  one\n\n1\n\n\n# %% x = 1\n# \\%%\n\n4\n# %% three tags=[\"a\"]\n3")
  }

  @Test("Cells put in and taken out")
  func cellsMove() throws {
    var notebook = try read("a\n\n# %%  b\nb")
    notebook.cells.append(Cell(.markdown, "%% prose\n\nmore", title: "c"))
    #expect(
      NotebookFormat.write(notebook) == "a\n\n# %%  b\nb\n\n# %% c [markdown]\n# \\%% prose\n#\n# more\n")
    notebook.cells.swapAt(0, 1)
    #expect(NotebookFormat.write(notebook).hasPrefix("# %%  b\nb\n\n# %%\na\n\n# %% c"))
    notebook.cells.removeAll()
    #expect(NotebookFormat.write(notebook).isEmpty)
  }

  @Test(
    "A cell that would be taken for the top of the file gets a marker",
    arguments: [
      "# ---\n# title: x\n# ---", "#!/bin/sh", "# ---",
    ])
  func notTheTop(source: String) throws {
    var notebook = try read("x\n")
    notebook.cells[0].source = source
    let written = NotebookFormat.write(notebook)
    #expect(written == "# %%\n" + source + "\n")
    #expect(try read(written).cells.map(\.source) == [source])
  }

  @Test("Carriage returns and the byte order mark go")
  func windows() throws {
    let reading = NotebookFormat.read(
      [0xEF, 0xBB, 0xBF] + Array("# ---\r\n# title: x\r\n# ---\r\n\r\n# %% a \r\n\tb\r\r\n".utf8),
      name: "x.nbs")
    let notebook = try #require(reading.notebook)
    #expect(reading.diagnostics.isEmpty)
    #expect(notebook.header.title == "x")
    #expect(notebook.cells.map(\.source) == ["\tb"])
    #expect(NotebookFormat.write(notebook) == "# ---\n# title: x\n# ---\n\n# %% a \n\tb\n")
  }
}
