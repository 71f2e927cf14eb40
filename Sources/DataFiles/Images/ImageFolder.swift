import ByteStreams
import Datasets
internal import Foundations
internal import NeuralEngine

/// Reads a folder of PNG and JPEG images: one sub-folder a class, named after it.
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

  /// - Throws: `no-images`, `one-class`, `image-sizes-differ`, `bad-png`, `bad-jpeg`, `missing-library`, `too-large` or
  ///   `interrupted`.
  func read() throws(CodedError) -> Dataset {
    let classes = try Folder.names(in: path).filter { Folder.isFolder(path + "/" + $0) }
    var items: [Item] = []
    for (label, folder) in classes.enumerated() {
      let files = try Folder.names(in: "\(path)/\(folder)").filter(isImage)
      guard !files.isEmpty else { throw noImages("Its subfolder `\(folder)` has no .png or .jpg file.") }
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

  private func isImage(_ file: String) -> Bool {
    [".png", ".jpg", ".jpeg"].contains(where: file.lowercased().hasSuffix)
  }

  private func noImages(_ reason: String) -> CodedError {
    CodedError(
      .noImages,
      "`\(path)` is not a folder of images. \(reason) Put the PNG or JPEG files of each class into a subfolder with its name."
    )
  }

  private func decode(_ items: [Item], _ classes: [String]) throws(CodedError) -> Dataset {
    let first = try ImageFile(path: items[0].path)
    let area = first.size.width * first.size.height
    let check = SizeCheck(name: path, limit: memoryLimit)
    var hasColor = first.hasColor
    func size() -> Int { area * (hasColor ? 3 : 1) }
    var pixels = [UInt8](repeating: 0, count: try check.bytes([items.count, size()], each: 1))
    for (place, item) in items.enumerated() {
      try tell(place, of: items.count)
      let image = place == 0 ? first : try ImageFile(path: item.path)
      guard image.size == first.size else {
        throw CodedError(
          .imageSizesDiffer,
          "`\(item.path)` is \(image.size.words), but `\(items[0].path)` is "
            + "\(first.size.words). All images must have the same size: resize them.")
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
    let shape = [first.size.height, first.size.width, hasColor ? 3 : 1]
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
