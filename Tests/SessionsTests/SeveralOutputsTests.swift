import Datasets
import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// A network with a price and a kind as outputs, or with two inputs, from a file to files.
@Suite("Several outputs and inputs in commands") struct SeveralOutputsTests {
  /// Areas, ages, and what follows from them: a price and a kind.
  private static let houses: String = {
    var lines = ["area,age,price,kind"]
    for row in 0..<60 {
      let (area, age) = (30 + (row * 37) % 120, (row * 23) % 50)
      let kind = area < 60 ? "cabin" : area < 100 ? "flat" : "house"
      lines.append("\(area),\(age),\(3 * area - age + row % 7),\(kind)")
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static let network = """
    net n optimizer=adam rate=0.02
    layer x input 2
    layer h dense 8 relu
    layer price dense 1
    layer kind dense 3 softmax
    connect x -> h -> {price kind}

    """

  private func workbench(_ more: String = "target=price,kind", scaled: Bool = true) throws -> Bench {
    let folder = try Folder()
    _ = try folder.file("h.csv", Self.houses)
    let bench = Bench()
    bench.folder = folder
    bench.session.files.notebookFolder = folder.url.path
    #expect(bench.run("seed 3\ndata houses from \"h.csv\" \(more)"), "\(bench.shown)")
    if scaled { #expect(bench.run("prepare houses scale=zscore"), "\(bench.shown)") }
    return bench
  }

  private func path(_ name: String, _ bench: Bench) throws -> String {
    try #require(bench.folder).url.appending(path: name).path
  }

  @Test func eachOutputIsTrainedMeasuredAndShown() throws {
    let bench = try workbench()
    #expect(bench.run(Self.network + "train houses epochs=60"), "\(bench.shown)")
    #expect(bench.line.contains("losses price mse, kind crossentropy, the targets of amounts scaled"))
    let trained = bench.session.metrics
    #expect(trained["price_loss"] != nil && trained["kind_loss"] != nil && trained["kind_accuracy"] != nil)
    #expect(bench.run("evaluate houses"), "\(bench.shown)")
    #expect(bench.shown.contains("output price of n") && bench.shown.contains("output kind of n"))
    for name in ["cabin", "flat", "house"] { #expect(bench.shown.contains(name)) }
    let metrics = bench.session.metrics
    let (price, kind) = (metrics["price_loss"] ?? .nan, metrics["kind_loss"] ?? .nan)
    #expect(abs(price + kind - (metrics["loss"] ?? .nan)) < 1e-9)
    #expect(metrics["accuracy"] == metrics["kind_accuracy"])
    // In the units of the file: the scaled error times the deviation of the prices.
    let preparation = try #require(bench.session.state.data["houses"]?.preparation)
    let scales = try #require(preparation.targets)
    #expect(scales[1] == .init(), "classes have no scale")
    let rmse = try #require(metrics["price_rmse"])
    #expect(abs(rmse - scales[0].divisor * price.squareRoot()) < 1e-6 * rmse)
    #expect(bench.run("predict houses n=3"), "\(bench.shown)")
    #expect(bench.shown.contains("target price") && bench.shown.contains("target kind"))
    #expect(bench.run("predict [[100, 10], [40, 3]]"), "\(bench.shown)")
    #expect(bench.shown.contains("price ") && bench.shown.contains("kind "))
    #expect(bench.run("train houses epochs=1\nassert kind_accuracy > 0"), "\(bench.shown)")
  }

  /// By the layers' names, whatever their order, and without them in order.
  @Test func columnsGoToTheLayersOfTheirNames() throws {
    let bench = try workbench("target=kind,price")
    #expect(bench.run(Self.network + "train houses epochs=1 rate=1e-30\nevaluate houses"), "\(bench.shown)")
    let named = bench.session.metrics["price_mae"]
    let plain = try workbench()
    let other = Self.network.replacing("price", with: "a").replacing("kind", with: "b")
    #expect(plain.run(other + "train houses epochs=1 rate=1e-30\nevaluate houses"), "\(plain.shown)")
    #expect(named != nil && plain.session.metrics["a_mae"] == named)
  }

  /// Whole numbers that a softmax output takes for classes, 1 to 3, are not scaled with the prices.
  @Test func numbersOfClassesAreNoAmounts() throws {
    let folder = try Folder()
    let numbers = Self.houses.replacing("cabin", with: "1").replacing("flat", with: "2").replacing(
      "house", with: "3")
    _ = try folder.file("h.csv", numbers)
    let bench = Bench()
    bench.folder = folder
    bench.session.files.notebookFolder = folder.url.path
    #expect(
      bench.run(
        "seed 3\ndata houses from \"h.csv\" target=price,kind\nprepare houses\n" + Self.network
          + "train houses epochs=60\nevaluate houses\npredict houses n=2"), "\(bench.shown)")
    #expect((bench.session.metrics["kind_accuracy"] ?? 0) > 0.5, "\(bench.shown)")
  }

  @Test func lossesAndWeightsAreChosenByOutput() throws {
    let bench = try workbench()
    #expect(
      bench.run(
        Self.network
          + "train houses epochs=2 loss={price: mae, kind: kl} loss_weights={price: 0.25}\nevaluate houses"),
      "\(bench.shown)")
    #expect(bench.line.contains("losses price mae times 0.25, kind kl"))
    let metrics = bench.session.metrics
    let whole = 0.25 * (metrics["price_loss"] ?? .nan) + (metrics["kind_loss"] ?? .nan)
    // `evaluate` takes the losses that were last trained with.
    #expect(abs(whole - (metrics["loss"] ?? .nan)) < 1e-9)
    let scale = try #require(bench.session.state.data["houses"]?.preparation?.targets?[0].divisor)
    let mae = try #require(metrics["price_mae"])
    #expect(abs(mae / scale - (metrics["price_loss"] ?? .nan)) < 1e-6)
    #expect(bench.run("net n loss={price: huber} loss_weights={kind: 2}\ntrain houses epochs=1"))
    #expect(bench.line.contains("losses price huber, kind crossentropy times 2"), "\(bench.shown)")
  }

  @Test func metricsOfAnOutputAreWatched() throws {
    let bench = try workbench()
    #expect(
      bench.run(
        Self.network
          + "train houses epochs=5 validate=20% metrics=mae,kind_f1 monitor=val_kind_accuracy until val_kind_accuracy>2"
      ), "\(bench.shown)")
    for name in ["val_price_mae", "val_kind_f1", "val_kind_accuracy", "val_price_loss"] {
      #expect(bench.session.metrics[name] != nil, "\(name) in \(bench.shown)")
    }
    #expect(bench.session.metrics["price_loss"] == nil, "on the rows kept aside alone")
    #expect(bench.shown.contains("the best by val_kind_accuracy"))
    #expect(bench.run("plot metric kind_accuracy"), "\(bench.shown)")
  }

  @Test func filesAndOtherFormatsHaveAllOutputs() throws {
    let bench = try workbench()
    #expect(
      bench.run(
        Self.network + "train houses epochs=20 loss_weights={kind: 0.5}\nevaluate houses\n"
          + "a = predict([100, 10])"),
      "\(bench.shown)")
    let before = bench.shown
    let file = try path("m.safetensors", bench)
    for ending in ["safetensors", "onnx", "py", "c"] {
      #expect(bench.run("save net \"\(try path("m.\(ending)", bench))\""), "\(bench.shown)")
    }
    #expect(bench.run("delete n\nload net \"\(file)\"\nevaluate houses"), "\(bench.shown)")
    #expect(before.contains(bench.shown.split(separator: "\n").suffix(12).joined(separator: "\n")))
    #expect(
      bench.run("b = predict([100, 10])\nassert a[0] == b[0] and a[3] == b[3] and a[0] > 50"),
      "\(bench.shown)")
    let predictions = try path("p.csv", bench)
    #expect(bench.run("save predictions \"\(predictions)\" data=houses"), "\(bench.shown)")
    let head = try String(contentsOfFile: predictions, encoding: .utf8).split(separator: "\n")[0]
    #expect(head == "row,predicted_price,predicted_kind,p_kind_cabin,p_kind_flat,p_kind_house")
    // A session's file keeps the losses, the classes and the scales.
    let transcript = Transcript(session: bench.session)
    let session = SessionPath()
    try session.write(transcript)
    let again = try session.read()
    #expect(shown("evaluate houses", in: again) == shown("evaluate houses", in: transcript))
  }

  @Test func plotsShowOneOutput() throws {
    let bench = try workbench()
    #expect(bench.run(Self.network + "train houses epochs=30"), "\(bench.shown)")
    for plot in [
      "confusion houses", "roc houses output=kind", "pr houses", "calibration houses", "boundary houses",
    ] {
      #expect(bench.run("plot \(plot)"), "\(plot): \(bench.shown)")
    }
    #expect(bench.run("plot confusion houses") && bench.shown.contains("output kind of n on houses"))
    let right = Int(((bench.session.metrics["kind_accuracy"] ?? 0) * 60).rounded())
    #expect(bench.run("evaluate houses\nplot confusion houses"))
    let evaluated = Int(((bench.session.metrics["kind_accuracy"] ?? 0) * 60).rounded())
    #expect(bench.shown.contains("\(evaluated) of 60 correct"), "\(right) in \(bench.shown)")
    #expect(!bench.run("plot confusion houses output=price"))
    #expect(bench.lastError?.suggestion == "output=kind")
    #expect(!bench.run("plot confusion houses output=h"))
    #expect(bench.lastError?.code == .unknownLayer)
  }

  /// What does not fit is refused before anything is trained, and what is said to help does.
  @Test func whatDoesNotFitIsRefused() throws {
    func refusal(_ line: String, layers: String? = nil) throws -> Diagnostic {
      let bench = try workbench(scaled: false)
      let network = layers.map { "net n\nlayer x input 2\nlayer h dense 8 relu\n\($0)\n" } ?? Self.network
      #expect(bench.run(network), "\(bench.shown)")
      #expect(!bench.run(line), "\(line): \(bench.shown)")
      return try #require(bench.lastError)
    }
    let one = try refusal("train houses", layers: "layer price dense 1\nconnect x -> h -> price")
    #expect(one.code == .wordTargets)
    #expect(one.suggestion == "layer kind dense 3 softmax; connect h -> kind")
    let bench = try workbench()
    #expect(
      bench.run("net n\nlayer x input 2\nlayer h dense 8 relu\nlayer price dense 1\nconnect x -> h -> price"))
    #expect(bench.run(one.suggestion ?? "") && bench.run("train houses epochs=1"), "\(bench.shown)")
    let lines: [(String, ErrorCode)] = [
      ("train houses loss={kind: mses}", .unknownLoss), ("train houses loss={kinds: mse}", .unknownLayer),
      ("train houses loss={price: crossentropy}", .lossMismatch),
      ("train houses loss={kind: mse, kind: kl}", .badValue),
      ("train houses loss_weights={kind: -1}", .badValue),
      ("train houses loss_weights={kind: much}", .badValue),
      ("train houses loss_weights={kind: 0, price: 0}", .badValue),
      ("train houses metrics=auc", .notMeasured), ("train houses metrics=kinds_f1", .unknownMetric),
      ("train houses monitor=val_kind_accuracy", .noValidation),
      ("train houses until price_accuracy>0.5", .notMeasured),
      ("train houses class_weight={price: balanced}", .noClasses),
      ("train houses class_weight={kinds: balanced}", .unknownLayer),
      ("train houses class_weight={kind: balancd}", .badValue),
      ("train houses class_weight={kind: [1, 2]}", .badValue),
      ("train houses class_weight={kind: [1, 2, -3]}", .badValue),
      ("train houses class_weight={kind: balanced, kind: [1, 2, 3]}", .badValue),
      ("evaluate houses threshold=0.3", .badOption),
      ("train houses inputs={x: [area]}", .shapeMismatch),
      ("train houses inputs={x: [area, ages]}", .unknownColumn),
      ("train houses inputs={x: [area, area]}", .badValue),
      ("train houses inputs={h: [area, age]}", .unknownLayer),
    ]
    for (line, code) in lines { #expect(try refusal(line).code == code, "\(line)") }
    #expect(try refusal("train houses loss={price: crossentropy}").suggestion == "loss={price: mse}")
  }

  /// The weights of one output's classes are those of its rows, by the formula of scikit-learn, and other outputs' rows count
  /// as they did.
  @Test func classesOfAnOutputAreBalanced() throws {
    func weights(_ options: String, _ more: String = "target=price,kind") throws -> [Double] {
      let bench = try workbench(more)
      #expect(bench.run(Self.network + "train houses epochs=3 \(options)"), "\(bench.shown)")
      return try #require(bench.session.state.current?.state.weights.values)
    }
    let kinds = (0..<60).map { row in
      let area = 30 + (row * 37) % 120
      return area < 60 ? 0 : area < 100 ? 1 : 2
    }
    let counts = (0..<3).map { kind in kinds.count { $0 == kind } }
    #expect(Set(counts).count > 1)
    let balanced = counts.map { "\(60 / (3 * Double($0)))" }.joined(separator: ", ")
    let all = try weights("class_weight=balanced")
    #expect(try all == weights("class_weight={kind: balanced}"))
    #expect(try all == weights("class_weight={kind: [\(balanced)]}"))
    #expect(try all == weights("class_weight=[\(balanced)]"), "one output alone tells classes apart")
    #expect(try all != weights(""))
    // Where all classes count alike nothing changes but the way of the sums.
    let (ones, plain) = (try weights("class_weight={kind: [1, 1, 1]}"), try weights(""))
    #expect(zip(ones, plain).allSatisfy { abs($0 - $1) < 1e-5 })
    // With one output its name is as good as none.
    let bench = try workbench("target=kind drop=price", scaled: false)
    let one = "net n\nlayer x input 2\nlayer kind dense 3 softmax\nconnect all\n"
    #expect(
      bench.run(
        one + "reset weights\nseed 1\ntrain houses epochs=2 class_weight={kind: balanced}\na = loss\n"
          + "reset weights\nseed 1\ntrain houses epochs=2 class_weight=balanced\nassert loss == a"),
      "\(bench.shown)")
  }

  /// Folds have a table for each output, and the means become variables.
  @Test func foldsShowEachOutput() throws {
    let bench = try workbench()
    #expect(bench.run(Self.network + "crossvalidate houses folds=3 epochs=20"), "\(bench.shown)")
    for words in ["folds of n on houses", "output price", "output kind", "rmse", "f1"] {
      #expect(bench.shown.contains(words), "\(words) in \(bench.shown)")
    }
    let command = bench.session.metrics
    let (price, kind) = (command["price_loss"] ?? .nan, command["kind_loss"] ?? .nan)
    #expect(abs(price + kind - (command["loss"] ?? .nan)) < 1e-9)
    #expect(command["kind_accuracy"] == command["accuracy"])
    // With a block it is the same, and a training knows nothing of a mean of folds.
    let block = try workbench()
    #expect(
      block.run("crossvalidate houses folds=3 {\n\(Self.network)train houses epochs=20\n}"), "\(block.shown)")
    #expect(block.session.metrics == command)
  }

  @Test func inputLayersTakeColumnsByName() throws {
    let bench = try workbench()
    let network = """
      net n optimizer=adam rate=0.02
      layer old input 1
      layer size input 1
      layer h dense 8 relu
      layer price dense 1
      layer kind dense 3 softmax
      connect {old size} -> h -> {price kind}

      """
    #expect(bench.run(network + "train houses epochs=1"), "\(bench.shown)")
    #expect(bench.shown.contains("old takes area; size takes age"), "in order, and told: \(bench.shown)")
    #expect(
      bench.run("reset weights\ntrain houses epochs=30 inputs={size: area, old: [age]}"), "\(bench.shown)")
    #expect(bench.shown.contains("old takes age; size takes area"), "\(bench.shown)")
    // The file's own order from here on: columns are known by their names.
    #expect(bench.run("evaluate houses") && (bench.session.metrics["price_r2"] ?? 0) > 0.5, "\(bench.shown)")
    let measured = bench.session.metrics["loss"]
    #expect(bench.run("train houses epochs=1 rate=1e-30\nevaluate houses"), "\(bench.shown)")
    #expect(abs((bench.session.metrics["loss"] ?? .nan) - (measured ?? 0)) < 1e-6)
  }
}

extension Bench {
  /// What it has shown, without breaks of lines.
  fileprivate var line: String { shown.replacing("\n", with: " ") }
}
