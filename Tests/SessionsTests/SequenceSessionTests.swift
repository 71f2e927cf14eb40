import Diagnostics
import Foundation
import Foundations
import Sessions
import Testing

/// Networks over sequences and texts, as a session drives them.
@Suite struct SequenceSessionTests {
  private static let writer = """
    story = "anna hanna anna hanna anna hanna anna hanna"
    data names = story tokens=char window=8
    net writer optimizer=adam rate=0.03
    layer tokens input 8
    layer vectors embedding 4 6
    layer state lstm 12 return=all
    layer next dense 4 softmax
    connect all
    seed 2
    train names epochs=80 batch=2
    """

  private func bench(_ cells: String...) -> Bench {
    let bench = Bench()
    for cell in cells { #expect(bench.run(cell), "\(bench.shown)") }
    return bench
  }

  @Test func aLanguageModelGoesOnWithWhatItHasLearned() throws {
    let bench = bench(Self.writer, "generate \"anna h\" n=4 temperature=0")
    #expect(bench.shown.contains("anna hanna"))
    #expect(bench.run("print generate(\"anna h\", n=4, temperature=0)"))
    #expect(bench.shown.contains("anna hanna"))
    // The same random numbers draw the same text.
    #expect(bench.run("seed 5; generate \"a\" n=12 temperature=2"))
    let first = bench.shown
    #expect(bench.run("seed 5; generate \"a\" n=12 temperature=2") && bench.shown == first)
    #expect(bench.run("evaluate names"))
    #expect(bench.shown.contains("perplexity") && bench.shown.contains("bits_per_token"))
    #expect(
      bench.run("assert perplexity < 2; assert abs(bits_per_token - log(perplexity) / log(2)) < 0.000001"))
    #expect(bench.run("predict names n=1") && bench.shown.contains("nna hann"))
    // Its classes are the tokens, everywhere.
    #expect(bench.run("plot confusion names") && bench.shown.contains("blank"), "\(bench.shown)")
    #expect(!bench.run("prepare names"))
    #expect(
      bench.lastError?.code == .badType && bench.said.contains("layer words embedding 4 16"), "\(bench.said)")
  }

  @Test func generatingLeavesTheNetworksOwnStateAlone() {
    let bench = bench(Self.writer, "a = activate([1])", "forget; activate [1]; generate \"han\" n=5")
    #expect(bench.run("x = activate([2])"))
    #expect(bench.run("forget; activate [1]; y = activate([2]); assert x == y"), "\(bench.shown)")
    #expect(!bench.run("propagate [1, 0, 0, 0]") && bench.lastError?.code == .needsSteps)
  }

  /// Dropout, truncation and carried state in a file, in a session's and in undo's snapshots.
  @Test func optionsOfRecurrentLayersAreKeptInFiles() throws {
    let bench = bench(
      """
      data series { 0 1 -> 1 0; 1 0 -> 0 1; 0 1 -> 1 0; 1 1 -> 0 0 }
      net n loss=mse
      layer x input 2x1
      layer h gru 3 return=all dropout=0.25 recurrent_dropout=0.5 truncate=1 stateful=true
      layer y dense 1
      connect all
      train series epochs=2 rate=0.1
      assert predict([[0, 1], [0, 1]])[0, 0] != predict([[0, 1], [0, 1]])[1, 0]
      evaluate series
      """)
    let folder = try Folder()
    let file = folder.url.appending(path: "n.safetensors").path()
    #expect(bench.run("save net \"\(file)\"; a = predict(series.x)"), "\(bench.shown)")
    #expect(bench.run("load net \"\(file)\"; assert predict(series.x) == a"), "\(bench.shown)")
    #expect(bench.run("seed 4; train series epochs=1; b = predict(series.x)"))
    #expect(bench.run("load net \"\(file)\"; seed 4; train series epochs=1; assert predict(series.x) == b"))
    #expect(!bench.run("save net \"\(folder.url.appending(path: "n.onnx").path())\""))
    #expect(bench.lastError?.code == .noCounterpart)
    #expect(!bench.run("train series epochs=1 batch=3") && bench.lastError?.code == .badValue)
  }

  @Test func theVocabularyIsKeptInFiles() throws {
    let bench = bench(Self.writer, "generate \"anna h\" n=10 temperature=0")
    let text = bench.shown
    let folder = try Folder()
    let file = folder.url.appending(path: "writer.safetensors").path()
    #expect(bench.run("save net \"\(file)\""), "\(bench.shown)")
    let other = Bench()
    #expect(other.run("load net \"\(file)\""), "\(other.shown)")
    #expect(other.run("generate \"anna h\" n=10 temperature=0") && other.shown == text)
    // A second text is read by the numbers of the first: here three tokens, in another order of numbers.
    #expect(
      other.run(
        "words = \"hanna hanna\"; data more = words tokens=char window=8; evaluate more; assert perplexity < 4"
      ),
      "\(other.shown)")
    #expect(!other.run("word = \"hannah X\"; data bad = word tokens=char; evaluate bad"))
    #expect(other.lastError?.code == .unknownToken)
  }

  @Test func aTextOfAFile() throws {
    let folder = try Folder()
    let path = try folder.file("names.txt", "\u{FEFF}anna\nbo\n")
    let bench = Bench()
    #expect(bench.run("data names from \"\(path)\" tokens=char window=3"), "\(bench.shown)")
    #expect(bench.shown.contains("8 characters, a vocabulary of 5, 2 windows of 3 tokens"))
    #expect(
      bench.run("data names from \"\(path)\" tokens=word window=2") && bench.shown.contains("vocabulary of 3")
    )
    #expect(!bench.run("data xor tokens=char") && bench.lastError?.code == .badOption)
    #expect(
      !bench.run("data names from \"\(path)\" tokens=char ahead=2") && bench.lastError?.code == .badWindow)
    #expect(!bench.run("data names from \"\(path)\" tokens=char header=true"))
    #expect(bench.lastError?.code == .unknownOption)
    #expect(
      !bench.run("data names from \"\(path)\" tokens=char window=50") && bench.lastError?.code == .badWindow)
  }

  @Test func whatIsNoLanguageModelIsRefused() {
    let bench = bench(
      "data xor; net a; layer i input 2; layer o dense 1 sigmoid; connect all; train xor epochs=1")
    #expect(!bench.run("generate \"a\"") && bench.lastError?.code == .noLanguageModel)
    #expect(bench.run(Self.writer))
    #expect(!bench.run("generate \"Anna\"") && bench.lastError?.code == .unknownToken)
    #expect(bench.lastError?.message.contains("Did you mean `a`?") == true)
    #expect(
      !bench.run("generate \"\"") && bench.lastError?.code == .badValue,
      "there are no line ends to begin after")
    #expect(!bench.run("generate 3") && bench.lastError?.code == .badType)
  }

  @Test func statesAndGatesAreSeen() {
    let bench = bench(
      Self.writer, "plot states state names sample=1", "plot gates state names")
    #expect(bench.shown.contains("gates of state over the steps, sample 0 of names"))
    #expect(bench.run("plot states next") && bench.shown.contains("states of next"))
    #expect(!bench.run("plot gates next") && bench.lastError?.code == .wrongLayer)
  }

  @Test func bothDirectionsAreSeen() {
    for merge in ["concat", "add", "mul", "avg"] {
      let bench = bench(
        """
        data series { 0 1 1 -> 1; 1 0 1 -> 0; 0 1 0 -> 1; 1 1 0 -> 0 }
        net n
        layer x input 3x1
        layer h lstm 2 bidirectional=\(merge)
        layer y dense 1
        connect all
        train series epochs=2
        plot gates h sample=1
        """)
      for name in ["input gate, forward", "forget gate, backward", "output gate, backward"] {
        #expect(bench.shown.contains(name), "\(merge)")
      }
      #expect(bench.run("plot states h sample=1"))
      #expect(bench.shown.contains("h, forward") && bench.shown.contains("cell, backward"), "\(bench.shown)")
    }
    // Layers beside them, and layers that read backward alone.
    let bench = bench(
      """
      seed 1
      data series = rand(8, 5) -> rand(8, 1)
      net n
      layer x input 5x1
      layer b gru 3 return=all bidirectional=concat
      layer r lstm 2 reverse=true return=all
      layer d dense 2 tanh
      layer y rnn 1
      connect all
      train series epochs=1
      plot gates r
      plot states d
      plot states y
      """)
    #expect(bench.shown.contains("forget gate") && bench.shown.contains("states of d"))
    #expect(!bench.run("plot gates d") && bench.lastError?.code == .wrongLayer)
  }
}
