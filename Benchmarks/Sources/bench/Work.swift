import Diagnostics
import Foundation
import Rendering
import Sessions

/// A piece of work as a user would type it: a cell that is timed, and one that runs before.
struct Work {
  var preparation = ""
  var cell: String
  /// How often it is done, each time in a session of its own: the quickest counts, being the least disturbed.
  var runs = 1
  /// How many steps or products the cell takes where the time of one is asked for.
  var steps = 1

  /// The time of the quickest run in milliseconds.
  func milliseconds() -> Double {
    let quickest = (0..<runs).map { _ in once() }.min() ?? .zero
    return quickest / .milliseconds(1) / Double(steps)
  }

  private func once() -> Duration {
    let session = Session(seed: 1)
    run(preparation, in: session)
    return ContinuousClock().measure { run(cell, in: session) }
  }
}

extension Work {
  /// All work that needs no arguments, by its name on the command line.
  static let named: [String: Work] = [
    "xor-train": Work(preparation: xor, cell: "train xor epochs=20_000 batch=1", runs: 20),
    "xor-repeat": Work(preparation: xor, cell: xorByHand, runs: 20),
    "backpropagation": Work(preparation: backpropagationStart, cell: backpropagation, runs: 20),
    "cnn-epoch": Work(preparation: convolutional, cell: "train fashion_mnist batch=100 epochs=1"),
    "conv1d-epochs": Work(preparation: signals, cell: "train signals epochs=40"),
    "conv3d-epochs": Work(preparation: volumes, cell: "train volumes batch=25 epochs=15"),
    "resnet-step": Work(
      preparation: ResidualNetwork.preparation, cell: ResidualNetwork.training, steps: ResidualNetwork.steps),
    "dense-epoch": Work(preparation: dense, cell: "train fashion_mnist batch=32 epochs=1"),
    "deep-epoch": Work(preparation: deep, cell: "train fashion_mnist batch=32 epochs=1"),
    "small-epochs": Work(preparation: small, cell: "train points batch=10 epochs=100", runs: 5),
    "lstm-epoch": Work(
      preparation: recurrent(rows: 640, steps: 100, features: 64, units: 128),
      cell: "train sequences batch=64 epochs=1"),
    "lstm-small-epochs": Work(
      preparation: recurrent(rows: 400, steps: 20, features: 4, units: 16),
      cell: "train sequences batch=8 epochs=10", runs: 3),
    "lstm-online": Work(
      preparation: online,
      cell: "repeat 5000 { activate [0, 1]; propagate [1]; activate [1, 0]; propagate [0] }", runs: 5),
    "matrix-product": Work(
      preparation: "A = randn(1000, 1000); B = randn(1000, 1000); repeat 3 { C = A @ B }", cell: "C = A @ B",
      runs: 5),
    "matrix-product-single": Work(preparation: singleProducts, cell: "C = predict(A)", runs: 5, steps: 10),
    "plot-curve": Work(preparation: millionPoints, cell: "plot series w yscale=log", runs: 5),
    "plot-boundary": Work(preparation: xor, cell: "plot boundary xor", runs: 20),
  ]

  /// Reading a table.
  static func csv(_ path: String) -> Work { Work(cell: "data table from \"\(path)\"") }

  /// One epoch of a network of one hidden layer on random rows, to see how time and memory grow.
  static func growth(rows: Int, width: Int, batch: Int) -> Work {
    Work(
      preparation: """
        net wide loss=mse optimizer=adam
        layer x input 64
        layer h dense \(width) relu
        layer y dense 1
        connect all
        data points = randn(\(rows), 64) -> randn(\(rows), 1)
        """, cell: "train points epochs=1 batch=\(batch)")
  }
}

/// Runs a cell, and draws what it shows as a terminal would have it.
func run(_ source: String, in session: Session) {
  let terminal = TextStyle(width: 80, usesColor: true, usesUnicode: true)
  let outcome = session.evaluate(SourceText(source, name: "benchmark")) { output in
    _ = output.text(terminal)
    if case .error(let diagnostic) = output { print(diagnostic.rendered()) }
  }
  if outcome != .done { exit(1) }
}
