import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import REPL
import Rendering
import Runner
import Runs
import Terminal

/// `nbs doctor`: what a report of a fault needs to say of the machine.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions, folders, libraries and the state of the run store.",
    discussion: """
      Paste it into a bug report: it names no personal path, unless --full is given.
      Exit codes: 0 nothing is wrong; 1 a folder or the run store cannot be used.
      """)

  @Flag(help: "Show paths in full, your user's name in them as well.")
  var full = false

  func run() throws {
    let examination = Examination(environment: ProcessInfo.processInfo.environment, showsPaths: full)
    let findings = examination.findings
    let width = findings.map(\.name.count).max() ?? 0
    for finding in findings {
      let name = finding.name.padding(toLength: width, withPad: " ", startingAt: 0)
      Streams.write("\(name)  \(finding.isWrong ? "WRONG: " : "")\(finding.text)\n".sanitized())
    }
    if findings.contains(where: \.isWrong) { throw ExitStatus.failedCell }
  }
}

/// What there is to say of the program and its surroundings.
struct Examination {
  /// One line of it.
  struct Finding {
    let name: String
    let text: String
    var isWrong = false
  }

  let environment: [String: String]
  let showsPaths: Bool

  var findings: [Finding] { versions + [processor, terminal] + folders + [store] + libraries }

  // MARK: - The machine

  private var versions: [Finding] {
    let system = Examination.value(of: "PRETTY_NAME", in: "/etc/os-release") ?? "unknown system"
    return [
      Finding(name: "nbs", text: "\(Release.version), arithmetic \(InstructionSet.kernelsVersion)"),
      Finding(
        name: "system",
        text: "\(system), \(Examination.kernel), \(Examination.libraryOfC)"),
      Finding(name: "SQLite", text: RunStore.libraryVersion),
      Finding(name: REPL.lineReader, text: REPL.lineReaderVersion),
    ]
  }

  private static var kernel: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown kernel" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
  }

  private static var libraryOfC: String {
    #if canImport(Glibc)
      var bytes = [CChar](repeating: 0, count: 64)
      let count = confstr(Int32(_CS_GNU_LIBC_VERSION), &bytes, bytes.count)
      if count > 0 {
        return String(decoding: bytes.prefix(min(count, 64) - 1).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    #endif
    return "unknown C library"
  }

  /// A value of a file of `NAME="value"` lines.
  private static func value(of name: String, in path: String) -> String? {
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name + "=") }
    return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: ["\""]) }
  }

  private var processor: Finding {
    let levels = InstructionSet.allCases.filter(\.isSupported).map { "\($0)" }
    return Finding(
      name: "processor",
      text: "instructions \(InstructionSet.current) of \(levels.joined(separator: ", ")); "
        + "\(ExecutionOptions.usualThreads) of \(ProcessInfo.processInfo.processorCount) threads")
  }

  private var terminal: Finding {
    let terminal = Terminal()
    guard terminal.isInteractive else {
      return Finding(name: "terminal", text: "none: the output goes elsewhere")
    }
    let style = terminal.style
    let abilities = [
      "\(style.width) columns", style.usesColor ? "colour" : "no colour",
      style.usesUnicode ? "Unicode" : "no Unicode",
      "TERM=\(environment["TERM"] ?? "")",
    ]
    return Finding(name: "terminal", text: abilities.joined(separator: ", "))
  }

  // MARK: - Folders and the store

  private var folders: [Finding] {
    [("cache", UserFolder.cache), ("data", .data), ("state", .state)].map { name, folder in
      guard let path = folder.path(in: environment) else {
        return Finding(name: name, text: "none: HOME is not set", isWrong: true)
      }
      let shown = self.shown(path)
      guard FileManager.default.fileExists(atPath: path) else {
        return Finding(name: name, text: "\(shown), not made yet")
      }
      let isWritable = FileManager.default.isWritableFile(atPath: path)
      return Finding(
        name: name, text: isWritable ? shown : "\(shown) cannot be written", isWrong: !isWritable)
    }
  }

  private var store: Finding {
    do {
      let location = try StoreLocation(environment: environment)
      guard let store = try RunStore.openToRead(at: location) else {
        return Finding(name: "run store", text: "none yet")
      }
      let health = try store.health()
      guard health.complaints.isEmpty else {
        return Finding(name: "run store", text: health.complaints.joined(separator: "; "), isWrong: true)
      }
      return Finding(
        name: "run store",
        text: "\(health.runs.counted("run")), \(health.bytes.byteText), in order")
    } catch {
      let location = UserFolder.data.path(in: environment)
      let message = (error as? Diagnostic)?.message ?? "\(error)"
      return Finding(
        name: "run store", text: location.map { message.replacing($0, with: shown($0)) } ?? message,
        isWrong: true)
    }
  }

  /// A path as it may be shown: below `~`, or hidden where it is another one.
  private func shown(_ path: String) -> String {
    if showsPaths { return path }
    if let home = environment["HOME"], home.count > 1, path.hasPrefix(home + "/") {
      return "~" + path.dropFirst(home.count)
    }
    return "another folder (--full shows it)"
  }

  // MARK: - Libraries

  private var libraries: [Finding] {
    OptionalLibrary.all.map { library in
      do throws(CodedError) {
        _ = try library.load()
        return Finding(name: library.name, text: "found, for \(library.purpose)")
      } catch {
        return Finding(
          name: library.name,
          text: "not installed; \(library.purpose) needs it: apt-get install \(library.package)")
      }
    }
  }
}
