import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func split(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("data")
    let selection = try data(name, at: arguments.span("data"))
    guard !selection.isPart else {
      throw Diagnostic(
        "bad-value", "`\(name)` is a part already. Divide the whole set.", at: arguments.span("data"))
    }
    let validate = try arguments.number("validate", context)
    let test = try arguments.number("test", context) ?? (validate == nil ? 0.2 : 0)
    let options = SplitOptions(
      test: test, validate: validate ?? 0, stratify: try arguments.boolean("stratify", context),
      shuffle: try arguments.boolean("shuffle", context) ?? true)
    let parts = try locating(arguments.span) {
      guard let seed = try arguments.integer("seed", context) else {
        return try selection.set.split(options, random: &random)
      }
      var own = RandomStream(seed: UInt64(seed))
      return try selection.set.split(options, random: &own)
    }
    selection.reference.state = DataReference.State(parts: parts)
    context.emit(.table(parts.counts.table(title: name)))
  }

  func prepare(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("data")
    let selection = try data(name, at: arguments.span("data"))
    let divisor = try arguments.number("divide", context)
    let scaling: Scaling
    switch (arguments.choice("scale"), divisor) {
    case (.some, .some):
      throw Diagnostic(
        "bad-option", "scale= and divide= are two ways of scaling. Keep one.", at: arguments.span("divide"))
    case (nil, let divisor?): scaling = .divide(divisor)
    case ("minmax", _): scaling = .minmax
    case ("max", _): scaling = .max
    default: scaling = .zscore
    }
    let preparation = try locating(arguments.span) {
      try Preparation.fitted(to: selection.reference.parts.train, scaling)
    }
    selection.reference.state.preparation = preparation
    if !preparation.constant.isEmpty {
      context.emit(
        .text(
          "constant in the training part, nothing is learned from: \(preparation.constant.joined(separator: ", "))"
        ))
    }
  }
}
