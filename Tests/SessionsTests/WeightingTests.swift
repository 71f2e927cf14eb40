import Diagnostics
import Foundations
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// Classes and rows that count more than others.
@Suite struct WeightingTests {
  private func weights(after train: String) throws -> [Double] {
    let session = Session()
    let program = """
      data d { 0.1 -> 1; 0.9 -> 1; 0.4 -> 1; 0.8 -> 1; 0.2 -> 0; 0.3 -> 0 }
      w = [0.75, 0.75, 0.75, 0.75, 1.5, 1.5]
      net n
      layer i input 1
      layer o dense 1 sigmoid
      connect all
      \(train)
      """
    let outcome = session.evaluate(SourceText(program, name: "test")) { _ in }
    try #require(outcome == .done, "\(outcome)")
    return try #require(session.state.current?.parameters).flatMap(\.values)
  }

  /// The weights are those of the example in scikit-learn's documentation of `compute_class_weight`.
  @Test func balancedIsAsInScikitLearn() throws {
    let balanced = try weights(after: "train d epochs=20 rate=0.5 class_weight=balanced")
    #expect(try balanced == weights(after: "train d epochs=20 rate=0.5 class_weight=[1.5, 0.75]"))
    #expect(try balanced == weights(after: "train d epochs=20 rate=0.5 weights=w"))
    #expect(try balanced != weights(after: "train d epochs=20 rate=0.5"))
  }

  /// One class in fifteen: the plain network never names it, and says so; a balanced one does.
  @Test func aRareClassIsFound() throws {
    let session = Session()
    var notices: [Diagnostic] = []
    func run(_ cell: String) throws {
      let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
        if case .notice(let notice) = output { notices.append(notice) }
      }
      try #require(outcome == .done, "\(outcome)")
    }
    try run(
      """
      seed 3
      x = randn(600, 2)
      y = where(x[:, 0] + 0.5 * randn(600) > 1.7, 1, 0)
      data rare = x -> y
      net n
      layer i input 2
      layer o dense 1 sigmoid
      connect all
      train rare epochs=30 rate=0.3
      """)
    let notice = try #require(notices.last { $0.code == .unbalancedClasses })
    let line = try #require(
      notice.message.split(separator: "`").last { $0.contains("class_weight=balanced") })
    try run("evaluate rare")
    let recall = try #require(session.array(named: "recall")?.scalar)
    notices = []
    try run(String(line))
    #expect(!notices.contains { $0.code == .unbalancedClasses })
    try run("evaluate rare")
    #expect(try #require(session.array(named: "recall")?.scalar) > recall + 0.2)
  }
}
