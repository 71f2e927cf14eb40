/// A letter, a number or a sign, and how it keeps its distance from its neighbours.
struct FormulaSign: Sendable, Equatable {
  enum Kind: Sendable {
    case letter, number
    /// The name of a function: `log`.
    case function
    /// Stands before its operand without a space: `∂`, `∇`.
    case prefix
    /// `+`, `·`: between two operands with a space on either side; before one alone without.
    case binary
    /// `=`, `≤`, `→`.
    case relation
    /// `∑`, whose limits stand below and above it.
    case large
    case open, close
    /// `,` and `;`
    case separator
    /// `!`, `′`, `…`: no spaces.
    case plain
    /// A space that was asked for: `\quad`.
    case space
  }

  let text: String
  let kind: Kind

  init(_ text: String, _ kind: Kind) {
    self.text = text
    self.kind = kind
  }

  /// What a character stands for; nil for one that a formula has no use for.
  init?(_ character: Character) {
    if character.isLetter {
      self.init(String(character), .letter)
    } else if let kind = Self.characters[character] {
      self.init(String(character), kind)
    } else {
      return nil
    }
  }

  private static let characters: [Character: Kind] = {
    let groups: [(String, Kind)] = [
      ("+-*/·×±∘⊙⊗", .binary), ("=<>:≤≥≠≈→←∈∝", .relation), ("([", .open), (")]", .close), (",;", .separator),
      ("!'′|.…∞?%", .plain), ("∂∇", .prefix), ("∑∏∫", .large),
    ]
    return groups.reduce(into: [:]) { table, group in
      for character in group.0 { table[character] = group.1 }
    }
  }()

  /// What a command such as `\alpha` stands for.
  static func command(_ name: String) -> FormulaSign? {
    if let sign = commands[name] { return sign }
    return functions.contains(name) ? FormulaSign(name, .function) : nil
  }

  /// Every command that stands for a sign or a function.
  static var commandNames: [String] { Array(commands.keys) + Array(functions) }

  private static let functions: Set = [
    "log", "ln", "exp", "max", "min", "sin", "cos", "tan", "tanh", "sinh", "cosh", "lim", "arg", "det", "sup",
    "inf", "Pr",
  ]

  private static let commands: [String: FormulaSign] = {
    let groups: [(Kind, [String: String])] = [
      (
        .letter,
        [
          "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
          "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
          "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
          "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
          "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
          "ell": "ℓ",
        ]
      ),
      (
        .binary,
        [
          "cdot": "·", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "circ": "∘", "odot": "⊙",
          "otimes": "⊗", "oplus": "⊕", "cup": "∪", "cap": "∩", "land": "∧", "lor": "∨",
        ]
      ),
      (
        .relation,
        [
          "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡",
          "sim": "∼", "propto": "∝", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←",
          "Rightarrow": "⇒", "mapsto": "↦", "in": "∈", "subset": "⊂", "ll": "≪", "gg": "≫", "mid": "|",
        ]
      ),
      (.large, ["sum": "∑", "prod": "∏", "int": "∫"]), (.prefix, ["partial": "∂", "nabla": "∇", "neg": "¬"]),
      (
        .plain,
        [
          "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "top": "⊤", "prime": "′",
          "forall": "∀", "exists": "∃", "emptyset": "∅", "|": "‖", "lvert": "|", "rvert": "|", "vert": "|",
          "%": "%", "$": "$", "_": "_", "#": "#", "&": "&",
        ]
      ),
      (.open, ["langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lVert": "‖", "{": "{", "lbrace": "{"]),
      (.close, ["rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "rVert": "‖", "}": "}", "rbrace": "}"]),
      (.space, ["quad": "\u{2003}", "qquad": "\u{2003}\u{2003}", ",": " ", ";": " ", ":": " ", " ": " "]),
    ]
    return groups.reduce(into: [:]) { table, group in
      for (name, text) in group.1 { table[name] = FormulaSign(text, group.0) }
    }
  }()
}
