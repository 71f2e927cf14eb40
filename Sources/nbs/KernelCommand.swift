import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import Jupyter
import Terminal

struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Run nbs in Jupyter notebooks: JupyterLab, VS Code, papermill, ….",
    discussion: """
      `nbs kernel install` makes nbs a choice in Jupyter's menus. The kernel needs the library libzmq \
      (Debian's libzmq5); nothing else of nbs does. docs/jupyter.md says more.
      """,
    subcommands: [InstallKernel.self, UninstallKernel.self, StartKernel.self])
}

/// Where a kernelspec is, and what it is called.
struct KernelspecArguments: ParsableArguments {
  @Flag(help: "In your own folder, for you alone; this is where it is unless you say otherwise.")
  var user = false

  @Flag(help: "In the Python environment that is active.")
  var sysPrefix = false

  @Option(help: ArgumentHelp("Below this folder: /usr/local for all users.", valueName: "folder"))
  var prefix: String?

  @Option(help: "The name of the kernel in kernelspecs and on command lines.")
  var name = "nbs"

  func validate() throws {
    guard [user, sysPrefix, prefix != nil].filter({ $0 }).count < 2 else {
      throw ValidationError("--user, --sys-prefix and --prefix exclude each other.")
    }
  }

  func kernelspec() throws -> Kernelspec {
    try Kernelspec(
      name: name, in: prefix.map { .prefix($0) } ?? (sysPrefix ? .environment : .user),
      environment: ProcessInfo.processInfo.environment)
  }
}

struct InstallKernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Make nbs a kernel of Jupyter.")

  @OptionGroup var place: KernelspecArguments

  @Option(help: ArgumentHelp("What Jupyter's menus call it.", valueName: "name"))
  var displayName = "nbs"

  func run() throws {
    try refusing {
      let spec = try place.kernelspec()
      let program = ProgramFile.path
      try spec.install(program: program, displayName: displayName)
      Streams.say("The kernel \(spec.name) is in \(spec.folder). It runs \(program).\n")
      if let lack = Kernel.lack { Streams.writeError("nbs: \(lack.message)\n") }
    }
  }
}

struct UninstallKernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Remove the kernel from Jupyter.")

  @OptionGroup var place: KernelspecArguments

  func run() throws {
    try refusing {
      let spec = try place.kernelspec()
      try spec.uninstall()
      Streams.say("The kernel \(spec.name) is removed from \(spec.folder).\n")
    }
  }
}

struct StartKernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Run a kernel; Jupyter does this.")

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp("The file with the kernel's addresses and key.", valueName: "file"))
  var connectionFile: String

  func run() throws {
    Signals.install()
    Signals.installEnding()
    try refusing { try Kernel(connectionFile: connectionFile) }.run()
    if let code = Signals.endingCode { Foundation.exit(code) }
  }
}
