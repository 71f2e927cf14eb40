import Datasets
internal import Foundations
internal import NeuralEngine

/// Makes data sets of arrays.
struct ArrayDataset {
  /// The name of the data set.
  let name: String
  let options: ReadOptions

  /// One array for inputs and, if there is one, one for targets.
  ///
  /// - Throws: what does not fit.
  ///
  /// - Parameter isTable: whether an array that comes alone is a table whose last column is the target.
  func dataset(
    inputs: RawArray, targets: RawArray?, classes: [String]? = nil, isTable: Bool = true
  ) throws(CodedError) -> Dataset {
    try refuseEmpty(inputs)
    guard let targets else { return try table(inputs, isTable: isTable) }
    if options.targets != nil {
      throw CodedError(
        .unusedOption, "`target=` says nothing here: `\(targets.name)` holds the targets. Leave it out.")
    }
    try refuseEmpty(targets)
    guard inputs.shape[0] == targets.shape[0] else {
      throw CodedError(
        .rowCountsDiffer,
        "`\(inputs.name)` has \(inputs.shape[0]) rows but `\(targets.name)` has \(targets.shape[0]). There must be "
          + "one target for each row.")
    }
    try refuseInfinite(inputs)
    try refuseInfinite(targets)
    let rows = inputs.shape[0]
    var columns = DataColumn.numbers("y", targets.width)
    let values = targets.values.doubles
    if targets.width == 1, let levels = try levels(of: targets, values, named: classes) {
      columns[0].levels = levels
    }
    let shape = imageShape(inputs)
    let data = Dataset(
      name: name, rows: rows, storage: inputs.values, inputColumns: DataColumn.numbers("x", inputs.width),
      inputShape: shape, targets: values, targetColumns: columns)
    var features = options.features
    if !options.dropped.isEmpty {
      let names = data.inputColumns.map(\.name)
      let dropped = try ColumnChoice.names(options.dropped).places(among: names, of: inputs.name)
      features = .names(names.indices.filter { !dropped.contains($0) }.map { names[$0] })
    }
    let chosen = try data.selecting(features: features)
    return chosen.noting("\(account(inputs)); targets: \(account(targets))")
  }

  /// `60000 images of 28x28 in images.idx3-ubyte`
  private func account(_ array: RawArray) -> String {
    let shape = array.shape.dropFirst().sizesText
    let what =
      array.shape.count > 2
      ? "rows of \(shape)" : array.shape.count == 2 ? "rows of \(shape) numbers" : "numbers"
    let name = array.name.split(separator: "/").last.map(String.init) ?? array.name
    return "\(array.shape[0]) \(what) in \(name)"
  }

  /// `0`, `1`, … for whole numbers that are the first ones without a gap; the names that are known otherwise.
  private func levels(
    of labels: RawArray, _ values: [Double], named names: [String]?
  ) throws(CodedError) -> [String]? {
    guard let least = values.min(), let most = values.max() else { return nil }
    if let names {
      if let row = values.firstIndex(where: { !(0..<Double(names.count)).contains($0) }) {
        throw CodedError(
          .badLabel,
          "Row \(row + 1) of `\(labels.name)` has the class \(Int(values[row])), but there are \(names.count) classes, "
            + "from 0.")
      }
      return names
    }
    guard labels.isWhole, least == 0, most >= 1, most < 1000, Set(values).count == Int(most) + 1 else {
      return nil
    }
    return (0...Int(most)).map(String.init)
  }

  /// One array alone: a table whose last column is the target, or images without targets.
  private func table(_ array: RawArray, isTable: Bool) throws(CodedError) -> Dataset {
    try refuseInfinite(array)
    let width = array.width
    guard array.shape.count <= 2 else {
      return Dataset(
        name: name, rows: array.shape[0], storage: array.values, inputColumns: DataColumn.numbers("x", width),
        inputShape: imageShape(array)
      ).noting("\(account(array)); no target")
    }
    let names = (0..<width).map { "column\($0 + 1)" }
    var targets = width > 1 && isTable ? [width - 1] : []
    if let wanted = options.targets {
      targets = try ColumnChoice.names(wanted).places(among: names, of: array.name)
    }
    let dropped = try ColumnChoice.names(options.dropped).places(among: names, of: array.name)
    let rest = names.indices.filter { !targets.contains($0) && !dropped.contains($0) }
    let chosen = try options.features.places(among: rest.map { names[$0] }, of: array.name).map { rest[$0] }
    guard !chosen.isEmpty else {
      throw CodedError(.noFeatures, "`\(array.name)` has no column besides its target.")
    }
    let rows = array.shape[0]
    return Dataset(
      name: name, rows: rows, storage: array.values.picking(chosen, of: width, rows: rows),
      inputColumns: chosen.map { DataColumn(names[$0]) },
      targets: array.values.picking(targets, of: width, rows: rows).doubles,
      targetColumns: targets.map { DataColumn(names[$0]) }
    ).noting(
      "\(account(array)); \(targets.isEmpty ? "no target" : "target \(targets.map { names[$0] }.joined(separator: ", "))")"
    )
  }

  /// Height, width and channels for grey images; otherwise the axes behind the rows.
  private func imageShape(_ array: RawArray) -> [Int] {
    if array.shape.count < 2 { return [1] }
    if case .bytes = array.values, array.shape.count == 3 { return array.shape.dropFirst() + [1] }
    return Array(array.shape.dropFirst())
  }

  private func refuseEmpty(_ array: RawArray) throws(CodedError) {
    guard array.shape.isEmpty || array.shape.contains(0) else { return }
    let shape = array.shape.map(String.init).joined(separator: ", ")
    throw CodedError(
      .noRows, "`\(array.name)` has the shape (\(shape)): it has no rows to train on.")
  }

  private func refuseInfinite(_ array: RawArray) throws(CodedError) {
    guard case .doubles(let values) = array.values, let place = values.firstIndex(where: { !$0.isFinite })
    else {
      return
    }
    throw CodedError(
      .notFinite,
      "Row \(place / array.width + 1) of `\(array.name)` has \(values[place]) in column \(place % array.width + 1). "
        + "Networks need finite numbers: drop such rows, or replace the value, before saving.")
  }
}
