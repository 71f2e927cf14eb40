import Foundation
import Testing

/// `nbs doctor`, `nbs completion` and the manual pages.
@Suite struct DoctorTests {
  private func notebook(in folder: Program.Folder) throws -> String { try folder.file("a.nbs", "print 1\n") }

  @Test("It shows the machine and no personal path")
  func healthy() throws {
    let home = try Program.Folder()
    let file = try notebook(in: home)
    #expect(try Program.run(["run", file], home: home.url.path).status == 0)
    let result = try Program.run(["doctor"], home: home.url.path)
    #expect(result.status == 0 && result.errors.isEmpty)
    let version = try Program.run(["--version"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    for text in [
      "nbs        \(version), arithmetic ", "Linux ", "SQLite     3.", "Readline   ", "instructions v",
      "data       ~/.local/share/nbs\n", "cache      ~/.cache/nbs, not made yet\n", "run store  1 run, ",
      ", in order\n",
      "libcurl    ", "libpng     ", "libzmq     ", "terminal   none",
    ] {
      let said = result.output.replacing(#/ +/#, with: " ")
      #expect(said.contains(text.replacing(#/ +/#, with: " ")), "no `\(text)` in:\n\(result.output)")
    }
    #expect(!result.output.contains(home.url.path) && !result.output.contains("WRONG"))
    #expect(
      try Program.run(["doctor", "--full"], home: home.url.path).output.contains(
        home.url.path + "/.cache/nbs"))
    let elsewhere = try Program.run(["doctor"], home: "/nonexistent", data: home.url.path)
    #expect(elsewhere.output.contains("another folder") && !elsewhere.output.contains(home.url.path))
  }

  @Test("A damaged store is said to be wrong, and is left as it is")
  func damaged() throws {
    let home = try Program.Folder()
    let garbage = String(repeating: "no database ", count: 1000)
    try home.file(".local/share/nbs/runs.sqlite", garbage)
    let result = try Program.run(["doctor"], home: home.url.path)
    #expect(result.status == 1)
    #expect(result.output.contains(#/run store +WRONG: /#) && !result.output.contains(home.url.path))
    #expect(try home.text(".local/share/nbs/runs.sqlite") == garbage)
  }

  @Test(
    "The completion is written where a shell looks",
    arguments: [
      ("bash", ".local/share/bash-completion/completions/nbs"),
      ("zsh", ".local/share/zsh/site-functions/_nbs"),
      ("fish", ".config/fish/completions/nbs.fish"),
    ])
  func completion(shell: String, file: String) throws {
    let home = try Program.Folder()
    let result = try Program.run(
      ["completion", "install"], home: home.url.path, variables: ["SHELL": "/usr/bin/" + shell])
    #expect(result.status == 0 && result.output.contains(home.path(file)))
    let script = try Program.run(["--generate-completion-script", shell]).output
    #expect(script.contains("doctor"))
    #expect(
      try home.text(file).trimmingCharacters(in: .newlines) == script.trimmingCharacters(in: .newlines))
  }

  @Test("A shell that it does not know is refused with those that it does")
  func unknownShell() throws {
    for (arguments, variables) in [(["--shell", "tcsh"], [:]), ([], ["SHELL": "/bin/sh"]), ([], [:])] {
      let result = try Program.run(["completion", "install"] + arguments, home: "/h", variables: variables)
      #expect(result.status == 2 && result.errors.contains("nbs completion install --shell bash"))
    }
  }

  @Test(
    "Each command has a manual page with its options",
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
  func manualPages() throws {
    let folder = try Program.Folder()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let result = try Program.run(
      [root.appending(path: "Scripts/manual-pages").path, Program.path, folder.url.path],
      variables: ["SOURCE_DATE_EPOCH": "1790000000"], program: "/usr/bin/python3")
    #expect(result.status == 0, "\(result.errors)")
    let overview = try folder.text("nbs.1")
    #expect(overview.contains("2026-09-21"))
    for command in [
      "run", "sweep", "crossvalidate", "test", "runs", "learn", "kernel", "doctor", "completion",
    ] {
      let page = try folder.text("nbs-\(command).1")
      #expect(page.contains(".SH SYNOPSIS") && overview.contains("\\fBnbs\\-\(command)\\fR(1)"))
    }
    #expect(try folder.text("nbs-run.1").contains("\\fB\\-\\-export\\fR \\fIout.md"))
    #expect(try folder.text("nbs-runs.1").contains(".SH EXIT STATUS\n0 success"))
    let language = try folder.text("nbs-language.7")
    #expect(language.contains(".SS train") && language.contains(".TP\n\\fBepochs\\fR\n"))
  }
}
