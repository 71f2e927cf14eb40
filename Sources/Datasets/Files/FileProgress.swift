/// How far the reading or fetching of data has come.
public struct FileProgress: Sendable, Equatable {
  /// What is done with the file.
  public enum Work: String, Sendable {
    case read
    case download
  }

  /// What the counts count.
  public enum Unit: Sendable {
    /// As they stand in the file: of a packed file, packed ones.
    case bytes
    /// The files of a folder of images.
    case images
  }

  /// What is done.
  public var work: Work
  /// The name of the file or folder, without those above it.
  public var name: String
  /// How much is done.
  public var completed: Int
  /// How much there is to do.
  public var total: Int
  /// What is counted.
  public var unit: Unit

  static func bytes(_ count: Int, of total: Int, _ work: Work, _ path: String) -> FileProgress {
    FileProgress(work: work, name: lastComponent(path), completed: count, total: total, unit: .bytes)
  }

  static func images(_ count: Int, of total: Int, _ path: String) -> FileProgress {
    FileProgress(work: .read, name: lastComponent(path), completed: count, total: total, unit: .images)
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// Told again and again how far work on files has come; returns false to stop it.
public typealias FileWatch = (FileProgress) -> Bool
