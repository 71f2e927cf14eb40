public import ByteStreams
public import Datasets
public import Foundations
import NeuralEngine

/// A set of images that is too large to be part of the program: `mnist` and `fashion_mnist`.
public struct ImageSet: Sendable {
  /// One of its files, as it is published.
  struct File: Sendable {
    var name: String
    var size: Int
    var checksum: String
  }

  /// The name in the language.
  public let name: String
  /// The name of its folder, here and on mirrors.
  let folder: String
  let classes: [String]
  let files: [File]
  /// Addresses of folders with its files.
  let mirrors: [String]
  /// The Debian package that brings it.
  let package: String?

  /// The sets that there are.
  public static let all = [mnist, fashionMNIST]
  /// Their names.
  public static var names: [String] { all.map(\.name) }

  /// The set of a name.
  public static func named(_ name: String) -> ImageSet? { all.first { $0.name == name } }

  /// Looks the set up in the folders, and downloads it when it is in none.
  ///
  /// - Parameter watch: told how far fetching and reading have come; stops them by returning false.
  /// - Throws: `interrupted` when it was stopped, `no-network` where it is not found and cannot be fetched, or what is wrong with a file.
  public func load(
    _ locations: DataLocations, watch: @escaping FileWatch = { _ in true }
  ) throws(CodedError) -> DatasetParts {
    if find(locations) == nil {
      guard locations.mayDownload else {
        throw CodedError(.noNetwork, "`\(name)` is not on this machine, and nothing is downloaded here.")
      }
      try download(locations, watch)
    }
    guard let files = find(locations) else {
      throw CodedError(
        .unreadableFile, "`\(name)` was downloaded, but is not in `\(locations.cache)/\(folder)`.")
    }
    return try files.read(
      name: name, classes: classes, memoryLimit: ReadOptions().memoryLimit, watch: watch)
  }

  /// The files of the set in the first folder that has them all: in one of its own, or loose.
  private func find(_ locations: DataLocations) -> ImageSetFiles? {
    for root in locations.folders + [locations.cache] {
      for folder in ["\(root)/\(folder)", "\(root)/\(name)"] {
        if let files = ImageSetFiles(folder: folder) { return files }
      }
    }
    return nil
  }

  private func download(_ locations: DataLocations, _ watch: @escaping FileWatch) throws(CodedError) {
    let target = "\(locations.cache)/\(folder)"
    try Folder.make(target)
    let addresses = locations.mirrors.map { $0.map { "\($0)/\(folder)" } } ?? mirrors
    for file in files where !Folder.isFile("\(target)/\(file.name)") {
      let download = Download(
        addresses: addresses.map { "\($0)/\(file.name)" }, target: "\(target)/\(file.name)", size: file.size,
        checksum: file.checksum, patience: locations.patience)
      do throws(CodedError) {
        try download.run(watch)
      } catch {
        if error.code == .interrupted { throw error }
        throw notFound(error, file, locations)
      }
    }
  }

  private func notFound(_ reason: CodedError, _ file: File, _ locations: DataLocations) -> CodedError {
    let install = package.map { "install it with `apt install \($0)`, or " } ?? ""
    let names = files.map(\.name).joined(separator: ", ")
    let isLibraryMissing = reason.code == .missingLibrary
    return CodedError(
      isLibraryMissing || reason.code == .wrongChecksum ? reason.code : .noNetwork,
      "`\(name)` is not on this machine and could not be downloaded. \(reason.message)"
        + "\(isLibraryMissing ? ". Or" : " Try again later,") \(install)"
        + "put its files (\(names)) into \(locations.cache)/\(folder).",
      suggestion: isLibraryMissing ? reason.suggestion : package.map { "apt install \($0)" })
  }
}

extension ImageSet {
  private static let mnist = ImageSet(
    name: "mnist", folder: "mnist", classes: (0...9).map(String.init),
    files: files(
      [9_912_422, 28_881, 1_648_877, 4542],
      [
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ]),
    mirrors: [
      "https://storage.googleapis.com/cvdf-datasets/mnist", "https://ossci-datasets.s3.amazonaws.com/mnist",
    ], package: nil)

  private static let fashionMNIST = ImageSet(
    name: "fashion_mnist", folder: "fashion-mnist",
    classes: [
      "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
      "ankle boot",
    ],
    files: files(
      [26_421_880, 29_515, 4_422_102, 5148],
      [
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      ]),
    mirrors: [
      "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    ], package: "dataset-fashion-mnist")

  private static func files(_ sizes: [Int], _ checksums: [String]) -> [File] {
    zip(ImageSetFiles.names, zip(sizes, checksums)).map { File(name: $0, size: $1.0, checksum: $1.1) }
  }
}
