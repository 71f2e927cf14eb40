import Foundation
import NeuralEngine
import Testing

/// Printing against what NumPy printed; `Fixtures/numpy_printing.py` makes the cases.
@Suite struct PrintingTests {
  private struct Case: Decodable {
    let shape: [Int]
    let values: [Number]
    let boolean: Bool
    let digits: Int
    let text: String
  }

  /// A JSON number, or a word for what JSON has no number for.
  private struct Number: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        value = try #require(Double(word))
      } else {
        value = try container.decode(Double.self)
      }
    }
  }

  @Test func printsAsNumPy() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/numpy_printing.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.count > 100)
    for item in cases {
      let tensor = try Tensor(
        shape: item.shape, values: item.values.map(\.value), isBoolean: item.boolean)
      #expect(tensor.formatted(digits: item.digits) == item.text)
    }
  }

  private static let numbers: [(Double, String)] = [
    (0, "0"), (3, "3"), (-2, "-2"), (0.25, "0.25"), (1.0 / 3, "0.3333"), (0.00001, "1e-05"),
    (0.000012345, "1.2345e-05"), (1e15, "1000000000000000"), (1e17, "1e+17"), (123456789.5, "1.2346e+08"),
    (.nan, "nan"), (-.infinity, "-inf"), (0.99999, "1"), (-0.00016106, "-0.0002"), (12345.678, "12345.678"),
  ]

  @Test(arguments: numbers)
  func printsSingleNumbers(_ value: Double, _ text: String) {
    #expect(formatNumber(value, digits: 4) == text)
    #expect(Tensor(value).formatted(digits: 4) == text)
  }

  @Test func printsTruth() {
    #expect(Tensor(true).formatted(digits: 4) == "true")
    #expect(Tensor(false).formatted(digits: 4) == "false")
  }

  @Test func survivesOddDigits() {
    #expect(formatNumber(0.5, digits: -3) == "0")
    #expect(formatNumber(1.5, digits: 1000) == "1.5")
    #expect(formatNumber(1.0 / 3, digits: Int.max) == "0.3333333333333333")
    #expect(formatNumber(12.5e10 + 0.5, digits: Int.max) == "1.250000000005e+11")
    #expect(Tensor([12.5, 1]).formatted(digits: Int.max) == "[12.5  1. ]")
    #expect(Tensor([12.5, 1]).formatted(digits: Int.min) == "[12.  1.]")
  }
}
