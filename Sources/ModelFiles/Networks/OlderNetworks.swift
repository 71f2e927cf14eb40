package import JSON

/// Networks as version 1 of the format describes them, in the words of version 2.
///
/// Version 1 has the options of a layer and of an optimizer beside their names, by other words, and `start` for `init`.
/// Each function takes what a file holds and leaves alone what it does not know: the records say what is wrong with it.
package enum OlderNetworks {
  /// The record of a model file.
  static func network(_ record: JSONValue) -> JSONValue {
    var network = graph(record).changing("training", training)
    network = network.changing("optimizer", optimizerState)
    return network
  }

  /// Layers and edges; the edges are described as they were.
  package static func graph(_ record: JSONValue) -> JSONValue {
    record.changing("layers") { .array(($0.array ?? []).map(layer)) }
  }

  /// What `net` said about training.
  package static func training(_ record: JSONValue) -> JSONValue {
    record.changing("optimizer", optimizer)
  }

  /// The optimizer that trained last.
  package static func optimizerState(_ record: JSONValue) -> JSONValue {
    record.changing("kind", optimizer)
  }

  private static func optimizer(_ record: JSONValue) -> JSONValue {
    guard let name = record["name"] else { return record }
    let options = ["momentum", "nesterov"].compactMap { key in
      record[key].map { JSONValue.Member(key, $0) }
    }
    return .members(["name": name, "options": .object(options)])
  }

  /// Where the options of a layer stood, by the words of today.
  private static let places: [String: [(option: String, path: [String])]] = {
    let convolution = [
      ("filters", ["filters"]), ("kernel", ["window", "size"]), ("activation", ["activation"]),
      ("stride", ["window", "stride"]), ("padding", ["window", "padding"]),
      ("dilation", ["window", "dilation"]), ("groups", ["groups"]), ("bias", ["bias"]), ("init", ["start"]),
    ]
    let pool = [
      ("window", ["window", "size"]), ("stride", ["window", "stride"]), ("padding", ["window", "padding"]),
    ]
    return [
      "input": [("size", ["shape"])],
      "reshape": [("shape", ["shape"])],
      "dense": [
        ("units", ["units"]), ("activation", ["activation"]), ("bias", ["bias"]), ("init", ["start"]),
      ],
      "conv1d": convolution, "conv2d": convolution, "conv3d": convolution,
      "maxpool": pool, "avgpool": pool,
      "dropout": [("rate", ["share"])],
      "batchnorm": [("momentum", ["momentum"]), ("epsilon", ["epsilon"])],
      "layernorm": [("epsilon", ["epsilon"])],
      "embedding": [("vocabulary", ["words"]), ("dimension", ["width"]), ("init", ["start"])],
    ]
  }()

  private static func layer(_ record: JSONValue) -> JSONValue {
    guard let name = record["name"], let kind = record["kind"] else { return record }
    let options = (places[kind.string ?? ""] ?? []).compactMap { option, path in
      path.reduce(record as JSONValue?) { $0?[$1] }.map { JSONValue.Member(option, $0) }
    }
    return .members(["name": name, "kind": kind, "options": .object(options)])
  }
}

extension JSONValue {
  /// This object with another value of a member, if it has one.
  package func changing(_ key: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(
      members.map { member in
        guard member.key == key, member.value != .null else { return member }
        return Member(key, change(member.value))
      })
  }
}
