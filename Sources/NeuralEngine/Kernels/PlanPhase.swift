/// What a plan is doing at the moment, for the kernels to which that makes a difference.
final class PlanPhase {
  /// Whether a batch is trained on, rather than answered: dropout drops, and batch normalisation looks at the batch.
  var isTraining = false
  /// What dropout draws from; a training gives it a seed of its own.
  var random = RandomStream(seed: 0)
}
