import Diagnostics
import Foundation

/// How metrics, times and runs are said.
public enum RunWords {
  /// A metric: four significant digits, and an accuracy in percent.
  static func metric(_ name: String, _ value: Double?) -> String {
    guard let value else { return "" }
    guard value.isFinite else { return "\(value)" }
    return name.hasSuffix("accuracy") ? value.shareText : String(format: "%.4g", value)
  }

  /// `2026-11-21 06:10:35`, where the reader is.
  static func time(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current).year().month().day().time(
        includingFractionalSeconds: false))
  }

  /// `40 ms`, `2.5 s`, `3 min 20 s`, `2 h 5 min`.
  public static func duration(_ seconds: Double) -> String {
    if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 60 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension RunEntry {
  /// `loss 0.0009998, accuracy 100%`: the metrics of the last training first.
  var metricText: String {
    metrics.inReadingOrder.map { "\($0.name) \(RunWords.metric($0.name, $0.value))" }.joined(separator: ", ")
  }
}

extension [RunEntry.Metric] {
  /// Losses and accuracies as a training tells them, then the rest by name.
  var inReadingOrder: [RunEntry.Metric] {
    let known = ["loss", "accuracy", "val_loss", "val_accuracy"]
    return sorted { a, b in
      (known.firstIndex(of: a.name) ?? known.count, a.name) < (
        known.firstIndex(of: b.name) ?? known.count, b.name
      )
    }
  }
}
