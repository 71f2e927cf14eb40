import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct ArrayTests {
  private func array(_ name: String) throws -> RawArray {
    try NPYReader.read(PlainStream(try ByteFile(path: fixture(name))), limit: 1 << 20)
  }

  @Test(arguments: [
    "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "big_endian", "fortran", "version2",
    "version3",
  ])
  func typesOfNumPy(name: String) throws {
    let array = try array(name + ".npy")
    #expect(array.shape == [4, 3])
    #expect(array.values.doubles == (0..<12).map { Double($0) })
    #expect(array.isWhole == "iu".contains(name.first ?? "f"))
  }

  @Test func signsAndTruths() throws {
    #expect(try array("big_endian_i2.npy").values.doubles == (0..<12).map { Double($0 - 5) })
    #expect(try array("bool.npy").values.doubles == (0..<12).map { Double($0 % 2) })
    #expect(try array("fortran3.npy").values == .bytes(ByteInputs((0..<24).map { UInt8($0) })))
  }

  @Test func halves() throws {
    let array = try array("f2.npy")
    #expect(array.values.doubles == (0..<12).map { Double($0) - 5.5 } && !array.isWhole)
    // Every one of the 65,536 numbers of 16 bits: the largest, the smallest, what is none.
    #expect(ElementReader.half(0x7BFF) == 65504 && ElementReader.half(0xFC00) == -.infinity)
    #expect(ElementReader.half(1) == 0x1p-24 && ElementReader.half(0x3FF) == 1023 * 0x1p-24)
    #expect(ElementReader.half(0x0400) == 0x1p-14 && ElementReader.half(0x7C01).isNaN)
    #expect(ElementReader.half(0x8000).sign == .minus)
  }

  @Test func inputsAloneAreInputsAlone() throws {
    let data = try DatasetFile.read(fixture("x_only.npz"), name: "t").train
    #expect(data.targetNames.isEmpty && data.inputWidth == 3)
  }

  @Test func bytesStayBytes() throws {
    guard case .bytes = try array("u1.npy").values else {
      Issue.record("u1 became doubles")
      return
    }
  }

  @Test func tablesOfNumPy() throws {
    let data = try DatasetFile.read(fixture("f8.npy"), name: "t").train
    #expect(data.inputNames == ["column1", "column2"])
    #expect(data.targets == [2, 5, 8, 11])
  }

  @Test(arguments: ["stored.npz", "deflated.npz"])
  func archives(name: String) throws {
    let data = try DatasetFile.read(fixture(name), name: "t").train
    #expect(data.inputs == (0..<12).map { Double($0) })
    #expect(data.targets == [0, 1, 1, 0])
    #expect(data.classes == ["0", "1"])
  }

  @Test func archivesOfKeras() throws {
    let parts = try DatasetFile.read(fixture("keras.npz"), name: "k")
    #expect(parts.train.inputShape == [6, 6, 1])
    #expect(parts.train.storage == .bytes(ByteInputs((0..<72).map { UInt8($0) })))
    #expect(parts.test?.rows == 1)
  }

  @Test func unclearArchives() {
    expectError(.npzNames, saying: ["`first`", "`second`"]) {
      _ = try DatasetFile.read(fixture("unclear.npz"), name: "t")
    }
    expectError(.npyType, saying: ["astype"]) {
      _ = try DatasetFile.read(fixture("structured.npy"), name: "t")
    }
  }

  @Test func idx() throws {
    let path = fixture("idx/train-images-idx3-ubyte")
    for path in [path, path + ".gz"] {
      let data = try DatasetFile.read(path, name: "i").train
      #expect(data.inputShape == [4, 5, 1])
      #expect(data.storage == .bytes(ByteInputs((0..<40).map { UInt8($0) })))
      #expect(data.targets == [1, 0])
      #expect(data.classes == ["0", "1"])
    }
    let parts = try DatasetFile.read(fixture("idx/"), name: "i")
    #expect(parts.test?.rows == 2)
    #expect(try DatasetFile.read(fixture("floats.idx"), name: "i").train.targets == [2, 5, 8, 11])
    #expect(try DatasetFile.read(fixture("shorts.idx"), name: "i").train.targets == [-3, 0, 3, 6])
  }

  @Test func lyingHeaders() {
    let huge: [UInt8] = [0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3]
    expectError(.tooLarge, saying: ["2147483647 x 2147483647"]) { _ = try read(huge) }
    expectError(.truncatedFile) { _ = try read([0, 0, 8, 1, 0x0F, 0xFF, 0xFF, 0xFF, 1, 2]) }
    expectError(.extraBytes) { _ = try read([0, 0, 8, 1, 0, 0, 0, 1, 1, 2]) }
    expectError(.noRows) { _ = try read([0, 0, 8, 1, 0, 0, 0, 0]) }
    expectError(.tooLarge) { _ = try read([0, 0, 14, 4] + [UInt8](repeating: 0xFF, count: 16)) }
    for (shape, code) in [
      ("(4611686018427387904, 4)", ErrorCode.tooLarge), ("(0, 4611686018427387904, 9)", .tooLarge),
      ("(99999999999999999999,)", .badNPYHeader), ("(-1,)", .badNPYHeader),
      ("(1000000,)", .truncatedFile),
      ("()", .noRows), ("(0, 3)", .noRows),
    ] { expectError(code) { _ = try read(npy(shape: shape, data: shape == "()" ? 8 : 0)) } }
  }

  private func npy(shape: String, data: Int) -> [UInt8] {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }\n"
    return NPYReader.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  @Test func whatIsNotFinite() {
    let header = npy(shape: "(1, 2)", data: 0)
    let bytes = header + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + [0, 0, 0, 0, 0, 0, 0xF0, 0x7F]
    expectError(.notFinite, saying: ["Row 1", "column 2"]) { _ = try read(bytes) }
  }

  @Test func aGzipBombIsRefused() throws {
    // 64 MiB of zeros as a table: the claim is honest, and over the limit.
    let bomb = gzip([0, 0, 8, 1, 4, 0, 0, 0] + [UInt8](repeating: 0, count: 64 << 20))
    #expect(bomb.count < 100_000)
    expectError(.tooLarge) { _ = try read(bomb, options: ReadOptions(memoryLimit: 1 << 20)) }
    // A little more than the longest row.
    let text = gzip([UInt8](repeating: UInt8(ascii: "1"), count: 65 << 20))
    expectError(.rowTooLong) { _ = try read(text) }
  }

  @Test func damagedArchives() throws {
    let whole = try bytes(of: fixture("deflated.npz"))
    let good = try read(whole)
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 0xFF
      // Dates and the like may change; what is read may not.
      if let parts = try? read(bytes) { #expect(parts == good, "byte \(place)") }
    }
    expectError(.badZip) { _ = try read([0x50, 0x4B, 3, 4, 0, 0]) }
  }

  @Test func labelsThatDoNotFit() throws {
    let folder = TemporaryFolder()
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7]
    try folder.write(images, to: "a-images-idx3-ubyte")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "a-labels-idx1-ubyte")
    expectError(.rowCountsDiffer, saying: ["1 rows", "2"]) {
      _ = try DatasetFile.read(folder.path + "/a-images-idx3-ubyte", name: "a")
    }
  }
}
