internal import NeuralEngine

/// Columns that look like an input and are none: nothing that is learned from them holds for other rows.
extension Dataset {
  /// Fewer rows say nothing of the kind.
  private static let fewestRows = 10

  /// A remark for each kind of doubtful column, with what to type; none for small tables.
  package var doubtfulColumns: [String] {
    guard rows >= Dataset.fewestRows, steps == nil, inputShape.count == 1, case .doubles(let values) = storage
    else {
      return []
    }
    var counting: [String] = []
    var named: [String] = []
    var telling: [String] = []
    var start = 0
    for column in inputColumns {
      defer { start += column.width }
      if let levels = column.levels {
        if levels.count * 2 > rows {
          named.append(column.name)
        } else if tellsClass(start, column.width, values) {
          telling.append(column.name)
        }
      } else if isCount(start, values) || (isUnique(start, values) && isCalledID(column.name)) {
        counting.append(column.name)
      } else if tellsTarget(start, values) {
        telling.append(column.name)
      }
    }
    let all = counting + named + telling
    guard !all.isEmpty else { return [] }
    func words(_ columns: [String], _ one: String, _ many: String) -> String? {
      columns.isEmpty
        ? nil
        : columns.prefix(6).map { "`\($0)`" }.joined(separator: ", ") + (columns.count > 6 ? ", …" : "") + " "
          + (columns.count == 1 ? one : many)
    }
    let doubts = [
      words(counting, "only numbers the rows", "only number the rows"),
      words(named, "has a text of its own in most rows", "have a text of their own in most rows"),
      words(telling, "tells the target exactly", "tell the target exactly"),
    ].compactMap(\.self).joined(separator: "; ")
    let names = all.map(\.asColumnName).joined(separator: ", ")
    return ["\(doubts). To learn without: \(all.count == 1 ? "drop=\(names)" : "drop=[\(names)]")"]
  }

  private func column(_ start: Int, _ values: [Double]) -> some Sequence<Double> {
    (0..<rows).lazy.map { values[$0 * inputWidth + start] }
  }

  /// Counts up or down by one, row by row.
  private func isCount(_ start: Int, _ values: [Double]) -> Bool {
    let step = values[inputWidth + start] - values[start]
    guard abs(step) == 1 else { return false }
    return (1..<rows).allSatisfy {
      values[$0 * inputWidth + start] - values[($0 - 1) * inputWidth + start] == step
    }
  }

  /// Whole numbers, each once.
  private func isUnique(_ start: Int, _ values: [Double]) -> Bool {
    var seen: Set<Double> = []
    return column(start, values).allSatisfy { $0 == $0.rounded() && seen.insert($0).inserted }
  }

  /// `Id`, `PassengerId`, `customer_id`, `No.`
  private func isCalledID(_ name: String) -> Bool {
    ["id", "no", "no.", "nr", "#", "index"].contains(name.lowercased()) || name.hasSuffix("Id")
      || name.hasSuffix("ID")
      || name.lowercased().hasSuffix("_id") || name.lowercased().hasSuffix(" id")
  }

  /// The target itself, or the target times a number plus another.
  private func tellsTarget(_ start: Int, _ values: [Double]) -> Bool {
    guard targetWidth == 1 else { return false }
    if classes != nil { return tellsClass(start, 1, values) }
    guard let high = targets.indices.max(by: { targets[$0] < targets[$1] }),
      let low = targets.indices.min(by: { targets[$0] < targets[$1] }), targets[high] > targets[low]
    else { return false }
    func value(_ row: Int) -> Double { values[row * inputWidth + start] }
    let slope = (value(high) - value(low)) / (targets[high] - targets[low])
    guard slope != 0, slope.isFinite else { return false }
    let room = 1e-9 * max(abs(value(high)), abs(value(low)), abs(value(high) - value(low)))
    return targets.indices.allSatisfy {
      abs(value(low) + slope * (targets[$0] - targets[low]) - value($0)) <= room
    }
  }

  /// Whether each of a few values stands for one class: as many as there are classes, or few more.
  private func tellsClass(_ start: Int, _ width: Int, _ values: [Double]) -> Bool {
    guard let classes, let classOfRow, Set(classOfRow).count > 1 else { return false }
    var classOfValue: [Double: Int] = [:]
    for row in 0..<rows {
      let first = row * inputWidth + start
      let value: Double =
        width == 1
        ? values[first] : Double(values[first..<first + width].firstIndex(of: 1).map { $0 - first } ?? -1)
      guard classOfValue.count <= classes.count else { return false }
      if let known = classOfValue[value] {
        if known != classOfRow[row] { return false }
      } else {
        classOfValue[value] = classOfRow[row]
      }
    }
    return classOfValue.count <= classes.count
  }
}

extension Dataset {
  /// The same data set with further remarks.
  package func adding(notes: [String]) -> Dataset {
    var data = self
    data.notes += notes
    return data
  }

  /// The same data set with one remark in place of all.
  package func noting(_ note: String) -> Dataset {
    var data = self
    data.notes = [note]
    return data
  }
}
