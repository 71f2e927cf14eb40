import Diagnostics
import Foundation
import Outputs
import Sessions

/// Runs one piece of work of ours and prints its time in milliseconds: `bench xor-train`.
@main
enum Bench {
  static func main() {
    let names = CommandLine.arguments.dropFirst()
    guard let name = names.first, let work = works[name] else {
      print("usage: bench NAME, one of: \(works.keys.sorted().joined(separator: " "))")
      exit(2)
    }
    print(String(format: "%.3f", work().milliseconds))
  }

  nonisolated(unsafe) static let works: [String: () -> Duration] = [
    "xor-train": { best(of: 20) { timed("train xor epochs=20_000 batch=1", after: xor) } },
    "xor-repeat": { best(of: 20) { timed(xorByHand, after: xor) } },
    "backpropagation": { best(of: 20) { timed(backpropagation, after: backpropagationStart) } },
    "matrix-product": {
      best(of: 5) { timed("C = A @ B", after: "A = randn(1000, 1000); B = randn(1000, 1000)") }
    },
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

  static func run(_ source: String, in session: Session) {
    let outcome = session.evaluate(SourceText(source, name: "benchmark")) { output in
      if case .error(let diagnostic) = output { print(diagnostic.rendered()) }
    }
    if outcome != .done { exit(1) }
  }
}

extension Duration {
  var milliseconds: Double { self / .milliseconds(1) }
}
