import Foundation
import Outputs
import Sessions

/// A trial with its course, as one of several processes tells the first of it, so that the store has the same whoever ran it.
struct TrialMessage: Codable {
  private struct Series: Codable {
    var cell: Int
    var subject: String?
    var name: String
    var first: Int
    var end: Int
    var last: Double
    var least: Double?
    var greatest: Double?
    var stretches: [Stretch]
  }

  private struct Stretch: Codable {
    var first: Int
    var stride: Int
    var values: [Double]
  }

  private var line: Data
  /// The seed that the trial's session had at its end: a notebook may set its own.
  private(set) var seed: UInt64
  private var started: Double
  private var seconds: Double
  private var series: [Series]
}

extension TrialMessage {
  init(_ trial: SweepTrial, _ course: TrialCourse, seed: UInt64) throws {
    line = try trial.line
    self.seed = seed
    started = course.started.timeIntervalSinceReferenceDate
    seconds = course.seconds
    series = course.batches.map { cell, batch in
      Series(
        cell: cell, subject: batch.subject, name: batch.name, first: batch.steps.lowerBound,
        end: batch.steps.upperBound, last: batch.last, least: batch.least, greatest: batch.greatest,
        stretches: batch.stretches.map { Stretch(first: $0.first, stride: $0.stride, values: $0.values) })
    }
  }

  /// The trial; nil for what is none of so many combinations.
  func trial(of combinations: Int) -> SweepTrial? { SweepTrial(line: Array(line), of: combinations) }

  /// How it went.
  var course: TrialCourse {
    var course = TrialCourse()
    course.started = Date(timeIntervalSinceReferenceDate: started)
    course.seconds = seconds
    course.batches = series.filter { $0.first <= $0.end }.map { series in
      var batch = MetricBatch(
        subject: series.subject, name: series.name, steps: series.first...series.first
      ) { _ in series.last }
      batch.steps = series.first...series.end
      (batch.least, batch.greatest) = (series.least, series.greatest)
      batch.stretches = series.stretches.map {
        MetricBatch.Stretch(first: $0.first, stride: $0.stride, values: $0.values)
      }
      return (series.cell, batch)
    }
    return course
  }
}
