import Foundations
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite("How far reading has come") struct FileProgressTests {
  @Test(arguments: [
    "wine.csv", "wine.csv.gz", "f8.npy", "keras.npz", "floats.idx", "idx/", "shapes/",
  ])
  func everyFormatTells(_ name: String) throws {
    var told: [FileProgress] = []
    _ = try DatasetFile.read(fixture(name), name: "t") { progress in
      told.append(progress)
      return true
    }
    let most = try #require(told.max { $0.completed < $1.completed })
    #expect(most.completed == most.total && most.total > 0)
    for progress in told {
      #expect(progress.work == .read && (0...progress.total).contains(progress.completed))
      #expect(progress.unit == (name == "shapes/" ? .images : .bytes))
      #expect(!progress.name.contains("/") && !progress.name.isEmpty)
    }
    if name == "shapes/" { #expect(told.map(\.completed) == [0, 1, 2, 3, 4]) }
  }

  @Test(arguments: [
    "wine.csv", "wine.csv.gz", "f8.npy", "keras.npz", "floats.idx", "idx/", "shapes/",
  ])
  func everyFormatCanBeStopped(_ name: String) throws {
    var calls = 0
    expectError(.interrupted, saying: ["was stopped"]) {
      _ = try DatasetFile.read(fixture(name), name: "t") { _ in
        calls += 1
        return false
      }
    }
    #expect(calls == 1)
  }
}
