import Foundation

/// Runs one piece of work of ours and prints its time in milliseconds: `bench xor-train`. `bench xor-seeds` says
/// how many of 40 seeds learn XOR instead, `bench arrays COUNT` times operations on arrays, and `bench cnn-accuracy SEED`
/// says what tutorial 5's network gets right.
@main
enum Bench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.count == 2, arguments[0] == "arrays", let count = Int(arguments[1]) {
      return ArrayOperations.measure(count: count)
    }
    if arguments == ["xor-seeds"] { return print(Learning.solvedSeeds()) }
    if arguments.count == 2, arguments[0] == "cnn-accuracy" {
      return print(Learning.accuracy(seed: arguments[1]))
    }
    guard let work = work(arguments) else {
      let names =
        Work.named.keys.sorted() + [
          "arrays COUNT", "csv FILE", "growth ROWS WIDTH BATCH", "xor-seeds", "cnn-accuracy SEED",
        ]
      print("usage: bench NAME, one of: \(names.joined(separator: ", "))")
      exit(2)
    }
    print(String(format: "%.3f", work.milliseconds()))
  }

  private static func work(_ arguments: [String]) -> Work? {
    let numbers = arguments.dropFirst().compactMap { Int($0) }
    switch (arguments.first, arguments.count) {
    case ("csv", 2): return .csv(arguments[1])
    case ("growth", 4) where numbers.count == 3:
      return .growth(rows: numbers[0], width: numbers[1], batch: numbers[2])
    case (let name?, 1): return Work.named[name]
    default: return nil
    }
  }
}
