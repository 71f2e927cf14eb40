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

/// How a watched metric comes about.
public struct Watch {
  /// The metric.
  public let metric: WatchedMetric
  /// Its value for what the network answers; NaN where it has none.
  public let measure: (Predictions) -> Double

  /// Creates a watch.
  public init(_ metric: WatchedMetric, measure: @escaping (Predictions) -> Double) {
    self.metric = metric
    self.measure = measure
  }
}

/// The rows that watched metrics are measured on.
struct WatchedRows {
  let watches: [Watch]
  /// Their targets, as the loss takes them.
  let targets: [Double]
  let width: Int
  let task: PredictionTask

  /// The metrics for the answers to them.
  func values(_ outputs: [Double]) -> [WatchedValue] {
    let predictions = Predictions(outputs: outputs, targets: targets, width: width, task: task)
    return watches.map { WatchedValue($0.metric, $0.measure(predictions)) }
  }
}

/// What an epoch comes to on rows that are only measured on.
struct EpochMeasurement {
  let loss: Double
  let accuracy: Double
  var watched: [WatchedValue] = []
}

extension Metric {
  /// Whether a smaller value is a better one.
  public var lowerIsBetter: Bool { self == .mae || self == .rmse }
}
