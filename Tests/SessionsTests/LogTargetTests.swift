import Datasets
import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Sessions

/// A network that learns the logarithm of its target speaks of the target itself, wherever it goes.
@Suite struct LogTargetTests {
  private func bench(_ preparation: String = "prepare homes\n", target: String = "log(price)") throws -> Bench
  {
    let bench = Bench()
    let folder = try Folder()
    // A price that grows tenfold with every two rooms.
    let rows = (0..<12).map { "\($0 % 6),\(10 * pow(10, Double($0 % 6) / 2))\n" }.joined()
    _ = try folder.file("homes.csv", "rooms,price\n" + rows)
    _ = try folder.file("free.csv", "rooms,price\n1,20\n2,0\n")
    bench.session.files.notebookFolder = folder.url.path
    bench.folder = folder
    #expect(
      bench.run(
        """
        data homes from "homes.csv" target=\(target)
        \(preparation)net n
        layer i input 1
        layer o dense 1
        connect all
        train homes epochs=400 rate=0.1
        """), "\(bench.shown)")
    return bench
  }

  private func price(_ bench: Bench, _ rooms: Int) throws -> Double {
    #expect(bench.run("p = predict([\(rooms)])"), "\(bench.shown)")
    return try #require(bench.session.array(named: "p")).values[0]
  }

  /// A line through the logarithms is exact, and no line through the prices is; beyond the table it goes on.
  @Test(arguments: ["prepare homes\n", ""]) func thePriceIsPredicted(preparation: String) throws {
    let bench = try bench(preparation)
    #expect(
      bench.shown.replacing("\n", with: " ").contains("loss mse of the targets' logarithms"), "\(bench.shown)"
    )
    #expect(abs(try price(bench, 2) / 100 - 1) < 0.01)
    #expect(abs(try price(bench, 6) / 10_000 - 1) < 0.03)
    // What `evaluate` tells is measured in prices.
    #expect(bench.run("evaluate homes; e = mean(abs(predict(homes) - homes.y))"), "\(bench.shown)")
    let mae = try #require(bench.session.metrics["mae"])
    let own = try #require(bench.session.array(named: "e")?.scalar)
    #expect(abs(mae - own) <= 1e-3 * own && bench.session.metrics["r2"] ?? 0 > 0.999)
  }

  @Test func aShiftedLogarithmTakesZero() throws {
    let bench = try bench(target: "\"log1p(price)\"")
    #expect(abs(try price(bench, 5) / 3162 - 1) < 0.1)
    #expect(bench.run("data free from \"free.csv\"; evaluate free"), "\(bench.shown)")
  }

  @Test func aTableWithoutLogarithmsIsRefused() throws {
    let bench = try bench()
    #expect(bench.run("data free from \"free.csv\""))
    #expect(!bench.run("evaluate free"))
    #expect(
      bench.lastError?.code == .badTarget && bench.lastError?.message.contains("row 2") == true,
      "\(bench.shown)")
    #expect(bench.run("data some = free where price > 0; evaluate some; predict free"), "\(bench.shown)")
  }

  @Test(arguments: ["safetensors", "onnx"]) func filesKnowIt(ending: String) throws {
    let bench = try bench()
    let path = try #require(bench.folder).url.appending(path: "n.\(ending)").path
    let before = try price(bench, 3)
    #expect(bench.run("save net \"\(path)\""), "\(bench.shown)")
    let other = Bench()
    #expect(other.run("load net \"\(path)\""), "\(other.shown)")
    #expect(abs(try price(other, 3) / before - 1) < 1e-5)
  }

  @Test func aSessionsFileKnowsIt() throws {
    let bench = try bench("")
    #expect(bench.run("split homes test=25%"), "\(bench.shown)")
    let other = try reopened(Transcript(session: bench.session))
    let before = try price(bench, 3)
    #expect(
      shown("p = predict([3]); p[0]", in: other)
        == shown("p = predict([3]); p[0]", in: Transcript(session: bench.session)))
    #expect(try #require(other.session.array(named: "p")).values[0] == before)
    let training = shown("train homes epochs=1 rate=0.1", in: other).joined(separator: " ")
    #expect(training.replacing("\n", with: " ").contains("of the targets' logarithms"), "\(training)")
  }

  @Test func gradientsFlowThroughThePower() throws {
    let bench = try bench()
    #expect(
      bench.run(
        "x = [2]; y = sum(predict(x)); g = grad y wrt x; d = (sum(predict([2.001])) - sum(predict([1.999]))) / 0.002"
      ),
      "\(bench.shown)")
    let (g, d) = (
      try #require(bench.session.array(named: "g")).values[0],
      try #require(bench.session.array(named: "d")?.scalar)
    )
    #expect(abs(g / d - 1) < 0.01, "\(g) \(d)")
  }

  @Test func foldsAreMeasuredInPrices() throws {
    for target in ["log(price)", "price"] {
      let bench = try bench(target: target)
      #expect(bench.run("crossvalidate homes folds=3 epochs=30 rate=0.05"), "\(bench.shown)")
      // fold, rows, loss, mae and others: of prices from 10 to 3162, learned for a short time, not of their scale.
      let means = try #require(bench.shown.split(separator: "\n").first { $0.hasPrefix("mean ") })
      let mae = try #require(Double(means.split(separator: " ")[2]))
      #expect((20...2000).contains(mae), "\(bench.shown)")
    }
  }
}
