import Diagnostics
import Foundation
import JSON
import Testing

@testable import Jupyter

@Suite("Connection files and kernelspecs")
struct FileTests {
  private final class Folder {
    // Not where the environment says, which may be a folder that nobody else can enter.
    let path = "/tmp/nbs-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String, mode: Int = 0o600) throws -> String {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path + "/" + name)
      return path + "/" + name
    }
  }

  private static let file = """
    {"shell_port": 5001, "iopub_port": 5002, "stdin_port": 5003, "control_port": 5004, "hb_port": 5005, \
    "ip": "127.0.0.1", "key": "secret", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "nbs"}
    """

  private func refusal(_ path: String, _ environment: [String: String] = [:]) -> String? {
    do throws(Diagnostic) {
      _ = try ConnectionFile(path, environment: environment)
      return nil
    } catch { return error.message }
  }

  @Test("A connection file gives the addresses and the key")
  func addresses() throws {
    let folder = try Folder()
    let file = try ConnectionFile(folder.write(Self.file, "c.json"), environment: [:])
    #expect(file.address(of: .shell) == "tcp://127.0.0.1:5001")
    #expect(file.address(of: .heartbeat) == "tcp://127.0.0.1:5005")
    #expect(file.key == Array("secret".utf8))
    let local = Self.file.replacing("127.0.0.1", with: "/tmp/k").replacing("tcp", with: "ipc")
    #expect(
      try ConnectionFile(folder.write(local, "i.json"), environment: [:]).address(of: .iopub)
        == "ipc:///tmp/k-5002")
    let six = Self.file.replacing("127.0.0.1", with: "::1")
    #expect(
      try ConnectionFile(folder.write(six, "6.json"), environment: [:]).address(of: .iopub)
        == "tcp://[::1]:5002")
  }

  @Test("A file that others can read is refused, unless they cannot come near it")
  func permissions() throws {
    let folder = try Folder()
    let path = try folder.write(Self.file, "c.json", mode: 0o644)
    #expect(
      refusal(path)?.contains("its permissions are 644. Make it private, chmod 600 \(path), or") == true)
    #expect(refusal(path, ["JUPYTER_ALLOW_INSECURE_WRITES": "true"]) == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    #expect(refusal(path) == nil)
  }

  @Test(
    "What a kernel cannot obey is refused with the reason",
    arguments: [
      ("\"key\": \"secret\"", "\"key\": \"\"", "has no `key`"),
      ("hmac-sha256", "hmac-md5", "signature scheme `hmac-md5`"), ("\"tcp\"", "\"udp\"", "transport `udp`"),
      ("5002", "5001", "the port 5001 to two channels"), ("5002", "0", "no port for a kernel in"),
      ("5002", "70000", "from 1 to 65535"), ("\"127.0.0.1\"", "5", "has no `ip`"),
      ("{", "[", "is not a JSON object"),
    ])
  func refusals(old: String, new: String, reason: String) throws {
    let folder = try Folder()
    let path = try folder.write(
      Self.file.replacing(old, with: new, maxReplacements: old == "5002" ? 1 : 9), "c.json")
    #expect(refusal(path)?.contains(reason) == true)
    #expect(refusal(folder.path + "/none.json")?.contains("cannot be read") == true)
  }

  @Test("A kernelspec is installed where Jupyter looks, and removed")
  func kernelspec() throws {
    let folder = try Folder()
    let home = ["HOME": folder.path]
    let spec = try Kernelspec(name: "NBS-2", in: .user, environment: home)
    #expect(spec.folder == folder.path + "/.local/share/jupyter/kernels/nbs-2")
    try spec.install(program: "/usr/bin/nbs", displayName: "nbs 2")
    let text = try String(contentsOfFile: spec.folder + "/kernel.json", encoding: .utf8)
    let json = try #require(JSONReader.document(text))
    #expect(
      json["argv"]?.array?.compactMap(\.string) == [
        "/usr/bin/nbs", "kernel", "start", "-f", "{connection_file}",
      ])
    #expect(json["interrupt_mode"]?.string == "message" && json["display_name"]?.string == "nbs 2")
    #expect(try String(contentsOfFile: spec.folder + "/logo-svg.svg", encoding: .utf8).hasPrefix("<svg "))
    try spec.install(program: "/opt/nbs", displayName: "nbs")
    try spec.uninstall()
    #expect(!FileManager.default.fileExists(atPath: spec.folder))
    #expect(throws: Diagnostic.self) { try spec.uninstall() }
  }

  @Test("Another program's kernel stays as it is")
  func foreign() throws {
    let folder = try Folder()
    let spec = try Kernelspec(name: "python3", in: .prefix(folder.path), environment: [:])
    #expect(spec.folder == folder.path + "/share/jupyter/kernels/python3")
    try FileManager.default.createDirectory(atPath: spec.folder, withIntermediateDirectories: true)
    try Data(#"{"language": "python"}"#.utf8).write(to: URL(fileURLWithPath: spec.folder + "/kernel.json"))
    #expect(throws: Diagnostic.self) { try spec.install(program: "nbs", displayName: "nbs") }
    #expect(throws: Diagnostic.self) { try spec.uninstall() }
    #expect(FileManager.default.fileExists(atPath: spec.folder + "/kernel.json"))
  }

  @Test("Places of kernelspecs, and names that Jupyter cannot take")
  func places() throws {
    func folder(_ place: Kernelspec.Place, _ environment: [String: String]) throws -> String {
      try Kernelspec(name: "nbs", in: place, environment: environment).folder
    }
    #expect(try folder(.environment, ["VIRTUAL_ENV": "/v"]) == "/v/share/jupyter/kernels/nbs")
    #expect(try folder(.user, ["JUPYTER_DATA_DIR": "/j", "HOME": "/h"]) == "/j/kernels/nbs")
    #expect(try folder(.user, ["XDG_DATA_HOME": "/x", "HOME": "/h"]) == "/x/jupyter/kernels/nbs")
    #expect(throws: Diagnostic.self) { try folder(.environment, [:]) }
    for name in ["", "a b", "../up", "ü", ".hidden"] {
      #expect(throws: Diagnostic.self) { try Kernelspec(name: name, in: .user, environment: ["HOME": "/h"]) }
    }
  }
}
