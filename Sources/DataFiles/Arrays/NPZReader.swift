import ByteStreams
import Datasets
internal import Foundations
internal import NeuralEngine

/// Reads `.npz`, several NumPy arrays in a zip, by their names: `x` and `y`, or Keras's `x_train` and so on.
struct NPZReader {
  let name: String
  let options: ReadOptions

  private static let inputNames = ["x", "data", "inputs", "images", "features"]
  private static let targetNames = ["y", "target", "targets", "labels", "label"]

  /// - Throws: what is wrong with the archive or an array, `npz-names` when it is not clear which is which.
  func read(_ file: ByteFile) throws(CodedError) -> DatasetParts {
    let archive = try ZipArchive(file)
    let entries = archive.files
    try options.refuse(allBut: ["target", "features", "drop", "order", "by"], for: "an .npz file")
    if let other = entries.first(where: { !$0.name.hasSuffix(".npy") }) {
      throw foreign(other.name, file.name)
    }
    let names = entries.map { String($0.name.dropLast(4)) }
    if let train = try part("_train", archive, entries, names) {
      return DatasetParts(train: train, test: try part("_test", archive, entries, names))
    }
    if let whole = try part("", archive, entries, names) { return DatasetParts(train: whole) }
    if entries.count == 1 {
      let array = try NPYReader.read(try archive.stream(of: entries[0]), limit: options.memoryLimit)
      return DatasetParts(
        train: try ArrayDataset(name: name, options: options).dataset(inputs: array, targets: nil))
    }
    throw CodedError(
      .npzNames,
      "`\(file.name)` holds the arrays \(names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")). Call the "
        + "inputs `x` and the targets `y`: numpy.savez(\"file.npz\", x=…, y=…).")
  }

  /// The error for a zip that NumPy did not write.
  private func foreign(_ entry: String, _ path: String) -> CodedError {
    let what =
      entry == "[Content_Types].xml"
      ? "an office document. Save the table as CSV."
      : "a zip archive that holds neither NumPy arrays nor a single .csv file, but `\(entry)`. Unpack it first."
    return CodedError(.notData, "`\(path)` is \(what)")
  }

  private func part(
    _ suffix: String, _ archive: ZipArchive, _ entries: [ZipArchive.Entry], _ names: [String]
  ) throws(CodedError) -> Dataset? {
    let lower = names.map { $0.lowercased() }
    func array(_ choices: [String]) throws(CodedError) -> RawArray? {
      guard let place = choices.compactMap({ lower.firstIndex(of: $0 + suffix) }).first else { return nil }
      return try NPYReader.read(try archive.stream(of: entries[place]), limit: options.memoryLimit)
    }
    guard let inputs = try array(NPZReader.inputNames) else { return nil }
    let targets = try array(NPZReader.targetNames)
    let called = suffix == "_test" ? "\(name).test" : name
    return try ArrayDataset(name: called, options: options).dataset(
      inputs: inputs, targets: targets, isTable: false)
  }
}
