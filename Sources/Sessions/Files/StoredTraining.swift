import NeuralEngine

/// The figures of a network's last training, an array each; those that an epoch has not are NaN.
struct StoredTraining: Codable {
  var figures: [Int]
  var rows: Int
  var validationRows: Int
}

extension StoredTraining {
  init(_ result: TrainingResult, _ blocks: inout NumberBlocks) {
    figures = Figure.allCases.map { figure in blocks.add(result.epochs.map { $0[figure] ?? .nan }) }
    rows = result.trainedRows
    validationRows = result.validationRows
  }

  /// What a plot of it needs; how it was trained is not kept.
  func result(_ blocks: NumberBlocks) throws(EngineError) -> TrainingResult {
    var columns: [[Double]] = []
    for number in figures { columns.append(try blocks.doubles(number)) }
    guard columns.count == Figure.allCases.count, Set(columns.map(\.count)).count == 1 else {
      throw SessionFile.damaged("the figures of a training are not of one length")
    }
    let epochs = columns[0].indices.map { epoch in
      let row = columns.map { $0[epoch].isNaN ? nil : $0[epoch] }
      return EpochFigures(
        loss: columns[0][epoch], accuracy: row[1], validationLoss: row[2], validationAccuracy: row[3])
    }
    let options = TrainingOptions(
      epochs: max(1, epochs.count), batchSize: 1, loss: .mse, optimizer: .sgd(momentum: 0), rate: 1)
    return TrainingResult(
      end: .finished, epochs: epochs, options: options, trainedRows: rows, validationRows: validationRows)
  }
}
