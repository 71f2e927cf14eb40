internal import CCurl
internal import Foundations
internal import NeuralEngine
internal import SystemLibrary

/// One HTTP request, by libcurl, whose bytes are written to an open file.
///
/// libcurl and not URLSession: that brings all of Foundation and its tables into every start of the program.
final class Transfer {
  private let address: String
  private let file: Int32
  private let start: Int
  private let size: Int?
  private let patience: Int
  private let isEncrypted: Bool
  private var written = 0
  private var isFirst = true
  private var handle: UnsafeMutableRawPointer?
  private var progress: (Int) -> Bool = { _ in true }
  /// Made once, whichever thread comes first, and never changed.
  nonisolated(unsafe) private static let library = Result { () throws(CodedError) in
    let library = try OptionalLibrary.curl.load()
    var curl = ccurl_library(
      curl_global_init: try library.address(of: "curl_global_init"),
      curl_easy_init: try library.address(of: "curl_easy_init"),
      curl_easy_cleanup: try library.address(of: "curl_easy_cleanup"),
      curl_easy_perform: try library.address(of: "curl_easy_perform"),
      curl_easy_strerror: try library.address(of: "curl_easy_strerror"),
      curl_easy_setopt: try library.address(of: "curl_easy_setopt"),
      curl_easy_getinfo: try library.address(of: "curl_easy_getinfo"))
    guard ccurl_start(&curl) == CURLE_OK else {
      throw CodedError(.outOfMemory, "There is no memory left to download anything.")
    }
    return curl
  }
  private var curl = ccurl_library()
  /// The reason why writing stopped.
  private var refusal: CodedError?

  /// - Parameters:
  ///   - start: how many bytes are there already.
  ///   - size: how many there are in all; more are refused. Nil where nobody knows.
  ///   - isEncrypted: whether nothing may come without encryption, whatever the server says.
  init(address: String, file: Int32, start: Int, size: Int?, patience: Int, isEncrypted: Bool = false) {
    self.address = address
    self.file = file
    self.start = start
    self.size = size
    self.patience = patience
    self.isEncrypted = isEncrypted
  }

  /// - Throws: `download-failed`, `interrupted`, `unwritable-folder` or `missing-library`.
  func run(_ progress: @escaping (Int) -> Bool) throws(CodedError) {
    curl = try Transfer.library.get()
    guard let handle = ccurl_open(&curl) else {
      throw CodedError(.outOfMemory, "There is no memory left to download \(address).")
    }
    defer { ccurl_close(&curl, handle) }
    self.handle = handle
    self.progress = progress
    configure(handle)
    let code = ccurl_perform(&curl, handle)
    let status = ccurl_response_code(&curl, handle)
    self.handle = nil
    if let refusal { throw refusal }
    guard code != CURLE_HTTP_RETURNED_ERROR else {
      throw CodedError(
        .downloadFailed,
        "\(address) answered with the HTTP status \(status)\(status == 404 ? ": there is no such file" : "")."
      )
    }
    guard code == CURLE_OK else {
      let reason = String(cString: ccurl_message(&curl, code))
      throw CodedError(
        .downloadFailed, "\(address) did not answer, or the connection was lost (\(reason)).")
    }
  }

  private func configure(_ handle: UnsafeMutableRawPointer) {
    _ = ccurl_set_text(&curl, handle, CURLOPT_URL, address)
    let protocols = isEncrypted ? "https" : "http,https"
    _ = ccurl_set_text(&curl, handle, CURLOPT_PROTOCOLS_STR, protocols)
    _ = ccurl_set_text(&curl, handle, CURLOPT_REDIR_PROTOCOLS_STR, protocols)
    _ = ccurl_set_text(&curl, handle, CURLOPT_USERAGENT, "nbs")
    for (option, value) in [
      (CURLOPT_FOLLOWLOCATION, 1), (CURLOPT_MAXREDIRS, 5), (CURLOPT_FAILONERROR, 1), (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_CONNECTTIMEOUT, min(15, patience)), (CURLOPT_LOW_SPEED_LIMIT, 1),
      (CURLOPT_LOW_SPEED_TIME, patience),
    ] { _ = ccurl_set_long(&curl, handle, option, value) }
    if start > 0 { _ = ccurl_set_text(&curl, handle, CURLOPT_RANGE, "\(start)-") }
    // The handle lives no longer than `run`, and `run` keeps this object alive.
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = ccurl_set_write(
      &curl, handle,
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.write(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
      }, context)
    _ = ccurl_set_progress(
      &curl, handle,
      { context, _, _, _, _ in
        guard let context else { return 1 }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().report() ? 0 : 1
      }, context)
  }

  private func report() -> Bool {
    guard !progress(start + written) else { return true }
    refusal = CodedError(
      .interrupted,
      "The download was stopped. What was downloaded is kept, and the next attempt resumes there.")
    return false
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if isFirst {
      isFirst = false
      // A server that does not know ranges sends all of it again.
      if start > 0, ccurl_response_code(&curl, handle) != 206 {
        ftruncate(file, 0)
        written = -start
      }
    }
    if let size, start + written + bytes.count > size {
      refusal = CodedError(
        .wrongChecksum, "\(address) sent more than the \(size) bytes that were published.")
      ftruncate(file, 0)
      return false
    }
    var rest = bytes
    while !rest.isEmpty {
      let count = systemWrite(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        refusal = CodedError(
          .unwritableFolder, "The download cannot be written: \(String(cString: strerror(errno))).")
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    written += bytes.count
    return true
  }
}
