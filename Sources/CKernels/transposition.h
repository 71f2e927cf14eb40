// Tiles of a matrix, turned over: their rows and columns fill whole vectors and few cache lines. No include guard: included once
// for each level and precision.

/// Writes the transpose of the 4 x 4 numbers at `x`, whose rows are `x_row` apart, in rows `y_row` apart.
INLINE void FN(transpose_four)(const T *x, ptrdiff_t x_row, T *y, ptrdiff_t y_row) {
  typedef T four __attribute__((vector_size(4 * sizeof(T)), aligned(sizeof(T))));
  const four a = *(const four *)x, b = *(const four *)(x + x_row);
  const four c = *(const four *)(x + 2 * x_row), d = *(const four *)(x + 3 * x_row);
  const four ab_low = __builtin_shufflevector(a, b, 0, 4, 2, 6), ab_high = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  const four cd_low = __builtin_shufflevector(c, d, 0, 4, 2, 6), cd_high = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  *(four *)y = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(four *)(y + y_row) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(four *)(y + 2 * y_row) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(four *)(y + 3 * y_row) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

/// Eight numbers at every level; narrower registers take two or four each.
typedef T FN(eight) __attribute__((ext_vector_type(8), aligned(sizeof(T))));
#undef EIGHT
#define EIGHT FN(eight)

// The rounds of a butterfly: single numbers, pairs or fours of two vectors change places.

INLINE void FN(exchange_ones)(EIGHT *a, EIGHT *b) {
  const EIGHT even = __builtin_shufflevector(*a, *b, 0, 8, 2, 10, 4, 12, 6, 14);
  *b = __builtin_shufflevector(*a, *b, 1, 9, 3, 11, 5, 13, 7, 15);
  *a = even;
}

INLINE void FN(exchange_twos)(EIGHT *a, EIGHT *b) {
  const EIGHT even = __builtin_shufflevector(*a, *b, 0, 1, 8, 9, 4, 5, 12, 13);
  *b = __builtin_shufflevector(*a, *b, 2, 3, 10, 11, 6, 7, 14, 15);
  *a = even;
}

INLINE void FN(exchange_fours)(EIGHT *a, EIGHT *b) {
  const EIGHT low = __builtin_shufflevector(*a, *b, 0, 1, 2, 3, 8, 9, 10, 11);
  *b = __builtin_shufflevector(*a, *b, 4, 5, 6, 7, 12, 13, 14, 15);
  *a = low;
}

/// Writes the transpose of the 8 x 8 numbers at `x`, whose rows are `x_row` apart, in rows `y_row` apart.
INLINE void FN(transpose_eight)(const T *x, ptrdiff_t x_row, T *y, ptrdiff_t y_row) {
  EIGHT rows[8];
  for (int i = 0; i < 8; i++) rows[i] = *(const EIGHT *)(x + i * x_row);
  for (int i = 0; i < 8; i += 2) FN(exchange_ones)(rows + i, rows + i + 1);
  for (int i = 0; i < 8; i++)
    if ((i & 2) == 0) FN(exchange_twos)(rows + i, rows + i + 2);
  for (int i = 0; i < 4; i++) FN(exchange_fours)(rows + i, rows + i + 4);
  for (int i = 0; i < 8; i++) *(EIGHT *)(y + i * y_row) = rows[i];
}
