import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// The fast way must give the very bits of strtod, or decline.
@Suite struct DecimalNumberTests {
  private func fast(_ text: String) -> Double? {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    return bytes.withUnsafeBufferPointer { bytes in
      PowersOfFive.table.withUnsafeBufferPointer { powers in
        guard let start = bytes.baseAddress, let powers = powers.baseAddress else { return nil }
        var end = start
        let value = DecimalNumber.read(start, decimal: UInt8(ascii: "."), powers: powers, end: &end)
        if value != nil { #expect(end - start == text.utf8.count, "\(text)") }
        return value
      }
    }
  }

  @Test(arguments: [
    "0", "-0", "1", "+7", ".5", "5.", "0.1", "-0.1", "1e5", "1E-5", "1e+22", "1e23", "123456789.125",
    "0.30000000000000004",
    "9007199254740993", "9007199254740991", "9007199254740993e3", "1.7976931348623157",
    "-0.10321885179355784",
    "9999999999999999999", "9223372036854775808", "4503599627370496.5", "4503599627370497.5",
    "0.000000000000000000000000000012345678901234567", "1234567890123456789e36", "3.141592653589793238",
    "2.5e-53",
  ])
  func sameAsStrtod(text: String) throws {
    let value = try #require(fast(text))
    #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "abc", "18446744073709551615", "123456789012345678901", "1e400",
    "1e-300", "nan", "inf",
  ])
  func leavesHardOnesAlone(text: String) { #expect(fast(text) == nil) }

  @Test func randomNumbersKeepTheirBits() throws {
    var random = RandomStream(seed: 5)
    for round in 0..<200_000 {
      let text: String
      switch round % 4 {
      case 0: text = (random.normal() * 100).description
      case 1: text = "\(random.next())e\(random.below(100) - 50)"
      case 2: text = "\(random.below(1_000_000)).\(random.below(1_000_000_000_000))"
      default: text = Double(bitPattern: random.next() & ~(1 << 62) | 0x3000_0000_0000_0000).description
      }
      guard let value = fast(text) else { continue }
      guard value.bitPattern == Double(text)?.bitPattern else {
        Issue.record("\(text) was read as \(value)")
        return
      }
    }
  }

  @Test func halfWaysGoToTheEvenNumber() {
    var random = RandomStream(seed: 6)
    for _ in 0..<50_000 {
      // Between two doubles above 2⁵³ there is just one whole number.
      let text = "\((1 << 53) + 1 + 2 * random.below(1 << 52))"
      #expect(fast(text) == Double(text))
    }
  }
}
