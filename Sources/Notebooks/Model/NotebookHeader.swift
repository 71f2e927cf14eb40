import JSON
public import Localization

/// The top of a notebook: `# key: value` lines between two `# ---` lines.
public struct NotebookHeader: Sendable, Equatable {
  /// One line of the header.
  public struct Entry: Sendable, Equatable {
    /// The name before the colon.
    public let key: String
    /// The text after it, without the quotes that it may stand in.
    public var value: String
  }

  /// The major version of the format that this program reads and writes.
  public static let currentVersion = 1

  /// The lines in order.
  public internal(set) var entries: [Entry] = [] { didSet { kept = nil } }
  /// A first line like `#!/usr/bin/env nbs`, which makes the file a command of its own.
  public internal(set) var interpreterLine: String? { didSet { kept = nil } }
  /// Everything before the first cell as it was read.
  var kept: String?

  /// Creates an empty header, or one with a title.
  public init(title: String? = nil) {
    guard let title else { return }
    self["nbs"] = String(Self.currentVersion)
    self.title = title
  }

  /// The value under `key`; assigning nil takes the line away, a new one goes last.
  ///
  /// A key that a header cannot hold, one with a space or a colon in it, is not taken.
  public subscript(key: String) -> String? {
    get { entries.first { $0.key == key }?.value }
    set {
      guard Self.isKey(key.utf8) else { return }
      guard let newValue else { return entries.removeAll { $0.key == key } }
      if let place = entries.firstIndex(where: { $0.key == key }) {
        entries[place].value = newValue
      } else {
        entries.append(Entry(key: key, value: newValue))
      }
    }
  }

  /// What the notebook is called.
  public var title: String? {
    get { self["title"] }
    set { self["title"] = newValue }
  }

  /// The version of the format, `1` or `1.2`, as it stands there.
  public var version: String? { self["nbs"] }

  /// The language that its run and its report speak: that of its `lang`, else the one that is spoken now.
  public var language: UserLanguage { lang.map { UserLanguage(tag: $0) } ?? .current }

  /// The language that the prose is written in: `en`, `fr`.
  public var lang: String? {
    get { self["lang"] }
    set { self["lang"] = newValue }
  }

  /// Whether bytes can stand before the colon.
  static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: ":") && $0 != 0x7F }
  }

  /// The header as it is written: not at all when there is nothing to say.
  var canonical: String {
    var lines: [String] = []
    if let interpreterLine { lines.append(interpreterLine) }
    if !entries.isEmpty {
      lines.append("# ---")
      lines += entries.map(\.line)
      lines.append("# ---")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension NotebookHeader.Entry {
  /// The text that a value stands for: quotes around the whole of it are no part of it.
  static func value(of text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "\""), let quoted = JSONReader.document(text)?.string else {
      return text
    }
    return quoted
  }

  fileprivate var line: String {
    if value.isEmpty { return "# \(key):" }
    return "# \(key): " + (needsQuotes ? value.jsonQuoted : value)
  }

  /// Whether the bare value would be read as another one.
  private var needsQuotes: Bool {
    let scalars = value.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return false }
    return first == "\"" || first.value <= 0x20 || last.value <= 0x20
      || scalars.contains { $0.value < 0x20 && $0 != "\t" }
  }
}
