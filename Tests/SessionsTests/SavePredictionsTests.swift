import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets
@testable import Sessions

@Suite struct SavePredictionsTests {
  private func bench() throws -> Bench {
    let bench = Bench()
    let folder = try Folder()
    let text =
      "id,name,a,b,kind\n"
      + (0..<6).map { "\($0 + 10),\"x, \"\"\($0)\"\"\",\($0),\($0 * 2),\($0 < 3 ? "low" : "high")\n" }
      .joined()
    _ = try folder.file("t.csv", text)
    bench.session.files.notebookFolder = folder.url.path
    bench.folder = folder
    #expect(
      bench.run(
        "data t from \"t.csv\" drop=[id, name]\nnet n\nlayer i input 2\nlayer o dense 2 softmax\nconnect all\ntrain t epochs=200 rate=0.1"
      ),
      "\(bench.shown)")
    return bench
  }

  private func lines(_ bench: Bench, _ name: String) throws -> [String] {
    try String(contentsOf: try #require(bench.folder).url.appending(path: name), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test func classesWithTheirProbabilities() throws {
    let bench = try bench()
    #expect(bench.run("save predictions \"p.csv\" data=t"), "\(bench.shown)")
    #expect(bench.shown.contains("saved the predictions of n on 6 rows of t to p.csv"))
    let lines = try lines(bench, "p.csv")
    #expect(lines[0] == "id,name,predicted,p_high,p_low")
    #expect(lines.count == 7 && lines[1].hasPrefix("10,\"x, \"\"0\"\"\",low,"))
    let numbers = lines[1].split(separator: ",").suffix(2).compactMap { Double($0) }
    #expect(numbers.count == 2 && abs(numbers[0] + numbers[1] - 1) < 1e-6)
    #expect(bench.run("q = predict(t.x)\nassert abs(q[0, 0] - \(numbers[0])) < 1e-12"), "\(bench.shown)")
  }

  @Test func columnsAndParts() throws {
    let bench = try bench()
    #expect(
      bench.run("split t test=50% seed=1\nsave predictions \"p.tsv\" data=t.test columns=[kind, b, id]"),
      "\(bench.shown)")
    let lines = try lines(bench, "p.tsv")
    #expect(lines[0] == "kind\tb\tid\tpredicted\tp_high\tp_low" && lines.count == 4)
    for line in lines.dropFirst() {
      let fields = line.split(separator: "\t")
      // The id is that of the row.
      let id = try #require(Int(fields[2]))
      #expect(Int(fields[1]) == id * 2 - 20)
    }
    #expect(!bench.run("save predictions \"p.csv\" data=t columns=nmae"))
    #expect(bench.lastError?.code == .unknownColumn && bench.lastError?.suggestion == "name")
    #expect(!bench.run("save predictions \"p.xlsx\" data=t"))
    #expect(bench.lastError?.code == .badValue)
  }

  @Test func recordsAndArrays() throws {
    let bench = try bench()
    #expect(
      bench.run("save predictions \"p.jsonl\" columns=name\nsave predictions \"p.npy\""), "\(bench.shown)")
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(try lines(bench, "p.jsonl")[2].utf8)) as? [String: Any])
    #expect(record["name"] as? String == "x, \"2\"" && record["predicted"] as? String == "low")
    let path = try #require(bench.folder).url.appending(path: "p.npy").path
    let array = try NPYReader.read(PlainStream(try ByteFile(path: path)), limit: 1 << 20)
    #expect(array.shape == [6, 2])
    #expect(bench.run("q = predict(t.x)"))
    #expect(abs(array.values.doubles[0] + array.values.doubles[1] - 1) < 1e-6)
  }

  @Test func amountsAreInTheirUnits() throws {
    let bench = Bench()
    let folder = try Folder()
    bench.session.files.notebookFolder = folder.url.path
    #expect(
      bench.run(
        """
        data d { 1 -> 1000; 2 -> 2000; 3 -> 3000; 4 -> 4000 }
        prepare d
        net n loss=mae
        layer i input 1
        layer o dense 1
        connect all
        train d epochs=300 rate=0.1
        """), "\(bench.shown)")
    #expect(bench.shown.replacing("\n", with: " ").contains("loss mae of scaled targets"))
    #expect(bench.run("evaluate d"), "\(bench.shown)")
    #expect(
      bench.run(
        "e = predict(d.x) - d.y\nassert abs(mae - mean(abs(e))) < 1e-3 * mae + 1e-9 and abs(rmse - sqrt(mean(e ^ 2))) < 1e-3 * rmse + 1e-9"
      ), "\(bench.shown)")
    #expect(bench.run("save predictions \"p.csv\" data=d columns=none"))
    let text = try String(contentsOf: folder.url.appending(path: "p.csv"), encoding: .utf8)
    #expect(text.hasPrefix("predicted\n"))
    #expect(text.split(separator: "\n").dropFirst().allSatisfy { (Double($0) ?? 0) > 500 })
    // The loss that the training was given is the one that is evaluated, also behind a file.
    #expect(
      bench.run(
        "train d epochs=1 loss=huber rate=1e-9\nevaluate d\nl = loss\nsave net \"m.safetensors\"\ndelete n\nload net \"m.safetensors\"\nevaluate d\nassert loss == l"
      ), "\(bench.shown)")
  }
}
