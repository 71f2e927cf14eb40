/// A notebook over whose parameters tests sweep: a small network on xor.
public enum SweepNotebook {
  /// The notebook: a cell of prose, one of parameters, and one that trains.
  ///
  /// - Parameters:
  ///   - parameters: more lines that declare some, besides `rate` and `hidden`.
  ///   - epochs: how long it trains.
  ///   - more: lines behind the training.
  public static func text(
    declaring parameters: [String] = [], epochs: String = "20", then more: [String] = []
  ) -> String {
    let lines =
      [
        "# %% [markdown]", "# # Rates", "# %%", "param rate = 0.1 min=0 max=100",
        "param hidden = 3 min=1 max=64",
      ] + parameters + [
        "", "# %%", "data xor", "net n loss=mse", "layer i input 2", "layer h dense hidden tanh",
        "layer o dense 1 sigmoid", "connect all", "train xor epochs=\(epochs) rate=rate",
      ] + more
    return lines.joined(separator: "\n")
  }
}
