import Testing

/// The program in the locale of a French user.
@Suite(.timeLimit(.minutes(2))) struct FrenchTests {
  private static let cells = """
    data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
    net solver loss=mse
    layer inp input 2; layer out dense 1 sigmoid
    connect all
    seed 1
    train xor epochs=2 batch=1
    train xor epoch=2
    """

  private func run(_ source: String, locale: String) throws -> (output: String, errors: String) {
    let folder = try Program.Folder()
    let file = try folder.file("a.nbs", source)
    let result = try Program.run(["run", file], variables: ["LC_MESSAGES": locale])
    return (result.output, result.errors)
  }

  @Test func theLocaleIsSpoken() throws {
    let french = try run(Self.cells, locale: "fr_FR.UTF-8").errors
    #expect(french.contains("-- OPTION INCONNUE --") && french.contains("Vouliez-vous dire `epochs`\u{A0}?"))
    let english = try run(Self.cells, locale: "de_DE.UTF-8").errors
    #expect(english.contains("-- UNKNOWN OPTION --") && english.contains("Did you mean `epochs`?"))
  }

  @Test func theHeaderIsAboveTheLocale() throws {
    let english = "# ---\n# lang: en\n# ---\n\n# %%\n" + Self.cells
    #expect(try run(english, locale: "fr_FR.UTF-8").errors.contains("`train` has no option `epoch`."))
    let french = "# ---\n# lang: fr\n# ---\n\n# %%\n" + Self.cells
    let result = try run(french, locale: "C.UTF-8")
    #expect(result.errors.contains("`train` n'a pas d'option `epoch`. Vouliez-vous dire `epochs`\u{A0}?"))
    #expect(result.errors.contains("-- OPTION INCONNUE --") && !result.errors.contains("Did you mean"))
  }

  @Test func theReportIsInTheLanguageOfTheNotebook() throws {
    let folder = try Program.Folder()
    let cells = Self.cells.replacing("\ntrain xor epoch=2", with: "\nplot boundary xor")
    for (lang, words) in [
      ("fr", ["| exécution | |", "| graine | 1 |", "| données xor | 4 lignes, 2 entrées, 1 cible |"]),
      ("en", ["| run | |", "| seed | 1 |", "| data xor | 4 rows, 2 inputs, 1 target |"]),
    ] {
      let file = try folder.file("a-\(lang).nbs", "# ---\n# lang: \(lang)\n# ---\n\n# %%\n" + cells)
      let report = folder.path("a-\(lang).md")
      let result = try Program.run(["run", file, "--export", report], variables: ["LANG": "fr_FR.UTF-8"])
      #expect(result.status == 0)
      let page = try folder.text("a-\(lang).md")
      for word in words { #expect(page.contains(word), "\(lang)") }
      #expect(page.contains("Frontière de décision") == (lang == "fr"))
      #expect(page.contains("2 époques") == (lang == "fr"))
    }
  }

  @Test func walkthroughsInTheLanguageOfTheUserComeFirst() throws {
    let french = try Program.run(["learn"], variables: ["LANG": "fr_FR.UTF-8"])
    #expect(french.output.contains("Commencer une leçon, ou la continuer\u{A0}: nbs learn fr/tour"))
    #expect(french.output.hasPrefix("  fr/tour "))
    let english = try Program.run(["learn"])
    #expect(english.output.contains("Start or continue one: nbs learn tour\n"))
  }
}
