// No include guard: included once for each level and precision.
//
// Batch normalisation (S. Ioffe and C. Szegedy, ICML 2015), whose statistics come from column_sums and column_squares,
// and layer normalisation (J. Ba, J. Kiros and G. Hinton, arXiv:1607.06450).

static void FN(normalize)(
    const void *x, const void *mean, const void *inverse, const void *gamma, const void *beta, void *normal, void *y,
    size_t places, size_t channels) {
  const T *from = x, *means = mean, *inverses = inverse, *scales = gamma, *shifts = beta;
  T *even = normal, *into = y;
  for (size_t place = 0; place < places; place++, from += channels, even += channels, into += channels)
    PARALLEL for (size_t c = 0; c < channels; c++) {
      T value = (from[c] - means[c]) * inverses[c];
      even[c] = value;
      into[c] = fma_t(value, scales[c], shifts[c]);
    }
}

/// The two means are what mean and deviation, which depend on every number of the channel, take off its gradient.
static void FN(normalize_backward)(
    const void *dy, const void *normal, const void *inverse, const void *gamma, const void *sums,
    const void *products, double share, void *dx, size_t places, size_t channels, bool accumulate) {
  const T *from = dy, *even = normal, *inverses = inverse, *scales = gamma, *sum = sums, *product = products;
  T *into = dx, negative = (T)-share;
  for (size_t place = 0; place < places; place++, from += channels, even += channels, into += channels)
    PARALLEL for (size_t c = 0; c < channels; c++) {
      T factor = scales[c] * inverses[c];
      T pulled = fma_t(negative, fma_t(even[c], product[c], sum[c]), from[c]);
      into[c] = accumulate ? fma_t(factor, pulled, into[c]) : factor * pulled;
    }
}

/// In two passes: one would lose what a large mean leaves of the variance.
static void FN(layer_norm)(
    const void *x, const void *gamma, const void *beta, double epsilon, void *normal, void *inverse, void *y,
    size_t places, size_t width) {
  const T *from = x, *scales = gamma, *shifts = beta;
  T *even = normal, *inverses = inverse, *into = y;
  T share = 1 / (T)width;
  for (size_t place = 0; place < places; place++, from += width, even += width, into += width) {
    T mean = FN(sum_of_row)(from, width) * share;
    PARALLEL for (size_t i = 0; i < width; i++) even[i] = from[i] - mean;
    T variance = fma_t(FN(product_of_rows)(even, even, width), share, (T)epsilon);
    T scale = 1 / __builtin_elementwise_sqrt(variance);
    inverses[place] = scale;
    PARALLEL for (size_t i = 0; i < width; i++) {
      even[i] *= scale;
      into[i] = fma_t(even[i], scales[i], shifts[i]);
    }
  }
}

/// dx = inverse (g - mean g - normal mean(g normal)), where g = dy gamma.
static void FN(layer_norm_backward)(
    const void *dy, const void *normal, const void *inverse, const void *gamma, void *dx, size_t places,
    size_t width, bool accumulate) {
  const T *from = dy, *even = normal, *inverses = inverse, *scales = gamma;
  T *into = dx, share = 1 / (T)width;
  for (size_t place = 0; place < places; place++, from += width, even += width, into += width) {
    FN(lanes16) sums = {0}, products = {0};
    for (size_t i = 0; i < width; i += 16) {
      FN(lanes16) gradient = FN(lanes16_part)(from + i, width - i), factor = FN(lanes16_part)(scales + i, width - i);
      sums = __builtin_elementwise_fma(gradient, factor, sums);
      products = __builtin_elementwise_fma(gradient * factor, FN(lanes16_part)(even + i, width - i), products);
    }
    T mean = FN(lanes16_total)(sums) * share, slope = FN(lanes16_total)(products) * share, scale = inverses[place];
    PARALLEL for (size_t i = 0; i < width; i++) {
      T pulled = fma_t(-slope, even[i], fma_t(from[i], scales[i], -mean));
      into[i] = accumulate ? fma_t(scale, pulled, into[i]) : scale * pulled;
    }
  }
}
