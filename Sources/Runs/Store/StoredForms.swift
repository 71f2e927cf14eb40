import Foundation
import JSON
import Notebooks
import Outputs

// What stands in the store's text columns. These forms are the store's own: a change to one is a migration, and no
// change to a type elsewhere is one.

/// An output as JSON: `{"kind": "plot", "plain": "…", "forms": {"image/svg+xml": "…"}, "caption": "…"}`.
enum StoredOutput {
  static func text(of output: RenderedOutput) -> String {
    var members = [
      JSONValue.Member("kind", .string(output.kind.rawValue)), .init("plain", .string(output.plain)),
    ]
    if !output.forms.isEmpty {
      members.append(.init("forms", .object(output.forms.map { .init($0.type, .string($0.text)) })))
    }
    for (key, value) in [("caption", output.caption), ("code", output.code), ("message", output.message)] {
      if let value { members.append(.init(key, .string(value))) }
    }
    return JSONValue.object(members).compact
  }

  /// The output; nil for text that no version of nbs wrote.
  static func output(_ text: String) -> RenderedOutput? {
    guard let json = JSONReader.document(text), let name = json["kind"]?.string,
      let kind = RenderedOutput.Kind(rawValue: name), let plain = json["plain"]?.string
    else { return nil }
    let forms = (json["forms"]?.members ?? []).compactMap { member in
      member.value.string.map { RenderedOutput.Form(member.key, $0) }
    }
    return RenderedOutput(
      kind, plain: plain, forms: forms, caption: json["caption"]?.string, code: json["code"]?.string,
      message: json["message"]?.string)
  }
}

/// A point in time: `2026-11-21T06:10:35Z`.
enum StoredDate {
  static func text(_ date: Date) -> String { date.formatted(.iso8601) }

  static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }
}

/// What the run ran on: `{"nbs": "0.2.0", "system": "…"}`.
enum StoredVersions {
  static func text(nbs: String) -> String {
    JSONValue.members([
      "nbs": .string(nbs), "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
      "processor": .string(processor),
    ]).compact
  }

  static func facts(_ text: String) -> [RunFact] {
    (JSONReader.document(text)?.members ?? []).compactMap { member in
      member.value.string.map { RunFact(member.key, $0) }
    }
  }

  private static var processor: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }
}

extension Cell {
  /// The marker's attributes from a JSON object.
  static func attributes(storedText: String) -> [CellAttribute] {
    (JSONReader.document(storedText)?.members ?? []).compactMap { CellAttribute($0.key, $0.value) }
  }
}

/// A name and a value in words.
public struct RunFact: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The value.
  public var value: String

  /// Creates a fact.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
