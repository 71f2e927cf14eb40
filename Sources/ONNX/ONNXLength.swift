import Datasets
import Foundations
import ModelFiles
import NeuralEngine

/// Whether a model takes sequences of any length, although the network was described for one: where every layer does the same
/// at each step or goes through the steps one by one, nothing in the model hangs on their number.
enum ONNXLength {
  /// Leaves the length free where it is.
  ///
  /// The model is computed with longer sequences and held against the same network for those, so that whatever hangs on the
  /// length after all keeps it fixed.
  ///
  /// - Parameters:
  ///   - model: the model, for sequences of the network's length.
  ///   - answers: computes a model.
  static func release(
    _ model: inout ONNXModel, of program: InferenceProgram, turned: Set<String>,
    answers: (ONNXModel, InferenceProgram, SampleRows) throws(CodedError) -> [Double]
  ) {
    guard let length = program.network.graph.sequenceLength, !hasPlacedWindows(program),
      let free = try? released(model, program, turned)
    else { return }
    for more in 1...2 {
      guard let longer = try? self.longer(program, by: more),
        let sample = try? SampleRows(longer, count: 1),
        let found = try? answers(free, longer, sample), sample.distance(to: found) <= 1e-4
      else { return }
    }
    model = free
    model.metadata.append((ONNXImporter.lengthKey, "\(length)"))
  }

  /// Whether windows stand at places that hang on the length: where they move by more than a step, zeros are added by what is left
  /// over at the end, and one length needs them where another does not.
  private static func hasPlacedWindows(_ program: InferenceProgram) -> Bool {
    program.network.graph.layers.contains { layer in
      guard let window = layer.kind.as(Convolution.self)?.window ?? layer.kind.as(Pool.self)?.window,
        window.padding == .same
      else { return false }
      return zip(window.size, window.stride).contains { $0 > 1 && $1 > 1 }
    }
  }

  /// The model with symbols in the place of lengths.
  private static func released(
    _ model: ONNXModel, _ program: InferenceProgram, _ turned: Set<String>
  ) throws(CodedError) -> ONNXModel {
    var model = model
    let graph = program.network.graph
    for (place, layer) in program.inputs.enumerated() where graph.isSequence(layer) {
      let axis = turned.contains(layer.name) ? 2 : 1
      model.graph.inputs[place].release(axis, "steps")
    }
    guard let longer = try graph.lengthened(by: 1) else { return model }
    for (place, layer) in program.outputs.enumerated() {
      let shape = program.shape(layer)
      guard let other = longer.layer(layer.name).flatMap({ longer.shape(of: $0) }), other != shape else {
        continue
      }
      // Windows without zeros around them shorten a sequence, so that its length has no name.
      model.graph.outputs[place].release(1, shape[0] == graph.sequenceLength ? "steps" : nil)
    }
    return model
  }

  /// The network for longer sequences.
  private static func longer(_ program: InferenceProgram, by more: Int) throws(CodedError)
    -> InferenceProgram?
  {
    var network = program.network
    guard let graph = try network.graph.lengthened(by: more),
      try ParameterLayout(graph).count == network.learned.values.count
    else { return nil }
    network.graph = graph
    if let preparation = network.preparation {
      let old = program.network.graph
      guard let inputs = stretched(preparation.inputs, old.inputs, old, graph) else { return nil }
      var targets = preparation.targets
      if let scales = targets, graph.outputWidth != old.outputWidth {
        targets = stretched(scales, old.outputs, old, graph)
        if targets == nil { return nil }
      }
      network.preparation = Preparation(inputs: inputs, targets: targets)
    }
    return try InferenceProgram(network)
  }

  /// The scales of some layers' numbers for longer sequences; nil where they differ from step to step.
  private static func stretched(
    _ scales: [Preparation.Scale], _ layers: [Layer], _ old: NetworkGraph, _ new: NetworkGraph
  ) -> [Preparation.Scale]? {
    if scales.isEmpty { return scales }
    let widths = layers.map { layer in
      let (all, longer) = (old.width(of: layer), new.layer(layer.name).map { new.width(of: $0) } ?? 0)
      let step = (old.shape(of: layer) ?? []).dropFirst().reduce(1, *)
      return (step: all == longer ? all : step, all: all, longer: longer)
    }
    return scales.ofOneStep(widths.map { ($0.step, $0.all) })?
      .ofAllSteps(widths.map { ($0.step, $0.longer) })
  }
}

extension ONNXValueInfo {
  /// Leaves the length of an axis free.
  fileprivate mutating func release(_ axis: Int, _ symbol: String?) {
    guard shape?.indices.contains(axis) == true else { return }
    shape?[axis] = Int?.none
    symbols[axis] = symbol
  }
}
