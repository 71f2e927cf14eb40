import Foundation
import Glibc
import Testing

@testable import Walkthroughs

/// What a thread can do no more once it is confined. Nothing here may start a thread of Dispatch's, which would be confined and
/// stay.
@Suite(.enabled(if: Confinement.isAvailable)) struct ConfinementTests {
  /// Does work on a thread of its own that is confined to a scratch folder and one readable file, and gives what it found.
  private func confined<Found: Sendable>(_ work: @escaping @Sendable (Places) -> Found) throws -> Found {
    let root = FileManager.default.temporaryDirectory.appending(path: "nbs-confined-\(UUID().uuidString)")
    let places = Places(
      scratch: root.appending(path: "scratch").path, data: root.appending(path: "data.csv").path,
      secret: root.appending(path: "secret").path)
    try FileManager.default.createDirectory(atPath: places.scratch, withIntermediateDirectories: true)
    try "a,b\n".write(toFile: places.data, atomically: true, encoding: .utf8)
    try "secret".write(toFile: places.secret, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: root) }
    let box = Box<Found>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      do {
        try Confinement(readable: [places.data], writable: places.scratch).enter()
        box.found = work(places)
      } catch { box.problem = "\(error)" }
      done.signal()
    }
    thread.start()
    done.wait()
    #expect(try String(contentsOfFile: places.secret, encoding: .utf8) == "secret", "and it is as it was")
    return try #require(box.found, "\(box.problem)")
  }

  private struct Places: Sendable {
    let scratch: String
    let data: String
    let secret: String
  }

  private final class Box<Found>: @unchecked Sendable {
    var found: Found?
    var problem = ""
  }

  /// 0, or why a call failed.
  private static func code(_ result: Int32) -> Int32 { result >= 0 ? 0 : errno }

  @Test func filesOutsideAreOutOfReach() throws {
    let codes = try confined { places -> [Int32] in
      func opening(_ path: String, _ flags: Int32) -> Int32 {
        let descriptor = open(path, flags, 0o600)
        let code = Self.code(descriptor)
        if descriptor >= 0 { close(descriptor) }
        return code
      }
      return [
        opening(places.secret, O_RDONLY), opening("/etc/passwd", O_RDONLY),
        opening("/proc/self/environ", O_RDONLY),
        opening(places.secret, O_WRONLY), opening(places.secret, O_WRONLY | O_TRUNC),
        opening(places.data, O_WRONLY), opening(places.secret + ".new", O_WRONLY | O_CREAT),
        Self.code(unlink(places.secret)), Self.code(rename(places.secret, places.scratch + "/mine")),
        Self.code(mkdir(places.secret + ".d", 0o700)),
        Self.code(opendir("/") == nil ? -1 : 0),
      ]
    }
    #expect(codes.allSatisfy { $0 == EACCES || $0 == EXDEV }, "\(codes)")
  }

  @Test func theLessonsDataAndTheScratchFolderAreThere() throws {
    let codes = try confined { places -> [Int32] in
      let data = open(places.data, O_RDONLY)
      let file = open(places.scratch + "/a", O_WRONLY | O_CREAT, 0o600)
      let codes = [
        Self.code(data), Self.code(file), Self.code(Int32(write(file, "x", 1))),
        Self.code(fchmod(file, 0o600)),
        Self.code(rename(places.scratch + "/a", places.scratch + "/b")),
        Self.code(mkdir(places.scratch + "/d", 0o700)),
        Self.code(rename(places.scratch + "/b", places.scratch + "/d/b")),
        Self.code(unlink(places.scratch + "/d/b")),
        Self.code(open("/proc/self/statm", O_RDONLY)),
      ]
      close(data)
      close(file)
      return codes
    }
    #expect(codes.allSatisfy { $0 == 0 }, "\(codes)")
  }

  @Test func whatLandlockDoesNotSeeIsRefused() throws {
    let codes = try confined { places -> [Int32] in
      [
        Self.code(chmod(places.secret, 0o777)), Self.code(chown(places.secret, 1, 1)),
        Self.code(truncate(places.secret, 0)), Self.code(symlink(places.secret, places.scratch + "/link")),
        Self.code(link(places.secret, places.scratch + "/hard")), Self.code(utimes(places.secret, nil)),
      ]
    }
    #expect(codes.allSatisfy { $0 == EPERM || $0 == EACCES }, "\(codes)")
  }

  @Test func thereIsNoNetwork() throws {
    let codes = try confined { _ -> [Int32] in
      [AF_INET, AF_INET6, AF_UNIX, AF_NETLINK].map {
        Self.code(socket($0, Int32(SOCK_STREAM.rawValue), 0))
      }
    }
    #expect(codes.allSatisfy { $0 == EPERM }, "\(codes)")
  }

  @Test func thereAreNoOtherProcesses() throws {
    let parent = getppid()
    let codes = try confined { _ -> [Int32] in
      var child = pid_t()
      let path = strdup("/bin/true")
      defer { free(path) }
      let spawned = posix_spawn(&child, "/bin/true", nil, nil, [path, nil], nil)
      return [
        spawned, Self.code(execv("/bin/true", [path, nil])), Self.code(kill(parent, 0)),
        Self.code(kill(-1, 0)),
        Self.code(Int32(setpgid(0, 0))),
      ]
    }
    #expect(codes.allSatisfy { $0 == EPERM || $0 == EACCES }, "\(codes)")
  }

  @Test func threadsAndSignalsToItselfGoOn() throws {
    let codes = try confined { _ -> [Int32] in
      var thread = pthread_t()
      let started = pthread_create(&thread, nil, { _ in nil }, nil)
      if started == 0 { pthread_join(thread, nil) }
      return [started, Self.code(kill(getpid(), 0))]
    }
    #expect(codes == [0, 0])
  }

  @Test func limitsStayWhereTheyAre() throws {
    let codes = try confined { _ -> [Int32] in
      var limit = rlimit()
      let read = Self.code(getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit))
      return [read, Self.code(setrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit))]
    }
    #expect(codes == [0, EPERM])
  }
}
