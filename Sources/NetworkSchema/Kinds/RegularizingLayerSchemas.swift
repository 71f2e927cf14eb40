/// Layers that keep activations in bounds: normalisation and dropout.
extension KindSchema {
  /// Dropout.
  public static let dropout = KindSchema(
    "dropout", "in training sets a share of the numbers to 0, drawn anew for each batch",
    options: [.required("rate", .number(.fraction), "how many of them: 0.5 or 50%")],
    examples: ["layer half dropout 0.5"])

  /// Batch normalisation.
  public static let batchnorm = KindSchema(
    "batchnorm", "brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it",
    options: [
      .named(
        "momentum", .number(.fraction), default: .number(0.99),
        "how much of the running mean stays at each batch"),
      .varianceEpsilon,
    ],
    examples: ["layer norm batchnorm momentum=0.9"])

  /// Layer normalisation.
  public static let layernorm = KindSchema(
    "layernorm", "brings each row to mean 0 and variance 1, then scales and shifts it",
    options: [.varianceEpsilon], examples: ["layer norm layernorm"])
}

extension OptionSchema {
  /// Keras's 0.001, where PyTorch has 0.00001.
  fileprivate static let varianceEpsilon = OptionSchema.named(
    "epsilon", .number(.positive), default: .number(0.001), "what is added to the variance")
}
