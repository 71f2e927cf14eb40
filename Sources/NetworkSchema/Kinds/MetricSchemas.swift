/// Metrics, each of which is a variable of that name once it has been measured.
extension KindSchema {
  /// The metrics that nbs itself reports after each epoch.
  static let standardTrainingMetrics = [lossMetric, accuracyMetric, validationLoss, validationAccuracy]

  /// The mean loss.
  public static let lossMetric = KindSchema("loss", "the mean loss over the rows")
  /// The fraction of rows whose class is right.
  public static let accuracyMetric = KindSchema("accuracy", "the fraction of rows classified correctly")
  /// The mean loss over the validation rows.
  public static let validationLoss = KindSchema("val_loss", "the mean loss over the validation rows")
  /// The fraction of validation rows whose class is right.
  public static let validationAccuracy = KindSchema(
    "val_accuracy", "the fraction of validation rows classified correctly")

  /// The metrics that only an evaluation of nbs itself reports.
  static let standardEvaluationMetrics = [
    precision, recall, f1, auc, topFive, meanAbsoluteError, rootMeanSquaredError, rSquared,
    perplexity, bitsPerToken,
  ]

  /// Precision.
  public static let precision = KindSchema(
    "precision",
    "the fraction of rows predicted as a class that belong to it; the mean over classes if more than two")
  /// Recall.
  public static let recall = KindSchema(
    "recall", "the fraction of a class's rows predicted as it; the mean over classes if more than two")
  /// F1.
  public static let f1 = KindSchema("f1", "the harmonic mean of precision and recall")
  /// The area under the ROC curve.
  public static let auc = KindSchema(
    "auc",
    "the area under the ROC curve: how often a row of the second class scores higher than one of the first"
  )
  /// Top-5 accuracy.
  public static let topFive = KindSchema(
    "top_5", "the fraction of rows whose class is among the five most probable")
  /// The mean absolute error.
  public static let meanAbsoluteError = KindSchema(
    "mae", "the mean absolute error, in the target's own units")
  /// The root of the mean squared error.
  public static let rootMeanSquaredError = KindSchema(
    "rmse", "the square root of the mean squared error, in the target's own units")
  /// The coefficient of determination.
  public static let rSquared = KindSchema(
    "r2", "the coefficient of determination: the fraction of the targets' variance that is explained")
  /// The perplexity of a language model.
  public static let perplexity = KindSchema(
    "perplexity",
    "for a text: among how many equally probable tokens the network has, in effect, to choose the next")
  /// The bits that a token takes.
  public static let bitsPerToken = KindSchema(
    "bits_per_token", "for a text: the mean of -log2 of the probability of the token that follows")
}
