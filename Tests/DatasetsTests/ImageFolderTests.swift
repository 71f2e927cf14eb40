import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct ImageFolderTests {
  /// Nothing that a file says about brightness changes the values that a learner sees.
  @Test func pixelsAreTheValuesInTheFile() throws {
    let data = try DatasetFile.read(fixture("values"), name: "v").train
    #expect(data.inputShape == [1, 2, 1])
    // Two files of 16 bits, two with a gamma, two with transparency, one of a single bit.
    #expect(data.inputs == [63, 128, 63, 128, 63, 128, 63, 128, 63, 127, 63, 127, 255, 0])
  }

  private static let hasJPEG = (try? OptionalLibrary.turboJPEG.load()) != nil

  @Test(.enabled(if: hasJPEG), arguments: ["grey", "coloured"]) func jpegsAsPillowReadsThem(kind: String)
    throws
  {
    let data = try DatasetFile.read(fixture("jpeg/\(kind)"), name: "j").train
    #expect(data.inputShape == [9, 10, kind == "grey" ? 1 : 3])
    let known = try JSONDecoder().decode(
      [String: [Double]].self, from: Data(bytes(of: fixture("jpeg/values.json"))))
    for (row, label) in ["one", "two"].enumerated() {
      let values = try #require(known["\(kind)/\(label)"])
      // Versions of the library round some values otherwise.
      #expect(
        zip(data.inputs(ofRow: row), values).allSatisfy { abs($0 - $1) <= 1 }
          && data.inputWidth == values.count)
    }
  }

  @Test(.enabled(if: hasJPEG)) func jpegsCutOff() throws {
    let whole = try bytes(of: fixture("jpeg/grey/one/0.jpg"))
    for count in stride(from: 2, to: whole.count - 40, by: 7) {
      #expect(throws: CodedError.self, "cut to \(count)") {
        let image = try ImageFile(ByteFile(name: "p", bytes: Array(whole[..<count])))
        var pixels = [UInt8](repeating: 0, count: image.size.width * image.size.height)[...]
        try image.decode(color: false, into: &pixels)
      }
    }
  }

  @Test(.enabled(if: !hasJPEG)) func jpegsNeedTheirLibrary() {
    expectError(.missingLibrary, saying: ["libturbojpeg0"]) {
      _ = try DatasetFile.read(fixture("jpeg/grey"), name: "j")
    }
  }

  @Test func foldersOfImages() throws {
    let data = try DatasetFile.read(fixture("shapes/"), name: "s").train
    #expect(data.classes == ["circle", "square"])
    #expect(data.inputShape == [4, 5, 1])
    #expect(data.targets == [0, 0, 1, 1])
    guard case .bytes(let bytes) = data.storage else { return #expect(Bool(false)) }
    #expect(Array(bytes.values[..<20]) == [UInt8](0..<20))
    #expect(bytes.values[79] == 129)
    let coloured = try DatasetFile.read(fixture("coloured"), name: "c").train
    #expect(coloured.inputShape == [4, 5, 3])
    #expect(Array(coloured.inputs(ofRow: 1)) == (0..<60).map { Double($0) })
  }

  @Test func foldersThatAreNone() throws {
    let folder = TemporaryFolder()
    expectError(.noImages, saying: ["no subfolders"]) { _ = try DatasetFile.read(folder.path, name: "f") }
    let image = try bytes(of: fixture("shapes/circle/0.png"))
    try folder.write(image, to: "one/0.png")
    expectError(.oneClass) { _ = try DatasetFile.read(folder.path, name: "f") }
    try folder.write(Array("no picture".utf8), to: "two/0.png")
    expectError(.badPNG, saying: ["two/0.png"]) { _ = try DatasetFile.read(folder.path, name: "f") }
    let wider = TemporaryFolder()
    try wider.write(image, to: "a/0.png")
    try wider.write(try bytes(of: fixture("coloured/one/0.png")), to: "b/0.png")
    #expect(try DatasetFile.read(wider.path, name: "f").train.inputShape == [4, 5, 3])
  }
}
