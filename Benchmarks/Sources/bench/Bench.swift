import Diagnostics
import Foundation
import Outputs
import Rendering
import Sessions

/// Runs one piece of work of ours and prints its time in milliseconds: `bench xor-train`. `bench xor-seeds` says
/// how many of 40 seeds learn XOR instead, `bench csv FILE` reads a table, and `bench arrays COUNT` times operations on
/// arrays.
@main
enum Bench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["xor-seeds"] { return print(solvedSeeds()) }
    if arguments.count == 2, arguments[0] == "csv" {
      let cell = "data table from \"\(arguments[1])\""
      return print(String(format: "%.3f", timed(cell, after: "").milliseconds))
    }
    if arguments.count == 2, arguments[0] == "arrays", let count = Int(arguments[1]) {
      return ArrayOperations.measure(count: count)
    }
    if arguments.count == 2, arguments[0] == "cnn-accuracy" { return print(accuracy(seed: arguments[1])) }
    if arguments.count == 4, arguments[0] == "growth",
      case let numbers = arguments.dropFirst().compactMap({ Int($0) }),
      numbers.count == 3
    {
      let work = growing(rows: numbers[0], width: numbers[1], batch: numbers[2])
      return print(String(format: "%.3f", timed(work.training, after: work.preparation).milliseconds))
    }
    guard let name = arguments.first, let work = works[name] else {
      print(
        "usage: bench NAME, one of: \((works.keys.sorted() + ["xor-seeds", "csv FILE", "arrays COUNT", "cnn-accuracy SEED", "growth ROWS WIDTH BATCH"]).joined(separator: ", "))"
      )
      exit(2)
    }
    print(String(format: "%.3f", work().milliseconds))
  }

  /// How many of 40 seeds end within 0.1 of the truth, by `train` and by hand.
  static func solvedSeeds() -> String {
    let ways = [("train", "train xor epochs=20_000 batch=1"), ("repeat", xorByHand)]
    return ways.map { name, cell in
      let solved = (0..<40).filter { seed in
        let session = Session(seed: UInt64(seed))
        run(xor.replacing("activate [0, 0]", with: "seed \(seed)"), in: session)
        run(cell, in: session)
        return holds("max(abs(predict(xor.x) - xor.y)) < 0.1", in: session)
      }
      return "\(name) \(solved.count)/40"
    }.joined(separator: ", ")
  }

  /// Whether a condition holds in a session.
  static func holds(_ condition: String, in session: Session) -> Bool {
    session.evaluate(SourceText("assert " + condition, name: "benchmark")) { _ in } == .done
  }

  /// The share of the 10,000 images kept for it that tutorial 5's network gets right after five epochs.
  static func accuracy(seed: String) -> String {
    let session = Session(seed: 1)
    run(
      convolutional + "\nseed \(seed)\ntrain fashion_mnist batch=100 epochs=5\nevaluate fashion_mnist.test",
      in: session)
    var shown = ""
    _ = session.evaluate(SourceText("accuracy", name: "benchmark")) { output in
      if case .value(let text) = output { shown = text }
    }
    return shown
  }

  nonisolated(unsafe) static let works: [String: () -> Duration] = [
    "xor-train": { best(of: 20) { timed("train xor epochs=20_000 batch=1", after: xor) } },
    "xor-repeat": { best(of: 20) { timed(xorByHand, after: xor) } },
    "backpropagation": { best(of: 20) { timed(backpropagation, after: backpropagationStart) } },
    "cnn-epoch": { timed("train fashion_mnist batch=100 epochs=1", after: convolutional) },
    "dense-epoch": { timed("train fashion_mnist batch=32 epochs=1", after: dense) },
    "small-epochs": { best(of: 5) { timed("train points batch=10 epochs=100", after: small) } },
    "matrix-product": {
      best(of: 5) { timed("C = A @ B", after: "A = randn(1000, 1000); B = randn(1000, 1000)") }
    },
    "plot-curve": { best(of: 5) { timed("plot series w yscale=log", after: millionPoints) } },
    "plot-boundary": { best(of: 20) { timed("plot boundary xor", after: xor) } },
  ]

  /// The quickest of several runs, each in a session of its own: what the work takes when nothing disturbs it.
  static func best(of count: Int, _ work: () -> Duration) -> Duration {
    (0..<count).map { _ in work() }.min() ?? .zero
  }

  /// How long a cell takes in a session in which another ran before.
  static func timed(_ cell: String, after preparation: String) -> Duration {
    let session = Session(seed: 1)
    run(preparation, in: session)
    let clock = ContinuousClock()
    return clock.measure { run(cell, in: session) }
  }

  /// Runs a cell, and draws what it shows as a terminal would have it.
  static func run(_ source: String, in session: Session) {
    let terminal = TextStyle(width: 80, usesColor: true, usesUnicode: true)
    let outcome = session.evaluate(SourceText(source, name: "benchmark")) { output in
      _ = output.text(terminal)
      if case .error(let diagnostic) = output { print(diagnostic.rendered()) }
    }
    if outcome != .done { exit(1) }
  }
}

extension String {
  func replacing(_ part: String, with other: String) -> String { replacingOccurrences(of: part, with: other) }
}

extension Duration {
  var milliseconds: Double { self / .milliseconds(1) }
}
