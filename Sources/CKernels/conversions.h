// No include guard: included once for each level and precision.
//
// Numbers from and to bytes and 64 bits, and rows into columns.

static void FN(look_up)(const uint8_t *x, const void *table, void *y, size_t count) {
  const T *numbers = table;
  T *into = y;
  // One by one: gathering into vectors is slower.
  _Pragma("clang loop vectorize(disable) unroll_count(8)") for (size_t i = 0; i < count; i++) into[i] = numbers[x[i]];
}

static void FN(scale_bytes)(const uint8_t *x, const void *offsets, const void *factors, void *y, size_t count) {
  const T *offset = offsets, *factor = factors;
  T *into = y;
  PARALLEL for (size_t i = 0; i < count; i++) into[i] = ((T)x[i] - offset[i]) * factor[i];
}

static void FN(from_doubles)(const double *x, void *y, size_t count) {
  T *into = y;
  PARALLEL for (size_t i = 0; i < count; i++) into[i] = (T)x[i];
}

static void FN(to_doubles)(const void *x, double *y, size_t count) {
  const T *from = x;
  PARALLEL for (size_t i = 0; i < count; i++) y[i] = from[i];
}

/// A tile of 8 x 8, whose rows and columns fill whole vectors and few cache lines.
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

static void FN(transpose)(const void *x, void *y, size_t rows, size_t columns) {
  const T *from = x;
  T *into = y;
  size_t whole_rows = rows / 8 * 8, whole_columns = columns / 8 * 8;
  // In blocks of 16 x 16, so that every cache line that is read or written is so at once.
  for (size_t c = 0; c < whole_columns; c += 16)
    for (size_t r = 0; r < whole_rows; r += 16)
      for (size_t tile = 0; tile < 4; tile++) {
        size_t row = r + tile / 2 * 8, column = c + tile % 2 * 8;
        if (row < whole_rows && column < whole_columns)
          FN(transpose_tile)(from + row * columns + column, into + column * rows + row, rows, columns);
      }
  for (size_t r = 0; r < rows; r++)
    for (size_t c = r < whole_rows ? whole_columns : 0; c < columns; c++) into[c * rows + r] = from[r * columns + c];
}
