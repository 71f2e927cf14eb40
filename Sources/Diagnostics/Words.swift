import Foundation
import Foundations
import Localization

extension Int {
  /// So many of something: `1 row`, `4 rows`, `2 more classes`.
  public func counted(_ noun: String) -> String { EnglishNoun.counted(self, noun) }
}

extension String {
  /// A noun for more than one: `epochs`, `batches`.
  public var plural: String { EnglishNoun.plural(of: self) }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  public var listed: String { listed(with: "and") }

  /// `a`, `a or b`, `a, b or c`.
  public var alternatives: String { listed(with: "or") }

  private func listed(with word: String) -> String {
    guard let last, count > 1 else { return joined() }
    return dropLast().joined(separator: ", ") + " \(word) " + last
  }
}

extension Double {
  /// A share in per cent, with a decimal at the most: `93%`, `4.2%`. Only 0 is 0% and only 1 is 100%: what is nearer to
  /// them than a decimal tells has a bound, `<0.1%` or `>99.9%`.
  public var shareText: String {
    if self > 0, self < 0.001 { return localized("\("<0.1")%") }
    if self < 1, self > 0.999 { return localized("\(">99.9")%") }
    let percent = "\((self * 1000).rounded() / 10)"
    return localized("\(percent.hasSuffix(".0") ? String(percent.dropLast(2)) : percent)%")
  }
}

extension Double {
  /// So many seconds for a reader: `300 us`, `40 ms`, `2.5 s`, `6 s`, `3 min 20 s`, `2 h 5 min`.
  public var durationText: String {
    if self < 0.001 { return "\(Int((self * 1e6).rounded())) us" }
    if self < 1 { return "\(Int((self * 1000).rounded())) ms" }
    if self < 60 { return "\(((self * 10).rounded() / 10).brief) s" }
    let whole = Int(min(rounded(), 1e15))
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension Double {
  /// The number with so many significant digits, its needless zeros left out: `0.000998`, `2.7e-05`.
  public func significant(_ digits: Int) -> String { String(format: "%.\(digits)g", self) }

  /// A metric's value: four significant digits, an accuracy in per cent.
  public func metricText(_ name: String) -> String {
    guard isFinite else { return "\(self)" }
    return name.hasSuffix("accuracy") ? shareText : significant(4)
  }
}
