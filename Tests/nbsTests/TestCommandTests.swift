import Foundation
import FoundationXML
import Testing

/// `nbs test`: notebooks held against the reports beside them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TestCommandTests {
  private let notebook =
    "# %% [markdown]\n# # N\n\n# %% Figures tol=1e-2\nprint 0.5\nprint \"words\"\n\n# %%\nprint 7\n"

  @Test func blessedReportsPassAndOtherOutputsEndWithThree() throws {
    let folder = try Program.Folder()
    let path = try folder.file("n.nbs", notebook)
    let missing = try Program.run(["test", path])
    #expect(missing.status == 3 && missing.output.contains("--bless"), "\(missing)")
    #expect(try Program.run(["test", path, "--bless"]).status == 0)
    let report = try folder.text("n.md")
    #expect(try Program.run(["test", folder.url.path]).status == 0)
    for (old, new, status) in [
      ("0.5\nwords", "0.501\nwords", 0), ("0.5\nwords", "0.52\nwords", 3), ("words", "wards", 3),
      ("\n7\n", "\n7.001\n", 3),
      ("# N", "# M", 3),
    ] as [(String, String, Int32)] {
      try folder.file("n.md", report.replacingOccurrences(of: old, with: new))
      #expect(try Program.run(["test", path]).status == status, "\(new)")
    }
    try folder.file("n.md", report.replacingOccurrences(of: "0.5\nwords", with: "0.6\nwords"))
    let shown = try Program.run(["test", path])
    #expect(shown.output.contains("cell 2, Figures:\n    - 0.6\n    + 0.5\n      words\n"), "\(shown.output)")
  }

  @Test func theGravestOutcomeDecides() throws {
    let folder = try Program.Folder()
    let good = try folder.file("good.nbs", "print 1\n")
    #expect(try Program.run(["test", good, "--bless"]).status == 0)
    let fails = try folder.file("fails.nbs", "assert 1 > 2\n# %%\nprint 2\n")
    let wrong = try folder.file("wrong.nbs", "train nothing\n")
    let loop = try folder.file("loop.nbs", "repeat 1e12 { x = 1 }\n")
    let expected = try folder.file("expected.nbs", "# %% expect_error=\"assertion-failed\"\nassert 1 > 2\n")
    #expect(try Program.run(["test", expected, "--bless"]).status == 0)
    #expect(try Program.run(["test", good, fails]).status == 1)
    #expect(try Program.run(["test", fails, wrong]).status == 2)
    #expect(try Program.run(["test", loop, "--timeout", "300ms"]).status == 4)
    #expect(try Program.run(["test", fails, "--bless"]).status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("fails.md")), "what failed is not blessed")
    #expect(try Program.run(["test", folder.path("none.nbs")]).status == 2)
    #expect(try Program.run(["test", good, "--jobs", "0"]).status == 2)
    #expect(try Program.run(["test", good, "--junit", folder.url.path]).status == 2)
  }

  @Test func aLongRunIsMadeShort() throws {
    let folder = try Program.Folder()
    let text =
      "# ---\n# nbs: 1\n# test: rounds=2 name=x\n# ---\n\n# %%\nparam rounds = 5\nparam name = \"a\"\nprint rounds\n"
    let path = try folder.file("long.nbs", text)
    #expect(try Program.run(["test", path, "--bless"]).status == 0)
    #expect(try folder.text("long.md").contains("```text\n5\n```"), "the report is of the full run")
    let short = try Program.run(["test", path])
    #expect(
      short.status == 0 && short.output.contains("with rounds=2 name=x and not compared"), "\(short.output)")
    #expect(try Program.run(["test", path, "--full"]).status == 0)
    try folder.file("long.nbs", text.replacingOccurrences(of: "rounds=2", with: "round=2"))
    #expect(try Program.run(["test", path]).status == 2, "no such parameter")
  }

  @Test func manyRunAtOnceAndAreToldInOrder() throws {
    let folder = try Program.Folder()
    for number in 1...6 { try folder.file("n\(number).nbs", "print \(number)\n") }
    #expect(try Program.run(["test", folder.url.path, "--bless", "--jobs", "3"]).status == 0)
    let result = try Program.run(["test", folder.url.path, "--jobs", "3"])
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 7 && lines.last == "6 notebooks: all passed", "\(result.output)")
    #expect(zip(lines, 1...6).allSatisfy { $0.contains("n\($1).nbs") }, "\(lines)")
  }

  @Test func aFileForCI() throws {
    let folder = try Program.Folder()
    let path = try folder.file("n.nbs", notebook)
    let fails = try folder.file("f.nbs", "# %% A < B & \"C\"\nassert 1 > 2\n# %%\nprint 2\n")
    _ = try Program.run(["test", path, "--bless"])
    try folder.file("n.md", try folder.text("n.md").replacingOccurrences(of: "\n7\n", with: "\n8\n"))
    _ = try Program.run(["test", path, fails, "--junit", folder.path("out.xml")])
    let xml = try folder.text("out.xml")
    let reader = CountingReader()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(xml)")
    #expect(
      reader.counts == ["testsuites": 1, "testsuite": 2, "testcase": 6, "failure": 2, "skipped": 1], "\(xml)")
    #expect(xml.contains("cell 1: A &lt; B &amp; &quot;C&quot;"))
  }

  @Test func annotationsForGitHub() throws {
    let folder = try Program.Folder()
    let path = try folder.file("a, b/n.nbs", notebook)
    let fails = try folder.file("f.nbs", "print 1\n# %%\nassert 1 > 2\n")
    let wrong = try folder.file("w.nbs", "print 1\ntrain nothing\n")
    let missing = try folder.file("m.nbs", "print 1\n")
    _ = try Program.run(["test", path, "--bless"])
    let report = try folder.text("a, b/n.md")
    try folder.file("a, b/n.md", report.replacingOccurrences(of: "\n7\n", with: "\n8%\n"))
    let lines = report.components(separatedBy: "\n")
    let line = try #require(lines.firstIndex(of: "7")) + 1
    let result = try Program.run(
      ["test", path, fails, wrong, missing, "--annotations", "github"],
      variables: ["GITHUB_WORKSPACE": folder.url.path])
    let found = result.output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("::") }
    #expect(result.status == 2 && found.count == 4, "\(result.output)")
    #expect(
      found.first
        == "::error file=a%2C b/n.md,line=\(line),title=\(path.escaped)%3A cell 3 differs::- 8%25%0A+ 7",
      "\(found)")
    #expect(
      found.dropFirst().first?.hasPrefix("::error file=f.nbs,line=3,title=Failed::") == true, "\(found)")
    #expect(
      found.dropFirst(2).first?.hasPrefix("::error file=w.nbs,line=2,title=Failed::") == true, "\(found)")
    #expect(found.last?.hasPrefix("::error file=m.nbs,title=No report::") == true, "\(found)")
    #expect(try Program.run(["test", path, "--annotations", "gitlab"]).status == 2)
  }

  @Test func notebooksThatReadAndWriteFilesAreTestedFromAnywhere() throws {
    let folder = try Program.Folder()
    try folder.file("gs/t.csv", "a,b\n1,2\n3,41\n")
    let notebook = try folder.file(
      "gs/n.nbs",
      """
      data d from "t.csv"
      net n loss=mse; layer i input 1; layer o dense 1; connect all
      train d epochs=2
      save net "m.safetensors"
      train d epochs=2
      load net "m.safetensors"
      print loss
      """)
    let report = try Program.run(
      ["run", "n.nbs", "--export", "n.md"], currentFolder: folder.path("gs"))
    #expect(report.status == 0, "\(report.errors)")
    let model = folder.url.appending(path: "gs/m.safetensors")
    try Data("precious".utf8).write(to: model)
    for (arguments, place) in [(["gs/"], folder.url.path), ([notebook], "/"), (["n.nbs"], folder.path("gs"))]
    {
      let result = try Program.run(["test"] + arguments, currentFolder: place)
      #expect(result.status == 0, "\(result)")
    }
    #expect(try Data(contentsOf: model) == Data("precious".utf8), "a test changes no file")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("gs")).sorted()
    #expect(files == ["m.safetensors", "n.md", "n.nbs", "t.csv"])
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func aSignalStopsAllTestsWithinASecond(signal: Int32, status: Int32) throws {
    let folder = try Program.Folder()
    let notebooks = try (1...3).map { try folder.file("loop\($0).nbs", "repeat 1e12 { x = 1 }\n") }
    let temporary = folder.path("tmp")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let start = ContinuousClock.now
    let result = try Program.run(
      ["test"] + notebooks, interruptedAfter: 2, signal: signal, variables: ["TMPDIR": temporary])
    #expect(ContinuousClock.now - start < .seconds(3.5))
    #expect(result.status == status)
    #expect(result.output.isEmpty, "what was broken off is no failure of a notebook")
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    let left = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { process in
      let line = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)
      return line?.contains(folder.url.path) ?? false
    }
    #expect(left == [], "no child goes on")
  }

  private final class CountingReader: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]

    func parser(
      _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
      qualifiedName qName: String?, attributes attributeDict: [String: String] = [:]
    ) { counts[elementName, default: 0] += 1 }
  }
}

extension String {
  /// As a property of a workflow command has it.
  fileprivate var escaped: String { replacing(",", with: "%2C") }
}
