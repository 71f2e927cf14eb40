import Foundation

extension Double {
  /// The number with so many significant digits, its needless zeros left out: `0.000998`, `2.7e-05`.
  func significant(_ digits: Int) -> String { String(format: "%.\(digits)g", self) }
}

extension Int {
  /// So many of something: `1 row`, `4 rows`.
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
