import CKernels
import Testing

@Suite struct NormalizationTests {
  private static let places = 6

  @Test func batchNormalizationFollowsItsFormulas() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for channels in oddLengths + [16, 32, 64, 130] {
        let count = Self.places * channels
        let (x, dy, before): ([Number], [Number], [Number]) = (
          noise(count, seed: 1, special: channels == 31), noise(count, seed: 2), noise(count, seed: 3)
        )
        let mean: [Number] = noise(channels, seed: 4)
        let inverse: [Number] = noise(channels, seed: 5)
        let gamma: [Number] = noise(channels, seed: 6)
        let beta: [Number] = noise(channels, seed: 7)
        let sums: [Number] = noise(channels, seed: 8)
        let products: [Number] = noise(channels, seed: 9)
        let share = 0.15
        let results = atEveryLevel { kernels in
          var (y, dx, sum) = (x, x, before)
          kernels.normalize(x, mean, inverse, gamma, beta, &y, Self.places, channels)
          kernels.normalize_backward(
            dy, x, mean, inverse, gamma, sums, products, share, &dx, Self.places, channels, false, false)
          kernels.normalize_backward(
            dy, x, mean, inverse, gamma, sums, products, share, &sum, Self.places, channels, false, true)
          return y + dx + sum
        }
        var (y, dx, sum) = ([Double](), [Double](), [Double]())
        for index in 0..<count {
          let c = index % channels
          let value = (Double(x[index]) - Double(mean[c])) * Double(inverse[c])
          let pull = (Double(sums[c]) + value * Double(products[c])) * share
          let gradient = Double(gamma[c]) * Double(inverse[c]) * (Double(dy[index]) - pull)
          y.append(value * Double(gamma[c]) + Double(beta[c]))
          dx.append(gradient)
          sum.append(Double(before[index]) + gradient)
        }
        expectClose(results, y + dx + sum)

        // In place, and where x comes from a relu: nothing goes back where it is 0.
        let rectified = x.map { $0 < 0 ? 0 : $0 }
        let masked = atEveryLevel { kernels in
          var (plain, dx, sum) = (dy, dy, before)
          kernels.normalize(rectified, mean, inverse, gamma, beta, &plain, Self.places, channels)
          var y = rectified
          y.withUnsafeMutableBufferPointer { y in
            let x = y.baseAddress!
            kernels.normalize(x, mean, inverse, gamma, beta, x, Self.places, channels)
          }
          dx.withUnsafeMutableBufferPointer { dx in
            let dy = dx.baseAddress!
            kernels.normalize_backward(
              dy, rectified, mean, inverse, gamma, sums, products, share, dy, Self.places, channels, true,
              false)
          }
          kernels.normalize_backward(
            dy, rectified, mean, inverse, gamma, sums, products, share, &sum, Self.places, channels, true,
            true)
          return plain + y + dx + sum
        }
        let unmasked = atEveryLevel { kernels in
          var (dx, sum) = (dy, before)
          kernels.normalize_backward(
            dy, rectified, mean, inverse, gamma, sums, products, share, &dx, Self.places, channels, false,
            false)
          kernels.normalize_backward(
            dy, rectified, mean, inverse, gamma, sums, products, share, &sum, Self.places, channels, false,
            true)
          return dx + sum
        }
        let expected = (0..<2 * count).map { index in
          rectified[index % count] > 0 || rectified[index % count].isNaN
            ? unmasked[index] : index < count ? 0 : before[index - count]
        }
        let bits = masked.map(\.comparedBits)
        #expect(bits[..<count] == bits[count..<2 * count])
        #expect(Array(bits[(2 * count)...]) == expected.map(\.comparedBits))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// The bits of column_sums and column_products over x at mean 0 and variance 1, wherever the places are divided.
  @Test func sumsOfTheGradientAreChains() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for channels in oddLengths + [16, 32, 48, 64, 130] {
        let count = Self.places * channels
        let (x, dy): ([Number], [Number]) = (
          noise(count, seed: 1, scale: 3, special: channels == 31), noise(count, seed: 2)
        )
        let (mean, inverse): ([Number], [Number]) = (noise(channels, seed: 3), noise(channels, seed: 4))
        let normal = x.indices.map { (x[$0] - mean[$0 % channels]) * inverse[$0 % channels] }
        func sums(of parts: [Range<Int>]) -> [Number] {
          atEveryLevel { kernels in
            var (sums, products) = (mean, mean)
            x.withUnsafeBufferPointer { x in
              dy.withUnsafeBufferPointer { dy in
                for part in parts {
                  let start = part.lowerBound * channels
                  kernels.normalize_sums(
                    dy.baseAddress! + start, x.baseAddress! + start, mean, inverse, &sums, &products,
                    part.count, channels, part.lowerBound > 0)
                }
              }
            }
            return sums + products
          }
        }
        let expected = atEveryLevel { kernels in
          var (sums, products) = (mean, mean)
          kernels.column_sums(dy, &sums, Self.places, channels, false)
          kernels.column_products(dy, normal, &products, Self.places, channels, false)
          return sums + products
        }
        #expect(sums(of: [0..<Self.places]).map(\.comparedBits) == expected.map(\.comparedBits))
        #expect(sums(of: [0..<2, 2..<Self.places]).map(\.comparedBits) == expected.map(\.comparedBits))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  private static let epsilon = 1e-3

  private static func layerNorm(_ x: [Double], gamma: [Double], beta: [Double]) -> (
    normal: [Double], inverse: [Double], y: [Double]
  ) {
    let width = gamma.count
    var (normal, inverse, y) = ([Double](), [Double](), [Double]())
    for start in stride(from: 0, to: x.count, by: width) {
      let row = x[start..<start + width]
      let mean = row.reduce(0, +) / Double(width)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      inverse.append(1 / (variance + epsilon).squareRoot())
      let even = row.map { ($0 - mean) * inverse[inverse.count - 1] }
      normal += even
      y += zip(even, zip(gamma, beta)).map { $0 * $1.0 + $1.1 }
    }
    return (normal, inverse, y)
  }

  @Test func layerNormalizationFollowsItsFormula() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for width in oddLengths {
        let x: [Number] = noise(Self.places * width, seed: 10)
        let (gamma, beta): ([Number], [Number]) = (noise(width, seed: 11), noise(width, seed: 12))
        let results = atEveryLevel { kernels in
          var (normal, y) = (x, x)
          var inverse = [Number](repeating: 0, count: Self.places)
          kernels.layer_norm(
            x, gamma, beta, Self.epsilon, &normal, &inverse, &y, Self.places, width)
          return normal + inverse + y
        }
        let expected = Self.layerNorm(x.asDoubles, gamma: gamma.asDoubles, beta: beta.asDoubles)
        // Near a variance of 0 the inverse is as large as 30.
        expectClose(results, expected.normal + expected.inverse + expected.y, roundings: 128)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func layerNormalizationsGradientIsThatOfCentralDifferences() {
    for width in [1, 2, 7, 17, 33] {
      let (places, step) = (2, 1e-5)
      let x: [Double] = noise(places * width, seed: 13)
      let dy: [Double] = noise(places * width, seed: 14)
      let before: [Double] = noise(places * width, seed: 15)
      let (gamma, beta): ([Double], [Double]) = (noise(width, seed: 16), noise(width, seed: 17))
      let results = atEveryLevel { kernels in
        var (normal, y, dx, sum) = (x, x, x, before)
        var inverse = [Double](repeating: 0, count: places)
        kernels.layer_norm(x, gamma, beta, Self.epsilon, &normal, &inverse, &y, places, width)
        kernels.layer_norm_backward(dy, normal, inverse, gamma, &dx, places, width, false)
        kernels.layer_norm_backward(dy, normal, inverse, gamma, &sum, places, width, true)
        return dx + sum
      }
      for index in x.indices {
        func weighted(_ distance: Double) -> Double {
          var moved = x
          moved[index] += distance
          return zip(Self.layerNorm(moved, gamma: gamma, beta: beta).y, dy).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let difference = (weighted(step) - weighted(-step)) / (2 * step)
        #expect(abs(results[index] - difference) < 1e-6)
        #expect(abs(results[x.count + index] - before[index] - difference) < 1e-6)
      }
    }
  }

  @Test func nanStaysVisibleInItsRow() {
    var x: [Float] = noise(40, seed: 18)
    x[25] = .nan
    let ones = [Float](repeating: 1, count: 20)
    let y = atEveryLevel { kernels in
      var (normal, y, inverse) = (x, x, [Float](repeating: 0, count: 2))
      kernels.layer_norm(x, ones, ones, Self.epsilon, &normal, &inverse, &y, 2, 20)
      return y
    }
    #expect(y[..<20].allSatisfy { $0.isFinite } && y[20...].allSatisfy { $0.isNaN })
  }
}
