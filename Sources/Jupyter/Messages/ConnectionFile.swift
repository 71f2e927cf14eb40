import Diagnostics
import Foundation
import Foundations
import JSON

/// Where a kernel is to be reached and the key that its messages are signed with, as a client wrote them to a file.
///
/// The format: https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
struct ConnectionFile: Sendable {
  /// The sockets of a kernel.
  enum Channel: String, CaseIterable, Sendable {
    case shell, control, stdin, iopub
    case heartbeat = "hb"
  }

  /// The key; empty only where the file system guards the sockets.
  let key: [UInt8]
  private let transport: String
  private let ip: String
  private let ports: [Channel: Int]

  /// Reads a connection file.
  ///
  /// - Parameter environment: where `JUPYTER_ALLOW_INSECURE_WRITES` says that a file's permissions mean nothing.
  /// - Throws: a diagnostic for a file that cannot be read, that others can read, or that a kernel cannot obey.
  init(_ path: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws(Diagnostic)
  {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Diagnostic(
        .unreadableFile, "The connection file \(path) cannot be read. Jupyter writes one for each kernel.")
    }
    if !["1", "true"].contains(environment["JUPYTER_ALLOW_INSECURE_WRITES"]?.lowercased()) {
      try ConnectionFile.checkPermissions(of: path)
    }
    func wrong(_ what: String) -> Diagnostic {
      Diagnostic(.badConnectionFile, "The connection file \(path) \(what).")
    }
    guard let json = try? JSONReader.document(Array(bytes)), json.members != nil else {
      throw wrong("is not a JSON object")
    }
    transport = json["transport"]?.string ?? "tcp"
    guard ["tcp", "ipc"].contains(transport) else {
      throw wrong("names the transport `\(transport)`; a kernel can be reached by tcp and ipc")
    }
    let scheme = json["signature_scheme"]?.string ?? "hmac-sha256"
    guard scheme == "hmac-sha256" else {
      throw wrong("names the signature scheme `\(scheme)`; nbs signs with hmac-sha256")
    }
    guard let ip = json["ip"]?.string, !ip.isEmpty else { throw wrong("has no `ip`") }
    self.ip = ip
    var ports: [Channel: Int] = [:]
    for channel in Channel.allCases {
      let name = channel.rawValue + "_port"
      guard let port = json[name]?.int, (1...65535).contains(port) else {
        throw wrong("has no port for a kernel in `\(name)`: a whole number from 1 to 65535")
      }
      guard !ports.values.contains(port) else { throw wrong("gives the port \(port) to two channels") }
      ports[channel] = port
    }
    self.ports = ports
    key = Array((json["key"]?.string ?? "").utf8)
    guard !key.isEmpty || transport == "ipc" else {
      throw wrong("has no `key`: whoever can reach this machine could run code in the kernel")
    }
  }

  /// Whoever can read the file can sign messages, and so run code as its user.
  private static func checkPermissions(of path: String) throws(Diagnostic) {
    var file = stat()
    guard stat(path, &file) == 0, file.st_mode & 0o077 != 0 else { return }
    var folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
    let parent = folder.path
    while folder.path != "/" {
      // In a folder that nobody else may enter the permissions of what is below it do not matter.
      var status = stat()
      if stat(folder.path, &status) == 0, status.st_mode & 0o011 == 0 { return }
      folder.deleteLastPathComponent()
    }
    let mode = String(file.st_mode & 0o777, radix: 8)
    throw Diagnostic(
      .badConnectionFile,
      "The connection file \(path) holds the kernel's key, and others can read it: its permissions are \(mode). Make it private, chmod 600 \(path), or the folder that such files are put in: chmod 700 \(parent)",
      suggestion: "chmod 700 \(parent)")
  }

  /// The port of a channel.
  func port(of channel: Channel) -> Int { ports[channel] ?? 0 }

  /// The address of a channel, as ZeroMQ has it.
  func address(of channel: Channel) -> String {
    if transport == "ipc" { return "ipc://\(ip)-\(port(of: channel))" }
    let host = ip == "localhost" ? "127.0.0.1" : ip.contains(":") && !ip.hasPrefix("[") ? "[\(ip)]" : ip
    return "tcp://\(host):\(port(of: channel))"
  }
}
