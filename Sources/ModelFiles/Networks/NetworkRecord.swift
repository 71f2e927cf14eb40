package import Datasets
internal import Foundations
internal import NetworkSchema
package import NeuralEngine

/// A network as the metadata of a file describes it, in JSON. The numbers it has learned are arrays of the file.
///
/// These types are the format: they change only together with ``NetworkRecord/version``, whatever becomes of the
/// engine's own types. Those that are `package` also describe the networks in a session's file.
struct NetworkRecord: Codable {
  /// The versions that are read; a file of another one is refused. ``OlderNetworks`` reads version 1.
  static let versions = 1...3
  /// The version that is written: what an older nbs would leave out without a word, such as gates, makes it the newer one.
  static func writtenVersion(needsNewer: Bool) -> Int { needsNewer ? 3 : 2 }

  var version: Int
  /// The version of the engine's arithmetic that computed the numbers; nil in a file that another program made.
  var kernels: Int?
  var name: String
  /// `single` or `double`.
  var precision: String
  var layers: [LayerRecord]
  var edges: [EdgeRecord]
  /// The gates, where there are any.
  var gates: [GateRecord]?
  var training: TrainingRecord
  var optimizer: OptimizerRecord
  /// What the network remembers of the data it was trained on.
  var data: DataRecord?

  var graph: GraphRecord { GraphRecord(layers: layers, edges: edges, gates: gates) }
}

/// Layers and edges, each in the order in which they came; the graph need not be complete.
package struct GraphRecord: Codable {
  var layers: [LayerRecord]
  var edges: [EdgeRecord]
  var gates: [GateRecord]?
}

extension GraphRecord {
  /// Whether something is kept from one step to the next, or multiplied by a gate.
  package var hasMemory: Bool { gates != nil || edges.contains { $0.delay != nil } }
}

extension TrainingRecord {
  /// Whether the network goes by another rule than gradient descent, or has losses of its own for its outputs.
  package var isOfNewerRule: Bool { rule != nil || losses != nil || lossWeights != nil }
}

/// A layer: its kind, and the options that the kind's schema has.
struct LayerRecord: Codable {
  var name: String
  /// As the language calls it: `input`, `dense`, `conv2d`.
  var kind: String
  var options: [String: OptionRecord]
}

/// The value of an option in JSON: a number, a truth value, a word, or a list of whole numbers.
struct OptionRecord: Codable {
  let value: OptionValue

  init(_ value: OptionValue) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let truth = try? container.decode(Bool.self) {
      value = .boolean(truth)
    } else if let number = try? container.decode(Int.self) {
      value = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      value = .number(number)
    } else if let word = try? container.decode(String.self) {
      value = .word(word)
    } else {
      value = .sizes(try container.decode([Int].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .integer(let number): try container.encode(number)
    case .number(let number): try container.encode(number)
    case .boolean(let truth): try container.encode(truth)
    case .word(let word): try container.encode(word)
    case .sizes(let sizes): try container.encode(sizes)
    }
  }
}

extension OptionValues {
  /// The options as records.
  var records: [String: OptionRecord] { values.mapValues(OptionRecord.init) }

  /// Takes the options of records, held against the schema of their kind.
  init(
    _ records: [String: OptionRecord], of schema: KindSchema, _ what: String, _ reading: RecordReading
  ) throws(CodedError) {
    self.init(records.mapValues(\.value))
    do throws(SchemaViolation) { try schema.check(self) } catch {
      throw reading.bad("\(what) cannot be made. \(error.message)".withoutFullStop)
    }
  }
}

/// An edge.
struct EdgeRecord: Codable {
  var from: String
  var to: String
  var type: String
  var trainable: Bool
  /// What becomes of several edges into the target, where it is said.
  var merge: String?
  /// Whether its weights began as given numbers: the array `preset/<to>/<from>`.
  var preset: Bool
  /// How many steps ago its source is read, where that is not the same step.
  var delay: Int?
}

/// A gate.
struct GateRecord: Codable {
  var gate: String
  var from: String
  var to: String
  /// Whether it is on the carry of a layer.
  var carry: Bool
  /// `input` or `output`.
  var at: String
  var delay: Int
}

/// What `net` said about training.
package struct TrainingRecord: Codable {
  /// The rule, where it is not `gradient`.
  var rule: String?
  var loss: String?
  /// The losses of single output layers, and how much they count, by name.
  var losses: [String: String]?
  var lossWeights: [String: Double]?
  var optimizer: OptimizerChoiceRecord?
  var rate: Double?
  var l1: Double
  var l2: Double
  var clip: Double?
  var schedule: ScheduleRecord
}

struct ScheduleRecord: Codable {
  var kind: String
  var decay: Double?
  var period: Int?
}

struct OptimizerChoiceRecord: Codable {
  var name: String
  /// Its hyperparameters, without the learning rate.
  var options: [String: OptionRecord]
}

/// The optimizer that training used last. Its means are the arrays `optimizer/first/…` and `optimizer/second/…`.
package struct OptimizerRecord: Codable {
  var kind: OptimizerChoiceRecord
  var steps: Int
  /// Nadam's momenta so far, multiplied.
  var momenta: Double
}

struct DataRecord: Codable {
  /// The names of the classes.
  var classes: [String]?
  /// The input columns, in order; nil where they go by position.
  var inputs: [ColumnRecord]?
  /// The names of the target columns.
  var targets: [String]?
  /// The tokens of the text that it was, where it was one.
  var vocabulary: VocabularyRecord?
  /// The loss that the training was given, where that is not the network's own.
  var loss: String?
  /// The losses of several output layers, and how much they count, likewise.
  var outputs: [OutputLossRecord]?
  /// The names of the classes of each of several target columns; nil for amounts.
  var targetClasses: [[String]?]?
  /// How its columns were scaled, if they were: the arrays `preparation/inputs` and `preparation/targets` hold an
  /// offset and a divisor a column.
  var preparation: PreparationRecord?
}

/// The loss of one of several output layers in a training.
package struct OutputLossRecord: Codable, Equatable {
  var output: String
  var loss: String
  var weight: Double

  /// Describes a term.
  package init(_ term: Objective.Term) {
    output = term.output
    loss = term.loss.name
    weight = term.weight
  }

  /// The term; nil for a loss that there is not.
  package var term: Objective.Term? {
    guard let loss = Loss(named: loss), weight >= 0, weight.isFinite else { return nil }
    return Objective.Term(output: output, loss: loss, weight: weight)
  }
}

extension Objective {
  /// An objective as it is kept: the name of the one loss, or the losses of several output layers. Nil for one that the
  /// graph's output layers no longer have.
  package init?(loss: String?, outputs: [OutputLossRecord]?, for graph: NetworkGraph) {
    if let outputs {
      let terms = outputs.compactMap(\.term)
      guard terms.map(\.output) == graph.outputs.map(\.name) else { return nil }
      self.init(terms)
    } else if let loss = loss.flatMap(Loss.init(named:)) {
      self.init(loss, for: graph)
    } else {
      return nil
    }
  }

  /// The name of the loss that all output layers have.
  package var commonLoss: String? { isUniform ? loss.name : nil }
  /// The losses of the output layers, where they differ.
  package var outputRecords: [OutputLossRecord]? { isUniform ? nil : terms.map(OutputLossRecord.init) }
}

/// The tokens of a text, in the order of their numbers.
package struct VocabularyRecord: Codable, Equatable {
  /// `char` or `word`.
  var unit: String
  var tokens: [String]

  /// Describes a vocabulary.
  package init(_ vocabulary: Vocabulary) {
    unit = vocabulary.unit.rawValue
    tokens = vocabulary.tokens
  }

  /// The vocabulary; nil where it is none.
  package var vocabulary: Vocabulary? {
    TokenUnit(rawValue: unit).flatMap { Vocabulary(unit: $0, tokens: tokens) }
  }
}

/// A column of the data that a network was trained on.
struct ColumnRecord: Codable {
  var name: String
  /// The categories of a column of words, one input each in this order; nil for numbers.
  var words: [String]?
  /// Whether the category `other` takes words that were not seen in training; nil for no.
  var groupsOthers: Bool?
  /// The mean of each input over the training, which stands in for missing values.
  var means: [Double]?

  init(_ column: DataColumn) {
    name = column.name
    words = column.levels
    groupsOthers = column.groupsOthers ? true : nil
    means = column.means
  }

  /// The column, or nil where it has not a mean for each input.
  var column: DataColumn? {
    guard means.map({ $0.count == words?.count ?? 1 && $0.allSatisfy(\.isFinite) }) ?? true else {
      return nil
    }
    return DataColumn(name, levels: words, groupsOthers: groupsOthers ?? false, means: means)
  }
}

struct PreparationRecord: Codable {
  var scalesTargets: Bool
  /// The inputs that were constant, by name.
  var constant: [String]
}

/// Where a session's random stream stood.
struct RandomRecord: Codable {
  /// Numbers of 64 bits as texts in base 16: many readers of JSON would round them.
  var seed: String
  var words: [String]
  var spareNormal: Double?
}
