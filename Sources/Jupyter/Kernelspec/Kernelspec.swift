public import Diagnostics
import Foundation
import Foundations
import JSON
import REPL
import Runner

/// What tells Jupyter how to start the kernel: a folder with `kernel.json` and a logo.
///
/// The format: https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
public struct Kernelspec {
  /// Where Jupyter looks for kernels.
  public enum Place: Sendable, Equatable {
    /// The user's own folder.
    case user
    /// The Python environment that is active.
    case environment
    /// Below a folder, as in `/usr/local`.
    case prefix(String)
  }

  /// The name by which Jupyter knows it.
  public let name: String
  /// The folder.
  public let folder: String

  /// Names a kernelspec, whether it is there or not.
  ///
  /// - Parameter environment: the environment's variables, which say where the places are.
  /// - Throws: a diagnostic for a name that Jupyter cannot take, or where there is no such place.
  public init(
    name: String, in place: Place, environment: [String: String]
  ) throws(Diagnostic) {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    guard !name.isEmpty, name.lowercased().allSatisfy(allowed.contains), !name.hasPrefix(".") else {
      throw Diagnostic(
        .badValue,
        "`\(name)` cannot be the name of a kernel: it consists of ASCII letters, digits, `-`, `_` and `.`.")
    }
    self.name = name.lowercased()
    folder = try Kernelspec.dataFolder(place, environment) + "/kernels/" + name.lowercased()
  }

  /// Jupyter's folder for data, as its own programs have it.
  private static func dataFolder(
    _ place: Place, _ environment: [String: String]
  ) throws(Diagnostic) -> String {
    switch place {
    case .prefix(let prefix):
      let path = PromptFile.expanded(prefix)
      return URL(fileURLWithPath: path).path + "/share/jupyter"
    case .environment:
      guard
        let prefix = ["VIRTUAL_ENV", "CONDA_PREFIX"].lazy.compactMap({ environment[$0] }).first(where: {
          !$0.isEmpty
        })
      else {
        throw Diagnostic(
          .noSuchFile,
          "No Python environment is active, so there is none to install into. Activate one, or name it: --prefix FOLDER"
        )
      }
      return prefix + "/share/jupyter"
    case .user:
      if let folder = environment["JUPYTER_DATA_DIR"], !folder.isEmpty { return folder }
      if let folder = environment["XDG_DATA_HOME"], folder.hasPrefix("/") { return folder + "/jupyter" }
      guard let home = environment["HOME"], !home.isEmpty else {
        throw Diagnostic(
          .noSuchFile, "HOME is not set, so there is no folder of yours. Name one: --prefix FOLDER")
      }
      return home + "/.local/share/jupyter"
    }
  }

  // MARK: - Installing

  /// Writes the kernelspec, over an earlier one of nbs.
  ///
  /// - Parameters:
  ///   - program: the path of nbs.
  ///   - displayName: what menus call the kernel.
  /// - Throws: a diagnostic where another program's kernel has the name, or it cannot be written.
  public func install(program: String, displayName: String) throws(Diagnostic) {
    if exists, !isOwn {
      throw Diagnostic(
        .fileExists, "\(folder) is a kernel of another program. Choose another name: --name NAME")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Diagnostic(
        .unwritableFolder, "\(folder) cannot be made. For a folder of your own: nbs kernel install --user")
    }
    try OutputFile.write(Kernelspec.json(program, displayName).indented() + "\n", to: folder + "/kernel.json")
    try OutputFile.write(Kernelspec.logo, to: folder + "/logo-svg.svg")
  }

  /// Removes the kernelspec.
  ///
  /// - Throws: a diagnostic where there is none, or it is another program's.
  public func uninstall() throws(Diagnostic) {
    guard exists else {
      throw Diagnostic(
        .noSuchFile, "There is no kernel `\(name)` in \(folder). `jupyter kernelspec list` lists them.")
    }
    guard isOwn else {
      throw Diagnostic(.fileExists, "\(folder) is a kernel of another program; it stays.")
    }
    do { try FileManager.default.removeItem(atPath: folder) } catch {
      throw Diagnostic(.unwritableFolder, "\(folder) cannot be removed: \(error.localizedDescription)")
    }
  }

  private var exists: Bool { FileManager.default.fileExists(atPath: folder) }

  /// Whether the folder holds a kernel of nbs, or nothing.
  private var isOwn: Bool {
    guard let bytes = FileManager.default.contents(atPath: folder + "/kernel.json") else {
      return (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? false
    }
    return (try? JSONReader.document(Array(bytes)))?["language"]?.string == "nbs"
  }

  private static func json(_ program: String, _ displayName: String) -> JSONValue {
    .members([
      "argv": .array([.string(program), "kernel", "start", "-f", "{connection_file}"]),
      "display_name": .string(displayName), "language": "nbs", "interrupt_mode": "message",
      "metadata": .members(["debugger": .bool(false)]),
    ])
  }

  /// Two inputs, three hidden units and an output, on a ground that goes with light and dark.
  private static let logo: String = {
    let columns: [(x: Int, ys: [Int])] = [(14, [22, 42]), (32, [14, 32, 50]), (50, [32])]
    var lines = ""
    for (from, to) in zip(columns, columns.dropFirst()) {
      for start in from.ys { for end in to.ys { lines += "M\(from.x) \(start)L\(to.x) \(end)" } }
    }
    let colors = ["#58a6ff", "#bc8cff", "#f0883e"]
    let units = zip(columns, colors).map { column, color in
      column.ys.map { "<circle cx=\"\(column.x)\" cy=\"\($0)\" r=\"5\" fill=\"\(color)\"/>" }.joined()
    }.joined()
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><title>nbs</title>\
      <rect width="64" height="64" rx="12" fill="#1f2a44"/>\
      <path d="\(lines)" stroke="#9fb3d1" stroke-width="1.6" fill="none"/>\(units)</svg>

      """
  }()
}
