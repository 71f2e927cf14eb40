/// A cell; what it showed is kept as text.
struct StoredCell: Codable {
  var number: Int
  var source: String
  var outputs: [String]
  var outcome: String
  var seconds: Double
  var repeatedBy: Int?
  var unchanged: [String]
}
