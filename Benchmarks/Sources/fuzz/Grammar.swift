/// Cells that a grammar gives: each is mostly right, and any two may stand behind each other.
///
/// A word in angle brackets stands for one of its rules, drawn at random. What becomes too deep takes the first rule of each
/// word, which leads to no other.
struct Grammar {
  /// A cell of one statement or a few.
  static func cell(_ random: inout SplitMix) -> String {
    (0...random.below(3)).map { _ in expand("<statement>", depth: 0, &random) }.joined(separator: "\n")
  }

  /// Cells for a beginning: data, a network for it, and a training.
  static func opening(_ random: inout SplitMix) -> [String] {
    let (data, net) = pairs[random.below(pairs.count)]
    let training = ["train d epochs=<small> batch=<small>", "<train>", "<train>\nevaluate d"][random.below(3)]
    return [data, "net n <netoption>\n" + net, expand(training, depth: 0, &random)].map {
      expand($0, depth: 0, &random)
    }
  }

  private static func expand(_ text: String, depth: Int, _ random: inout SplitMix) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      result += rest[..<start]
      let word = String(rest[rest.index(after: start)..<end])
      if let choices = rules[word] {
        result += expand(
          choices[depth > 6 ? 0 : random.below(choices.count)], depth: depth + 1, &random)
      } else {
        result += "<" + word + ">"
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// Data called d, and the layers of a network that takes them.
  private static let pairs: [(String, String)] = [
    (
      "data d { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }",
      "layer inp input 2\nlayer hid dense <small> <act>\nlayer out dense 1 sigmoid\nconnect all"
    ),
    (
      "data iris\ndata d = iris\n<shape>",
      "layer inp input 4\nlayer hid dense <small> <act>\nlayer out dense 3 softmax\nconnect all"
    ),
    (
      "data d = rand(20, 3) -> rand(20, 2)\n<shape>",
      "layer inp input 3\nlayer hid dense <small> <act>\nlayer out dense 2 <act>\nconnect all"
    ),
    (
      "data d = rand(6, 50) -> rand(6, 1)",
      "layer inp input 5x5x2\nlayer c conv2d <small> <convoption>\nlayer p <pool>\nlayer f flatten\nlayer out dense 1\nconnect all"
    ),
    (
      "data d = rand(8, 12) -> rand(8, 1)",
      "layer inp input 6x2\nlayer hid <cell> <small> <cellopts>\nlayer out dense 1\nconnect all"
    ),
    (
      "data d = [[1, 2, 3], [4, 5], [1], [0, 1, 0, 1]] -> [0, 1, 1, 0]",
      "layer inp sequence 1\nlayer hid <cell> <small>\nlayer out dense 1 sigmoid\nconnect all"
    ),
    (
      "data d from parity n=12 steps=4",
      "layer inp input 4x1\nlayer hid <cell> <small> return=all\nlayer out dense 1 sigmoid\nconnect all"
    ),
    (
      "story = \"to be or not to be, that is the question\"\ndata d = story tokens=<tokens> window=<small>",
      "layer tokens input <small>\nlayer vectors embedding 20 4\nlayer state <cell> 4 return=all\nlayer next dense 14 softmax\nconnect all"
    ),
    (
      "data d from spiral n=<small>0 noise=<num>",
      "layer inp input 2\nlayer hid dense 4 tanh\nlayer out dense 2 softmax\nconnect all"
    ),
    (
      "data d = rand(9, 8) -> rand(9, 1)",
      "layer inp input 8\nlayer a dense <small> <act>\nlayer b dense <small>\nlayer m dense 1\nconnect inp -> {a b} -> m <edge>"
    ),
    (
      "data d { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }",
      "layer inp input 2\nlayer hid dense 2 sigmoid\nlayer out dense 1 sigmoid\nconnect inp -> hid -> out\nconnect hid -> hid <edge>\ngate hid <gate>"
    ),
    (
      "data air from air_passengers window=<small>\ndata d = air",
      "layer inp input <small>\nlayer hid dense 4 relu\nlayer out dense 1\nconnect all"
    ),
  ]

  private static let rules: [String: [String]] = [
    "statement": [
      "a = 1", "<name> = <expr>", "<expr>", "<name> = <expr>", "<name>[<index>] = <expr>",
      "<name> <update> <expr>", "print <expr>",
      "grad <name> wrt <name>", "<name> = grad <name> wrt <name>", "<def>", "<loop>", "<command>",
      "<command>", "<command>", "<command>",
      "<command>", "<layers>", "<datadef>",
    ],
    "block": ["print 1", "<statement>", "<name> = <expr>", "<name> -= <num> * grad <name> wrt <name>"],
    "loop": [
      "repeat 2 { print 1 }", "repeat <small> as i { <block> }", "for i in range(<small>) { <block> }",
      "for row in <expr> { <block> }",
      "while <name> < <small> { <name> += 1 }", "if <expr> { <block> } else { <block> }",
      "if <expr> { <block> }",
      "sweep rate=[0.1, 0.5] hidden=[2, 3] minimize=loss { reset weights; train d epochs=2 rate=rate }",
      "sweep <name>=<array> seeds=2 <goal>=<metric> { <block>; <train> }",
      "sweep b=[1, 2] halving=epochs epochs=9 { train d epochs=epochs }",
    ],
    "def": [
      "def f(x) = x + 1", "def f(x) = <expr>", "def g(x, y) { <block>; <expr> }",
      "def cost(targets, outputs) = mean(abs(targets - outputs))",
      "def f(x) { if x < 1 { 1 } else { x * f(x - 1) } }",
      "def f(w) { o = zeros(3); for i in range(3) { o[i] = w[i] ^ 2 }; sum(o) }",
    ],
    "name": [
      "a", "b", "c", "w", "x", "loss", "i", "f", "d", "n", "hid.weights", "out.bias", "d.x", "d.y",
      "n.hid.weights", "accuracy", "_", "σ",
    ],
    "update": ["+=", "-=", "*=", "/="],
    "goal": ["minimize", "maximize"],
    "metric": [
      "loss", "accuracy", "val_loss", "f1", "auc", "mae", "r2", "a", "cost", "top_5", "val_accuracy",
    ],
    "expr": [
      "1", "<num>", "<name>", "<array>", "(<expr>)", "<expr> <op> <expr>", "<expr> <op> <expr>", "-<expr>",
      "not <expr>", "<call>", "<call>", "<call>",
      "<expr>[<index>]", "<expr>.T", "<expr>.shape", "<text>",
    ],
    "op": ["+", "-", "*", "/", "//", "@", "^", "==", "!=", "<", ">=", "and", "or"],
    "index": [
      "0", "<int>", "<int>:<int>", ":, <int>", "::<int>", "<name> > <num>", "-1", "<array>", "<int>, <int>",
      ":<int>:<int>",
    ],
    "call": [
      "sum(a)", "<unary>(<expr>)", "<reduce>(<expr>, axis=<int>)",
      "<reduce>(<expr>, axis=<int>, keepdims=true)", "zeros(<int>, <int>)", "rand(<small>, <small>)",
      "randn(<small>)", "full(<shapelist>, <num>)", "eye(<int>)", "arange(<num>, <num>, <num>)",
      "linspace(<num>, <num>, <int>)", "range(<int>, <int>, <int>)",
      "randint(<int>, <int>, <int>)", "choice(<expr>, n=<int>)", "clip(<expr>, <num>, <num>)",
      "where(<expr>, <expr>, <expr>)", "reshape(<expr>, <int>, <int>)",
      "transpose(<expr>)", "concat(<expr>, <expr>, axis=<int>)", "stack([<expr>, <expr>], axis=<int>)",
      "sort(<expr>, axis=<int>)", "unique(<expr>)", "onehot(<expr>, <int>)",
      "softmax(<expr>, axis=<int>)", "mse(<expr>, <expr>)", "bce(<expr>, <expr>)",
      "crossentropy(<expr>, <expr>)", "map(f, <expr>)", "text(<expr>)",
      "format(<expr>, digits=<int>)", "predict(<expr>)", "activate(<expr>)", "generate(<text>, n=<int>)",
      "f(<expr>)", "g(<expr>, <expr>)", "mod(<expr>, <expr>)",
      "cumsum(<expr>, axis=<int>)", "cost(<expr>, <expr>)",
    ],
    "unary": [
      "abs", "exp", "log", "sqrt", "sin", "tanh", "sigmoid", "relu", "step", "sign", "round", "floor", "len",
      "shape", "size", "rank", "std", "norm", "argmax",
      "softmax", "log_softmax", "mean", "max", "min", "var", "unique", "sort", "transpose", "cumsum",
    ],
    "reduce": ["sum", "mean", "max", "min", "argmax", "argmin", "std", "var", "norm"],
    "shapelist": ["[2, 2]", "<int>", "[<int>, <int>, <int>]"],
    "array": [
      "[1, 2]", "[<num>, <num>, <num>]", "[[<num>, <num>], [<num>, <num>]]", "[]", "[<expr>, <expr>]",
      "[[1], [2, 3]]", "[<text>, <num>]", "zeros(0, 3)", "rand(4, 2)",
      "range(12)", "[0.1, 0.2]",
    ],
    "num": [
      "1", "0", "0.5", "-1", "2", "1e-3", "1e308", "-0.0", "nan", "inf", "0.1", "7", "20%", "1e-320",
      "9007199254740993", "3.25",
    ],
    "int": [
      "1", "0", "2", "3", "-1", "4", "5", "-2", "7", "100", "9223372036854775807", "-9223372036854775808",
    ],
    "small": ["1", "2", "3", "4", "5", "8", "0", "12"],
    "text": ["\"to\"", "\"\"", "\"a\\nb\"", "'é\u{202E}x'", "\"d.csv\""],
    "act": [
      "relu", "tanh", "sigmoid", "softmax", "gelu", "elu", "selu", "swish", "leaky_relu", "softplus",
      "identity", "step", "",
    ],
    "pool": [
      "maxpool 2x2", "avgpool 2x2", "globalavgpool", "maxpool <small>x<small> stride=<small>",
      "dropout <num>", "batchnorm", "layernorm",
    ],
    "convoption": [
      "3x3", "<small>x<small>", "<small>x<small> <act> padding=same", "<small> stride=<small>",
      "3 dilation=<small>", "1 stride=2",
    ],
    "cell": ["rnn", "lstm", "gru"],
    "cellopts": [
      "", "return=all", "bidirectional=concat", "reverse=true", "dropout=<num>", "recurrent_dropout=<num>",
      "truncate=<small>", "stateful=true", "<act>",
    ],
    "tokens": ["char", "word"],
    "edge": ["", "delay=<small>", "type=carry", "type=others", "merge=<merge>", "init=<init>"],
    "merge": ["add", "concat", "multiply", "average", "max"],
    "init": ["zeros", "glorot", "he", "lecun", "uniform", "normal", "orthogonal"],
    "gate": ["inp -> hid", "hid -> out", "hid -> hid", "out -> hid input", "hid -> out output"],
    "netoption": [
      "", "loss=<loss>", "rate=<num>", "optimizer=<optimizer> rate=<num>", "optimizer=adam", "precision=64",
      "rule=synaptic", "rule=lstm_g", "l2=<num>", "clip=<num>",
      "schedule=cosine", "optimizer=sgd momentum=<num>",
    ],
    "loss": ["mse", "mae", "bce", "crossentropy", "hinge", "huber", "kl", "{out: mse}"],
    "optimizer": ["sgd", "adam", "adamw", "rmsprop", "adagrad", "nadam", "adadelta"],
    "shape": [
      "", "split d test=<num> validate=<num>", "prepare d scale=<scale>", "split d test=20%\nprepare d",
      "prepare d divide=<num>",
    ],
    "scale": ["zscore", "minmax", "none"],
    "train": [
      "train d epochs=2", "train d epochs=<small> batch=<small> rate=<num>",
      "train d epochs=<small> validate=<num> patience=<small>", "train d epochs=3 until loss<<num>",
      "train d epochs=2 metrics=<metric>,<metric> monitor=val_<metric> validate=25%",
      "train d epochs=<small> class_weight=balanced stratify=true", "train d epochs=2 shuffle=false",
      "train d epochs=4 every=<small> keep=best", "train d epochs=3 schedule=<schedule>",
      "train d epochs=2 weights=<expr>", "train d epochs=2 checkpoint=\"c.safetensors\"",
      "train d epochs=3 resume=\"c.safetensors\"", "train d epochs=2 l1=<num> l2=<num> clip=<num>",
      "train d.train epochs=2 validate=d.test", "train d epochs=2 loss_weights={out: <num>}",
    ],
    "schedule": ["cosine", "step", "exponential", "warmup", "linear", "inverse", "constant"],
    "command": [
      "show data d", "<train>", "<train>", "evaluate d", "evaluate d.test threshold=<num>", "predict d",
      "predict <array>", "activate <array>", "propagate <array> rate=<num>", "forget",
      "summary", "summary plan", "summary plan batch=<small> steps=<small>", "show health d", "show units",
      "show hid", "show <name>", "show", "plot loss", "plot <metric>", "plot metric <metric>",
      "plot boundary d", "plot confusion d", "plot roc d", "plot pr d", "plot calibration d", "plot network",
      "plot network units=true", "plot weights hid", "plot hist <expr>",
      "plot line <expr>", "plot scatter <expr>, <expr>", "plot bar <expr>", "plot heatmap <expr>",
      "plot image d", "plot series <name>", "plot health d", "plot descent", "plot neuron",
      "plot states d", "plot gates d", "plot effects", "plot parallel", "plot surface <expr>", "plot data d",
      "plot residuals d", "split d test=<num> validate=<num> by=time", "prepare d scale=<scale>",
      "augment d shift=<small> rotate=<num> flip=horizontal", "probe rate d", "crossvalidate d folds=<small>",
      "crossvalidate d folds=2 { <train> }", "crossvalidate d folds=3 repeats=<small> stratify=true epochs=1",
      "record <name>", "record a=<expr>", "assert <expr>, <text>", "save net \"m.safetensors\"",
      "load net \"m.safetensors\"", "save net \"m.onnx\"", "load net \"m.onnx\"", "save net \"m.py\"",
      "save net \"m.c\"", "save <name> \"a.npy\"", "data d from \"a.npy\"", "save predictions d \"p.csv\"",
      "load weights \"m.safetensors\"", "load <name> \"a.npy\"", "param p = <num> min=<num> max=<num>",
      "seed <int>", "option digits=<int>", "option precision=64", "reset weights", "reset", "reset net",
      "delete <name>", "help <word>", "generate <text> n=<small> temperature=<num>",
      "build lstm <small> <small> <small>", "build perceptron <small> <small> <small>",
      "build hopfield <small>", "build liquid <small> <small> <small>", "save data d \"d.csv\"",
    ],
    "word": ["train", "rate", "lstm", "learning_rate", "maths", "functions", "overfit", "σ", "nothing"],
    "layers": [
      "net m\nlayer inp input 2\nlayer out dense 1\nconnect all", "layer <layername> dense <int> <act>",
      "layer h2 <cell> <small> <cellopts>", "layer e embedding <int> <int>", "layer q <pool>",
      "layer c conv2d <small> <convoption>", "layer s conv1d <small> <small> padding=same",
      "layer v conv3d <small> <small>x<small>x<small>", "layer r reshape <int>x<int>",
      "connect <layername> -> <layername> <edge>", "connect all", "connect inp -> {hid out}",
      "gate hid <gate>", "delete layer <layername>", "net n <netoption>", "net m <netoption>",
    ],
    "layername": ["hid", "inp", "out", "h2", "c", "q", "zz"],
    "datadef": [
      "data d { 0 -> 1; 1 -> 0 }", "data e = <expr> -> <expr>", "data d = <expr> -> <expr>",
      "data e = d where <name> > <num>", "data e = d with z = <expr>", "data e = d + d",
      "data e from <generator> n=<int>",
      "data <builtin>", "data d = <text> tokens=<tokens> window=<int>", "data e from \"d.csv\" target=<name>",
      "data e = iris where petal_length > <num> and species == \"setosa\"",
      "data e from \"p.csv\" missing=<missing>", "data air from air_passengers window=<int> ahead=<int>",
      "data d { a: 1 b: 2 -> x; a: 3 b: 4 -> y }",
    ],
    "missing": ["drop", "mean", "median", "mode", "error"],
    "generator": [
      "spiral", "circles", "moons", "blobs", "gauss", "plane", "sine", "signals", "volumes", "echo", "parity",
      "adding", "reber", "dsr", "timing",
    ],
    "builtin": ["xor", "and", "iris", "digits", "breast_cancer", "exam", "air_passengers", "sunspots"],
  ]
}
