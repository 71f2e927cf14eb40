import Diagnostics
import Foundation
import NeuralEngine
import Outputs
import Rendering
import Testing

@testable import Sessions

/// `metrics=`: what is measured after each epoch. `evaluate`, whose figures are held against scikit-learn's, is what they
/// are held against here.
@Suite struct WatchedMetricTests {
  private static let moons = """
    seed 7
    data moons from moons n=80 noise=0.4
    split moons validate=40%
    net n optimizer=adam rate=0.05
    layer i input 2
    layer h dense 6 relu
    layer o dense 1 sigmoid
    connect all

    """

  private func shown(_ cell: String, in session: Session) throws -> String {
    var shown: [String] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { shown.append($0.text(.report)) }
    try #require(outcome == .done, "\(outcome)")
    return shown.joined(separator: "\n")
  }

  private func refusal(_ cell: String, in session: Session) throws -> String {
    guard case .failed(let diagnostic) = session.evaluate(SourceText(cell, name: "test"), emit: { _ in })
    else {
      Issue.record("\(cell) should fail")
      return ""
    }
    return diagnostic.message
  }

  @Test func theyAreWhatEvaluateSays() throws {
    let session = Session()
    let text = try shown(
      Self.moons + "train moons epochs=6 metrics=auc,f1,precision keep=last", in: session)
    #expect(text.contains("val_auc 0.") && text.contains("val_f1 "))
    let watched = session.metrics
    _ = try shown("evaluate moons.validate", in: session)
    let evaluated = session.metrics
    for name in ["auc", "f1", "precision"] {
      let value = try #require(watched["val_" + name])
      #expect(value == evaluated[name] && value > 0, "\(name)")
    }
    // A training that was not asked says nothing of them.
    _ = try shown("train moons epochs=1", in: session)
    #expect(session.metrics["val_auc"] == nil && session.metrics["val_loss"] != nil)
  }

  @Test func withoutValidationTheyAreOfTheTrainingRows() throws {
    let session = Session()
    _ = try shown(
      Self.moons.replacing("split moons validate=40%", with: "")
        + "train moons epochs=4 metrics=[auc] until auc>0.5", in: session)
    let auc = try #require(session.metrics["auc"])
    _ = try shown("evaluate moons", in: session)
    #expect(session.metrics["auc"] == auc)
  }

  /// The epoch that is kept is that with the largest `val_auc`, and a metric that is monitored need not be asked for besides.
  @Test func epochsAreComparedByThem() throws {
    let session = Session()
    let text = try shown(Self.moons + "train moons epochs=12 rate=0.3 monitor=val_auc", in: session)
    #expect(text.contains("the best by val_auc"))
    let training = try #require(session.state.current?.lastTraining)
    let metric = TrainingMetric.watched(
      WatchedMetric("auc", isOfValidation: true, lowerIsBetter: false))
    let values = try #require(training.history.values(of: metric))
    #expect(values.count == 12 && training.metrics?[metric] == values.max())
    _ = try shown("evaluate moons.validate", in: session)
    #expect(session.metrics["auc"] == values.max())
  }

  /// Amounts in their own units, by a function as by the metric of that name.
  @Test func functionsAreMetrics() throws {
    let session = Session()
    let setup = """
      seed 2
      x = rand(40, 2)
      y = 100 * x[:, 0] + 5
      data line = x -> y
      split line validate=25%
      prepare line
      net n
      layer i input 2
      layer o dense 1
      connect all
      def cost(targets, outputs) = mean(abs(targets - outputs))
      def gain(targets, outputs) = -mean(abs(targets - outputs))

      """
    _ = try shown(setup + "train line epochs=5 metrics=mae,cost,gain monitor=val_gain goal=max", in: session)
    let (mae, cost) = (try #require(session.metrics["val_mae"]), try #require(session.metrics["val_cost"]))
    #expect(abs(mae - cost) < 1e-9 * mae && mae > 0.1)
    _ = try shown("evaluate line.validate", in: session)
    #expect(try abs(#require(session.metrics["mae"]) - mae) < 1e-9 * mae)
    let training = try #require(session.state.current?.lastTraining)
    let values = try #require(
      training.history.values(of: .watched(WatchedMetric("gain", isOfValidation: true, lowerIsBetter: false)))
    )
    #expect(try values[#require(training.best).epoch - 1] == values.max())
    // The curve is there.
    let plot = try shown("plot metric cost", in: session)
    #expect(plot.contains("val_cost of n on line.train"))
  }

  @Test func aSessionsFileKeepsThem() throws {
    let transcript = Transcript(session: Session(seed: 4))
    run([Self.moons + "train moons epochs=5 metrics=auc monitor=val_auc"], in: transcript)
    let again = try reopened(transcript)
    let (before, after) = (
      transcript.session.state.current?.lastTraining, again.session.state.current?.lastTraining
    )
    #expect(before?.history == after?.history && before?.best == after?.best)
    #expect(after?.history.last?.watched.first?.metric.title == "val_auc")
  }

  @Test func aTrainingThatGoesOnHasAllOfThem() throws {
    let file = SessionPath()
    let whole = Session()
    _ = try shown(Self.moons + "train moons epochs=6 metrics=auc monitor=val_auc", in: whole)
    let first = Session()
    _ = try shown(
      Self.moons + "train moons epochs=3 metrics=auc monitor=val_auc checkpoint=\"\(file.path)\" every=1",
      in: first)
    let second = Session()
    _ = try shown(
      Self.moons + "train moons epochs=6 metrics=auc monitor=val_auc resume=\"\(file.path)\"", in: second)
    let (a, b) = (whole.state.current?.lastTraining, second.state.current?.lastTraining)
    #expect(a?.history == b?.history && a?.best == b?.best)
    #expect(
      whole.state.current?.parameters?.map(\.values) == second.state.current?.parameters?.map(\.values))
  }

  @Test func whatIsNotMeasuredIsRefused() throws {
    let session = Session()
    _ = try shown(Self.moons + "train moons epochs=1", in: session)
    #expect(try refusal("train moons metrics=r2", in: session).contains("precision, recall, f1, auc"))
    #expect(try refusal("train moons metrics=top_5", in: session).contains("not measured here"))
    #expect(try refusal("train moons metrics=auk", in: session).contains("Did you mean `auc`?"))
    #expect(try refusal("train moons monitor=auc", in: session).contains("as `val_auc`"))
    #expect(try refusal("train moons.train monitor=val_auc", in: session).contains("validate=20%"))
    _ = try shown("def one(x) = 1\ndef rows(t, o) = t - o\ndef wrong(t, o) = t @ o", in: session)
    #expect(try refusal("train moons metrics=one", in: session).contains("takes 1 argument"))
    #expect(try refusal("train moons metrics=rows", in: session).contains("A metric is one number"))
    _ = try refusal("train moons metrics=wrong", in: session)
    #expect(try refusal("plot metric f1", in: session).contains("metrics=f1"))
  }
}
