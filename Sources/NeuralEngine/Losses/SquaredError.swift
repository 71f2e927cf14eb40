internal import NetworkSchema

/// The mean over the outputs of (target - output)².
struct SquaredError: LossRule {
  var schema: KindSchema { .mse }
}

extension Loss {
  /// The mean over the outputs of (target - output)².
  public static let mse = Loss(SquaredError())
}
