// A tile of a matrix, turned over: its rows and columns fill whole vectors and few cache lines. No include guard: included once for
// each level and precision.

/// Writes the transpose of the 8 x 8 numbers at `x`, whose rows are `columns` apart, in rows `rows` apart.
INLINE void FN(transpose_tile)(const T *restrict x, T *restrict y, size_t rows, size_t columns) {
  typedef T eight __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));
  eight r[8], pairs[8], fours[8];
  for (int i = 0; i < 8; i++) r[i] = *(const eight *)(x + i * columns);
  // Three rounds, as in a butterfly: neighbours, then pairs of them, then fours change places.
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    pairs[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = i; j < i + 2; j++) {
      fours[j] = __builtin_shufflevector(pairs[j], pairs[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[j + 2] = __builtin_shufflevector(pairs[j], pairs[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    *(eight *)(y + i * rows) = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(eight *)(y + (i + 4) * rows) = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
