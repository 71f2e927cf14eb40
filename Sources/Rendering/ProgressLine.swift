import Diagnostics
import Foundation
public import Outputs

/// Turns the progress of long work into lines: on a terminal one that is drawn over and over, elsewhere a few
/// calm ones.
public struct ProgressLine {
  /// Where the lines go.
  public enum Place: Sendable, Equatable {
    /// A terminal of so many columns.
    case terminal(width: Int, usesUnicode: Bool)
    /// A file or a pipe.
    case log
  }

  private let place: Place
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant?
  private var losses: [Double] = []
  private var linesWritten = 0
  private var nextShare = 0.0
  private var isOnTerminal = false

  /// More lines than this only hide the rest of a log.
  private static let maximumLines = 10

  /// Creates the line of one piece of work.
  public init(_ place: Place) { self.place = place }

  /// What to write for this progress; empty for nothing.
  public mutating func text(for progress: ProgressUpdate) -> String {
    let begin = start ?? clock.now
    start = begin
    if let loss = progress.figures.first?.value { losses.append(loss) }
    switch place {
    case .terminal(let width, let usesUnicode):
      isOnTerminal = !progress.isFinal
      return "\r" + line(progress, since: begin, sparkline(usesUnicode)).fitted(to: width - 1) + "\u{1B}[K"
        + (progress.isFinal ? "\r\u{1B}[K" : "")
    case .log: return logLine(progress, since: begin)
    }
  }

  /// What to write so that other output starts on a line of its own.
  public mutating func interrupted() -> String {
    defer { isOnTerminal = false }
    return isOnTerminal ? "\r\u{1B}[K" : ""
  }

  private mutating func logLine(_ progress: ProgressUpdate, since begin: ContinuousClock.Instant) -> String {
    let share = Double(progress.completed) / Double(max(1, progress.total))
    guard linesWritten < ProgressLine.maximumLines - 1 || progress.isFinal,
      share >= nextShare || progress.isFinal
    else { return "" }
    linesWritten += 1
    nextShare = share + 1 / Double(ProgressLine.maximumLines)
    return line(progress, since: begin, "") + "\n"
  }

  /// What there is to say, the most important first; what does not fit the line is left out.
  private func line(_ progress: ProgressUpdate, since begin: ContinuousClock.Instant, _ sparkline: String)
    -> String
  {
    let figures = progress.figures.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
    let parts =
      ["\(progress.label)  \(progress.unit) \(progress.completed)/\(progress.total)"] + figures.prefix(1)
      + speed(progress, since: begin) + (sparkline.isEmpty ? [] : [sparkline]) + figures.dropFirst()
    var line = parts[0]
    for part in parts.dropFirst() where line.displayWidth + 2 + part.displayWidth < width {
      line += "  " + part
    }
    return line
  }

  private var width: Int {
    if case .terminal(let width, _) = place { width } else { .max }
  }

  /// The rate of work and the time left, once there is something to tell them from.
  private func speed(_ progress: ProgressUpdate, since begin: ContinuousClock.Instant) -> [String] {
    let seconds = (clock.now - begin) / .seconds(1)
    guard seconds > 0.2, progress.completed > 0 else { return [] }
    let rate = Double(progress.completed) / seconds
    let left = Double(progress.total - progress.completed) / rate
    return ["\(String(format: "%.3g", rate)) \(progress.unit == "epoch" ? "epochs" : progress.unit)/s"]
      + (progress.isFinal ? [] : ["\(ProgressLine.duration(left)) left"])
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds < 1e7 else { return "days" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)min \(whole % 60)s" }
    return "\(whole / 3600)h \(whole % 3600 / 60)min"
  }

  /// The last losses as eight heights, the newest at the right.
  private func sparkline(_ usesUnicode: Bool) -> String {
    let recent = losses.suffix(16).filter(\.isFinite)
    guard usesUnicode, recent.count > 1, let low = recent.min(), let high = recent.max() else { return "" }
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(
      recent.map { value in
        blocks[high > low ? Int((value - low) / (high - low) * 7) : 0]
      })
  }
}

extension String {
  /// The beginning of the text that fits so many columns.
  fileprivate func fitted(to width: Int) -> String {
    var used = 0
    return String(
      prefix { character in
        used += character.displayWidth
        return used <= width
      })
  }
}
