import Foundation
import Testing

/// `nbs kernel`, apart from what a running kernel says.
@Suite struct KernelCommandTests {
  @Test("A kernel is installed where it is to be, under its names, and removed")
  func installing() throws {
    let folder = try Program.Folder()
    let place = ["--prefix", folder.url.path, "--name", "nbs-dev"]
    let installed = try Program.run(["kernel", "install"] + place + ["--display-name", "nbs (dev)"])
    #expect(installed.status == 0)
    #expect(
      installed.output.hasPrefix("The kernel nbs-dev is in \(folder.url.path)/share/jupyter/kernels/nbs-dev.")
    )
    let json = try folder.text("share/jupyter/kernels/nbs-dev/kernel.json")
    #expect(json.contains(#""display_name": "nbs (dev)""#) && json.contains(#""{connection_file}""#))
    #expect(json.contains("/nbs\""))
    #expect(try Program.run(["kernel", "uninstall"] + place).status == 0)
    let again = try Program.run(["kernel", "uninstall"] + place)
    #expect(again.status == 2 && again.errors.contains("There is no kernel `nbs-dev`"))
  }

  @Test("Places that exclude each other, and an environment that is not there")
  func places() throws {
    let both = try Program.run(["kernel", "install", "--user", "--sys-prefix"])
    #expect(both.status == 2 && both.errors.contains("exclude each other"))
    let none = try Program.run(["kernel", "install", "--sys-prefix"])
    #expect(none.status == 2 && none.errors.contains("No Python environment is active"))
  }

  @Test("A kernel that cannot start says why")
  func starting() throws {
    let folder = try Program.Folder()
    let missing = try Program.run(["kernel", "start", "-f", folder.path("none.json")])
    #expect(missing.status == 2 && missing.errors.contains("cannot be read"))
    let file = try folder.file("c.json", "{}")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    let empty = try Program.run(["kernel", "start", "-f", file])
    #expect(empty.status == 2 && empty.errors.contains("has no `ip`"))
  }
}
