import Diagnostics
import Foundation
import Localization
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
    /// A page of so many columns that puts each line in the place of the one before.
    case page(width: Int)
  }

  /// Where it stands; a window changes its width while work is under way.
  public var place: Place
  private var losses: [Double] = []
  private var linesWritten = 0
  private var nextShare = 0.0
  private var nextCount = 0
  private var isOnTerminal = false

  /// More lines than this only hide the rest of a log.
  private static let maximumLines = 10
  /// So many losses have a place in the sparkline.
  private static let mostLosses = 16
  /// Work that is done within so many seconds is not worth a line: a loop of short trainings would fill the log.
  private static let patience = 2.0

  /// Creates the line of one piece of work.
  public init(_ place: Place) { self.place = place }

  /// What to write for this progress; empty for nothing.
  public mutating func text(for progress: ProgressUpdate) -> String {
    if let loss = progress.metrics.first?.value { losses = losses.suffix(Self.mostLosses - 1) + [loss] }
    switch place {
    case .terminal(_, let usesUnicode):
      isOnTerminal = !progress.isFinal
      return "\r" + line(progress, sparkline(usesUnicode)) + "\u{1B}[K"
        + (progress.isFinal ? "\r\u{1B}[K" : "")
    case .log: return logLine(progress)
    case .page: return progress.isFinal ? "" : line(progress, sparkline(true))
    }
  }

  /// What to write so that other output starts on a line of its own.
  public mutating func interrupted() -> String {
    defer { isOnTerminal = false }
    return isOnTerminal ? "\r\u{1B}[K" : ""
  }

  private mutating func logLine(_ progress: ProgressUpdate) -> String {
    guard linesWritten > 0 || progress.seconds >= ProgressLine.patience else { return "" }
    guard progress.isFinal || (linesWritten < ProgressLine.maximumLines - 1 && isDue(progress)) else {
      return ""
    }
    linesWritten += 1
    return line(progress, "") + "\n"
  }

  /// Whether a tenth more is done than at the last line, or twice as much where nobody knows the whole.
  private mutating func isDue(_ progress: ProgressUpdate) -> Bool {
    guard progress.total > 0 else {
      guard progress.completed >= nextCount else { return false }
      nextCount = progress.completed.multipliedReportingOverflow(by: 2).partialValue
      return true
    }
    let share = progress.done / Double(progress.total)
    guard share >= nextShare else { return false }
    nextShare = share + 1 / Double(ProgressLine.maximumLines)
    return true
  }

  /// What there is to say, the most important first; what does not fit the line is left out.
  private func line(_ progress: ProgressUpdate, _ sparkline: String) -> String {
    let metrics = progress.metrics.map { "\(localizedMetric($0.name)) \($0.value.metricText($0.name))" }
    let whole = progress.total > 0 ? "/\(progress.total)" : ""
    let parts =
      metrics.prefix(1) + speed(progress) + (sparkline.isEmpty ? [] : [sparkline]) + metrics.dropFirst()
    guard let first = beginning(progress, whole) else { return "" }
    var line = first
    for part in parts where line.displayWidth + 2 + part.displayWidth < width {
      line += "  " + part
    }
    return line
  }

  /// What is done of how much, as far as there is room: a number that is cut is a false one.
  private func beginning(_ progress: ProgressUpdate, _ whole: String) -> String? {
    let part = progress.part.map { "  \(localizedNoun($0.unit)) \($0.completed)/\($0.total)" } ?? ""
    // The one that is under way counts as the next.
    let count = "\(progress.completed + (progress.part == nil ? 0 : 1))\(whole)\(part)"
    let counted = "\(localizedNoun(progress.unit)) \(count)"
    // A file's name stands in it.
    return ["\(progress.label.onOneLine)  \(counted)", counted, count].first { $0.displayWidth < width }
  }

  private var width: Int {
    switch place {
    case .terminal(let width, _), .page(let width): width
    case .log: .max
    }
  }

  /// The rate of work and the time left, once there is something to tell them from.
  private func speed(_ progress: ProgressUpdate) -> [String] {
    guard progress.seconds > 0.2, progress.done > 0 else { return [] }
    let rate = progress.done / progress.seconds
    let left = (Double(progress.total) - progress.done) / rate
    let isWord = progress.unit != progress.unit.uppercased()
    let speed =
      progress.part.map { "\(ProgressLine.rate(rate * Double($0.total))) \(localizedPlural(of: $0.unit))/s" }
      ?? "\(ProgressLine.rate(rate)) \(isWord ? localizedPlural(of: progress.unit) : progress.unit)/s"
    return [speed] + (left > 0 ? [localized("\(left.rounded(.up).durationText) left")] : [])
  }

  /// Three digits, and no exponent: `5880000`.
  private static func rate(_ rate: Double) -> String {
    guard rate >= 1000, rate < 1e15 else { return rate.significant(3) }
    let unit = pow(10, (log10(rate) - 2).rounded(.down))
    return String(format: "%.0f", (rate / unit).rounded() * unit)
  }

  /// The last losses as eight heights, the newest at the right.
  private func sparkline(_ usesUnicode: Bool) -> String {
    let recent = losses.filter(\.isFinite)
    guard usesUnicode, recent.count > 1, let low = recent.min(), let high = recent.max(),
      (high - low).isFinite
    else { return "" }
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(
      recent.map { value in
        blocks[high > low ? Int((value - low) / (high - low) * 7) : 0]
      })
  }
}

extension ProgressUpdate {
  /// How much is done, the part under way with it.
  fileprivate var done: Double {
    Double(completed) + (part.map { Double($0.completed) / Double(max($0.total, 1)) } ?? 0)
  }
}
