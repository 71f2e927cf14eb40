internal import NetworkSchema

/// The mean over the outputs of e² / 2 for an error |e| up to δ = 1, of |e| - 1/2 beyond
/// (P. Huber, Annals of Mathematical Statistics 35, 1964).
struct Huber: LossRule {
  var schema: KindSchema { .huber }
}

extension Loss {
  /// Like mse up to an error of 1, like mae beyond.
  public static let huber = Loss(Huber())
}
