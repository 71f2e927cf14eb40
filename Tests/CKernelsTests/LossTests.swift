import CKernels
import Foundation
import Testing

@Suite struct LossTests {
  private static let all: [nbs_loss] = [
    NBS_MSE, NBS_MAE, NBS_HUBER, NBS_BCE, NBS_CROSSENTROPY, NBS_HINGE, NBS_KL, NBS_POISSON, NBS_PERCEPTRON,
  ]

  /// One row's loss as Keras defines it, from outputs in 64 bits.
  private static func reference(_ loss: nbs_loss, _ o: ArraySlice<Double>, _ t: ArraySlice<Double>) -> Double
  {
    func clamped(_ p: Double) -> Double { min(max(p, 1e-7), 1 - 1e-7) }
    func clampedBelow(_ p: Double) -> Double { min(max(p, 1e-7), 1) }
    let elements = zip(o, t).map { o, t in
      switch loss {
      case NBS_MAE: abs(o - t)
      case NBS_HUBER: abs(o - t) <= 1 ? (o - t) * (o - t) / 2 : abs(o - t) - 0.5
      case NBS_BCE: -t * log(clamped(o)) - (1 - t) * log(1 - clamped(o))
      case NBS_CROSSENTROPY: -t * log(clamped(o))
      case NBS_HINGE: max(0, 1 - t * o)
      case NBS_KL: clampedBelow(t) * log(clampedBelow(t) / clampedBelow(o))
      case NBS_POISSON: o - t * log(o + 1e-7)
      default: (o - t) * (o - t)
      }
    }
    let sum = elements.reduce(0, +)
    return loss == NBS_CROSSENTROPY || loss == NBS_KL ? sum : sum / Double(o.count)
  }

  private static func total(_ loss: nbs_loss, _ o: [Double], _ t: [Double], width: Int) -> Double {
    stride(from: 0, to: o.count, by: width).reduce(0) {
      $0 + reference(loss, o[$1..<$1 + width], t[$1..<$1 + width])
    }
  }

  /// Outputs and targets that a loss can compare: probabilities for most, classes of -1 and 1 for hinge.
  private static func examples<Number: KernelNumber>(
    _ loss: nbs_loss, _ count: Int
  ) -> (outputs: [Number], targets: [Number]) {
    let (o, t): ([Number], [Number]) = (noise(count, seed: 1), noise(count, seed: 2))
    switch loss {
    case NBS_MSE, NBS_MAE, NBS_HUBER, NBS_PERCEPTRON: return (o.map { 3 * $0 }, t)
    case NBS_HINGE: return (o.map { 2 * $0 }, t.map { $0 < 0 ? -1 : 1 })
    default: return (o.map { 0.5 + 0.45 * $0 }, t.map { 0.5 + 0.5 * $0 })
    }
  }

  private static let widths = [1, 2, 10, 16, 17, 33, 257, 600]

  @Test func lossesFollowTheirDefinitions() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for loss in Self.all {
        for width in Self.widths {
          let rows = width > 100 ? 3 : 70
          let (o, t): ([Number], [Number]) = Self.examples(loss, rows * width)
          let sum = atEveryLevel(of: Number.self, "\(loss)") { kernels in
            [kernels.loss(loss, o, nil, t, rows, width)]
          }
          let expected = Self.total(loss, o.asDoubles, t.asDoubles, width: width)
          #expect(
            abs(sum[0] - expected) <= 32 * Double(Number.ulpOfOne) * max(1, abs(expected)), "\(loss) \(width)"
          )
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func preactivationsGiveTheLossOfTheirProbabilities() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for width in Self.widths {
        let rows = 5
        let z: [Number] = noise(rows * width, seed: 3, scale: 4)
        let t: [Number] = noise(rows * width, seed: 4).map { $0 < 0 ? 0 : $0 }
        for (loss, activation) in [(NBS_BCE, NBS_SIGMOID), (NBS_CROSSENTROPY, NBS_SOFTMAX)] {
          let sum = atEveryLevel(of: Number.self) { kernels in [kernels.loss(loss, z, z, t, rows, width)] }
          let wide = nbs_kernels_at(nbs_best_level(), NBS_FLOAT64).pointee.layers
          var o = z.asDoubles
          wide.activate(activation, z.asDoubles, &o, rows, width)
          // Without the limits that probabilities alone are held at.
          let losses = zip(o, t.asDoubles).map { o, t in
            loss == NBS_BCE ? (-t * log(o) - (1 - t) * log(1 - o)) / Double(width) : t == 0 ? 0 : -t * log(o)
          }
          let expected = losses.reduce(0, +)
          #expect(abs(sum[0] - expected) <= 64 * Double(Number.ulpOfOne) * max(1, expected))
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Where a probability would be rounded to 0 or 1.
  @Test func preactivationsKeepLossesFarFromTheMiddle() {
    let z: [Float] = [200, -200, 40, -40]
    let (wrong, right): ([Float], [Float]) = ([0, 1, 0, 1], [1, 0, 1, 0])
    let (impossible, certain): ([Float], [Float]) = ([-.infinity, 3], [0, 1])
    let sums = atEveryLevel(of: Float.self) { kernels in
      [
        kernels.loss(NBS_BCE, z, z, wrong, 4, 1), kernels.loss(NBS_BCE, z, z, right, 4, 1),
        // A target of 0 does not look at a probability of 0.
        kernels.loss(NBS_CROSSENTROPY, certain, impossible, certain, 1, 2),
      ]
    }
    #expect(sums[0] == 480 && sums[1] > 0 && sums[1] < 1e-16 && sums[2] == 0)
  }

  @Test func rowsMayBeDividedForGradients() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for loss in Self.all {
        for fused in [false, true] {
          let (rows, width, step) = (4, 5, 1e-6)
          let (o, t): ([Number], [Number]) = Self.examples(loss, rows * width)
          let gradient = atEveryLevel { kernels in
            var d = o
            kernels.loss_gradient(loss, fused, o, t, &d, rows, width, 0.5)
            return d
          }
          guard !fused else {
            // By the preactivations of the fitting sigmoid or softmax.
            if loss == NBS_BCE || loss == NBS_CROSSENTROPY {
              let share = loss == NBS_BCE ? 0.5 / Double(width) : 0.5
              expectClose(gradient, zip(o, t).map { share * (Double($0) - Double($1)) })
            }
            continue
          }
          let expected = o.indices.map { index -> Double in
            if loss == NBS_PERCEPTRON { return 0.5 * (Double(o[index]) - Double(t[index])) }
            func moved(_ distance: Double) -> Double {
              var moved = o.asDoubles
              moved[index] += distance
              return Self.total(loss, moved, t.asDoubles, width: width)
            }
            return 0.5 * (moved(step) - moved(-step)) / (2 * step)
          }
          #expect(
            zip(gradient, expected).allSatisfy {
              abs(Double($0) - $1) < max(1e-7, 64 * Double(Number.ulpOfOne)) * max(1, abs($1))
            }, "\(loss)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func cornersAndLimitsHaveTheirSlopes() {
    func gradient(_ loss: nbs_loss, _ o: [Double], _ t: [Double]) -> [Double] {
      atEveryLevel { kernels in
        var d = o
        kernels.loss_gradient(loss, false, o, t, &d, o.count, 1, 1)
        return d
      }
    }
    #expect(gradient(NBS_MAE, [1, 2, 0], [1, 1, 1]) == [0, 1, -1])
    #expect(gradient(NBS_HUBER, [4, -4, 0.5], [0, 0, 0]) == [1, -1, 0.5])
    #expect(gradient(NBS_HINGE, [1, 0.5, 2], [1, 1, 1]) == [0, -1, 0])
    // A unit that is wholly wrong still learns.
    let wrong = gradient(NBS_BCE, [0, 1], [1, 0])
    #expect(wrong[0] < -9e6 && wrong[1] > 9e6)
    #expect(gradient(NBS_KL, [0], [1]) == [-1e7] && gradient(NBS_CROSSENTROPY, [0], [1]) == [-1e7])
  }

  @Test func nanStaysVisible() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for loss in Self.all {
        for width in [1, 5, 17] {
          var (o, t): ([Number], [Number]) = Self.examples(loss, 3 * width)
          o[width] = .nan
          let gradient = atEveryLevel { kernels in
            var d = t
            kernels.loss_gradient(loss, false, o, t, &d, 3, width, 1)
            return d + [Number(kernels.loss(loss, o, nil, t, 3, width))]
          }
          #expect(gradient[width].isNaN && gradient.last?.isNaN == true, "\(loss)")
          let z: [Number] = noise(3 * width, seed: 5, special: true)
          t[0] = -0.0
          atEveryLevel(of: Number.self, "\(loss)") { kernels in
            [kernels.loss(loss, z, z, t, 3, width), kernels.loss(loss, z, nil, z, 3, width)]
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func rowsAreClassifiedByTheLargestOrTheThreshold() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let o: [Number] = [1, 2, 3, 3, 3, 1, 0, -1, 5]
      let t: [Number] = [0, 0, 1, 0, 1, 0, 1, 0, 0]
      for kernels in (1...4).compactMap({ nbs_kernels_at($0, Number.precision)?.pointee.layers }) {
        var correct: [UInt8] = [1, 1, 1]
        kernels.mark_wrong(o, t, &correct, 3, 3, 0.5)
        // The first of equals, and not the largest, and not the target.
        #expect(correct == [1, 0, 0])
        // What has been wrong before stays so; the threshold itself is the first class.
        correct = [1, 0, 1, 1]
        let (single, targets): ([Number], [Number]) = ([0.71, 0.9, 0.7, -1], [1, 1, 1, 0])
        kernels.mark_wrong(single, targets, &correct, 4, 1, 0.7)
        #expect(correct == [1, 0, 0, 1])
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
