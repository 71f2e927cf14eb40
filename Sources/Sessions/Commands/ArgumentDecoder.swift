import DataFiles
import Datasets
import Diagnostics
import Foundations
public import Language
import NetworkSchema
import NeuralEngine

/// Fills the stored properties of a command from the slots of the same names: with what was given, else with the
/// default that the command table declares.
///
/// A property that is itself made of several slots decodes from the whole command.
struct ArgumentDecoder: Decoder {
  let command: Command
  let compiler: Compiler
  private let slots: [String: Slot]
  /// The slot that is decoded; nil at the command itself.
  private(set) var name: String?

  init(_ command: Command, compiler: Compiler) {
    self.command = command
    self.compiler = compiler
    slots = command.slots
  }

  /// What stands in the slot that is decoded.
  func content() throws -> CheckedValue {
    guard let name, let content = content(name) else {
      throw Diagnostic(.missingArgument, "A `\(name ?? "slot")` is missing here.", at: command.span)
    }
    return content
  }

  /// What stands in a slot; nil where nothing does and it has no default.
  func content(_ name: String) -> CheckedValue? { slots[name].flatMap(command.value) }

  /// A slot's content as a value to work out; nil where nothing stands there.
  func operand<Value>(_ name: String, as type: Value.Type) throws -> Operand<Value>? {
    try command.values[name].map { try Operand($0, compiler) }
  }

  /// The word that is given in a slot; nil where none is.
  func choice(_ name: String) throws -> String? {
    try command.values[name].map { _ in try Choice<String>(at(name)).value }
  }

  private func at(_ name: String) -> ArgumentDecoder {
    var decoder = self
    decoder.name = name
    return decoder
  }

  // MARK: Decoder

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Container(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unreadable() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unreadable() }

  private func unreadable() -> Diagnostic {
    Diagnostic(.internalError, "The slot `\(name ?? "")` cannot be read as this.")
  }

  private struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ArgumentDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoder.slots.keys.compactMap { Key(stringValue: $0) } }

    /// Whether decoding is to be tried. A name that is in no slot is a mistake in the command's type, which decoding
    /// then tells.
    func contains(_ key: Key) -> Bool {
      decoder.content(key.stringValue) != nil || !decoder.command.mayHaveSlot(key.stringValue)
    }

    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      try T(from: decoder.at(key.stringValue))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
      -> KeyedDecodingContainer<Nested>
    { throw decoder.unreadable() }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw decoder.unreadable()
    }

    func superDecoder() throws -> any Decoder { throw decoder.unreadable() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw decoder.unreadable() }
  }
}

/// A type that reads a command's slots in a way of its own.
protocol ArgumentDecodable: Decodable { init(_ arguments: ArgumentDecoder) throws }

extension ArgumentDecodable {
  /// Decodes from the arguments of a command, the only decoder that there is.
  public init(from decoder: any Decoder) throws {
    guard let arguments = decoder as? ArgumentDecoder else {
      throw Diagnostic(.internalError, "Commands are decoded from checked commands alone.")
    }
    try self.init(arguments)
  }
}

// MARK: - What a slot can hold

extension Identifier: ArgumentDecodable {
  init(_ arguments: ArgumentDecoder) throws {
    let content = try arguments.content()
    guard case .name(let name) = content.kind else {
      throw Diagnostic(.missingArgument, "A name is missing here.", at: content.span)
    }
    self.init(name, content.span)
  }
}

/// One of a fixed set of words, as what it stands for.
struct Choice<Meaning: WordMeaning>: ArgumentDecodable {
  let value: Meaning
  let span: SourceSpan

  init(_ arguments: ArgumentDecoder) throws {
    let content = try arguments.content()
    guard case .known(.word(let word)) = content.kind, let value = Meaning(word: word) else {
      throw Diagnostic(
        .internalError, "The word of `\(content.slot.name)` has no meaning here.", at: content.span)
    }
    self.value = value
    span = content.span
  }
}

/// What a word of the command table can stand for.
protocol WordMeaning { init?(word: String) }

extension WordMeaning where Self: RawRepresentable<String> {
  init?(word: String) { self.init(rawValue: word) }
}

extension EdgeType: WordMeaning {}
extension Merge: WordMeaning {}
extension LearningRule: WordMeaning {}
extension Precision: WordMeaning {}
extension MissingPolicy: WordMeaning {}
extension SplitOrder: WordMeaning {}
extension GapPolicy: WordMeaning {}
extension TargetPlace: WordMeaning {}
extension DateOrder: WordMeaning {}
extension TokenUnit: WordMeaning {}
extension String: WordMeaning { init?(word: String) { self = word } }
extension Loss: WordMeaning { init?(word: String) { self.init(named: word) } }

/// A value that stands in a slot, or an expression that gives it when the command runs; it is then held against the
/// slot's range.
struct Operand<Value: OperandValue>: ArgumentDecodable {
  /// What stands in the slot.
  let content: CheckedValue
  /// Whether nobody gave it, so that the table's default stands in.
  private(set) var isDefault = false
  private let known: Value?
  private let node: Node?

  var span: SourceSpan { content.span }

  init(_ arguments: ArgumentDecoder) throws {
    try self.init(arguments.content(), arguments.compiler)
    isDefault = arguments.name.map { arguments.command.values[$0] == nil } ?? false
  }

  init(_ content: CheckedValue, _ compiler: Compiler) throws {
    self.content = content
    switch content.kind {
    case .known(let literal): (known, node) = (Value(literal), nil)
    case .expression(let expression): (known, node) = (nil, compiler.compile(expression))
    default: (known, node) = (nil, nil)
    }
    guard known != nil || node != nil else {
      throw Diagnostic(.internalError, "`\(content.slot.name)` holds no value of this type.", at: span)
    }
  }

  func callAsFunction(_ context: CommandContext) throws -> Value {
    if let known { return known }
    guard let node else { return try Value(.nothing, of: content) }
    return try Value.evaluate(node, context.execution, content)
  }

  /// Whether the expression is a variable of the function that is compiled.
  var isLocal: Bool { node is LocalNode }

  /// The name that stands in the slot, `a` or `hid.weights`; nil for any other expression.
  var label: String? {
    guard case .expression(let expression) = content.kind else { return nil }
    switch expression.kind {
    case .name(let name): return name
    case .field(let base, let field):
      guard case .name(let owner) = base.kind else { return nil }
      return "\(owner).\(field.name)"
    default: return nil
    }
  }
}

/// A type that a slot's content can be worked out to.
protocol OperandValue {
  /// The value of a literal; nil where that is of another type.
  init?(_ known: OptionValue)

  /// The value that an expression came to.
  ///
  /// - Throws: `bad-type`, or `bad-value` where the slot does not take it.
  init(_ value: Value, of content: CheckedValue) throws

  static func evaluate(_ node: Node, _ context: ExecutionContext, _ content: CheckedValue) throws -> Self
}

extension OperandValue {
  init?(_ known: OptionValue) { nil }

  static func evaluate(_ node: Node, _ context: ExecutionContext, _ content: CheckedValue) throws -> Self {
    try Self(node.evaluate(context), of: content)
  }
}

extension Value: OperandValue { init(_ value: Value, of content: CheckedValue) { self = value } }

extension Tensor: OperandValue {
  init(_ value: Value, of content: CheckedValue) throws { self = try value.array(at: content.span) }

  static func evaluate(_ node: Node, _ context: ExecutionContext, _ content: CheckedValue) throws -> Tensor {
    try node.tensor(context)
  }
}

extension OptionValue: OperandValue {
  init?(_ known: OptionValue) { self = known }

  init(_ value: Value, of content: CheckedValue) throws {
    let span = content.span
    func refusal(_ number: Double? = nil) -> Diagnostic {
      let slot = content.slot
      let given = number.map { ", not \($0.brief)" } ?? ""
      return Diagnostic(
        .badValue, "`\(slot.name)` takes \(slot.type.wanted(insteadOf: number))\(given): \(slot.help).",
        at: span)
    }
    // `validate=d.test`: where its numbers are does not help.
    if case .data = value { throw refusal() }
    switch content.slot.type {
    case .integer(let range):
      let number = try value.number(at: span)
      guard let whole = Int(exactly: number), range.contains(whole) else {
        throw refusal(number)
      }
      self = .integer(whole)
    case .number(let range):
      let number = try value.number(at: span)
      guard range.contains(number) else { throw refusal(number) }
      self = .number(number)
    case .boolean: self = .boolean(try value.truth(at: span))
    case .sizes(let most):
      // `5x5`, or a list of whole numbers that only the running cell knows.
      let numbers = try value.array(at: span)
      let sizes = numbers.values.compactMap { Int(exactly: $0) }
      guard sizes.count == numbers.count, (1...most).contains(sizes.count), sizes.allSatisfy({ $0 > 0 })
      else { throw refusal() }
      self = .sizes(sizes)
    default: throw refusal()
    }
  }
}

/// A value of one type of option.
protocol PlainOperandValue: OperandValue {}

extension PlainOperandValue {
  init(_ value: Value, of content: CheckedValue) throws {
    guard let plain = Self(try OptionValue(value, of: content)) else {
      throw Diagnostic(
        .internalError, "`\(content.slot.name)` holds no value of this type.", at: content.span)
    }
    self = plain
  }
}

extension Int: PlainOperandValue {
  init?(_ known: OptionValue) { if case .integer(let number) = known { self = number } else { return nil } }
}

extension Double: PlainOperandValue {
  init?(_ known: OptionValue) { if case .number(let number) = known { self = number } else { return nil } }
}

extension Bool: PlainOperandValue {
  init?(_ known: OptionValue) { if case .boolean(let truth) = known { self = truth } else { return nil } }
}

/// The name of a file.
struct FilePath: OperandValue {
  let path: String

  init(_ value: Value, of content: CheckedValue) throws {
    let slot = content.slot.name
    guard case .string(let path) = value, !path.isEmpty else {
      throw Diagnostic(
        .badValue, "`\(slot)` takes a file name in quotes: \"m.safetensors\".", at: content.span)
    }
    guard !path.utf8.contains(0) else {
      throw Diagnostic(.badValue, "A file name cannot contain a zero byte.", at: content.span)
    }
    self.path = path
  }
}

extension Character: OperandValue {
  init(_ value: Value, of content: CheckedValue) throws {
    let slot = content.slot.name
    guard case .string(let text) = value, text.count == 1, let character = text.first else {
      throw Diagnostic(
        .badValue, "`\(slot)` takes one character in quotes, as in \(slot)=\";\".", at: content.span)
    }
    self = character
  }
}

/// A text, or a list of texts.
struct Words: OperandValue {
  let words: [String]

  init(_ value: Value, of content: CheckedValue) throws {
    switch value {
    case .string(let text): words = [text]
    case .list(let items):
      words = try items.map { item in
        guard case .string(let text) = item else {
          throw Diagnostic(.badType, "Expected names in quotes here.", at: content.span)
        }
        return text
      }
    case .tensor(let tensor) where tensor.count == 0: words = []
    default:
      throw Diagnostic(
        .badType, "Expected a name in quotes, or a list of them, but this is \(value.kindName).",
        at: content.span)
    }
  }
}
