/// A network as the metadata of a file describes it, in JSON. The numbers it has learned are arrays of the file.
///
/// These types are the format: they change only together with ``NetworkRecord/version``, whatever becomes of the
/// engine's own types. Those that are `package` also describe the networks in a session's file.
struct NetworkRecord: Codable {
  /// The version that is written. A file of a later one is refused.
  static let version = 1

  var version: Int
  var name: String
  /// `single` or `double`.
  var precision: String
  var layers: [LayerRecord]
  var edges: [EdgeRecord]
  var training: TrainingRecord
  var optimizer: OptimizerRecord
  /// What the network remembers of the data it was trained on.
  var data: DataRecord?

  var graph: GraphRecord { GraphRecord(layers: layers, edges: edges) }
}

/// Layers and edges, each in the order in which they came; the graph need not be complete.
package struct GraphRecord: Codable {
  var layers: [LayerRecord]
  var edges: [EdgeRecord]
}

/// A layer. What only some kinds have is left out for the others.
struct LayerRecord: Codable {
  var name: String
  /// As the language calls it: `input`, `dense`, `conv2d`.
  var kind: String
  /// How its weights, or those of the edges into it, begin.
  var start: String
  /// Of `input` and `reshape`.
  var shape: [Int]?
  /// Of `dense`.
  var units: Int?
  /// Of `dense` and the convolutions.
  var activation: String?
  var bias: Bool?
  /// Of the convolutions.
  var filters: Int?
  var groups: Int?
  /// Of the convolutions and pools.
  var window: WindowRecord?
  /// Of `dropout`: how much of its input it drops.
  var share: Double?
  /// Of the normalisations.
  var momentum: Double?
  var epsilon: Double?
  /// Of `embedding`.
  var words: Int?
  var width: Int?
}

/// A window that slides, one number an axis.
struct WindowRecord: Codable {
  var size: [Int]
  var stride: [Int]
  var dilation: [Int]
  var padding: String
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
}

/// What `net` said about training.
package struct TrainingRecord: Codable {
  var loss: String?
  var optimizer: OptimizerKindRecord?
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

struct OptimizerKindRecord: Codable {
  var name: String
  /// Of `sgd` alone.
  var momentum: Double?
  var nesterov: Bool?
}

/// The optimizer that training used last. Its means are the arrays `optimizer/first/…` and `optimizer/second/…`.
package struct OptimizerRecord: Codable {
  var kind: OptimizerKindRecord
  var steps: Int
  /// Nadam's momenta so far, multiplied.
  var momenta: Double
}

struct DataRecord: Codable {
  /// The names of the classes.
  var classes: [String]?
  /// How its columns were scaled, if they were: the arrays `preparation/inputs` and `preparation/targets` hold an
  /// offset and a divisor a column.
  var preparation: PreparationRecord?
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
