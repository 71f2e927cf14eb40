import Diagnostics
import Foundation
import Foundations
import ModelFiles
import Testing

@testable import Sessions

/// A file that is damaged, or that somebody has meddled with, is refused with a diagnostic, or it holds another
/// sound session; it never ends the program.
@Suite("Damaged session files")
struct SessionFileDamageTests {
  private let file = SessionPath()

  /// A network that was trained, one that was changed since, and one that is not complete.
  private static let cells = [
    "seed 5; data xor; net solver loss=mse rate=0.3 optimizer=sgd momentum=0.9 clip=2 schedule=step decay=0.5 period=3",
    "layer inp input 2; layer hid dense 3 tanh init=he; layer out dense 1 sigmoid",
    "connect inp -> hid weights=[[1, 2], [3, 4], [5, 6]]; connect hid -> out",
    "split xor test=25%; prepare xor scale=minmax; train xor epochs=3 batch=2 optimizer=adam; activate [1, 0]",
    "net changed; layer u input 2; layer v dense 1; connect all; train xor epochs=1; layer w dense 2",
    "net pictures; layer i input 4x4x1; layer c conv2d 2 3x3 relu; connect i -> c",
    "net solver; def f(x) = x; a = [1, 2, 3]; record r = 4; param p = 0.5",
  ]

  private func written() throws {
    let transcript = Transcript(session: Session())
    run(Self.cells, in: transcript)
    try file.write(transcript)
  }

  private func mistake() -> Diagnostic? {
    do {
      _ = try file.read()
      return nil
    } catch {
      #expect(error is Diagnostic, "\(error)")
      return error as? Diagnostic
    }
  }

  @Test("Bytes that have changed, and files that are cut off")
  func bytes() throws {
    try written()
    let bytes = try Data(contentsOf: URL(filePath: file.path))
    var refused = 0
    for place in stride(from: 0, to: bytes.count, by: 61) {
      var changed = bytes
      changed[place] ^= 0x15
      try changed.write(to: URL(filePath: file.path))
      if mistake() != nil { refused += 1 }
    }
    #expect(refused > 20)
    for length in [0, 1, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(filePath: file.path))
      #expect(mistake() != nil)
    }
    #expect(throws: Diagnostic.self) { _ = try SessionFile.read("/nonexistent", into: Session()) { _ in } }
  }

  /// What each member of the description is put in place of, one after the other.
  private static let values = [
    "-1", "9223372036854775807", "1e300", #""nan""#, "null", "[9223372036854775807, 9223372036854775807]",
  ]

  @Test("Every member of the description, changed in every way", arguments: values.indices)
  func members(_ index: Int) throws {
    try written()
    let whole = try ArrayFile.read(file.path)
    let value = try JSONSerialization.jsonObject(
      with: Data(Self.values[index].utf8), options: .fragmentsAllowed)
    let description = try JSONSerialization.jsonObject(with: Data(try file.description()))
    var (refused, opened) = (0, 0)
    for path in Self.paths(description) {
      let changed = Self.replacing(path[...], in: description, by: value)
      try file.write(Array(try JSONSerialization.data(withJSONObject: changed)), in: whole)
      let session: Transcript
      do { session = try file.read() } catch {
        #expect(error is Diagnostic, "\(error)")
        refused += 1
        continue
      }
      opened += 1
      for cell in ["summary; plot loss; predict xor", "propagate [1]", "train xor epochs=1"] {
        _ = shown(cell, in: session)
      }
    }
    #expect(refused > 50, "\(opened) were opened")
  }

  /// The paths to all members of a JSON value, keys and places.
  private static func paths(_ value: Any) -> [[String]] {
    if let object = value as? [String: Any] {
      return object.sorted { $0.key < $1.key }.flatMap { key, member in
        [[key]] + paths(member).map { [key] + $0 }
      }
    }
    guard let array = value as? [Any] else { return [] }
    return array.indices.flatMap { place in [["\(place)"]] + paths(array[place]).map { ["\(place)"] + $0 } }
  }

  private static func replacing(_ path: ArraySlice<String>, in value: Any, by new: Any) -> Any {
    guard let key = path.first else { return new }
    if var object = value as? [String: Any], let member = object[key] {
      object[key] = replacing(path.dropFirst(), in: member, by: new)
      return object
    }
    guard var array = value as? [Any], let place = Int(key) else { return value }
    array[place] = replacing(path.dropFirst(), in: array[place], by: new)
    return array
  }

  /// One change of the description, and what must be said about it.
  static let changes: [(old: String, new: String, reason: String)] = [
    (#""name":"solver""#, #""name":"a b""#, "`a b` is not a name"),
    (#""name":"hid""#, #""name":"inp""#, "There is already a layer `inp`"),
    (#""units":3"#, #""units":0"#, "the layer `hid` cannot be made. `units` takes an integer"),
    (#""units":3"#, #""units":4"#, "4x2 weights (8), but 6"),
    (#""units":3"#, #""size":3"#, "`dense` has no option `size`"),
    (#""units":3"#, #""units":3,"units":3"#, "`units` twice"),
    (#""units":3"#, #""units":3.5"#, "`units` takes an integer"),
    (#""kind":"conv2d""#, #""kind":"attention""#, "has an unknown kind: `attention`"),
    (#""activation":"tanh""#, #""activation":"swish""#, "`activation` takes one of"),
    (#""init":"he""#, #""init":"x""#, "`init` takes one of"),
    (#""stride":[1,1]"#, #""stride":[1,1,1]"#, "the layer `c` cannot be made. `stride`"),
    (#""type":"full""#, #""type":"half""#, "type of the edge"),
    (#""to":"hid""#, #""to":"inp""#, "/preset/inp/inp`"),
    (#""to":"out""#, #""to":"inp""#, "`inp` is an input"),
    (#""momentum":0.9"#, #""momentum":1"#, "the optimizer sgd cannot be made. `momentum` takes"),
    (#""clip":2"#, #""clip":0"#, "clip=0"),
    (#""decay":0.5"#, #""decay":2"#, "decay=2"), (#""period":3"#, #""period":0"#, "period=0"),
    (#""loss":"mse""#, #""loss":"x""#, "the loss is unknown"),
    (#""rate":0.3"#, #""rate":-1"#, "rate=-1"),
    (#""steps":6"#, #""steps":-1"#, "number of steps"),
    (#""steps":6"#, #""steps":9223372036854775807"#, "number of steps"),
    (#""name":"adam""#, #""name":"sam""#, "the optimizer is unknown: `sam`"),
    (#""precision":"single""#, #""precision":"half""#, "the precision is unknown"),
    (#""preset":true"#, #""preset":"yes""#, "an invalid value at"),
  ]

  @Test("A change of a network is named, and what to do about it", arguments: changes.indices)
  func told(_ index: Int) throws {
    let (old, new, reason) = Self.changes[index]
    try written()
    let text = String(decoding: try file.description(), as: UTF8.self)
    let range = try #require(text.range(of: old), "\(old) is not in \(text)")
    try file.write(Array(text.replacingCharacters(in: range, with: new).utf8), in: ArrayFile.read(file.path))
    let mistake = mistake()
    #expect(mistake?.code == .damagedSession)
    let message = mistake?.message ?? "it was opened"
    #expect(message.contains(reason))
    #expect(
      message.hasPrefix("The session's file is damaged: ") && message.contains("Open another copy of it"))
  }

  @Test("Arrays that are missing, too short or not finite")
  func arrays() throws {
    try written()
    let whole = try ArrayFile.read(file.path)
    let preset = try #require(whole.arrays.first { $0.name.hasSuffix("preset/hid/inp") })
    #expect(preset.shape == [3, 2])
    func message(_ array: StoredArray) throws -> String {
      var changed = whole
      changed.add(array)
      try changed.write(to: file.path)
      return mistake()?.message ?? "it was opened"
    }
    #expect(try message(StoredArray(preset.name, shape: [2], [1, 2])).contains("3x2 weights (6), but 2"))
    #expect(try message(StoredArray(preset.name, shape: [1], [.nan])).contains("are not finite"))
    for array in whole.arrays where array.name != "session" {
      _ = try message(StoredArray(array.name, shape: [0], []))
      _ = try message(StoredArray(array.name, shape: [5, 1], [0, .nan, -.infinity, 1e300, -1]))
    }
  }

  @Test("A file of another version or of something else is told apart from a damaged one")
  func others() throws {
    try written()
    var whole = try ArrayFile.read(file.path)
    for (version, code) in [("1", ErrorCode.olderFile), ("99", .newerFile), ("x", .damagedSession)] {
      whole.metadata["nbs-session"] = version
      try whole.write(to: file.path)
      #expect(mistake()?.code == code)
    }
    whole.metadata["nbs-session"] = nil
    try whole.write(to: file.path)
    #expect(mistake()?.code == .notASession)
    try Data("no session at all".utf8).write(to: URL(filePath: file.path))
    #expect(mistake()?.code == .notASession)
  }
}
