// No include guard: included once for each level and precision.
//
// One step of each optimizer, as Keras 3 takes it (keras/src/optimizers), its hyperparameters worked out by the caller;
// and what else is done to all parameters or gradients at once. g is a parameter's gradient.

/// An update's numbers in the precision that it is done in.
typedef struct FN(update_numbers) {
  T rate, momentum, mean_share, square_share, epsilon, nadam_mean, nadam_gradient, nadam_square;
} FN(update_numbers);

/// One parameter's step; `m` and `v` are its slots. The formulas name them by their papers' letters.
INLINE T FN(updated)(nbs_update kind, const FN(update_numbers) *n, T w, T g, T *m, T *v) {
  T fall = n->rate * g;
  switch (kind) {
    case NBS_SGD: return fma_t(-n->rate, g, w);
    // v = momentum v - rate g; w += v
    case NBS_MOMENTUM: *m = fma_t(n->momentum, *m, -fall); return w + *m;
    // The gradient of where the momentum leads: w += momentum v - rate g (I. Sutskever et al., ICML 2013)
    case NBS_NESTEROV: *m = fma_t(n->momentum, *m, -fall); return w + fma_t(n->momentum, *m, -fall);
    // m += (1 - beta1) (g - m); v += (1 - beta2) (g^2 - v); w -= rate m / (sqrt v + epsilon) (D. Kingma and J. Ba,
    // ICLR 2015)
    case NBS_ADAM:
      *m = fma_t(n->mean_share, g - *m, *m);
      *v = fma_t(n->square_share, fma_t(g, g, -*v), *v);
      return w - n->rate * *m / (__builtin_elementwise_sqrt(*v) + n->epsilon);
    // The same with a mean that looks ahead by Nesterov's momentum (T. Dozat, ICLR workshop 2016)
    case NBS_NADAM:
      *m = fma_t(n->mean_share, g - *m, *m);
      *v = fma_t(n->square_share, fma_t(g, g, -*v), *v);
      return w - fma_t(*m, n->nadam_mean, g * n->nadam_gradient) /
                     (__builtin_elementwise_sqrt(*v * n->nadam_square) + n->epsilon);
    // v += (1 - rho) (g^2 - v); w -= rate g / sqrt(v + epsilon) (G. Hinton's lecture 6e, 2012)
    case NBS_RMSPROP:
      *m = fma_t(n->mean_share, fma_t(g, g, -*m), *m);
      return w - fall / __builtin_elementwise_sqrt(*m + n->epsilon);
    // v += g^2; w -= rate g / sqrt(v + epsilon) (J. Duchi et al., JMLR 12, 2011)
    case NBS_ADAGRAD:
      *m = fma_t(g, g, *m);
      return w - fall / __builtin_elementwise_sqrt(*m + n->epsilon);
    // v += (1 - rho) (g^2 - v); s = sqrt(u + epsilon) / sqrt(v + epsilon) g; u += (1 - rho) (s^2 - u); w -= rate s
    // (M. Zeiler, arXiv:1212.5701)
    case NBS_ADADELTA: {
      *m = fma_t(n->mean_share, fma_t(g, g, -*m), *m);
      T step = __builtin_elementwise_sqrt(*v + n->epsilon) / __builtin_elementwise_sqrt(*m + n->epsilon) * g;
      *v = fma_t(n->mean_share, fma_t(step, step, -*v), *v);
      return fma_t(-n->rate, step, w);
    }
  }
  return w;
}

/// How many parameters lose their decay before they take their step, while they are in the first cache.
#define UPDATE_BLOCK 2048

static void FN(update)(
    nbs_update kind, const nbs_update_factors *factors, void *w, const void *g, void *first, void *second,
    size_t count) {
  const FN(update_numbers) numbers = {
      .rate = (T)factors->rate,
      .momentum = (T)factors->beta1,
      .mean_share = (T)(1 - factors->beta1),
      .square_share = (T)(1 - factors->beta2),
      .epsilon = (T)factors->epsilon,
      .nadam_mean = (T)factors->nadam_mean,
      .nadam_gradient = (T)factors->nadam_gradient,
      .nadam_square = (T)factors->nadam_square,
  };
  const T *gradients = g, decay = (T)factors->decay;
  T *weights = w, *means = first, *squares = second;
#define UPDATE(kind, has_first, has_second) \
  case kind: \
    PARALLEL for (size_t i = start; i < end; i++) { \
      T m = has_first ? means[i] : 0, v = has_second ? squares[i] : 0; \
      weights[i] = FN(updated)(kind, &numbers, weights[i], gradients[i], &m, &v); \
      if (has_first) means[i] = m; \
      if (has_second) squares[i] = v; \
    } \
    break;
  for (size_t start = 0; start < count; start += UPDATE_BLOCK) {
    size_t end = count - start < UPDATE_BLOCK ? count : start + UPDATE_BLOCK;
    if (decay != 0) PARALLEL for (size_t i = start; i < end; i++) weights[i] = fma_t(-decay, weights[i], weights[i]);
    switch (kind) {
      UPDATE(NBS_SGD, false, false)
      UPDATE(NBS_MOMENTUM, true, false)
      UPDATE(NBS_NESTEROV, true, false)
      UPDATE(NBS_ADAM, true, true)
      UPDATE(NBS_NADAM, true, true)
      UPDATE(NBS_RMSPROP, true, false)
      UPDATE(NBS_ADAGRAD, true, false)
      UPDATE(NBS_ADADELTA, true, true)
    }
  }
#undef UPDATE
}

// MARK: - Regularizers and norms

static void FN(add_regularizer)(double l1, double l2, const void *w, void *g, size_t count) {
  const T *weights = w, slope = (T)l1, pull = (T)(2 * l2);
  T *gradients = g;
  PARALLEL for (size_t i = 0; i < count; i++) {
    T sign = weights[i] > 0 ? slope : weights[i] < 0 ? -slope : 0;
    gradients[i] += fma_t(pull, weights[i], sign);
  }
}

INLINE FN(doubles16) FN(doubles16_part)(const T *x, size_t count) {
  return __builtin_convertvector(FN(lanes16_part)(x, count), FN(doubles16));
}

static double FN(sum_of_squares)(const void *x, size_t count) {
  FN(doubles16) sum = {0};
  for (size_t i = 0; i < count; i += 16) {
    FN(doubles16) numbers = FN(doubles16_part)((const T *)x + i, count - i);
    sum = __builtin_elementwise_fma(numbers, numbers, sum);
  }
  return FN(doubles16_total)(sum);
}

static double FN(sum_of_sizes)(const T *x, size_t count) {
  FN(doubles16) sum = {0};
  for (size_t i = 0; i < count; i += 16) sum += __builtin_elementwise_abs(FN(doubles16_part)(x + i, count - i));
  return FN(doubles16_total)(sum);
}

static double FN(regularizer)(double l1, double l2, const void *w, size_t count) {
  double sizes = l1 != 0 ? FN(sum_of_sizes)(w, count) : 0;
  double squares = l2 != 0 ? FN(sum_of_squares)(w, count) : 0;
  return __builtin_fma(l1, sizes, l2 * squares);
}

/// A number minus itself is 0, unless it is infinite or none.
static bool FN(all_finite)(const void *x, size_t count) {
  const T *numbers = x;
  for (size_t start = 0; start < count; start += UPDATE_BLOCK) {
    size_t end = count - start < UPDATE_BLOCK ? count : start + UPDATE_BLOCK;
    U wrong = 0;
    PARALLEL for (size_t i = start; i < end; i++) wrong |= numbers[i] - numbers[i] == 0 ? 0 : 1;
    if (wrong) return false;
  }
  return true;
}
