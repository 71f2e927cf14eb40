import Foundations
import NeuralEngine

/// The figures of a network's last training, an array each; those that an epoch has not are NaN.
struct StoredTraining: Codable {
  /// The epochs that are kept one by one: all, or the last ones.
  var figures: [Int]
  /// The figures of the first epoch, where there are epochs before those.
  var first: Int?
  /// The courses of the figures up to those; null for a figure that the training does not have.
  var courses: [StoredCourse?]?
  var rows: Int
  var validationRows: Int
}

/// The course of a figure over many epochs, as arrays with a place for each bucket.
struct StoredCourse: Codable {
  var width: Int
  var count: Int
  var lows: Int
  var highs: Int
  var lasts: Int
  var sums: Int
  var finite: Int
  var lowestEpoch: Int?
  var highestEpoch: Int?
  var notFinite: Int
  var firstNotFinite: Int?
  var notPositive: Int
}

extension StoredTraining {
  init(_ result: TrainingResult, _ blocks: inout NumberBlocks) {
    let history = result.history
    figures = Figure.allCases.map { figure in blocks.add(history.recent.map { $0[figure] ?? .nan }) }
    if let merged = history.merged {
      first = blocks.add(Figure.allCases.map { merged.first[$0] ?? .nan })
      courses = Figure.allCases.map { merged.courses[$0].map { StoredCourse($0, &blocks) } }
    }
    rows = result.trainedRows
    validationRows = result.validationRows
  }

  /// What a plot of it needs; how it was trained is not kept.
  func result(_ blocks: NumberBlocks) throws(CodedError) -> TrainingResult {
    let history = try history(blocks)
    let options = TrainingOptions(
      epochs: max(1, history.count), batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 1)
    return TrainingResult(
      end: .finished, history: history, options: options, trainedRows: rows, validationRows: validationRows)
  }

  private func history(_ blocks: NumberBlocks) throws(CodedError) -> TrainingHistory {
    let recent = try epochs(figures, blocks)
    var first: EpochFigures?
    if let number = self.first {
      let row = try blocks.doubles(number)
      guard row.count == Figure.allCases.count else {
        throw SessionFile.damaged("the first epoch of a training has the wrong metrics")
      }
      first = EpochFigures(row)
    }
    var courses: [Figure: FigureCourse] = [:]
    for (figure, course) in zip(Figure.allCases, self.courses ?? []) {
      courses[figure] = try course?.course(blocks)
    }
    guard let history = TrainingHistory(recent: recent, first: first, courses: courses) else {
      throw SessionFile.damaged("the metrics of a training are inconsistent")
    }
    return history
  }

  private func epochs(_ figures: [Int], _ blocks: NumberBlocks) throws(CodedError) -> [EpochFigures] {
    var columns: [[Double]] = []
    for number in figures { columns.append(try blocks.doubles(number)) }
    guard columns.count == Figure.allCases.count, Set(columns.map(\.count)).count == 1 else {
      throw SessionFile.damaged("the metrics of a training differ in length")
    }
    return columns[0].indices.map { epoch in EpochFigures(columns.map { $0[epoch] }) }
  }
}

extension EpochFigures {
  /// The figures in the order of all there are.
  fileprivate init(_ row: [Double]) {
    let present = row.map { $0.isNaN ? nil : $0 }
    self.init(
      loss: row[0], accuracy: present[1], validationLoss: present[2], validationAccuracy: present[3])
  }
}

extension StoredCourse {
  fileprivate init(_ course: FigureCourse, _ blocks: inout NumberBlocks) {
    width = course.width
    count = course.count
    lows = blocks.add(course.buckets.map(\.low))
    highs = blocks.add(course.buckets.map(\.high))
    lasts = blocks.add(course.buckets.map(\.last))
    sums = blocks.add(course.buckets.map(\.sum))
    finite = blocks.add(course.buckets.map { Double($0.finite) })
    lowestEpoch = course.tally.lowest?.epoch
    highestEpoch = course.tally.highest?.epoch
    notFinite = course.tally.notFinite
    firstNotFinite = course.tally.firstNotFinite
    notPositive = course.tally.notPositive
  }

  fileprivate func course(_ blocks: NumberBlocks) throws(CodedError) -> FigureCourse {
    let (lows, highs) = (try blocks.doubles(lows), try blocks.doubles(highs))
    let (lasts, sums) = (try blocks.doubles(lasts), try blocks.doubles(sums))
    let finite = try blocks.doubles(finite).map { Int(exactly: $0) ?? -1 }
    guard Set([lows.count, highs.count, lasts.count, sums.count, finite.count]).count == 1 else {
      throw SessionFile.damaged("the parts of a metric's history differ in length")
    }
    var tally = FigureCourse.Tally()
    // The values themselves are those of the buckets.
    tally.lowest = lowestEpoch.map { .init(lows.min() ?? .nan, at: $0) }
    tally.highest = highestEpoch.map { .init(highs.max() ?? .nan, at: $0) }
    tally.notFinite = notFinite
    tally.firstNotFinite = firstNotFinite
    tally.notPositive = notPositive
    let buckets = lows.indices.map {
      FigureCourse.Bucket(low: lows[$0], high: highs[$0], last: lasts[$0], sum: sums[$0], finite: finite[$0])
    }
    guard let course = FigureCourse(width: width, count: count, buckets: buckets, tally: tally) else {
      throw SessionFile.damaged("a metric's history does not fit the epochs")
    }
    return course
  }
}
