// No include guard: included once for each level and precision.
//
// Sums over a row, in the shape that every level can follow: number i goes to lane i % 16, and the lanes are folded in
// halves. A row that does not fill its last 16 lanes is taken as if zeros stood behind it: they change no lane, which
// begins at +0 and can therefore never be -0.

/// A loop whose passes do not depend on each other, even where it works in place.
#define PARALLEL _Pragma("clang loop vectorize(assume_safety)")
/// A loop over 16 lanes that becomes masked vectors, where there are any.
#define MASKED _Pragma("clang loop vectorize(enable) unroll(disable)")

typedef T FN(lanes16) __attribute__((ext_vector_type(16), aligned(sizeof(T))));
typedef double FN(doubles16) __attribute__((ext_vector_type(16), aligned(sizeof(double))));

INLINE FN(lanes16) FN(lanes16_load)(const T *x) { return *(const FN(lanes16) *)x; }
INLINE void FN(lanes16_store)(T *x, FN(lanes16) lanes) { *(FN(lanes16) *)x = lanes; }

/// The 16 numbers from x on, or the `count` that there are and zeros.
INLINE FN(lanes16) FN(lanes16_part)(const T *x, size_t count) {
  if (count >= 16) return FN(lanes16_load)(x);
  T part[16];
  MASKED for (int lane = 0; lane < 16; lane++) part[lane] = lane < (int)count ? x[lane] : 0;
  return FN(lanes16_load)(part);
}

/// Stores all lanes, or the first `count`.
INLINE void FN(lanes16_store_part)(T *x, FN(lanes16) lanes, size_t count) {
  if (count >= 16) FN(lanes16_store)(x, lanes);
  else memcpy(x, &lanes, count * sizeof(T));
}

/// The same number in every lane.
INLINE FN(lanes16) FN(lanes16_all)(T x) { return (FN(lanes16))(x); }

#define FOLD_LANES(x)                                                                              \
  __auto_type eight = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +                      \
                      __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);                 \
  __auto_type four =                                                                               \
      __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7); \
  return (four[0] + four[2]) + (four[1] + four[3])

/// The lanes added up by the tree.
INLINE T FN(lanes16_total)(FN(lanes16) x) { FOLD_LANES(x); }
INLINE double FN(doubles16_total)(FN(doubles16) x) { FOLD_LANES(x); }

/// The sum of a row.
INLINE T FN(sum_of_row)(const T *x, size_t count) {
  FN(lanes16) sum = {0};
  for (size_t i = 0; i < count; i += 16) sum += FN(lanes16_part)(x + i, count - i);
  return FN(lanes16_total)(sum);
}

/// The sum of the products of two rows.
INLINE T FN(product_of_rows)(const T *x, const T *y, size_t count) {
  FN(lanes16) sum = {0};
  for (size_t i = 0; i < count; i += 16)
    sum = __builtin_elementwise_fma(FN(lanes16_part)(x + i, count - i), FN(lanes16_part)(y + i, count - i), sum);
  return FN(lanes16_total)(sum);
}

/// Adds a part of a row, which begins at a multiple of 16, to sums in 64 bits.
INLINE FN(doubles16) FN(add_in_doubles)(FN(doubles16) sum, const T *x, size_t count) {
  for (size_t i = 0; i < count; i += 16)
    sum += __builtin_convertvector(FN(lanes16_part)(x + i, count - i), FN(doubles16));
  return sum;
}

/// The sum of a row in 64 bits.
INLINE double FN(sum_of_row_in_doubles)(const T *x, size_t count) {
  if (count == 1) return x[0];
  FN(doubles16) sum = {0};
  return FN(doubles16_total)(FN(add_in_doubles)(sum, x, count));
}

/// The largest number of a row. Which zero it is, and what a NaN makes of it, is left open.
INLINE T FN(peak_of_row)(const T *x, size_t count) {
  T peak = x[0];
  size_t i = 1;
  if (count >= 16) {
    FN(lanes16) peaks = FN(lanes16_load)(x);
    for (i = 16; i + 16 <= count; i += 16) {
      FN(lanes16) next = FN(lanes16_load)(x + i);
      peaks = next > peaks ? next : peaks;
    }
    peak = peaks[0];
    for (int lane = 1; lane < 16; lane++) peak = peaks[lane] > peak ? peaks[lane] : peak;
  }
  for (; i < count; i++) peak = x[i] > peak ? x[i] : peak;
  return peak;
}
