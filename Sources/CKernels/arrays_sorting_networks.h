// Sorting networks of vectors: what is compared does not depend on the numbers, and nothing branches.
// No include guard: included once for each level and precision.

/// The smaller numbers to a and the larger ones to b. Of equal ones, which may be -0 and 0, both are kept.
INLINE void FN(compare)(EIGHT *a, EIGHT *b) {
  const EIGHT low = *a < *b ? *a : *b;
  *b = *b > *a ? *b : *a;
  *a = low;
}

// How the numbers of a vector lie while two are sorted. In registers of half a vector this order needs fewer shuffles that cross
// the halves of a register, and the compiler finds them; whole vectors do better without.
#if LANE_BYTES == 64
#define ARRANGED 0, 1, 2, 3, 4, 5, 6, 7
#define ARRANGED_BACKWARDS 7, 6, 5, 4, 3, 2, 1, 0
#else
#define ARRANGED 0, 2, 1, 3, 4, 6, 5, 7
#define ARRANGED_BACKWARDS 7, 5, 6, 4, 3, 1, 2, 0
#endif

/// Sorts two vectors, each of which rises and then falls or the other way round, from how they are arranged: numbers 4, 2
/// and then 1 apart are compared, those of both vectors at once.
INLINE void FN(sort_arranged)(EIGHT *a, EIGHT *b) {
  FN(exchange_fours)(a, b);
  FN(compare)(a, b);
#if LANE_BYTES == 64
  FN(exchange_twos)(a, b);
  FN(compare)(a, b);
  FN(exchange_ones)(a, b);
  FN(compare)(a, b);
  FN(exchange_ones)(a, b);
  FN(exchange_twos)(a, b);
#else
  FN(exchange_ones)(a, b);
  FN(compare)(a, b);
  FN(exchange_twos)(a, b);
  FN(compare)(a, b);
  FN(exchange_ones)(a, b);
#endif
  FN(exchange_fours)(a, b);
}

/// Merges two sorted vectors: the smaller eight to a, the larger eight to b (K. Batcher, Sorting networks and their
/// applications, 1968).
INLINE void FN(merge_eights)(EIGHT *a, EIGHT *b) {
  *a = __builtin_shufflevector(*a, *a, ARRANGED);
  *b = __builtin_shufflevector(*b, *b, ARRANGED_BACKWARDS);
  FN(compare)(a, b);
  FN(sort_arranged)(a, b);
}

/// Merges two sorted runs of `half` vectors each, a power of two, which are one behind the other.
INLINE void FN(merge_runs)(EIGHT *x, int half) {
  for (int i = 0; i < half; i++) {
    EIGHT *const a = x + i, *const b = x + 2 * half - 1 - i;
    *b = __builtin_shufflevector(*b, *b, 7, 6, 5, 4, 3, 2, 1, 0);
    FN(compare)(a, b);
  }
  for (int apart = half / 2; apart > 0; apart /= 2)
    for (int i = 0; i < 2 * half; i += 2 * apart)
      for (int j = i; j < i + apart; j++) FN(compare)(x + j, x + j + apart);
  for (int i = 0; i < 2 * half; i += 2) {
    x[i] = __builtin_shufflevector(x[i], x[i], ARRANGED);
    x[i + 1] = __builtin_shufflevector(x[i + 1], x[i + 1], ARRANGED);
    FN(sort_arranged)(x + i, x + i + 1);
  }
}

/// The 19 comparisons that sort eight numbers (D. Knuth, The Art of Computer Programming 3, 5.3.4), here of eight columns at once.
INLINE void FN(sort_columns)(EIGHT *x) {
  static const unsigned char pairs[19][2] = {{0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}, {0, 1}, {2, 3},
                                             {4, 5}, {6, 7}, {2, 4}, {3, 5}, {1, 4}, {3, 6}, {1, 2}, {3, 4}, {5, 6}};
#pragma clang loop unroll(full)
  for (int i = 0; i < 19; i++) FN(compare)(x + pairs[i][0], x + pairs[i][1]);
}

/// y = 64 numbers of x in ascending order. y may be x.
INLINE void FN(sort_64)(const T *x, T *y) {
  EIGHT rows[8], runs[8];
  for (int i = 0; i < 8; i++) rows[i] = *(const EIGHT *)(x + 8 * i);
  FN(sort_columns)(rows);
  FN(transpose_eight)((const T *)rows, 8, (T *)runs, 8);
  for (int i = 0; i < 8; i += 2) FN(merge_eights)(runs + i, runs + i + 1);
  for (int i = 0; i < 8; i += 4) FN(merge_runs)(runs + i, 2);
  FN(merge_runs)(runs, 4);
  for (int i = 0; i < 8; i++) *(EIGHT *)(y + 8 * i) = runs[i];
}

/// y = `count` numbers of x in ascending order: 64, or a power of two above. y may be x.
static void FN(sort_by_network)(const T *x, T *y, size_t count) {
  for (size_t i = 0; i < count; i += 64) FN(sort_64)(x + i, y + i);
  for (size_t half = 64; half < count; half *= 2)
    for (size_t i = 0; i < count; i += 2 * half) FN(merge_runs)((EIGHT *)(y + i), (int)half / 8);
}
