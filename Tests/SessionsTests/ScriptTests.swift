import Diagnostics
import Foundation
import Foundations
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

  @Test("What has no counterpart is a comment, and a notebook without a training is refused")
  func missing() throws {
    let (text, _) = try script(
      Self.xor
        + "\nnet wide\nlayer i input 2; layer a dense 2; layer b dense 1\nconnect i -> a -> b; connect i -> b\n"
        + "train xor epochs=1", "xor_keras.py")
    #expect(
      text.contains(
        "# No counterpart here: train xor with wide: it is no chain of layers; save it as ONNX instead\n"))
    let error = #expect(throws: CodedError.self) { try script("a = 1", "a_keras.py") }
    #expect(error?.code == .nothingLearned)
    let name = #expect(throws: CodedError.self) { try script(Self.xor, "xor.py") }
    #expect(name?.code == .badValue && name?.message.contains("_keras.py") == true)
  }
}
