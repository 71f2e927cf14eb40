import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Datasets
@testable import ModelFiles
@testable import Sessions

/// What a message says is so, and what it says to try works when it is typed.
@Suite struct AdviceTests {
  /// What was shown, without the ends of its lines.
  private func bench(_ table: String) throws -> Bench {
    let folder = try Folder()
    _ = try folder.file("t.csv", table)
    let bench = Bench()
    bench.folder = folder
    bench.session.files.notebookFolder = folder.url.path
    return bench
  }

  /// A number above a bound that is hardly ever reached is told the bound, and not that it is to be 1 or more.
  @Test(arguments: [
    ("data air from air_passengers window=2000000", "from 1 to 1000000"),
    ("data air from air_passengers window=(2e6)", "from 1 to 1000000"),
    ("train xor epochs=2000000000", "from 1 to 1000000000"),
    ("net n; layer e embedding 5 2000000", "from 1 to 1000000"),
    ("data air from air_passengers window=0", "1 or more"), ("train xor epochs=0", "1 or more"),
    ("net n; layer e embedding 5 0", "1 or more"),
  ])
  func bounds(cell: String, words: String) {
    let bench = Bench()
    bench.run("data xor")
    #expect(!bench.run(cell))
    #expect(bench.lastError?.message.contains(words) == true, "\(bench.lastError?.message ?? "")")
  }

  /// What lies just beyond a bound is not rounded to it.
  @Test(arguments: [
    ("layer e embedding 2 2; layer o globalavgpool; connect all; activate [1.00001]", "has 1.00001, but"),
    (
      "layer o dense 1 sigmoid; connect all; data d { 0 -> 1.00001; 1 -> 0.5 }; train d loss=bce",
      "is 1.00001."
    ),
    (
      "layer o dense 1 softplus; connect all; data d { 0 -> -1.00001; 1 -> 1 }; train d loss=poisson",
      "has -1.00001."
    ),
    (
      "layer o dense 1 step; connect all; data d { 0 -> 1.00001; 1 -> 1 }; train d optimizer=perceptron",
      "has 1.00001."
    ),
    ("a = zeros(2.000000001)", "not 2.000000001"),
    ("data iris; split iris test=0.50001 validate=0.5", "take 1.00001 of"),
  ])
  func numbersBeyondABound(cells: String, words: String) {
    let bench = Bench()
    #expect(!bench.run("net n; layer i input 1; \(cells)"))
    #expect(bench.lastError?.message.contains(words) == true, "\(bench.lastError?.message ?? "")")
  }

  @Test func bytesAreNoPowersOfTen() {
    for (bytes, words) in [
      (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1000 bytes"), (1023, "1023 bytes"),
      (1024, "1 KiB"),
      (1_048_000, "1023 KiB"), (1_072_693_248, "1023 MiB"), (2_500_000, "2.38 MiB"),
    ] {
      #expect(bytes.byteWords == words)
      #expect(!(bytes + 1).byteWords.contains("e+"))
    }
  }

  /// Dates that rows are chosen, sorted or computed by can be told how to be read.
  @Test(arguments: ["where when > \"2024-03-01\"", "sort=when", "with spring = when > \"2024-03-01\""])
  func datesInRows(options: String) throws {
    let bench = try bench("when,a,y\n1/2/2024,1,2\n3/4/2024,2,3\n5/6/2024,3,5\n")
    #expect(!bench.run("data t from \"t.csv\" \(options)"))
    let fix = try #require(bench.lastError?.suggestion)
    #expect(bench.run("data t from \"t.csv\" \(options) \(fix)"), "\(bench.shown)")
    #expect(!bench.run("data t from \"t.csv\" where a > 1 date_format=dmy"))
    #expect(bench.lastError?.code == .unusedOption)
  }

  /// Clocks that are read a little sooner or later each time have a spacing, and what has none is told how far apart it lies.
  @Test func timesThatWaver() throws {
    func table(_ times: [Int]) -> String {
      "at,y\n"
        + times.enumerated().map { place, time in
          let (minutes, seconds) = (time / 60, time % 60)
          return
            "2024-05-01T\(10 + minutes / 60):\(minutes % 60 / 10)\(minutes % 10):\(seconds / 10)\(seconds % 10),\(place)\n"
        }.joined()
    }
    let wavering = [0, 61, 119, 182, 240, 299, 361, 720, 781, 838]
    let bench = try bench(table(wavering))
    #expect(bench.run("data t from \"t.csv\" order=at window=2"), "\(bench.shown)")
    #expect(bench.said.contains("about a row a minute), 5 rows missing"), "\(bench.shown)")
    #expect(bench.run("data t from \"t.csv\" order=at window=2 gaps=split"), "\(bench.shown)")
    _ = try bench.folder?.file("t.csv", table([0, 3, 70, 500, 510, 2000, 2100]))
    #expect(bench.run("data t from \"t.csv\" order=at window=2"), "\(bench.shown)")
    #expect(bench.said.contains("are not equally spaced (3 seconds to 25 minutes apart)"), "\(bench.shown)")
  }

  /// The rows of `s.x` are arrays of steps where their lengths are their own, and a network of one length takes them.
  @Test func rowsOfSequences() {
    let bench = Bench()
    #expect(
      bench.run("data q = [[1, 2], [3, 4, 5], [3, 4]] -> [0, 1, 0]; data s = q where y < 1"), "\(bench.shown)"
    )
    #expect(
      bench.run("net n; layer i input 2x1; layer r rnn 2; layer o dense 1; connect all; seed 1"),
      "\(bench.shown)")
    #expect(bench.run("a = predict([[1, 2], [3, 4]]); b = predict(s.x)"), "\(bench.shown)")
    #expect(bench.run("assert max(abs(a - b)) == 0"), "\(bench.shown)")
    #expect(bench.run("data v = [[1, 2], [3, 4], [5, 6]] -> [0, 1, 0]; c = predict(v.x)"), "\(bench.shown)")
    #expect(bench.run("assert max(abs(c[0:2] - a)) == 0"), "\(bench.shown)")
    #expect(!bench.run("predict(q.x)"))
    #expect(bench.lastError?.code == .shapeMismatch, "\(bench.shown)")
  }

  /// `crossvalidate` has no shuffle=, and says how a stateful network is cross-validated.
  @Test func statefulFolds() {
    let bench = Bench()
    #expect(bench.run("data d from echo n=24 steps=5"), "\(bench.shown)")
    let net = "net n; layer i input 5x1; layer r rnn 2 stateful=true return=all; layer o dense 1; connect all"
    #expect(bench.run(net), "\(bench.shown)")
    #expect(!bench.run("crossvalidate d folds=3"))
    let message = bench.lastError?.message ?? ""
    #expect(message.contains("crossvalidate d ordered=true { …; train d shuffle=false }"), "\(message)")
    #expect(
      bench.run("crossvalidate d folds=3 ordered=true { \(net); train d shuffle=false batch=6 epochs=1 }"),
      "\(bench.shown)")
  }

  /// Of data with parts, the rows that nothing was chosen by have their intervals.
  @Test func partsHaveTheirDoubts() {
    let bench = Bench()
    #expect(
      bench.run(
        """
        data iris; split iris test=30% seed=1; prepare iris
        net n; layer i input 4; layer o dense 3 softmax; connect all
        train iris epochs=5; evaluate iris
        """), "\(bench.shown)")
    let both = bench.shown.split(separator: "\n").filter { $0.contains("95%") || $0.contains("majority") }
    #expect(both.count == 3 && both.allSatisfy { $0.hasPrefix("test ") }, "\(bench.shown)")
    #expect(bench.run("evaluate iris.test"))
    let alone = bench.shown.split(separator: "\n").filter { $0.contains("95%") || $0.contains("majority") }
    func words(_ line: Substring) -> [Substring] { line.split(separator: " ").filter { $0 != "test" } }
    #expect(both.map(words) == alone.map(words))
  }

  /// A file whose numbers another version of the arithmetic computed says so when it is loaded.
  @Test(arguments: [("7", "arithmetic 7"), ("\(InstructionSet.kernelsVersion)", ""), ("", "")])
  func otherArithmetic(
    kernels: String, words: String
  ) throws {
    let bench = Bench()
    let folder = try Folder()
    bench.session.files.notebookFolder = folder.url.path
    #expect(bench.run("net n; layer i input 2; layer o dense 1; connect all; save n \"n.safetensors\""))
    let path = folder.url.path + "/n.safetensors"
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let old = Array("\\\"kernels\\\":\(InstructionSet.kernelsVersion),".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: old) })
    // Spaces keep the header's length.
    let new = Array((kernels.isEmpty ? "" : "\\\"kernels\\\":\(kernels),").utf8)
    bytes.replaceSubrange(
      place..<place + old.count, with: new + [UInt8](repeating: 0x20, count: old.count - new.count))
    try Data(bytes).write(to: URL(filePath: path))
    #expect(bench.run("load n \"n.safetensors\""), "\(bench.shown)")
    #expect(
      words.isEmpty ? !bench.shown.contains("arithmetic") : bench.said.contains(words), "\(bench.shown)")
  }
}
