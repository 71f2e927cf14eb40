/// A formula in a line of prose: `$…$`, or `$$…$$` for one that is displayed in a line of its own.
///
/// A dollar that no formula can begin or end at is text, by the rule that Pandoc and code hosts have: right behind the first
/// stands no space, right before the last neither, and no digit follows it. So `$5 or $10` holds no formula.
public struct FormulaMark: Sendable, Equatable {
  /// The TeX between the dollars.
  public let tex: String
  /// Whether there are two dollars on either side.
  public let isDisplayed: Bool
  /// The place behind the last dollar.
  public let end: Int

  /// The formula that begins at a place; nil where a dollar there is text.
  public init?(in text: [Character], at start: Int) {
    guard start < text.count, text[start] == "$" else { return nil }
    let dollars = text[start...].prefix(3) { $0 == "$" }
    guard dollars < 3 else { return nil }
    let first = start + dollars
    guard first < text.count, dollars == 2 || !text[first].isWhitespace else { return nil }
    var place = first
    while place < text.count {
      if text[place] == "\\" {
        place += 2
        continue
      }
      guard text[place] == "$" else {
        place += 1
        continue
      }
      let isDouble = place + 1 < text.count && text[place + 1] == "$"
      if dollars == 2, isDouble, place > first {
        self.init(text, first..<place, dollars)
        return
      }
      let following = place + 1 < text.count ? text[place + 1] : " "
      let closes = place > first && !text[place - 1].isWhitespace && !following.isNumber
      guard dollars == 1, closes, !isDouble else { return nil }
      self.init(text, first..<place, dollars)
      return
    }
    return nil
  }

  private init(_ text: [Character], _ inner: Range<Int>, _ dollars: Int) {
    tex = String(text[inner])
    isDisplayed = dollars == 2
    end = inner.upperBound + dollars
  }
}

extension ArraySlice<Character> {
  /// How many of the first characters satisfy a condition, up to a number.
  fileprivate func prefix(_ limit: Int, while condition: (Character) -> Bool) -> Int {
    prefix(limit).prefix(while: condition).count
  }
}
