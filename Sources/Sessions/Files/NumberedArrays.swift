/// Arrays by number, of which the description of a data set says which is which: those of a session's file, or those that
/// one process hands to others.
protocol NumberedArrays {
  /// Puts numbers away that were made for the description, and says where.
  mutating func add(_ values: [Double]) -> Int
  /// Puts numbers away that the session holds, and says where.
  mutating func add(_ array: SteadyArray) -> Int
  func doubles(_ number: Int) throws -> [Double]
  func bytes(_ number: Int) throws -> [UInt8]
  /// Whole numbers, none negative.
  func places(_ number: Int) throws -> [Int]
}

extension NumberBlocks: NumberedArrays {
  mutating func add(_ values: [Double]) -> Int { add(values, shape: nil) }
}
