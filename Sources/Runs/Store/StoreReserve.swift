import SystemLibrary

/// Room on the disk that is kept beside the store, for the day on which there is no other: deleting runs needs some before it
/// gives any back, since what stands in the log must go into the database first.
struct StoreReserve {
  /// After so many pages of 4096 bytes the log goes into the database.
  static let logPages = 256
  /// What the log takes, and as much again for a change that is larger.
  static let bytes = 2 * logPages * 4096
  /// Where less is free than this, the runs need it themselves.
  private static let plenty = 64 << 20

  /// The file that holds the room.
  let path: String

  init(besides file: String) { path = file + ".reserve" }

  /// Takes the room, all of it or none, unless it is there already.
  func keep() {
    guard access(path, F_OK) != 0 else { return }
    var disk = statvfs()
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard statvfs(folder, &disk) == 0, Int(disk.f_bavail) * Int(disk.f_frsize) > StoreReserve.plenty else {
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if posix_fallocate(descriptor, 0, off_t(StoreReserve.bytes)) != 0 { unlink(path) }
  }

  /// Gives the room back to the disk.
  func giveBack() { unlink(path) }
}
