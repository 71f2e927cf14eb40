import Diagnostics
import Foundation
import Foundations
import JSON
import TestSupport
import Testing

@testable import Notebooks

func readIPYNB(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Notebook {
  let reading = IPYNB.read(Array(text.utf8), name: "test.ipynb")
  return try #require(reading.notebook, "\(reading.diagnostics)", sourceLocation: sourceLocation)
}

/// A file of nbformat 4.5 with these cells and this metadata.
func ipynb(_ cells: String, metadata: String = "{}", version: String = "4") -> String {
  "{\"cells\": [\(cells)], \"metadata\": \(metadata), \"nbformat\": \(version), \"nbformat_minor\": 5}"
}

@Suite("To Jupyter and back")
struct IPYNBMirrorTests {
  @Test("Nothing is lost, not even spelling", arguments: Samples.tricky)
  func sameBytes(text: String) throws {
    let json = IPYNB.write(try read(text))
    #expect(Array(NotebookFormat.write(try readIPYNB(json)).utf8) == Array(text.utf8), "\(json)")
    #expect(IPYNB.write(try readIPYNB(json)) == json)
  }

  @Test("Files", arguments: ["tour", "plain"])
  func files(name: String) throws {
    let bytes = try Samples.fixture(name + ".nbs")
    let notebook = try #require(NotebookFormat.read(bytes, name: name).notebook)
    let json = IPYNB.write(notebook, outputs: Self.outputs(of: notebook))
    try expectFixture(json, name + ".ipynb")
    #expect(Array(NotebookFormat.write(try readIPYNB(json)).utf8) == bytes)
  }

  /// One output of every kind, so that the file which nbformat checks holds them all.
  private static func outputs(of notebook: Notebook) -> [String: CellOutputs] {
    guard notebook.cells.count > 4 else { return [:] }
    let plot = MIMEContent("image/svg+xml", "<svg>\n</svg>")
    let json = MIMEContent("application/vnd.nbs+json", json: .members(["loss": .array([.number("0.1")])]))
    return [
      notebook.cells[2].id: CellOutputs(executionCount: 1, items: [.stream(.stderr, "a notice\n")]),
      notebook.cells[3].id: CellOutputs(
        executionCount: 2,
        items: [
          .stream(.stdout, "one\ntwo"), .display([MIMEContent("text/plain", "a plot\nof loss"), plot, json]),
          .result([MIMEContent("text/plain", "0.25"), MIMEContent("image/png", "iVBORw0KGgo=")]),
        ]),
      notebook.cells[4].id: CellOutputs(
        executionCount: 3, items: [.error(name: "unknown-option", value: "no", traceback: ["-- NO\n", "é"])]),
    ]
  }

  @Test("What Jupyter wrote comes back as it was")
  func foreign() throws {
    let bytes = try Samples.fixture("foreign.ipynb")
    let reading = IPYNB.read(bytes, name: "foreign.ipynb")
    let notebook = try #require(reading.notebook, "\(reading.diagnostics)")
    #expect(reading.diagnostics.map(\.code) == [.attachments])
    let text = NotebookFormat.write(notebook)
    try expectFixture(text, "foreign.nbs")
    let again = IPYNB.write(try read(text))
    #expect(Array(again.utf8) == bytes)
  }

  @Test("Attachments that are none are left out", arguments: ["\"\"", "[]", "3", "null"])
  func noAttachments(value: String) throws {
    let text =
      "{\"cells\":[{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":\"hi\",\"attachments\":\(value)}],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}"
    let notebook = try #require(IPYNB.read(Data(text.utf8), name: "a.ipynb").notebook)
    let written = NotebookFormat.write(notebook)
    #expect(NotebookFormat.read(Data(written.utf8), name: "a").notebook?.cells.count == 1)
    #expect(!written.contains("attachments"))
  }

  @Test("A cell that was changed in Jupyter is written anew, its neighbours keep their bytes")
  func edited() throws {
    let text = "# %%  one\n\n1\n\n\n# %%   two  [exercise] x= 1\n2\n# %% [markdown]\n\n#   three\n\n# 3\n"
    let json = IPYNB.write(try read(text.replacing("x= 1", with: "x=1")))
    let edited = json.replacing("\"2\"", with: "\"# %%\\n\", \"4\"")
    let expected = text.replacing("x= 1", with: "x=1").replacing("\n2\n", with: "\n# \\%%\n4\n")
    #expect(NotebookFormat.write(try readIPYNB(edited)) == expected)
    let prose = json.replacing("\"  three", with: "\"four")
    #expect(NotebookFormat.write(try readIPYNB(prose)).hasSuffix("# %% [markdown]\n# four\n#\n# 3\n"))
  }

  @Test("Tags, ids and kinds that were changed in Jupyter")
  func editedMetadata() throws {
    let json = IPYNB.write(try read("# %% A  title [check] tol=1 tags=[\"a\"] id=\"i\"\nx\n"))
    let tagged = json.replacing("\"a\"", with: "\"a\", \"b,c\", \"d\", \"a\"")
    #expect(
      NotebookFormat.write(try readIPYNB(tagged))
        == "# %% A  title [check] tol=1 tags=[\"a\", \"d\"] id=\"i\"\nx\n")
    let renamed = json.replacing("\"id\": \"i\"", with: "\"id\": \"no good id\"")
    #expect(try readIPYNB(renamed).cells.map(\.id) == ["no-good-id"])
    let prose = json.replacing("\"cell_type\": \"code\"", with: "\"cell_type\": \"markdown\"")
    #expect(
      NotebookFormat.write(try readIPYNB(prose))
        == "# %% A  title [markdown] tol=1 tags=[\"a\"] id=\"i\"\n# x\n")
  }

  @Test(
    "Metadata that lie are not believed",
    arguments: [
      "\"marker\": \"train xor\"", "\"marker\": \"# %% [nonsense]\"", "\"marker\": \"# %%\\n# %%\"",
      "\"marker\": \"# %% [markdown]\"", "\"marker\": 5", "\"gap\": \"\\nx\\n\"", "\"ending\": \"# %%\"",
      "\"body\": \"# %%\"", "\"body\": \"y\"", "\"gap\": [], \"body\": {}", "\"body\": \"\\n\\n\"",
    ])
  func liars(nbs: String) throws {
    let cell = "{\"cell_type\": \"code\", \"source\": \"x\", \"metadata\": {\"nbs\": {\(nbs)}}}"
    let notebook = try readIPYNB(ipynb(cell + "," + cell))
    let text = NotebookFormat.write(notebook)
    #expect(try read(text).cells.map(\.source) == ["x", "x"], "\(text)")
    #expect(try read(text).cells.map(\.kind) == [.code, .code])
  }

  @Test("Mutated files", arguments: 0..<20 as Range<UInt64>)
  func fuzz(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    let files = try ["tour.ipynb", "foreign.ipynb"].map(Samples.fixture)
    for _ in 0..<15 {
      var bytes = files[Int(noise.next() % 2)]
      for _ in 0..<(1 + noise.next() % 3) {
        bytes[Int.random(in: 0..<bytes.count, using: &noise)] = UInt8(truncatingIfNeeded: noise.next() % 128)
      }
      guard let notebook = IPYNB.read(bytes, name: "fuzz").notebook else { continue }
      let text = NotebookFormat.write(notebook)
      let again = try #require(NotebookFormat.read(text, name: "again").notebook, "\(text)")
      #expect(meaning(again) == meaning(notebook))
    }
  }
}

/// Compares a text with a file of `Fixtures`.
///
/// With NBS_RECORD in the environment the file is written instead, and the test fails, so that nobody records
/// by accident and takes that for a pass.
func expectFixture(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
    try Data(text.utf8).write(to: Samples.folder.appending(path: name))
    Issue.record("recorded \(name); look at it and run again", sourceLocation: sourceLocation)
    return
  }
  let recorded = String(decoding: try Samples.fixture(name), as: UTF8.self)
  #expect(text == recorded, sourceLocation: sourceLocation)
}
