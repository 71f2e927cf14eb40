import CKernels
import Foundation
import Testing

@Suite struct ActivationTests {
  /// An activation by its definition, row by row.
  private static func reference(_ f: nbs_activation, _ z: [Double], width: Int) -> [Double] {
    let (scale, alpha) = (1.0507009873554805, 1.6732632423543772)
    switch f {
    case NBS_SIGMOID: return z.map { 1 / (1 + exp(-$0)) }
    case NBS_TANH: return z.map { tanh($0) }
    case NBS_RELU: return z.map { $0 < 0 ? 0 : $0 }
    case NBS_LEAKY_RELU: return z.map { $0 < 0 ? $0 / 5 : $0 }
    case NBS_ELU: return z.map { $0 < 0 ? exp($0) - 1 : $0 }
    case NBS_SELU: return z.map { scale * ($0 < 0 ? alpha * (exp($0) - 1) : $0) }
    case NBS_GELU: return z.map { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }
    case NBS_SOFTPLUS: return z.map { $0 > 30 ? $0 : log(1 + exp($0)) }
    case NBS_STEP: return z.map { $0.isNaN ? .nan : $0 > 0 ? 1 : 0 }
    case NBS_SOFTMAX:
      return stride(from: 0, to: z.count, by: width).flatMap { start in
        let exponentials = z[start..<start + width].map { exp($0 - z[start]) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
      }
    default: return z
    }
  }

  private static let all: [nbs_activation] = [
    NBS_LINEAR, NBS_SIGMOID, NBS_TANH, NBS_RELU, NBS_LEAKY_RELU, NBS_ELU, NBS_SELU, NBS_GELU, NBS_SOFTPLUS,
    NBS_SOFTMAX, NBS_STEP,
  ]

  @Test func followTheirDefinitions() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for f in Self.all {
        for width in oddLengths {
          let z: [Number] = noise(5 * width, seed: 1, scale: 4)
          let y = atEveryLevel { kernels in
            var y = [Number](repeating: 9, count: z.count)
            kernels.activate(f, z, &y, 5, width)
            return y
          }
          expectClose(y, Self.reference(f, z.asDoubles, width: width), roundings: 16, "\(f) \(width)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func workInPlace() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let (places, width) = (3, 21)
      let z: [Number] = noise(places * width, seed: 2, scale: 4)
      let dy: [Number] = noise(places * width, seed: 3)
      for f in Self.all {
        let apart = atEveryLevel { kernels in
          var (y, dz) = (z, z)
          kernels.activate(f, z, &y, places, width)
          kernels.activate_backward(f, y, z, dy, &dz, places, width)
          return y + dz
        }
        let inPlace = atEveryLevel { kernels in
          var (y, dz) = (z, dy)
          y.withUnsafeMutableBytes { kernels.activate(f, $0.baseAddress!, $0.baseAddress!, places, width) }
          dz.withUnsafeMutableBytes {
            kernels.activate_backward(f, y, z, $0.baseAddress!, $0.baseAddress!, places, width)
          }
          return y + dz
        }
        #expect(apart == inPlace)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// A NaN among the preactivations is one among the outputs, and all levels agree on infinities.
  @Test func nanStaysVisible() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for f in Self.all {
        for width in oddLengths {
          let z: [Number] = noise(4 * width, seed: UInt64(width), scale: 90, special: true)
          let dy: [Number] = noise(4 * width, seed: 5, special: true)
          let results = atEveryLevel { kernels in
            var (y, dz) = (z, z)
            kernels.activate(f, z, &y, 4, width)
            kernels.activate_backward(f, y, z, dy, &dz, 4, width)
            return y + dz
          }
          for index in z.indices where z[index].isNaN { #expect(results[index].isNaN, "\(f)") }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func derivativesAreThoseOfCentralDifferences() {
    let (places, width, step) = (4, 7, 1e-5)
    // Away from 0, where some have a corner.
    let z: [Double] = noise(places * width, seed: 6, scale: 3).map { abs($0) < 0.01 ? 0.5 : $0 }
    let dy: [Double] = noise(z.count, seed: 7)
    for f in Self.all {
      let dz = atEveryLevel { kernels in
        var (y, dz) = (z, z)
        kernels.activate(f, z, &y, places, width)
        kernels.activate_backward(f, y, f == NBS_GELU ? z : nil, dy, &dz, places, width)
        return dz
      }
      for index in z.indices {
        func weighted(_ distance: Double) -> Double {
          var moved = z
          moved[index] += distance
          let y = Self.reference(f, moved, width: width)
          return zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let difference = (weighted(step) - weighted(-step)) / (2 * step)
        #expect(abs(dz[index] - difference) < 1e-8, "\(f)")
      }
    }
  }

  @Test func derivativesAtCornersAreThoseOfTheLeft() {
    let (z, dy): ([Double], [Double]) = ([0, -0.0], [1, 1])
    for (f, slope) in [(NBS_RELU, 0.0), (NBS_LEAKY_RELU, 0.2), (NBS_STEP, 0)] {
      let dz = atEveryLevel { kernels in
        var (y, dz) = (z, z)
        kernels.activate(f, z, &y, 1, 2)
        kernels.activate_backward(f, y, nil, dy, &dz, 1, 2)
        return dz
      }
      #expect(dz == [slope, slope])
    }
  }

  @Test func extremesNeitherOverflowNorVanish() {
    let z: [Double] = [-1000, -40, 40, 1000]
    func activated(_ f: nbs_activation) -> [Double] {
      atEveryLevel { kernels in
        var y = z
        kernels.activate(f, z, &y, 1, 4)
        return y
      }
    }
    #expect(activated(NBS_SOFTMAX) == [0, 0, 0, 1])
    #expect(activated(NBS_SIGMOID).last == 1 && activated(NBS_SIGMOID)[1] > 0)
    #expect(activated(NBS_SOFTPLUS)[3] == 1000 && activated(NBS_SOFTPLUS)[1] > 0)
    // Phi(-40) is a number, though 1 + erf would be 0 there; below, the product underflows to -0.
    #expect(activated(NBS_GELU)[1] <= 0 && activated(NBS_GELU)[3] == 1000)
  }
}
