import NeuralEngine
import Synchronization
import SystemLibrary

/// Memory that the processes of one machine hold once: pages with the same bytes stand in a file in memory (`memfd_create`)
/// that each of them maps in their place. Whoever writes to such a page gets a copy of its own, as with any private mapping,
/// so that nothing else about the memory changes.
final class SharedPages: Sendable {
  /// The ranks of the processes on this machine, the first of which owns what is shared.
  let peers: [Int]
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
    /// Where this process finds the file.
    var path: String { "/proc/\(process)/fd/\(file - 1)" }
  }

  /// - Parameter machines: a name for the machine of each process, by rank.
  init(rank: Int, machines: [String]) {
    self.rank = rank
    peers = machines.indices.filter { machines[$0] == machines[rank] }
  }

  /// Smaller blocks are not worth a file.
  static let leastBytes = 1 << 20
  /// Blocks of so many bytes have pages of their own in any case, wherever they stand.
  static let leastHandedOut = 32 << 20

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

  /// Hands a large block out: the owner's pages are put into a file that all others map. They all call it with a block of the
  /// same size.
  ///
  /// - Returns: whether that was done. Nothing was where the system has no means for it, or the block is small; it is the same
  ///   in all processes.
  func handOut(_ block: UnsafeMutableRawBufferPointer, in group: any ProcessGroup) -> Bool {
    #if os(Linux)
      guard peers.count > 1, block.count >= SharedPages.leastHandedOut else { return false }
      return rank == peers[0] ? giveOut(block, group) : takeIn(block, group)
    #else
      return false
    #endif
  }

  #if os(Linux)
    private static let page = sysconf(Int32(_SC_PAGESIZE))

    /// Where the whole pages of a block of so many bytes are.
    ///
    /// - Parameter start: where in a page the block begins.
    private static func pagesPlaces(of bytes: Int, startingAt start: UInt64) -> Range<Int> {
      let skipped = min(bytes, (page - Int(start)) % page)
      return skipped..<skipped + (bytes - skipped) / page * page
    }

    /// The whole pages of a block, as they are where it begins at a place in a page.
    private static func pages(
      _ block: UnsafeMutableRawBufferPointer, startingAt start: UInt64? = nil
    ) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(
        rebasing: block[pagesPlaces(of: block.count, startingAt: start ?? SharedPages.start(block))])
    }

    private static func start(_ block: UnsafeMutableRawBufferPointer) -> UInt64 {
      UInt64(Int(bitPattern: block.baseAddress) % page)
    }

    /// Tells the others of a block.
    private func tell(_ offer: Offer, _ group: any ProcessGroup) {
      var offer = offer
      withUnsafeMutableBytes(of: &offer) { bytes in
        group.exchange(
          peers.dropFirst().compactMap { ProcessMessage(to: $0, UnsafeMutableRawBufferPointer(bytes)) }, [])
      }
    }

    /// What the owner tells.
    private func heard(_ group: any ProcessGroup) -> Offer {
      var offer = Offer()
      withUnsafeMutableBytes(of: &offer) { bytes in
        group.exchange([], [ProcessMessage(to: peers[0], bytes)].compactMap(\.self))
      }
      return offer
    }

    /// Waits until all others have taken what is in a file.
    ///
    /// - Returns: those that could not.
    @discardableResult
    private func awaitAnswers(_ group: any ProcessGroup) -> Set<Int> {
      let others = peers.dropFirst()
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
      return Set(zip(others, answers).filter { $1 == 0 }.map(\.0))
    }

    private func answer(_ hasTaken: Bool, _ group: any ProcessGroup) {
      var answer: UInt64 = hasTaken ? 1 : 0
      withUnsafeMutableBytes(of: &answer) { bytes in
        group.exchange([ProcessMessage(to: peers[0], bytes)].compactMap(\.self), [])
      }
    }

    /// The owner's side.
    private func offer(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) {
      let file = isKnown(block) ? -1 : SharedPages.file(of: SharedPages.pages(block))
      tell(
        Offer(process: UInt64(getpid()), file: UInt64(file + 1), start: SharedPages.start(block)), group)
      guard file >= 0 else { return }
      awaitAnswers(group)
      close(file)
    }

    /// The others' side.
    private func take(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) {
      let offer = heard(group)
      guard offer.file > 0 else { return }
      if offer.start == SharedPages.start(block) {
        let pages = SharedPages.pages(block)
        if let file = SharedPages.file(at: offer.path, holding: pages.count) {
          SharedPages.map(file, at: pages)
          close(file)
        }
      }
      // The owner waits for it.
      answer(true, group)
    }

    /// The owner's side of what is handed out.
    private func giveOut(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) -> Bool {
      // Whoever compares blocks later finds it known.
      _ = isKnown(block)
      let start = SharedPages.start(block)
      let file = SharedPages.file(of: SharedPages.pages(block))
      tell(Offer(process: UInt64(getpid()), file: UInt64(file + 1), start: start), group)
      guard file >= 0 else { return false }
      let without = awaitAnswers(group)
      close(file)
      group.exchange(
        peers.dropFirst().flatMap { peer in
          SharedPages.rest(of: block, startingAt: start, without.contains(peer)).compactMap {
            ProcessMessage(to: peer, $0)
          }
        }, [])
      return true
    }

    /// The others' side of what is handed out.
    private func takeIn(_ block: UnsafeMutableRawBufferPointer, _ group: any ProcessGroup) -> Bool {
      let offer = heard(group)
      guard offer.file > 0 else { return false }
      let pages = SharedPages.pages(block, startingAt: offer.start)
      var hasTaken = false
      if let file = SharedPages.file(at: offer.path, holding: pages.count) {
        hasTaken = SharedPages.fill(
          pages, from: file, mapping: offer.start == SharedPages.start(block))
        close(file)
      }
      answer(hasTaken, group)
      group.exchange(
        [],
        SharedPages.rest(of: block, startingAt: offer.start, !hasTaken).compactMap {
          ProcessMessage(to: peers[0], $0)
        })
      return true
    }

    /// What of a block is sent as messages: the bytes before its first page and behind its last one, or all of it to a
    /// process that cannot open the file.
    private static func rest(
      of block: UnsafeMutableRawBufferPointer, startingAt start: UInt64, _ isWhole: Bool
    ) -> [UnsafeMutableRawBufferPointer] {
      guard !isWhole else { return [block] }
      let places = pagesPlaces(of: block.count, startingAt: start)
      return [block[..<places.lowerBound], block[places.upperBound...]].filter { !$0.isEmpty }
        .map { UnsafeMutableRawBufferPointer(rebasing: $0) }
    }

    /// Fills pages with what a file holds.
    ///
    /// - Parameter isMapping: whether they stand as the owner's do, so that the file's pages can stand in their place.
    /// - Returns: whether they hold it then.
    private static func fill(
      _ pages: UnsafeMutableRawBufferPointer, from file: Int32, mapping isMapping: Bool
    ) -> Bool {
      guard let base = pages.baseAddress else { return false }
      for start in stride(from: 0, to: pages.count, by: stretch) {
        let end = min(start + stretch, pages.count)
        if isMapping, put(file, over: base + start, end - start, at: start) { continue }
        var filled = start
        while filled < end {
          let count = pread(file, base + filled, end - filled, off_t(filled))
          guard count > 0 else { return false }
          filled += count
        }
      }
      return true
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
    ///
    /// - Returns: whether the file's pages stand there.
    @discardableResult
    private static func put(
      _ file: Int32, over place: UnsafeMutableRawPointer, _ bytes: Int, at offset: Int
    ) -> Bool {
      let rights = PROT_READ | PROT_WRITE
      guard let move = SharedPages.move,
        let fresh = mmap(nil, bytes, rights, MAP_PRIVATE, file, off_t(offset)), fresh != MAP_FAILED
      else { return false }
      let mayMoveToFixedPlace: Int32 = 1 | 2
      if move(fresh, bytes, bytes, mayMoveToFixedPlace, place) == place { return true }
      munmap(fresh, bytes)
      // Linux looks whether it has room before it takes the old pages away, so that they should still be there. If they
      // are not, this maps the file; if they are, nothing, or elsewhere before Linux 4.17 (`MAP_FIXED_NOREPLACE`).
      let withoutReplacing: Int32 = 0x10_0000
      if let again = mmap(place, bytes, rights, MAP_PRIVATE | withoutReplacing, file, off_t(offset)),
        again != MAP_FAILED
      {
        if again == place { return true }
        munmap(again, bytes)
      }
      return false
    }
  #endif
}

extension ProcessMessage {
  fileprivate init?(to process: Int, _ bytes: UnsafeMutableRawBufferPointer) {
    guard let base = bytes.baseAddress else { return nil }
    self.init(process: process, memory: base, bytes: bytes.count)
  }
}
