package import Foundations
internal import NetworkSchema
package import NeuralEngine

extension OptimizerRecord {
  /// Describes an optimizer; its slots are for the file's arrays.
  package init(_ state: OptimizerState) {
    kind = OptimizerChoiceRecord(state.optimizer)
    steps = state.steps
    momenta = state.momenta
  }

  /// The state that is described, with slots out of the file's arrays.
  package func state(
    first: [Double], second: [Double], _ reading: RecordReading
  ) throws(CodedError) -> OptimizerState {
    // Steps are counted up from here, and must not overflow.
    guard (0...1 << 53).contains(steps), (0...1).contains(momenta) else {
      throw reading.bad("the number of steps of its optimizer is out of range")
    }
    return OptimizerState(
      optimizer: try kind.optimizer(reading), steps: steps, momenta: momenta, first: first, second: second)
  }
}

extension OptimizerChoiceRecord {
  init(_ optimizer: Optimizer) {
    name = optimizer.name
    options = optimizer.options.records
  }

  /// The optimizer that is described.
  func optimizer(_ reading: RecordReading) throws(CodedError) -> Optimizer {
    guard let schema = NetworkCatalog.current.optimizers[name],
      let optimizer = Optimizer(
        named: name, try OptionValues(options, of: schema, "the optimizer \(name)", reading))
    else { throw reading.bad("the optimizer is unknown: \(name.asName)") }
    return optimizer
  }
}
