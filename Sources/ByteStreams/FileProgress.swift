/// The progress of reading or fetching data.
public struct FileProgress: Sendable, Equatable {
  /// The kinds of work on a file.
  public enum Work: String, Sendable {
    case read
    case download
  }

  /// The units of the counts.
  public enum Unit: Sendable {
    /// As they stand in the file: of a packed file, packed ones.
    case bytes
    /// The files of a folder of images.
    case images
  }

  /// The kind of work.
  public var work: Work
  /// The name of the file or folder, without those above it.
  public var name: String
  /// The amount that is done.
  public var completed: Int
  /// The whole amount.
  public var total: Int
  /// The unit of the counts.
  public var unit: Unit

  package static func bytes(_ count: Int, of total: Int, _ work: Work, _ path: String) -> FileProgress {
    FileProgress(work: work, name: lastComponent(path), completed: count, total: total, unit: .bytes)
  }

  package static func images(_ count: Int, of total: Int, _ path: String) -> FileProgress {
    FileProgress(work: .read, name: lastComponent(path), completed: count, total: total, unit: .images)
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// Told again and again how far work on files has come; returns false to stop it.
public typealias FileWatch = (FileProgress) -> Bool
