import Datasets
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

  /// A file that the first process alone cannot write fails the cell in all of them, so that what follows finds them at the
  /// same place.
  @Test(arguments: [
    "save n \"/proc/n.safetensors\"", "save predictions \"/proc/p.csv\" data=iris",
    "train iris epochs=1 checkpoint=\"/proc/c.safetensors\"",
  ])
  func whatTheFirstCannotWriteNobodyCan(_ command: String) throws {
    let hosts = try Hosts(2)
    try hosts.write("a,b\n1,2\n3,4\n5,7\n", to: "t.csv", on: 0)
    let cells = [
      Self.network, "train iris epochs=1", command + "\ndata t from \"t.csv\"", "data u from \"t.csv\"",
    ]
    let all = try ThreadGroup(machines: [0, 0]).run(2) { group in
      let session = Self.session(hosts.folders[0], group)
      if group.rank > 0 { session.files.scratchFolder = hosts.folders[1] }
      let shown = Self.run(cells, in: session)
      return [
        session.state.data["t"] == nil ? "stopped" : "read", session.state.data["u"] == nil ? "none" : "read",
      ]
        + shown
    }
    #expect(all[0] == all[1])
    #expect(all[0].prefix(2) == ["stopped", "read"], "\(all[0])")
    #expect(all[0].dropFirst(2).first?.contains("/proc") == true, "\(all[0])")
  }

  /// A training behind a block of folds has the same file whoever trained which fold.
  @Test func aRunWithFoldsIsTakenUpByMoreProcesses() throws {
    let hosts = try Hosts(2)
    @Sendable func checkpoints(_ rank: Int, isResuming: Bool) -> RunCheckpoints {
      RunCheckpoints(
        folder: rank == 0 ? hosts.folders[0] : "", isResuming: isResuming, writes: rank == 0,
        environment: [RunCheckpoints.intervalVariable: "0"])
    }
    let cells = [
      Self.network, "train iris epochs=2", "crossvalidate iris folds=3 { train iris epochs=2 }",
      "train iris epochs=3",
    ]
    let first = Self.session(hosts.folders[0], nil)
    first.checkpoints = checkpoints(0, isResuming: false)
    let alone = Self.run(cells, in: first)
    #expect(alone.count == 3, "\(alone)")
    for name in ["1", "2", "block-1-fold-1-1", "block-1-fold-3-1"] {
      #expect(FileManager.default.fileExists(atPath: hosts.folders[0] + "/training-\(name).safetensors"))
    }
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

  /// What each process of a group holds of a data set that only the first of each machine can read.
  private static func read(
    _ cell: String, _ name: String, machines: [Int], _ write: (String) throws -> Void
  ) throws -> [(parts: DatasetParts?, shown: [String])] {
    let hosts = try Hosts(machines.count)
    for (rank, machine) in machines.enumerated() where machines.firstIndex(of: machine) == rank {
      try write(hosts.folders[rank])
    }
    return try ThreadGroup(machines: machines).run(machines.count) { group in
      let session = session(hosts.folders[group.rank], group)
      let shown = run([cell], in: session)
      return (session.state.data[name]?.parts, shown)
    }
  }

  /// A table with all that a reader finds out: quoted line ends, decimal commas, categories in the order in which they appear,
  /// missing values, dates, a dropped column, weights.
  private static let table = #"""
    when;name;size;colour;rows;count;kind
    2024-01-03;"a; first
    line";1,5;red;1;2;yes
    2024-01-04;b;;blue;2;1;no
    2024-01-05;"c ""quoted""";0,1;green;3;1;yes
    2024-01-06;d;-2,25;blue;4;3;no
    2024-01-07;é;1e-3;red;5;1;maybe

    """#

  @Test(arguments: [
    "data t from \"t.csv\" drop=name weight=count missing=mean order=when",
    "data t from \"t.csv\" drop=name,when missing=median rare=2 indicator=size",
    "data t from \"t.csv\" target=size features=colour,rows missing=drop",
  ])
  func theFirstOfAMachineReadsATableForAll(_ cell: String) throws {
    let write = { (folder: String) in
      try Self.table.write(toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    }
    let hosts = try Hosts(1)
    try write(hosts.folders[0])
    let session = Self.session(hosts.folders[0], nil)
    let shown = Self.run([cell], in: session)
    let parts = try #require(session.state.data["t"]?.parts, "\(shown)")
    let all = try Self.read(cell, "t", machines: [0, 0, 1, 0, 1], write)
    for process in all {
      #expect(process.parts == parts)
      #expect(process.shown == shown)
    }
  }

  @Test func theFirstOfAMachineReadsBytesAndTextsForAll() throws {
    let images = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 3] + (0..<24).map { UInt8(10 * $0) }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"
    var array: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    array += Array(header.utf8) + [UInt8](repeating: 32, count: 117 - header.utf8.count) + [10]
    for number in [1, -2.5, 1e300, 0, 3, 4] as [Double] {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { array += Array($0) }
    }
    let write = { (folder: String) in
      try Data(images).write(to: URL(filePath: folder + "/i.idx"))
      try Data(array).write(to: URL(filePath: folder + "/a.npy"))
      try "to be or not to be, that is the question\n".write(
        toFile: folder + "/t.txt", atomically: true, encoding: .utf8)
    }
    for cell in [
      "data t from \"i.idx\"", "data t from \"a.npy\"", "data t from \"t.txt\" tokens=char window=4",
    ] {
      let hosts = try Hosts(1)
      try write(hosts.folders[0])
      let session = Self.session(hosts.folders[0], nil)
      let shown = Self.run([cell], in: session)
      let parts = try #require(session.state.data["t"]?.parts, "\(shown)")
      for process in try Self.read(cell, "t", machines: [0, 0, 0], write) {
        #expect(process.parts == parts)
        #expect(process.shown == shown)
      }
    }
  }

  /// A mistake in a file is the same for all, with its line, and the run goes on.
  @Test func whatTheFirstOfAMachineCannotReadNobodyCan() throws {
    let all = try Self.read("data t from \"t.csv\"", "t", machines: [0, 0, 1, 1]) { folder in
      try "name,b\n\"x\ny\",2\nz,4\n5,6,7\n".write(
        toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    }
    for process in all {
      #expect(process.parts == nil)
      #expect(process.shown.first?.contains("Line 5 of") == true, "\(process.shown)")
    }
    // Each machine has the file in a folder of its own.
    #expect(all[0].shown == all[1].shown && all[2].shown == all[3].shown)
  }
}
