internal import Diagnostics
internal import NetworkSchema

extension HelpTopic {
  /// The words of the maths level that there is help on.
  static let statementWords =
    ["repeat", "for", "while", "sweep", "if", "else", "def", "grad", "wrt", "until"] + mathsWords + [
      "functions"
    ]

  /// The words that stand for the maths level as a whole, and its operators that are words.
  private static let mathsWords = ["maths", "math", "operators", "arrays", "and", "or", "not"]

  /// Help on a word that opens no command.
  static func statement(_ word: String) -> HelpTopic? {
    switch word {
    case "repeat":
      HelpTopic(
        "repeat COUNT [as NAME] { … }", "runs a block COUNT times, with a counter from 0",
        examples: ["repeat 100 as i { print i }"])
    case "for":
      HelpTopic(
        "for NAME in VALUES { … }", "runs a block for each item of a list or row of an array",
        examples: ["for row in [[1, 2], [3, 4]] { print sum(row) }"])
    case "while":
      HelpTopic(
        "while CONDITION { … }", "runs a block as long as a condition holds",
        examples: ["while loss > 0.1 { train xor epochs=100 }"])
    case "sweep":
      HelpTopic(
        "sweep NAME=[VALUE, …] … [seeds=N] [halving=NAME NAME=BUDGET] minimize=METRIC { … }",
        """
        runs a block with every combination of values, and ranks them by a metric; maximize= for the largest; halving=epochs \
        epochs=81 gives all of them few epochs, and the best third three times as many, until the last have 81
        """,
        examples: [
          "sweep rate=[0.01, 0.1] hidden=[4, 8] seeds=3 minimize=val_loss { net n; layer x input 2; layer h dense hidden tanh; layer y dense 1 sigmoid; connect all; train moons epochs=20 rate=rate validate=20% }"
        ])
    case "if", "else":
      HelpTopic(
        "if CONDITION { … } else if CONDITION { … } else { … }", "runs the first block whose condition holds",
        examples: ["if loss < 0.01 { print \"learned\" } else { print \"not yet\" }"])
    case "def":
      HelpTopic(
        "def NAME(PARAMETERS) = VALUE, or { … }",
        "defines a function; a block returns the value of its last statement",
        examples: ["def area(r) = pi * r ^ 2"])
    case "grad", "wrt":
      HelpTopic(
        "grad NUMBER wrt VARIABLES",
        "the gradient of a single number with respect to variables it was computed from",
        examples: ["W -= 0.1 * grad L wrt W", "dW, db = grad L wrt W, b"])
    case "until":
      HelpTopic(
        "train DATA until METRIC<NUMBER>",
        "stops the training as soon as \(NetworkCatalog.current.trainingMetrics.names.alternatives) meets the condition",
        examples: ["train xor epochs=20_000 until loss<0.001"])
    case "functions":
      HelpTopic(
        "NAME(VALUE, …, NAME=VALUE)", "calls a function: one of those below, or one of yours (help def)",
        examples: ["sum([[1, 2], [3, 4]], axis=0)"])
    case let word where mathsWords.contains(word): maths
    default: nil
    }
  }

  private static var maths: HelpTopic {
    func entry(_ word: String, _ help: String) -> Entry { Entry(word: word, value: "", help: help) }
    return HelpTopic(
      usage: "NAME = VALUE", summary: "arrays of any rank, as in NumPy; a number is an array of rank 0",
      details: "",
      entries: [
        entry("+ - * /", "element by element; + joins texts as well"), entry("^", "power"),
        entry("@", "matrix product"),
        entry("== != < <= > >=", "comparisons, which give truth values"),
        entry("and or not", "of truth values"),
        entry("+= -= *= /=", "change a variable: W -= 0.1 * g"),
        entry("a[0]  a[-1]  a[1:3]  a[:, 1]", "elements and slices, from 0; they can be assigned to"),
        entry("a[a > 0]  a[[0, 2]]", "elements by a mask or a list"),
        entry("a.T  a.shape  a.size  a.rank", "transpose, shape, number of elements and of axes"),
        entry("grad L wrt W", "gradients: help grad"),
        entry("repeat, for, while, if, def", "loops, conditions and functions: help repeat"),
        entry("sweep", "a block with many values of its variables: help sweep"),
        entry("sum(x)  mod(a, b)  text(x)", "functions: help functions"),
      ],
      examples: ["X = [[1, 2], [3, 4]]", "print X @ X.T, sum(X, axis=0), X[:, 1]"])
  }

  /// Help on an option: what it means to each command that takes it.
  static func option(_ word: String) -> HelpTopic? {
    let uses = CommandTable.all.flatMap { spec in
      let own = spec.options.filter { $0.name == word }.map { (spec.verb.rawValue, $0) }
      return own
        + spec.variants.flatMap { variant in
          variant.options.filter { $0.name == word }.map { ("\(spec.verb.rawValue) \(variant.name)", $0) }
        }
    }
    guard !uses.isEmpty else { return nil }
    return HelpTopic(
      usage: "\(word)= (option)", summary: "written after a command, as `\(word)=…`", details: "",
      entries: uses.map { Entry(word: $0.0, value: $0.1.defaultText, help: $0.1.help) }, examples: [])
  }

  private init(_ usage: String, _ summary: String, examples: [String]) {
    self.init(usage: usage, summary: summary, details: "", entries: [], examples: examples)
  }
}
