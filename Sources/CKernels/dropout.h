// No include guard: included once for each level and precision.

/// How many random numbers are drawn at once.
#define DROPOUT_BLOCK 256

/// Inverted dropout (N. Srivastava et al., JMLR 15, 2014): what stays grows by 1 / (1 - rate), so that the mean stays.
/// What is dropped is multiplied by 0 all the same, so that a NaN stays visible.
static void FN(dropout)(
    double rate, uint64_t key, uint64_t first, const void *x, void *y, size_t count, bool accumulate) {
  const T *from = x, kept = (T)(1 / (1 - rate));
  T *into = y;
  // Rates are below 1, so that the limit fits 32 bits.
  const uint32_t limit = (uint32_t)(rate * 0x1p32);
  uint32_t bits[DROPOUT_BLOCK];
  for (size_t start = 0; start < count; start += DROPOUT_BLOCK) {
    size_t block = count - start < DROPOUT_BLOCK ? count - start : DROPOUT_BLOCK;
    FN(random_bits)(key, first + start, bits, block);
    if (accumulate) {
      PARALLEL for (size_t i = 0; i < block; i++) into[start + i] =
          fma_t(from[start + i], bits[i] < limit ? 0 : kept, into[start + i]);
    } else {
      PARALLEL for (size_t i = 0; i < block; i++) into[start + i] = from[start + i] * (bits[i] < limit ? 0 : kept);
    }
  }
}
