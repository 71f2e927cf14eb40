import Foundation
import Testing

/// What `docs/automation.md` shows, and what the action and the hooks run.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AutomationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    try folder.file("a.nbs", "print 1\n")
    try folder.file("b.nbs", "print 2\n")
  }

  /// Runs a line of shell that finds nbs on its path.
  private func shell(_ line: String, _ variables: [String: String] = [:]) throws -> Program.Result {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "bin"), withIntermediateDirectories: true)
    let link = folder.path("bin/nbs")
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Program.path)
    }
    return try Program.run(
      ["-c", line], data: folder.path("data"),
      variables: ["PATH": folder.path("bin") + ":/usr/local/bin:/usr/bin:/bin"].merging(variables) { $1 },
      currentFolder: folder.url.path, program: "/bin/bash")
  }

  private static let hasMake = FileManager.default.isExecutableFile(atPath: "/usr/bin/make")

  @Test(.enabled(if: hasMake, "make is not installed")) func theMakefileMakesReportsAgainAndTestsThem() throws
  {
    let page = try Self.text("docs/automation.md")
    let example = try #require(
      page.firstMatch(of: /<!-- example: Makefile -->\n```make\n((?:.|\n)*?)```/))
    try folder.file("Makefile", String(example.1))
    #expect(try shell("make -j2").status == 0)
    #expect(try folder.text("a.md").contains("\n1\n"))
    #expect(try shell("make").output.contains("Nothing to be done"))
    #expect(try shell("make test").status == 0)
    #expect(try shell("make a.html").status == 0)
    try folder.file("a.nbs", "print 3\n")
    #expect(try shell("make test").status != 0, "make fails where nbs test does")
    try shell("touch -d '1 minute' a.nbs").expectSuccess()
    #expect(try shell("make").status == 0)
    #expect(try folder.text("a.md").contains("\n3\n"))
    try folder.file("b.nbs", "print nothing_such\n")
    try shell("touch -d '2 minutes' b.nbs").expectSuccess()
    #expect(try shell("make").status != 0)
    #expect(try folder.text("b.md").contains("\n2\n"), "the report of before")
  }

  @Test func theActionInstallsATarballAndTests() throws {
    let action = try Self.text("action.yml")
    let inputs = ["files", "arguments", "version", "tarball"]
    for input in inputs { #expect(action.contains("NBS_\(input.uppercased()): ${{ inputs.\(input) }}")) }
    // A tarball of a program as small as a link.
    try shell(
      """
      mkdir -p nbs-x && printf '#!/bin/sh\\nexec "%s" "$@"\\n' "$(readlink bin/nbs)" > nbs-x/nbs
      chmod +x nbs-x/nbs && tar -czf nbs.tar.gz nbs-x && rm -r nbs-x
      """
    ).expectSuccess()
    _ = try shell("nbs test --bless a.nbs b.nbs")
    let script = Self.root.appending(path: "Scripts/github-action").path
    let variables = [
      "NBS_VERSION": "0", "NBS_TARBALL": folder.path("nbs.tar.gz"), "NBS_ARGUMENTS": "--jobs 1",
      "NBS_RELEASES": "file:///nowhere", "NBS_FILES": "a.nbs b.nbs", "GITHUB_PATH": folder.path("path"),
      "RUNNER_TEMP": folder.path("temp"),
    ]
    let good = try shell(script, variables)
    #expect(good.status == 0 && good.output.contains("2 notebooks: all passed"), "\(good)")
    #expect(try folder.text("path").hasSuffix("/temp/nbs/nbs-x\n"))
    try folder.file("b.nbs", "print 4\n")
    let other = try shell(script, variables)
    #expect(other.status == 3 && other.output.contains("::error file=b.md,line="), "\(other)")
    #expect(try shell(script, variables.merging(["NBS_FILES": ""]) { $1 }).status == 0, "nothing to test")
    let missing = try shell(script, variables.merging(["NBS_TARBALL": "file:///no/such"]) { $1 })
    #expect(missing.status == 2 && missing.output.contains("cannot be downloaded"), "\(missing)")
    // A release is held against its digests.
    try shell(
      """
      mkdir -p releases/download/v0 && cd releases/download/v0 && cp ../../../nbs.tar.gz nbs-0-linux-x86_64.tar.gz
      sha256sum nbs-0-linux-x86_64.tar.gz > SHA256SUMS
      """
    ).expectSuccess()
    let release = variables.merging([
      "NBS_TARBALL": "", "NBS_RELEASES": "file://" + folder.path("releases"), "NBS_FILES": "a.nbs",
    ]) { $1 }
    let fetched = try shell(script, release)
    #expect(fetched.status == 0, "\(fetched)")
    try shell("echo x >> releases/download/v0/nbs-0-linux-x86_64.tar.gz").expectSuccess()
    let damaged = try shell(script, release)
    #expect(damaged.status == 2 && damaged.output.contains("is damaged"), "\(damaged)")
  }

  @Test func theHooksAreCommandsThatTakeFiles() throws {
    let hooks = try Self.text(".pre-commit-hooks.yaml")
    let entries = hooks.matches(of: /entry: nbs (.+)/).map { String($0.1) }
    #expect(entries == ["fmt", "check"])
    try folder.file("c.nbs", "# ---\n# nbs: 1\n# ---\n\n# %%\nprint   1\n")
    for entry in entries { #expect(try shell("nbs \(entry) a.nbs c.nbs").status == 0) }
    try folder.file("bad.nbs", "train nothing\n")
    #expect(try shell("nbs check a.nbs bad.nbs").status == 2)
  }
}

extension Program.Result {
  fileprivate func expectSuccess(_ location: SourceLocation = #_sourceLocation) {
    #expect(status == 0, "\(errors)", sourceLocation: location)
  }
}
