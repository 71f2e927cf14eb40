import Diagnostics
import Language
import NetworkSchema

/// A kind that a command's word picks, with the options that are said of it: `optimizer=adam beta1=0.8`.
struct KindChoice {
  let kind: KindSchema
  /// The options that were given, on this line or on one before.
  let options: OptionValues

  /// Reads what a line says of a family, over what was said before: a word starts afresh, and options alone change the
  /// kind that is there. Nil where the line says nothing of it.
  ///
  /// - Parameters:
  ///   - base: the kind that is there, or the family's default, and its options.
  ///   - others: options that the line may give, but that are kept apart.
  /// - Throws: `bad-option` for an option that the kind does not have, `bad-value` for a value that it does not take.
  init?(
    of family: KindFamily, _ arguments: CommandArguments, _ context: ExecutionContext,
    base: (name: String, options: OptionValues), besides others: Set<String> = []
  ) throws {
    let catalog = NetworkCatalog.current
    let given = catalog.sharedOptions(of: family).map(\.name).filter {
      arguments.isGiven($0) && !others.contains($0)
    }
    let word = arguments.choice(family.noun)
    guard word != nil || !given.isEmpty, let kind = catalog[family][word ?? base.name] else { return nil }
    if let stranger = given.first(where: { kind.option($0) == nil }) {
      throw unfit(stranger, kind, family, at: arguments.span(stranger))
    }
    self.kind = kind
    options = try arguments.values(of: kind, context).over(word == nil ? base.options : OptionValues())
    try locating(arguments) { [options] in try kind.check(options) }
  }
}

/// The error for an option that goes with other kinds of a family.
private func unfit(_ option: String, _ kind: KindSchema, _ family: KindFamily, at span: SourceSpan)
  -> Diagnostic
{
  let having = NetworkCatalog.current[family].filter { $0.option(option) != nil }.names
  let own = kind.options.map { "\($0.name)=" }
  let owned =
    switch own.count {
    case 0: "no options"
    case 1: "\(own[0]) alone"
    default: own.enumeration
    }
  return Diagnostic(
    "bad-option",
    "\(option)= goes with \(having.enumeration); the \(family.noun) here is \(kind.name), which has \(owned).",
    at: span, suggestion: having.first.map { "\(family.noun)=\($0)" })
}

extension [String] {
  /// `step, cosine and plateau`
  fileprivate var enumeration: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
  }
}
