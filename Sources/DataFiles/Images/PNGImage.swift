internal import CPNG
internal import Foundations

/// A PNG file, decoded by libpng to the values that stand in it: no gamma changes what a learner sees.
struct PNGImage: ImageDecoder {
  let size: ImageSize
  let hasColor: Bool
  private let name: String
  private let bytes: [UInt8]

  /// Made once, whichever thread comes first.
  private static let library = Result { () throws(CodedError) in
    let library = try OptionalLibrary.png.load()
    var functions = cpng_library()
    var place = 0
    while let name = cpng_function(place) {
      cpng_set(&functions, place, try library.address(of: String(cString: name)))
      place += 1
    }
    return functions
  }

  /// - Throws: `bad-png` or `missing-library`.
  init(_ bytes: [UInt8], _ name: String) throws(CodedError) {
    let image = try PNGImage.read(bytes, name)
    size = ImageSize(width: Int(image.width), height: Int(image.height))
    hasColor = image.has_color != 0
    self.name = name
    self.bytes = bytes
  }

  /// Reads a file's header, and its pixels where there is room for them.
  private static func read(
    _ bytes: [UInt8], _ name: String, color: Bool = false, _ pixels: UnsafeMutablePointer<UInt8>? = nil
  ) throws(CodedError) -> cpng_file {
    var functions = try library.get()
    var image = cpng_file()
    let isGood = withUnsafePointer(to: &functions) { functions in
      bytes.withUnsafeBufferPointer { bytes in
        image.library = functions
        image.bytes = bytes.baseAddress
        image.count = bytes.count
        return cpng_read(&image, color ? 1 : 0, pixels) != 0
      }
    }
    guard isGood else {
      throw CodedError(
        .badPNG, "`\(name)` is not a valid PNG image (libpng: \(String(cString: cpng_message(&image)))).")
    }
    return image
  }

  func decode(color: Bool, into pixels: UnsafeMutableBufferPointer<UInt8>) throws(CodedError) {
    _ = try PNGImage.read(bytes, name, color: color, pixels.baseAddress)
  }
}
