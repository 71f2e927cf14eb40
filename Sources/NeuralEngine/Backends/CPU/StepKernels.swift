internal import CKernels

extension TakeStep: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, bytes) = (step.inputs[0], step.outputs[0], compiler.backend.precision.bytes)
    let (length, whole) = (width * bytes, steps * width * bytes)
    let start = self.step * length
    return CPUKernel { frame in
      for row in 0..<frame.rows {
        (frame[y] + row * length).copyMemory(from: frame[x] + row * whole + start, byteCount: length)
      }
    }
  }
}

extension AddStep: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, dx, bytes) = (step.inputs[0], step.outputs[0], compiler.backend.precision.bytes)
    let (width, length, whole) = (width, width * bytes, steps * width * bytes)
    let (start, scale, accumulates) = (self.step * length, compiler.layers.scale, step.accumulates)
    return CPUKernel { frame in
      if !accumulates {
        frame[dx].initializeMemory(as: UInt8.self, repeating: 0, count: frame.rows * whole)
      }
      for row in 0..<frame.rows {
        scale(1, frame[dy] + row * length, frame[dx] + row * whole + start, width, accumulates)
      }
    }
  }
}

// MARK: - All units but oneself

extension OthersProduct: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    compiler.bytes == 4 ? kernel(step, of: Float.self) : kernel(step, of: Double.self)
  }

  private func kernel<Number: BinaryFloatingPoint & SendableMetatype>(_ step: Step, of: Number.Type)
    -> CPUKernel
  {
    let (x, w, y) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (units, accumulates) = (units, step.accumulates)
    return CPUKernel { frame in
      let (x, w, y) = (frame[x, Number.self], frame[w, Number.self], frame[y, Number.self])
      for row in 0..<frame.rows {
        let own = row * units
        for unit in 0..<units {
          var sum: Number = accumulates ? y[own + unit] : 0
          for other in 0..<units where other != unit {
            sum.addProduct(w[OthersProduct.place(unit, other, units)], x[own + other])
          }
          y[own + unit] = sum
        }
      }
    }
  }

  /// Where the weight of the way from one unit to another stands.
  fileprivate static func place(_ unit: Int, _ other: Int, _ units: Int) -> Int {
    unit * (units - 1) + (other < unit ? other : other - 1)
  }
}

extension OthersWeightGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let adds = compiler.adds(step)
    return compiler.bytes == 4 ? kernel(step, adds, of: Float.self) : kernel(step, adds, of: Double.self)
  }

  private func kernel<Number: BinaryFloatingPoint & SendableMetatype>(
    _ step: Step, _ adds: @escaping @Sendable (Frame) -> Bool, of: Number.Type
  ) -> CPUKernel {
    let (dy, x, dw, units) = (step.inputs[0], step.inputs[1], step.outputs[0], units)
    return CPUKernel { frame in
      let (dy, x, dw) = (frame[dy, Number.self], frame[x, Number.self], frame[dw, Number.self])
      let goesOn = adds(frame)
      for unit in 0..<units {
        for other in 0..<units where other != unit {
          let place = OthersProduct.place(unit, other, units)
          var sum: Number = goesOn ? dw[place] : 0
          for row in 0..<frame.rows { sum.addProduct(dy[row * units + unit], x[row * units + other]) }
          dw[place] = sum
        }
      }
    }
  }
}

extension OthersInputGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    compiler.bytes == 4 ? kernel(step, of: Float.self) : kernel(step, of: Double.self)
  }

  private func kernel<Number: BinaryFloatingPoint & SendableMetatype>(_ step: Step, of: Number.Type)
    -> CPUKernel
  {
    let (dy, w, dx) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (units, accumulates) = (units, step.accumulates)
    return CPUKernel { frame in
      let (dy, w, dx) = (frame[dy, Number.self], frame[w, Number.self], frame[dx, Number.self])
      for row in 0..<frame.rows {
        let own = row * units
        for other in 0..<units {
          var sum: Number = accumulates ? dx[own + other] : 0
          for unit in 0..<units where unit != other {
            sum.addProduct(dy[own + unit], w[OthersProduct.place(unit, other, units)])
          }
          dx[own + other] = sum
        }
      }
    }
  }
}
