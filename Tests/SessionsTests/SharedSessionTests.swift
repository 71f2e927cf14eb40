import Diagnostics
import Foundation
import NeuralEngine
import Outputs
import TestSupport
import Testing

@testable import Sessions

/// Sessions of several processes on hosts of their own, each with files of its own.
@Suite struct SharedSessionTests {
  /// The folders of so many hosts, which are gone when it is.
  private final class Hosts: Sendable {
    let folders: [String]

    init(_ count: Int) throws {
      folders = (0..<count).map { _ in NSTemporaryDirectory() + "nbs-host-" + UUID().uuidString }
      for folder in folders {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
    }

    deinit { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }

    func write(_ text: String, to name: String, on host: Int) throws {
      try text.write(toFile: folders[host] + "/" + name, atomically: true, encoding: .utf8)
    }
  }

  private static func session(_ folder: String, _ group: (any ProcessGroup)?) -> Session {
    let session = Session(seed: 2)
    session.files.notebookFolder = folder
    if let group { session.share(with: group) }
    return session
  }

  /// What cells fail with, and what the session holds then.
  private static func run(_ cells: [String], in session: Session) -> [String] {
    var shown: [String] = []
    for cell in cells {
      _ = session.evaluate(SourceText(cell, name: "test")) { output in
        if case .error(let diagnostic) = output { shown.append(diagnostic.message) }
      }
    }
    return shown + session.digests.map { "\($0)" }
  }

  private static let network = """
    data iris
    net n loss=crossentropy
    layer i input 4
    layer h dense 5 tanh
    layer o dense 3 softmax
    connect all
    """

  @Test func aCheckpointIsHandedOutByTheOnlyHostThatHasIt() throws {
    let hosts = try Hosts(3)
    let half = [Self.network, "train iris epochs=2 checkpoint=\"kept.safetensors\" every=1"]
    let rest = [Self.network, "train iris epochs=4 resume=\"kept.safetensors\""]
    _ = Self.run(half, in: Self.session(hosts.folders[0], nil))
    let alone = Self.run(rest, in: Self.session(hosts.folders[0], nil))
    #expect(alone.count == 3, "\(alone)")
    let all = try ThreadGroup().run(3) { group in
      Self.run(rest, in: Self.session(hosts.folders[group.rank], group))
    }
    #expect(all == [alone, alone, alone])
  }

  @Test func aRunIsTakenUpWhereTheFirstHostAloneKeptIt() throws {
    let hosts = try Hosts(2)
    @Sendable func checkpoints(_ rank: Int, isResuming: Bool) -> RunCheckpoints {
      RunCheckpoints(
        folder: rank == 0 ? hosts.folders[0] : "", isResuming: isResuming, writes: rank == 0,
        environment: [RunCheckpoints.intervalVariable: "0"])
    }
    let cells = [Self.network, "train iris epochs=6"]
    let first = Self.session(hosts.folders[0], nil)
    first.checkpoints = checkpoints(0, isResuming: false)
    let alone = Self.run(cells, in: first)
    #expect(FileManager.default.fileExists(atPath: hosts.folders[0] + "/training-1.safetensors"))
    let all = try ThreadGroup().run(2) { group in
      let session = Self.session(hosts.folders[group.rank], group)
      session.checkpoints = checkpoints(group.rank, isResuming: true)
      return Self.run(cells, in: session)
    }
    #expect(all == [alone, alone])
  }

  /// What two hosts complain of that read `t.csv`.
  private static func complaints(_ files: [String?]) throws -> Set<String> {
    let hosts = try Hosts(files.count)
    for (host, text) in files.enumerated() {
      if let text { try hosts.write(text, to: "t.csv", on: host) }
    }
    let group = ThreadGroup()
    Thread.detachNewThread {
      _ = try? group.run(files.count) { group in
        run(["data t from \"t.csv\""], in: session(hosts.folders[group.rank], group))
      }
    }
    for _ in 0..<10_000 where group.complaints.count < files.count { Thread.sleep(forTimeInterval: 0.001) }
    return Set(group.complaints)
  }

  @Test func aHostWithOtherDataIsNamed() throws {
    let table = "a,b\n1,2\n3,4\n5,7\n"
    #expect(
      try Self.complaints([table, table, table.replacing("7", with: "8")]) == [
        "process 2 has read something else for the data set `t` than process 0. Copy the file to all hosts."
      ])
  }

  @Test func aHostWithoutTheDataIsNamed() throws {
    let words = try Self.complaints(["a,b\n1,2\n3,4\n", nil])
    let told = try #require(words.first)
    #expect(words.count == 1)
    #expect(told.hasPrefix("process 1 cannot read the data set `t` as process 0 does. There is no file"))
  }

  @Test func whatFailsEverywhereFailsAsAlone() throws {
    let hosts = try Hosts(2)
    let alone = Self.run(["data t from \"t.csv\""], in: Self.session(hosts.folders[0], nil))
    let all = try ThreadGroup().run(2) { group in
      Self.run(["data t from \"t.csv\""], in: Self.session(hosts.folders[group.rank], group))
    }
    #expect(all == [alone, alone])
  }
}
