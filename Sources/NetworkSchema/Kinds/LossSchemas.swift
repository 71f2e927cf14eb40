/// Losses.
extension KindSchema {
  /// The losses that nbs itself has.
  static let standardLosses = [mse, mae, huber, bce, crossentropy, hinge, kl, poisson]

  /// The mean squared error.
  public static let mse = KindSchema("mse", "mean squared error: the mean of (target - output)^2")
  /// The mean absolute error.
  public static let mae = KindSchema("mae", "mean absolute error: the mean of |target - output|")
  /// Huber's loss.
  public static let huber = KindSchema(
    "huber", "like mse up to an error of 1, like mae beyond: less sensitive to outliers")
  /// Binary cross-entropy.
  public static let bce = KindSchema(
    "bce", "binary cross-entropy, for sigmoid outputs and targets from 0 to 1")
  /// Categorical cross-entropy.
  public static let crossentropy = KindSchema(
    "crossentropy",
    "categorical cross-entropy, for a softmax output; targets are one-hot rows or class numbers")
  /// The hinge loss.
  public static let hinge = KindSchema(
    "hinge",
    "max(0, 1 - target * output), for linear or tanh outputs; targets are -1 and 1, or 0 and 1")
  /// The divergence of Kullback and Leibler.
  public static let kl = KindSchema(
    "kl", "Kullback-Leibler divergence of a softmax output from the targets: the sum of t ln(t / o)")
  /// The Poisson loss.
  public static let poisson = KindSchema(
    "poisson", "o - t ln o, for counts; outputs must not be negative: use softplus")
}
