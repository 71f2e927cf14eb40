import ByteStreams
internal import Foundations
internal import NeuralEngine
internal import SystemLibrary

/// Fetches one file of known size and checksum.
///
/// Bytes go to a file beside the target, `.part`, which a later run goes on with. Only when size and checksum
/// are right is it renamed, so that a file under its own name is always whole.
struct Download {
  /// The addresses of the file, in the order in which they are asked.
  let addresses: [String]
  let target: String
  let size: Int
  /// SHA-256, in hexadecimal.
  let checksum: String
  /// The seconds without a byte that end a transfer.
  let patience: Int
  private var part: String { target + ".part" }

  /// - Throws: `download-failed`, `wrong-checksum`, `interrupted`, `unwritable-folder` or `missing-library`.
  func run(_ watch: @escaping FileWatch) throws(CodedError) {
    var failure = CodedError(
      .downloadFailed, "There is no address to download it from: NBS_MIRRORS is empty.")
    for address in addresses {
      do throws(CodedError) {
        return try fetch(address, watch)
      } catch {
        if [.interrupted, .unwritableFolder, .missingLibrary].contains(error.code) { throw error }
        failure = error
      }
    }
    throw failure
  }

  /// Fetches from one address; after a break it goes on once where it stopped.
  private func fetch(_ address: String, _ watch: @escaping FileWatch) throws(CodedError) {
    var attempts = 3
    while true {
      let before = partSize
      do throws(CodedError) {
        try transfer(address, watch)
        return try finish(address)
      } catch {
        attempts -= 1
        // Another try helps where the last one brought something on.
        guard error.code == .downloadFailed, attempts > 0, partSize > before else { throw error }
      }
    }
  }

  private var partSize: Int {
    var status = stat()
    return stat(part, &status) == 0 ? Int(status.st_size) : 0
  }

  private func transfer(_ address: String, _ watch: @escaping FileWatch) throws(CodedError) {
    // A part that is too long is none of ours.
    if partSize > size { unlink(part) }
    let start = partSize
    guard start < size else { return }
    let file = open(part, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .unwritable(part)
    }
    defer { close(file) }
    let transfer = Transfer(address: address, file: file, start: start, size: size, patience: patience)
    try transfer.run { watch(.bytes($0, of: size, .download, target)) }
  }

  private func finish(_ address: String) throws(CodedError) {
    guard partSize == size else {
      throw CodedError(.downloadFailed, "\(address) was interrupted after \(partSize) of \(size) bytes.")
    }
    guard try Digest.digits(ofFile: part) == checksum else {
      unlink(part)
      throw CodedError(
        .wrongChecksum,
        "\(address) sent a file with a different SHA-256 than the published one, so it was "
          + "discarded.")
    }
    guard rename(part, target) == 0 else {
      throw .unwritable(target)
    }
  }
}

extension Digest {
  /// The digits of a file's SHA-256, read piece by piece.
  ///
  /// - Throws: what keeps the file from being read.
  static func digits(ofFile path: String) throws(CodedError) -> String {
    let stream = PlainStream(try ByteFile(path: path))
    var digest = Digest()
    while true {
      let bytes = try stream.next(1 << 18)
      if bytes.isEmpty { return digest.digits }
      digest.add(bytes)
    }
  }
}

extension CodedError {
  /// What the system's last call said of a file that cannot be written.
  static func unwritable(_ path: String) -> CodedError {
    CodedError(.unwritableFolder, "`\(path)` cannot be written: \(String(cString: strerror(errno))).")
  }
}
