public import ByteStreams
public import Foundations
internal import NeuralEngine
internal import SystemLibrary

/// A file at an address, `https://…`, which is fetched once and kept with its checksum.
///
/// The copy is what is read from then on, so that a notebook gives the same results whatever becomes of the address.
public struct WebFile: Sendable {
  /// The address.
  public let address: String

  /// A file at an address; nil for the name of a file on this machine.
  public init?(_ text: String) {
    let start = text.lowercased()
    guard start.hasPrefix("https://") || start.hasPrefix("http://") else { return nil }
    address = text
  }

  /// The copy of a file, and the digits of its SHA-256.
  public struct Copy: Sendable, Equatable {
    /// Where it is kept.
    public let path: String
    /// The SHA-256 of its bytes, in hexadecimal.
    public let checksum: String

    /// Creates the description of a copy.
    public init(path: String, checksum: String) {
      self.path = path
      self.checksum = checksum
    }
  }

  /// The copy that is kept, which is fetched where there is none.
  ///
  /// - Parameters:
  ///   - checksum: the SHA-256 that the file must have; nil for any.
  ///   - watch: told how far fetching has come; stops it by returning false.
  /// - Throws: `bad-address`, `wrong-checksum`, `no-network` where nothing may be fetched, `download-failed` and the like.
  public func copy(
    _ locations: DataLocations, checksum: String? = nil, watch: @escaping FileWatch = { _ in true }
  ) throws(CodedError) -> Copy {
    try checkAddress()
    let checksum = checksum?.lowercased()
    if let checksum, checksum.count != 64 || !checksum.allSatisfy({ $0.isHexDigit && $0.isASCII }) {
      throw CodedError(
        .badValue, "sha256= takes the 64 hexadecimal digits of a SHA-256, as in: sha256sum table.csv")
    }
    let folder = "\(locations.cache)/web/\(Digest.digits(of: address).prefix(16))"
    let path = "\(folder)/\(name)"
    if !Folder.isFile(path) {
      guard locations.mayDownload else {
        throw CodedError(
          .noNetwork, "`\(address)` is not kept on this machine, and nothing is downloaded here.")
      }
      try Folder.make(folder)
      try fetch(to: path, wanted: checksum, locations, watch)
    }
    let found = try Digest.digits(ofFile: path)
    let kept =
      try Folder.isFile(path + ".sha256") ? String(TextFile.read(path + ".sha256").prefix(64)) : found
    guard found == kept else {
      throw CodedError(
        .wrongChecksum,
        "`\(path)`, the copy of \(address), has been changed since it was fetched. Delete it, and it is fetched again."
      )
    }
    if let checksum, checksum != found { throw otherChecksum(found, checksum, path) }
    return Copy(path: path, checksum: found)
  }

  /// What is written to the disk must have come unchanged, so that only this machine may speak without encryption.
  private func checkAddress() throws(CodedError) {
    guard !address.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw CodedError(.badAddress, "An address holds no blanks: write %20 for each.")
    }
    guard !isEncrypted else { return }
    let host = address.dropFirst("http://".count).prefix { !"/:?#".contains($0) }
    guard host == "localhost" || host == "127.0.0.1" else {
      let encrypted = "https://" + address.dropFirst("http://".count)
      throw CodedError(
        .badAddress,
        "What comes over http:// may have been changed on its way. Take the encrypted address: \"\(encrypted)\"",
        suggestion: "\"\(encrypted)\"")
    }
  }

  private var isEncrypted: Bool { address.lowercased().hasPrefix("https://") }

  /// The last part of the address as the name of a file.
  private var name: String {
    let path = address.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
    let name = (path.last ?? "").map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_"
    }
    let safe = String(name.drop { $0 == "." }.prefix(100))
    return safe.isEmpty ? "data" : safe
  }

  /// Fetches the file under another name, so that one under its own name is always whole.
  private func fetch(
    to path: String, wanted: String?, _ locations: DataLocations, _ watch: @escaping FileWatch
  ) throws(CodedError) {
    // Several programs may fetch it at once.
    let part = "\(path).\(getpid()).part"
    let file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .unwritable(part)
    }
    do {
      defer { close(file) }
      let transfer = Transfer(
        address: address, file: file, start: 0, size: nil, patience: locations.patience,
        isEncrypted: isEncrypted)
      do throws(CodedError) {
        try transfer.run { watch(.bytes($0, of: $0, .download, path)) }
      } catch {
        unlink(part)
        throw error
      }
    }
    let found = try Digest.digits(ofFile: part)
    if let wanted, wanted != found {
      unlink(part)
      throw otherChecksum(found, wanted, nil)
    }
    try keep(found, in: path + ".sha256")
    guard rename(part, path) == 0 else {
      throw .unwritable(path)
    }
  }

  /// Writes the checksum as `sha256sum --check` reads it.
  private func keep(_ checksum: String, in path: String) throws(CodedError) {
    try AtomicFile.write("\(checksum)  \(name)\n", to: path)
  }

  private func otherChecksum(_ found: String, _ wanted: String, _ path: String?) -> CodedError {
    CodedError(
      .wrongChecksum,
      "The file at \(address) has the SHA-256 \(found), not the one that sha256= asks for. It is another version, or not what it "
        + "should be."
        + (path.map { " If the address has a newer one by now, delete the copy: \($0)" } ?? ""))
  }
}
