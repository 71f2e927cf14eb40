import Language

/// The glossary as Markdown, read from the table that `help` reads. `docs/glossary.md` ends with it.
public enum GlossaryReference {
  /// The glossary, without a final newline.
  public static func markdown() -> String {
    let rows = GlossaryTerm.all.map { term in
      let formula = term.formula.map { "$\($0)$" } ?? ""
      let notebook = "[\(term.notebook)](../notebooks/\(term.notebook).md)"
      return "| **\(term.name)** | \(term.french) | \(term.meaning) | \(formula) | \(notebook) |"
    }
    return
      (["| term | in French | meaning | formula | introduced in |", "| --- | --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }
}
