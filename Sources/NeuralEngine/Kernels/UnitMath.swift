import RealModule

/// The activations and their derivatives, told from the output alone wherever that is exact.
enum UnitMath {
  /// Turns a layer's sums into its outputs, in place.
  @inline(__always)
  static func activate<Scalar: EngineScalar>(
    _ activation: Activation, _ layer: LayerBuffers<Scalar>, rows: Int
  ) {
    let count = rows * layer.width
    let z = layer.outputs
    layer.sums?.update(from: z, count: count)
    switch activation {
    case .linear: break
    case .sigmoid: for index in 0..<count { z[index] = Primitives.sigmoid(z[index]) }
    case .tanh: for index in 0..<count { z[index] = .tanh(z[index]) }
    // Written so that NaN stays NaN: a NaN that turned into 0 here would hide where it came from.
    case .relu: for index in 0..<count where z[index] < 0 { z[index] = 0 }
    case .softmax: for row in 0..<rows { Primitives.softmax(z + row * layer.width, layer.width) }
    case .step: for index in 0..<count where !z[index].isNaN { z[index] = z[index] > 0 ? 1 : 0 }
    case .leakyReLU, .elu, .selu, .gelu, .softplus: bend(activation, z, count)
    }
  }

  /// Turns the gradient by a layer's outputs into that by its sums, in place.
  @inline(__always)
  static func differentiate<Scalar: EngineScalar>(
    _ activation: Activation, _ layer: LayerBuffers<Scalar>, rows: Int
  ) {
    guard let g = layer.gradients else { return }
    let count = rows * layer.width
    let a = layer.outputs
    switch activation {
    case .linear: break
    case .sigmoid: for index in 0..<count { g[index] *= a[index] * (1 - a[index]) }
    case .tanh: for index in 0..<count { g[index] *= 1 - a[index] * a[index] }
    case .relu: for index in 0..<count where a[index] <= 0 { g[index] = 0 }
    case .softmax:
      for row in 0..<rows { softmax(a + row * layer.width, g + row * layer.width, layer.width) }
    case .step: for index in 0..<count { g[index] = 0 }
    case .leakyReLU, .elu, .selu, .gelu, .softplus: unbend(activation, g, a, sums: layer.sums, count)
    }
  }

  /// dL/dzᵢ = aᵢ (dL/daᵢ - Σ aⱼ dL/daⱼ)
  @inline(__always)
  private static func softmax<Scalar: EngineScalar>(
    _ a: UnsafeMutablePointer<Scalar>, _ g: UnsafeMutablePointer<Scalar>, _ width: Int
  ) {
    let mean = Primitives.dot(a, g, width)
    for unit in 0..<width { g[unit] = a[unit] * (g[unit] - mean) }
  }
}

/// The bent lines. They are calls of their own, so that the loops into which the activations above are inlined
/// stay as small as they were.
extension UnitMath {
  /// Turns sums into outputs, in place. NaN stays NaN.
  @inline(never)
  private static func bend<Scalar: EngineScalar>(
    _ activation: Activation, _ z: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    switch activation {
    case .leakyReLU: for index in 0..<count where z[index] < 0 { z[index] *= 0.2 }
    case .elu: for index in 0..<count where z[index] < 0 { z[index] = .expMinusOne(z[index]) }
    case .selu:
      let (scale, floor): (Scalar, Scalar) = selu()
      for index in 0..<count { z[index] = z[index] < 0 ? floor * .expMinusOne(z[index]) : scale * z[index] }
    case .gelu: for index in 0..<count { z[index] *= normalShare(z[index]) }
    // From the larger of z and 0 on, so that no exponential overflows.
    case .softplus:
      for index in 0..<count {
        z[index] = (z[index] > 0 ? z[index] : 0) + .log(onePlus: .exp(-z[index].magnitude))
      }
    default: break
    }
  }

  /// Turns the gradient by the outputs into that by the sums, in place.
  @inline(never)
  private static func unbend<Scalar: EngineScalar>(
    _ activation: Activation, _ g: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>,
    sums: UnsafePointer<Scalar>?, _ count: Int
  ) {
    switch activation {
    case .leakyReLU: for index in 0..<count where a[index] <= 0 { g[index] *= 0.2 }
    // eᶻ = a + 1, off by no more than a rounding of 1: what TensorFlow and PyTorch do as well.
    case .elu: for index in 0..<count where a[index] < 0 { g[index] *= a[index] + 1 }
    case .selu:
      let (scale, floor): (Scalar, Scalar) = selu()
      for index in 0..<count { g[index] *= a[index] < 0 ? a[index] + floor : scale }
    case .gelu:
      guard let sums else { return }
      for index in 0..<count { g[index] *= geluSlope(sums[index]) }
    // σ(z) = 1 - e⁻ᵃ, exact at both ends: a is as small as eᶻ where z is far below 0.
    case .softplus: for index in 0..<count { g[index] *= -.expMinusOne(-a[index]) }
    default: break
    }
  }

  /// The slope of the straight part, and the depth of the bent one.
  @inline(__always)
  private static func selu<Scalar: EngineScalar>() -> (scale: Scalar, floor: Scalar) {
    (1.0507009873554805, 1.0507009873554805 * 1.6732632423543772)
  }

  /// Φ(z), by the complement of the error function: 1 + erf would lose all digits far below 0.
  @inline(__always)
  private static func normalShare<Scalar: EngineScalar>(_ z: Scalar) -> Scalar {
    0.5 * .erfc(-z * 0.7071067811865476)
  }

  /// Φ(z) + z φ(z)
  @inline(__always)
  private static func geluSlope<Scalar: EngineScalar>(_ z: Scalar) -> Scalar {
    normalShare(z) + z * 0.3989422804014327 * .exp(-0.5 * z * z)
  }
}
