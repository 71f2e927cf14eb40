import Foundations
public import NetworkSchema

/// The words that options take besides the names of kinds.
extension WordList {
  /// The ways in which the losses of a batch become one number.
  static let reductions = WordList(
    "reduction", unknown: .unknownReduction,
    ["mean": "the mean, as in Keras and PyTorch", "sum": "the sum, as in calculations by hand"])
  /// The weights that a training may leave behind.
  static let kept = WordList(
    "choice", unknown: .unknownChoice,
    [
      "best": "the weights of the epoch with the best value of the monitored metric",
      "last": "the weights at the end of the training",
    ])
  /// Which value of a metric of the user's is the best.
  static let goals = WordList(
    "goal", unknown: .unknownChoice, ["min": "the lowest value", "max": "the highest value"])
  /// How much the rows of each class count in a training.
  static let classWeights = WordList(
    "class weight", unknown: .unknownChoice,
    ["balanced": "the rarer the class the more, so that all classes count alike"])
  /// The subjects of `probe`.
  static let probes = WordList(
    "thing to try", unknown: .unknownChoice, ["rate": "the loss over the learning rate"])
  /// The precisions of a network's numbers.
  public static let precisions = WordList(
    "precision", unknown: .unknownPrecision,
    ["single": "32-bit floating point, about 7 digits", "double": "64-bit floating point, about 16 digits"])
  /// The divisions of an axis.
  static let scales = WordList(
    "scale", unknown: .unknownScale,
    ["linear": "equal steps are equal differences", "log": "equal steps are equal ratios"])
  /// The ways of bringing columns to a common scale.
  static let scalings = WordList(
    "scaling", unknown: .unknownScaling,
    [
      "zscore": "mean 0 and standard deviation 1", "minmax": "from 0 to 1",
      "max": "divided by the largest absolute value",
    ])
  /// The ways of mirroring images in training.
  static let flips = WordList(
    "flip", unknown: .unknownChoice,
    [
      "none": "never", "horizontal": "left and right, half of the time",
      "vertical": "top and bottom, half of the time", "both": "either, independently of each other",
    ])
  /// What stands where nothing of a moved image is left.
  static let fills = WordList(
    "fill", unknown: .unknownChoice,
    [
      "zero": "0, in the units of the data", "edge": "the nearest value of the row",
      "wrap": "the row again, from its other end",
    ])
  /// The treatment of missing values.
  static let missing = WordList(
    "policy", unknown: .unknownPolicy,
    [
      "error": "an error that names row and column", "drop": "the row is dropped",
      "mean": "the column's mean is filled in",
      "median": "its median is filled in, in categorical columns the commonest value",
      "mode": "its commonest value is filled in",
    ])
  /// The orders in which a data set is split.
  static let splitOrders = WordList(
    "order", unknown: .badValue,
    [
      "random": "rows are drawn at random, unless shuffle=false",
      "time": "the last rows are held out; windows that reach across a cut are left out",
    ])
  /// What becomes of gaps in time.
  static let gapPolicies = WordList(
    "policy", unknown: .unknownPolicy,
    [
      "keep": "they are told, and windows go across them", "split": "no window goes across one",
      "error": "an error that names the row before the first",
      "linear":
        "rows are put into them, on the line between those on both sides, as pandas' interpolate does",
      "previous": "rows are put into them, like the row before, as pandas' ffill does",
    ])
  /// How often sequences have a target.
  static let targetPlaces = WordList(
    "place", unknown: .unknownChoice,
    ["step": "at each step", "series": "once, that of the last row"])
  /// The orders of the numbers in dates.
  static let dateOrders = WordList(
    "date format", unknown: .unknownChoice,
    ["ymd": "2024-05-31", "dmy": "31.5.2024 or 31/5/2024", "mdy": "5/31/2024"])
  /// What a text is cut into.
  static let tokenUnits = WordList(
    "unit", unknown: .unknownChoice,
    [
      "char": "characters, line ends and blanks among them",
      "word": "words, punctuation marks and line ends",
    ])
  /// The subjects of `summary`.
  static let summaries = WordList(
    "summary", unknown: .unknownSummary,
    [
      "layers": "the layers, their shapes and parameters",
      "plan": "the operations of a training step and of a prediction",
    ])
  /// The things that `reset` resets.
  static let resettable = WordList(
    "thing to reset", unknown: .unknownThingToReset, ["weights": "the current network's weights"])

  /// The word between a gate and its edge.
  static let on = WordList("word", unknown: .unexpectedArgument, ["on": "comes between a gate and its edge"])
  /// The places where a gate multiplies.
  static let gatePlaces = WordList(
    "place", unknown: .unknownChoice,
    [
      "input": "each unit what comes into the unit of the target at the same position",
      "output": "each unit what goes out from the unit of the source at the same position",
      "one": "each unit the weight at the same position of a `one`, `identity` or `carry` edge",
    ])

  /// Every list of words: the names of kinds first.
  public static var all: [WordList] {
    KindFamily.allCases.map(NetworkCatalog.current.words)
      + [
        reductions, kept, classWeights, precisions, scales, scalings, missing, summaries, resettable,
        returns, bidirections, splitOrders, gapPolicies, targetPlaces, dateOrders, tokenUnits, goals, flips,
        fills, on,
        gatePlaces,
      ]
  }
}
