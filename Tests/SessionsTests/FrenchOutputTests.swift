import Diagnostics
import Localization
import Outputs
import Rendering
import Testing

@testable import Sessions

/// What commands say in French.
@Suite struct FrenchOutputTests {
  /// Everything that a cell shows in French, as a report has it, its lines put together.
  private func shown(_ cells: String...) -> String {
    UserLanguage.french.speaking {
      let session = Session(seed: 1)
      var texts: [String] = []
      for (place, cell) in cells.enumerated() {
        _ = session.evaluate(SourceText(cell, name: "In [\(place + 1)]")) { texts.append($0.text(.report)) }
      }
      return texts.joined(separator: "\n").replacing("\u{A0}", with: " ").replacing(/\s+/, with: " ")
    }
  }

  private let xor = """
    data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
    net solver loss=mse
    layer inp input 2; layer hid dense 2 sigmoid; layer out dense 1 sigmoid
    connect all
    """

  @Test func aTraining() {
    let text = shown(xor, "train xor epochs=3 batch=1 shuffle=false")
    #expect(
      text.hasPrefix("entraînement de solver sur xor : 4 lignes, 3 époques, lots de 1 dans l'ordre"),
      "\(text)")
    #expect(text.contains("3 époques : coût 0."))
    #expect(text.contains("exactitude 50 %"))
    let stopped = shown(xor, "train xor epochs=9 batch=1 until loss<5")
    #expect(stopped.contains("arrêt après 1 époque sur 9, dès que loss < 5 :"), "\(stopped)")
  }

  @Test func tables() {
    let text = shown(xor, "summary", "evaluate xor", "show data xor")
    for word in [
      "couche", "paramètres", "depuis", "9 paramètres", "métriques de solver", "données", "lignes",
    ] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(text.contains("xor : 4 lignes"))
  }

  @Test func captions() {
    let text = shown(xor, "train xor epochs=3 batch=1", "plot loss", "plot boundary xor", "plot network")
    #expect(text.contains("coût de solver sur xor"))
    #expect(text.contains("Courbe : coût d'apprentissage, sur 3 époques :"))
    #expect(text.contains("Frontière de décision de solver sur xor dans le plan (x1, x2) : le réseau prédit"))
    #expect(text.contains("Graphe du réseau solver : 3 couches, inp (input 2), hid (dense 2 sigmoid) et out"))
  }

  @Test func figuresOfANetworkFromInside() {
    let text = shown(
      xor, "plot network xor sample=2", "plot neuron out xor sample=2",
      "plot descent xor x=out.weights[0, 0] y=out.bias[0] rate=0.5 steps=3")
    #expect(text.contains("solver sur l'exemple 2 de xor"), "\(text)")
    #expect(text.contains("couche out, unité 0, exemple 2 du jeu xor : la somme de"), "\(text)")
    #expect(text.contains("et l'activation sigmoid donne 0."), "\(text)")
    #expect(
      text.contains("Coût de solver sur xor selon out.weights[0, 0] et out.bias[0], les autres"),
      "\(text)")
    #expect(text.contains("; 3 pas de descente de gradient au taux 0.5 mènent de ("), "\(text)")
    for word in ["Loss of", "lowest", "the sum", "sum ", "steps", " on ", "bias "] {
      #expect(!text.replacing(".bias", with: "").contains(word), "\(word): \(text)")
    }
  }

  @Test func statesAndGates() {
    let text = shown(
      """
      data sequences from parity n=6 steps=4
      net memory; layer seq input 4x1; layer state lstm 2 return=all; layer out dense 1 sigmoid
      connect all
      """, "plot states state sequences sample=1", "plot gates state sequences sample=1", "predict sequences")
    #expect(text.contains("états de state pas à pas, exemple 1 de sequences"), "\(text)")
    #expect(text.contains("porte d'oubli"), "\(text)")
    #expect(text.contains("memory sur sequences, pas à pas"), "\(text)")
  }

  @Test func errors() {
    let text = shown("a = b")
    #expect(text.contains("-- NOM INCONNU --"))
    #expect(text.contains("In [1], ligne 1"))
    #expect(text.contains("Rien ne s'appelle `b`. Affectez d'abord une valeur : `b = 0`."))
    #expect(shown("1 / 0").contains("Remarque (In [1], ligne 1, `1 / 0`) : Le résultat est infini"))
  }

  @Test func whatIsSaidInFrenchIsComputedAlike() {
    func loss() -> Double? {
      let session = Session(seed: 1)
      _ = session.evaluate(SourceText(xor + "\ntrain xor epochs=5 batch=1", name: "In [1]")) { _ in }
      return session.number(named: "loss")
    }
    #expect(loss() != nil && UserLanguage.french.speaking { loss() } == loss())
  }
}
