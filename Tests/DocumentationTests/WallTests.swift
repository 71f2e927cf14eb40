import Foundation
import Testing

/// The walls of `ARCHITECTURE.md`: a module imports what its row in the table of modules names, and a folder uses types of
/// the folders before it in its module's row.
@Suite struct WallTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let sources = files(under: root.appending(path: "Sources"))
  private static let architecture =
    (try? String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)) ?? ""
  /// The modules that the toolchain brings along.
  private static let toolchain: Set = [
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "PackagePlugin", "Swift",
    "Synchronization",
  ]

  private static func files(under folder: URL) -> [SwiftSource] {
    let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
    let urls = paths.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    return urls.sorted { $0.path < $1.path }.compactMap { url in
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      return SwiftSource(path: String(url.path.dropFirst(folder.path.count + 1)), text: text)
    }
  }

  /// The cells of a table's rows behind its heading.
  private static func rows(behind heading: String) -> [[String]] {
    let lines = architecture.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix(heading) }) else { return [] }
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private static func names(_ cell: String) -> [String] {
    cell.split(whereSeparator: { ",;".contains($0) }).map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
    }.filter { $0 != "-" && !$0.isEmpty }
  }

  // MARK: - Modules

  @Test("A module imports what the table of modules says, and that stands above it")
  func modules() throws {
    let rows = Self.rows(behind: "| module |")
    let declared = rows.map { (name: Self.names($0[0])[0], imports: Set(Self.names($0[2]))) }
    #expect(declared.count > 15)
    let used = Dictionary(grouping: Self.sources, by: \.module)
    for module in used.keys.sorted() where !declared.contains(where: { $0.name == module }) {
      Issue.record("ARCHITECTURE.md has no row for the module \(module).")
    }
    for (place, module) in declared.enumerated() {
      let files = used[module.name] ?? []
      for file in files {
        for name in file.imports.subtracting(Self.toolchain).subtracting(module.imports).sorted() {
          Issue.record(
            "Sources/\(file.path) imports \(name), which \(module.name) may not by ARCHITECTURE.md.")
        }
      }
      for name in module.imports.sorted() {
        if !files.isEmpty, !files.contains(where: { $0.imports.contains(name) }) {
          Issue.record("ARCHITECTURE.md lets \(module.name) import \(name), and no file of it does.")
        }
        let other = declared.firstIndex { $0.name == name }
        #expect(other.map { $0 < place } ?? true, "\(name) stands behind \(module.name) in ARCHITECTURE.md.")
      }
    }
  }

  // MARK: - Folders

  /// A folder that uses a type of another.
  private struct Use {
    let file: SwiftSource
    let type: String
    let other: String
  }

  /// The uses of types of other folders in the files of a module. Types of a name that several files define are left
  /// out: a word does not tell them apart.
  private static func uses(in files: [SwiftSource]) -> [Use] {
    var folders: [String: String] = [:]
    for file in files {
      for type in file.definitions { folders[type] = folders[type] == nil ? file.folder : "" }
    }
    return files.flatMap { file in
      file.words.subtracting(file.definitions).subtracting(file.ownDefinitions).sorted().compactMap { word in
        guard let folder = folders[word], !folder.isEmpty, folder != file.folder else { return nil }
        return Use(file: file, type: word, other: folder)
      }
    }
  }

  @Test("A folder uses the folders before it in its module")
  func folders() {
    let rows = Self.rows(behind: "| folders of |")
    var declared: [String: (order: [String], exceptions: [String])] = [:]
    for row in rows {
      declared[Self.names(row[0])[0]] = (Self.names(row[1]), row.count > 2 ? Self.names(row[2]) : [])
    }
    for (module, files) in Dictionary(grouping: Self.sources, by: \.module).sorted(by: { $0.key < $1.key }) {
      let folders = Set(files.map(\.folder))
      guard folders.count > 1 else { continue }
      guard let (order, exceptions) = declared[module] else {
        Issue.record("ARCHITECTURE.md does not say in which order the folders of \(module) use each other.")
        continue
      }
      for folder in folders.symmetricDifference(order).sorted() {
        Issue.record("ARCHITECTURE.md and Sources/\(module) do not both have the folder \(folder).")
      }
      var needed: Set<String> = []
      for use in Self.uses(in: files) {
        guard let own = order.firstIndex(of: use.file.folder), let other = order.firstIndex(of: use.other),
          other > own
        else { continue }
        let exception = "\(use.file.folder) → \(use.other)"
        needed.insert(exception)
        if !exceptions.contains(exception) {
          Issue.record(
            """
            Sources/\(use.file.path) uses \(use.type) of \(module)/\(use.other), which stands behind \
            \(module)/\(use.file.folder) in ARCHITECTURE.md.
            """)
        }
      }
      for exception in exceptions where !needed.contains(exception) {
        Issue.record(
          "ARCHITECTURE.md makes an exception for \(exception) in \(module) that nothing needs any more.")
      }
    }
  }

  // MARK: - The test itself

  @Test("Words of comments and texts are no uses, those of interpolations are")
  func scanning() {
    let source = SwiftSource(
      path: "Module/Folder/File.swift",
      text: #"""
        public import Other
        @testable import struct Third.Thing
        /// A Comment of Something.
        public final class First<Item>: Second { struct Inner { let text = "Word \(Shown("a \"Quoted\"")) \\" } }
        /* Block */ extension Known { static let long = """
          Long \(Within) text
          """ }
        private enum Kind {}
        """#)
    #expect(source.imports == ["Other", "Third"])
    #expect(source.definitions == ["First"] && source.ownDefinitions == ["Kind"])
    #expect(
      source.words == ["First", "Item", "Second", "Inner", "Shown", "Known", "Within", "Kind", "Thing"])
    #expect(source.module == "Module" && source.folder == "Folder")
    let uses = Self.uses(in: [
      source,
      SwiftSource(path: "Module/Deeper/Shown.swift", text: "struct Shown { let first: First, kind: Kind }"),
    ])
    #expect(
      uses.map { "\($0.file.path) \($0.type) \($0.other)" } == [
        "Module/Folder/File.swift Shown Deeper", "Module/Deeper/Shown.swift First Folder",
      ])
  }
}
