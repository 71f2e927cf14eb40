import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ModelFiles

@Suite("Containers")
struct ContainerTests {
  private var sample: ArrayFile {
    var file = ArrayFile()
    file.add(StoredArray("hid/bias", shape: [3], [0.1, -2, 1e30], as: .single))
    file.add(StoredArray("hid/kernel", shape: [1, 2], [0.1, .pi]))
    file.add(StoredArray("images", shape: [2, 0, 4], bytes: []))
    file.add(StoredArray("count", shape: [], [7]))
    file.metadata = ["é \"quoted\"\n": "{\"a\": 1}", "a": ""]
    return file
  }

  @Test("What is written is read again, and gives the same bytes")
  func mirror() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("m.safetensors")
    try sample.write(to: path)
    let read = try ArrayFile.read(path)
    #expect(read.metadata == sample.metadata)
    for array in sample.arrays { #expect(read[array.name] == array) }
    #expect(read["hid/kernel"]?.doubles == [0.1, .pi])
    #expect(read["hid/bias"]?.doubles == [Double(Float(0.1)), -2, Double(Float(1e30))])
    try read.write(to: folder.path("again"))
    #expect(
      try Data(contentsOf: folder.url.appending(path: "again")) == Data(contentsOf: URL(filePath: path)))
    #expect(folder.names == ["again", "m.safetensors"])
  }

  @Test("The bytes are those of the format")
  func bytes() throws {
    let folder = try TemporaryFolder()
    var file = ArrayFile()
    file.add(StoredArray("a", shape: [1], [1], as: .single))
    try file.write(to: folder.path("m"))
    let text = #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#
    let padding = String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    #expect(
      Array(try Data(contentsOf: folder.url.appending(path: "m"))) == container(text + padding) + [
        0, 0, 0x80, 0x3F,
      ])
  }

  @Test("Every type of number is read", arguments: StoredArray.Element.allCases)
  func elements(element: StoredArray.Element) throws {
    let one: [UInt8] =
      switch element {
      case .float64: [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
      case .float32: [0, 0, 0x80, 0x3F]
      case .float16: [0, 0x3C]
      case .bfloat16: [0x80, 0x3F]
      default: [1] + [UInt8](repeating: 0, count: element.width - 1)
      }
    let header = #"{"a":{"dtype":"\#(element.rawValue)","shape":[1],"data_offsets":[0,\#(element.width)]}}"#
    let folder = try TemporaryFolder()
    let file = try ArrayFile.read(folder.write(container(header) + one))
    #expect(file["a"]?.doubles == [1])
  }

  @Test(
    "Hostile headers are refused, each with its reason",
    arguments: [
      ("", 0, "JSON"), ("{", 0, "JSON"), ("{}", 1, "follow the header"), ("{} x", 0, "JSON"),
      (#"{"a":1}"#, 0, "not a JSON object"), (#"{"a":{}}"#, 0, "no dtype"),
      (#"{"a":{"dtype":"F8_E4M3","shape":[],"data_offsets":[0,1]}}"#, 1, "F8_E4M3"),
      (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4, "shape"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "0 or more"),
      (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "0 or more"),
      (#"{"a":{"dtype":"F32","shape":[1e3],"data_offsets":[0,4]}}"#, 4, "0 or more"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "0 or more"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4, "larger than any"),
      (
        #"{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "larger than any"
      ),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "takes 8 bytes"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "should be at"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 4, "should be at"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 4, "should be at"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "should be at"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "gap"),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
        6, "overlaps"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        2, "twice"
      ),
      (#"{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}"#, 1, "twice"),
      (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "twice"), (#"{"__metadata__":{"a":1}}"#, 0, "not a text"),
      (#"{"__metadata__":[]}"#, 0, "not a JSON object"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2, "follow"),
    ])
  func hostile(header: String, data: Int, reason: String) throws {
    // A header that does not begin as one makes the file a foreign one.
    let error = try #require(try mistake(container(header.isEmpty ? "{" : header, data: data)))
    #expect(error.code == .badModelFile)
    #expect(error.message.contains(reason), "\(error.message)")
  }

  @Test("Files that are no containers")
  func foreign() throws {
    #expect(try mistake([])?.code == .emptyFile)
    #expect(try mistake([2, 0, 0])?.code == .truncatedFile)
    #expect(try mistake(Array("rows of words, no model".utf8))?.code == .notAModelFile)
    #expect(try mistake([0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0, 0])?.message.contains("torch.save") == true)
    #expect(try mistake(container("{}", length: 90))?.code == .truncatedFile)
    #expect(try mistake(container("{}", length: 1 << 40))?.code == .badModelFile)
    #expect(try mistake(container("{}", length: .max))?.code == .badModelFile)
    #expect(try mistake(container("{\"\u{1B}[31m\":1}"))?.message.contains("\u{1B}") == false)
    #expect(try mistake([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF])?.message.contains("UTF-8") == true)
    #expect(try mistake(container(String(repeating: "{\"a\":", count: 5000)))?.code == .badModelFile)
    // A header of 640 bytes has the length that a pickle begins with.
    let padded = "{}" + String(repeating: " ", count: 638)
    #expect(try mistake(container(padded, length: 640)) == nil)
    let folder = try TemporaryFolder()
    let codes = [folder.path("none"), folder.url.path(), "/dev/null"].map { path in
      code { () throws(CodedError) in _ = try ArrayFile.read(path) }
    }
    #expect(codes == [.noSuchFile, .notAFile, .notAFile])
  }

  @Test("A file cut short anywhere, or with a byte changed, is read or refused but never traps")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("m")
    try sample.write(to: path)
    let whole = Array(try Data(contentsOf: URL(filePath: path)))
    for length in 0..<whole.count { #expect(try mistake(Array(whole[..<length])) != nil) }
    var random = RandomStream(seed: 1)
    for _ in 0..<300 {
      var bytes = whole
      bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      _ = try mistake(bytes)
    }
  }

  @Test("What cannot be written leaves nothing behind, and the old file as it was")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    func code(_ path: String) -> ErrorCode? {
      ModelFilesTests.code { () throws(CodedError) in try sample.write(to: path) }
    }
    #expect(code(folder.url.path()) == .unwritableFile)
    #expect(code(folder.path("none/m")) == .unwritableFile)
    let path = try folder.write([1, 2, 3], "old")
    #expect(code(path + "/m") == .unwritableFile)
    #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    #expect(folder.names == ["old"])
  }

  @Test("A link to a file stays one, and so does who may read it")
  func links() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], "real")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: path)
    try sample.write(to: folder.path("link"))
    #expect(try ArrayFile.read(path).arrays.count == sample.arrays.count)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(folder.names == ["link", "real"])
  }

  @Test("A long array that is written piece by piece is the file that it would be at once")
  func pieces() throws {
    let folder = try TemporaryFolder()
    let whole = (0..<1_300_000).map { $0 % 256 }
    let contents: [ArrayContent] = [
      .integers(whole), .doubles(whole.map(Double.init), as: .single), .bytes(whole.map { UInt8($0) }),
    ]
    for content in contents {
      var asked = 0
      try ArrayFile.write(content, named: "n", to: folder.path("m")) {
        asked += 1
        return true
      }
      #expect(asked == 4)
      var file = ArrayFile()
      file.add(StoredArray("n", shape: [whole.count], content))
      #expect(try ArrayFile.read(folder.path("m")) == file)
    }
    let error = #expect(throws: CodedError.self) {
      try ArrayFile.write(contents[0], named: "n", to: folder.path("other")) { false }
    }
    #expect(error?.code == .interrupted && folder.names == ["m"])
  }
}
