import Diagnostics
import Foundation
import Foundations
import NeuralEngine

extension BuiltinFunctions {
  /// Texts of values.
  static let texts: [BuiltinFunction] = [
    BuiltinFunction("text", "x", "the value as `print` shows it, as a text: `\"loss \" + text(loss)`") {
      call in
      .string(
        (call.values[0] ?? .nothing).text(digits: call.context.session.state.options.digits, isQuoted: false))
    },
    BuiltinFunction(
      "format", "x digits=",
      "the number with so many decimals, by default 2, as a text: `format(pi, digits=3)`"
    ) { call in
      let digits = try call.optionalWholeNumber(1) ?? 2
      guard (0...30).contains(digits) else {
        throw CodedError(.badValue, "`format` takes 0 to 30 `digits`, not \(digits).")
      }
      let array = try call.array(0)
      guard array.rank == 0, !array.isBoolean, let number = array.scalar, number.isFinite else {
        return .string(Value.tensor(array).text(digits: digits))
      }
      return .string(String(format: "%.\(digits)f", number))
    },
  ]

  /// Functions of functions.
  static let mapping: [BuiltinFunction] = [
    BuiltinFunction("map", "f x", "what the function `f` gives for each item of a list or row of an array") {
      call in
      guard case .function(let function)? = call.values[0] else {
        throw CodedError(
          .badType, "`map` takes a function of yours and the items to apply it to: `map(f, range(3))`.")
      }
      var results: [Value] = []
      if let count = call.values[1]?.itemCount {
        try MemoryLimit.check(
          [count], bytesEach: MemoryLayout<Value>.stride, for: "A list of \(count) values")
        results.reserveCapacity(count)
      }
      try (call.values[1] ?? .nothing).forEachItem(at: call.span) { item in
        try call.context.checkInterruption()
        let result = try call.context.call(
          function, [ItemNode(item, call.span)], keys: [nil], at: call.span)
        if case .nothing = result {
          throw CodedError(.noValue, "`\(function.name)` gives no value, of which `map` could make a list.")
        }
        results.append(result)
      }
      return try Value.gathered(results, at: call.span)
    }
  ]
}

/// A value that is there already, as an argument.
private final class ItemNode: Node {
  private let item: Value

  init(_ item: Value, _ span: SourceSpan) {
    self.item = item
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) -> Value { item }
}
