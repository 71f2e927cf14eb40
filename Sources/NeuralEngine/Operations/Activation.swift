/// What is done to each sum in a layer, as Keras 3 defines it (keras/src/activations).
public enum Activation: String, Sendable, CaseIterable {
  /// z
  case linear
  /// 1 / (1 + e⁻ᶻ)
  case sigmoid
  /// tanh z
  case tanh
  /// max(0, z), with the derivative 0 at 0 as in PyTorch and Keras.
  case relu
  /// z where it is positive, else z / 5: Keras 3's slope (PyTorch's is 1 / 100).
  case leakyReLU = "leaky_relu"
  /// z where it is positive, else eᶻ - 1 (D. Clevert et al., ICLR 2016), with Keras's α = 1.
  case elu
  /// 1.0507 z where it is positive, else 1.0507 · 1.6733 (eᶻ - 1): sums of mean 0 and variance 1 keep both
  /// (G. Klambauer et al., NIPS 2017, with the digits that Keras takes from there).
  case selu
  /// z Φ(z), Φ the normal distribution by the error function (D. Hendrycks and K. Gimpel, 2016): Keras's
  /// default, `approximate=False`, not the formula by tanh.
  case gelu
  /// ln(1 + eᶻ)
  case softplus
  /// eᶻ / Σ eᶻ over the layer
  case softmax
  /// 1 where z > 0, else 0. Its derivative is 0 everywhere, so that only the perceptron rule learns with it.
  case step

  /// Whether its derivative needs the preactivations: two can share an output of gelu, which falls before it rises.
  var needsPreactivations: Bool { self == .gelu }
}
