/// Names of NumPy, Keras, PyTorch, scikit-learn and Synaptic, and the words or lines that stand for them here.
extension ForeignWords {
  /// The word that stands for another library's, among those that may stand at a place: `bce` for `BCELoss`.
  static func word(_ name: String, among words: [String]) -> String? {
    let plain = name.lowercased().filter { $0 != "_" }
    return others[plain]?.first(where: words.contains)
  }

  private static let others: [String: [String]] = [
    "binarycrossentropy": ["bce"], "bceloss": ["bce"], "bcewithlogitsloss": ["bce"], "logloss": ["bce"],
    "categoricalcrossentropy": ["crossentropy"], "sparsecategoricalcrossentropy": ["crossentropy"],
    "crossentropyloss": ["crossentropy"], "nllloss": ["crossentropy"], "meansquarederror": ["mse"],
    "mseloss": ["mse"], "meanabsoluteerror": ["mae"], "l1loss": ["mae"], "smoothl1loss": ["huber"],
    "huberloss": ["huber"], "kldivloss": ["kl"], "kldivergence": ["kl"], "linear": ["dense", "linear"],
    "fullyconnected": ["dense"], "maxpooling1d": ["maxpool"], "maxpooling2d": ["maxpool"],
    "maxpooling3d": ["maxpool"], "maxpool1d": ["maxpool"], "maxpool2d": ["maxpool"], "maxpool3d": ["maxpool"],
    "averagepooling2d": ["avgpool"], "avgpool2d": ["avgpool"], "globalmaxpooling2d": ["globalmaxpool"],
    "globalaveragepooling2d": ["globalavgpool"], "batchnormalization": ["batchnorm"],
    "batchnorm1d": ["batchnorm"], "batchnorm2d": ["batchnorm"], "layernormalization": ["layernorm"],
    "simplernn": ["rnn"], "logistic": ["sigmoid"], "identity": ["linear"], "heaviside": ["step"],
    "leakyrelu": ["leaky_relu"], "standard": ["zscore"], "standardscaler": ["zscore"],
    "minmaxscaler": ["minmax"], "else": ["others"], "alltoall": ["full"], "onetoone": ["one"],
    "alltoelse": ["others"], "glorotuniform": ["glorot"], "henormal": ["he"], "xavier": ["glorot"],
  ]

  /// What to write in place of a function of another library.
  package static func functionAdvice(_ name: String) -> String? {
    switch name {
    case "maximum":
      "The larger of two, element by element, is `where(a > b, a, b)`; `relu(x)` is that of x and 0."
    case "minimum": "The smaller of two, element by element, is `where(a < b, a, b)`."
    case "dot", "matmul", "mm", "bmm": "A matrix product is written `A @ B`."
    case "multiply", "mul": "A product element by element is written `A * B`."
    case "power", "pow": "A power is written `a ^ b`."
    case "square": "A square is written `x ^ 2`."
    case "log10": "Write `log(x) / log(10)`."
    case "log2": "Write `log(x) / log(2)`."
    case "log1p": "Write `log(1 + x)`."
    case "expm1": "Write `exp(x) - 1`."
    case "concatenate", "cat", "hstack", "vstack", "append": "Arrays are joined by `concat([a, b], axis=0)`."
    case "array", "asarray", "tensor", "Tensor", "ndarray", "Matrix":
      "An array is written in brackets: `a = [[1, 2], [3, 4]]`."
    case "int", "astype": "`floor(x)` rounds down, `round(x)` to the nearest integer."
    case "str": "`text(x)` gives a value as a text."
    case "to_categorical", "one_hot": "Write `onehot(x, n=10)`."
    case "mean_squared_error", "MSELoss", "mse_loss": "Write `mse(target, output)`."
    case "binary_crossentropy", "BCELoss", "binary_cross_entropy": "Write `bce(target, output)`."
    case "categorical_crossentropy", "CrossEntropyLoss", "cross_entropy":
      "Write `crossentropy(target, output)`."
    case "Adam", "SGD", "RMSprop", "AdamW", "Adagrad", "Nadam":
      "An optimizer is an option: `net solver optimizer=\(name.lowercased())`."
    case "Dense", "Linear", "Conv1D", "Conv2D", "Conv3D", "Conv1d", "Conv2d", "Conv3d", "Dropout", "Flatten",
      "LSTM",
      "GRU", "SimpleRNN", "MaxPooling2D", "MaxPool2d", "Embedding", "BatchNormalization", "Input", "Layer":
      "A layer is a command: `layer hid dense 3 relu`."
    case "Sequential", "Model", "Network", "Perceptron":
      "A network is built line by line: `net solver`, then `layer`, then `connect all`."
    case "train_test_split": "Write `split people test=20%`."
    case "StandardScaler", "MinMaxScaler":
      "Write `prepare people scale=\(name == "MinMaxScaler" ? "minmax" : "zscore")`."
    case "MLPClassifier", "MLPRegressor", "LogisticRegression", "LinearRegression":
      "A model is a network: `net solver`, then `layer`, then `connect all`."
    case "accuracy_score", "classification_report", "r2_score", "roc_auc_score":
      "`evaluate people.test` shows all metrics."
    case "confusion_matrix": "Write `plot confusion people.test`."
    case "read_csv", "loadtxt", "genfromtxt": "Write `data people from \"people.csv\"`."
    default: nil
    }
  }

  /// What to write in place of a method of another library's model or array: `model.fit(…)`.
  static func methodAdvice(_ method: String) -> String? {
    switch method {
    case "fit", "train": "Training is a command: `train people epochs=100`."
    case "compile": "Loss and optimizer are options: `net solver loss=mse optimizer=adam`."
    case "predict", "forward": "The current network predicts by `predict([1, 2])`."
    case "evaluate", "score": "Write `evaluate people.test`."
    case "summary": "Write `summary`."
    case "activate": "The current network computes by `activate [0, 1]`."
    case "propagate": "Write `propagate [1]` after `activate`."
    case "add": "A layer is a command: `layer hid dense 3 relu`."
    case "get_weights", "set_weights", "state_dict": "Weights have names: `hid.weights`, `hid.bias`."
    case "save": "Write `save net \"m.safetensors\"`."
    case "backward", "step", "zero_grad": "`train` does that; by hand it is `W -= 0.1 * grad L wrt W`."
    default: nil
    }
  }

  /// What stands for an option that is none here.
  static func optionAdvice(_ key: String) -> String? {
    switch key {
    case "verbose": "Progress is shown by itself, and `every=10` prints every tenth epoch."
    case "metrics": "`evaluate` shows all metrics that suit the task."
    case "callbacks": "Early stopping is `patience=20`."
    case "validation_data": "A validation set is held out before: `split people validate=20%`."
    case "input_shape", "input_dim", "in_features":
      "The inputs are a layer of their own: `layer inp input 2`."
    default: nil
    }
  }

  /// The option of a layer that other libraries call so.
  static func renamedOption(_ key: String) -> String? {
    switch key {
    case "kernel_initializer", "initializer": "init"
    case "use_bias": "bias"
    case "strides": "stride"
    default: nil
    }
  }
}
