import ArgumentParser
import Notebooks

/// A time on the command line: `60`, `60s`, `500ms`, `5min`, `2h`.
struct TimeSpan: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    guard let seconds = Double(argument) ?? Cell.seconds(argument), seconds > 0, seconds.isFinite else {
      return nil
    }
    self.seconds = seconds
  }
}
