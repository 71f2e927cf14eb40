internal import Datasets
public import Foundations
internal import ModelFiles
public import NeuralEngine

/// Weights out of a file of another program, held against a network that was described: what goes where, and what has to be
/// turned on the way. Nothing is changed yet.
public struct WeightImport: Sendable {
  /// What becomes of an array of the file.
  public struct Line: Sendable, Equatable {
    /// The name in the file.
    public let source: String
    /// The shape there.
    public let shape: [Int]
    /// The parameters that it becomes, `hid/kernel`.
    public let target: String
    /// What was done to it, in words; empty where it was taken as it is.
    public let change: String
  }

  /// Who wrote the file, in words.
  public let origin: String
  /// The new numbers, each with its place in the network's parameters.
  public let numbers: [(range: Range<Int>, values: [Double])]
  /// What went where.
  public let lines: [Line]
  /// The names of the arrays that are left over.
  public let unused: [String]
  /// The layers that keep what they have.
  public let kept: [String]
  /// What the reader should know: layers that compute otherwise there, or that only their order told apart.
  public let remarks: [(code: ErrorCode, text: String)]

  /// Refuses a file of Python's pickles by its name, before it is opened.
  ///
  /// - Throws: `not-a-model-file`, with what to do in Python.
  public static func refusePickle(_ name: String) throws(CodedError) { try WeightFile.refusePickle(name) }

  /// Finds a place for everything.
  ///
  /// Layers and groups of arrays belong together as `map` says, then by their names, and the rest in the order of the layers
  /// by their shapes.
  ///
  /// - Parameters:
  ///   - path: where the file is.
  ///   - name: what messages call it.
  ///   - graph: the network.
  ///   - map: names of layers, and the names of their weights in the file, without the last part.
  ///   - isStrict: whether every layer must find its weights.
  /// - Throws: what is wrong with the file, `missing-library`, or `different-network`.
  public init(
    _ path: String, named name: String, into graph: NetworkGraph, map: [(layer: String, group: String)],
    isStrict: Bool
  ) throws(CodedError) {
    let file = try WeightFile(path, named: name)
    var matching = try WeightMatching(file, named: name, graph)
    try matching.match(map, isStrict: isStrict)
    origin = file.origin.name
    numbers = matching.numbers
    lines = matching.lines
    unused = matching.unused
    kept = matching.kept
    remarks = matching.remarks
  }
}
