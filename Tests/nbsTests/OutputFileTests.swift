import Foundation
import Testing

@Suite struct OutputFileTests {
  /// Files that commands write are somebody's: linked to from elsewhere, and shared with some and not with others.
  @Test(arguments: [
    ["fmt", "OUT.nbs"], ["convert", "in.nbs", "OUT.ipynb"], ["run", "in.nbs", "--export", "OUT.md"],
    ["test", "in.nbs", "--junit", "OUT.xml"],
  ])
  func aLinkStaysAndItsTargetKeepsItsPermissions(arguments: [String]) throws {
    let folder = try Program.Folder()
    try folder.file("in.nbs", "print 1\n")
    let name = try #require(arguments.first { $0.hasPrefix("OUT") })
    let files = FileManager.default
    let real = try folder.file("real-" + name, "print   1\n\n\n")
    try files.setAttributes([.posixPermissions: 0o604], ofItemAtPath: real)
    try files.createSymbolicLink(atPath: folder.path(name), withDestinationPath: real)
    let isFile = { (word: String) in word.contains(".") }
    let result = try Program.run(arguments.map { isFile($0) ? folder.path($0) : $0 })
    #expect(try folder.text("real-" + name) != "print   1\n\n\n", "\(result)")
    #expect(try files.destinationOfSymbolicLink(atPath: folder.path(name)) == real)
    #expect(try files.attributesOfItem(atPath: real)[.posixPermissions] as? Int == 0o604)
  }
}
