import Diagnostics

/// What the grades of a class say about its exercises: which one was hard, what went wrong most often, and whose answers are
/// alike.
public struct ClassSummary: Sendable {
  /// One exercise of an original.
  public struct ExerciseSummary: Sendable {
    /// The original's title.
    public let walkthrough: String
    /// The exercise's place in it, from 1.
    public let number: Int
    /// The exercise's title.
    public let title: String
    /// How many passed.
    public let passed: Int
    /// How many tried and failed.
    public let failed: Int
    /// How many left it as it was, or have it no more.
    public let open: Int
    /// The wrong answer that came more often than any other, and how often; nil where no two are the same.
    public let commonestAnswer: (code: String, count: Int)?
    /// What checks said most often, and how often; nil where nobody failed.
    public let commonestMessage: (text: String, count: Int)?

    /// The share that passed.
    public var share: Double { Double(passed) / Double(max(1, passed + failed + open)) }
  }

  /// Two notebooks whose answers are alike.
  public struct SimilarPair: Sendable, Equatable {
    /// The files.
    public let files: [String]
    /// The share that they have in common of what few others have, from 0 to 1.
    public let share: Double
  }

  /// The exercises, the hardest first.
  public let exercises: [ExerciseSummary]
  /// The pairs, the most alike first.
  public let similar: [SimilarPair]

  /// Looks at a sheet. Notebooks that were not graded to their end count for what was reached.
  public init(_ sheet: GradeSheet) {
    var places: [(walkthrough: String, index: Int)] = []
    for row in sheet.rows {
      for index in row.grades.indices
      where !places.contains(where: { $0.walkthrough == row.walkthrough && $0.index == index }) {
        places.append((row.walkthrough, index))
      }
    }
    let summaries = places.compactMap { place -> ExerciseSummary? in
      let rows = sheet.rows.filter { $0.walkthrough == place.walkthrough && $0.grades.count > place.index }
      return Self.summary(rows.map { $0.grades[place.index] }, place.walkthrough, place.index + 1)
    }
    exercises = summaries.enumerated().sorted {
      ($0.element.share, $0.offset) < ($1.element.share, $1.offset)
    }
    .map(\.element)
    similar = Self.pairs(sheet.rows)
  }

  private static func summary(_ grades: [ExerciseGrade], _ walkthrough: String, _ number: Int)
    -> ExerciseSummary?
  {
    guard let first = grades.first else { return nil }
    let failed = grades.filter { $0.verdict == .failed }
    let answers = Dictionary(grouping: failed) { AnswerTokens($0.answer).words }
    let answer = answers.values.max { ($0.count, $1[0].answer) < ($1.count, $0[0].answer) }
    let messages = Dictionary(grouping: failed, by: \.message)
    let message = messages.values.max { ($0.count, $1[0].message) < ($1.count, $0[0].message) }
    return ExerciseSummary(
      walkthrough: walkthrough, number: number, title: first.title,
      passed: grades.count { $0.verdict == .passed }, failed: failed.count,
      open: grades.count { [.untouched, .missing].contains($0.verdict) },
      commonestAnswer: answer.flatMap { $0.count > 1 ? ($0[0].answer, $0.count) : nil },
      commonestMessage: message.map { ($0[0].message, $0.count) })
  }

  // MARK: Answers that are alike

  /// Runs of so many words are compared: shorter ones are everybody's.
  private static let run = 4
  /// So much that few others have makes two notebooks worth a look.
  private static let (leastRuns, leastShare) = (8, 0.8)

  private static func pairs(_ rows: [GradeRow]) -> [SimilarPair] {
    let runs = rows.map { row in
      row.grades.filter { [.passed, .failed].contains($0.verdict) }.reduce(into: Set<String>()) {
        $0.formUnion(AnswerTokens($1.answer).runs(of: run))
      }
    }
    var counts: [String: Int] = [:]
    for text in runs.joined() { counts[text, default: 0] += 1 }
    // What a third of the class has stands in the starter, or is the answer that one expects.
    let many = max(2, rows.count / 3)
    let rare = runs.map { $0.filter { counts[$0, default: 0] <= many } }
    var pairs: [SimilarPair] = []
    for first in rows.indices where rare[first].count >= leastRuns {
      for second in rows.indices where second > first && rare[second].count >= leastRuns {
        let common = rare[first].intersection(rare[second]).count
        let share = Double(common) / Double(rare[first].count + rare[second].count - common)
        guard common >= leastRuns, share >= leastShare else { continue }
        pairs.append(SimilarPair(files: [rows[first].file, rows[second].file], share: share))
      }
    }
    return pairs.enumerated().sorted { (-$0.element.share, $0.offset) < (-$1.element.share, $1.offset) }
      .map(\.element)
  }
}

/// An answer's words and signs, without comments and blanks. The names that it gives itself count as one, so that new names do
/// not make an answer new.
struct AnswerTokens {
  let words: [String]

  init(_ code: String) {
    let lines = code.split(separator: "\n").map { $0.prefix { $0 != "#" } }
    let tokens = lines.map(Self.tokens)
    let own = Set(tokens.flatMap(Self.names))
    words = tokens.joined().map { own.contains($0) ? "_" : $0 }
  }

  /// Each run of so many words; one that is shorter counts as one.
  func runs(of length: Int) -> [String] {
    guard words.count > length else { return words.isEmpty ? [] : [words.joined(separator: " ")] }
    return (0...words.count - length).map { words[$0..<$0 + length].joined(separator: " ") }
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }

  private static func tokens(_ line: Substring) -> [String] {
    var tokens: [String] = []
    var isInWord = false
    for character in line {
      let goesOn = isInWord && isWordPart(character)
      if goesOn {
        tokens[tokens.count - 1].append(character)
      } else if !character.isWhitespace {
        tokens.append(String(character))
      }
      isInWord = isWordPart(character)
    }
    return tokens
  }

  /// The names that a line gives a value: `w = 1`, `def f(x)`, `for i in …`.
  private static func names(_ tokens: [String]) -> [String] {
    tokens.indices.compactMap { place in
      let before = place > 0 ? tokens[place - 1] : ";"
      let after = tokens.dropFirst(place + 1).prefix(2)
      guard tokens[place].first?.isLetter == true else { return nil }
      if ["def", "for"].contains(before) { return tokens[place] }
      let isAssigned = [";", "{", ","].contains(before) && after.first == "=" && after.last != "="
      return isAssigned ? tokens[place] : nil
    }
  }
}
