public import Diagnostics
internal import Foundations
internal import NetworkSchema

/// A value of a notebook that whoever runs it may set: `param epochs = 20 min=1 max=1000 help="…"`.
public struct Parameter: Sendable, Equatable {
  /// The name of the variable that holds it.
  public let name: Identifier
  /// The value when nobody sets it; its kind is the parameter's kind, and `None` allows any.
  public let defaultValue: Literal
  /// The smallest number allowed.
  public var minimum: Double?
  /// The largest number allowed.
  public var maximum: Double?
  /// The meaning, in one line.
  public var help: String?

  /// The value that a text means, as somebody types it behind `-p epochs=`: a text stands for itself.
  public func value(spelled text: String) -> Literal? {
    switch defaultValue {
    case .text: .text(text)
    case .none: Literal(text) ?? .text(text)
    case .number, .boolean, .list: Literal(text)
    }
  }

  /// The reason why the parameter cannot have a value; nil when it can.
  public func mistake(in value: Literal?) -> Diagnostic? {
    if let value, accepts(value) { return nil }
    let found = value.map { ", not \($0.spelling)" } ?? ""
    let meaning = help.map { ": \($0)" } ?? ""
    return Diagnostic(.badParameter, "`\(name.name)` takes \(wanted)\(found)\(meaning).")
  }

  private func accepts(_ value: Literal) -> Bool {
    switch (defaultValue, value) {
    case (.none, _), (.boolean, .boolean), (.text, .text), (.list, .list): true
    case (.number, .number(let number)):
      number.isFinite && number >= minimum ?? -.infinity && number <= maximum ?? .infinity
    default: false
    }
  }

  /// The values that it takes: `a number from 1 to 1000`.
  public var wanted: String {
    switch (minimum, maximum) {
    case (let low?, let high?): "a number from \(low.brief) to \(high.brief)"
    case (let low?, nil): "a number, \(low.brief) or more"
    case (nil, let high?): "a number, \(high.brief) or less"
    case (nil, nil): defaultValue.kindName
    }
  }
}
