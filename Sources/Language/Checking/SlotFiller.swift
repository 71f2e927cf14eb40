internal import Diagnostics
internal import Foundations
import Localization
internal import NetworkSchema

/// Puts a command's arguments into its slots, one after the other.
struct SlotFiller {
  let spec: CommandSpec
  let syntax: CommandSyntax
  private(set) var variant: Variant?
  private(set) var values: [String: CheckedValue] = [:]
  /// True if an argument does not fit its place; it may have been meant for a later one.
  private var isMisplaced = false

  init(spec: CommandSpec, syntax: CommandSyntax) {
    self.spec = spec
    self.syntax = syntax
  }

  /// The verb and the variant, as a message names them: `plot boundary`.
  private var subject: String {
    let named = variant.flatMap { $0.isFallback ? nil : $0.name }
    return ([spec.verb.rawValue] + (named.map { [$0] } ?? [])).joined(separator: " ")
  }

  mutating func fill(with checker: inout Checker) {
    var arguments = syntax.arguments[...]
    guard fill(spec.positionals, from: &arguments, with: &checker) else { return }
    if let variant, !fill(variant.positionals, from: &arguments, with: &checker) { return }
    if let extra = arguments.first { reportExtra(extra, with: &checker) }
    fillOptions(with: &checker)
  }

  /// Fills slots in order; false when nothing more can be said about the command.
  private mutating func fill(
    _ slots: [Slot], from arguments: inout ArraySlice<Argument>, with checker: inout Checker
  ) -> Bool {
    for slot in slots {
      if slot.isRepeated {
        values[slot.name] = checker.expressions(arguments, in: slot, span: syntax.span)
        arguments = []
        continue
      }
      guard let argument = arguments.first else {
        guard slot.isRequired else { continue }
        if let key = optionMeant(for: slot) {
          reportUnknownOption(key, among: [], with: &checker)
        } else if !isMisplaced {
          reportMissing(slot, with: &checker)
        }
        return false
      }
      if slot.type == .variant {
        guard pickVariant(argument, from: &arguments, with: &checker) else { return false }
        continue
      }
      arguments = arguments.dropFirst()
      values[slot.name] = checker.value(argument, in: slot)
      if values[slot.name] == nil { isMisplaced = true }
    }
    return true
  }

  private mutating func pickVariant(
    _ argument: Argument, from arguments: inout ArraySlice<Argument>, with checker: inout Checker
  ) -> Bool {
    if case .word(let word) = argument.kind,
      let known = spec.variants.first(where: { $0.name == word && !$0.isFallback })
    {
      arguments = arguments.dropFirst()
      variant = known
      return true
    }
    if let fallback = spec.variants.first(where: \.isFallback) {
      // `show weigths hid`: a name stands alone.
      if arguments.count > 1, case .word(let word) = argument.kind, !fallback.makesName,
        !checker.names.has(word, as: .anything),
        let nearest = DidYouMean.nearest(to: word, among: spec.variants.filter { !$0.isFallback }.map(\.name))
      {
        checker.report(
          .unknownKind,
          localized("`\(spec.verb.rawValue)` has no kind `\(word)`.") + DidYouMean.sentence(nearest),
          at: argument.span, suggestion: nearest)
        return false
      }
      variant = fallback
      return true
    }
    reportUnknownVariant(argument, with: &checker)
    return false
  }

  private mutating func fillOptions(with checker: inout Checker) {
    let slots = spec.options + (variant?.options ?? [])
    for option in syntax.options {
      let key = option.key
      guard let slot = slots.first(where: { $0.name == key.name }) else {
        reportUnknownOption(key, among: slots, with: &checker)
        continue
      }
      guard values[slot.name] == nil else {
        checker.report(
          .repeatedOption, localized("`\(key.name)` is given twice. Keep one of them."), at: key.span)
        continue
      }
      values[slot.name] = checker.value(option.value, in: slot)
    }
  }
}

extension Variant {
  /// Tells whether the word that picks it is a new name, which may look like anything.
  fileprivate var makesName: Bool {
    if case .newName? = positionals.first?.type { true } else { false }
  }
}

extension SlotFiller {
  /// The key of what was written as an option though it stands by its place.
  private func optionMeant(for slot: Slot) -> Identifier? {
    syntax.options.map(\.key).first { $0.name == slot.name || currentName(of: $0) == slot.name }
  }

  /// The present name of a layer's option that somebody gave under an old or another library's name.
  private func currentName(of key: Identifier) -> String? {
    variant.flatMap { ForeignWords.layerOption(key.name, of: $0.name) }
  }

  /// A line that a reader can type, as the last sentence of a message; one of another variant would only mislead.
  private var example: String {
    let words = subject.split(separator: " ").map(String.init)
    let fitting = spec.examples.first { line in
      let parts = line.split(separator: " ").map(String.init)
      return parts.count > words.count && words.allSatisfy { parts.contains($0) }
    }
    return fitting.map { " For example: `\($0)`" } ?? ""
  }

  private func reportMissing(_ slot: Slot, with checker: inout Checker) {
    checker.report(
      .missingArgument, "`\(subject)` needs its `\(slot.name)`: \(slot.help).\(example)",
      at: syntax.span, notes: knownWords(for: slot))
  }

  private func knownWords(for slot: Slot) -> [String] {
    guard slot.type == .variant else { return [] }
    return [
      localized(
        "It can be \(spec.variants.filter { !$0.isFallback }.map { "`\($0.name)`" }.joined(separator: ", "))."
      )
    ]
  }

  private func reportExtra(_ argument: Argument, with checker: inout Checker) {
    let slots = spec.options + (variant?.options ?? [])
    if case .word(let word) = argument.kind, slots.contains(where: { $0.name == word }) {
      checker.report(
        .unexpectedArgument, localized("An option is written with `=`: `\(word)=…`."), at: argument.span,
        suggestion: "\(word)=")
      return
    }
    // What could not be read before it is the reason for this one.
    if isMisplaced { return }
    if case .word(let word) = argument.kind,
      let slot = slots.first(where: {
        if case .choice(let list) = $0.type { list.words.contains(word) } else { false }
      })
    {
      checker.report(
        .unexpectedArgument, localized("An option is written with `=`: `\(slot.name)=\(word)`."),
        at: argument.span,
        suggestion: "\(slot.name)=\(word)")
      return
    }
    var message = localized("`\(subject)` takes nothing more here.")
    if !slots.isEmpty {
      message += " Options are written `key=value`: \(slots.map(\.name).joined(separator: ", "))."
    }
    message += example
    checker.report(.unexpectedArgument, message, at: argument.span)
  }

  private func reportUnknownVariant(_ argument: Argument, with checker: inout Checker) {
    let words = spec.variants.filter { !$0.isFallback }.map(\.name)
    let noun = spec.verb == .layer ? "kind of layer" : "kind of \(spec.verb.rawValue)"
    if spec.verb == .layer, case .name(let kind)? = values["name"]?.kind, words.contains(kind) {
      return checker.report(
        .unknownKind, localized("A layer has a name before its kind: `layer hid \(kind) …`."),
        at: argument.span)
    }
    if case .word(let word) = argument.kind, words.contains("data"), checker.names.data.contains(word) {
      return checker.report(
        .unknownKind, localized("`\(word)` is a data set: `\(spec.verb.rawValue) data \(word)` shows it."),
        at: argument.span, suggestion: "\(spec.verb.rawValue) data \(word)")
    }
    guard case .word(let word) = argument.kind else {
      return checker.report(
        .unknownKind, "Expected a \(noun) here: \(words.joined(separator: ", ")).", at: argument.span)
    }
    let nearest = ForeignWords.word(word, among: words) ?? DidYouMean.nearest(to: word, among: words)
    let guess = DidYouMean.question(nearest) ?? localized("There are \(words.joined(separator: ", ")).")
    checker.report(
      .unknownKind, localized("There is no \(noun) `\(word)`. \(guess)"), at: argument.span,
      suggestion: nearest)
  }

  private func reportUnknownOption(_ key: Identifier, among slots: [Slot], with checker: inout Checker) {
    if let place = (spec.positionals + (variant?.positionals ?? [])).first(where: { $0.name == key.name }) {
      checker.report(
        .unknownOption,
        localized("`\(place.name)` is positional: write it without `\(place.name)=`.\(example)"),
        at: key.span)
      return
    }
    if let name = currentName(of: key) {
      checker.report(
        .unknownOption,
        localized("`\(key.name)` is called `\(name)` here, and is positional: write it without `\(name)=`."),
        at: key.span)
      return
    }
    if let advice = ForeignWords.optionAdvice(key.name) {
      return checker.report(
        .unknownOption, "`\(subject)` has no option `\(key.name)`. \(advice)", at: key.span)
    }
    let other = ForeignWords.option(key.name) ?? ForeignWords.renamedOption(key.name)
    let nearest =
      other.flatMap { known in slots.first { $0.name == known }?.name }
      ?? DidYouMean.nearest(to: key.name, among: slots.map(\.name))
    let keys = slots.map(\.name).joined(separator: ", ")
    let guess =
      DidYouMean.question(nearest)
      ?? (slots.isEmpty ? localized("It takes no options.") : localized("It takes \(keys)."))
    checker.report(
      .unknownOption, localized("`\(subject)` has no option `\(key.name)`. \(guess)"), at: key.span,
      suggestion: nearest)
  }
}
