import Diagnostics
import Language
import NetworkSchema
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// The catalog of kinds, as a session and the engine see it.
@Suite struct CatalogTests {
  @Test func namesAreTheEnginesOwn() {
    let catalog = NetworkCatalog.standard
    #expect(Set(catalog.activations.names) == Set(Activation.allCases.map(\.rawValue)))
    #expect(Set(catalog.losses.names) == Set(Loss.all.map(\.name)))
    #expect(Set(catalog.edges.names) == Set(EdgeType.allCases.map(\.rawValue)))
    #expect(Set(catalog.merges.names) == Set(Merge.allCases.map(\.rawValue)))
    #expect(Set(catalog.paddings.names) == Set(Padding.allCases.map(\.rawValue)))
    #expect(catalog.trainingMetrics.names == TrainingMetric.standard.map(\.rawValue))
    #expect(catalog.evaluationMetrics.names == Metric.allCases.map(\.rawValue))
    #expect(catalog.optimizers.names == catalog.optimizers.names.compactMap { Optimizer(named: $0)?.name })
    #expect(Set(catalog.initializers.names) == Set(Initializer.all.map(\.name)))
    #expect(Set(catalog.schedules.names) == Set(LearningRateSchedule.names))
    #expect(Set(WordList.precisions.words) == Set(Precision.allCases.map(\.rawValue)))
  }

  @Test func defaultsAreTheEnginesOwn() {
    for kind in NetworkCatalog.standard.optimizers {
      let rate = kind.completed(OptionValues()).number("rate")
      #expect(rate == Optimizer(named: kind.name)?.defaultRate, "\(kind)")
    }
  }

  @Test func aRegisteredLayerIsExplainedAndCompleted() {
    var catalog = NetworkCatalog.standard
    catalog.layers.append(
      KindSchema(
        "gain", "multiplies by a number",
        options: [.required("factor", .number(.any), "what to multiply by")], examples: ["layer loud gain 2"])
    )
    let session = Session(seed: 1)
    NetworkCatalog.$current.withValue(catalog) {
      var text = ""
      let outcome = session.evaluate(SourceText("help gain", name: "test")) { output in
        if case .text(let part) = output { text += part + "\n" }
      }
      #expect(outcome == .done)
      #expect(text.hasPrefix("layer NAME gain FACTOR\n  multiplies by a number\n"))
      #expect(text.hasSuffix("for example:\n  layer loud gain 2\n"))
      #expect(LanguageReference.markdown().contains("**`layer gain`** Multiplies by a number."))
      #expect(Completer.complete("layer loud ga", names: session.knownNames).words == ["gain"])
    }
    #expect(!LanguageReference.markdown().contains("layer gain"))
  }

  /// A second line changes what it names; a word starts afresh.
  @Test func whatIsSaidOfAnOptimizerHoldsUntilAnotherIsChosen() throws {
    let session = Session(seed: 1)
    func optimizer(_ line: String) throws -> Optimizer? {
      try #require(session.evaluate(SourceText(line, name: "test")) { _ in } == .done)
      return session.state.current?.defaults.optimizer
    }
    #expect(try optimizer("net a rate=0.5") == nil, "a rate goes with any optimizer")
    #expect(try optimizer("net a momentum=0.9") == .sgd(momentum: 0.9))
    #expect(session.state.current?.defaults.rate == 0.5)
    #expect(try optimizer("net a nesterov=true") == .sgd(momentum: 0.9, nesterov: true))
    #expect(try optimizer("net a optimizer=sgd") == .sgd())
    #expect(try optimizer("net a optimizer=rmsprop") == .rmsprop)
    #expect(session.state.current?.defaults.rate == nil, "a rate was meant for the optimizer before")
    #expect(try optimizer("net a optimizer=adam beta1=0.8")?.options.number("beta1") == 0.8)
    let both = try #require(try optimizer("net a epsilon=0.01")).options
    #expect(both.number("beta1") == 0.8 && both.number("epsilon") == 0.01 && both.number("beta2") == 0.999)
    #expect(try optimizer("net a optimizer=adamw")?.options.number("beta1") == 0.9)
  }

  @Test func whatIsSaidOfAScheduleHoldsUntilAnotherIsChosen() throws {
    let session = Session(seed: 1)
    func schedule(_ line: String) throws -> LearningRateSchedule? {
      try #require(session.evaluate(SourceText(line, name: "test")) { _ in } == .done)
      return session.state.current?.defaults.schedule
    }
    #expect(try schedule("net a schedule=step decay=0.5") == LearningRateSchedule(named: "step", decay: 0.5))
    #expect(try schedule("net a period=3") == LearningRateSchedule(named: "step", decay: 0.5, period: 3))
    #expect(try schedule("net a schedule=cosine decay=0") == LearningRateSchedule(named: "cosine", decay: 0))
    #expect(try schedule("net a rate=1") == LearningRateSchedule(named: "cosine", decay: 0))
  }
}
