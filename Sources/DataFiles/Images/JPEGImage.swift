internal import Foundations

/// A JPEG file, decoded by libjpeg-turbo through its TurboJPEG interface, which is the same in versions 2 and 3.
struct JPEGImage: ImageDecoder {
  let size: ImageSize
  let hasColor: Bool
  private let name: String
  private let bytes: [UInt8]

  /// - Throws: `bad-jpeg` or `missing-library`.
  init(_ bytes: [UInt8], _ name: String) throws(CodedError) {
    self.name = name
    self.bytes = bytes
    (size, hasColor) = try TurboJPEG.library.get().use(name) { (library, handle) throws(CodedError) in
      var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
      let status = bytes.withUnsafeBufferPointer {
        library.readHeader(handle, $0.baseAddress, UInt($0.count), &width, &height, &sampling, &space)
      }
      guard status == 0, width > 0, height > 0 else { throw library.refusal(of: name, handle) }
      return (ImageSize(width: Int(width), height: Int(height)), space != TurboJPEG.greySpace)
    }
  }

  func decode(color: Bool, into pixels: UnsafeMutableBufferPointer<UInt8>) throws(CodedError) {
    try TurboJPEG.library.get().use(name) { (library, handle) throws(CodedError) in
      let status = bytes.withUnsafeBufferPointer {
        library.decompress(
          handle, $0.baseAddress, UInt($0.count), pixels.baseAddress, Int32(size.width), 0,
          Int32(size.height), color ? TurboJPEG.rgb : TurboJPEG.grey, TurboJPEG.accurate)
      }
      // A few stray bytes are no harm; pixels that are not there are.
      guard status == 0 || library.hasOnlyWarned(handle) else { throw library.refusal(of: name, handle) }
    }
  }
}

/// The functions of libturbojpeg that are used, and the numbers of its `turbojpeg.h`.
private struct TurboJPEG {
  typealias Handle = UnsafeMutableRawPointer
  typealias Bytes = UnsafePointer<UInt8>?
  typealias Number = UnsafeMutablePointer<Int32>

  static let greySpace: Int32 = 2  // TJCS_GRAY
  static let rgb: Int32 = 0  // TJPF_RGB
  static let grey: Int32 = 6  // TJPF_GRAY
  static let accurate: Int32 = 4096  // TJFLAG_ACCURATEDCT
  private static let warning: Int32 = 0  // TJERR_WARNING

  private let begin: @convention(c) () -> Handle?
  private let end: @convention(c) (Handle) -> Int32
  let readHeader: @convention(c) (Handle, Bytes, UInt, Number, Number, Number, Number) -> Int32
  let decompress:
    @convention(c) (Handle, Bytes, UInt, UnsafeMutablePointer<UInt8>?, Int32, Int32, Int32, Int32, Int32) ->
      Int32
  private let message: @convention(c) (Handle) -> UnsafePointer<CChar>?
  private let errorCode: @convention(c) (Handle) -> Int32

  /// Loaded once, whichever thread comes first.
  static let library = Result { () throws(CodedError) in try TurboJPEG(OptionalLibrary.turboJPEG.load()) }

  private init(_ library: LoadedLibrary) throws(CodedError) {
    func function<Function>(_ name: String, as type: Function.Type) throws(CodedError) -> Function {
      unsafeBitCast(try library.address(of: name), to: type)
    }
    begin = try function("tjInitDecompress", as: (@convention(c) () -> Handle?).self)
    end = try function("tjDestroy", as: (@convention(c) (Handle) -> Int32).self)
    readHeader = try function(
      "tjDecompressHeader3",
      as: (@convention(c) (Handle, Bytes, UInt, Number, Number, Number, Number) -> Int32).self)
    decompress = try function(
      "tjDecompress2",
      as: (@convention(c) (
        Handle, Bytes, UInt, UnsafeMutablePointer<UInt8>?, Int32, Int32, Int32, Int32, Int32
      ) -> Int32)
      .self)
    message = try function("tjGetErrorStr2", as: (@convention(c) (Handle) -> UnsafePointer<CChar>?).self)
    errorCode = try function("tjGetErrorCode", as: (@convention(c) (Handle) -> Int32).self)
  }

  /// Does some work with a decoder of its own.
  func use<Value>(
    _ name: String, _ work: (TurboJPEG, Handle) throws(CodedError) -> Value
  ) throws(CodedError) -> Value {
    guard let handle = begin() else {
      throw CodedError(.outOfMemory, "There is no memory left to decode `\(name)`.")
    }
    defer { _ = end(handle) }
    return try work(self, handle)
  }

  private func text(_ handle: Handle) -> String {
    message(handle).map { String(cString: $0) } ?? "unknown error"
  }

  func hasOnlyWarned(_ handle: Handle) -> Bool {
    errorCode(handle) == TurboJPEG.warning && !text(handle).contains("remature end")
  }

  func refusal(of name: String, _ handle: Handle) -> CodedError {
    CodedError(.badJPEG, "`\(name)` is not a valid JPEG image (libjpeg-turbo: \(text(handle))).")
  }
}
