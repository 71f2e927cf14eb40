// Random numbers that are counted, not drawn in passing. No include guard: included once for each level and precision.

// The block of four words of a counter and a key by Philox4x32-10: J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (SC'11). The counter's upper two words are 0.
typedef struct {
  uint32_t words[4];
} FN(philox_block);

INLINE FN(philox_block) FN(philox)(uint64_t key, uint64_t counter) {
  uint32_t key_0 = (uint32_t)key, key_1 = (uint32_t)(key >> 32);
  uint32_t x_0 = (uint32_t)counter, x_1 = (uint32_t)(counter >> 32), x_2 = 0, x_3 = 0;
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    uint64_t product_0 = (uint64_t)x_0 * 0xd2511f53, product_2 = (uint64_t)x_2 * 0xcd9e8d57;
    x_0 = (uint32_t)(product_2 >> 32) ^ x_1 ^ key_0;
    x_2 = (uint32_t)(product_0 >> 32) ^ x_3 ^ key_1;
    x_1 = (uint32_t)product_2;
    x_3 = (uint32_t)product_0;
    key_0 += 0x9e3779b9;
    key_1 += 0xbb67ae85;
  }
  return (FN(philox_block)){{x_0, x_1, x_2, x_3}};
}

static void FN(random_bits)(uint64_t key, uint64_t first, uint32_t *bits, size_t count) {
  size_t i = 0;
  // Up to the first whole block.
  for (; i < count && (first + i) % 4 != 0; i++) bits[i] = FN(philox)(key, (first + i) / 4).words[(first + i) % 4];
  size_t blocks = (count - i) / 4;
  uint64_t counter = (first + i) / 4;
  uint32_t *whole = bits + i;
#pragma clang loop vectorize(assume_safety)
  for (size_t block = 0; block < blocks; block++) {
    FN(philox_block) words = FN(philox)(key, counter + block);
    whole[4 * block] = words.words[0];
    whole[4 * block + 1] = words.words[1];
    whole[4 * block + 2] = words.words[2];
    whole[4 * block + 3] = words.words[3];
  }
  for (i += 4 * blocks; i < count; i++) bits[i] = FN(philox)(key, (first + i) / 4).words[(first + i) % 4];
}

// The upper 53 bits times 2^-53, exactly: the first 26 and the other 27 each become a number as the last bits of 2^52.
INLINE double FN(unit_double)(uint64_t bits) {
  const uint64_t counter = 0x4330000000000000;
  uint64_t upper = bits >> 38 | counter, lower = (bits >> 11 & 0x7ffffff) | counter;
  double upper_number, lower_number;
  memcpy(&upper_number, &upper, sizeof upper);
  memcpy(&lower_number, &lower, sizeof lower);
  return (upper_number - 0x1p52) * 0x1p-26 + (lower_number - 0x1p52) * 0x1p-53;
}

// In [0, 1), rounded down.
INLINE T FN(unit)(uint64_t bits) {
#if IS_DOUBLE
  return FN(unit_double)(bits);
#else
  return (float)(int32_t)(bits >> 40) * 0x1p-24f;
#endif
}

static void FN(random_uniform)(const uint64_t *bits, void *results, size_t count) {
  T *y = results;
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < count; i++) y[i] = FN(unit)(bits[i]);
}

// r cos(2 pi v) and r sin(2 pi v) with r = sqrt(-2 ln u). u is in (0, 1] with 53 bits in both precisions: with the 24
// of a float no number would be further than 5.8 from 0.
static void FN(random_normal)(const uint64_t *bits, void *results, size_t pairs) {
  T *y = results;
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < pairs; i++) {
    T u = (T)(1 - FN(unit_double)(bits[2 * i]));
    T radius = __builtin_elementwise_sqrt(0 - 2 * FN(log_of_normal)(u));
    T quarters = 4 * FN(unit)(bits[2 * i + 1]);
    T shifted = quarters + ROUNDER;
    FN(angle) angle = {{(quarters - (shifted - ROUNDER)) * HALF_PI_1, 0}, FN(bits_of)(shifted)};
    y[2 * i] = radius * FN(sine_of_angle)(angle, 1);
    y[2 * i + 1] = radius * FN(sine_of_angle)(angle, 0);
  }
}

static const nbs_random_kernels FN(random_kernels) = {
    .bits = FN(random_bits), .uniform = FN(random_uniform), .normal = FN(random_normal)};
