import Datasets
import Diagnostics
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

@Suite("What a network's outputs are predictions of is the same everywhere")
struct PredictionTaskTests {
  /// Losses with the output layers that tell classes apart with them.
  static let binary = [
    ("mse", "sigmoid"), ("bce", "sigmoid"), ("mae", "sigmoid"), ("huber", "sigmoid"), ("poisson", "sigmoid"),
    ("hinge", "linear"), ("hinge", "tanh"), ("mse", "tanh"),
  ]
  static let multiclass = [
    ("crossentropy", "softmax"), ("mse", "softmax"), ("kl", "softmax"), ("mae", "softmax"),
    ("bce", "softmax"),
    ("hinge", "linear"), ("hinge", "tanh"),
  ]
  static let oneHot = [("mse", "sigmoid"), ("bce", "sigmoid"), ("poisson", "softplus"), ("mse", "softmax")]

  @Test("Two classes, one output", arguments: binary)
  func twoClasses(loss: String, output: String) throws {
    try check(data: "data moons n=40 noise=0.3", "moons", inputs: 2, outputs: 1, loss, output)
  }

  @Test("Several classes, an output each", arguments: multiclass)
  func severalClasses(loss: String, output: String) throws {
    try check(data: "data iris\nprepare iris scale=zscore", "iris", inputs: 4, outputs: 3, loss, output)
  }

  @Test("Several classes in one-hot rows", arguments: oneHot)
  func oneHotRows(loss: String, output: String) throws {
    let rows = (0..<30).map { row in
      let place = ["1 0 0", "0 1 0", "0 0 1"][row * 7 % 11 % 3]
      return "\(row % 5 - 2) \(row % 3 - 1) -> \(place)"
    }
    try check(
      data: "data spots { \(rows.joined(separator: "; ")) }", "spots", inputs: 2, outputs: 3, loss, output)
  }

  @Test("A linear output gives quantities, unless the loss is hinge")
  func quantities() throws {
    let studio = try Studio("data moons n=20\nnet n\nlayer i input 2\nlayer o dense 1 linear\nconnect all")
    #expect(try studio.network().task == .regression)
    _ = try studio.caption("train moons epochs=1")
    #expect(try studio.network().lastTraining?.history.recent.last?.accuracy == nil)
  }

  /// Trains, and holds the last line of a training that moves nothing, `evaluate`, `plot confusion` and `predict` to one
  /// count of right rows.
  private func check(
    data: String, _ name: String, inputs: Int, outputs: Int, _ loss: String, _ output: String
  ) throws {
    let studio = try Studio(
      """
      \(data)
      net n loss=\(loss)
      layer i input \(inputs)
      layer h dense 4 tanh
      layer o dense \(outputs) \(output)
      connect all
      train \(name) epochs=2 rate=0.02
      train \(name) epochs=1 rate=1e-30
      evaluate \(name)
      """)
    let set = try studio.set(name)
    let trained = try #require(try studio.network().lastTraining?.history.recent.last?.accuracy)
    let right = Int((trained * Double(set.rows)).rounded())
    #expect(right > 0 && right < set.rows, "every row the same way says nothing")
    guard case .tensor(let accuracy)? = studio.session.state.value(of: "accuracy"),
      let evaluated = accuracy.values.first
    else {
      Issue.record("evaluate left no accuracy behind")
      return
    }
    #expect(Int((evaluated * Double(set.rows)).rounded()) == right)
    #expect(try studio.caption("plot confusion \(name)").contains(": \(right) of \(set.rows) rows"))
    #expect(try studio.wrongPredictions(of: name, rows: set.rows) == set.rows - right)
  }
}

extension Studio {
  /// How many rows of what `predict` shows are marked as wrong, or where it shows numbers, are on the other side of the
  /// threshold than their target.
  fileprivate func wrongPredictions(of name: String, rows: Int) throws -> Int {
    var table: Table?
    let outcome = session.evaluate(SourceText("predict \(name) n=\(rows)", name: "test")) { output in
      if case .table(let shown) = output { table = shown }
    }
    try #require(outcome == .done)
    let shown = try #require(table)
    if shown.columns.contains(where: { $0.title == "predicted" }) {
      return shown.rows.count { $0.last == "wrong" }
    }
    let threshold = try network().task.threshold
    let width = try network().graph.outputWidth
    return try shown.rows.count { row in
      let numbers = try row.suffix(2 * width).map { try #require(Double($0)) }
      let (outputs, targets) = (Array(numbers.prefix(width)), Array(numbers.suffix(width)))
      if width > 1 { return outputs.firstIndex(of: outputs.max() ?? 0) != targets.firstIndex(of: 1) }
      return (outputs[0] >= threshold) != (targets[0] >= 0.5)
    }
  }
}
