import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Whatever the bytes, a reader gives a data set or an error, and ends.
@Suite struct FuzzTests {
  static let files = [
    "f8.npy", "u1.npy", "fortran3.npy", "version3.npy", "stored.npz", "deflated.npz", "keras.npz",
    "floats.idx",
    "idx/train-images-idx3-ubyte", "idx/train-images-idx3-ubyte.gz", "wine.csv.gz", "structured.npy",
  ]

  /// How often each file is changed; NBS_FUZZ asks for more than a test run has time for.
  static let rounds = getenv("NBS_FUZZ").flatMap { Int(String(cString: $0)) } ?? 400

  @Test(arguments: files)
  func truncatedAnywhere(name: String) throws {
    let whole = try bytes(of: fixture(name))
    for count in 0..<whole.count {
      #expect(throws: CodedError.self, "\(name) cut to \(count)") { try read(Array(whole[..<count])) }
    }
  }

  @Test func truncatedImages() throws {
    let whole = try bytes(of: fixture("shapes/circle/0.png"))
    // The last twelve bytes are the end mark, which holds nothing; libpng does without.
    for count in 0..<whole.count - 16 {
      #expect(throws: CodedError.self) {
        let image = try ImageFile(ByteFile(name: "p", bytes: Array(whole[..<count])))
        var pixels = [UInt8](repeating: 0, count: image.size.width * image.size.height)[...]
        try image.decode(color: false, into: &pixels)
      }
    }
  }

  /// A CSV that is cut off is often a good, shorter one: it must only never trap.
  @Test(arguments: ["wine.csv", "pandas.csv", "german.csv", "windows.csv", "utf16.csv"])
  func truncatedTables(name: String) throws {
    let whole = try bytes(of: fixture(name))
    for count in 0..<whole.count {
      // Whatever is filled in goes one way.
      for missing in [MissingPolicy.error, .drop, .median] {
        _ = try? read(Array(whole[..<count]), options: ReadOptions(missing: missing))
      }
    }
  }

  @Test(arguments: files + ["wine.csv", "pandas.csv", "german.csv"])
  func mutated(name: String) throws {
    // A column of each table.
    let tables = ["wine.csv": "ash", "pandas.csv": "colour", "german.csv": "income"]
    var random = RandomStream(seed: 11)
    let whole = try bytes(of: fixture(name))
    var options = ReadOptions(missing: .mean, memoryLimit: 1 << 22)
    for _ in 0..<FuzzTests.rounds {
      var bytes = whole
      for _ in 0...random.below(8) { mutate(&bytes, &random) }
      if let column = tables[name] {
        let fillings: [Filling] = [.mean, .median, .mode, .value("0"), .value("x")]
        options.missing = MissingPolicy.allCases[random.below(MissingPolicy.allCases.count)]
        options.fill = random.below(2) == 0 ? [:] : [column: fillings[random.below(fillings.count)]]
        options.indicators = random.below(3) == 0 ? [column] : []
        options.targets = random.below(3) == 0 ? ["log1p(\(column))"] : nil
      }
      guard let data = try? read(bytes, options: options).train else { continue }
      #expect(data.storage.count == data.rows * data.inputWidth)
      _ = data.description()
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout RandomStream) {
    guard !bytes.isEmpty else { return }
    let place = random.below(bytes.count)
    switch random.below(6) {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(Array("\",;\n\r\0-e.9".utf8)[random.below(10)], at: place)
    case 4:
      bytes.replaceSubrange(place..<min(bytes.count, place + 8), with: [UInt8](repeating: 0xFF, count: 8))
    default:
      bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: random.below(bytes.count))
    }
  }

  @Test func mutatedImages() throws {
    var random = RandomStream(seed: 12)
    let whole = try bytes(of: fixture("coloured/one/0.png"))
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0...random.below(4) { mutate(&bytes, &random) }
      guard let image = try? ImageFile(ByteFile(name: "p", bytes: bytes)),
        image.size.width * image.size.height < 1 << 20
      else {
        continue
      }
      var pixels = [UInt8](repeating: 0, count: image.size.width * image.size.height * 3)[...]
      try? image.decode(color: true, into: &pixels)
    }
  }
}
