// No include guard: included once for each level and precision.
//
// Batch normalisation (S. Ioffe and C. Szegedy, ICML 2015), whose statistics come from column_sums and column_squares,
// and layer normalisation (J. Ba, J. Kiros and G. Hinton, arXiv:1607.06450).
//
// Batch normalisation's kernels keep no normalised x: on the way back it is worked out once more, from numbers that are there
// anyway, which takes less time than writing and reading it. Channels go in blocks of 16, whose numbers stay in registers
// on their way down the places.

/// Of 16 `blocks` channels.
INLINE void FN(normalize_blocks)(
    const T *x, const T *mean, const T *inverse, const T *gamma, const T *beta, T *y, size_t places, size_t channels,
    const int blocks) {
  FN(lanes16) means[4], inverses[4], scales[4], shifts[4];
  for (int b = 0; b < blocks; b++) {
    means[b] = FN(lanes16_load)(mean + 16 * b), inverses[b] = FN(lanes16_load)(inverse + 16 * b);
    scales[b] = FN(lanes16_load)(gamma + 16 * b), shifts[b] = FN(lanes16_load)(beta + 16 * b);
  }
  for (size_t place = 0; place < places; place++, x += channels, y += channels)
    for (int b = 0; b < blocks; b++) {
      const FN(lanes16) normal = (FN(lanes16_load)(x + 16 * b) - means[b]) * inverses[b];
      FN(lanes16_store)(y + 16 * b, __builtin_elementwise_fma(normal, scales[b], shifts[b]));
    }
}

static void FN(normalize)(
    const void *x, const void *mean, const void *inverse, const void *gamma, const void *beta, void *y, size_t places,
    size_t channels) {
  const T *from = x, *means = mean, *inverses = inverse, *scales = gamma, *shifts = beta;
  T *into = y;
  size_t c = 0;
#define BLOCKS(count)                  \
  for (; c + 16 * count <= channels; c += 16 * count) \
    FN(normalize_blocks)(from + c, means + c, inverses + c, scales + c, shifts + c, into + c, places, channels, count);
  BLOCKS(4) BLOCKS(2) BLOCKS(1)
#undef BLOCKS
  if (c == channels) return;
  for (size_t place = 0; place < places; place++, from += channels, into += channels)
    PARALLEL for (size_t i = c; i < channels; i++)
        into[i] = fma_t((from[i] - means[i]) * inverses[i], scales[i], shifts[i]);
}

INLINE void FN(normalize_sums_blocks)(
    const T *dy, const T *x, const T *mean, const T *inverse, T *sums, T *products, size_t places, size_t channels,
    const int blocks) {
  FN(lanes16) means[2], inverses[2], sum[2], product[2];
  for (int b = 0; b < blocks; b++) {
    means[b] = FN(lanes16_load)(mean + 16 * b), inverses[b] = FN(lanes16_load)(inverse + 16 * b);
    sum[b] = FN(lanes16_load)(sums + 16 * b), product[b] = FN(lanes16_load)(products + 16 * b);
  }
  for (size_t place = 0; place < places; place++, dy += channels, x += channels)
    for (int b = 0; b < blocks; b++) {
      const FN(lanes16) gradient = FN(lanes16_load)(dy + 16 * b);
      const FN(lanes16) normal = (FN(lanes16_load)(x + 16 * b) - means[b]) * inverses[b];
      sum[b] += gradient;
      product[b] = __builtin_elementwise_fma(gradient, normal, product[b]);
    }
  for (int b = 0; b < blocks; b++) {
    FN(lanes16_store)(sums + 16 * b, sum[b]);
    FN(lanes16_store)(products + 16 * b, product[b]);
  }
}

/// Chains over the places, as column_sums and column_products make them.
static void FN(normalize_sums)(
    const void *dy, const void *x, const void *mean, const void *inverse, void *sums, void *products, size_t places,
    size_t channels, bool accumulate) {
  const T *from = dy, *numbers = x, *means = mean, *inverses = inverse;
  T *sum = sums, *product = products;
  if (!accumulate) memset(sum, 0, channels * sizeof(T)), memset(product, 0, channels * sizeof(T));
  size_t c = 0;
#define BLOCKS(count)                  \
  for (; c + 16 * count <= channels; c += 16 * count) \
    FN(normalize_sums_blocks)( \
        from + c, numbers + c, means + c, inverses + c, sum + c, product + c, places, channels, count);
  BLOCKS(2) BLOCKS(1)
#undef BLOCKS
  if (c == channels) return;
  for (size_t place = 0; place < places; place++, from += channels, numbers += channels)
    PARALLEL for (size_t i = c; i < channels; i++) {
      sum[i] += from[i];
      product[i] = fma_t(from[i], (numbers[i] - means[i]) * inverses[i], product[i]);
    }
}

/// The two means are what mean and deviation, which depend on every number of the channel, take off its gradient. Where
/// `masks`, x is a relu's output, and where that is 0 nothing goes back.
INLINE void FN(normalize_backward_blocks)(
    const T *dy, const T *x, const T *mean, const T *inverse, const T *gamma, const T *sums, const T *products, T negative,
    T *dx, size_t places, size_t channels, const bool masks, const bool accumulate, const int blocks) {
  FN(lanes16) means[4], inverses[4], factors[4], sum[4], product[4];
  for (int b = 0; b < blocks; b++) {
    means[b] = FN(lanes16_load)(mean + 16 * b), inverses[b] = FN(lanes16_load)(inverse + 16 * b);
    factors[b] = FN(lanes16_load)(gamma + 16 * b) * inverses[b];
    sum[b] = FN(lanes16_load)(sums + 16 * b), product[b] = FN(lanes16_load)(products + 16 * b);
  }
  const FN(lanes16) share = FN(lanes16_all)(negative), zero = FN(lanes16_all)(0);
  for (size_t place = 0; place < places; place++, dy += channels, x += channels, dx += channels)
    for (int b = 0; b < blocks; b++) {
      const FN(lanes16) number = FN(lanes16_load)(x + 16 * b), normal = (number - means[b]) * inverses[b];
      const FN(lanes16) taken = __builtin_elementwise_fma(normal, product[b], sum[b]);
      const FN(lanes16) pulled = __builtin_elementwise_fma(share, taken, FN(lanes16_load)(dy + 16 * b));
      const FN(lanes16) before = accumulate ? FN(lanes16_load)(dx + 16 * b) : zero;
      FN(lanes16) result = accumulate ? __builtin_elementwise_fma(factors[b], pulled, before) : factors[b] * pulled;
      if (masks) result = number <= zero ? before : result;
      FN(lanes16_store)(dx + 16 * b, result);
    }
}

INLINE void FN(normalize_backward_ways)(
    const T *dy, const T *x, const T *mean, const T *inverse, const T *gamma, const T *sums, const T *products, T negative,
    T *dx, size_t places, size_t channels, const bool masks, const bool accumulate) {
  size_t c = 0;
#define BLOCKS(count)                  \
  for (; c + 16 * count <= channels; c += 16 * count) \
    FN(normalize_backward_blocks)( \
        dy + c, x + c, mean + c, inverse + c, gamma + c, sums + c, products + c, negative, dx + c, places, channels, masks, \
        accumulate, count);
  BLOCKS(4) BLOCKS(2) BLOCKS(1)
#undef BLOCKS
  if (c == channels) return;
  for (size_t place = 0; place < places; place++, dy += channels, x += channels, dx += channels)
    PARALLEL for (size_t i = c; i < channels; i++) {
      const T factor = gamma[i] * inverse[i], normal = (x[i] - mean[i]) * inverse[i];
      const T pulled = fma_t(negative, fma_t(normal, products[i], sums[i]), dy[i]), before = accumulate ? dx[i] : 0;
      const T result = accumulate ? fma_t(factor, pulled, before) : factor * pulled;
      dx[i] = masks && x[i] <= 0 ? before : result;
    }
}

static void FN(normalize_backward)(
    const void *dy, const void *x, const void *mean, const void *inverse, const void *gamma, const void *sums,
    const void *products, double share, void *dx, size_t places, size_t channels, bool masks_relu, bool accumulate) {
#define WAY(masks, adds) \
  FN(normalize_backward_ways)(dy, x, mean, inverse, gamma, sums, products, (T)-share, dx, places, channels, masks, adds)
  if (masks_relu && accumulate) WAY(true, true);
  else if (masks_relu) WAY(true, false);
  else if (accumulate) WAY(false, true);
  else WAY(false, false);
#undef WAY
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
