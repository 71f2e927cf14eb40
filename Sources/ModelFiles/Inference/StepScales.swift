package import Datasets

/// Scales of sequences' numbers: one for each number of a step where they are the same at all steps, or all of them in a row.
extension [Preparation.Scale] {
  /// The scales of one step of each layer; nil where they differ from step to step.
  ///
  /// - Parameter layers: how many numbers each layer has, in one step and in all.
  package func ofOneStep(_ layers: [(step: Int, all: Int)]) -> [Preparation.Scale]? {
    if count == 1 { return self }
    var result: [Preparation.Scale] = []
    var start = 0
    for (step, all) in layers {
      guard step > 0, start + all <= count else { return nil }
      let own = Array(self[start..<start + all])
      guard own.indices.allSatisfy({ own[$0] == own[$0 % step] }) else { return nil }
      result += own.prefix(step)
      start += all
    }
    return start == count ? result : nil
  }

  /// The scales of all steps by those of one.
  ///
  /// - Parameter layers: how many numbers each layer has, in one step and in all.
  package func ofAllSteps(_ layers: [(step: Int, all: Int)]) -> [Preparation.Scale] {
    // A single scale of several numbers is that of all.
    if count == 1, layers.reduce(0, { $0 + $1.step }) != 1 { return self }
    var start = 0
    return layers.flatMap { step, all in
      defer { start += step }
      let own = Array(self[start..<start + step])
      return (0..<all).map { own[$0 % step] }
    }
  }
}
