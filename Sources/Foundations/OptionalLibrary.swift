internal import SystemLibrary

/// A library that some commands need. It is loaded when one of them runs, so that no other start of the program waits for
/// it or fails without it.
public struct OptionalLibrary: Sendable {
  /// What it is called.
  public let name: String
  /// What nbs does with it: "for downloads".
  public let purpose: String
  /// The package of Debian that brings it.
  public let package: String
  /// The files that may hold it, the first that is there counts.
  let files: [String]
  /// Whether it loads parts of its own that look for its symbols among all that there are.
  let isGlobal: Bool

  /// The files on macOS, by the names of those on Linux: `libzmq.5.dylib` for `libzmq.so.5`.
  private var names: [String] {
    #if canImport(Darwin)
      files.map { file in
        let parts = file.split(separator: ".so", maxSplits: 1).map(String.init)
        return parts[0] + (parts.count > 1 ? parts[1] : "") + ".dylib"
      }
    #else
      []
    #endif
  }

  package init(
    name: String, purpose: String, package: String, files: [String], isGlobal: Bool = false
  ) {
    self.isGlobal = isGlobal
    self.name = name
    self.purpose = purpose
    self.package = package
    self.files = files
  }

  /// Downloads of data sets. What matters of its interface is the same in the form that Debian links with GnuTLS.
  public static let curl = OptionalLibrary(
    name: "libcurl", purpose: "downloads of data sets", package: "libcurl4",
    files: ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"])

  /// Folders of images.
  public static let png = OptionalLibrary(
    name: "libpng", purpose: "folders of PNG images", package: "libpng16-16",
    files: ["libpng16.so.16", "libpng16.so"])

  /// JPEG images in these folders.
  public static let turboJPEG = OptionalLibrary(
    name: "libturbojpeg", purpose: "folders of JPEG images", package: "libturbojpeg0",
    files: ["libturbojpeg.so.0", "libturbojpeg.so"])

  /// Kernels for Jupyter.
  public static let zeroMQ = OptionalLibrary(
    name: "libzmq", purpose: "the kernel for Jupyter", package: "libzmq5",
    files: ["libzmq.so.5", "libzmq.so"])

  /// Several processes. The name of the file holds its binary interface, that of Open MPI 4 and 5.
  public static let openMPI = OptionalLibrary(
    name: "libmpi", purpose: "several processes", package: "openmpi-bin", files: ["libmpi.so.40"],
    isGlobal: true)

  /// All of them, in the order of their names.
  public static let all = [curl, openMPI, png, turboJPEG, zeroMQ]

  /// Loads it; loading it again costs next to nothing.
  ///
  /// - Throws: `missing-library`, with the package that brings it.
  public func load() throws(CodedError) -> LoadedLibrary {
    for file in files + names {
      if let handle = dlopen(file, RTLD_NOW | (isGlobal ? RTLD_GLOBAL : RTLD_LOCAL)) {
        return LoadedLibrary(name: name, handle: handle)
      }
    }
    let installation = "apt-get install \(package)"
    throw CodedError(
      .missingLibrary,
      "The library \(name), which nbs needs for \(purpose), is not installed. On Debian: \(installation)",
      suggestion: installation)
  }
}

/// A library in memory, where it stays until the program ends.
public struct LoadedLibrary: @unchecked Sendable {
  private let name: String
  // The dynamic loader does its own locking.
  private let handle: UnsafeMutableRawPointer

  fileprivate init(name: String, handle: UnsafeMutableRawPointer) {
    self.name = name
    self.handle = handle
  }

  /// The address of one of its functions.
  ///
  /// - Throws: `missing-library` where it has no such function.
  public func address(of function: String) throws(CodedError) -> UnsafeMutableRawPointer {
    if let address = dlsym(handle, function) { return address }
    throw CodedError(
      .missingLibrary,
      "The library \(name) has no function `\(function)`: it is too old for nbs. Install a newer one.")
  }
  /// One of its functions, as the type of C function that it is taken for.
  ///
  /// - Throws: `missing-library` where it has no such function.
  package func function<Function>(
    _ name: String, _: Function.Type = Function.self
  ) throws(CodedError) -> Function {
    unsafeBitCast(try address(of: name), to: Function.self)
  }
}
