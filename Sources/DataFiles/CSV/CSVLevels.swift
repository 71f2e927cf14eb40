internal import NeuralEngine

/// The different words of a column, numbered as they come.
struct CSVLevels {
  /// More words than this are no categories.
  static let limit = 1000

  private var codes: [String: Int] = [:]
  private(set) var words: [String] = []

  /// The number of a word, if it came before.
  @inline(__always)
  func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let word = String(validating: bytes, as: UTF8.self) else { return nil }
    return codes[word]
  }

  /// The number of a word; nil for one word too many.
  mutating func code(adding word: String) -> Int? {
    if let code = codes[word] { return code }
    guard words.count < CSVLevels.limit else { return nil }
    codes[word] = words.count
    words.append(word)
    return words.count - 1
  }

  /// The words in order, numbers by size, and the new place of each old number.
  var sorted: (words: [String], places: [Int]) {
    let numbers = words.compactMap { FieldText.number($0, decimal: ".") }
    let order =
      numbers.count == words.count
      ? words.indices.sorted { numbers[$0] < numbers[$1] } : words.indices.sorted { words[$0] < words[$1] }
    var places = [Int](repeating: 0, count: words.count)
    for (place, code) in order.enumerated() { places[code] = place }
    return (order.map { words[$0] }, places)
  }
}
