import Foundations
import NeuralEngine
import Testing

/// What tensors remember about the variables they were computed from.
@Suite struct RecordingTests {
  private func code(_ body: () throws -> Void) -> ErrorCode? {
    do {
      try body()
      return nil
    } catch {
      return (error as? CodedError)?.code
    }
  }

  @Test func recordsOnlyWhatDependsOnAVariable() throws {
    let constant = try Tensor([1, 2]) * Tensor(3)
    #expect(!constant.isRecorded)
    let variable = Tensor([1, 2]).stamped(variable: 7)
    #expect(try (variable + constant).isRecorded)
    #expect(try !Tensor.binary(.less, variable, constant).isRecorded)
  }

  @Test func knowsWhichVariablesItCameFrom() throws {
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = Tensor([1, 2]).stamped(variable: 65)
    let sum = Tensor.unary(.exp, try Tensor.unary(.exp, a) + Tensor(1))
    #expect(sum.dependsOn(variable: 1))
    #expect(!sum.dependsOn(variable: 65))
    #expect(!sum.dependsOn(variable: 2))
    #expect(try (sum + b).dependsOn(variable: 65))
    #expect(!sum.detached().dependsOn(variable: 1))
  }

  @Test func aTrainingLoopDoesNotRememberItsPast() throws {
    var weight = Tensor([1, 2]).assigned(to: 1)
    for _ in 0..<5 {
      let loss = try (weight * weight).sum()
      let gradient = try gradients(of: loss, withRespectTo: [weight])[0]
      weight = try (weight - Tensor(0.25) * gradient).assigned(to: 1)
    }
    #expect(weight.values == [0.03125, 0.0625])
    #expect(weight.variable == 1)
    let copy = weight.detached()
    #expect(!copy.isRecorded)
  }

  @Test func twoNamesOfOneTensorAreDifferentVariables() throws {
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = a.stamped(variable: 2)
    #expect(a.stamped(variable: 1) === a)
    #expect(b !== a)
    let loss = try (a * b).sum()
    let result = try gradients(of: loss, withRespectTo: [a, b])
    #expect(result[0].values == [2, 4])
    #expect(result[1].values == [1, 2])
  }

  @Test func saysWhyThereIsNoGradient() throws {
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = Tensor([1, 2]).stamped(variable: 2)
    let loss = try a.sum()
    #expect(code { _ = try gradients(of: a, withRespectTo: [a]) } == .notANumber)
    #expect(code { _ = try gradients(of: loss, withRespectTo: [b]) } == .independent)
    #expect(code { _ = try gradients(of: loss, withRespectTo: [Tensor(1)]) } == .independent)
    #expect(code { _ = try gradients(of: Tensor(2), withRespectTo: [a]) } == .independent)
    let next = try (a + Tensor(1)).assigned(to: 1)
    #expect(code { _ = try gradients(of: loss, withRespectTo: [next]) } == .staleGradient)
    // An error leaves no marks behind.
    #expect(try gradients(of: loss, withRespectTo: [a])[0].values == [1, 1])
  }

  @Test func aMillionStepsNeitherOverflowNorCost() throws {
    let start = Tensor(1).stamped(variable: 1)
    var value = start
    let one = Tensor(1)
    for _ in 0..<1_000_000 { value = try value + one }
    #expect(try gradients(of: value, withRespectTo: [start])[0].values == [1])
    #expect(value.dependsOn(variable: 1))
    #expect(!value.dependsOn(variable: 65))
  }

  @Test func releasesLongChainsOfEveryKind() throws {
    let start = Tensor([1, 2]).stamped(variable: 1)
    var left = start
    var listed = start
    for _ in 0..<200_000 {
      left = try Tensor.unary(.tanh, left) * Tensor.unary(.sigmoid, left)
      listed = try Tensor.concatenated([listed, Tensor([])])
    }
    #expect(left.isRecorded && listed.isRecorded)
    #expect(listed.values == [1, 2])
  }

  /// Each element of a running mean is computed from the one before: neither time nor memory for a copy each.
  @Test func fillingAnArrayFromItselfTakesNoCopies() throws {
    let x = try Tensor.ones([20_000]).stamped(variable: 1)
    var mean = try Tensor.zeros([20_000])
    try Tensor.assign(x.selecting([.at(0)]), at: [.at(0)], of: &mean, isRecorded: true)
    for i in 1..<20_000 {
      let last = try mean.selecting([.at(i - 1)])
      let next = try Tensor(0.5) * last + Tensor(0.5) * x.selecting([.at(i)])
      try Tensor.assign(next, at: [.at(i)], of: &mean, isRecorded: true)
    }
    #expect(mean.isRecorded && mean.values[19_999] == 1)
    let third = try mean.selecting([.at(2)])
    #expect(try gradients(of: third, withRespectTo: [x])[0].values[..<4] == [0.25, 0.25, 0.5, 0])
  }

  @Test func tellsWhereInfinitiesBegin() throws {
    let a = Tensor([1, 0])
    let quotient = try a / Tensor([0, 1])
    #expect(quotient.nonFiniteOrigin(from: a) == .infinite)
    #expect(try (quotient + a).nonFiniteOrigin(from: quotient, a) == nil)
    #expect(Tensor.unary(.log, Tensor([-1])).nonFiniteOrigin(from: Tensor([-1])) == .notANumber)
    #expect(Tensor.unary(.exp, a).nonFiniteOrigin(from: a) == nil)
    let long = Tensor([Double](repeating: 2, count: 29) + [.nan])
    #expect(!long.isFinite)
  }
}
