import Testing

@testable import Notebooks

@Suite("What a file says")
struct ReadingTests {
  @Test("A notebook with everything in it")
  func tour() throws {
    let reading = NotebookFormat.read(try Samples.fixture("tour.nbs"), name: "tour.nbs")
    let notebook = try #require(reading.notebook)
    #expect(reading.diagnostics.isEmpty)
    #expect(notebook.header.title == "Learning XOR, step by step")
    #expect(notebook.header.version == "1")
    #expect(notebook.header.lang == "en")
    #expect(notebook.header["author"] == "  A name with spaces around it  ")
    #expect(notebook.header.interpreterLine == "#!/usr/bin/env -S nbs run")
    let cells = notebook.cells
    #expect(cells.map(\.kind) == [.markdown, .raw, .code, .code, .code, .code, .code, .code])
    #expect(cells.map(\.role) == [nil, nil, nil, .exercise, .check, nil, nil, nil])
    #expect(
      cells.map(\.title) == [nil, "A rule, kept", "Set rate=0.1 [really]", "Try it", nil, nil, nil, nil])
    #expect(cells.map(\.firstLine) == [11, 16, 20, 25, 31, 33, 34, 35])
    #expect(cells.map(\.index) == Array(0..<8))
    #expect(cells[0].source == "# Learning XOR\n\nTwo numbers go in: `0 1 -> 1`.")
    #expect(
      cells[3].source == "layer hid dense 2\nprint \"\n# %% this is code, \\\\%% or not\n# \\%% and this\n\"")
  }

  @Test("Attributes")
  func attributes() throws {
    let cells = try read(
      "# %% tags=[\"a\", \"b\"] timeout=\"500ms\" tol=1e-3 hint=\"h\" expect_error=\"bad-value\" id=\"i\" other={\"b\":1,\"a\":2}\n# %% timeout=5\n# %% timeout=\"2min\"\n"
    ).cells
    #expect(cells[0].tags == ["a", "b"])
    #expect(cells.map(\.timeout) == [0.5, 5, 120])
    #expect(cells[0].tolerance == 0.001)
    #expect(cells[0].hints == ["h"])
    #expect(cells[0].expectedError == "bad-value")
    #expect(cells[0].explicitID == "i")
    #expect(cells[0].attributes.last?.text == "{\"b\":1,\"a\":2}")
    #expect(cells[1].tags.isEmpty && cells[1].tolerance == nil && cells[1].explicitID == nil)
  }

  @Test("A plain script is a notebook of one cell, an empty file one of none")
  func plain() throws {
    let cells = try read("\n\nnet xor\n\n  train xor\n\n").cells
    #expect(cells.map(\.source) == ["net xor\n\n  train xor"])
    #expect(cells.map(\.firstLine) == [3])
    #expect(try read("").cells.isEmpty)
    #expect(try read("\n \n").cells.isEmpty)
  }

  @Test("A marker is one in column 0, whatever stands around it")
  func markers() throws {
    let cells = try read("s = \"\n# %%\n\"\n # %%\nx # %%\n# %%%\n# %%x\n").cells
    #expect(cells.map(\.source) == ["s = \"", "\"\n # %%\nx # %%\n# %%%\n# %%x"])
  }

  @Test("Ids are computed from what a cell says, and are each cell's own")
  func ids() throws {
    // printf codex | sha256sum
    var notebook = try read("x\n# %%\nx\n# %%\n\nx\n\n# %% [markdown]\n# x\n# %% id=\"a\"\nx\n")
    #expect(notebook.cells.map(\.id) == ["c-57de4cf4", "c-57de4cf4-2", "c-57de4cf4-3", "c-1acdd6d8", "a"])
    notebook.cells.remove(at: 0)
    #expect(notebook.cells.map(\.id) == ["c-57de4cf4", "c-57de4cf4-2", "c-1acdd6d8", "a"])
    notebook.cells[0].source = "y"
    #expect(notebook.cells[1].id == "c-57de4cf4")
    notebook.cells.append(notebook.cells[3])
    #expect(notebook.cells.map(\.id).suffix(2) == ["a", "a-2"])
    #expect(NotebookFormat.read(NotebookFormat.write(notebook), name: "x").notebook != nil)
  }

  @Test(
    "An id has the form of a computed one, or has not",
    arguments: [
      ("c-0123abcd", true), ("c-0123abcd-2", true), ("c-0123abcd-20", true), ("c-0123abcd-", false),
      ("c-0123abcd-x", false), ("c-0123abcD", false), ("c-0123abc", false), ("c-0123abcde", false),
      ("", false),
      ("c-", false), ("d-0123abcd", false), ("c-0123abc\u{E9}", false), ("c-0123abcd2", false),
    ])
  func looksComputed(id: String, answer: Bool) { #expect(CellID.looksComputed(id) == answer) }

  @Test(
    "A line in bold above a block of code is its title",
    arguments: [
      ("**Two units**", "Two units"), ("**a", nil), ("****", nil), ("**a*b**", nil),
      ("x **a**", nil),
      ("***", nil), ("**é**", "é"),
    ] as [(String, String?)])
  func boldTitle(line: String, title: String?) throws {
    let reading = NotebookFormat.readMarkdown("\(line)\n\n```nbs\na = 1\n```\n".utf8, name: "n.md")
    let code = try #require(reading.notebook?.cells.first { $0.kind == .code })
    #expect(code.title == title)
  }

  @Test("A chosen id comes before a computed one")
  func chosenIDs() throws {
    let cells = try read("x\n# %%\nx\n# %% id=\"c-57de4cf4\"\n1\n# %% id=\"c-57de4cf4-2\"\n2\n").cells
    #expect(cells.map(\.id) == ["c-57de4cf4-3", "c-57de4cf4-4", "c-57de4cf4", "c-57de4cf4-2"])
  }

  @Test("A thousand equal cells are numbered in a moment")
  func manyEqual() throws {
    let cells = try read(String(repeating: "# %%\nx\n", count: 1000)).cells
    #expect(cells.last?.id == "c-57de4cf4-1000")
  }
}
