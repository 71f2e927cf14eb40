import Synchronization
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A small HTTP server on this machine that answers well or badly, as it is told.
final class LoopbackServer: Sendable {
  /// How it answers.
  enum Manner: Sendable {
    case good
    /// Breaks off after so many bytes of each answer.
    case cutsOff(Int)
    /// Sends other bytes of the same number.
    case lies
    /// Sends more than there is.
    case babbles
    /// Sends a few bytes and then nothing.
    case stalls
    /// Does not know ranges.
    case ignoresRanges
    case missing
  }

  let port: Int
  private let socket: Int32
  private let content: [UInt8]
  private let manner: Mutex<Manner>
  private let requests = Mutex<[String]>([])

  /// What was asked for: path and range.
  var log: [String] { requests.withLock { $0 } }
  var address: String { "http://127.0.0.1:\(port)" }
  func change(_ manner: Manner) { self.manner.withLock { $0 = manner } }

  init(_ content: [UInt8], _ manner: Manner = .good) throws {
    self.content = content
    self.manner = Mutex(manner)
    socket = systemSocket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = socket
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        bind(socket, name, size) == 0 && listen(socket, 8) == 0 && getsockname(socket, name, &size) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        context.map { Unmanaged<LoopbackServer>.fromOpaque($0).takeRetainedValue().serve() }
        return nil
      }, context)
    pthread_detach(thread)
  }

  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  private func serve() {
    while true {
      let client = accept(socket, nil, nil)
      guard client >= 0 else { return }
      answer(client)
      close(client)
    }
  }

  private func answer(_ client: Int32) {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = recv(client, &buffer, buffer.count, 0)
    let request = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let range = request.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range:") }
    let start = range.flatMap { Int($0.filter { ("0"..."9").contains($0) }) } ?? 0
    requests.withLock { $0.append(start > 0 ? "\(path) from \(start)" : path) }
    switch manner.withLock({ $0 }) {
    case .missing: send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", to: client)
    case .ignoresRanges: send(content, from: 0, to: client)
    case .lies: send(content.map { $0 ^ 1 }, from: start, to: client)
    case .babbles: send(content + content, from: start, to: client)
    case .cutsOff(let most): send(content, from: start, most: most, to: client)
    case .good: send(content, from: start, to: client)
    case .stalls:
      send(content, from: start, most: start == 0 ? 10 : 0, to: client)
      // Until the other side gives up.
      _ = recv(client, &buffer, 1, 0)
    }
  }

  private func send(_ bytes: [UInt8], from start: Int, most: Int = .max, to client: Int32) {
    let rest = bytes.dropFirst(start)
    let status = start > 0 ? "206 Partial Content" : "200 OK"
    send("HTTP/1.1 \(status)\r\nContent-Length: \(rest.count)\r\nConnection: close\r\n\r\n", to: client)
    send(Array(rest.prefix(most)), to: client)
  }

  private func send(_ text: String, to client: Int32) { send(Array(text.utf8), to: client) }

  private func send(_ bytes: [UInt8], to client: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        systemSend(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

private func systemSocket(_ family: Int32, _ kind: Int32, _ protocolNumber: Int32) -> Int32 {
  socket(family, kind, protocolNumber)
}

private func systemSend(_ client: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
  send(client, bytes, count, flags)
}
