public import Diagnostics
import Foundations

/// A value that somebody gives to a parameter, before it is known what the parameter takes.
public struct GivenParameter: Sendable, Equatable {
  /// The value, as far as it is known.
  public enum Value: Sendable, Equatable {
    /// A text as it was typed; the parameter's kind gives it its meaning.
    case spelled(String)
    /// A value from a file; nil for one that no parameter can have.
    case literal(Literal?)
  }

  /// The name of the parameter.
  public let name: String
  /// The value.
  public let value: Value
  /// The giver, as a message names it: `-p epochs=20`, `params.json`.
  public let origin: String

  /// Creates a given value.
  public init(name: String, value: Value, origin: String) {
    self.name = name
    self.value = value
    self.origin = origin
  }
}

/// The values of a notebook's parameters, held against what it declares before any of it runs.
///
/// ```swift
/// let source = SourceText("param epochs = 20 min=1", name: "cell 1")
/// let declared = Checker.check(source, names: KnownNames()).result.program.parameters
/// let given = [GivenParameter(name: "epochs", value: .spelled("5"), origin: "-p epochs=5")]
/// let values = ParameterValues([given], declared: declared, notebook: "xor.nbs").values  // epochs: 5
/// ```
public struct ParameterValues: Sendable, Equatable {
  /// The values that were given, by name.
  public private(set) var values: [String: Literal] = [:]
  /// The mistakes in those that are missing.
  public private(set) var diagnostics: [Diagnostic] = []

  /// Sets parameters.
  ///
  /// - Parameters:
  ///   - given: in order of growing weight; of one origin each name counts once, and a later list wins over an earlier.
  ///   - declared: what the notebook declares.
  ///   - notebook: its name, for messages.
  public init(_ given: [[GivenParameter]], declared: [Parameter], notebook: String) {
    for list in given {
      var seen: Set<String> = []
      for item in list {
        guard seen.insert(item.name).inserted else {
          report(.repeatedParameter, "`\(item.name)` is given twice. Keep one of them.", item)
          continue
        }
        set(item, declared, notebook)
      }
    }
  }

  private mutating func set(_ item: GivenParameter, _ declared: [Parameter], _ notebook: String) {
    guard let parameter = declared.first(where: { $0.name.name == item.name }) else {
      return reportUnknown(item, declared.map(\.name.name), notebook)
    }
    let value =
      switch item.value {
      case .spelled(let text): parameter.value(spelled: text)
      case .literal(let literal): literal
      }
    if let mistake = parameter.mistake(in: value) { return report(mistake.code, mistake.message, item) }
    values[item.name] = value
  }

  private mutating func reportUnknown(_ item: GivenParameter, _ names: [String], _ notebook: String) {
    let nearest = DidYouMean.nearest(to: item.name, among: names.sorted())
    let known = names.map { "`\($0)`" }.joined(separator: ", ")
    let guess =
      DidYouMean.question(nearest)
      ?? (names.isEmpty ? "It declares none; `param \(item.name) = 1` in a cell does." : "It has \(known).")
    report(
      .unknownParameter, "\(notebook) has no parameter `\(item.name)`. \(guess)", item, suggestion: nearest)
  }

  private mutating func report(
    _ code: ErrorCode, _ message: String, _ item: GivenParameter, suggestion: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, message, suggestion: suggestion).located(in: SourceText("", name: item.origin)))
  }
}
