import Foundation

/// Gives the readers of files what nobody would write: each must answer with a value or an error, and never trap, hang or take
/// memory without end.
///
///     fuzz all                                  # 10^5 inputs of each reader, one reader after the other
///     fuzz onnx --count 1000000 --seed 7        # one reader
///     fuzz onnx --seed 7 --only 4711            # one input again, in this process
///     fuzz onnx --file kept.onnx                # a file that was kept
///
/// A worker reads the inputs in a process of its own, which is started again behind an input that ends it. Input number
/// i is made of the seed and i alone. What ends badly is kept in the folder of `--keep`.
@main
struct Fuzz {
  var reader = ""
  var count = 100_000
  var seed: UInt64 = 1
  /// The seconds that one input may take.
  var limit = 10.0
  var keep = NSTemporaryDirectory() + "fuzz"
  var only: Int?
  var file: String?
  /// Where a worker tells the number of its input, and what it notes; nil in the program that watches it.
  var state: String?
  var start = 0

  static func main() {
    do {
      let fuzz = try Fuzz(CommandLine.arguments.dropFirst())
      exit(try fuzz.run() ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(2)
    }
  }

  private init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    reader = rest.popFirst() ?? ""
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw FuzzError(Fuzz.usage) }
      switch (option, Int(value), Double(value)) {
      case ("--count", let number?, _): count = number
      case ("--seed", _, _): seed = UInt64(value) ?? 1
      case ("--limit", _, let number?): limit = number
      case ("--keep", _, _): keep = value
      case ("--only", let number?, _): only = number
      case ("--file", _, _): file = value
      case ("--state", _, _): state = value
      case ("--start", let number?, _): start = number
      default: throw FuzzError(Fuzz.usage)
      }
    }
    guard reader == "all" || Target.names.contains(reader) else { throw FuzzError(Fuzz.usage) }
  }

  private static var usage: String {
    "usage: fuzz READER [--count N] [--seed N] [--limit SECONDS] [--keep FOLDER] [--only N] [--file PATH], READER one of: all "
      + Target.names.joined(separator: " ")
  }

  /// - Returns: whether every input was answered.
  private func run() throws -> Bool {
    if let state { return try Worker(self, state: state).run() }
    if only != nil || file != nil { return try Worker(self, state: nil).runOne(only, file: file) }
    var isGood = true
    for name in reader == "all" ? Target.names : [reader] {
      var one = self
      one.reader = name
      isGood = try Watch(one).run() && isGood
    }
    return isGood
  }
}

/// What keeps the program from beginning.
struct FuzzError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Prints a line at once, before the process may end.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
