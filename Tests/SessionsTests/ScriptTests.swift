import Diagnostics
import Foundation
import Foundations
import Localization
import Testing

@testable import Sessions

@Suite("Notebooks as scripts of Keras and PyTorch")
struct ScriptTests {
  private static let xor = """
    data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
    net solver loss=mse rate=0.3
    layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid
    connect all
    train xor epochs=4 batch=1 until loss<0.001
    plot loss yscale=log
    plot boundary xor
    predict xor
    print 1 + 1
    """

  /// The script of one cell, and the files that were written.
  private func script(_ cell: String, _ name: String, isProof: Bool = false) throws -> (
    text: String, files: [String]
  ) {
    let session = Session(seed: 1)
    session.scripts = ScriptRecorder()
    let source = SourceText(cell, name: "cell")
    try #require(session.evaluate(source, emit: { _ in }) == .done)
    let folder = try Folder()
    let path = folder.url.appending(path: name).path()
    let made = try ConvertedScript(
      of: session, cells: [ScriptRecorder.Cell(heading: "XOR", source: source)], title: "XOR",
      source: "xor.nbs",
      path: path, isProof: isProof)
    let files = try made.write(to: path)
    return (try String(contentsOf: URL(filePath: path), encoding: .utf8), files)
  }

  @Test("Keras: the data, the network, the training and the plots")
  func keras() throws {
    let (text, files) = try script(Self.xor, "xor_keras.py")
    #expect(files.count == 1)
    for line in [
      "import keras", "# XOR", "xor_x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)",
      "    keras.Input((2,)),", "    layers.Dense(3, activation=\"sigmoid\", name=\"hid\"),",
      "solver.compile(optimizer=keras.optimizers.SGD(learning_rate=0.3), loss=\"mse\", metrics=[\"accuracy\"])",
      "history = solver.fit(xor_x, xor_y, epochs=4, batch_size=1, callbacks=[Until(\"loss\", operator.lt, 0.001)], verbose=0)",
      "plt.yscale(\"log\")", "plt.contourf(across, up, answers.reshape(across.shape), levels=20)",
      "print(solver.predict(xor_x, verbose=0))", "# No counterpart here: print 1 + 1",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
  }

  @Test("PyTorch: what its defaults do otherwise is spelt out")
  func torch() throws {
    let (text, _) = try script(
      """
      data kinds { 0 0 -> 0; 0 1 -> 1; 1 0 -> 2; 1 1 -> 0 }
      net n
      layer inp input 2; layer hid dense 3 relu; layer norm batchnorm; layer out dense 3 softmax
      connect all
      train kinds epochs=2 batch=2 optimizer=adam
      """, "kinds_torch.py")
    for line in [
      "    nn.Linear(2, 3),  # hid", "    nn.ReLU(),  # hid",
      "    nn.BatchNorm1d(3, eps=0.001, momentum=0.01),  # norm",
      "    nn.Linear(3, 3),  # out",
      "# CrossEntropyLoss contains the softmax, so the network ends without one.",
      "measure = nn.CrossEntropyLoss()", "optimizer = torch.optim.Adam(n.parameters(), lr=0.001, eps=1e-07)",
      "kinds_y = torch.tensor(np.array([[0], [1], [2], [0]], np.float32)).long()[:, 0]",
      "        nn.init.xavier_uniform_(module.weight)",
      "    for rows in torch.randperm(len(kinds_x)).split(2):",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    #expect(!text.contains("nn.Softmax"))
  }

  @Test("A proof has the weights, the order of the rows and the losses beside it")
  func proof() throws {
    let (text, files) = try script(Self.xor, "xor_torch.py", isProof: true)
    #expect(files.count == 2)
    #expect(
      text.contains("    solver[0].weight.copy_(torch.tensor(arrays[\"proof1/hid/kernel\"]))\n"), "\(text)")
    #expect(text.contains("    compare(epoch, total / len(xor_x), arrays[\"proof1/losses\"][epoch])\n"))
  }

  private static let branches = """
    data rows { 0 1 2 -> 0; 1 0 1 -> 1; 1 1 0 -> 1; 0 0 1 -> 0 }
    net n
    layer a input 1; layer b input 2; layer h dense 3 relu; layer g dense 3 tanh; layer m dense 2
    layer out dense 1 sigmoid
    connect a -> h; connect b -> h; connect b -> g; connect {h g} -> m merge=mul
    connect m -> out; connect a -> out
    """

  @Test("Branches, merged layers and several inputs are said by Keras's functional interface")
  func kerasBranches() throws {
    let (text, _) = try script(
      Self.branches + "\ntrain rows epochs=4 batch=2 rate=0.1 schedule=step decay=0.5 period=2 l1=0.01",
      "n_keras.py")
    for line in [
      "def build_n():", "    rows = keras.Input((3,))", "    a = rows[:, 0:1]", "    b = rows[:, 1:3]",
      "    h = layers.Dense(3, activation=\"relu\", kernel_regularizer=keras.regularizers.L1(0.01), name=\"h\")(layers.concatenate([a, b]))",
      "    m = layers.Dense(2, kernel_regularizer=keras.regularizers.L1(0.01), name=\"m\")(layers.multiply([h, g]))",
      "    return keras.Model(rows, out, name=\"n\")", "n = build_n()",
      // Two batches an epoch.
      "n.compile(optimizer=keras.optimizers.SGD(learning_rate=keras.optimizers.schedules.ExponentialDecay(0.1, 4, 0.5, staircase=True)), loss=\"binary_crossentropy\", metrics=[\"accuracy\"])",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
  }

  @Test("They are a module with a method forward in PyTorch, as recurrent layers are")
  func torchModule() throws {
    let (text, _) = try script(
      Self.branches + "\ntrain rows epochs=4 batch=2 rate=0.1 schedule=cosine", "n_torch.py", isProof: true)
    for line in [
      "class NNetwork(nn.Module):", "        self.h = nn.Linear(3, 3)", "    def forward(self, rows):",
      "        a = rows[:, 0:1]", "        h = torch.relu(self.h(torch.cat([a, b], -1)))",
      "        m = self.m((h * g))", "        return out", "n = NNetwork()",
      "    n.h.weight.copy_(torch.tensor(np.concatenate([arrays[\"proof1/h/kernel.a\"], arrays[\"proof1/h/kernel.b\"]], 1)))",
      "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + np.cos(np.pi * min(1, step / 8))))",
      "        scheduler.step()",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    let (memory, _) = try script(
      """
      data rows { 0 1 2 3 -> 0; 1 0 1 1 -> 1 }
      net n loss=mse; layer inp input 2x2; layer half gru 3 return=all bidirectional=concat
      layer last lstm 2; layer out dense 1; connect all
      train rows epochs=1
      """, "n_torch.py", isProof: true)
    for line in [
      "        self.half_ = nn.GRU(2, 3, batch_first=True, bidirectional=True)",
      "        self.last = nn.LSTM(6, 2, batch_first=True)",
      "        nn.init.zeros_(self.last.bias_hh_l0.requires_grad_(False))  # one bias is enough",
      "        half_ = torch.cat([forward, backward], -1)", "        last = last[:, -1]",
      "    n.half_.bias_hh_l0_reverse.copy_(torch.tensor(np.concatenate([np.split(arrays[\"proof1/half/backward_recurrent_bias\"], 3)[gate] for gate in (1, 0, 2)])))",
    ] { #expect(memory.contains(line + "\n"), "\(line)\n\(memory)") }
  }

  @Test("Dropout of recurrent layers is Keras's; PyTorch has none that is the same at each step")
  func recurrentDropout() throws {
    func cell(_ options: String) -> String {
      """
      data rows { 0 1 2 3 -> 0; 1 0 1 1 -> 1 }
      net n loss=mse; layer inp input 2x2; layer h lstm 3 \(options); layer out dense 1; connect all
      train rows epochs=1 batch=1
      """
    }
    let drops = cell("dropout=0.25 recurrent_dropout=0.5")
    #expect(
      try script(drops, "n_keras.py").text.contains(
        "    layers.LSTM(3, dropout=0.25, recurrent_dropout=0.5, name=\"h\"),\n"))
    for (cell, name, reason) in [
      (drops, "n_torch.py", "`h` drops the same at each step, which PyTorch's layers do not"),
      (cell("truncate=1"), "n_keras.py", "the gradients of `h` are truncated"),
      (cell("stateful=true"), "n_torch.py", "`h` is stateful"),
    ] {
      let error = #expect(throws: CodedError.self) { try script(cell, name) }
      #expect(
        error?.code == .nothingLearned && "\(error.map(\.message) ?? "")".contains(reason),
        "\(error?.message ?? "")")
    }
  }

  private static let walks = """
    data walks = [[1, 2, 3], [4, 5]] -> [[1, 2, 3], [3, 4]]
    net walker
    layer x sequence 1; layer h lstm 3 return=all; layer y dense 1
    connect all
    train walks epochs=1 batch=2
    predict walks
    """

  @Test("Sequences of any length are padded and masked in Keras, and taken by their lengths in PyTorch")
  func sequences() throws {
    let (keras, files) = try script(Self.walks, "walks_keras.py")
    #expect(files.count == 2)
    for line in [
      "walks_x = padded(arrays[\"walks_x\"], walks_steps, PADDING)",
      "walks_y = padded(arrays[\"walks_y\"], walks_steps, 0)", "    keras.Input((None, 1,)),",
      "    layers.Masking(PADDING),", "    layers.LSTM(3, return_sequences=True, name=\"h\"),",
    ] { #expect(keras.contains(line + "\n"), "\(line)\n\(keras)") }
    let (torch, _) = try script(Self.walks, "walks_torch.py")
    for line in [
      "walks_x = torch.tensor(arrays[\"walks_x\"]).split(walks_steps)",
      "        for inputs, targets, answers in batch:",
      "    print([walker(sequence[None])[0] for sequence in walks_x])",
    ] { #expect(torch.contains(line + "\n"), "\(line)\n\(torch)") }
    // Sequences that are all as long are rows as any others, and the network takes any length all the same.
    let even = Self.walks.replacing("[4, 5]]", with: "[4, 5, 6]]").replacing("[3, 4]]", with: "[3, 4, 5]]")
    let (plain, _) = try script(even, "walks_keras.py")
    #expect(plain.contains("keras.Input((None, 1,))") && !plain.contains("PADDING"), "\(plain)")
    #expect(try !script(even, "walks_torch.py").text.contains("parts("))
  }

  @Test("What would see the padding has no counterpart in Keras")
  func padding() throws {
    let windows = Self.walks.replacing("layer h", with: "layer c conv1d 3 3 padding=same; layer h")
    let error = #expect(throws: CodedError.self) { try script(windows, "walks_keras.py") }
    #expect(error?.message.contains("`c` (conv1d) would see what Keras pads them with") == true)
    #expect(try script(windows, "walks_torch.py").text.contains("nn.Conv1d(1, 3, 3, padding=\"same\")"))
  }

  @Test("What has no counterpart is a comment, and a notebook without a training is refused")
  func missing() throws {
    let (text, _) = try script(
      Self.xor
        + "\nnet wide\nlayer i input 2; layer a dense 2; layer b dense 2; layer c dense 1\n"
        + "connect i -> a -> b -> c; connect i -> b type=one\n"
        + "train xor epochs=1", "xor_keras.py")
    #expect(
      text.contains("# No counterpart here: train xor with wide: the edge i -> b is of type one\n"), "\(text)"
    )
    let error = #expect(throws: CodedError.self) { try script("a = 1", "a_keras.py") }
    #expect(error?.code == .nothingLearned)
    // The notebook's language is that of the refusal, and the reason is there.
    let proof = #expect(throws: CodedError.self) {
      try UserLanguage.french.speaking {
        try script(
          Self.xor.replacing("train xor", with: "train xor schedule=plateau period=2"), "xor_keras.py",
          isProof: true)
      }
    }
    #expect(
      proof?.message.contains("n'entraîne aucun réseau que Keras sache exprimer") == true,
      "\(proof?.message ?? "")")
    #expect(proof?.message.contains("callback for a plateau") == true)
    let name = #expect(throws: CodedError.self) { try script(Self.xor, "xor.py") }
    #expect(name?.code == .badValue && name?.message.contains("_keras.py") == true)
  }
}
