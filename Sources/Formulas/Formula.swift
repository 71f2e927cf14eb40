/// A formula of prose, written in a subset of TeX: `w_1 x_1 + b`, `\frac{\partial L}{\partial w}`.
///
/// ```swift
/// let formula = try Formula("\\hat{y} = \\sigma(w x + b)")
/// let text = formula.plain  // ŷ = σ(w x + b)
/// ```
///
/// The subset: letters, numbers and signs; `^` and `_`; `\frac`, `\sqrt`, accents such as `\hat`; Greek letters and the
/// signs of ``FormulaSign``; functions such as `\log`; `\text{…}`; `\left( … \right)`; and the environments `matrix`, `pmatrix`,
/// `bmatrix` and `cases`.
public struct Formula: Sendable, Equatable {
  let root: FormulaPart

  /// Reads a formula.
  ///
  /// - Parameter tex: the TeX between the dollars.
  /// - Throws: what is wrong with it.
  public init(_ tex: String) throws(FormulaError) {
    var reader = FormulaReader(tex)
    root = try reader.formula()
  }
}

/// What is wrong with a formula.
public struct FormulaError: Error, Sendable, Equatable {
  /// One sentence or two, the second of which says what to write.
  public let message: String

  init(_ message: String) { self.message = message }
}

/// A part of a formula.
indirect enum FormulaPart: Sendable, Equatable {
  /// A letter, a number or a sign.
  case sign(FormulaSign)
  /// Words within a formula: `\text{if}`.
  case text(String)
  /// Parts one after the other.
  case row([FormulaPart])
  /// A base with what stands below and above it.
  case scripts(FormulaPart, below: FormulaPart?, above: FormulaPart?)
  case fraction(FormulaPart, FormulaPart)
  case root(FormulaPart)
  case accent(FormulaPart, FormulaAccent)
  /// Rows of cells, within signs that grow with them.
  case matrix([[FormulaPart]], open: String, close: String)
}

/// A mark over a part, as a character of its own and as one that combines with a letter.
struct FormulaAccent: Sendable, Equatable {
  let mark: String
  let combining: String
}
