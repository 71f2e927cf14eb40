import ByteStreams
public import Datasets
internal import FoundationEssentials
public import Foundations
import NeuralEngine

/// The data sets that are part of the program, and need no file.
///
/// ```swift
/// let iris = try BuiltInSets.load("iris")
/// let classes = iris?.classes  // setosa, versicolor, virginica
/// ```
public enum BuiltInSets {
  /// Their names.
  public static let names = [
    "xor", "and", "or", "nand", "iris", "digits", "breast_cancer", "exam", "air_passengers", "sunspots",
  ]

  /// Makes one of them; nil for a name that is none.
  ///
  /// - Throws: what is wrong with the carried bytes; it cannot happen in a program that was built well.
  public static func load(_ name: String) throws(CodedError) -> Dataset? {
    switch name {
    case "xor": try gate(name, [0, 1, 1, 0])
    case "and": try gate(name, [0, 0, 0, 1])
    case "or": try gate(name, [0, 1, 1, 1])
    case "nand": try gate(name, [1, 1, 1, 0])
    case "exam": exam
    case "air_passengers": airPassengers
    case "sunspots": sunspots
    case "iris": try table(name, BuiltInTables.iris)
    case "breast_cancer": try table(name, BuiltInTables.breastCancer)
    case "digits": try digits()
    default: nil
    }
  }

  private static func gate(_ name: String, _ outputs: [Double]) throws(CodedError) -> Dataset {
    try Dataset(name: name, inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: outputs.map { [$0] })
  }

  /// The three students of the well-known NumPy tutorial, and their scores.
  private static var exam: Dataset {
    Dataset(
      name: "exam", rows: 3, storage: .doubles([2, 9, 1, 5, 3, 6]),
      inputColumns: [DataColumn("hours_studied"), DataColumn("hours_slept")], targets: [92, 86, 89],
      targetColumns: [DataColumn("score")])
  }

  /// A series: the passengers of international airlines in each month from 1949 to 1960, in thousands (G. Box and G.
  /// Jenkins, *Time Series Analysis*, 1970).
  private static var airPassengers: Dataset {
    let months = BuiltInTables.airPassengers.indices.map { month in
      Substring("\(1949 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)")
    }
    return Dataset(
      name: "air_passengers", rows: BuiltInTables.airPassengers.count,
      storage: .doubles(BuiltInTables.airPassengers), inputColumns: [DataColumn("passengers")],
      labelColumns: [LabelColumn("month", months, isDate: true)])
  }

  /// A series: the mean number of sunspots in each year from 1700 to 2008, Wolf's relative number (NOAA's National
  /// Geophysical Data Center).
  private static var sunspots: Dataset {
    let years = BuiltInTables.sunspots.indices.map { Substring("\(1700 + $0)") }
    return Dataset(
      name: "sunspots", rows: BuiltInTables.sunspots.count, storage: .doubles(BuiltInTables.sunspots),
      inputColumns: [DataColumn("sunspots")], labelColumns: [LabelColumn("year", years)])
  }

  private static func table(_ name: String, _ packed: (Int, String)) throws(CodedError) -> Dataset {
    let file = ByteFile(name: name, bytes: try unpack(name, packed))
    var set = try DatasetFile.read(file, name: name, options: ReadOptions()).train
    // How it is packed is nobody's matter.
    set.notes = []
    return set
  }

  private static func digits() throws(CodedError) -> Dataset {
    let bytes = try unpack("digits", BuiltInTables.digits)
    let rows = bytes.count / 65
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows * 64)
    for row in 0..<rows { pixels += bytes[row * 65..<row * 65 + 64] }
    return Dataset(
      name: "digits", rows: rows, storage: .bytes(ByteInputs(pixels)),
      inputColumns: DataColumn.numbers("x", 64),
      inputShape: [8, 8, 1], targets: (0..<rows).map { Double(bytes[$0 * 65 + 64]) },
      targetColumns: [DataColumn("digit", levels: (0...9).map(String.init))])
  }

  private static func unpack(_ name: String, _ packed: (size: Int, text: String)) throws(CodedError)
    -> [UInt8]
  {
    let bytes = Data(base64Encoded: packed.text, options: .ignoreUnknownCharacters).map { [UInt8]($0) } ?? []
    let stream = try InflateStream(PlainStream(ByteFile(name: name, bytes: bytes)), .zlib)
    let unpacked = try stream.next(packed.size)
    guard unpacked.count == packed.size else {
      throw CodedError(
        .damagedFile, "The built-in data set `\(name)` is damaged. Install nbs again.")
    }
    return unpacked
  }
}
