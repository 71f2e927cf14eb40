import Diagnostics
import Foundation
import Outputs
import Sessions

/// How well networks learn, where the others ask how fast.
enum Learning {
  /// How many of 40 seeds end within 0.1 of the truth, by `train` and by hand.
  static func solvedSeeds() -> String {
    let ways = [("train", "train xor epochs=20_000 batch=1"), ("repeat", xorByHand)]
    return ways.map { name, cell in
      let solved = (0..<40).filter { seed in
        let session = Session(seed: UInt64(seed))
        run(xor.replacingOccurrences(of: "activate [0, 0]", with: "seed \(seed)"), in: session)
        run(cell, in: session)
        return holds("max(abs(predict(xor.x) - xor.y)) < 0.1", in: session)
      }
      return "\(name) \(solved.count)/40"
    }.joined(separator: ", ")
  }

  /// Whether a condition holds in a session.
  private static func holds(_ condition: String, in session: Session) -> Bool {
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
}
