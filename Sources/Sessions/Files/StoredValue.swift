import Datasets
import Diagnostics
import Foundations
import Language
import NeuralEngine

/// A value as a session's file describes it: exactly one of its parts is there.
///
/// What an array was computed from is not kept, so that a gradient by it has to be computed anew.
struct StoredValue: Codable {
  var array: StoredArrayValue?
  var text: String?
  var list: [StoredValue]?
  /// The number of a function, data set or network.
  var function: Int?
  var data: Int?
  var network: Int?
  /// A layer of that network.
  var layer: String?
  var isNothing: Bool?
}

struct StoredArrayValue: Codable {
  var shape: [Int]
  var isBoolean: Bool
  var values: Int
}

struct StoredParameter: Codable {
  var name: String
  var value: StoredLiteral
}

struct StoredLiteral: Codable {
  var number: Double?
  var boolean: Bool?
  var text: String?
  var list: [StoredLiteral]?

  init(_ literal: Literal) {
    switch literal {
    case .number(let number): self.number = number
    case .boolean(let boolean): self.boolean = boolean
    case .text(let text): self.text = text
    case .list(let items): list = items.map(StoredLiteral.init)
    case .none: break
    }
  }

  var literal: Literal {
    if let number { return .number(number) }
    if let boolean { return .boolean(boolean) }
    if let text { return .text(text) }
    return list.map { .list($0.map(\.literal)) } ?? .none
  }
}

/// The objects of a session by number, while a file is written: values name them.
struct StoredObjects {
  var blocks: NumberBlocks
  private(set) var functions: [String] = []
  private(set) var data: [StoredData] = []
  private(set) var networks: [StoredNetwork] = []
  private var numbers: [ObjectIdentifier: Int] = [:]

  init(store: (any ArrayStore)?) { blocks = NumberBlocks(store: store) }

  mutating func number(of function: UserFunction) -> Int {
    if let known = numbers[ObjectIdentifier(function)] { return known }
    functions.append(function.source)
    return note(function, functions.count - 1)
  }

  mutating func number(of reference: DataReference) -> Int {
    if let known = numbers[ObjectIdentifier(reference)] { return known }
    data.append(StoredData(reference, &blocks))
    return note(reference, data.count - 1)
  }

  mutating func number(of network: Network) -> Int {
    if let known = numbers[ObjectIdentifier(network)] { return known }
    networks.append(StoredNetwork(network, number: networks.count, &blocks))
    return note(network, networks.count - 1)
  }

  private mutating func note(_ object: AnyObject, _ number: Int) -> Int {
    numbers[ObjectIdentifier(object)] = number
    return number
  }

  mutating func stored(_ value: Value) -> StoredValue {
    switch value {
    case .tensor(let tensor):
      StoredValue(
        array: StoredArrayValue(
          shape: tensor.shape, isBoolean: tensor.isBoolean, values: blocks.add(SteadyArray(tensor))))
    case .string(let text): StoredValue(text: text)
    case .list(let items): StoredValue(list: items.map { stored($0) })
    case .function(let function): StoredValue(function: number(of: function))
    case .data(let reference): StoredValue(data: number(of: reference))
    case .network(let network): StoredValue(network: number(of: network))
    case .layer(let layer): StoredValue(network: number(of: layer.network), layer: layer.name)
    case .nothing: StoredValue(isNothing: true)
    }
  }
}

/// The objects of a session by number, while a file is read.
struct RestoredObjects {
  let blocks: NumberBlocks
  let functions: [UserFunction]
  /// Those whose rows are lost have the reason why instead.
  let data: [Result<DataReference, CodedError>]
  let networks: [Network]

  /// - Parameter name: what has the value, for what is said when some of it is lost.
  func value(_ stored: StoredValue, of name: String) throws -> Value {
    if let array = stored.array {
      return .tensor(
        try Tensor(shape: array.shape, values: try blocks.doubles(array.values), isBoolean: array.isBoolean))
    }
    if let text = stored.text { return .string(text) }
    if let list = stored.list {
      return .list(
        try list.map { item in
          try blocks.unlessLost(name, .item) { try value(item, of: name) } ?? .nothing
        })
    }
    if let number = stored.function { return .function(try object(number, functions)) }
    if let number = stored.data { return .data(try object(number, data).get()) }
    guard let number = stored.network else { return .nothing }
    let network = try object(number, networks)
    return stored.layer.map { .layer(LayerReference(network: network, name: $0)) } ?? .network(network)
  }

  func object<Object>(_ number: Int, _ objects: [Object]) throws -> Object {
    guard objects.indices.contains(number) else {
      throw SessionFile.damaged("it names something that is not in it")
    }
    return objects[number]
  }
}

extension Session {
  /// The function that a definition makes, without giving it a name.
  func function(from source: String) throws -> UserFunction {
    let cell = check(SourceText(source, name: "a function of the session's file"))
    guard cell.isRunnable, cell.program.statements.count == 1,
      let node = compiled(cell) as? DefinitionNode
    else { throw SessionFile.damaged("a function in it cannot be read") }
    return node.function
  }
}
