import Diagnostics
import Foundation
import Foundations
import Testing

@testable import Sessions

/// The page "your own table" of `docs/data.md`, typed as it stands there.
@Suite struct OwnTableTests {
  /// The contents of the page's fences of a kind, without the indentation of the list that they stand in.
  private static func fences(_ kind: String) throws -> [String] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/data.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let page = try #require(text.components(separatedBy: "## Your own table").dropFirst().first)
      .components(separatedBy: "\n## ")[0]
    var fences: [String] = []
    var lines: [String]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      let plain = line.hasPrefix("   ") ? String(line.dropFirst(3)) : String(line)
      if plain == "```", let open = lines {
        fences.append(open.joined(separator: "\n"))
        lines = nil
      } else if plain == "```\(kind)" {
        lines = []
      } else {
        lines?.append(plain)
      }
    }
    return fences
  }

  @Test func fromTheRawFileToPredictions() throws {
    let folder = try Folder()
    let tables = try Self.fences("csv")
    #expect(tables.count == 2)
    _ = try folder.file("cars.csv", tables[0] + "\n")
    _ = try folder.file("fresh.csv", tables[1] + "\n")
    let cells = try Self.fences("nbs")
    #expect(cells.count == 6)
    func bench() -> Bench {
      let bench = Bench()
      bench.session.files.notebookFolder = folder.url.path
      return bench
    }
    let training = bench()
    for (place, cell) in cells.dropLast().enumerated() {
      #expect(training.run(cell), "\(cell): \(training.shown)")
      if place == 0 {
        let said = try #require(Self.fences("text").first)
        func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
        #expect(words(training.shown) == words(said))
      }
    }
    #expect(try #require(training.session.metrics["r2"]) > 0.9)
    let predicting = bench()
    #expect(predicting.run(cells[5]), "\(predicting.shown)")
    let answers = try String(contentsOf: folder.url.appending(path: "prices.csv"), encoding: .utf8)
      .split(separator: "\n")
    #expect(answers.count == 4 && answers[0] == "id,predicted")
    let prices = answers.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
    // Two years and 25,000 km cost more than six years, and those more than seven and 88,000 km.
    #expect(prices.count == 3 && prices[0] > prices[1] && prices[1] > prices[2], "\(prices)")
    #expect(prices.allSatisfy { (2000...13_000).contains($0) })
  }

  /// With the logarithm, as the page says, all else stays as it is.
  @Test func orWithTheLogarithm() throws {
    let folder = try Folder()
    _ = try folder.file("cars.csv", Self.fences("csv")[0] + "\n")
    let bench = Bench()
    bench.session.files.notebookFolder = folder.url.path
    var cells = try Self.fences("nbs").prefix(4)
    cells[0] += " target=log(price)"
    for cell in cells { #expect(bench.run(cell), "\(cell): \(bench.shown)") }
    #expect(try #require(bench.session.metrics["r2"]) > 0.9)
  }

  /// Of an address the kept copy is read; without one a session that may not download says so.
  @Test func theCopyOfAnAddressIsRead() throws {
    let folder = try Folder()
    let bench = Bench(environment: ["XDG_CACHE_HOME": folder.url.path])
    bench.session.files.mayDownload = false
    let line = "data cars from \"https://example.org/cars.csv\" missing=median"
    #expect(!bench.run(line))
    #expect(bench.lastError?.code.rawValue == "no-network", "\(bench.shown)")
    let kept = folder.url.appending(path: "nbs/web/36fe6cf5a6eff386")
    try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
    try Data((Self.fences("csv")[0] + "\n").utf8).write(to: kept.appending(path: "cars.csv"))
    #expect(bench.run(line), "\(bench.shown)")
    #expect(bench.shown.contains("read from the kept copy of https://example.org/cars.csv"), "\(bench.shown)")
    let checksum = try #require(bench.shown.firstMatch(of: /sha256="([0-9a-f]{64})"/)?.output.1)
    #expect(
      bench.run("\(line) sha256=\"\(checksum)\"") && !bench.shown.contains("kept copy"), "\(bench.shown)")
    #expect(!bench.run("\(line) sha256=\"\(String(repeating: "0", count: 64))\""))
    #expect(bench.lastError?.code.rawValue == "wrong-checksum", "\(bench.shown)")
    #expect(!bench.run("data d from xor sha256=\"\(checksum)\""))
    #expect(!bench.run("data d from \"cars.csv\" sha256=\"\(checksum)\""))
  }

  /// A file beside the notebook is what was meant by a name that nobody has given.
  @Test func aFileBesideTheNotebookIsNamed() throws {
    let folder = try Folder()
    _ = try folder.file("cars.csv", Self.fences("csv")[0] + "\n")
    let bench = Bench()
    bench.session.files.notebookFolder = folder.url.path
    #expect(!bench.run("show data cars"))
    #expect(bench.lastError?.suggestion == "data cars from \"cars.csv\"", "\(bench.shown)")
    #expect(!bench.run("split cars.train test=20%"))
    #expect(bench.lastError?.message.contains("`data cars from \"cars.csv\"`") == true, "\(bench.shown)")
    for line in ["data cars", "data c from cars"] {
      #expect(!bench.run(line))
      let hint = try #require(bench.lastError?.suggestion, "\(bench.shown)")
      #expect(hint.hasSuffix("from \"cars.csv\"") && bench.run(hint + " missing=mean"), "\(bench.shown)")
    }
    #expect(!bench.run("print iris") && bench.lastError?.suggestion == "data iris", "\(bench.shown)")
  }
}
