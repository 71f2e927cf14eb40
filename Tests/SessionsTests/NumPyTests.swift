import Diagnostics
import Foundation
import NeuralEngine
import Testing

@testable import Sessions

/// Expressions whose values NumPy has worked out; `Fixtures/numpy_expressions.py` makes the file.
@Suite struct NumPyTests {
  struct Fixture: Decodable {
    let prelude: [String]
    let expressions: [Entry]
  }

  struct Entry: Decodable, Sendable {
    let nbs: String
    let shape: [Int]
    let values: [Number]
    let boolean: Bool?
  }

  /// A number, or one of the values that JSON has no number for.
  struct Number: Decodable, Sendable {
    let value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self.value = value
      } else {
        value = Double(try container.decode(String.self)) ?? .nan
      }
    }
  }

  private static func fixture() throws -> Fixture {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/numpy_expressions.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  @Test func agreesWithNumPy() throws {
    let fixture = try Self.fixture()
    #expect(fixture.expressions.count > 100)
    let session = Session()
    let prelude = SourceText(fixture.prelude.joined(separator: "\n"), name: "prelude")
    try #require(session.evaluate(prelude) { _ in } == .done)
    for entry in fixture.expressions {
      let outcome = session.evaluate(SourceText("result = \(entry.nbs)", name: "numpy")) { _ in }
      guard outcome == .done, let array = session.array(named: "result") else {
        Issue.record("\(entry.nbs): \(outcome)")
        continue
      }
      #expect(array.shape == entry.shape, "\(entry.nbs)")
      #expect(array.isBoolean == (entry.boolean ?? false), "\(entry.nbs)")
      let isSame =
        array.count == entry.values.count
        && zip(array.values, entry.values).allSatisfy { Self.agree($0, $1.value) }
      #expect(isSame, "\(entry.nbs) is \(array.values), and NumPy says \(entry.values.map(\.value))")
    }
  }

  /// Equal, both nan, or apart by less than the last digits that two libraries differ in.
  private static func agree(_ a: Double, _ b: Double) -> Bool {
    if a == b || (a.isNaN && b.isNaN) { return true }
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-3)
  }
}
