import CKernels
import Testing

/// An LSTM with its usual functions goes through a step in one pass; with any others each function by itself.
@Suite struct RecurrenceTests {
  /// What an LSTM's way there and back leaves.
  private struct Traces<Number: KernelNumber> {
    var gates, cells, y, bySums: [Number]

    var bits: [[UInt64]] { [gates, cells, y, bySums].map { $0.map(\.comparedBits) } }
  }

  private static let (steps, rows) = (5, 3)

  private func recurrence(_ units: Int, givesAll: Bool) -> nbs_recurrence {
    nbs_recurrence(
      cell: NBS_LSTM, activation: NBS_TANH, gate_activation: NBS_SIGMOID, steps: Self.steps, units: units,
      is_reversed: false, gives_all: givesAll, truncation: 0)
  }

  private func traces<Number: KernelNumber>(
    _ kernels: nbs_recurrence_kernels, units: Int, givesAll: Bool, _: Number.Type
  ) -> Traces<Number> {
    var r = recurrence(units, givesAll: givesAll)
    let (places, width) = (Self.rows * Self.steps, 4 * units)
    func room(_ count: Int, _ alignment: Int = 64) -> UnsafeMutableRawPointer {
      let room = UnsafeMutableRawPointer.allocate(byteCount: max(64, count), alignment: alignment)
      room.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, count))
      return room
    }
    let size = MemoryLayout<Number>.size
    let weights: [Number] = noise(width * units, seed: 1)
    let sums: [Number] = noise(places * width, seed: 2, scale: 3)
    let dy: [Number] = noise(givesAll ? places * units : Self.rows * units, seed: 3)
    let (forward, backward) = (
      room(kernels.pack_forward_size(&r) * size), room(kernels.pack_backward_size(&r) * size)
    )
    kernels.pack_forward(&r, weights, forward)
    kernels.pack_backward(&r, weights, backward)
    let scratch = room(kernels.scratch(&r, Self.rows))
    var result = Traces<Number>(
      gates: [Number](repeating: 0, count: places * width),
      cells: [Number](repeating: 0, count: places * 2 * units),
      y: [Number](repeating: 0, count: dy.count), bySums: [Number](repeating: 0, count: places * width))
    var previous = [Number](repeating: 0, count: places * units)
    sums.withUnsafeBytes { sums in
      dy.withUnsafeBytes { dy in
        result.gates.withUnsafeMutableBytes { gates in
          result.cells.withUnsafeMutableBytes { cells in
            result.y.withUnsafeMutableBytes { y in
              result.bySums.withUnsafeMutableBytes { bySums in
                previous.withUnsafeMutableBytes { previous in
                  var arrays = nbs_recurrence_arrays()
                  arrays.sums = sums.baseAddress
                  arrays.gates = gates.baseAddress
                  arrays.previous = previous.baseAddress
                  arrays.cells = cells.baseAddress
                  arrays.y = y.baseAddress
                  kernels.forward(&r, Self.rows, &arrays, forward, scratch)
                  var gradients = nbs_recurrence_gradients()
                  gradients.dy = dy.baseAddress
                  gradients.sums = bySums.baseAddress
                  kernels.backward(&r, Self.rows, &arrays, &gradients, backward, scratch)
                }
              }
            }
          }
        }
      }
    }
    for room in [forward, backward, scratch] { room.deallocate() }
    return result
  }

  /// The same by the activations' own kernels and plain chains of fused multiply-adds, row by row.
  private func plain<Number: KernelNumber>(
    _ kernels: nbs_layer_kernels, units: Int, givesAll: Bool, _: Number.Type
  ) -> Traces<Number> {
    let (places, width) = (Self.rows * Self.steps, 4 * units)
    let weights: [Number] = noise(width * units, seed: 1)
    let sums: [Number] = noise(places * width, seed: 2, scale: 3)
    let dy: [Number] = noise(givesAll ? places * units : Self.rows * units, seed: 3)
    let functions = [NBS_SIGMOID, NBS_SIGMOID, NBS_TANH, NBS_SIGMOID]
    func applied(_ f: nbs_activation, _ z: [Number]) -> [Number] {
      var y = z
      kernels.activate(f, z, &y, 1, z.count)
      return y
    }
    func back(_ f: nbs_activation, _ y: [Number], _ dy: [Number]) -> [Number] {
      var dz = dy
      kernels.activate_backward(f, y, nil, dy, &dz, 1, y.count)
      return dz
    }
    var result = Traces<Number>(gates: [], cells: [], y: [], bySums: [])
    for row in 0..<Self.rows {
      var h = [Number](repeating: 0, count: units)
      var (c, kept) = (h, [(gates: [[Number]], before: [Number], shown: [Number])]())
      for step in 0..<Self.steps {
        var z = Array(sums[(row * Self.steps + step) * width..<(row * Self.steps + step + 1) * width])
        if step > 0 {
          for place in 0..<width {
            for unit in 0..<units { z[place].addProduct(h[unit], weights[place * units + unit]) }
          }
        }
        let gates = functions.enumerated().map { applied($1, Array(z[$0 * units..<($0 + 1) * units])) }
        let before = c
        for unit in 0..<units {
          var cell = gates[0][unit] * gates[2][unit]
          cell.addProduct(gates[1][unit], before[unit])
          c[unit] = cell
        }
        let shown = applied(NBS_TANH, c)
        h = zip(gates[3], shown).map { $0 * $1 }
        kept.append((gates, before, shown))
        result.gates += gates.flatMap { $0 }
        result.cells += c + shown
        if givesAll || step == Self.steps - 1 { result.y += h }
      }
      var (pull, cell) = ([Number](repeating: 0, count: units), [Number](repeating: 0, count: units))
      if !givesAll { pull = Array(dy[row * units..<(row + 1) * units]) }
      var bySums = [Number](repeating: 0, count: Self.steps * width)
      for step in (0..<Self.steps).reversed() {
        let (gates, before, shown) = kept[step]
        if givesAll {
          for unit in 0..<units { pull[unit] += dy[(row * Self.steps + step) * units + unit] }
        }
        let byShown = back(NBS_TANH, shown, zip(pull, gates[3]).map { $0 * $1 })
        let byCell = zip(cell, byShown).map { $0 + $1 }
        let parts = [
          back(NBS_SIGMOID, gates[0], zip(byCell, gates[2]).map { $0 * $1 }),
          back(NBS_SIGMOID, gates[1], zip(byCell, before).map { $0 * $1 }),
          back(NBS_TANH, gates[2], zip(byCell, gates[0]).map { $0 * $1 }),
          back(NBS_SIGMOID, gates[3], zip(pull, shown).map { $0 * $1 }),
        ].flatMap { $0 }
        bySums.replaceSubrange(step * width..<(step + 1) * width, with: parts)
        cell = zip(byCell, gates[1]).map { $0 * $1 }
        pull = (0..<units).map { unit in
          var sum: Number = 0
          for place in 0..<width { sum.addProduct(parts[place], weights[place * units + unit]) }
          return sum
        }
      }
      result.bySums += bySums
    }
    return result
  }

  /// Bit for bit, for units that fill vectors and such that do not.
  @Test(arguments: [1, 5, 16, 21])
  func anLSTMIsTheSingleKernels(_ units: Int) {
    func check<Number: KernelNumber>(_: Number.Type) {
      for givesAll in [false, true] {
        for level in (1...4).compactMap({ nbs_kernels_at($0, Number.precision)?.pointee }) {
          let quick = traces(level.recurrences, units: units, givesAll: givesAll, Number.self)
          let plain = plain(level.layers, units: units, givesAll: givesAll, Number.self)
          for (quick, plain) in zip(quick.bits, plain.bits) { #expect(quick == plain, "\(givesAll)") }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
