/// Several arrays of one shape as one, number by number: their product, or the largest.
///
/// Sums and means are made of ``AddScaled``.
///
/// - Inputs: the arrays, two or more.
package struct Combine: PlanOperation {
  /// How numbers become one.
  package enum Rule: Sendable {
    case product, largest
  }

  package let rule: Rule
  package let width: Int

  package var name: String { rule == .product ? "product" : "maximum" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    for (number, input) in step.inputs.enumerated() {
      tape.emit(
        CombineGradient(rule: rule, width: width, number: number), [dy] + step.inputs, gradientOf: input,
        layer: step.layer)
    }
  }
}

/// The gradient by one of several combined arrays: times the product of the others, or where it is the largest; of equals
/// the first gets it.
///
/// - Inputs: dy, the arrays.
package struct CombineGradient: PlanOperation {
  let rule: Combine.Rule
  let width: Int
  /// Which of the arrays.
  let number: Int

  package var name: String { rule == .product ? "product gradient" : "maximum gradient" }
}

/// Several arrays, one after the other along the last axis.
///
/// - Inputs: the arrays.
package struct Concatenate: PlanOperation {
  /// How long the last axis of each array is.
  package let widths: [Int]
  /// How many such axes a row has.
  package let places: Int

  package var name: String { "concatenate" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    for (number, input) in step.inputs.enumerated() {
      tape.emit(
        TakePart(widths: widths, places: places, number: number), [dy], gradientOf: input, layer: step.layer)
    }
  }
}

/// One of the arrays that were put one after the other.
///
/// - Inputs: the whole.
package struct TakePart: PlanOperation {
  let widths: [Int]
  let places: Int
  let number: Int

  package var name: String { "part" }
}
