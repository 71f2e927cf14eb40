import Foundations
import NeuralEngine
import Testing

@testable import Datasets

@Suite struct ImageFolderTests {
  @Test func foldersOfImages() throws {
    let data = try DatasetFile.read(fixture("shapes/"), name: "s").train
    #expect(data.classes == ["circle", "square"])
    #expect(data.inputShape == [4, 5, 1])
    #expect(data.targets == [0, 0, 1, 1])
    guard case .bytes(let bytes) = data.storage else { return #expect(Bool(false)) }
    #expect(Array(bytes.values[..<20]) == (0..<20).map { UInt8($0) })
    #expect(bytes.values[79] == 129)
    let coloured = try DatasetFile.read(fixture("coloured"), name: "c").train
    #expect(coloured.inputShape == [4, 5, 3])
    #expect(coloured.inputs(ofRow: 1) == (0..<60).map(Double.init)[...])
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
