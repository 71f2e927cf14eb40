/// Layers that keep activations in bounds: normalisation and dropout.
extension KindSchema {
  /// Dropout.
  public static let dropout = KindSchema(
    "dropout", "sets a random fraction of the values to 0 in training, drawn anew for each batch",
    options: [.required("rate", .number(.fraction), "the fraction that is set to 0: 0.5 or 50%")],
    examples: ["layer half dropout 0.5"])

  /// Batch normalisation.
  public static let batchnorm = KindSchema(
    "batchnorm", "normalises each channel to mean 0 and variance 1 over the batch, then scales and shifts it",
    options: [
      .named(
        "momentum", .number(.fraction), default: .number(0.99),
        "the fraction of the running averages that is kept at each batch"),
      .varianceEpsilon,
    ],
    examples: ["layer norm batchnorm momentum=0.9"])

  /// Layer normalisation.
  public static let layernorm = KindSchema(
    "layernorm", "normalises each row to mean 0 and variance 1, then scales and shifts it",
    options: [.varianceEpsilon], examples: ["layer norm layernorm"])
}

extension OptionSchema {
  /// Keras's 0.001, where PyTorch has 0.00001.
  fileprivate static let varianceEpsilon = OptionSchema.named(
    "epsilon", .number(.positive), default: .number(0.001), "a small number added to the variance")
}
