import ByteStreams
import Datasets
internal import Foundations
internal import NeuralEngine

/// The four files of a set such as MNIST, in one folder.
struct ImageSetFiles {
  let folder: String
  private let trainImages: String
  private let trainLabels: String
  private let testImages: String
  private let testLabels: String

  /// The names of the four files, as they are published.
  static let names = [
    "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
  ]

  /// Looks for all four in a folder, packed or not; nil when one is not there.
  init?(folder: String) {
    let found = ImageSetFiles.names.compactMap { ImageSetFiles.path(of: $0, in: folder) }
    guard found.count == 4 else { return nil }
    self.folder = folder
    trainImages = found[0]
    trainLabels = found[1]
    testImages = found[2]
    testLabels = found[3]
  }

  /// `train-images-idx3-ubyte.gz`, `train-images-idx3-ubyte`, or with the dot that some unpackers put in.
  private static func path(of name: String, in folder: String) -> String? {
    let plain = String(name.dropLast(3))
    return [name, plain, plain.replacing("-idx", with: ".idx")].map { "\(folder)/\($0)" }.first(
      where: Folder.isFile)
  }

  /// Reads all four.
  ///
  /// - Throws: what is wrong with a file.
  func read(
    name: String, classes: [String]?, memoryLimit: Int, watch: FileWatch?
  ) throws(CodedError) -> DatasetParts {
    func part(_ images: String, _ labels: String, _ name: String) throws(CodedError) -> Dataset {
      try ArrayDataset(name: name, options: ReadOptions(memoryLimit: memoryLimit)).dataset(
        inputs: try ImageSetFiles.array(images, memoryLimit, watch),
        targets: try ImageSetFiles.array(labels, memoryLimit, watch), classes: classes)
    }
    return DatasetParts(
      train: try part(trainImages, trainLabels, name), test: try part(testImages, testLabels, name + ".test"))
  }

  private static func array(_ path: String, _ limit: Int, _ watch: FileWatch?) throws(CodedError) -> RawArray
  {
    let file = try ByteFile(path: path, watch: watch)
    let isPacked = try file.bytes(at: 0, count: 2) == [0x1F, 0x8B]
    let plain = PlainStream(file)
    return try IDXReader.read(isPacked ? try InflateStream(plain, .gzip) : plain, limit: limit)
  }

  /// The labels in a file that is named by itself, beside the images or from the current folder.
  ///
  /// - Throws: `unused-option` unless one file is named, and what is wrong with it.
  static func labels(in names: [String], besides path: String, limit: Int) throws(CodedError) -> RawArray? {
    if names.isEmpty { return nil }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    let found = [folder.isEmpty ? names[0] : "\(folder)/\(names[0])", names[0]].first(where: Folder.isFile)
    guard names.count == 1, let found else {
      throw CodedError(
        .noSuchFile,
        "An IDX file has no columns: `target=` names the file of its labels, such as "
          + "target=\"train-labels-idx1-ubyte\", and there is no file `\(names.joined(separator: ", "))`.")
    }
    return try array(found, limit, nil)
  }

  /// The labels in the file that is named like a file of images.
  static func labels(besides path: String, limit: Int) throws(CodedError) -> RawArray? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, last.contains("images"), last.contains("idx3") else { return nil }
    let name = last.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/")
    let other = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name + ".gz"
    guard let found = ["\(folder)/\(name)", "\(folder)/\(other)"].first(where: Folder.isFile) else {
      return nil
    }
    return try array(found, limit, nil)
  }
}
