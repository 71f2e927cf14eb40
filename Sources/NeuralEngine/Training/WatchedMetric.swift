/// A metric that a training was asked for besides the loss and the accuracy.
public struct WatchedMetric: Sendable, Hashable {
  /// What it is called: `auc`.
  public let name: String
  /// Whether it is measured on the rows kept aside, after the epoch; else on the rows trained on, likewise.
  public let isOfValidation: Bool
  /// Whether a smaller value is a better one.
  public let lowerIsBetter: Bool

  /// Creates a metric.
  public init(_ name: String, isOfValidation: Bool, lowerIsBetter: Bool) {
    self.name = name
    self.isOfValidation = isOfValidation
    self.lowerIsBetter = lowerIsBetter
  }

  /// What a reader calls it: `val_auc`.
  public var title: String { (isOfValidation ? "val_" : "") + name }
}

/// The value of a watched metric after an epoch.
public struct WatchedValue: Sendable, Equatable {
  /// The metric.
  public let metric: WatchedMetric
  /// Its value; NaN where it has none.
  public let value: Double

  /// Creates a value.
  public init(_ metric: WatchedMetric, _ value: Double) {
    self.metric = metric
    self.value = value
  }

  /// Values that are no numbers are equal, so that histories can be compared.
  public static func == (a: WatchedValue, b: WatchedValue) -> Bool {
    a.metric == b.metric && (a.value == b.value || (a.value.isNaN && b.value.isNaN))
  }
}

/// How the watched metrics of a training come about.
public struct Watch {
  /// The metrics.
  public let metrics: [WatchedMetric]
  /// Their values for what the network answers, in order; NaN for one that has none.
  public let measure: (Predictions) -> [Double]

  /// Creates a watch.
  public init(_ metrics: [WatchedMetric], measure: @escaping (Predictions) -> [Double]) {
    self.metrics = metrics
    self.measure = measure
  }
}

/// The rows that watched metrics are measured on.
struct WatchedRows {
  let watch: Watch
  /// How many numbers the network answers to all of them.
  let count: Int
  /// What the network's answers are beside their targets.
  let predictions: (_ outputs: [Double]) -> Predictions

  /// The metrics for the answers to them.
  func values(_ outputs: [Double]) -> [WatchedValue] {
    zip(watch.metrics, watch.measure(predictions(outputs))).map { WatchedValue($0, $1) }
  }
}

/// What an epoch comes to on rows that are only measured on.
struct EpochMeasurement {
  let loss: Double
  let accuracy: Double
  var watched: [WatchedValue] = []
  /// What each of several output layers came to.
  var tallies: [OutputTally] = []
  /// How many answers these are added up over; nil for one a row.
  var answers: Int?
}

extension Metric {
  /// Whether a smaller value is a better one.
  public var lowerIsBetter: Bool { self == .mae || self == .rmse }
}
