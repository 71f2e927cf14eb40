internal import Diagnostics

extension Checker {
  /// A column's name; which there are, only the running cell knows.
  mutating func column(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word(let name), .string(let name): .name(name)
    default: reject(argument, slot)
    }
  }

  mutating func newName(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .word(let word) where slot.type == .binding:
      let value = Expression(.name(word), argument.span)
      check(value)
      return .binding(Identifier(word, argument.span), value)
    case .binding(let name, let value) where slot.type == .binding:
      check(value)
      return .binding(name, value)
    case .word(let word):
      guard CommandTable.command(word) == nil, !Keyword.all.contains(word) else {
        report(
          "reserved-word", "`\(word)` is a word of the language, so nothing else can be called that.",
          at: argument.span)
        return nil
      }
      return .name(word)
    default: return reject(argument, slot)
    }
  }

  mutating func name(_ argument: Argument, _ kind: NameKind, _ slot: Slot) -> CheckedValue.Kind? {
    if kind == .data, let part = argument.dataPart {
      return name(Argument(.word(part.name), part.span), kind, slot).map { _ in
        .name(part.name + "." + part.part)
      }
    }
    guard case .word(let word) = argument.kind else {
      return reject(argument, slot)
    }
    guard locals == nil, !names.names(of: kind).contains(word) else { return .name(word) }
    if names.mayBeMore, [.network, .layer, .anything].contains(kind) { return .name(word) }
    let known = names.names(of: kind).sorted()
    let nearest = DidYouMean.nearest(to: word, among: known)
    let noun = kind == .anything ? "nothing called" : "no \(kind.rawValue)"
    report(
      "unknown-\(kind == .data ? "data" : kind.rawValue)",
      "There is \(noun) `\(word)`. " + guess(nearest, known: known, kind: kind), at: argument.span,
      suggestion: nearest)
    return nil
  }

  private func guess(_ nearest: String?, known: [String], kind: NameKind) -> String {
    if let nearest { return "Did you mean `\(nearest)`?" }
    if known.isEmpty || known.count > 12 { return kind.howToMake }
    return "There is \(known.map { "`\($0)`" }.joined(separator: ", "))."
  }
}

extension Argument {
  /// The data set and the part of `xor.test`.
  var dataPart: (name: String, part: String, span: SourceSpan)? {
    guard case .expression(let value) = kind, case .field(let base, let part) = value.kind,
      case .name(let name) = base.kind, DataPart(rawValue: part.name) != nil
    else { return nil }
    return (name, part.name, base.span)
  }
}

/// The parts that `split` makes of a data set.
public enum DataPart: String, Sendable, CaseIterable {
  /// What is trained with.
  case train
  /// What a training is watched with.
  case validate
  /// What is kept aside until the end.
  case test
}

extension NameKind {
  fileprivate var howToMake: String {
    switch self {
    case .data: "Make one first: `data xor { 0 1 -> 1 }`."
    case .network: "Start one first: `net solver`."
    case .layer: "Add it first: `layer hid dense 3 sigmoid`."
    case .variable: "Give it a value first: `a = 1`."
    case .series: "Note values in it first: `record loss`."
    case .anything: "`help` lists the commands."
    }
  }
}
