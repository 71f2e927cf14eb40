import NeuralEngine
import Outputs

extension LinePlot.Series {
  /// The line of a figure of a training; nil where the training does not have it.
  init?(
    _ name: String, _ history: TrainingHistory, _ figure: Figure, lowerIsBetter: Bool, marksBest: Bool = false
  ) {
    if let values = history.values(of: figure) {
      guard !values.isEmpty else { return nil }
      self.init(name: name, values: values, lowerIsBetter: lowerIsBetter, marksBest: marksBest)
    } else if let course = history.course(of: figure) {
      let first = history.first?[figure] ?? .nan
      self.init(
        name: name, buckets: .init(course, first: first), lowerIsBetter: lowerIsBetter, marksBest: marksBest)
    } else {
      return nil
    }
  }
}

extension LinePlot.Buckets {
  fileprivate init(_ course: FigureCourse, first: Double) {
    let buckets = course.buckets.enumerated().map { index, bucket in
      Bucket(
        low: bucket.low, high: bucket.high, last: bucket.last, mean: bucket.sum / Double(bucket.finite),
        isWhole: bucket.finite == course.size(of: index))
    }
    self.init(width: course.width, count: course.count, buckets: buckets, first: first)
    let tally = course.tally
    lowest = tally.lowest.map { Place($0.value, at: $0.epoch - 1) }
    highest = tally.highest.map { Place($0.value, at: $0.epoch - 1) }
    notFinite = tally.notFinite
    firstNotFinite = tally.firstNotFinite.map { $0 - 1 }
    notPositive = tally.notPositive
  }
}
