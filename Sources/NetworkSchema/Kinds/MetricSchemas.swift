/// Metrics, each of which is a variable of that name once it has been measured.
extension KindSchema {
  /// The metrics that nbs itself reports after each epoch.
  static let standardTrainingMetrics = [lossMetric, accuracyMetric, validationLoss, validationAccuracy]

  /// The mean loss.
  public static let lossMetric = KindSchema("loss", "the mean loss over the rows")
  /// The fraction of rows whose class is right.
  public static let accuracyMetric = KindSchema("accuracy", "the fraction of the rows whose class is right")
  /// The mean loss over the validation rows.
  public static let validationLoss = KindSchema("val_loss", "the mean loss over the validation rows")
  /// The fraction of validation rows whose class is right.
  public static let validationAccuracy = KindSchema(
    "val_accuracy", "the fraction of the validation rows whose class is right")

  /// The metrics that only an evaluation of nbs itself reports.
  static let standardEvaluationMetrics = [precision, recall, f1, auc, topFive, rSquared]

  /// Precision.
  public static let precision = KindSchema(
    "precision", "how many of the rows taken for a class belong to it; the mean over more than two classes")
  /// Recall.
  public static let recall = KindSchema(
    "recall", "how many of a class's rows are taken for it; the mean over more than two classes")
  /// F1.
  public static let f1 = KindSchema("f1", "the harmonic mean of precision and recall")
  /// The area under the ROC curve.
  public static let auc = KindSchema(
    "auc",
    "the area under the ROC curve: how often a row of the second of two classes scores above one of the first"
  )
  /// Top-5 accuracy.
  public static let topFive = KindSchema(
    "top_5", "the fraction of the rows whose class is among the five likeliest")
  /// The coefficient of determination.
  public static let rSquared = KindSchema(
    "r2", "the coefficient of determination: the share of the targets' variance that is explained")
}
