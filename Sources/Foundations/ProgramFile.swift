internal import SystemLibrary

/// The file of the running program.
public enum ProgramFile {
  /// What starts it again: in a tarball the launcher beside it, which names itself in the environment.
  public static let path: String = {
    if let launcher = getenv("NBS_LAUNCHER").map({ String(cString: $0) }), access(launcher, X_OK) == 0 {
      return launcher
    }
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var bytes = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&bytes, &size) == 0 else { return CommandLine.arguments[0] }
      return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink("/proc/self/exe", &bytes, bytes.count)
      guard count > 0 else { return CommandLine.arguments[0] }
      return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    #endif
  }()
}
