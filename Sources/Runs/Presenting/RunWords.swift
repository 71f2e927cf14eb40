import Diagnostics
import Foundation

/// How times and runs are said.
public enum RunWords {
  /// `2026-11-21 06:10:35`, where the reader is.
  static func time(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current).year().month().day().time(
        includingFractionalSeconds: false))
  }

  /// The same in short, for a list: `06:10:35` today, `11-21 06:10` this year, else `2025-11-21`.
  static func shortTime(_ date: Date, now: Date = Date()) -> String {
    let full = time(date)
    let today = time(now)
    if full.prefix(10) == today.prefix(10) { return String(full.suffix(8)) }
    return full.prefix(4) == today.prefix(4) ? String(full.dropFirst(5).dropLast(3)) : String(full.prefix(10))
  }
}

extension RunEntry {
  /// `loss 0.0009998, accuracy 100%`: the metrics of the last training first.
  ///
  /// - Parameter most: how many at most.
  func metricText(most: Int = .max, first name: String? = nil) -> String {
    let order = metrics.filter { $0.name == name } + metrics.inReadingOrder.filter { $0.name != name }
    let shown = order.prefix(most).map { "\($0.name) \($0.value.metricText($0.name))" }
    return (shown + (metrics.count > most ? ["…"] : [])).joined(separator: ", ")
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
