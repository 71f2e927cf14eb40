/// Files made of others by changing bytes, words and lines.
struct Mutator {
  /// What kind of file it is, for changes that get past its outermost check.
  enum Form { case bytes, text, png, safetensors }

  let form: Form
  let seeds: [[UInt8]]

  /// Input `number` of a stream of them: the same for ever.
  func input(_ number: Int, seed: UInt64) -> (bytes: [UInt8], seed: Int) {
    var random = SplitMix(numbered: number, seed)
    let place = random.below(seeds.count)
    var bytes = seeds[place]
    let header = form == .safetensors ? Mutator.headerLength(bytes) : nil
    for _ in 0..<[1, 1, 2, 3, 8][random.below(5)] where !bytes.isEmpty {
      change(&bytes, upTo: header, &random)
    }
    if form == .png, random.below(4) > 0 { Mutator.repairPNG(&bytes) }
    if let header, bytes.count >= 8, random.below(4) > 0 {
      // Most changes of words move the arrays, and the header's length goes with them.
      let length = max(0, header + bytes.count - seeds[place].count)
      for i in 0..<8 { bytes[i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
    }
    return (bytes, place)
  }

  /// Changes one thing.
  ///
  /// - Parameter header: how long the header of a safetensors file is.
  func change(_ bytes: inout [UInt8], upTo header: Int?, _ random: inout SplitMix) {
    if form == .text || (form == .safetensors && random.below(2) == 0) {
      random.below(3) == 0 ? changeBytes(&bytes, &random) : changeWords(&bytes, upTo: header, &random)
    } else {
      changeBytes(&bytes, &random)
    }
  }

  // MARK: Bytes

  private func changeBytes(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return }
    let place = random.below(random.below(3) == 0 ? min(bytes.count, 200) : bytes.count)
    switch random.below(9) {
    case 0: bytes[place] = UInt8(random.below(256))
    case 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
    case 3: bytes[place] &+= random.below(2) == 0 ? 1 : 255
    case 4:
      bytes.removeSubrange(place..<min(bytes.count, place + [1, 2, 4, 8, bytes.count][random.below(5)]))
    case 5: bytes.insert(contentsOf: (0...random.below(8)).map { _ in UInt8(random.below(256)) }, at: place)
    case 6:
      // A number of two, four or eight bytes that is on an edge.
      let width = [2, 4, 8][random.below(3)]
      let value = Mutator.edges[random.below(Mutator.edges.count)]
      let isSwapped = random.below(3) == 0
      for i in 0..<width where place + i < bytes.count {
        bytes[place + i] = UInt8(truncatingIfNeeded: value >> (8 * (isSwapped ? width - 1 - i : i)))
      }
    case 7:
      // A stretch of another file, or of this one, over what is there.
      let other = random.below(2) == 0 ? bytes : seeds[random.below(seeds.count)]
      guard !other.isEmpty else { return }
      let from = random.below(other.count)
      let count = min(1 + random.below(64), other.count - from, bytes.count - place)
      bytes.replaceSubrange(place..<place + count, with: other[from..<from + count])
    default:
      // A stretch twice.
      let count = min(1 + random.below(64), bytes.count - place)
      bytes.insert(contentsOf: bytes[place..<place + count], at: random.below(bytes.count))
    }
  }

  private static let edges: [UInt64] = [
    0, 1, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
    0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0x4000_0000_0000_0000, 0x1000_0000,
  ]

  // MARK: Words

  private static let odd: [[UInt8]] = [
    "0", "-1", "1e308", "-0.0", "nan", "NaN", "inf", "9223372036854775807", "-9223372036854775808",
    "18446744073709551616",
    "1e-320", "0x0", "3x3", "[]", "[[]]", "{}", "\"\"", "null", "true", "()", ",", ";", "\n", "\r\n", "\t",
    "\"", "'", "é",
    "\u{202E}", "\u{1B}[31m", "{", "}", "[", "]", ":", "->", "%", "# %%", "```", "\\", "\\u0000", "\\uD800",
    "\0", "  ", "_",
    "99999999", "1_000", "#", "---", "\u{FEFF}",
  ].map { Array($0.utf8) }

  private func changeWords(_ bytes: inout [UInt8], upTo header: Int?, _ random: inout SplitMix) {
    // The header of a safetensors file stands behind eight bytes.
    let ground = header.map { 8..<max(9, min(bytes.count, 8 + $0)) } ?? 0..<bytes.count
    guard ground.upperBound <= bytes.count, !ground.isEmpty else { return }
    let word = Mutator.word(
      in: bytes, at: ground.lowerBound + random.below(ground.count), ground, lines: random.below(4) == 0)
    switch random.below(5) {
    case 0: bytes.removeSubrange(word)
    case 1: bytes.insert(contentsOf: bytes[word], at: word.lowerBound)
    case 2: bytes.replaceSubrange(word, with: Mutator.odd[random.below(Mutator.odd.count)])
    case 3: bytes.insert(contentsOf: Mutator.odd[random.below(Mutator.odd.count)], at: word.lowerBound)
    default:
      let other = random.below(2) == 0 ? bytes : seeds[random.below(seeds.count)]
      guard !other.isEmpty else { return }
      let all = 0..<min(other.count, header.map { 8 + $0 } ?? other.count)
      guard !all.isEmpty else { return }
      let from = Mutator.word(in: other, at: random.below(all.count), all, lines: random.below(4) == 0)
      bytes.replaceSubrange(word, with: other[from])
    }
  }

  /// The word or line that a place is in.
  private static func word(in bytes: [UInt8], at place: Int, _ ground: Range<Int>, lines: Bool) -> Range<Int>
  {
    func belongs(_ byte: UInt8) -> Bool {
      if lines { return byte != 10 }
      return byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
        || byte == 0x5F || byte == 0x2E
    }
    var (start, end) = (place, place + 1)
    guard belongs(bytes[place]) else { return start..<end }
    while start > ground.lowerBound, belongs(bytes[start - 1]) { start -= 1 }
    while end < ground.upperBound, belongs(bytes[end]) { end += 1 }
    return start..<end
  }

  // MARK: What is outermost

  private static func headerLength(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > 8 else { return nil }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    return length <= bytes.count - 8 ? length : nil
  }

  /// Gives each part of a PNG image the checksum of what it holds now.
  private static func repairPNG(_ bytes: inout [UInt8]) {
    var place = 8
    while place + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
      guard length <= bytes.count - place - 12 else { return }
      let sum = checksum(bytes[(place + 4)..<(place + 8 + length)])
      for i in 0..<4 {
        bytes[place + 8 + length + i] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32(i)))
      }
      place += 12 + length
    }
  }

  /// The CRC-32 of PNG and zip.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}

/// A small generator of random numbers (Steele, Lea and Flood: Fast Splittable Pseudorandom Number Generators).
struct SplitMix {
  var state: UInt64

  /// The generator of one input of a stream.
  init(numbered number: Int, _ seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
