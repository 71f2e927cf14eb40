internal import NetworkSchema

// The commands whose second word picks one of many kinds.

extension CommandTable {
  static func layer(_ catalog: NetworkCatalog) -> CommandSpec {
    CommandSpec(
      .layer, "adds a layer to the current network",
      [
        .required("name", .newName(.layer), "the name of the layer"),
        .required("kind", .variant, "the kind of layer"),
      ],
      variants: catalog.layers.map { Variant($0, in: catalog) },
      examples: shown.compactMap { $0.examples.first },
      details: """
        Shapes are height x width x channels for images, length x channels for signals, depth x height x width x \
        channels for volumes; `summary` shows them. The weights of a dense layer belong to the edges that `connect` \
        draws; a convolution owns its filters. A dense layer expects a row of features: put a flatten, or a global \
        pooling layer, before it.
        """)
  }

  /// The kinds that `help layer` gives an example of.
  private static let shown: [KindSchema] = [.input, .dense, .conv2d, .maxpool, .flatten, .dropout]
}

extension CommandTable {
  /// `build`: one variant an architecture.
  static let build = CommandSpec(
    .build, "adds the layers, edges and gates of a well-known architecture to the current network",
    [.required("architecture", .variant, "the architecture")],
    variants: [
      Variant(
        "perceptron",
        "a multilayer perceptron: `inp`, `hid` (or `hid1`, `hid2`, ...) and `out`, all of them sigmoid",
        [sizes("the number of units of each layer, from the inputs to the outputs")]),
      Variant(
        "lstm",
        "Synaptic's LSTM, gate by gate: `inp`, then `ig`, `fg`, `cell` and `og` for each block, and `out`",
        [sizes("the number of inputs, of cells in each block, and of outputs")],
        options: [
          .optional(
            "peepholes", .boolean, default: .boolean(true), "whether the gates see the cells"),
          .optional(
            "hidden_to_hidden", .boolean, default: .boolean(false),
            "whether the cells of a block see each other"),
          .optional(
            "output_to_hidden", .boolean, default: .boolean(false), "whether the cells see the outputs"),
          .optional(
            "output_to_gates", .boolean, default: .boolean(false), "whether the gates see the outputs"),
          .optional(
            "input_to_output", .boolean, default: .boolean(true), "whether the outputs see the inputs"),
        ],
        details: """
          The input gate is on what comes into the cells, the forget gate on what they carry, the output gate on what goes \
          from them to the outputs. Gates begin with a bias of 1. What is seen from behind is that of the step before.
          """),
      Variant(
        "liquid",
        "Synaptic's Liquid: `inp`, single units `h1`, `h2`, ... with random edges and gates, and `out`",
        [
          .required("inputs", .integer(1...10_000), "the number of inputs"),
          .required("hidden", .integer(2...300), "the number of hidden units, a layer each"),
          .required("outputs", .integer(1...10_000), "the number of outputs"),
        ],
        options: [
          .optional(
            "connections", .integer(0...3000), default: .integer(30),
            "how often two hidden units are drawn and connected"),
          .optional(
            "gates", .integer(0...3000), default: .integer(10),
            "how often a hidden unit and one of these connections for it to multiply are drawn"),
        ]),
      Variant(
        "hopfield",
        "what Synaptic calls a Hopfield network: `inp` and `out` of as many units; it has no feedback and no energy",
        [.required("units", .integer(1...10_000), "the number of units")]),
    ],
    examples: [
      "build perceptron 2 3 1", "build lstm 2 7 1", "build liquid 2 20 1 connections=30 gates=10",
      "build hopfield 10",
    ],
    details: """
      Layers are dense and sigmoid. The names are free to go on with: `connect`, `gate` and `delete` work as on layers that \
      were added by hand. `net a rule=synaptic` learns them as Synaptic does.
      """)

  private static func sizes(_ help: String) -> Slot {
    .required("sizes", .integer(1...1_000_000), help, repeated: true)
  }
}

extension CommandTable {
  /// `plot`: one variant a kind of picture.
  /// The output layer that a plot shows.
  private static let shownOutput = Slot.optional(
    "output", .name(.layer), default: "the one that tells classes apart",
    "of several output layers the one to show")

  static let plots = CommandSpec(
    .plot, "draws a plot", [.required("kind", .variant, "the kind of plot")],
    options: [
      .optional("width", .integer(1...1000), default: "the page's", "the width in columns"),
      .optional("height", .integer(1...500), default: "by the kind", "the height in rows"),
    ],
    variants: [
      Variant("loss", "the loss of the last training by epoch", options: [yScale, smooth]),
      Variant("accuracy", "the accuracy of the last training by epoch", options: [yScale, smooth]),
      Variant(
        "metric", "a metric that the last training was asked for by `metrics=`, by epoch",
        [.required("metric", .metric, "the metric")], options: [yScale, smooth],
        examples: ["plot metric auc"]),
      Variant(
        "series", "the values added by `record`", [.required("series", .name(.series), "the series")],
        options: [yScale, smooth]),
      Variant(
        "boundary", "the decision boundary over the plane of two inputs, with any others at their means",
        [.required("data", .name(.data), "the data set to draw")], options: planeInputs + [shownOutput]),
      Variant(
        "function", "the graph of a function of one variable",
        [.required("function", .expression, "a function's name, built in or defined with `def`")],
        options: [
          .optional("from", .number(.any), default: .number(-5), "the lowest x"),
          .optional("to", .number(.any), default: .number(5), "the highest x"),
          .optional("n", .integer(2...1_000_000), default: .integer(201), "the number of points"), yScale,
        ]),
      Variant(
        "line", "a line through points",
        [
          .required("x", .values, "the x values; or the y values, if y is left out"),
          .optional("y", .values, "the y values, with a column for each line"),
        ], options: [yScale]),
      Variant(
        "scatter", "a scatter plot",
        [
          .required("x", .values, "the x values"),
          .required("y", .values, "the y values"),
        ], options: [yScale]),
      Variant(
        "hist", "a histogram", [.required("x", .values, "the values")],
        options: [
          .optional("bins", .integer(1...10_000), default: "by the number of values", "the number of bins")
        ]),
      Variant(
        "data", "a data set: its points by class over two inputs, or the distribution of its columns",
        [.required("data", .name(.data), "the data set")],
        options: planeInputs),
      Variant(
        "confusion", "the confusion matrix of the current network",
        [.required("data", .name(.data), "the data set to classify")], options: [shownOutput]),
      Variant(
        "roc", "the ROC curve: true positives against false positives at every threshold",
        [.required("data", .name(.data), "the data set to classify")], options: [shownOutput]),
      Variant(
        "pr", "precision against recall at every threshold",
        [.required("data", .name(.data), "the data set to classify")], options: [shownOutput]),
      Variant(
        "calibration", "how often predictions of a probability come true, against that probability",
        [.required("data", .name(.data), "the data set to classify")],
        options: [
          .optional("bins", .integer(2...100), default: .integer(10), "the number of bins from 0 to 1"),
          shownOutput,
        ]),
      Variant(
        "forecast",
        "the current network's predictions against the true values in the order of time, with the cut between the parts of the data",
        [.required("data", .name(.data), "a data set whose targets are numbers")],
        options: [
          .optional("target", .column, default: "the first", "of several targets the one to show"),
          .optional(
            "series", .expression, default: "the first",
            "of several series the one to show, by its value: `series=\"Oslo\"`"),
        ], examples: ["plot forecast sales"]),
      Variant(
        "weights", "the weights and biases of a layer, on one scale about zero",
        [.required("layer", .name(.layer), "the layer")]),
      Variant(
        "activations",
        "the output of a layer for one row of a data set: images, signals or bars on one scale",
        [
          .required("layer", .name(.layer), "the layer"),
          .optional(
            "data", .name(.data), default: "the training data", "the data set"),
        ], options: [sample, mostPanels]),
      Variant(
        "states",
        "what a recurrent layer, or a dense one in a network with delays, keeps over the steps of one row",
        [
          .required("layer", .name(.layer), "the layer"),
          .optional("data", .name(.data), default: "the training data", "the data set"),
        ], options: [sample]),
      Variant(
        "gates", "how far the gates of a layer are open over the steps of one row",
        [
          .required("layer", .name(.layer), "an lstm or gru, or a layer with gates on the edges into it"),
          .optional("data", .name(.data), default: "the training data", "the data set"),
        ], options: [sample]),
      Variant(
        "filters", "the filters of a convolution, as images on one scale about zero",
        [.required("layer", .name(.layer), "a convolution")], options: [mostPanels]),
      Variant(
        "image", "one image of a data set, with the network's prediction, or as a training sees it",
        [.required("data", .name(.data), "a data set of images")],
        options: [
          sample,
          .optional(
            "augmented", .integer(1...100), default: "none",
            "how many examples to show of what `augment` makes of it"),
        ]),
      Variant(
        "network",
        "the current network's layers as boxes, its edges as arrows; or its units as circles; or unrolled over steps of time",
        [.optional("data", .name(.data), "a data set, of which a row goes through the circles")],
        options: [
          .optional(
            "units", .boolean, default: "true with data",
            "whether each unit is a circle with weights on its arrows, up to 40 units"),
          .optional(
            "steps", .integer(2...12), default: "not unrolled",
            "over how many steps of time a network with memory is unrolled"), sample,
        ], examples: ["plot network steps=3"]),
      Variant(
        "neuron", "one unit of a dense layer: its inputs and weights, their sum, and what it gives",
        [
          .required("layer", .name(.layer), "a dense layer"),
          .optional("data", .name(.data), default: "the training data", "the data set"),
        ],
        options: [
          sample,
          .optional("unit", .integer(0...1_000_000_000), default: .integer(0), "the unit, counted from 0"),
        ]),
      Variant(
        "health",
        "the sizes of weights and gradients from layer to layer: where gradients vanish or explode",
        [.required("data", .name(.data), "the data set")]),
      Variant("effects", "the metric of the last sweep by the values of each parameter, with their means"),
      Variant(
        "parallel", "the combinations of the last sweep as lines over their values, up to the metric"),
      Variant(
        "descent", "the loss over two numbers of the current network, and the way of gradient descent",
        [.required("data", .name(.data), "the data set of the loss")],
        options: [
          .optional("x", .expression, "the number on the x axis: `out.weights[0, 0]`"),
          .optional("y", .expression, "the number on the y axis: `out.bias[0]`"),
          .optional("rate", .number(.positive), default: "the network's", "the learning rate"),
          .optional(
            "steps", .integer(0...100_000), default: .integer(30), "the number of steps, each on all rows"),
        ]),
    ],
    examples: [
      "plot loss yscale=log", "plot accuracy smooth=0.9", "plot boundary xor",
      "plot function tanh from=-3 to=3",
      "plot line [1, 2, 4, 8] yscale=log", "plot hist hid.weights", "plot data xor", "plot confusion xor",
      "plot weights hid", "plot activations conv digits sample=3", "plot filters conv", "plot network",
      "plot network xor sample=2", "plot neuron out xor sample=2",
      "plot descent points x=out.weights[0, 0] y=out.bias[0] rate=0.1", "plot effects",
    ])

  private static let planeInputs: [Slot] = [
    .optional("x", .column, default: "the first of two", "the name of the input on the x axis"),
    .optional("y", .column, default: "the second of two", "the name of the input on the y axis"),
  ]

  private static let sample = Slot.optional(
    "sample", .integer(0...1_000_000_000), default: .integer(0), "the number of the row, counted from 0")

  private static let mostPanels = Slot.optional(
    "n", .integer(1...100_000), default: "as many as fit on the page",
    "the maximum number of channels or filters to show")

  private static let smooth = Slot.optional(
    "smooth", .number(.fraction), default: .number(0),
    "the smoothing factor of an exponential moving average; 0 for none")

  private static let yScale = Slot.optional(
    "yscale", .choice(.scales), default: .word("linear"), "the scale of the y axis")
}
