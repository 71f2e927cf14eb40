import Foundation

extension Double {
  /// The number with so many significant digits, its needless zeros left out: `0.000998`, `2.7e-05`.
  func significant(_ digits: Int) -> String { String(format: "%.\(digits)g", self) }
}
