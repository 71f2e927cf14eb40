import JSON
import ModelFiles

/// Sessions as version 2 of the format describes them, in the words of version 3: networks by their layers' options, how
/// networks are computed as `execution`, and classes as the levels of a target.
enum OlderSessions {
  /// The description of a session.
  static func session(_ record: JSONValue) -> JSONValue {
    record.renaming("computing", to: "execution")
      .changing("networks") { .array(($0.array ?? []).map(network)) }
      .changing("trained") { .array(($0.array ?? []).map(trainedData)) }
  }

  private static func network(_ record: JSONValue) -> JSONValue {
    record.changing("graph", OlderNetworks.graph).changing("defaults", OlderNetworks.training)
      .changing("weights") { weights in
        weights.renaming("computing", to: "options").changing("optimizer") {
          $0.changing("record", OlderNetworks.optimizerState)
        }
      }
  }

  private static func trainedData(_ record: JSONValue) -> JSONValue {
    guard let classes = record["classes"], classes != .null else { return record }
    let target = JSONValue.members(["name": "y", "levels": classes, "missing": .number("0")])
    return .object((record.members ?? []) + [.init("targets", .array([target]))])
  }
}

extension JSONValue {
  fileprivate func renaming(_ key: String, to name: String) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.key == key ? Member(name, $0.value) : $0 })
  }
}
