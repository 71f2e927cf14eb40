import Foundation
import Foundations

/// Where the cells that were typed are kept from one prompt to the next: one line a cell, those of several
/// lines with `\n` for their ends.
struct HistoryFile {
  let path: String
  /// How many cells are read at the start.
  static let most = 10_000

  /// The file below the user's folder for state, its folder made; nil where there can be none.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let folder = StateFolder(environment: environment)?.path else { return nil }
    path = folder + "/history"
  }

  /// Whether the cells can be kept there: a pipe of that name would let whoever opens it wait.
  private var isFile: Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// The cells, the oldest first.
  func read() -> [String] {
    guard isFile, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").suffix(HistoryFile.most).map { HistoryFile.decoded($0) }
  }

  /// Adds a cell. The file is opened for it, locked and appended to, so that two prompts lose nothing.
  func append(_ cell: String) {
    guard isFile else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard FileLock.take(descriptor) else { return }
    let bytes = Array((HistoryFile.encoded(cell) + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// Drops the oldest cells of a file that has grown to twice of what is read.
  func trim() {
    guard isFile else { return }
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard FileLock.take(descriptor), let text = try? String(contentsOfFile: path, encoding: .utf8)
    else {
      return
    }
    let lines = text.split(separator: "\n")
    guard lines.count > 2 * HistoryFile.most else { return }
    // Other prompts hold their lock on this very file, so it is written over and not replaced.
    let bytes = Array((lines.suffix(HistoryFile.most).joined(separator: "\n") + "\n").utf8)
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { return }
    ftruncate(descriptor, bytes.count)
  }

  static func encoded(_ cell: String) -> String {
    cell.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  static func decoded(_ line: some StringProtocol) -> String {
    var cell = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        cell.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        cell.append(character)
      }
    }
    return cell
  }
}

/// The user's folder for what programs remember.
struct StateFolder {
  let path: String

  /// The folder, made if need be; nil where there is no home, or it cannot be written to.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let folder = UserFolder.state.path(in: environment) else { return nil }
    path = folder
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      return nil
    }
    guard access(path, W_OK) == 0 else { return nil }
  }
}
