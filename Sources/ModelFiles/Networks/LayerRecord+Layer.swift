internal import Foundations
internal import NetworkSchema
import NeuralEngine

extension LayerRecord {
  init(_ layer: Layer) {
    name = layer.name
    kind = layer.kindName
    options = layer.kind.options.records
  }

  /// The layer that is described.
  func layer(_ reading: RecordReading) throws(CodedError) -> Layer {
    try reading.checkName(name)
    guard let schema = NetworkCatalog.current.layers[kind] else {
      throw reading.bad("the layer `\(name)` has an unknown kind: \(kind.asName)")
    }
    let options = try OptionValues(options, of: schema, "the layer `\(name)`", reading)
    let layer: Layer
    do throws(SchemaViolation) {
      layer = Layer(name: name, kind: try Layer.Kind(kind, options, named: name))
    } catch {
      throw reading.bad("the layer `\(name)` cannot be made. \(error.message)".withoutFullStop)
    }
    try reading.telling { () throws(CodedError) in try layer.check() }
    return layer
  }
}
