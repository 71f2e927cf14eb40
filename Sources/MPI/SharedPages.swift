import NeuralEngine
import Synchronization
import SystemLibrary

/// Memory that the processes of one machine hold once: pages with the same bytes stand in a file in memory (`memfd_create`)
/// that each of them maps in their place. Whoever writes to such a page gets a copy of its own, as with any private mapping,
/// so that nothing else about the memory changes.
final class SharedPages: Sendable {
  /// The ranks of the processes on this machine, the first of which owns what is shared.
  private let peers: [Int]
  private let rank: Int
  /// What this process has shared already, if it is the owner: a few of its bytes, by its place.
  private let known = Mutex<[Place: [UInt64]]>([:])

  private struct Place: Hashable {
    let address: UInt
    let bytes: Int
  }

  /// What the owner tells of a block.
  private struct Offer {
    var process: UInt64 = 0
    /// The file's descriptor there and one; 0 for a block that stays as it is.
    var file: UInt64 = 0
    /// Where in a page the block begins.
    var start: UInt64 = 0
  }

  /// - Parameter machines: a name for the machine of each process, by rank.
  init(rank: Int, machines: [String]) {
    self.rank = rank
    peers = machines.indices.filter { machines[$0] == machines[rank] }
  }

  /// Smaller blocks are not worth a file.
  static let leastBytes = 1 << 20

  /// A name of this machine that processes which see each other's memory have in common, and that no other machine has.
  static var machine: String {
    func link(_ path: String) -> String {
      var target = [CChar](repeating: 0, count: 256)
      let length = readlink(path, &target, target.count)
      return String(decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    // Cloned machines have the names and the namespaces of one another, but each is started by itself.
    guard let boot else { return "\(UInt64.random(in: 0 ... .max))" }
    return boot + link("/proc/self/ns/pid") + link("/proc/self/ns/uts")
  }

  /// A name that the kernel has from its start to its end; nil where it does not tell.
  private static var boot: String? {
    let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var name = [UInt8](repeating: 0, count: 64)
    let length = read(file, &name, name.count)
    return length > 0 ? String(decoding: name.prefix(length).filter { $0 > 32 }, as: UTF8.self) : nil
  }

  /// Lets all processes of this machine hold blocks once that have the same bytes in each of them. All call it with as many
  /// blocks of the same sizes.
  func merge(_ blocks: [UnsafeMutableRawBufferPointer], in group: any ProcessGroup) {
    #if os(Linux)
      guard peers.count > 1 else { return }
      for block in blocks where block.count >= SharedPages.leastBytes {
        rank == peers[0] ? offer(block, group) : take(block, group)
      }
    #endif
  }

  #if os(Linux)
    private static let page = sysconf(Int32(_SC_PAGESIZE))

    /// The whole pages of a block.
    private static func pages(_ block: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
      let address = Int(bitPattern: block.baseAddress)
      let skipped = (page - address % page) % page
      return UnsafeMutableRawBufferPointer(
        rebasing: block[skipped..<skipped + (block.count - skipped) / page * page])
    }

    private static func start(_ block: UnsafeMutableRawBufferPointer) -> UInt64 {
      UInt64(Int(bitPattern: block.baseAddress) % page)
    }

    /// The owner's side.
    private func offer(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) {
      var offer = Offer(process: UInt64(getpid()), start: SharedPages.start(block))
      let file = isKnown(block) ? -1 : SharedPages.file(of: SharedPages.pages(block))
      offer.file = UInt64(file + 1)
      let others = peers.dropFirst()
      withUnsafeMutableBytes(of: &offer) { bytes in
        group.exchange(
          others.compactMap { ProcessMessage(to: $0, UnsafeMutableRawBufferPointer(bytes)) }, [])
      }
      guard file >= 0 else { return }
      // It is closed when all have it.
      var answers = [UInt64](repeating: 0, count: others.count)
      answers.withUnsafeMutableBytes { bytes in
        let each = MemoryLayout<UInt64>.size
        group.exchange(
          [],
          zip(others, 0...).compactMap {
            ProcessMessage(
              to: $0, UnsafeMutableRawBufferPointer(rebasing: bytes[$1 * each..<($1 + 1) * each]))
          })
      }
      close(file)
    }

    /// The others' side.
    private func take(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) {
      var offer = Offer()
      withUnsafeMutableBytes(of: &offer) { bytes in
        group.exchange([], [ProcessMessage(to: peers[0], bytes)].compactMap(\.self))
      }
      guard offer.file > 0 else { return }
      if offer.start == SharedPages.start(block) {
        let pages = SharedPages.pages(block)
        let path = "/proc/\(offer.process)/fd/\(offer.file - 1)"
        if let file = SharedPages.file(at: path, holding: pages.count) {
          SharedPages.map(file, at: pages)
          close(file)
        }
      }
      // The owner waits for it.
      var answer: UInt64 = 1
      withUnsafeMutableBytes(of: &answer) { bytes in
        group.exchange([ProcessMessage(to: peers[0], bytes)].compactMap(\.self), [])
      }
    }

    /// Whether a block has been shared before and not been written since, as far as a few of its bytes tell.
    private func isKnown(_ block: UnsafeMutableRawBufferPointer) -> Bool {
      let place = Place(address: UInt(bitPattern: block.baseAddress), bytes: block.count)
      let samples = stride(from: 0, to: block.count - 8, by: max(8, block.count / 256)).map {
        block.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
      }
      return known.withLock { known in
        if known[place] == samples { return true }
        known[place] = samples
        return false
      }
    }

    /// How many bytes are moved at a time, so that the owner never holds a block twice.
    private static let stretch = 16 << 20

    /// A file in memory; nil where the system has none. Swift's view of the C library does not know the function.
    private static func newFile() -> Int32? {
      typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
      guard let address = dlsym(nil, "memfd_create") else { return nil }
      let closedOnExec: UInt32 = 1
      let file = unsafeBitCast(address, to: Create.self)("nbs", closedOnExec)
      return file >= 0 ? file : nil
    }

    /// Moves pages to a file in memory.
    ///
    /// - Returns: the file's descriptor; -1 where there is no room for it, and the pages are as they were.
    private static func file(of pages: UnsafeMutableRawBufferPointer) -> Int32 {
      guard let base = pages.baseAddress, let file = newFile() else { return -1 }
      for start in stride(from: 0, to: pages.count, by: stretch) {
        let end = min(start + stretch, pages.count)
        var written = start
        while written < end {
          let count = pwrite(file, base + written, end - written, off_t(written))
          guard count > 0 else {
            // What was moved stays where it is, mapped by this process alone.
            close(file)
            return -1
          }
          written += count
        }
        put(file, over: base + start, end - start, at: start)
      }
      return file
    }

    /// Opens a regular file that holds so many bytes. A pipe is not waited for, and a file that is shorter is not mapped:
    /// to read behind its end would end the process.
    ///
    /// - Returns: the file's descriptor; nil for whatever else stands there.
    static func file(at path: String, holding bytes: Int) -> Int32? {
      let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard file >= 0 else { return nil }
      var status = stat()
      guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) >= bytes
      else {
        close(file)
        return nil
      }
      return file
    }

    /// Puts a file's pages in the place of others, as far as they hold the same bytes.
    private static func map(_ file: Int32, at pages: UnsafeMutableRawBufferPointer) {
      guard let base = pages.baseAddress else { return }
      for start in stride(from: 0, to: pages.count, by: stretch) {
        let bytes = min(stretch, pages.count - start)
        guard let theirs = mmap(nil, bytes, PROT_READ, MAP_SHARED, file, off_t(start)), theirs != MAP_FAILED
        else { return }
        let isSame = memcmp(theirs, base + start, bytes) == 0
        munmap(theirs, bytes)
        if isSame { put(file, over: base + start, bytes, at: start) }
      }
    }

    private typealias Move =
      @Sendable @convention(c) (
        UnsafeMutableRawPointer, Int, Int, Int32, UnsafeMutableRawPointer
      ) -> UnsafeMutableRawPointer?

    /// `mremap`; nil where the system has none. Swift does not call C's functions of any number of arguments.
    private static let move: Move? = dlsym(nil, "mremap").map { unsafeBitCast($0, to: Move.self) }

    /// Puts a part of a file in the place of pages that hold the same bytes; where the system has no room to map it, they
    /// stay. It is mapped elsewhere and moved then, as `mmap` with `MAP_FIXED` may fail when it has taken away what was there.
    private static func put(
      _ file: Int32, over place: UnsafeMutableRawPointer, _ bytes: Int, at offset: Int
    ) {
      let rights = PROT_READ | PROT_WRITE
      guard let move = SharedPages.move,
        let fresh = mmap(nil, bytes, rights, MAP_PRIVATE, file, off_t(offset)), fresh != MAP_FAILED
      else { return }
      let mayMoveToFixedPlace: Int32 = 1 | 2
      if move(fresh, bytes, bytes, mayMoveToFixedPlace, place) == place { return }
      munmap(fresh, bytes)
      // Linux looks whether it has room before it takes the old pages away, so that they should still be there. If they
      // are not, this maps the file; if they are, nothing, or elsewhere before Linux 4.17 (`MAP_FIXED_NOREPLACE`).
      let withoutReplacing: Int32 = 0x10_0000
      if let again = mmap(place, bytes, rights, MAP_PRIVATE | withoutReplacing, file, off_t(offset)),
        again != MAP_FAILED, again != place
      {
        munmap(again, bytes)
      }
    }
  #endif
}

extension ProcessMessage {
  fileprivate init?(to process: Int, _ bytes: UnsafeMutableRawBufferPointer) {
    guard let base = bytes.baseAddress else { return nil }
    self.init(process: process, memory: base, bytes: bytes.count)
  }
}
