import Diagnostics
import Foundation
import Foundations
import Sessions
import Testing

/// Sequences of any length, as a session drives them.
@Suite struct AnyLengthTests {
  /// Sequences of bits, and whether they have an odd number of ones.
  private static let odd = """
    seed 3
    runs = [[1, 1, 0], [0, 1], [1, 1, 1, 0, 0], [0, 0, 1, 0], [1], [0, 0, 0, 1, 0, 1], [1, 0], [0, 1, 1, 1]]
    data bits = runs -> [0, 1, 1, 1, 1, 0, 1, 1]
    net odd optimizer=adam rate=0.05
    layer x sequence 1
    layer h lstm 5
    layer y dense 1 sigmoid
    connect all
    """

  private func bench(_ cells: String...) -> Bench {
    let bench = Bench()
    for cell in cells { #expect(bench.run(cell), "\(bench.shown)") }
    return bench
  }

  @Test func answersToAListAreThoseToItsRows() {
    let bench = bench(Self.odd, "train bits epochs=3 batch=3", "ys = predict(runs)")
    #expect(
      bench.run("repeat 8 as i { assert abs(ys[i, 0] - predict(runs[i])[0]) < 0.000001 }"), "\(bench.shown)")
    #expect(bench.run("assert predict(bits.x[2])[0] == predict([1, 1, 1, 0, 0])[0]"), "\(bench.shown)")
    #expect(bench.run("assert predict([[1, 0], [0, 1]])[1, 0] == predict([0, 1])[0]"), "\(bench.shown)")
  }

  @Test func aGradientGoesThroughEveryStep() {
    let bench = bench(
      Self.odd, "train bits epochs=1",
      """
      x = [[0.5], [-0.25], [1]]
      slope = grad predict(x)[0] wrt x
      h = 0.001
      repeat 3 as i {
        up = x + 0
        up[i, 0] = up[i, 0] + h
        down = x + 0
        down[i, 0] = down[i, 0] - h
        assert abs((predict(up)[0] - predict(down)[0]) / (2 * h) - slope[i, 0]) < 0.001
      }
      """)
    #expect(bench.lastError == nil, "\(bench.shown)")
  }

  @Test func filesKeepNetworksAndData() throws {
    let folder = try Folder()
    let model = folder.url.appending(path: "odd.safetensors").path()
    let bench = bench(
      Self.odd, "prepare bits scale=zscore; train bits epochs=3", "p = predict(runs[3])",
      "save net \"\(model)\"")
    let other = Bench()
    #expect(other.run("load net \"\(model)\""), "\(other.shown)")
    #expect(other.run("print predict([0, 0, 1, 0])") && bench.run("print p") && other.shown == bench.shown)
    #expect(other.run("summary") && other.shown.contains("nx1"))
    // A session's file has the rows with their steps.
    let transcript = Transcript(session: Session(seed: 1))
    SessionsTests.run([Self.odd, "train bits epochs=3", "p = predict(runs[3])"], in: transcript)
    let again = try reopened(transcript)
    SessionsTests.run(
      ["assert bits.x[2].shape[0] == 5", "assert predict(runs[3])[0] == p[0]", "evaluate bits"], in: again)
  }

  @Test func exportsAreOfAnyLength() throws {
    let folder = try Folder()
    let bench = bench(Self.odd, "train bits epochs=2")
    for ending in ["onnx", "c", "py"] {
      let path = folder.url.appending(path: "odd.\(ending)").path()
      #expect(bench.run("save net \"\(path)\""), "\(bench.shown)")
    }
    #expect(
      bench.run(
        "net both; layer x sequence 1; layer h lstm 2 bidirectional=concat; layer y dense 1; connect all"))
    #expect(
      !bench.run("save net \"\(folder.url.appending(path: "b.c").path())\"")
        && bench.lastError?.code == .noCounterpart)
    #expect(bench.run("save net \"\(folder.url.appending(path: "b.onnx").path())\""), "\(bench.shown)")
  }

  /// A target of each step has one scale at all of them, in metrics as in files for other programs.
  @Test func answersOfEachStepAreInUnits() throws {
    let network = "layer h rnn 2 return=all; layer y dense 1; connect all; train d epochs=2; evaluate d"
    let any = bench(
      "data d = [[1, 2, 3], [4, 5]] -> [[10, 30, 50], [70, 95]]; prepare d; net n; layer x sequence 1; \(network)",
      "e = sum(abs(predict([1, 2, 3]) - [[10], [30], [50]])) + sum(abs(predict([4, 5]) - [[70], [95]]))")
    #expect(any.run("assert abs(mae - e / 5) < 0.0001"), "\(any.shown)")
    let folder = try Folder()
    for ending in ["c", "py"] {
      let path = folder.url.appending(path: "n.\(ending)").path()
      #expect(any.run("save n \"\(path)\""), "\(any.shown)")
    }
    let fixed = bench(
      "data d { 1 2 -> 10 30; 3 4 -> 50 75 }; prepare d; net n; layer x input 2x1; \(network)",
      "e = sum(abs(predict([1, 2]) - [10, 30])) + sum(abs(predict([3, 4]) - [50, 75]))")
    #expect(fixed.run("assert abs(mae - e / 4) < 0.0001"), "\(fixed.shown)")
  }

  /// Windows of a series and generated sequences are rows of one width, and sequences for who takes them.
  @Test func rowsOfOneWidthAreSequencesToo() {
    let bench = bench(
      """
      seed 4
      data series from air_passengers window=6
      prepare series scale=minmax
      net p optimizer=adam rate=0.01
      layer x sequence 1
      layer h gru 4
      layer y dense 1
      connect all
      train series epochs=2 validate=20%
      evaluate series
      predict series n=2
      """)
    #expect(bench.shown.contains("r2"), "\(bench.shown)")
    #expect(bench.run("a = predict([[112], [118], [132]]); assert a[0] > 50"), "\(bench.shown)")
    #expect(
      bench.run(
        """
        data bits from parity n=20 steps=4
        net q
        layer x sequence
        layer h rnn 4 return=all
        layer y dense 1 sigmoid
        connect all
        train bits epochs=2
        evaluate bits
        predict bits n=1
        """), "\(bench.shown)")
    #expect(bench.shown.contains("accuracy"))
  }

  @Test func aTextIsReadByWordsOfAnyNumber() {
    let bench = bench(
      """
      story = "anna hanna anna hanna anna hanna anna hanna"
      data names = story tokens=char window=8
      net writer optimizer=adam rate=0.03
      layer tokens sequence
      layer vectors embedding 4 6
      layer state lstm 12 return=all
      layer next dense 4 softmax
      connect all
      seed 2
      train names epochs=80 batch=2
      generate "anna h" n=4 temperature=0
      """)
    #expect(bench.shown.contains("anna hanna"), "\(bench.shown)")
    #expect(bench.run("evaluate names; assert perplexity < 2"), "\(bench.shown)")
  }

  @Test func partsWeightsFoldsAndSweepsKnowThem() {
    let bench = bench(
      Self.odd, "split bits test=25%", "train bits epochs=2 class_weight=balanced stratify=true patience=2",
      "evaluate bits", "plot roc bits", "plot gates h bits sample=1", "plot activations h bits",
      "show health bits", "crossvalidate bits folds=2 stratify=false epochs=1",
      "sweep k=[2, 3] minimize=loss { train bits epochs=k }")
    #expect(bench.lastError == nil, "\(bench.shown)")
  }

  @Test func checkpointsGoOnToTheSameBits() throws {
    let folder = try Folder()
    let file = folder.url.appending(path: "c.safetensors").path()
    let whole = bench(Self.odd, "train bits epochs=6 batch=3", "print predict(runs)")
    let half = bench(Self.odd, "train bits epochs=3 batch=3 checkpoint=\"\(file)\" every=1")
    #expect(half.run("train bits epochs=6 batch=3 resume=\"\(file)\""), "\(half.shown)")
    #expect(half.run("print predict(runs)") && half.shown == whole.shown)
  }

  @Test func refusalsNameWhatToDo() {
    let bench = bench(Self.odd)
    func message(_ cell: String) -> String { bench.run(cell) ? "" : bench.lastError?.message ?? "" }
    #expect(message("plot boundary bits").contains("sequences"))
    #expect(
      message("augment bits shift=1").contains("table") || message("augment bits shift=1").contains("signals")
    )
    #expect(message("data fewer = bits where x > 0") != "")
    #expect(message("data more = bits window=2").contains("sequences already"))
    #expect(message("predict [[1, 2], [3, 4], [5]]").isEmpty, "a list of sequences")
    #expect(message("summary plan steps=4").isEmpty)
    #expect(
      message("net f; layer x input 2; layer y dense 1; connect all; summary plan steps=4").contains("steps=")
    )
  }
}
