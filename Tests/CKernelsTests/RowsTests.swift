import CKernels
import Testing

@Suite struct RowsTests {
  @Test func columnSumsAreOrderedSumsWhereverRowsAreDivided() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for width in oddLengths + [70, 130] {
        let rows = 9
        let x: [Number] = noise(rows * width, seed: 1, scale: 3, special: width % 2 == 1)
        let y: [Number] = noise(rows * width, seed: 2, scale: 3)
        let results = atEveryLevel { kernels in
          var sums = [Number](repeating: 7, count: 3 * width)
          sums.withUnsafeMutableBufferPointer { sums in
            let start = sums.baseAddress!
            func at(_ part: Int) -> UnsafeMutablePointer<Number> { start + part * width }
            kernels.column_sums(x, at(0), rows, width, false)
            kernels.column_products(x, y, at(1), rows, width, false)
            kernels.column_squares(x, y, at(2), rows, width, false)
          }
          return sums
        }
        let divided = atEveryLevel { kernels in
          var sums = [Number](repeating: 7, count: 3 * width)
          x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
              sums.withUnsafeMutableBufferPointer { sums in
                let into = sums.baseAddress!
                func at(_ part: Int) -> UnsafeMutablePointer<Number> { into + part * width }
                for (start, count) in [(0, 4), (4, 1), (5, rows - 5)] {
                  let (from, other) = (x.baseAddress! + start * width, y.baseAddress! + start * width)
                  kernels.column_sums(from, at(0), count, width, start > 0)
                  kernels.column_products(from, other, at(1), count, width, start > 0)
                  kernels.column_squares(from, y.baseAddress!, at(2), count, width, start > 0)
                }
              }
            }
          }
          return sums
        }
        #expect(results.map(\.comparedBits) == divided.map(\.comparedBits))

        var (sums, products, squares) = ([Number](), [Number](), [Number]())
        for column in 0..<width {
          var (sum, product, square) = (Number.zero, Number.zero, Number.zero)
          for row in 0..<rows {
            let number = x[row * width + column]
            let distance = number - y[column]
            sum += number
            product.addProduct(number, y[row * width + column])
            square.addProduct(distance, distance)
          }
          sums.append(sum)
          products.append(product)
          squares.append(square)
        }
        #expect(results.map(\.comparedBits) == (sums + products + squares).map(\.comparedBits))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func rowsAreFilledAndScaled() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for width in oddLengths {
        let rows = 11
        let (w, x): ([Number], [Number]) = (
          noise(width, seed: 3), noise(rows * width, seed: 4, special: true)
        )
        let filled = atEveryLevel { kernels in
          var y = [Number](repeating: 0, count: rows * width)
          kernels.fill_rows(w, &y, rows, width)
          return y
        }
        #expect(filled == (0..<rows).flatMap { _ in w })

        let scaled = atEveryLevel { kernels in
          var y = [Number](repeating: 0, count: rows * width)
          kernels.scale_columns(w, x, &y, rows, width, false)
          kernels.scale_columns(w, filled, &y, rows, width, true)
          kernels.scale(0.3, x, &y, rows * width, true)
          var z = [Number](repeating: 0, count: rows * width)
          kernels.scale(-0.7, x, &z, rows * width, false)
          return y + z
        }
        let expected = (0..<rows * width).map { index in
          var y = w[index % width] * x[index]
          y.addProduct(w[index % width], w[index % width])
          y.addProduct(0.3, x[index])
          return y
        }
        #expect(scaled.map(\.comparedBits) == (expected + x.map { -0.7 * $0 }).map(\.comparedBits))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Beyond the piece that filling copies at once.
  @Test func manyRowsAreFilled() {
    let (row, rows) = ((0..<10).map { Float($0) }, 3000)
    let filled = atEveryLevel { kernels in
      var y = [Float](repeating: -1, count: rows * 10)
      kernels.fill_rows(row, &y, rows, 10)
      return y
    }
    #expect(filled.indices.allSatisfy { filled[$0] == row[$0 % 10] })
  }

  @Test func arraysAreCombined() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for count in oddLengths {
        var (a, b): ([Number], [Number]) = (
          noise(count, seed: 5, special: true), noise(count, seed: 6, special: true)
        )
        a[0] = 0
        b[0] = -0.0
        func expectCombined(_ operation: Int32, _ expected: (Number, Number) -> Number) {
          let combined = atEveryLevel { kernels in
            var y = b
            y.withUnsafeMutableBufferPointer { y in
              // In place, as a merge of several arrays goes on.
              kernels.combine(operation, a, y.baseAddress!, y.baseAddress!, count)
            }
            return y
          }
          #expect(combined.map(\.comparedBits) == zip(a, b).map(expected).map(\.comparedBits))
        }
        expectCombined(0) { $0 + $1 }
        expectCombined(1) { $0 * $1 }
        expectCombined(2) { $0.isNaN || $1.isNaN ? .nan : $0 >= $1 ? $0 : $1 }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func embeddingsAreLookedUpAndLearned() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let (vocabulary, dimension) = (5, 3)
      let table: [Number] = noise(vocabulary * dimension, seed: 7)
      let words: [Number] = [0, 4, 2, 2.9, -3, 9, .nan, -.infinity, .infinity, 1e9, 2]
      let indices = [0, 4, 2, 2, 0, 4, 0, 0, 4, 4, 2]
      let rows = atEveryLevel { kernels in
        var y = [Number](repeating: 0, count: words.count * dimension)
        kernels.embed(words, table, &y, words.count, vocabulary, dimension)
        return y
      }
      let looked: [Number] = indices.flatMap { index in table[index * dimension..<(index + 1) * dimension] }
      #expect(rows == looked)

      let dy: [Number] = noise(words.count * dimension, seed: 8)
      let learned = atEveryLevel { kernels in
        var gradient = table
        kernels.embed_backward(words, dy, &gradient, words.count, vocabulary, dimension)
        return gradient
      }
      var expected = table
      for (place, index) in indices.enumerated() {
        for d in 0..<dimension { expected[index * dimension + d] += dy[place * dimension + d] }
      }
      #expect(learned == expected)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func bytesAndDoublesAreConverted() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for count in oddLengths + [256] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let table: [Number] = noise(256, seed: 9, special: true)
        let (offsets, factors): ([Number], [Number]) = (noise(count, seed: 10), noise(count, seed: 11))
        let doubles: [Double] = noise(count, seed: 12, scale: 1e30, special: true)
        let converted = atEveryLevel { kernels in
          var (found, scaled, narrow) = ([Number](repeating: 0, count: count), factors, factors)
          kernels.look_up(bytes, table, &found, count)
          kernels.scale_bytes(bytes, offsets, factors, &scaled, count)
          kernels.from_doubles(doubles, &narrow, count)
          return found + scaled + narrow
        }
        let expected =
          bytes.map { table[Int($0)] } + bytes.indices.map { (Number(bytes[$0]) - offsets[$0]) * factors[$0] }
          + doubles.map { Number($0) }
        #expect(converted.map(\.comparedBits) == expected.map(\.comparedBits))

        for kernels in (1...4).compactMap({ nbs_kernels_at($0, Number.precision)?.pointee.layers }) {
          var wide = [Double](repeating: 0, count: count)
          kernels.to_doubles(converted, &wide, count)
          #expect(wide.map(\.comparedBits) == converted.prefix(count).map { Double($0).comparedBits })
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func matricesAreTransposed() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for rows in [1, 3, 8, 16, 19, 24, 40] {
        for columns in [1, 5, 8, 23, 24, 32] {
          let x = (0..<rows * columns).map { Number($0) }
          let y = atEveryLevel { kernels in
            var y = [Number](repeating: -1, count: rows * columns)
            kernels.transpose(x, &y, rows, columns)
            return y
          }
          let expected: [Number] = (0..<columns).flatMap { column in
            (0..<rows).map { row in x[row * columns + column] }
          }
          #expect(y == expected)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
