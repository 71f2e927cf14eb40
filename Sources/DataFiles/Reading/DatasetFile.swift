public import ByteStreams
public import Datasets
public import Foundations
import NeuralEngine

/// Reads data sets from files and folders, telling formats apart by their content.
///
/// ```swift
/// let people = try DatasetFile.read(path, name: "people", options: ReadOptions(targets: ["age"]))
/// let names = people.train.inputNames  // height
/// ```
public enum DatasetFile {
  /// Reads a file or a folder.
  ///
  /// CSV and TSV, records in JSON, `.npy`, `.npz`, IDX, all but `.npz` also gzipped; a folder with one sub-folder of PNG or JPEG images a
  /// class, or with MNIST's four files. An IDX file of images takes its labels from the file beside it.
  ///
  /// - Parameters:
  ///   - path: the file or folder.
  ///   - name: what the data set will be called.
  ///   - watch: told how far it has come; stops it by returning false.
  /// - Throws: what is wrong, naming line, row or column; `interrupted` when it was stopped.
  public static func read(
    _ path: String, name: String, options: ReadOptions = ReadOptions(), watch: FileWatch? = nil
  ) throws(CodedError) -> DatasetParts {
    if Folder.isFolder(path) { return try readFolder(path, name: name, options: options, watch: watch) }
    let file = try ByteFile(path: path, watch: watch)
    return try read(file, name: name, options: options)
  }

  private static func readFolder(
    _ path: String, name: String, options: ReadOptions, watch: FileWatch?
  ) throws(CodedError) -> DatasetParts {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    try options.refuse(allBut: [], for: "a folder of images")
    if let files = ImageSetFiles(folder: trimmed) {
      return try files.read(name: name, classes: nil, memoryLimit: options.memoryLimit, watch: watch)
    }
    let folder = ImageFolder(path: trimmed, name: name, memoryLimit: options.memoryLimit, watch: watch)
    return DatasetParts(train: try folder.read())
  }

  /// Reads a file that is open, or in memory.
  static func read(_ file: ByteFile, name: String, options: ReadOptions) throws(CodedError) -> DatasetParts {
    guard file.size > 0 else {
      throw CodedError(.emptyFile, "`\(file.name)` is empty. There is nothing to train on.")
    }
    let head = try file.bytes(at: 0, count: 512)
    guard head.starts(with: [0x1F, 0x8B]) else {
      return try read(file, head: head, size: file.size, name: name, options: options) { PlainStream(file) }
    }
    let inner = try InflateStream(PlainStream(file), .gzip).next(512)
    return try read(file, head: inner, size: nil, name: name, options: options) { () throws(CodedError) in
      try InflateStream(PlainStream(file), .gzip)
    }
  }

  private static func read(
    _ file: ByteFile, head: [UInt8], size: Int?, name: String, options: ReadOptions,
    open: () throws(CodedError) -> any ByteStream
  ) throws(CodedError) -> DatasetParts {
    let arrays = ArrayDataset(name: name, options: options)
    if head.starts(with: NPYReader.magic) {
      try options.refuse(allBut: ["target", "features", "drop", "order", "by"], for: "an .npy file")
      let array = try NPYReader.read(try open(), limit: options.memoryLimit)
      return DatasetParts(train: try arrays.dataset(inputs: array, targets: nil))
    }
    if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]), size != nil {
      if let table = try zippedTable(file) {
        return DatasetParts(train: try CSVReader.read(table, size: nil, called: name, options: options))
      }
      return try NPZReader(name: name, options: options).read(file)
    }
    if IDXReader.recognizes(head) {
      try options.refuse(allBut: ["target", "features", "drop"], for: "an IDX file")
      let array = try IDXReader.read(try open(), limit: options.memoryLimit)
      var own = options
      own.targets = nil
      let arrays = ArrayDataset(name: name, options: own)
      let labels: RawArray?
      if let wanted = options.targets {
        labels = try ImageSetFiles.labels(in: wanted, besides: file.name, limit: options.memoryLimit)
      } else {
        labels = try ImageSetFiles.labels(besides: file.name, limit: options.memoryLimit)
      }
      return DatasetParts(train: try arrays.dataset(inputs: array, targets: labels))
    }
    if RecordFile.recognizes(head) {
      return DatasetParts(train: try RecordFile.read(try open(), called: name, options: options))
    }
    try refuseForeign(head, file.name)
    return DatasetParts(train: try CSVReader.read(try open(), size: size, called: name, options: options))
  }

  /// The table in a zip that holds nothing else.
  private static func zippedTable(_ file: ByteFile) throws(CodedError) -> (any ByteStream)? {
    let archive = try ZipArchive(file)
    guard let entry = archive.files.first, archive.files.count == 1,
      [".csv", ".tsv", ".txt", ".data"].contains(where: entry.name.lowercased().hasSuffix)
    else { return nil }
    return try archive.stream(of: entry)
  }

  /// Formats that people have and that are not read, each with what to do.
  private static let foreign: [(magic: [UInt8], what: String)] = [
    (
      [0x89, 0x50, 0x4E, 0x47], "a single PNG image. Name a folder with a subfolder of images for each class"
    ),
    (
      [0xFF, 0xD8, 0xFF],
      "a single JPEG image. Name a folder with a subfolder of images for each class"
    ),
    ([0x47, 0x49, 0x46, 0x38], "a GIF image. Convert the images to PNG, and name their folder"),
    ([0x25, 0x50, 0x44, 0x46], "a PDF document. Save the table in it as CSV"),
    ([0x50, 0x41, 0x52, 0x31], "a Parquet file. Save it as CSV or .npy"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file. Save its arrays with numpy.savez"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel document. Save the table as CSV"),
    ([0x42, 0x5A, 0x68], "packed by bzip2. Unpack it first: bunzip2"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed by xz. Unpack it first: unxz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd. Unpack it first: unzstd"),
    ([0x80, 0x04, 0x95], "a pickle of Python. Save it as CSV or .npy there"),
    ([0x50, 0x4B], "a zip within a gzip. Unpack it first: gunzip"),
    ([0x1F, 0x8B], "packed by gzip twice. Unpack it first: gunzip"),
  ]

  /// Texts that are no tables.
  private static let foreignTexts: [(start: String, what: String)] = [
    (
      "<!doctype html",
      "a web page, not the file it shows. Download the file itself, by the button or link for raw data"
    ),
    (
      "<html",
      "a web page, not the file it shows. Download the file itself, by the button or link for raw data"
    ),
    ("<?xml", "an XML document. Save the table in it as CSV"),
    (
      "version https://git-lfs",
      "a pointer of Git LFS, which stands for the file itself. Fetch that: git lfs pull"
    ),
    (
      "@relation",
      "an ARFF file of Weka. Save it as CSV, or delete the lines up to @data and name the columns in the first line"
    ),
    ("sqlite format 3", "a SQLite database. Export one of its tables as CSV"),
    ("{\\rtf", "a document in rich text. Save the table as plain CSV"),
  ]

  private static func refuseForeign(_ head: [UInt8], _ path: String) throws(CodedError) {
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw CodedError(
        .badEncoding,
        "`\(path)` is in UTF-16. Save it as UTF-8, or convert it: iconv -f utf16 -t utf8 in.csv > out.csv"
      )
    }
    let text = String(decoding: head, as: UTF8.self).drop(while: \.isWhitespace).lowercased()
    for (start, what) in foreignTexts where text.hasPrefix(start) {
      throw CodedError(.notData, "`\(path)` is \(what).")
    }
    for (magic, what) in foreign where head.starts(with: magic) {
      throw CodedError(.notData, "`\(path)` is \(what).")
    }
  }
}
