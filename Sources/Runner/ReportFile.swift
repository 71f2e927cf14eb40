public import Diagnostics
import Foundation
import Foundations
public import Rendering

/// A report's file: whether it can be written is found out before anything runs.
public struct ReportFile: Sendable {
  /// What a report can be written as, by the endings of files.
  private static let forms: [(endings: [String], text: @Sendable (Report) -> String)] = [
    ([".md", ".markdown"], { $0.markdown() }), ([".html", ".htm"], { $0.html() }),
    ([".ipynb"], { $0.ipynb() }),
  ]

  /// The path as it was named.
  public let path: String
  private let text: @Sendable (Report) -> String

  /// Prepares a report's file.
  ///
  /// - Throws: `unwritable-file`, `bad-value` where its ending tells no form.
  public init(_ path: String) throws(Diagnostic) {
    try OutputFile.check(path, example: "report.md")
    guard let form = ReportFile.forms.first(where: { $0.endings.contains(where: path.hasSuffix) }) else {
      throw Diagnostic(
        .badValue,
        "\(path): a report is Markdown, HTML or a Jupyter notebook. Use the extension .md, .html or .ipynb."
      )
    }
    self.path = path
    text = form.text
  }

  /// Prepares the files of several reports.
  public static func all(_ paths: [String]) throws(Diagnostic) -> [ReportFile] {
    var files: [ReportFile] = []
    for path in paths {
      guard !files.contains(where: { $0.path == path }) else {
        throw Diagnostic(.badValue, "--export \(path) is given twice. Keep one of them.")
      }
      files.append(try ReportFile(path))
    }
    return files
  }

  /// Writes the report whole or not at all. The report of a run that did not end well takes no older one's place: it is
  /// written beside it.
  ///
  /// - Parameter isOfSuccess: whether the run ended well.
  /// - Returns: the file that was written: ``path``, or `xor.failed.md` for `xor.md`.
  /// - Throws: `unwritable-file`.
  public func write(_ report: Report, isOfSuccess: Bool = true) throws(Diagnostic) -> String {
    let target = isOfSuccess || !isWritten ? path : pathOfFailure
    try OutputFile.write(text(report), to: target)
    return target
  }

  /// Whether there is a report already.
  private var isWritten: Bool {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    return size ?? 0 > 0
  }

  private var pathOfFailure: String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    return path[..<dot] + ".failed" + path[dot...]
  }
}

/// A file that a command writes.
public enum OutputFile {
  /// Makes sure that a file can be written.
  ///
  /// - Parameter example: the name of a file to suggest where a folder was named.
  /// - Throws: `unwritable-file`.
  public static func check(_ path: String, example: String) throws(Diagnostic) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Diagnostic(
        .unwritableFile, "\(path) is a folder. Name a file to write to, such as \(path)/\(example).")
    }
    do throws(CodedError) { try AtomicFile.check(path) } catch { throw Diagnostic(error) }
  }

  /// Writes a file whole or not at all.
  ///
  /// - Throws: `unwritable-file` or `disk-full`.
  public static func write(_ text: String, to path: String) throws(Diagnostic) {
    do throws(CodedError) { try AtomicFile.write(text, to: path) } catch { throw Diagnostic(error) }
  }
}
