/// A fixed set of words, and what one of them is called.
public struct Vocabulary: Sendable, Equatable {
  /// One word and what it means, in one line.
  public struct Word: Sendable, Equatable {
    /// The word.
    public let name: String
    /// What it means.
    public let help: String
  }

  /// What one of the words is called: `loss`, `optimizer`.
  public let noun: String
  /// The words, with their meaning.
  public let entries: [Word]

  /// The words alone.
  public var words: [String] { entries.map(\.name) }

  private init(_ noun: String, _ entries: KeyValuePairs<String, String>) {
    self.noun = noun
    self.entries = entries.map { Word(name: $0.key, help: $0.value) }
  }

  /// What is done to each sum in a layer.
  public static let activations = Vocabulary(
    "activation",
    [
      "linear": "the sum itself",
      "sigmoid": "1 / (1 + e^-z): squeezes a sum into 0 to 1",
      "tanh": "squeezes a sum into -1 to 1",
      "relu": "the sum if it is positive, else 0",
      "leaky_relu": "the sum if it is positive, else a fifth of it",
      "elu": "the sum if it is positive, else e^z - 1",
      "selu": "elu scaled so that mean 0 and variance 1 carry through a deep network",
      "gelu": "the sum times the normal distribution's share below it",
      "softplus": "ln(1 + e^z): relu without the corner, always positive",
      "softmax": "positive shares that add up to 1, for one of several classes",
      "step": "1 where the sum is positive, else 0; learned by the perceptron rule only",
    ])
  /// What training makes small.
  public static let losses = Vocabulary(
    "loss",
    [
      "mse": "mean squared error: the mean of (target - output)^2",
      "mae": "mean absolute error: the mean of |target - output|",
      "huber": "like mse up to an error of 1, like mae beyond: outliers pull less",
      "bce": "binary cross-entropy, for sigmoid outputs and targets from 0 to 1",
      "crossentropy":
        "categorical cross-entropy, for a softmax output; targets are one-hot rows or class numbers",
      "hinge": "max(0, 1 - target * output), for linear or tanh outputs; targets are -1 and 1, or 0 and 1",
      "kl": "how far a softmax output's shares are from the targets': the sum of t ln(t / o)",
      "poisson": "o - t ln o, for counts; the outputs must not be negative: softplus",
    ])
  /// How training changes the weights.
  public static let optimizers = Vocabulary(
    "optimizer",
    [
      "sgd": "stochastic gradient descent, with momentum= and nesterov= if wanted",
      "adam": "steps scaled by running means of the gradient and its square (Kingma and Ba, 2015)",
      "adamw": "adam, with all parameters shrinking by 0.004 of the rate at each step",
      "nadam": "adam with Nesterov's momentum",
      "rmsprop": "steps divided by the root of the running mean of squares",
      "adagrad": "steps divided by the root of the sum of all squares so far",
      "adadelta": "steps as long as those before; made for rate=1, though 0.001 is the default as in Keras",
      "perceptron": "Rosenblatt's rule, for step units fed by inputs alone",
    ])
  /// How the weights of the edges into a layer begin.
  public static let starts = Vocabulary(
    "start",
    [
      "glorot": "uniform in plus or minus sqrt(6 / (inputs + outputs)), for sigmoid, tanh and softmax",
      "he": "uniform in plus or minus sqrt(6 / inputs), for relu and its kin",
      "lecun": "uniform in plus or minus sqrt(3 / inputs), for selu",
      "normal": "normal, with the standard deviation 0.05",
      "uniform": "uniform in plus or minus 0.05",
      "zeros": "all 0",
      "ones": "all 1",
      "orthogonal": "rows of length 1 at right angles to each other, or columns where those are fewer",
    ])
  /// How the rate changes in the course of a training.
  public static let schedules = Vocabulary(
    "schedule",
    [
      "constant": "the rate stays",
      "step": "times decay= (0.1) after every period= (10) epochs",
      "exponential": "times decay= (0.96) in the course of period= (1) epochs, a little with every batch",
      "cosine": "half a wave down to decay= (0) of it, in the course of period= (all) epochs",
      "warmup": "from 0 up along a line, in the course of period= (5) epochs",
      "plateau": "times decay= (0.1) after period= (10) epochs without a better loss",
    ])
  /// Which kernels compute large layers.
  public static let backends = Vocabulary(
    "backend",
    [
      "auto": "chosen layer by layer, by the size of the work",
      "swift": "our own, in 32 and in 64 bits",
      "onednn": "Intel's oneDNN, wherever it has the layer in 32 bits",
    ])
  /// What a sliding window does at the edges.
  public static let paddings = Vocabulary(
    "padding",
    [
      "valid": "the window stays inside, so the result is smaller",
      "same": "zeros are added around, so that the result is as large at stride 1",
    ])
  /// How several edges become one input.
  public static let merges = Vocabulary(
    "merge",
    [
      "add": "the sum", "mul": "the product, number by number", "avg": "the mean",
      "max": "the largest, number by number", "concat": "one after the other along the last axis",
    ])
  /// How two layers are joined.
  public static let edges = Vocabulary(
    "edge type",
    [
      "full": "every unit with every unit, by a matrix of weights",
      "one": "the i-th unit with the i-th, by a weight each",
      "identity": "the i-th unit with the i-th, unchanged",
    ])
  /// How the losses of a batch become one number.
  public static let reductions = Vocabulary(
    "reduction", ["mean": "their mean, as Keras and PyTorch do", "sum": "their sum, as tutorials by hand do"])
  /// How exact a network's numbers are.
  public static let precisions = Vocabulary(
    "precision", ["single": "32 bits, about 7 digits", "double": "64 bits, about 16 digits"])
  /// How an axis is divided.
  public static let scales = Vocabulary(
    "scale", ["linear": "equal steps are equal differences", "log": "equal steps are equal ratios"])
  /// How columns are brought to a common scale.
  public static let scalings = Vocabulary(
    "scaling",
    [
      "zscore": "mean 0 and standard deviation 1", "minmax": "from 0 to 1",
      "max": "divided by the largest absolute value",
    ])
  /// What becomes of missing values.
  public static let missing = Vocabulary(
    "policy",
    [
      "error": "an error that names row and column", "drop": "the row is left out",
      "mean": "the column's mean stands in",
    ])
  /// What `reset` resets.
  public static let resettable = Vocabulary("thing to reset", ["weights": "the current network's weights"])

  /// Every vocabulary.
  public static let all = [
    activations, losses, optimizers, schedules, starts, paddings, merges, edges, reductions, precisions,
    backends,
    scales, scalings,
    missing, resettable,
  ]
}
