// What batch normalisation works out of a batch's sums, channel by channel. Included once for each level and precision.

static void FN(batch_statistics)(
    const void *mean, const void *squares, double share, double momentum, double epsilon, void *running_mean,
    void *running_variance, void *inverse, size_t channels) {
  const T *m = mean, *s = squares;
  T *kept_mean = running_mean, *kept_variance = running_variance, *into = inverse;
  const T part = (T)share, stays = (T)momentum, comes = (T)(1 - momentum), added = (T)epsilon;
  for (size_t c = 0; c < channels; c++) {
    T variance = s[c] * part;
    into[c] = 1 / sqrt_t(variance + added);
    kept_mean[c] = fma_t(kept_mean[c], stays, m[c] * comes);
    kept_variance[c] = fma_t(kept_variance[c], stays, variance * comes);
  }
}

static void FN(inverse_deviation)(const void *variance, double epsilon, void *inverse, size_t channels) {
  const T *v = variance;
  T *into = inverse;
  const T added = (T)epsilon;
  for (size_t c = 0; c < channels; c++) into[c] = 1 / sqrt_t(v[c] + added);
}

// The gradient of a maximum: it stays where `x` is the larger, or of equals the first. A NaN has no rival.
static void FN(pass_largest)(const void *x, const void *other, bool is_first, void *gradient, size_t count) {
  const T *a = x, *b = other;
  T *g = gradient;
  if (is_first) {
    for (size_t i = 0; i < count; i++) g[i] = b[i] > a[i] ? 0 : g[i];
  } else {
    for (size_t i = 0; i < count; i++) g[i] = b[i] >= a[i] ? 0 : g[i];
  }
}
