import Diagnostics
import Foundations
import Testing

@testable import Notebooks

@Suite("What is wrong with a .ipynb file")
struct IPYNBMistakeTests {
  private static let python = "{\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}"
  private static let code = "{\"cell_type\": \"code\", \"source\": [\"x\"], \"outputs\": [{\"a\": 1}]}"

  @Test(
    "Errors",
    arguments: [
      ("", ErrorCode.badJSON, "JSON"), ("{\"cells\": [", .badJSON, "JSON"),
      ("[1]", .notANotebook, "nbformat"),
      ("{} x", .badJSON, "nothing more"), ("{\"nbformat\": 4}", .notANotebook, "cells"),
      ("{\"worksheets\": [], \"nbformat\": 3, \"nbformat_minor\": 0}", .oldNbformat, "jupyter nbconvert"),
      (ipynb("", version: "5"), .newerVersion, "nbformat 5"),
      (ipynb(code, metadata: python), .otherLanguage, "python"),
      (ipynb("{\"cell_type\": \"heading\", \"source\": \"x\"}"), .badCell, "`heading`"),
      (ipynb("{\"cell_type\": \"code\", \"source\": 5}"), .badCell, "Cell 1"),
      (ipynb("5"), .badCell, "Cell 1"),
      (
        ipynb("", metadata: "{\"nbs\": {\"header\": \"# ---\\n# nbs: 2\\n# ---\\n\"}}"), .newerVersion,
        "version 2"
      ),
    ])
  func errors(text: String, code: ErrorCode, words: String) throws {
    let reading = IPYNB.read(Array(text.utf8), name: "x.ipynb")
    #expect(reading.notebook == nil)
    #expect(reading.diagnostics.map(\.code) == [code])
    let error = try #require(reading.diagnostics.first)
    #expect(error.message.contains(words))
    #expect(error.source?.name == "x.ipynb")
    #expect(!error.rendered().isEmpty)
  }

  @Test("A notebook of another language can be taken all the same")
  func otherLanguage() throws {
    let file = Array(ipynb(Self.code, metadata: Self.python).utf8)
    let reading = IPYNB.read(file, name: "x.ipynb", acceptingAnyLanguage: true)
    #expect(reading.diagnostics.map(\.severity) == [.notice])
    let notebook = try #require(reading.notebook)
    #expect(NotebookFormat.write(notebook) == "# %%\nx\n")
    #expect(IPYNB.read(Array(IPYNB.write(notebook).utf8), name: "x.ipynb").diagnostics.isEmpty)
  }

  @Test("A damaged header is left out, with a notice")
  func damagedHeader() throws {
    let text = ipynb(Self.code, metadata: "{\"nbs\": {\"header\": \"train xor\"}, \"title\": \"A: b\"}")
    let reading = IPYNB.read(Array(text.utf8), name: "x.ipynb")
    #expect(reading.diagnostics.map(\.code) == [.damagedMetadata])
    #expect(reading.notebook?.header.title == "A: b")
  }

  @Test("A header with a NUL byte, which no notebook may hold, is a damaged one")
  func headerWithNUL() throws {
    let header = ##"#!/\u0000bin/nbs run\n# ---\n# nbs: 1\n# ---\n"##
    let text = ipynb(Self.code, metadata: "{\"nbs\": {\"header\": \"\(header)\"}}")
    let reading = IPYNB.read(Array(text.utf8), name: "x.ipynb")
    #expect(reading.diagnostics.map(\.code) == [.damagedMetadata])
    let notebook = try #require(reading.notebook)
    #expect(NotebookFormat.read(NotebookFormat.format(notebook), name: "again.nbs").notebook != nil)
  }

  @Test("Outputs are not taken over, older minor versions and missing ids are read")
  func outputs() throws {
    let notebook = try readIPYNB(ipynb(Self.code + "," + Self.code))
    #expect(NotebookFormat.write(notebook) == "# %%\nx\n\n# %%\nx\n")
    #expect(Set(notebook.cells.map(\.id)).count == 2)
  }

  @Test("Texts that a cell cannot hold")
  func oddTexts() throws {
    let cell =
      "{\"cell_type\": \"markdown\", \"source\": [\"\\n\", \"a\\r\\n\", \"# %%\\u0000 \\ud800\\n\\n\"]}"
    let notebook = try readIPYNB(ipynb(cell))
    #expect(NotebookFormat.write(notebook) == "# %% [markdown]\n# a\n# # %% \u{FFFD}\n")
  }
}
