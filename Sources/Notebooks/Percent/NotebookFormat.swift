public import Diagnostics

/// What came of reading a notebook: the notebook, unless there were errors, and everything there is to say.
public struct NotebookReading: Sendable, Equatable {
  /// The notebook; nil when ``diagnostics`` holds an error.
  public let notebook: Notebook?
  /// Errors and notices in the order of the file, each with its place.
  public let diagnostics: [Diagnostic]
}

/// The `.nbs` format: a text with `# %%` lines, which is a valid program as it stands.
///
/// `docs/notebook-format.md` describes it for those who write notebooks.
///
/// ```swift
/// let reading = NotebookFormat.read("# %%\na = 1\n# %%\nprint a\n", name: "a.nbs")
/// let sources = reading.notebook?.cells.map(\.source) ?? []  // "a = 1", "print a"
/// ```
public enum NotebookFormat {
  /// The bytes that a file may hold. A caller should look before it reads more than that into memory.
  public static let maximumBytes = 100_000_000

  /// Reads a `.nbs` file.
  ///
  /// - Parameters:
  ///   - bytes: the file as it is.
  ///   - name: what messages call it.
  public static func read(_ bytes: some Collection<UInt8>, name: String) -> NotebookReading {
    switch FileText.decode(bytes, name: name) {
    case .success(let file): NotebookReader.read(file)
    case .failure(let error): NotebookReading(notebook: nil, diagnostics: [error])
    }
  }

  /// Reads a notebook from a text.
  public static func read(_ text: String, name: String) -> NotebookReading {
    read(Array(text.utf8), name: name)
  }

  /// The notebook as a `.nbs` file: whatever was not touched since it was read is as it was, byte for byte.
  public static func write(_ notebook: Notebook) -> String { NotebookWriter.text(of: notebook) }

  /// The notebook as a `.nbs` file in the one canonical spelling, which `nbs fmt` gives a file.
  ///
  /// Code keeps its spelling and no cell changes its id.
  public static func format(_ notebook: Notebook) -> String {
    NotebookWriter.text(of: notebook.forgettingSpelling)
  }
}
