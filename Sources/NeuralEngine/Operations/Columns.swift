/// Every row of y becomes the same: a bias, before sums are added to it.
///
/// - Inputs: the row.
package struct FillRows: PlanOperation {
  package let width: Int
  /// How many places of `width` numbers a row has.
  package var places = 1

  package var name: String { "bias" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(
      ColumnSums(width: width, places: places), [dy], gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// y = 0, where a layer without a bias begins to add up.
package struct Clear: PlanOperation {
  package let width: Int

  package var name: String { "clear" }
}

/// The sum of each column over the rows, in their order.
///
/// - Inputs: x of rows x width, or of rows x places x width.
package struct ColumnSums: PlanOperation {
  let width: Int
  /// How many places of `width` channels a row has.
  var places = 1

  package var name: String { "column sums" }
}

/// y += w x, column by column: an edge of type `one`.
///
/// - Inputs: x, w.
package struct ScaleColumns: PlanOperation {
  package let width: Int
  /// How many places of `width` numbers a row has.
  package var places = 1

  package var name: String { "scale" }
  package var multiplications: Int { places * width }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (x, w) = (step.inputs[0], step.inputs[1])
    tape.emit(ColumnProducts(width: width, places: places), [dy, x], gradientOf: w, layer: step.layer)
    tape.emit(self, [dy, w], gradientOf: x, layer: step.layer)
  }
}

/// The sum of products of each column of two arrays, over the rows in their order.
///
/// - Inputs: two arrays of rows x width, or of rows x places x width.
package struct ColumnProducts: PlanOperation {
  let width: Int
  /// How many places of `width` channels a row has.
  var places = 1

  package var name: String { "column products" }
  package var multiplications: Int { places * width }
}

/// y += s x, number by number: an edge of type `identity`, a part of a mean, or a gradient that goes on unchanged.
///
/// - Inputs: x.
package struct AddScaled: PlanOperation {
  package let width: Int
  package var factor = 1.0

  package var name: String { "add" }
  package var multiplications: Int { factor == 1 ? 0 : width }
  package var inPlace: Int? { 0 }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(self, [dy], gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// y = a + b, number by number: two arrays that are added up in one pass.
///
/// - Inputs: the arrays.
struct AddPair: PlanOperation {
  let width: Int

  var name: String { "add + add" }
  var inPlace: Int? { 0 }
}

/// dw += Σ, for a sum that has been added up over all shards.
///
/// - Inputs: the sum.
package struct AddWhole: PlanOperation {
  let width: Int

  package var name: String { "add" }
}
