import CKernels
import Testing

@Suite struct OptimizerTests {
  /// An optimizer's state, and its steps as Keras 3 writes them, in 64 bits.
  private struct Reference {
    var w: [Double], first: [Double], second: [Double]

    mutating func step(_ kind: nbs_update, _ f: nbs_update_factors, _ g: [Double]) {
      for i in w.indices {
        w[i] -= f.decay * w[i]
        switch kind {
        case NBS_SGD: w[i] -= f.rate * g[i]
        case NBS_MOMENTUM:
          first[i] = f.beta1 * first[i] - f.rate * g[i]
          w[i] += first[i]
        case NBS_NESTEROV:
          first[i] = f.beta1 * first[i] - f.rate * g[i]
          w[i] += f.beta1 * first[i] - f.rate * g[i]
        case NBS_ADAM, NBS_NADAM:
          first[i] = f.beta1 * first[i] + (1 - f.beta1) * g[i]
          second[i] = f.beta2 * second[i] + (1 - f.beta2) * g[i] * g[i]
          let isAdam = kind == NBS_ADAM
          let mean = isAdam ? f.rate * first[i] : f.nadam_mean * first[i] + f.nadam_gradient * g[i]
          w[i] -= mean / ((isAdam ? second[i] : f.nadam_square * second[i]).squareRoot() + f.epsilon)
        case NBS_RMSPROP:
          first[i] = f.beta1 * first[i] + (1 - f.beta1) * g[i] * g[i]
          w[i] -= f.rate * g[i] / (first[i] + f.epsilon).squareRoot()
        case NBS_ADAGRAD:
          first[i] += g[i] * g[i]
          w[i] -= f.rate * g[i] / (first[i] + f.epsilon).squareRoot()
        default:
          first[i] = f.beta1 * first[i] + (1 - f.beta1) * g[i] * g[i]
          let step = ((second[i] + f.epsilon) / (first[i] + f.epsilon)).squareRoot() * g[i]
          second[i] = f.beta1 * second[i] + (1 - f.beta1) * step * step
          w[i] -= f.rate * step
        }
      }
    }
  }

  private static let kinds: [nbs_update] = [
    NBS_SGD, NBS_MOMENTUM, NBS_NESTEROV, NBS_ADAM, NBS_NADAM, NBS_RMSPROP, NBS_ADAGRAD, NBS_ADADELTA,
  ]

  private static func factors(decay: Double) -> nbs_update_factors {
    nbs_update_factors(
      rate: 0.05, beta1: 0.875, beta2: 0.96875, epsilon: 1e-3, decay: decay, nadam_mean: 0.03,
      nadam_gradient: 0.02, nadam_square: 1.5)
  }

  @Test func stepsFollowTheirFormulas() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for kind in Self.kinds {
        for (count, decay) in [(1, 0), (15, 0.01), (33, 0), (100, 0.01)] {
          let w: [Number] = noise(count, seed: 1)
          let slots: [Number] = noise(count, seed: 2).map { (number: Number) in abs(number) }
          var factors = Self.factors(decay: decay)
          var reference = Reference(w: w.asDoubles, first: slots.asDoubles, second: slots.asDoubles)
          let results = atEveryLevel("\(kind)") { kernels in
            var (w, first, second) = (w, slots, slots)
            for step in 0..<4 {
              let g: [Number] = noise(count, seed: 3 + UInt64(step))
              kernels.update(kind, &factors, &w, g, &first, &second, count)
            }
            return w + first + second
          }
          for step in 0..<4 {
            let g: [Number] = noise(count, seed: 3 + UInt64(step))
            reference.step(kind, factors, g.asDoubles)
          }
          expectClose(results, reference.w + reference.first + reference.second, roundings: 64, "\(kind)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Longer than the block that decays at once, and with NaN and infinities.
  @Test func levelsAgreeOnLongRunsAndStrangeNumbers() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let count = 2101
      let (w, g): ([Number], [Number]) = (noise(count, seed: 4), noise(count, seed: 5, special: true))
      for kind in Self.kinds {
        var factors = Self.factors(decay: 0.01)
        let results = atEveryLevel("\(kind)") { kernels in
          var (w, first, second) = (
            w, [Number](repeating: 0, count: count), [Number](repeating: 0, count: count)
          )
          kernels.update(kind, &factors, &w, g, &first, &second, count)
          return w + first + second
        }
        for index in g.indices where g[index].isNaN { #expect(results[index].isNaN) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func unusedSlotsMayBeMissing() {
    var factors = Self.factors(decay: 0)
    let g: [Float] = [1, -2, 3]
    let w = atEveryLevel { kernels in
      var (w, first): ([Float], [Float]) = ([0, 0, 0], [0, 0, 0])
      kernels.update(NBS_SGD, &factors, &w, g, nil, nil, 3)
      kernels.update(NBS_MOMENTUM, &factors, &w, g, &first, nil, 3)
      return w
    }
    expectClose(w, [-0.1, 0.2, -0.3])
  }

  @Test func regularizersAndNormsAreSums() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for count in oddLengths + [1000] {
        var w: [Number] = noise(count, seed: 6)
        w[0] = -0.0
        let g: [Number] = noise(count, seed: 7)
        let sums = atEveryLevel(of: Number.self) { kernels -> [Double] in
          [
            kernels.regularizer(0.25, 0, w, count), kernels.regularizer(0, 2, w, count),
            kernels.regularizer(0.25, 2, w, count), kernels.sum_of_squares(w, count),
          ]
        }
        let wide = w.map { Double($0) }
        let sizes = 0.25 * wide.reduce(0) { $0 + abs($1) }
        let squares = wide.reduce(0) { $0 + $1 * $1 }
        expectClose(sums, [sizes, 2 * squares, sizes + 2 * squares, squares], roundings: 64)

        let pulled = atEveryLevel { kernels in
          var g = g
          kernels.add_regularizer(0.25, 2, w, &g, count)
          return g
        }
        let expected: [Double] = zip(wide, g).map { weight, slope in
          let sign: Double = weight > 0 ? 0.25 : weight < 0 ? -0.25 : 0
          return Double(slope) + 4 * weight + sign
        }
        expectClose(pulled, expected)
        #expect(pulled[0] == g[0])
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func aSingleStrangeNumberIsFound() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let numbers: [Number] = noise(2500, seed: 8, scale: Double(Number(1e30)))
      for (place, strange) in [(0, Number.nan), (17, .infinity), (2499, -.infinity), (2048, .nan)] {
        var wrong = numbers
        wrong[place] = strange
        let found = atEveryLevel { kernels -> [Number] in
          [
            kernels.all_finite(numbers, 2500) ? 1 : 0, kernels.all_finite(wrong, 2500) ? 1 : 0,
            kernels.all_finite(wrong, place) ? 1 : 0,
          ]
        }
        #expect(found == [1, 0, 1])
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
