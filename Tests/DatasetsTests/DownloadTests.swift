import Foundations
import NeuralEngine
import Synchronization
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct DownloadTests {
  private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  private func download(_ servers: [LoopbackServer], to folder: TemporaryFolder, patience: Int = 5)
    -> Download
  {
    var digest = Digest()
    digest.add(content)
    return Download(
      addresses: servers.map { $0.address + "/set/file" }, target: folder.path + "/file", size: content.count,
      checksum: digest.digits, patience: patience)
  }

  private func run(_ manner: LoopbackServer.Manner, patience: Int = 5) throws -> (
    LoopbackServer, TemporaryFolder
  ) {
    let server = try LoopbackServer(content, manner)
    defer { server.stop() }
    let folder = TemporaryFolder()
    try download([server], to: folder, patience: patience).run { _ in true }
    #expect(try bytes(of: folder.path + "/file") == content)
    #expect(!Folder.isFile(folder.path + "/file.part"))
    return (server, folder)
  }

  @Test func comesWholeAndReportsProgress() throws {
    let server = try LoopbackServer(content)
    defer { server.stop() }
    let folder = TemporaryFolder()
    let most = Mutex(0)
    try download([server], to: folder).run { progress in
      most.withLock { $0 = max($0, progress.completed) }
      #expect(progress.work == .download && progress.name == "file" && progress.unit == .bytes)
      #expect(progress.total == 300_000 && progress.completed <= progress.total)
      return true
    }
    #expect(most.withLock { $0 } == content.count)
    #expect(try bytes(of: folder.path + "/file") == content)
  }

  @Test func goesOnAfterABreak() throws {
    let (server, _) = try run(.cutsOff(120_000))
    #expect(server.log == ["/set/file", "/set/file from 120000", "/set/file from 240000"])
  }

  @Test func goesOnInALaterRun() throws {
    let server = try LoopbackServer(content, .ignoresRanges)
    defer { server.stop() }
    let folder = TemporaryFolder()
    try folder.write(Array(content[..<1000]), to: "file.part")
    try download([server], to: folder).run { _ in true }
    #expect(server.log == ["/set/file from 1000"])
    #expect(try bytes(of: folder.path + "/file") == content)
  }

  @Test func wrongBytesAreThrownAway() throws {
    for manner in [LoopbackServer.Manner.lies, .babbles] {
      let server = try LoopbackServer(content, manner)
      defer { server.stop() }
      let folder = TemporaryFolder()
      expectError(.wrongChecksum) { try download([server], to: folder).run { _ in true } }
      #expect(!Folder.isFile(folder.path + "/file"))
    }
  }

  @Test func theNextMirrorIsAsked() throws {
    let servers = try [
      LoopbackServer(content, .missing), LoopbackServer(content, .lies), LoopbackServer(content),
    ]
    defer { servers.forEach { $0.stop() } }
    let folder = TemporaryFolder()
    try download(servers, to: folder).run { _ in true }
    #expect(try bytes(of: folder.path + "/file") == content)
  }

  @Test func silenceEndsATransfer() throws {
    let server = try LoopbackServer(content, .stalls)
    defer { server.stop() }
    let folder = TemporaryFolder()
    expectError(.downloadFailed, saying: ["127.0.0.1"]) {
      try download([server], to: folder, patience: 1).run { _ in true }
    }
    #expect(Folder.isFile(folder.path + "/file.part"))
  }

  @Test func canBeStopped() throws {
    let server = try LoopbackServer(content)
    defer { server.stop() }
    let folder = TemporaryFolder()
    expectError(.interrupted) { try download([server], to: folder).run { _ in false } }
    #expect(!Folder.isFile(folder.path + "/file"))
  }

  @Test func withoutNetworkTheErrorSaysWhatToDo() throws {
    let server = try LoopbackServer([])
    server.stop()
    let folder = TemporaryFolder()
    let locations = DataLocations(
      folders: [folder.path + "/none"], cache: folder.path, mirrors: [server.address])
    let set = try #require(ImageSet.named("fashion_mnist"))
    expectError(
      .noNetwork, saying: ["dataset-fashion-mnist", folder.path + "/fashion-mnist", "t10k-labels"]
    ) {
      _ = try set.load(locations)
    }
    let empty = DataLocations(folders: [], cache: folder.path, mirrors: [])
    expectError(.noNetwork, saying: ["NBS_MIRRORS"]) { _ = try ImageSet.named("mnist")?.load(empty) }
  }

  @Test func foldersAreAskedInOrder() throws {
    let folder = TemporaryFolder()
    for name in ImageSetFiles.names {
      try folder.write(try bytes(of: fixture("idx/\(name)")), to: "data/fashion-mnist/\(name)")
    }
    let locations = DataLocations(
      folders: [folder.path + "/no", folder.path + "/data"], cache: folder.path, mirrors: [])
    let parts = try #require(ImageSet.named("fashion_mnist")).load(locations)
    #expect(parts.train.inputShape == [4, 5, 1])
    #expect(parts.train.classes?.last == "ankle boot")
    #expect(parts.test?.rows == 2)
  }

  @Test(.enabled(if: Folder.isFolder("/usr/share/datasets/fashion-mnist")))
  func debiansPackage() throws {
    let locations = DataLocations(folders: ["/usr/share/datasets"], cache: "/nowhere", mirrors: [])
    let parts = try #require(ImageSet.named("fashion_mnist")).load(locations)
    #expect(parts.counts.map(\.rows) == [60_000, 10_000])
    #expect(parts.counts[1].classes?.map(\.rows) == Array(repeating: 1000, count: 10))
    #expect(parts.train.inputShape == [28, 28, 1])
  }

  @Test func locationsOfAnEnvironment() {
    let plain = DataLocations(environment: ["HOME": "/home/ada"])
    #expect(plain.cache == "/home/ada/.cache/nbs")
    #expect(plain.folders == ["/home/ada/.cache/nbs", "/usr/share/datasets"])
    #expect(plain.mirrors == nil)
    let full = DataLocations(environment: [
      "HOME": "/h", "XDG_CACHE_HOME": "/c", "NBS_DATA_DIR": "/d", "NBS_MIRRORS": "http://a/, http://b",
    ])
    #expect(full.folders == ["/d", "/c/nbs", "/usr/share/datasets"])
    #expect(full.mirrors == ["http://a", "http://b"])
  }
}
