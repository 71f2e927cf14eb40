import Language
import NetworkSchema
import NeuralEngine

extension Session {
  /// The layer that `layer`'s words describe, by the schema of its kind.
  func layer(_ name: String, _ arguments: CommandArguments, _ context: ExecutionContext) throws -> Layer {
    let word = arguments.command.variant ?? ""
    return try locating(arguments) {
      guard let schema = NetworkCatalog.current.layers[word] else {
        throw SchemaViolation.unknownKind(family: "kind of layer", name: word)
      }
      let options = schema.completed(try arguments.values(of: schema, context))
      return Layer(name: name, kind: try Layer.Kind(word, options, named: name))
    }
  }
}
