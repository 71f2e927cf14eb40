import Formulas
import Language
import Localization
import Notebooks
import Testing

@testable import Walkthroughs

/// The glossary beside the walkthroughs that introduce its terms.
@Suite struct GlossaryTests {
  @Test("A term stands in bold once, in the walkthrough that introduces it", arguments: GlossaryTerm.all)
  func introduced(term: GlossaryTerm) throws {
    let walkthrough = try #require(Library.builtIn(term.notebook))
    let prose = walkthrough.notebook.cells.filter { $0.kind == .markdown }.map(\.source).joined(
      separator: "\n")
    let words = prose.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let name = term.name.lowercased()
    let count = ["", "s", "es"].reduce(0) { $0 + words.ranges(of: "**\(name)\($1)**").count }
    #expect(count == 1, "\(term.name) in \(term.notebook)")
  }

  @Test("Help finds a term in both languages", arguments: GlossaryTerm.all)
  func found(term: GlossaryTerm) {
    #expect(HelpTopic.find(term.word)?.summary.isEmpty == false)
    #expect(GlossaryTerm.find(term.word)?.name == term.name)
    #expect(GlossaryTerm.find(String(term.french.prefix { $0 != "(" })) != nil)
  }

  @Test("A term is explained in French, and its walkthrough speaks French too", arguments: GlossaryTerm.all)
  func french(term: GlossaryTerm) {
    #expect(Library.builtIn("fr/" + term.notebook) != nil)
    UserLanguage.french.speaking {
      let topic = HelpTopic.term(term.word)
      #expect(topic?.usage == "\(term.french) (terme\u{A0}; en anglais\u{A0}: \(term.name))")
      #expect(topic?.summary != term.meaning && topic?.summary.hasSuffix(".") == true)
    }
  }

  @Test("A formula can be read, and stands in a table", arguments: GlossaryTerm.all)
  func formulas(term: GlossaryTerm) throws {
    guard let formula = term.formula else { return }
    #expect(try !Formula(formula).plain.isEmpty)
    #expect(!formula.contains("|"))
  }

  @Test func theTableIsInOrder() {
    let names = GlossaryTerm.all.map { $0.name.lowercased() }
    #expect(names == names.sorted() && Set(GlossaryTerm.all.map(\.word)).count == names.count)
  }

  @Test func wordsOfThePrompt() {
    #expect(HelpTopic.find("learning_rate")?.usage == "learning rate (term; in French: taux d'apprentissage)")
    #expect(HelpTopic.find("taux_d_apprentissage")?.walkthrough == "learning-rate")
    #expect(HelpTopic.find("backpropagation") != nil && HelpTopic.find("overfitting") != nil)
    #expect(HelpTopic.find("learning_rat") == nil)
    #expect(GlossaryTerm.find("l2_regularization")?.name == "L2 regularisation")
    #expect(GlossaryTerm.find("standardize")?.name == "standardise")
    #expect(GlossaryTerm.find("epochs")?.name == "epoch" && GlossaryTerm.find("batches")?.name == "batch")
  }

  @Test("Every formula of the walkthroughs can be read", arguments: Library.builtIn())
  func formulasOfProse(walkthrough: Walkthrough) throws {
    for cell in walkthrough.notebook.cells where cell.kind == .markdown {
      let characters = Array(cell.source)
      var place = 0
      while place < characters.count {
        guard let mark = FormulaMark(in: characters, at: place) else {
          place += 1
          continue
        }
        #expect(
          mark.isDisplayed || !mark.tex.contains("\n"), "\(walkthrough.name): \(mark.tex) is in one line")
        #expect(throws: Never.self, "\(walkthrough.name): \(mark.tex)") { try Formula(mark.tex) }
        place = mark.end
      }
    }
  }
}
