import Localization

/// Finding what somebody meant to type.
///
/// ```swift
/// let word = DidYouMean.nearest(to: "sigmoyd", among: ["relu", "sigmoid", "tanh"])  // "sigmoid"
/// ```
public enum DidYouMean {
  /// The question after a message: "Did you mean `sigmoid`?"; nil where nothing is near.
  public static func question(_ nearest: String?) -> String? {
    nearest.map { localized("Did you mean `\($0)`?") }
  }

  /// The same with the space before it; empty where nothing is near.
  public static func sentence(_ nearest: String?) -> String { question(nearest).map { " " + $0 } ?? "" }

  /// The candidate nearest to `word`, if one is near enough to be worth a guess.
  ///
  /// Near enough is one edit for a word of two to four letters and about one in three beyond that; case
  /// does not count. One letter is near to no other. A candidate that begins with the word, or that the word begins with, is near as well.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let typed = word.lowercased()
    let limit = typed.count < 2 ? 0 : max(1, (typed.count + 1) / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let known = candidate.lowercased()
      // It takes an edit at least for each letter that one has more.
      let isFar = abs(typed.count - known.count) > limit
      var distance = isFar ? limit + 1 : editDistance(typed, known)
      if typed.count >= 3, known.hasPrefix(typed) || (known.count >= 3 && typed.hasPrefix(known)) {
        distance = min(distance, limit)
      }
      guard distance <= limit, known.count > 1 || distance == 0 || typed.contains(known),
        distance < best?.distance ?? .max
      else {
        continue
      }
      best = (distance, candidate)
    }
    return best?.candidate
  }

  /// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours,
  /// each counted once.
  public static func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in b.indices {
        row[j + 1] = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
