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

  /// What reads the step before, among layers in every way, comes back from a model of no length.
  @Test(arguments: ["h -> h delay=1", "h -> h delay=2", "y -> h delay=1", "y -> y delay=1"])
  func delaysComeBackFromONNX(edge: String) throws {
    let folder = try Folder()
    let model = folder.url.appending(path: "d.onnx").path()
    let bench = bench(
      "seed 1\nnet d\nlayer x sequence 2\nlayer h dense 3 tanh\nlayer y dense 1\nconnect all\nconnect \(edge)",
      "runs = [[[1, 2], [0, 1], [2, -1]], [[1, 1]]]", "p = predict(runs)", "save net \"\(model)\"",
      "load e \"\(model)\"",
      "q = predict(runs)")
    #expect(
      bench.run("assert max(abs(p[0] - q[0])) < 0.000001 and max(abs(p[1] - q[1])) < 0.000001"),
      "\(bench.shown)")
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
    for ending in ["c", "py", "onnx"] {
      let path = folder.url.appending(path: "n.\(ending)").path()
      #expect(any.run("save n \"\(path)\""), "\(any.shown)")
    }
    let again = Bench()
    #expect(again.run("load net \"\(folder.url.appending(path: "n.onnx").path())\""), "\(again.shown)")
    #expect(again.run("summary") && again.shown.contains("nx1"), "\(again.shown)")
    #expect(again.run("print predict([1, 2, 3, 4])[3, 0]") && any.run("print predict([1, 2, 3, 4])[3, 0]"))
    #expect(again.shown == any.shown)
    let fixed = bench(
      "data d { 1 2 -> 10 30; 3 4 -> 50 75 }; prepare d; net n; layer x input 2x1; \(network)",
      "e = sum(abs(predict([1, 2]) - [10, 30])) + sum(abs(predict([3, 4]) - [50, 75]))")
    #expect(fixed.run("assert abs(mae - e / 4) < 0.0001"), "\(fixed.shown)")
  }

  /// Several output layers answer each step, each with targets of its own.
  @Test func severalOutputsAnswerEachStep() throws {
    let folder = try Folder()
    let table = try folder.file(
      "visits.csv",
      "who,day,pages,minutes,mood\n"
        + [("Ann", 4), ("Ben", 3), ("Cem", 5)].flatMap { who, count in
          (1...count).map { "\(who),2024-05-0\($0),\($0 * 2),\(10 * $0),\($0 % 2 == 0 ? "calm" : "busy")\n" }
        }.joined())
    let bench = bench(
      """
      seed 2
      data visits from "\(table)" order=day by=who target=[minutes, mood]
      prepare visits
      net guide optimizer=adam rate=0.05
      layer x sequence 1
      layer h gru 6 return=all
      layer minutes dense 1
      layer mood dense 2 softmax
      connect x -> h -> {minutes mood}
      train visits epochs=300 batch=2 validate=33%
      evaluate visits
      """)
    #expect(bench.shown.contains("output mood of guide"), "\(bench.shown)")
    #expect(bench.run("assert mood_accuracy == 1; assert minutes_mae < 8; predict visits"), "\(bench.shown)")
    #expect(bench.shown.contains("target mood"), "\(bench.shown)")
    // What is measured is what is answered.
    #expect(
      bench.run(
        """
        off = 0
        repeat 3 as i {
          a = predict(visits.x[i])
          repeat a.shape[0] as t { off = off + abs(a[t, 0] - 10 * (t + 1)) }
        }
        assert abs(off / 12 - minutes_mae) < 0.0001
        """), "\(bench.shown)")
    let file = folder.url.appending(path: "p.csv").path()
    #expect(bench.run("save predictions \"\(file)\" data=visits columns=[who, day, pages]"), "\(bench.shown)")
    #expect(bench.said.contains("a line for each of 12 steps"))
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 13 && lines[0].hasPrefix("who,day,pages,step,predicted_minutes,predicted_mood"))
    #expect(lines[1].hasPrefix("Ann,2024-05-01,2,1,") && lines[12].hasPrefix("Cem,2024-05-05,10,5,"))
    for ending in ["onnx", "c", "py", "safetensors"] {
      let path = folder.url.appending(path: "g.\(ending)").path()
      #expect(bench.run("save guide \"\(path)\""), "\(bench.shown)")
    }
    #expect(bench.run("p = predict([1, 2, 3])"))
    let again = Bench()
    #expect(again.run("load net \"\(folder.url.appending(path: "g.onnx").path())\""), "\(again.shown)")
    #expect(again.run("summary") && again.shown.contains("nx1"), "\(again.shown)")
    #expect(again.run("print predict([1, 2, 3])[2, 0]") && bench.run("print p[2, 0]"))
  }

  /// Row answers of classes and of scaled amounts leave with their scales.
  @Test func severalOutputsOfRowsLeave() throws {
    let folder = try Folder()
    let table = try folder.file(
      "t.csv",
      "who,t,a,size,kind\n"
        + (0..<12).map { "\($0 / 3),\($0 % 3),\($0),\($0 / 3 * 7),k\($0 / 3 % 3)\n" }.joined())
    let bench = bench(
      "data d from \"\(table)\" order=t by=who target=[size, kind]; prepare d",
      "net n; layer x sequence 1; layer h rnn 3; layer size dense 1; layer kind dense 3 softmax; connect x -> h -> {size kind}",
      "train d epochs=2")
    for ending in ["onnx", "c", "js"] {
      let path = folder.url.appending(path: "g.\(ending)").path()
      #expect(bench.run("save n \"\(path)\""), "\(bench.shown)")
    }
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
