internal import NetworkSchema

extension String {
  /// The metric itself of one that is measured on validation rows: `auc` of `val_auc`.
  public var withoutValidationPrefix: String { hasPrefix("val_") ? String(dropFirst(4)) : self }
}

extension NetworkCatalog {
  /// The metrics that a training measures if it is asked to.
  var watchableMetrics: [String] { evaluationMetrics.names }

  /// All names under which a training may report a metric: `loss`, `val_loss`, `auc`, `val_auc`.
  var reportableMetrics: [String] {
    trainingMetrics.names + evaluationMetrics.names + evaluationMetrics.names.map { "val_" + $0 }
  }
}
