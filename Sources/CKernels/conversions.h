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
          FN(transpose_eight)(
              from + row * columns + column, (ptrdiff_t)columns, into + column * rows + row, (ptrdiff_t)rows);
      }
  for (size_t r = 0; r < rows; r++)
    for (size_t c = r < whole_rows ? whole_columns : 0; c < columns; c++) into[c * rows + r] = from[r * columns + c];
}
