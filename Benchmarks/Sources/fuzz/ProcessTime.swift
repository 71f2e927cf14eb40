import Foundation

/// The seconds of processor time that a process has taken. Clocks on the wall go on while a busy machine gives it none.
enum ProcessTime {
  /// Of this process.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Of another process, and whether it waits for something other than a processor; nil where there is none.
  static func of(_ process: pid_t) -> (seconds: Double, isAsleep: Bool)? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    // State, then the 14th and 15th fields of proc(5).
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return nil
    }
    return ((user + system) / Double(sysconf(Int32(_SC_CLK_TCK))), fields[0] == "S")
  }
}
