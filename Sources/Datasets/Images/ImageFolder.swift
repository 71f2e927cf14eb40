internal import CPNG
internal import Foundations
internal import NeuralEngine

/// Reads a folder of PNG images: one sub-folder a class, named after it.
struct ImageFolder {
  let path: String
  let name: String
  let memoryLimit: Int
  let watch: FileWatch?

  /// An image file and the class of its folder.
  private struct Item {
    var path: String
    var label: Int
  }

  /// - Throws: `no-images`, `one-class`, `image-sizes-differ`, `bad-png`, `too-large` or `interrupted`.
  func read() throws(CodedError) -> Dataset {
    let classes = try Folder.names(in: path).filter { Folder.isFolder(path + "/" + $0) }
    var items: [Item] = []
    for (label, folder) in classes.enumerated() {
      let files = try Folder.names(in: "\(path)/\(folder)").filter { $0.lowercased().hasSuffix(".png") }
      guard !files.isEmpty else { throw noImages("Its subfolder `\(folder)` has no .png file.") }
      items += files.map { Item(path: "\(path)/\(folder)/\($0)", label: label) }
    }
    guard !classes.isEmpty else { throw noImages("It has no subfolders.") }
    guard classes.count > 1 else {
      throw CodedError(
        .oneClass,
        "`\(path)` has one subfolder, `\(classes[0])`. Classification needs at least two classes.")
    }
    return try decode(items, classes)
  }

  private func noImages(_ reason: String) -> CodedError {
    CodedError(
      .noImages,
      "`\(path)` is not a folder of images. \(reason) Put the PNG files of each class into a subfolder with its name."
    )
  }

  private func decode(_ items: [Item], _ classes: [String]) throws(CodedError) -> Dataset {
    let first = try PNGImage(path: items[0].path)
    let area = first.width * first.height
    let check = SizeCheck(name: path, limit: memoryLimit)
    var hasColor = first.hasColor
    func size() -> Int { area * (hasColor ? 3 : 1) }
    var pixels = [UInt8](repeating: 0, count: try check.bytes([items.count, size()], each: 1))
    for (place, item) in items.enumerated() {
      try tell(place, of: items.count)
      let image = place == 0 ? first : try PNGImage(path: item.path)
      guard image.width == first.width, image.height == first.height else {
        throw CodedError(
          .imageSizesDiffer,
          "`\(item.path)` is \(image.width)x\(image.height), but `\(items[0].path)` is "
            + "\(first.width)x\(first.height). All images must have the same size: resize them.")
      }
      if image.hasColor, !hasColor {
        // One coloured image makes all of them coloured; those before it become grey in three channels.
        hasColor = true
        _ = try check.bytes([items.count, size()], each: 1)
        var coloured = [UInt8](repeating: 0, count: items.count * size())
        for number in 0..<place * area {
          for channel in 0..<3 { coloured[3 * number + channel] = pixels[number] }
        }
        pixels = coloured
      }
      try image.decode(color: hasColor, into: &pixels[place * size()..<(place + 1) * size()])
    }
    try tell(items.count, of: items.count)
    let shape = [first.height, first.width, hasColor ? 3 : 1]
    return Dataset(
      name: name, rows: items.count, storage: .bytes(ByteInputs(pixels)),
      inputColumns: DataColumn.numbers("x", size()), inputShape: shape,
      targets: items.map { Double($0.label) },
      targetColumns: [DataColumn("class", levels: classes)])
  }
}

extension ImageFolder {
  private func tell(_ images: Int, of all: Int) throws(CodedError) {
    guard let watch, !watch(.images(images, of: all, path)) else { return }
    throw CodedError.stopped(reading: path)
  }
}

/// A PNG file, read whole, decoded when asked.
struct PNGImage {
  let path: String
  let width: Int
  let height: Int
  let hasColor: Bool
  private let bytes: [UInt8]

  /// Made once, whichever thread comes first, and never changed.
  nonisolated(unsafe) private static let library = Result { () throws(CodedError) in
    let library = try OptionalLibrary.png.load()
    return cpng_library(
      png_image_begin_read_from_memory: try library.address(of: "png_image_begin_read_from_memory"),
      png_image_finish_read: try library.address(of: "png_image_finish_read"),
      png_image_free: try library.address(of: "png_image_free"))
  }

  /// - Throws: `bad-png`, `too-large`, or what the file throws.
  init(path: String) throws(CodedError) { try self.init(try ByteFile(path: path)) }

  /// - Throws: `bad-png`, `too-large`, or `missing-library`.
  init(_ file: ByteFile) throws(CodedError) {
    path = file.name
    guard file.size <= 1 << 28 else {
      throw CodedError(
        .tooLarge, "`\(file.name)` takes \(file.size.byteText), too much for an image.")
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    self.bytes = bytes
    var library = try PNGImage.library.get()
    var image = png_image()
    let isGood = bytes.withUnsafeBytes { cpng_begin(&library, &image, $0.baseAddress, $0.count) } != 0
    defer { cpng_free(&library, &image) }
    guard isGood else { throw PNGImage.bad(file.name, &image) }
    width = Int(image.width)
    height = Int(image.height)
    hasColor = cpng_has_color(&image) != 0
    _ = try SizeCheck(name: file.name, limit: 1 << 28).bytes([width, height, 3], each: 1)
  }

  private static func bad(_ path: String, _ image: inout png_image) -> CodedError {
    CodedError(
      .badPNG, "`\(path)` is not a valid PNG image (libpng: \(String(cString: cpng_message(&image)))).")
  }

  /// Writes the pixels, row by row; what is transparent is laid on white.
  ///
  /// - Throws: `bad-png`.
  func decode(color: Bool, into pixels: inout ArraySlice<UInt8>) throws(CodedError) {
    guard pixels.count == width * height * (color ? 3 : 1) else {
      throw CodedError(.imageSizesDiffer, "`\(path)` has changed its size while it was read.")
    }
    var library = try PNGImage.library.get()
    var image = png_image()
    let isGood = bytes.withUnsafeBytes { bytes in
      pixels.withUnsafeMutableBytes { pixels in
        cpng_begin(&library, &image, bytes.baseAddress, bytes.count) != 0
          && cpng_finish(&library, &image, color ? 1 : 0, pixels.baseAddress) != 0
      }
    }
    guard isGood else { throw PNGImage.bad(path, &image) }
  }
}
