import NeuralEngine
import Testing

@testable import Sessions

/// Networks of every kind and in every state come back out of a session's file as they were.
@Suite("Networks in a session's file")
struct SessionFileNetworkTests {
  /// A network and the cells that build it; the last is run in the session and in its copy.
  static let networks: [(name: String, cells: [String], goesOn: String)] = [
    ("nothing", ["net n"], "layer i input 2; layer o dense 1; connect all; activate [1, 2]"),
    ("only an input", ["net n", "layer i input 2"], "layer o dense 1; connect all; activate [1, 2]"),
    (
      "layers of every kind, joined by nothing",
      [
        "net n", "layer i input 4x5x6; layer d dense 2 gelu bias=false init=he; layer b dense 1 step",
        "layer c conv2d 4 2x3 selu stride=1x2 padding=same groups=2 bias=false init=lecun",
        "layer c1 conv1d 3 2 dilation=2; layer c3 conv3d 1 1x2x3",
        "layer m maxpool 2; layer a avgpool 2x3 stride=1",
        "layer gm globalmaxpool; layer ga globalavgpool; layer f flatten; layer r reshape 2x3; layer dr dropout 25%",
        "layer bn batchnorm momentum=0.9 epsilon=1e-5; layer ln layernorm epsilon=1e-6",
        "layer e embedding 20000000 3; layer e2 embedding 3 2",
      ], "connect i -> c"
    ),
    (
      "a picture's way through",
      [
        "net n",
        "layer i input 6x6x2; layer c conv2d 4 3x3 relu groups=2; layer bn batchnorm; layer p maxpool 2",
        "layer f flatten; layer dr dropout 50%; layer o dense 2 softmax", "connect all",
        "x = ones(1, 72)", "y = predict(x)",
      ], "predict(x); reset weights; predict(x)"
    ),
    (
      "every merge",
      ["add", "mul", "avg", "max", "concat"].map {
        "net \($0)1; layer i input 3; layer a dense 2; layer b dense 2; layer o dense 2; connect i -> {a b}; "
          + "connect {a b} -> o merge=\($0); activate [1, 2, 3]"
      }, "activate [3, 2, 1]; propagate [0, 1]; activate [1, 1, 1]"
    ),
    (
      "edges that fit only together",
      [
        "net n",
        "layer i input 2; layer a dense 3; layer b dense 3; layer r reshape 2x3; layer f flatten; layer o dense 1",
        "connect i -> {a b}; connect {a b} -> r merge=concat; connect r -> f -> o", "activate [1, 2]",
      ], "propagate [1]; activate [2, 3]"
    ),
    (
      "weights that were given",
      [
        "net n", "layer i input 2; layer h dense 2 tanh; layer o dense 1",
        "connect i -> h type=one weights=[0.1, -1/3]; connect h -> o weights=[[1, 2]] trainable=false",
        "layer j dense 2; connect i -> j type=identity; connect j -> o weights=0.5", "activate [1, 2]",
      ], "propagate [1]; reset weights; activate [1, 2]"
    ),
    (
      "weights for an edge whose width nobody knows yet",
      ["net n", "layer f flatten; layer o dense 1; connect f -> o weights=[[1, 2, 3]]"],
      "layer i input 3; connect i -> f; activate [1, 2, 3]"
    ),
    (
      "what training is told",
      [
        "net n loss=huber optimizer=sgd momentum=0.9 nesterov=true rate=0.1 l1=0.001 l2=0.1 clip=2",
        "net n schedule=step decay=0.3 period=7", "net m schedule=cosine decay=0 period=3 optimizer=nadam",
        "net k schedule=warmup period=1000000000 l1=0", "net n",
      ], "show net; layer i input 2; layer o dense 1; connect all; data xor; train xor epochs=2"
    ),
    (
      "weights kept while the network is built further",
      [
        "net n", "data xor; layer i input 2; layer h dense 3 tanh; layer o dense 1; connect all",
        "train xor epochs=3 optimizer=adam", "layer extra dense 2",
      ], "connect h -> extra -> o; activate [1, 0]; train xor epochs=2 optimizer=adam"
    ),
    (
      "weights kept, and a network that has lost a layer",
      [
        "net n",
        "data xor; layer i input 2; layer h dense 3 tanh; layer k dense 2; layer o dense 1; connect all",
        "train xor epochs=3", "delete k",
      ], "connect h -> o; activate [1, 0]; plot loss; summary"
    ),
    (
      "double precision and a row that was activated",
      [
        "option precision=double threads=2", "net n rate=0.1",
        "layer i input 2; layer o dense 2 sigmoid; connect all", "activate [1/3, -1]",
      ], "propagate [1, 0]; activate [1/3, -1]"
    ),
    (
      "delays, carries and gates, in the middle of a sequence",
      [
        "net n rule=synaptic",
        "layer x input 1; layer g dense 2 sigmoid; layer h dense 2 tanh; layer y dense 1 sigmoid",
        "connect x -> {g h}; connect h -> y; connect y -> h delay=1; connect h -> h type=others",
        "connect h -> h type=carry; gate g on h -> h; gate g on h -> y at=output",
        "activate [1]; propagate [0]; activate [0.5]",
      ], "propagate [1]; activate [1]; propagate [0]; summary"
    ),
    (
      "names in any letters",
      ["net ŷ_1", "layer 😀 input 2; layer été_2 dense 1; connect all", "activate [1, 2]"],
      "propagate [1]; activate [2, 1]"
    ),
  ]

  @Test(
    "A network in any state comes back as it was, and goes on with the same bits", arguments: networks.indices
  )
  func comesBack(_ index: Int) throws {
    let (name, cells, goesOn) = Self.networks[index]
    let transcript = Transcript(session: Session())
    run(["seed 5; option digits=17"] + cells, in: transcript)
    let copy = try reopened(transcript)
    try expectSame(copy, transcript, name)
    #expect(shown(goesOn, in: copy) == shown(goesOn, in: transcript), "\(name)")
    #expect(transcript.entries.last?.isDone == true, "\(name)")
    try expectSame(copy, transcript, name)
  }

  @Test(
    "Every optimizer goes on with what it remembers",
    arguments: [
      "sgd", "sgd momentum=0.9 nesterov=true", "adam", "adamw", "nadam", "rmsprop", "adagrad", "adadelta",
    ])
  func optimizers(_ optimizer: String) throws {
    let transcript = Transcript(session: Session())
    let train = "train xor epochs=3 batch=2 optimizer=\(optimizer) validate=25%"
    run(
      ["net n; data xor; layer i input 2; layer h dense 3 tanh; layer o dense 1; connect all", train],
      in: transcript)
    let copy = try reopened(transcript)
    try expectSame(copy, transcript, optimizer)
    run([train], in: transcript)
    run([train], in: copy)
    try expectSame(copy, transcript, optimizer)
  }

  /// Holds all networks of two sessions against one another.
  private func expectSame(_ copy: Transcript, _ original: Transcript, _ comment: String) throws {
    let networks = original.session.state.networks
    #expect(copy.session.state.networks.keys.sorted() == networks.keys.sorted(), "\(comment)")
    for (name, network) in networks {
      let (old, new) = (network.state, try #require(copy.session.state.networks[name]).state)
      #expect(new.graph == old.graph, "\(comment)")
      #expect(new.defaults == old.defaults, "\(comment)")
      #expect(new.activation == old.activation, "\(comment)")
      #expect(new.lastTraining?.history == old.lastTraining?.history, "\(comment)")
      #expect(new.lastTraining?.best == old.lastTraining?.best, "\(comment)")
      #expect(new.lastTraining?.trainedRows == old.lastTraining?.trainedRows, "\(comment)")
      #expect(new.lastTrainingData == old.lastTrainingData, "\(comment)")
      #expect(new.weights.options == old.weights.options, "\(comment)")
      #expect(new.weights.values == old.weights.values, "\(comment)")
      #expect(memory(new.weights.optimizer) == memory(old.weights.optimizer), "\(comment)")
      #expect(new.weights.kept == old.weights.kept, "\(comment)")
    }
  }

  /// Plain descent has no use for the number of its steps, and a network forgets it.
  private func memory(_ state: OptimizerState?) -> OptimizerState? {
    guard let state, state.optimizer.isPlain else { return state }
    return OptimizerState(optimizer: state.optimizer, steps: 0, first: state.first, second: state.second)
  }
}
