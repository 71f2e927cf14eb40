import Foundation

/// What tells a process from all others, those with the same number among them: a run whose process is gone and
/// that has no ending was killed.
enum ProcessMark {
  /// The mark of this process; empty where the system does not tell.
  static func current() -> String { mark(of: ProcessInfo.processInfo.processIdentifier) ?? "" }

  /// Whether the process with this mark still runs.
  static func isAlive(_ mark: String) -> Bool {
    guard let id = mark.split(separator: " ").first.flatMap({ Int32($0) }) else { return false }
    return ProcessMark.mark(of: id) == mark
  }

  /// The number, when the process began, and the boot in which it did.
  private static func mark(of id: Int32) -> String? {
    // A name may hold spaces and brackets; the fields that count stand behind the last bracket.
    guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let name = status.lastIndex(of: ")"),
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    else { return nil }
    let fields = status[name...].split(separator: " ")
    guard fields.count > 20 else { return nil }
    return "\(id) \(fields[20]) \(boot.trimmingCharacters(in: .whitespacesAndNewlines))"
  }
}
