import Diagnostics
import Foundations
import JSON

/// The metadata of a whole `.ipynb` file and the header of a notebook, each made from the other.
enum IPYNBMetadata {
  /// What is written from other sources than the header's `jupyter:`.
  private static let ownKeys: Set<String> = ["kernelspec", "language_info", "nbs", "title"]

  static func json(of header: NotebookHeader) -> JSONValue {
    var members = foreignMembers(of: header)
    members.append(.init("kernelspec", .members(["display_name": "nbs", "language": "nbs", "name": "nbs"])))
    members.append(.init("language_info", IPYNB.languageInfo))
    if let title = header.title { members.append(.init("title", .string(title))) }
    let text = header.kept ?? header.canonical
    let restored = self.header(from: .object(members).sortedByKey).canonical
    if !text.hasSameBytes(as: restored), !text.hasSameBytes(as: restored + "\n") || restored.isEmpty {
      members.append(.init("nbs", .members(["header": .string(text)])))
    }
    return .object(members)
  }

  /// The header that the metadata of a file stand for.
  static func header(from metadata: JSONValue) -> NotebookHeader {
    var header = storedHeader(metadata)?.header ?? NotebookHeader()
    if let title = metadata["title"]?.string, header.title?.hasSameBytes(as: title) != true {
      begin(&header)
      header.title = title
    }
    let foreign = (metadata.members ?? []).filter { !ownKeys.contains($0.key) }
    if JSONValue.object(foreign) != JSONValue.object(foreignMembers(of: header)) {
      begin(&header)
      header["jupyter"] = foreign.isEmpty ? nil : JSONValue.object(foreign).compact
    }
    return header
  }

  /// A header that gets its first line begins with the version.
  private static func begin(_ header: inout NotebookHeader) {
    if header.entries.isEmpty { header["nbs"] = String(NotebookHeader.currentVersion) }
  }

  private static func foreignMembers(of header: NotebookHeader) -> [JSONValue.Member] {
    let members = header["jupyter"].flatMap { JSONReader.document($0)?.members } ?? []
    return members.filter { !ownKeys.contains($0.key) }
  }

  /// The header as nbs stored it, where it can be read; a NUL byte, even in what stands before it, is in no notebook.
  private static func storedHeader(_ metadata: JSONValue) -> HeaderReader? {
    guard let text = metadata["nbs"]?["header"]?.string else { return nil }
    let bytes = SourceLines.withoutCarriageReturns(Array(text.utf8))
    let reading = HeaderReader(bytes)
    let isWhole = reading.diagnostics.isEmpty && reading.position == bytes.count
    return isWhole && !bytes.contains(0) ? reading : nil
  }

  /// What the stored header has to say about itself: that it is newer than this program, or damaged.
  static func mistakes(in metadata: JSONValue) -> [Diagnostic] {
    guard let text = metadata["nbs"]?["header"]?.string, storedHeader(metadata) == nil else { return [] }
    let newer = HeaderReader(Array(text.utf8)).diagnostics.filter { $0.code == .newerVersion }
    let damaged = Diagnostic(
      .damagedMetadata, "The nbs header in the metadata cannot be read and is ignored.",
      severity: .notice)
    return newer.isEmpty ? [damaged] : newer.map { Diagnostic($0.code, $0.message) }
  }

  /// The language that a notebook is written in, where it is another than nbs.
  static func otherLanguage(_ metadata: JSONValue) -> String? {
    let kernel = metadata["kernelspec"]
    let candidates = [metadata["language_info"]?["name"], kernel?["language"], kernel?["name"]]
    let names = candidates.compactMap { $0?.string }
    return names.contains { $0.lowercased() == "nbs" } ? nil : names.first
  }
}
