import Diagnostics
import Foundation
import Foundations
import Language
import NetworkSchema
import Outputs
import Testing

@testable import NeuralEngine
@testable import Sessions

/// A kind of layer that exists in this test alone: all that nbs needs to know of it stands here, and one line registers
/// it.
private struct Gain: LayerKind {
  let factor: Double

  static let entry = LayerKindEntry(
    KindSchema(
      "gain", "multiplies by a number",
      options: [.required("factor", .number(.any), "what to multiply by")], examples: ["layer loud gain 2"])
  ) { options, _ in Gain(factor: options.number("factor") ?? 1) }

  var schema: KindSchema { Gain.entry.schema }
  var options: OptionValues { OptionValues(["factor": .number(factor)]) }

  func lower(_ layer: Layer, _ lowering: inout Lowering) -> NeuralEngine.Value {
    let result = lowering.array(layer.name, lowering.graph.shape(of: layer) ?? [])
    guard let feed = lowering.feed(of: layer) else { return result }
    lowering.emit(
      AddScaled(width: feed.width, factor: factor), [feed.buffer], to: [result.buffer], of: layer)
    return result
  }
}

@Suite struct LayerKindTests {
  /// What a session shows for some lines; a line that fails fails the test.
  private func show(_ session: Session, _ lines: String) throws -> String {
    var text = ""
    let outcome = session.evaluate(SourceText(lines, name: "test")) { output in
      switch output {
      case .text(let part): text += part + "\n"
      case .table(let table): text += table.rows.map { $0.joined(separator: " ") }.joined(separator: "\n")
      default: break
      }
    }
    try #require(outcome == .done, "\(lines): \(text)")
    return text
  }

  /// No layer has defaults besides those that its schema states: what must be given and is not is refused.
  @Test func whatALayerNeedsIsAskedFor() {
    for (kind, option) in [
      ("dense", "units"), ("embedding", "vocabulary"), ("conv2d", "filters"), ("dropout", "rate"),
      ("reshape", "shape"), ("lstm", "units"),
    ] {
      #expect {
        try Layer.Kind(kind, OptionValues(), named: "l")
      } throws: {
        ($0 as? SchemaViolation)?.option == option
      }
    }
    #expect(throws: SchemaViolation.self) {
      try Layer.Kind("dense", OptionValues(["units": .number(1.5)]), named: "l")
    }
  }

  /// From the command to the file and back, by its one file and one registration.
  @Test func aKindOfOnesOwnGoesAllTheWay() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "net.safetensors").path()
    try LayerKinds.withKinds([Gain.entry]) {
      let session = Session(seed: 1)
      _ = try show(
        session,
        """
        data line { 1 -> 6; 2 -> 12; 3 -> 18; 4 -> 24 }
        net loud loss=mse rate=0.01
        layer x input 1; layer up gain 3; layer y dense 1
        connect x -> up -> y
        """)
      #expect(try show(session, "summary").contains("up gain"))
      #expect(try show(session, "summary plan").contains("up add"))
      #expect(try show(session, "help gain").contains("multiplies by a number"))
      _ = try show(session, "train line epochs=200 batch=4\nassert loss < 1e-3")
      let answers = try show(session, "save loud \"\(path)\"\npredict([[5]])")
      let other = Session(seed: 2)
      _ = try show(other, "load loud \"\(path)\"")
      #expect(try answers.hasSuffix(show(other, "predict([[5]])")))
    }
    // Nobody else knows it.
    var failed: ErrorCode?
    _ = Session(seed: 1).evaluate(SourceText("net a; layer l gain 2", name: "test")) { output in
      if case .error(let diagnostic) = output { failed = diagnostic.code }
    }
    #expect(failed == .unknownKind)
  }

  /// What depends on what is asked for in one place: an edge's source is found by all that walk the graph.
  @Test func dependenciesAreTheEdgesSources() throws {
    var graph = NetworkGraph()
    for name in ["a", "b"] { try graph.add(Layer(name: name, kind: .input(size: 2))) }
    try graph.add(Layer(name: "c", kind: .dense(units: 1)))
    try graph.connect([Edge(from: "b", to: "c"), Edge(from: "a", to: "c")])
    #expect(graph.dependencies(of: "c").map(\.source) == ["b", "a"])
    #expect(graph.dependents(of: "a") == ["c"])
    #expect(try graph.sorted().map(\.name) == ["a", "b", "c"])
  }
}
