internal import Diagnostics

/// Words that mean something in other languages, and what stands for them in this one.
package enum ForeignWords {
  /// The words to write instead of one that is no command here; nil for words of no other language.
  static func advice(on word: String) -> String? {
    switch word {
    case "let", "var", "const", "local", "set": "A variable needs no declaration: `a = 3`."
    case "return": "A function returns the value of its last statement: `def f(x) { x + 1 }`."
    case "import", "from", "using", "require", "include":
      "Nothing needs to be imported; data is read with `data people from \"people.csv\"`."
    case "open", "read", "restore":
      "Data is read with `data people from \"people.csv\"`, a saved network with `load net \"m.safetensors\"`."
    case "dump", "store", "write": "A network is saved with `save net \"m.safetensors\"`."
    case "function", "func", "fn", "fun", "lambda": "A function is written `def f(x) = x + 1`."
    case "fit", "learn": DidYouMean.question("train")
    case "network", "model": DidYouMean.question("net")
    case "end", "endif", "endfor", "endwhile", "fi", "done", "then", "do", "begin":
      "Blocks stand in braces: `if x > 0 { … }`."
    case "null", "nil", "None", "undefined": "There is no empty value; `nan` is a number that is missing."
    case "True": DidYouMean.question("true")
    case "False": DidYouMean.question("false")
    case "exit", "quit", "bye", "logout": "Ctrl-D leaves."
    case "Out":
      "At the prompt, `Out[1]` and `_` are values of earlier cells; a notebook gives them names: `y = …`."
    case "echo", "display", "puts", "log": DidYouMean.question("print")
    default: nil
    }
  }

  /// Tells whether it is how Python's libraries are abbreviated: `np`.
  static func isModule(_ word: String) -> Bool {
    ["np", "numpy", "math", "torch", "tf", "jnp", "nn", "keras", "plt", "pd", "random"].contains(word)
  }

  /// The option that another library calls so.
  static func option(_ key: String) -> String? {
    switch key {
    case "lr", "learning_rate", "learningrate", "alpha", "eta", "step": "rate"
    case "batch_size", "batchsize": "batch"
    case "iterations", "steps", "rounds": "epochs"
    case "validation_split", "val": "validate"
    case "early_stopping": "patience"
    case "restore_best_weights", "restore_best", "save_best_only": "keep"
    case "threshold", "delta", "tolerance", "tol": "min_delta"
    case "watch": "monitor"
    case "error", "criterion": "loss"
    case "algorithm": "optimizer"
    case "init", "w": "weights"
    case "words", "categories": "categorical"
    case "sep", "delimiter": "separator"
    case "clipnorm", "clip_norm": "clip"
    case "eps": "epsilon"
    default: nil
    }
  }

  /// The option of a layer that was called so before, or is in other libraries.
  static func layerOption(_ key: String, of kind: String) -> String? {
    switch (kind, key) {
    case ("rnn", "return_sequences"), ("lstm", "return_sequences"), ("gru", "return_sequences"): "return"
    case ("rnn", "go_backwards"), ("lstm", "go_backwards"), ("gru", "go_backwards"): "reverse"
    case ("dropout", "share"), ("dropout", "p"), ("dropout", "probability"): "rate"
    case ("embedding", "words"), ("embedding", "input_dim"), ("embedding", "num_embeddings"): "vocabulary"
    case ("embedding", "width"), ("embedding", "output_dim"), ("embedding", "embedding_dim"): "dimension"
    default: nil
    }
  }
}
