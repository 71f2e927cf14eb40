import Datasets
import Foundations
import ModelFiles
import NeuralEngine

/// A data set and its parts as a session's file describes them.
struct StoredData: Codable {
  var set: StoredTable
  var train: StoredTable
  var validate: StoredTable?
  var test: StoredTable?
  var preparation: StoredPreparation?
  var augmentation: StoredAugmentation?
}

struct StoredTable: Codable, Equatable {
  var name: String
  var rows: Int
  var shape: [Int]
  var inputs: [StoredColumn]
  var targets: [StoredColumn]
  /// The numbers of the inputs, or their bytes with offsets and divisors.
  var numbers: Int?
  var bytes: Int?
  var offsets: Int?
  var divisors: Int?
  var answers: Int
  /// The places that the source left empty; nil for none.
  var filled: Int?
  /// How a series was cut into windows: how many steps ahead the target lies.
  var ahead: Int?
  /// How many steps each row has, where rows are sequences of their own lengths; nil where all are equally wide.
  var lengths: Int?
  /// Whether each of these steps has targets of its own; nil for no.
  var stepTargets: Bool?
  /// When each row begins and ends; nil where no column says it.
  var times: Int?
  /// The tokens of a text; nil for a table of something else.
  var vocabulary: VocabularyRecord?
  /// The columns that were dropped; nil for none.
  var labels: [StoredLabels]?
  var notes: [String]
}

struct StoredLabels: Codable, Equatable {
  var name: String
  /// The texts in UTF-8, a zero byte behind each.
  var bytes: Int
  /// Those of the steps of sequences, row by row in the same way; nil for none.
  var stepBytes: Int?
  /// Whether its numbers say how much each row counts.
  var weight: Bool?
  /// What else its texts say of the rows: `order` or `series`.
  var role: String?
  /// Whether they are dates; nil for no.
  var dates: Bool?
}

struct StoredColumn: Codable, Equatable {
  var name: String
  var levels: [String]?
  var missing: Int
  /// Whether the word `other` takes those that were not seen in training; nil for no.
  var groupsOthers: Bool?
  /// The means of its inputs over the rows of a training; nil where it is no column of one.
  var means: [Double]?
  /// What stands in for missing values, where that is not the mean.
  var filling: String?
  /// What is learned in place of a target: `log`.
  var transform: String?
  /// Whether it says where another column had no value; nil for no.
  var isIndicator: Bool?
}

struct StoredPreparation: Codable {
  /// An offset and a divisor a row.
  var inputs: Int
  var targets: Int?
  var constant: [String]
}

struct StoredAugmentation: Codable {
  var shift: Int
  var rotate: Double
  var zoom: Double
  var flip: String
  var noise: Double
  var cutout: Int
  var fill: String
}

extension StoredAugmentation {
  init(_ augmentation: Augmentation) {
    shift = augmentation.shift
    rotate = augmentation.rotate
    zoom = augmentation.zoom
    flip = augmentation.flip.rawValue
    noise = augmentation.noise
    cutout = augmentation.cutout
    fill = augmentation.fill.rawValue
  }

  /// The augmentation, if it fits the rows of a data set.
  func augmentation(of set: Dataset) throws -> Augmentation {
    guard let flip = Augmentation.Flip(rawValue: flip), let fill = Augmentation.Fill(rawValue: fill),
      rotate.isFinite, noise.isFinite, noise >= 0, (0..<1).contains(zoom)
    else { throw SessionFile.damaged("the augmentation of \(set.name) is none") }
    let augmentation = Augmentation(
      shift: shift, rotate: rotate, zoom: zoom, flip: flip, noise: noise, cutout: cutout, fill: fill)
    try set.check(augmentation)
    return augmentation
  }
}

extension StoredColumn {
  init(_ column: DataColumn) {
    name = column.name
    levels = column.levels
    missing = column.missing
    if column.groupsOthers { groupsOthers = true }
    means = column.means
    filling = column.filling?.word
    transform = column.transform?.rawValue
    if column.isIndicator { isIndicator = true }
  }

  var column: DataColumn {
    DataColumn(
      name, levels: levels, missing: missing, groupsOthers: groupsOthers ?? false,
      means: means.flatMap { $0.count == levels?.count ?? 1 ? $0 : nil },
      filling: filling.map { Filling($0) },
      transform: transform.flatMap { TargetTransform(rawValue: $0) },
      isIndicator: isIndicator ?? false)
  }
}

extension StoredTable {
  init(_ set: Dataset, _ blocks: inout some NumberedArrays) {
    name = set.name
    rows = set.rows
    shape = set.inputShape
    inputs = set.inputColumns.map(StoredColumn.init)
    targets = set.targetColumns.map(StoredColumn.init)
    answers = blocks.add(SteadyArray(.doubles(set.targets, as: .double)))
    if !set.filledPlaces.isEmpty { filled = blocks.add(SteadyArray(.integers(set.filledPlaces))) }
    ahead = set.window?.ahead
    if let steps = set.steps {
      lengths = blocks.add(SteadyArray(.integers(steps.lengths)))
      if steps.haveTargets { stepTargets = true }
    }
    times = set.times.map { times in
      blocks.add(SteadyArray(.doubles(times.flatMap { [$0.first, $0.last] }, as: .double)))
    }
    vocabulary = set.vocabulary.map(VocabularyRecord.init)
    if !set.labelColumns.isEmpty {
      labels = set.labelColumns.map {
        StoredLabels(
          name: $0.name, bytes: blocks.add(SteadyArray(.bytes($0.bytes))),
          stepBytes: $0.stepBytes.map { blocks.add(SteadyArray(.bytes($0))) },
          weight: $0.role == .weight ? true : nil,
          role: $0.role == .weight ? nil : $0.role?.rawValue, dates: $0.isDate ? true : nil)
      }
    }
    notes = set.notes
    switch set.storage {
    case .doubles(let values): numbers = blocks.add(SteadyArray(.doubles(values, as: .double)))
    case .bytes(let images):
      bytes = blocks.add(SteadyArray(.bytes(images.values)))
      offsets = blocks.add(images.offsets)
      divisors = blocks.add(images.divisors)
    }
  }

  func dataset(_ blocks: some NumberedArrays) throws -> Dataset {
    try Dataset(
      name: name, rows: rows, storage: try storage(blocks), inputColumns: inputs.map(\.column),
      inputShape: shape, targets: try blocks.doubles(answers), targetColumns: targets.map(\.column),
      filledPlaces: try filled.map { try blocks.places($0) } ?? [],
      labelColumns: try (labels ?? []).map {
        LabelColumn(
          $0.name, bytes: try blocks.bytes($0.bytes),
          stepBytes: try $0.stepBytes.map { try blocks.bytes($0) },
          role: $0.weight == true ? .weight : $0.role.flatMap { LabelColumn.Role(rawValue: $0) },
          isDate: $0.dates ?? false)
      },
      notes: notes,
      window: ahead.map { SeriesWindow(steps: shape.first ?? 0, ahead: $0) },
      times: try times.map { try spans(blocks.doubles($0)) },
      vocabulary: vocabulary?.vocabulary, lengths: try lengths.map { try blocks.places($0) },
      stepsHaveTargets: stepTargets ?? false)
  }

  /// Pairs of numbers as spans of time.
  private func spans(_ numbers: [Double]) throws -> [TimeSpan] {
    guard numbers.count % 2 == 0, numbers.count / 2 == rows else {
      throw SessionFile.damaged("\(name) has not a time for each row")
    }
    return (0..<rows).map { TimeSpan(first: numbers[2 * $0], last: numbers[2 * $0 + 1]) }
  }

  private func storage(_ blocks: some NumberedArrays) throws -> ExampleInputs {
    if let numbers { return .doubles(try blocks.doubles(numbers)) }
    guard let bytes, let offsets, let divisors else { throw SessionFile.damaged("\(name) has no inputs") }
    let (taken, divided) = (try blocks.doubles(offsets), try blocks.doubles(divisors))
    guard !taken.isEmpty, taken.count == divided.count, !divided.contains(0) else {
      throw SessionFile.damaged("the bytes of \(name) have no scale")
    }
    return .bytes(ByteInputs(try blocks.bytes(bytes), offsets: taken, divisors: divided))
  }
}

extension StoredPreparation {
  init(_ preparation: Preparation, _ blocks: inout NumberBlocks) {
    inputs = blocks.add { preparation.inputs.stored($0) }
    targets = preparation.targets.map { scales in blocks.add { scales.stored($0) } }
    constant = preparation.constant
  }

  func preparation(_ blocks: NumberBlocks) throws -> Preparation {
    func scales(_ number: Int) throws -> [Preparation.Scale] {
      try [Preparation.Scale](blocks.array(number), SessionFile.reading)
    }
    return Preparation(inputs: try scales(inputs), targets: try targets.map(scales), constant: constant)
  }
}

extension StoredData {
  init(_ reference: DataReference, _ blocks: inout NumberBlocks) {
    set = StoredTable(reference.set, &blocks)
    train = reference.parts.train == reference.set ? set : StoredTable(reference.parts.train, &blocks)
    validate = reference.parts.validate.map { StoredTable($0, &blocks) }
    test = reference.parts.test.map { StoredTable($0, &blocks) }
    preparation = reference.preparation.map { StoredPreparation($0, &blocks) }
    augmentation = reference.augmentation.map { StoredAugmentation($0) }
  }

  /// The data set, or why its rows are lost.
  func referenceUnlessLost(_ blocks: NumberBlocks) throws -> Result<DataReference, CodedError> {
    do { return .success(try reference(blocks)) } catch {
      guard let loss = error as? CodedError, loss.code == .lostArray else { throw error }
      return .failure(loss)
    }
  }

  private func reference(_ blocks: NumberBlocks) throws -> DataReference {
    let reference = DataReference(try set.dataset(blocks))
    reference.state.parts = DatasetParts(
      train: train == set ? reference.set : try train.dataset(blocks),
      validate: try validate?.dataset(blocks),
      test: try test?.dataset(blocks))
    reference.state.preparation = try preparation?.preparation(blocks)
    reference.state.augmentation = try augmentation?.augmentation(of: reference.set)
    let isSound = reference.parts.named.allSatisfy { part in
      part.data.inputWidth == reference.set.inputWidth && part.data.targetWidth == reference.set.targetWidth
    }
    guard isSound, reference.preparation?.fits(reference.set) ?? true else {
      throw SessionFile.damaged("the parts of \(set.name) are inconsistent")
    }
    return reference
  }
}
