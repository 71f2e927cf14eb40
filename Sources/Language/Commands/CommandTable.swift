internal import NetworkSchema

/// The first words of the commands.
public enum Verb: String, Sendable, CaseIterable {
  case data, split, prepare, augment, net, layer, connect, gate, build, summary, show, probe, train,
    crossvalidate,
    activate,
    propagate, forget, evaluate,
    predict, generate, plot
  case record, assert, save, load, param, seed, option, reset, delete, print, help
}

/// The one table of commands, with the kinds of layers, losses and so on that a catalog has.
///
/// ```swift
/// let train = CommandTable.command("train")
/// let options = train?.options.map(\.name) ?? []  // epochs, batch, …
/// ```
public struct CommandTable: Sendable {
  private let commands: [CommandSpec]
  private let byVerb: [String: CommandSpec]

  private init(_ catalog: NetworkCatalog) {
    commands =
      Self.building(catalog) + Self.training(catalog) + Self.looking + Self.files + Self.session
    byVerb = Dictionary(uniqueKeysWithValues: commands.map { ($0.verb.rawValue, $0) })
  }

  private static let standard = CommandTable(.standard)

  /// The table of the current catalog, made anew only where that is not the standard one.
  private static var current: CommandTable {
    let catalog = NetworkCatalog.current
    return catalog.isStandard ? standard : CommandTable(catalog)
  }

  /// Every command, in the order in which `help` lists them.
  public static var all: [CommandSpec] { current.commands }

  /// The command that `word` opens, if any.
  public static func command(_ word: String) -> CommandSpec? { current.byVerb[word] }
}

// MARK: - Data and networks

extension CommandTable {
  static func building(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .data, "defines a data set", form: .data,
        [
          .required("name", .newName(.data), "the name of the data set"),
          .optional(
            "table", .table, default: "the built-in set of that name",
            "rows in braces, `= X -> Y`, or `from` a file, a variable with a file name, a built-in set or a generator"
          ),
        ],
        options: readingOptions + rowOptions + seriesOptions + textOptions + generatorOptions,
        examples: [
          "data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }", "data points = [[0], [1]] -> [[1], [3]]",
          "data iris",
          "data people from \"people.csv\" target=age drop=[id, name]",
          "data homes from \"homes.csv\" target=log(price) fill={age: median, heating: unknown}",
          "data arms from spiral n=400 noise=0.1",
          "data adults = people where age > 18 and city == \"Oslo\"", "data b = a with area = width * height",
          "data both = old + new",
          "data air from air_passengers window=12",
          "data sales from \"sales.csv\" order=date window=30 target=amount dates=[month, weekday]",
          "data names from \"names.txt\" tokens=char",
          "data bits from parity n=500 steps=10",
        ],
        details: """
          Each row of an inline table has the inputs, an arrow and the targets. Rows are separated by a new line \
          or `;`, numbers by spaces. A table without arrows has only inputs. A file may be CSV or TSV, NumPy's \
          .npy or .npz, MNIST's IDX, plain or gzipped, or a folder of PNG or JPEG images with a subfolder for each class; \
          the format is detected from the content. A file at an address, `from "https://…"`, is fetched once, and its copy kept \
          with its SHA-256. Built in are xor, and, or, nand, iris, digits, breast_cancer, \
          exam, air_passengers and sunspots; mnist and fashion_mnist are looked for on the machine and downloaded if necessary. Generators \
          are spiral, circles, moons, blobs, gauss, plane, sine, signals and volumes, and of sequences echo, parity, adding, \
          reber, dsr and timing.
          With tokens= a file, or a text, is cut into characters or words, and these into windows, one after the other: the \
          inputs are the tokens' numbers, for an embedding, and the targets at each step the number of the token that follows.
          With order= the rows of a table are put in the order of time, and window= cuts them into sequences; by= keeps several \
          series apart, or makes each of them a sequence of its own length. dates= makes inputs of columns of dates, which are \
          left out otherwise.
          """),
      CommandSpec(
        .split, "splits a data set into disjoint parts",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "test", .number(.fraction), default: "20%, or 0 if only validate= is given",
            "the fraction held out as the test set"),
          .optional(
            "validate", .number(.fraction), default: "0", "the fraction held out as the validation set"),
          .optional(
            "stratify", .boolean, default: "true if the targets are classes",
            "whether each part has the same proportion of classes"),
          .optional(
            "shuffle", .boolean, default: .boolean(true),
            "whether rows are drawn at random, not taken in order"),
          .optional(
            "by", .choice(.splitOrders), default: .word("random"), "how the rows are chosen"),
          .optional(
            "seed", .integer(0...Int.max), default: "the session's random numbers", "the seed of this split"),
        ],
        examples: ["split iris test=20% validate=10%"],
        details: """
          The parts are `iris.train`, `iris.validate` and `iris.test`. `train iris` then trains on the first and \
          validates on the second.
          """),
      CommandSpec(
        .prepare, "scales the columns of a data set",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "scale", .choice(.scalings), default: "zscore, unless divide= is given", "the kind of scaling"),
          .optional(
            "divide", .number(.positive), default: "none", "a divisor for all inputs: 255 for 8-bit images"),
        ],
        examples: ["prepare iris scale=zscore", "prepare digits divide=16"],
        details: """
          The scale is computed on the training part alone and kept with the network that is trained on it: `predict` \
          takes and returns your own units. `activate` and `propagate` use the scaled values.
          """),
      CommandSpec(
        .augment, "changes the images or signals of a data set at random in each epoch of a training",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "shift", .integer(0...100_000), default: .integer(0),
            "the largest number of pixels, or steps of a signal, to move by in each direction"),
          .optional(
            "rotate", .number(NumberRange(from: 0, to: 180)), default: .number(0),
            "for images: the largest angle in degrees to turn by, either way"),
          .optional(
            "zoom", .number(.fraction), default: .number(0),
            "for images: the largest change of size, either way: 10% for 0.9 to 1.1 times"),
          .optional(
            "flip", .choice(.flips), default: .word("none"), "for images: which sides change places"),
          .optional(
            "noise", .number(.notNegative), default: .number(0),
            "the standard deviation of Gaussian noise, as a fraction of the range of the inputs"),
          .optional(
            "cutout", .integer(0...100_000), default: .integer(0),
            "the side of a square in pixels, or a number of steps, that is blanked at a random place"),
          .optional(
            "fill", .choice(.fills), default: "zero for images, edge for signals",
            "what stands where nothing of the row is left"),
        ],
        examples: [
          "augment digits shift=1 rotate=10 zoom=10%", "augment photos flip=horizontal cutout=8",
          "augment digits shift=0",
        ],
        details: """
          `train` then sees each row a little different in every epoch, as does `crossvalidate` in the rows it trains on. \
          The data itself stays as it is, and whatever is measured is measured on it: validation, `evaluate`, `predict`. What \
          a row becomes depends on the seed, the epoch and the row alone, not on threads or processes. Shifts are by whole \
          pixels, turned and resized images are interpolated between four. The last `augment` of a data set counts; \
          `augment digits shift=0` ends it. `plot image digits augmented=8` shows some.
          """),
      CommandSpec(
        .net, "starts a new network, or makes an existing one current",
        [.required("name", .newName(.network), "the name of the network")],
        options: [
          .optional(
            "rule", .choice(catalog.words(.rule)), default: "gradient",
            "how the network is computed and learns")
        ] + trainingDefaults(catalog),
        examples: ["net solver loss=mse rate=0.3", "net solver rule=synaptic rate=0.3"],
        details: """
          The options are the defaults of `train`. `propagate` uses the loss, the rate and the perceptron rule, and \
          `evaluate` the loss, l1 and l2. The penalties l1 and l2 are over the trainable weights, without the biases.
          """),
      layer(catalog),
      CommandSpec(
        .connect, "draws edges between layers", form: .chain,
        [.required("layers", .chain, "layers joined by `->`, or `all` for all in order")],
        options: [
          .optional(
            "type", .choice(catalog.words(.edge)), default: .word("full"), "how the layers are connected"),
          .optional(
            "weights", .values, "the initial weights: a number or a matrix, with a row for each output"),
          .optional(
            "trainable", .boolean, default: .boolean(true), "whether training may change the weights"),
          .optional(
            "merge", .choice(catalog.words(.merge)), default: "a dense layer adds them",
            "how several edges are combined into one input"),
          .optional(
            "delay", .integer(1...1000), default: "none: the same step",
            "how many steps ago the source is read"),
        ],
        examples: [
          "connect inp -> hid -> out", "connect a -> {b c} -> d", "connect all", "connect out -> hid delay=1",
        ],
        details: """
          `full` connects every unit with every unit by a weight; `one` each unit with the unit at the same position by a \
          weight; `identity` passes the values on unchanged. Several edges into a dense layer have weights of their own, \
          and the results are added. Any other layer takes one input, or several that are combined by merge=: a skip \
          connection is `connect {a b} -> c merge=add`.
          `carry` carries the sum of each unit on to the next step, and `others` joins each unit with all others of its layer, \
          as they were at the step before. With delay=1 an edge reads its source as it was at the step before; each cycle \
          needs one such edge. Steps are those of sequences, as `input 30x2` takes them, or under rule=synaptic the rows.
          """),
      CommandSpec(
        .gate, "multiplies the weights of an edge by the activations of a layer", form: .chain,
        [
          .required("gate", .name(.layer), "the layer that multiplies"),
          .required("on", .choice(.on), "the word itself"),
          .required("edges", .chain, "the edge, `a -> b`, or several, `{a b} -> c`"),
        ],
        options: [
          .optional(
            "at", .choice(.gatePlaces), default: "input, or output if only the source has as many units",
            "what each unit multiplies"),
          .optional(
            "delay", .integer(1...1), default: "none: the same step",
            "1 for the activations of the step before, where the gate is computed after the edge's target"),
        ],
        examples: ["gate g on x -> c", "gate g on c -> c", "gate g on c -> y at=output"],
        details: """
          The edge has to be there, and can have one gate. `c -> c` is the carry of `c`, if it has one. An LSTM's input gate \
          is on the edges into its cell, the forget gate on the cell's carry, the output gate on what goes out from it.
          """),
      build,
      CommandSpec(
        .reset, "draws new random weights for the current network",
        [.required("what", .choice(.resettable), "what to reset")], examples: ["reset weights"]),
      CommandSpec(
        .delete, "removes a data set, a network, a layer, a series or a variable",
        [.required("name", .name(.anything), "what to remove")], examples: ["delete xor"]),
    ]
  }

  private static let readingOptions: [Slot] = [
    .optional(
      "target", .columns, default: "the last column",
      "for a file: the target column, a list of columns, or `none`; `log(price)` learns the logarithm of a column, and predicts the column"
    ),
    .optional(
      "features", .columns, default: "all others",
      "the input columns: their names, or the number of the first ones"),
    .optional(
      "drop", .columns, default: "none",
      "for a file: the columns that nothing is learned from; their texts are kept"),
    .optional(
      "weight", .columns, default: "all rows alike",
      "for a file: the column that says how much each row counts in `train` and `evaluate`"),
    .optional("missing", .choice(.missing), default: "error", "for a file: how missing values are handled"),
    .optional(
      "fill", .pairs, default: "by missing=",
      "for a file: what stands in for missing values of single columns, as in {age: median, city: unknown}: mean, median, mode or a value"
    ),
    .optional(
      "indicator", .columns, default: "none",
      "for a file: columns that get a second input, which is 1 where they had no value"),
    .optional(
      "rename", .pairs, default: "none", "new names for columns, as in {\"petal length\": petal}"),
    .optional(
      "sha256", .expression, default: "any",
      "for an address: the SHA-256 that the file must have, 64 hexadecimal digits"),
    .optional("separator", .expression, default: "detected", "for a file: the field separator"),
    .optional(
      "decimal", .expression, default: "detected",
      "for a file: the decimal separator, \",\" for numbers such as 3,14"),
    .optional(
      "categorical", .columns, default: "none", "for a file: numeric columns that are to be categorical"),
    .optional(
      "rare", .integer(1...1_000_000), default: "no grouping",
      "for a file: categories with fewer rows than this become `other`, as do those seen later"),
    .optional(
      "header", .boolean, default: "detected", "for a file: whether the first row holds the column names"),
  ]

  private static let rowOptions: [Slot] = [
    .optional(
      "where", .rowExpression, default: "all rows", "a condition on columns: rows for which it holds are kept"
    ),
    .optional("with", .rowExpression, default: "none", "a new input that is made of other columns"),
    .optional("sort", .column, default: "as they come", "the column by which rows are put in order"),
    .optional("sample", .integer(1...1_000_000_000), default: "all rows", "how many rows to draw at random"),
  ]

  private static let seriesOptions: [Slot] = [
    .optional(
      "order", .column, default: "as they come",
      "for a series: the column of dates, times or numbers that rows are put in order by; it is no input"),
    .optional(
      "by", .column, default: "one series",
      "for several series: the column that says which one a row belongs to; it is no input. Without window= each is a sequence of its own length"
    ),
    .optional(
      "per", .choice(.targetPlaces), default: "series if the target is the same in all its rows",
      "for by= without window=: how often a sequence has a target"),
    .optional(
      "gaps", .choice(.gapPolicies), default: "they are told",
      "for windows and sequences with order=: what becomes of gaps in time"),
    .optional(
      "dates", .columns, default: "none",
      "inputs to make of dates: year, month, day, weekday, yearday, hour; all but the year as sine and cosine"
    ),
    .optional(
      "date_format", .choice(.dateOrders), default: "detected", "the order of day, month and year in dates"),
    .optional(
      "window", .integer(1...1_000_000), default: "none",
      "for a series, a row a step, or a text: the number of steps in each sequence; 32 for a text"),
    .optional(
      "ahead", .integer(1...1_000_000), default: "1",
      "for a series: how many steps after its window a target lies"),
  ]

  private static let textOptions: [Slot] = [
    .optional(
      "tokens", .choice(.tokenUnits), default: "none: a table", "for a text: what it is cut into"),
    .optional(
      "lines", .boolean, default: "the text as a whole",
      "for a text: whether each line is a sequence of its own length, and not a stretch of window= tokens"),
  ]

  private static let generatorOptions: [Slot] = [
    .optional(
      "n", .integer(2...100_000_000), default: "by the generator", "for a generator: the number of rows"),
    .optional(
      "noise", .number(.notNegative), default: "by the generator", "for a generator: the amount of noise"),
    .optional(
      "steps", .integer(2...100_000), default: "by the generator",
      "for a generator of sequences: the number of steps of each"),
    .optional(
      "shortest", .integer(2...100_000), default: "all have as many",
      "for a generator of sequences: the fewest steps that one may have; steps= is then the most"),
    .optional(
      "delay", .integer(1...100_000), default: "3", "for `echo`: how many steps later a bit is wanted"),
  ]

  /// The options of `net` and `train` about training.
  static func trainingDefaults(_ catalog: NetworkCatalog) -> [Slot] {
    [
      .optional(
        "loss", .choiceOrPairs(catalog.words(.loss)), default: "by the output layer",
        "the loss function, or one for each of several output layers: {price: mse, kind: crossentropy}"),
      .optional(
        "loss_weights", .namedNumbers, default: "1 for each output",
        "how much the loss of each output layer counts: {price: 1, kind: 0.5}"),
      .optional(
        "optimizer", .choice(catalog.words(.optimizer)), default: "sgd", "the optimizer"),
    ] + Slot.options(of: .optimizer, in: catalog) + [
      .optional(
        "l1", .number(.notNegative), default: "0",
        "L1 regularisation: adds this times the sum of |w| to the loss"),
      .optional(
        "l2", .number(.notNegative), default: "0",
        "L2 regularisation: adds this times the sum of w^2 to the loss"),
      .optional("clip", .number(.positive), default: "none", "the maximum norm of a batch's gradient"),
      .optional(
        "schedule", .choice(catalog.words(.schedule)), default: "constant",
        "how the learning rate changes over the epochs"),
    ] + Slot.options(of: .schedule, in: catalog)
  }
}

// MARK: - Training

extension CommandTable {
  static func training(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .train, "trains the current network on a data set",
        [.required("data", .name(.data), "the training data")],
        options: [
          .optional(
            "epochs", .integer(1...1_000_000_000), default: .integer(10), "the number of passes over the data"
          )
        ]
          + [
            .optional(
              "batch", .integer(1...1_000_000_000), default: .integer(32),
              "the batch size, the number of examples for each step")
          ]
          + trainingDefaults(catalog) + [
            .optional(
              "validate", .number(.openFraction), default: "none",
              "the fraction of rows held out for validation"),
            .optional(
              "patience", .integer(1...1_000_000_000), default: "no early stopping",
              "the number of epochs without improvement after which training stops"),
            .optional(
              "metrics", .metrics, default: "loss and accuracy alone",
              "what is measured after each epoch besides: auc,f1, or functions of your own"),
            .optional(
              "goal", .choice(.goals), default: .word("min"),
              "for a function of your own as a metric: whether its lowest or its highest value is best"),
            .optional(
              "monitor", .metric,
              default: "val_loss, or loss without validation",
              "the metric by which epochs are compared"),
            .optional(
              "min_delta", .number(.notNegative), default: .number(0),
              "for `patience`: by how much an epoch has to be better to count"),
            .optional(
              "keep", .choice(.kept), default: "best with validation, patience= or monitor=, else last",
              "which weights the network is left with"),
            .optional(
              "inputs", .namedColumns, default: "the columns in order",
              "the columns of the data that each of several input layers takes: {plan: [area, rooms], place: [north, east]}"
            ),
            .optional(
              "class_weight", .choiceOrValues(.classWeights), default: "all classes alike",
              "how much the rows of each class count, of several outputs for each: {kind: balanced, size: [1, 5]}"
            ),
            .optional(
              "weights", .expression, default: "all rows alike",
              "how much each row counts: a number for each row to train on"),
            .optional(
              "shuffle", .boolean, default: .boolean(true), "whether the rows are shuffled before each epoch"),
            .optional(
              "stratify", .boolean, default: .boolean(false),
              "whether each batch has its share of every class"),
            .optional(
              "reduction", .choice(.reductions), default: .word("mean"),
              "how the losses of a batch are combined"),
            .optional(
              "every", .integer(1...1_000_000_000), default: "no table",
              "the interval in epochs at which metrics are listed, and checkpoints written"
            ),
            .optional(
              "checkpoint", .file, default: "none",
              "the file in which the training is kept as it goes on, and its best weights"),
            .optional(
              "resume", .file, default: "none", "the checkpoint from which the training goes on"),
          ],
        takesCondition: true,
        examples: [
          "train xor epochs=20_000 batch=1 until loss<0.001",
          "train people epochs=50 validate=20% patience=5",
          "train people epochs=50 validate=20% metrics=auc,f1 monitor=val_auc",
          "train houses epochs=50 loss={price: mae, kind: crossentropy} loss_weights={kind: 0.5}",
          "train houses epochs=50 class_weight={kind: balanced}",
        ],
        details: """
          Weights are drawn when they are first needed; a second `train` continues where the first one \
          ended. With validation data the network is left with the weights of the epoch with the lowest `val_loss`, also \
          where the training is interrupted or diverges; when `until` ends it, with those that met the condition. Ctrl-C \
          stops after the current batch. What `metrics=` names is measured after each epoch on the validation rows, as `val_auc`, \
          or without any on the rows trained on, as `auc`: precision, recall, f1, auc and top_5 of classes, mae, rmse and r2 of \
          amounts in their own units, or a function `def cost(targets, outputs) = …` of two arrays with a row for each row. \
          Of several output layers each has targets, a loss and metrics of its own: a target column goes to the output layer of \
          its name, the others in order; the loss is the sum of theirs, and `kind_loss`, `kind_accuracy`, `kind_f1` are those of \
          the layer `kind`. \
          Afterwards the metrics of the kept epoch are \
          variables: \(catalog.trainingMetrics.names.map { "`\($0)`" }.joined(separator: ", ")).
          """),
      CommandSpec(
        .probe, "tries learning rates on a copy of the current network, and draws the loss over the rate",
        [
          .required("what", .choice(.probes), "what to try"),
          .required("data", .name(.data), "the training data"),
        ],
        options: [
          .optional("from", .number(.positive), default: .number(1e-6), "the lowest rate"),
          .optional("to", .number(.positive), default: .number(10), "the highest rate"),
          .optional(
            "steps", .integer(10...100_000), default: .integer(100), "the number of steps between them"),
          .optional(
            "batch", .integer(1...1_000_000_000), default: .integer(32),
            "the number of examples for each step"),
        ],
        examples: ["probe rate xor", "probe rate iris from=0.0001 to=1"],
        details: """
          Each step takes the next batch and a rate larger by the same factor, with the network's loss and optimizer, until \
          the loss has grown to four times its lowest. The suggestion is a tenth of the rate at which the smoothed loss is \
          lowest. The network, its optimizer and the random numbers stay as they are.
          """),
      CommandSpec(
        .crossvalidate, "trains and tests the current network on folds of a data set",
        [.required("data", .name(.data), "the data set, or its training part")],
        options: [
          .optional("folds", .integer(2...10_000), default: .integer(5), "the number of folds"),
          .optional(
            "repeats", .integer(1...10_000), default: .integer(1),
            "how often the rows are cut into other folds"),
          .optional(
            "stratify", .boolean, default: "true if the targets are classes",
            "whether each fold has the same proportion of classes"),
          .optional(
            "by", .column, default: "none",
            "an input column, or one that was dropped: rows with the same value stay in one fold"),
          .optional(
            "ordered", .boolean, default: .boolean(false),
            "whether each fold is tested on after training with the rows before it, for rows in the order of time"
          ),
          .optional(
            "epochs", .integer(1...1_000_000_000), default: .integer(10), "the number of passes over the data"
          ),
          .optional("batch", .integer(1...1_000_000_000), default: .integer(32), "the batch size"),
        ] + trainingDefaults(catalog),
        examples: [
          "crossvalidate iris folds=5 epochs=50", "crossvalidate iris folds=5 repeats=3 epochs=50 rate=0.1",
        ],
        details: """
          Each fold is trained on with new weights from the others and then tested on; a data set that was prepared is \
          scaled by the training rows of each fold alone. The network, the data and the random numbers stay as they are. \
          With a block, `crossvalidate iris folds=5 { net n; …; train iris patience=5 }`, that is done for each fold in place of \
          training the current network. \
          Folds are cut as in scikit-learn (KFold, StratifiedKFold, GroupKFold, TimeSeriesSplit). Of several outputs each has \
          a table. Afterwards `loss`, `accuracy`, `f1` and the like are the means over the folds. `nbs crossvalidate FILE` \
          does it with a whole notebook.
          """),
      CommandSpec(
        .activate, "computes the output of the current network for one row (forward pass)",
        [.required("inputs", .values, "one number for each input")], examples: ["activate [0, 1]"],
        details: """
          `propagate` then trains on the same row. Under rule=synaptic each `activate` is a step, and the network's state goes \
          on to the next one until `forget`. So it does in a network that reads sequences, or has edges with a delay, when it is \
          given the numbers of a single step; a whole sequence at once is computed from no state, and can be learned from.
          """),
      CommandSpec(
        .propagate, "takes one training step towards the targets of the last `activate` (backpropagation)",
        [.required("targets", .values, "one number for each output")],
        options: [.optional("rate", .number(.positive), default: "the network's", "the learning rate")],
        examples: ["activate [0, 1]; propagate [1]", "propagate [1] rate=0.1"],
        details: """
          The step is plain gradient descent on the network's loss, with a batch of one row; under rule=synaptic and rule=lstm_g it \
          follows that rule.
          """),
      CommandSpec(
        .forget, "clears what the current network keeps from one step to the next", examples: ["forget"],
        details: """
          States, activations, gates and eligibility traces are as they were before the first `activate`; the weights stay. \
          Under rule=gradient only `activate` with a single step of a sequence leaves something; `train`, `predict` and \
          `evaluate` begin each row from nothing.
          """),
      CommandSpec(
        .evaluate, "evaluates the current network on a data set",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "threshold", .number(.openFraction), default: "0.5",
            "for two classes told apart by one output: the output above which a row is of the second")
        ],
        examples: ["evaluate xor", "evaluate xor threshold=0.3"],
        details: """
          It shows the loss and the metrics that suit the targets. Classification: `accuracy`, `precision`, `recall` and \
          `f1`, of the second of two classes or the mean over more; `auc` for two classes; `top_5` for more than five, the \
          fraction of rows whose class is among the five most probable. Regression: `mae` and `rmse`, the mean error \
          and the root of the mean squared error in the target's own units, and `r2`, the coefficient of determination. The \
          loss is the one last trained with, on the scale of `prepare`. Texts: `perplexity` and `bits_per_token`. An answer at each step of a sequence counts as one. Afterwards they are variables. Of a single set it also shows 95% confidence intervals (Wilson's for \
          shares of rows, the bootstrap for others), what always answering the commonest class would come to, and a table a class.
          """),
      CommandSpec(
        .predict, "shows the predictions of the current network",
        [.required("inputs", .dataOrValues, "a data set, or one or several rows of inputs")],
        options: [
          .optional(
            "n", .integer(1...1_000_000), default: .integer(shownRows),
            "the number of rows of a data set to show")
        ],
        examples: ["predict [0, 1]", "predict xor n=4", "predict [4, \"Oslo\", 55000]"],
        details: """
          The columns of a data set are matched by name with those that the network was trained on, and so are words and \
          classes; data without names goes by position. A row may hold words, one value for each of these columns.
          """),
      CommandSpec(
        .generate, "goes on with a text, token by token, as the current network finds it probable",
        [.required("start", .expression, "the beginning of the text; `\"\"` for none")],
        options: [
          .optional("n", .integer(1...100_000), default: .integer(20), "how many tokens to add"),
          .optional(
            "temperature", .number(.notNegative), default: .number(1),
            "below 1 probable tokens become more probable, above 1 less; 0 takes the most probable one"),
        ],
        examples: ["generate \"An\" n=20 temperature=0.8", "generate \"\" n=100"],
        details: """
          The network has to be trained on a text, see `data` with tokens=, and to give the probabilities of the token that \
          follows: an embedding of the vocabulary, recurrent layers, and a softmax unit a token. It begins with a line end where \
          the text has any. With the temperature T a token of probability p is drawn in proportion to p^(1/T).
          """),
    ]
  }
}

// MARK: - Looking at values and networks

extension CommandTable {
  /// The number of rows of a data set that are shown when nobody says.
  public static let shownRows = 10

  static let looking: [CommandSpec] = [
    CommandSpec(
      .summary, "shows the current network's layers and parameters, or the operations of a step",
      [.optional("what", .choice(.summaries), default: .word("layers"), "what to show")],
      options: [
        .optional(
          "batch", .integer(1...1_000_000), default: .integer(32), "for `plan`: the batch size"),
        .optional(
          "steps", .integer(1...1_000_000), default: "100",
          "for `plan` of a network that takes sequences of any length: the number of steps"),
      ],
      examples: ["summary", "summary plan"],
      details: """
        `summary plan` lists the operations of one training step and of a prediction: the layer, the output shape, \
        multiplications and bytes for one row. Fused operations are joined by `+`. Sequences of different lengths go through \
        a plan each, and `steps=` says for which length it is shown.
        """),
    CommandSpec(
      .show, "shows a layer's weights, a data set, or anything that has a name",
      [.required("what", .variant, "`weights`, `data`, or a name")],
      variants: [
        Variant(
          "weights", "the weights and biases of a layer", [.required("layer", .name(.layer), "the layer")]),
        Variant(
          "health",
          "what the layers do on a data set: units that are stuck, and the size of weights and gradients",
          [.required("data", .name(.data), "the data set")],
          details: """
            A unit is stuck if it gives the same for every row at a place where its activation is flat: 0 for relu, \
            either end for sigmoid and tanh. `flat` is the share of all answers there. Sizes are roots of the mean square \
            of the layer's weights, and of the gradient of the loss by them. Up to 1024 rows are looked at.
            """),
        Variant(
          "data", "the rows of a data set", [.required("data", .name(.data), "the data set")],
          options: [
            .optional("n", .integer(1...1_000_000), default: .integer(shownRows), "the number of rows")
          ]),
        Variant(
          "name", "anything that has a name", [.required("name", .name(.anything), "the name")],
          isFallback: true),
      ],
      examples: ["show weights hid", "show data xor", "show solver"]),
    plots,
    CommandSpec(
      .record, "adds a value to a series", form: .binding,
      [.required("series", .binding, "a variable's name, or `name = expr`")],
      examples: ["record L", "record error = abs(y - o)"]),
    CommandSpec(
      .print, "shows values on one line", form: .expressions,
      [.required("values", .expression, "the values, separated by commas", repeated: true)],
      examples: ["print \"loss\", loss"]),
    CommandSpec(
      .assert, "stops the cell unless a condition holds", form: .expressions,
      [
        .required("condition", .expression, "a condition that must hold"),
        .optional("why", .expression, "a text to show if it does not hold"),
      ],
      examples: ["assert loss < 0.01, \"XOR was not learned\""],
      details: """
        Of an array, the condition must hold for each element, and there must be one: `zeros(0) == 6` does not hold. Two \
        empty arrays are equal.
        """),
  ]
}

// MARK: - Files

extension CommandTable {
  static let files: [CommandSpec] = [
    CommandSpec(
      .save, "writes a network, or its predictions, to a file",
      [.required("what", .variant, "`net`, `predictions`, or a network's name")],
      variants: [
        Variant("net", "the current network", [target]),
        Variant(
          "predictions", "the current network's predictions for a data set", [target],
          options: [
            .optional("data", .name(.data), default: "the data last trained on", "the data set"),
            .optional(
              "columns", .columns, default: "the dropped columns, or the rows' numbers",
              "the columns of the data set to write before the predictions"),
          ]),
        Variant(
          "network", "a named network",
          [
            .required(
              "network", .name(.network), "as in save solver \"m.safetensors\"; `net` is the current one"),
            target,
          ], isFallback: true),
      ],
      examples: [
        "save net \"m.safetensors\"", "save solver \"solver.onnx\"", "save net \"solver.c\"",
        "save predictions \"p.csv\" data=people columns=[id, name]",
      ],
      details: """
        The file is in the safetensors format, which Python's `safetensors` reads: `hid/kernel` and `hid/bias` are \
        the weights and biases. It also holds the layers, the optimizer's state, the scaling of the data and the state \
        of the random numbers, so that training continues after `load` as if it had never stopped, bit for bit.

        A name that ends in `.onnx` makes an ONNX model for other programs: the network's answers, with the scaling of \
        the data inside, so that it takes and gives the units of the data. `.c`, `.py`, `.js` and `.swift` make a program \
        of its own that does the same, and tests itself on ten rows when it is run.

        Predictions are written as the ending of the file says: .csv, .tsv, .jsonl with a record a row, or .npy with the \
        numbers alone. Amounts are in the units of the data; of classes there are the name and the probabilities.
        """),
    CommandSpec(
      .load, "reads a network from a file", [.required("what", .variant, "`net`, or a name for the network")],
      variants: [
        Variant("net", "a network, under the name it was saved with", [origin]),
        Variant(
          "weights", "weights of PyTorch, Keras or nbs, into the layers of the current network",
          [
            .required(
              "file", .file, "weights in safetensors (a state_dict of PyTorch), .keras or .weights.h5")
          ],
          options: [
            .optional(
              "map", .pairs, default: "by names, then by order and shapes",
              "layers, and what their weights are called in the file without the last part, as in {hid: \"fc1\"}"
            ),
            .optional(
              "strict", .boolean, default: .boolean(true),
              "false leaves layers that the file has no weights for as they are"),
          ],
          examples: [
            "load weights \"m.safetensors\"",
            "load weights \"m.keras\" map={hid: \"dense\", out: \"dense_1\"}",
          ],
          details: """
            The network must have been described, with the layers of the one that the weights come from. Layers find their \
            weights by name, and the rest in the order of the layers by their shapes; a table shows what went where, what was \
            turned on the way, and what is left over. Matrices of Keras are transposed, arrays with channels first are brought \
            to channels last (also the columns behind a flatten), gates of recurrent layers are put in order, and PyTorch's two \
            biases are added.

            A pickle (.pt, .pth) can run any program when it is opened, so it is refused, with the three lines of Python that make \
            a safetensors file of it.
            """),
        Variant(
          "name", "a network, under a name of your own",
          [
            .required(
              "name", .newName(.network),
              "as in load solver \"m.safetensors\"; `net` keeps the name in the file. Data is read with data x from \"x.csv\""
            ), origin,
          ], isFallback: true),
      ],
      examples: [
        "load net \"m.safetensors\"", "load other \"solver.onnx\"", "load weights \"state.safetensors\"",
      ],
      details: """
        The network becomes the current one. An existing network of that name must have the same layers and edges; its \
        weights are replaced. The precision and the state of the random numbers become those of the file, so load the \
        data and `split` it before.

        A name that ends in `.onnx` is an ONNX model, of nbs or another program such as PyTorch, Keras or scikit-learn.
        """),
  ]

  private static let target = Slot.required("file", .file, "the file to write")
  private static let origin = Slot.required(
    "file", .file, "a file written by `save`, or an ONNX model of another program")
}

// MARK: - The session

extension CommandTable {
  static let session: [CommandSpec] = [
    CommandSpec(
      .param, "declares a parameter that can be set when the notebook is run", form: .binding,
      [
        .required("parameter", .parameter, "a name, `=`, and the default value")
      ],
      options: [
        .optional("min", .number(.any), default: "none", "the smallest number allowed"),
        .optional("max", .number(.any), default: "none", "the largest number allowed"),
        .optional("help", .expression, default: "none", "a description, in quotes"),
      ],
      examples: ["param epochs = 20 min=1 max=1000 help=\"number of epochs\""],
      details: """
        `nbs run FILE -p epochs=50` sets it, and so does a JSON file, `--params values.json`. The default is a literal: a \
        number, a text, `true`, `false` or a list, and only a value of the same type can be set. In a cell tagged \
        `parameters`, a plain line `epochs = 20` declares one as well.
        """),
    CommandSpec(
      .seed, "sets the seed of the random numbers",
      [.required("number", .integer(0...Int.max), "the seed")],
      examples: ["seed 42"],
      details:
        "The same seed gives the same initial weights, the same shuffling and so the same results, bit for bit."
    ),
    CommandSpec(
      .option, "sets options of the session",
      options: [
        .optional(
          "precision", .choice(.precisions), default: "single", "the precision of networks: 32 or 64 bits"),
        .optional("threads", .integer(1...1024), default: "all cores", "the maximum number of threads"),
        .optional("digits", .integer(1...17), default: "4", "the number of decimals shown"),
      ],
      examples: ["option precision=double digits=6"],
      details: """
        Without options it shows the current settings. The number of threads affects the speed only: results are the same \
        to the bit.
        """),
    CommandSpec(
      .help, "explains a command or a word", [.optional("topic", .topic, "the command or word")],
      examples: ["help", "help train", "help dense"]),
  ]
}
