// No include guard: included once for each level and precision.
//
// Activations and their derivatives, Keras 3's definitions (keras/src/activations). A NaN stays a NaN: one that became
// 0 on its way would hide where it came from.

/// The slope of selu's straight part, and how deep its bent part goes (G. Klambauer et al., NIPS 2017).
#define SELU_SCALE 1.0507009873554805
#define SELU_DEPTH (SELU_SCALE * 1.6732632423543772)

/// The normal distribution's Phi, by erfc: 1 + erf would lose all digits far below 0.
INLINE T FN(normal_distribution)(T z) { return (T)0.5 * FN(erfc_of)(z * (T)-0.70710678118654752440); }

/// One number's activation; softmax, which needs the whole row, is not among them.
INLINE T FN(activation)(nbs_activation f, T z) {
  switch (f) {
    case NBS_SIGMOID: return FN(sigmoid_of)(z);
    case NBS_TANH: return FN(tanh_of)(z);
    case NBS_RELU: return z < 0 ? 0 : z;
    case NBS_LEAKY_RELU: return z < 0 ? (T)0.2 * z : z;
    case NBS_ELU: {
      T bent = FN(expm1_of)(z);
      return z < 0 ? bent : z;
    }
    case NBS_SELU: {
      T bent = (T)SELU_DEPTH * FN(expm1_of)(z);
      return z < 0 ? bent : (T)SELU_SCALE * z;
    }
    case NBS_GELU: return z * FN(normal_distribution)(z);
    case NBS_SOFTPLUS: return FN(softplus_of)(z);
    case NBS_STEP: return z > 0 ? 1 : z == z ? 0 : z;
    case NBS_LINEAR:
    case NBS_SOFTMAX: break;
  }
  return z;
}

/// dy f'(z), told from y wherever that is exact; gelu alone needs z, since two preactivations can share an output.
INLINE T FN(activation_gradient)(nbs_activation f, T y, T z, T dy) {
  switch (f) {
    case NBS_SIGMOID: return dy * (y * (1 - y));
    case NBS_TANH: return dy * fma_t(-y, y, 1);
    case NBS_RELU: return y <= 0 ? 0 : dy;
    case NBS_LEAKY_RELU: return y <= 0 ? (T)0.2 * dy : dy;
    // e^z = y + 1, off by no more than a rounding of 1: what TensorFlow and PyTorch do as well.
    case NBS_ELU: return y < 0 ? dy * (y + 1) : dy;
    case NBS_SELU: return dy * (y < 0 ? y + (T)SELU_DEPTH : (T)SELU_SCALE);
    // Phi(z) + z phi(z)
    case NBS_GELU: {
      T density = (T)0.39894228040143267794 * FN(exp_of)((T)-0.5 * z * z);
      return dy * fma_t(z, density, FN(normal_distribution)(z));
    }
    // The sigmoid of z is 1 - e^-y, exact at both ends: y is as small as e^z where z is far below 0.
    case NBS_SOFTPLUS: return dy * -FN(expm1_of)(-y);
    case NBS_STEP: return 0;
    case NBS_LINEAR:
    case NBS_SOFTMAX: break;
  }
  return dy;
}

/// How many numbers of narrow rows are worked on at once: all their exponentials then run through full vectors, and
/// they stay in the first cache.
#define SOFTMAX_BLOCK 2048

/// Softmax over each row, from its peak down so that no exponential overflows.
INLINE void FN(softmax)(const T *z, T *y, size_t places, size_t width) {
  size_t block = width < SOFTMAX_BLOCK ? SOFTMAX_BLOCK / width : 1;
  for (size_t start = 0; start < places; start += block) {
    size_t rows = places - start < block ? places - start : block;
    const T *from = z + start * width;
    T *into = y + start * width;
    for (size_t row = 0; row < rows; row++) {
      T peak = FN(peak_of_row)(from + row * width, width);
      PARALLEL for (size_t i = 0; i < width; i++) into[row * width + i] = from[row * width + i] - peak;
    }
    PARALLEL for (size_t i = 0; i < rows * width; i++) into[i] = FN(exp_of)(into[i]);
    for (size_t row = 0; row < rows; row++) {
      T share = 1 / FN(sum_of_row)(into + row * width, width);
      PARALLEL for (size_t i = 0; i < width; i++) into[row * width + i] *= share;
    }
  }
}

/// dz[i] = y[i] (dy[i] - the sum over j of y[j] dy[j])
INLINE void FN(softmax_backward)(const T *y, const T *dy, T *dz, size_t places, size_t width) {
  for (size_t start = 0; start < places * width; start += width) {
    T mean = FN(product_of_rows)(y + start, dy + start, width);
    PARALLEL for (size_t i = start; i < start + width; i++) dz[i] = y[i] * (dy[i] - mean);
  }
}

#define EACH_ACTIVATION(APPLY) \
  APPLY(NBS_SIGMOID) \
  APPLY(NBS_TANH) \
  APPLY(NBS_RELU) \
  APPLY(NBS_LEAKY_RELU) \
  APPLY(NBS_ELU) APPLY(NBS_SELU) APPLY(NBS_GELU) APPLY(NBS_SOFTPLUS) APPLY(NBS_STEP)

static void FN(activate)(nbs_activation f, const void *z, void *y, size_t places, size_t width) {
  const T *from = z;
  T *into = y;
  size_t count = places * width;
#define ACTIVATE(kind) \
  case kind: PARALLEL for (size_t i = 0; i < count; i++) into[i] = FN(activation)(kind, from[i]); break;
  switch (f) {
    EACH_ACTIVATION(ACTIVATE)
    case NBS_LINEAR: if (from != into) memcpy(into, from, count * sizeof(T)); break;
    case NBS_SOFTMAX: FN(softmax)(from, into, places, width); break;
  }
#undef ACTIVATE
}

static void FN(activate_backward)(
    nbs_activation f, const void *y, const void *z, const void *dy, void *dz, size_t places, size_t width) {
  const T *outputs = y, *from = dy;
  // Only gelu's derivative looks at z.
  const T *preactivations = z ? z : y;
  T *into = dz;
  size_t count = places * width;
#define DERIVE(kind) \
  case kind: \
    PARALLEL for (size_t i = 0; i < count; i++) \
        into[i] = FN(activation_gradient)(kind, outputs[i], preactivations[i], from[i]); \
    break;
  switch (f) {
    EACH_ACTIVATION(DERIVE)
    case NBS_LINEAR: if (from != into) memcpy(into, from, count * sizeof(T)); break;
    case NBS_SOFTMAX: FN(softmax_backward)(outputs, from, into, places, width); break;
  }
#undef DERIVE
}
