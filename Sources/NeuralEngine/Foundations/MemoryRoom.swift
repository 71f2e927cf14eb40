internal import SystemLibrary

/// How much memory this process may still take: what the machine has free, what `ulimit` leaves, and what the limits of its
/// control groups, such as a container's, leave.
struct MemoryRoom {
  /// The bytes that are left.
  let bytes: Int
  /// What leaves them, as the subject of a message.
  let bound: String

  /// The limits of a process, which each C library has as another type.
  private enum Limit {
    #if canImport(Glibc)
      static let addresses = Int32(RLIMIT_AS.rawValue)
      static let data = Int32(RLIMIT_DATA.rawValue)
    #else
      static let addresses = Int32(RLIMIT_AS)
      static let data = Int32(RLIMIT_DATA)
    #endif
  }

  /// Left alone, for what else a computation needs.
  private static let margin = 32 << 20

  /// As it is now. Takes a few system calls.
  static func now() -> MemoryRoom {
    var rooms = [limit(Limit.addresses, field: 0, "ulimit -v"), limit(Limit.data, field: 5, "ulimit -d")]
    rooms += ControlGroup.all.map(\.room) + [machine]
    let least = rooms.compactMap(\.self).min { $0.bytes < $1.bytes }
    guard let least else { return MemoryRoom(bytes: .max, bound: "this machine has") }
    return MemoryRoom(bytes: max(0, least.bytes - margin), bound: least.bound)
  }

  /// What the machine has free. Blocks that are mapped and not yet written to will still be taken from it.
  private static var machine: MemoryRoom? {
    guard let text = contents("/proc/meminfo"), let free = number(after: "MemAvailable:", in: text) else {
      return nil
    }
    let unwritten = max(0, SpareBlocks.mappedBytes - (pages(1) ?? 0))
    return MemoryRoom(bytes: free * 1024 - unwritten, bound: "this machine has")
  }

  /// What a limit of the process leaves; nil where there is none.
  private static func limit(_ resource: Int32, field: Int, _ name: String) -> MemoryRoom? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
      let used = pages(field)
    else {
      return nil
    }
    return MemoryRoom(bytes: Int(limit.rlim_cur) - used, bound: "the limit of this process (\(name)) leaves")
  }

  /// A field of `/proc/self/statm` in bytes: 0 is the address space, 1 what is resident, 5 the data.
  private static func pages(_ field: Int) -> Int? {
    guard let fields = contents("/proc/self/statm")?.split(separator: " "), fields.count > field else {
      return nil
    }
    return Int(fields[field]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  fileprivate static func number(after key: String, in text: String) -> Int? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    return line.dropFirst(key.count).split(separator: " ").first.flatMap { Int($0) }
  }

  /// A short file as text.
  fileprivate static func contents(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(file, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

/// A control group that limits this process's memory, of either version of Linux's interface.
private struct ControlGroup {
  /// Where its limit, its use, and its statistics stand, and what the last call the cache that can be given back.
  let limit: String
  let usage: String
  let statistics: String
  let cacheKey: String

  /// Those of this process, up to the root.
  static let all: [ControlGroup] = {
    var groups: [ControlGroup] = []
    for line in (MemoryRoom.contents("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      var path = fields[2] == "/" ? "" : String(fields[2])
      while true {
        if fields[1].isEmpty {
          let folder = "/sys/fs/cgroup\(path)/"
          groups.append(
            ControlGroup(
              limit: folder + "memory.max", usage: folder + "memory.current",
              statistics: folder + "memory.stat",
              cacheKey: "inactive_file "))
        } else if fields[1].split(separator: ",").contains("memory") {
          let folder = "/sys/fs/cgroup/memory\(path)/"
          groups.append(
            ControlGroup(
              limit: folder + "memory.limit_in_bytes", usage: folder + "memory.usage_in_bytes",
              statistics: folder + "memory.stat", cacheKey: "total_inactive_file "))
        }
        guard let slash = path.lastIndex(of: "/") else { break }
        path = String(path[..<slash])
      }
    }
    return groups.filter { $0.value(of: $0.limit) != nil }
  }()

  /// What it leaves; nil where it has no limit, as any number beyond all memories says.
  var room: MemoryRoom? {
    guard let limit = value(of: limit), limit < 1 << 60, let used = value(of: usage) else { return nil }
    let cache = MemoryRoom.contents(statistics).flatMap { MemoryRoom.number(after: cacheKey, in: $0) } ?? 0
    return MemoryRoom(bytes: limit - used + cache, bound: "the limit of this container leaves")
  }

  private func value(of file: String) -> Int? {
    MemoryRoom.contents(file).flatMap { Int($0.split(separator: "\n").first ?? "") }
  }
}
