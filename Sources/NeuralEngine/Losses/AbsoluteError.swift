internal import NetworkSchema

/// The mean over the outputs of |target - output|; its derivative is 0 where the two are equal.
struct AbsoluteError: LossRule {
  var schema: KindSchema { .mae }
}

extension Loss {
  /// The mean over the outputs of |target - output|.
  public static let mae = Loss(AbsoluteError())
}
