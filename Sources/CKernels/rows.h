// No include guard: included once for each level and precision.
//
// Rows and columns: sums for each column over the rows, in their order, so that a call that goes on where another
// stopped gives the bits of one call; and what is done to every row alike.

#ifndef COLUMN_TERMS
#define COLUMN_TERMS
/// What is added up for each column.
typedef enum {
  /// x
  COLUMN_SUM,
  /// x y
  COLUMN_PRODUCT,
  /// (x - y)^2, where y is one row for all
  COLUMN_SQUARE
} column_term;
#endif

/// The sums of 16 `blocks` columns, kept in registers on their way down the rows.
INLINE void FN(add_column_blocks)(
    column_term term, const T *x, const T *y, T *sums, size_t rows, size_t width, const int blocks) {
  FN(lanes16) totals[4];
  for (int b = 0; b < blocks; b++) totals[b] = FN(lanes16_load)(sums + 16 * b);
  for (size_t row = 0; row < rows; row++, x += width, y += term == COLUMN_PRODUCT ? width : 0)
    for (int b = 0; b < blocks; b++) {
      FN(lanes16) left = FN(lanes16_load)(x + 16 * b);
      if (term == COLUMN_SUM) {
        totals[b] += left;
        continue;
      }
      FN(lanes16) right = FN(lanes16_load)(y + 16 * b);
      if (term == COLUMN_SQUARE) left = right = left - right;
      totals[b] = __builtin_elementwise_fma(left, right, totals[b]);
    }
  for (int b = 0; b < blocks; b++) FN(lanes16_store)(sums + 16 * b, totals[b]);
}

/// The sums of the last, fewer than 16 columns.
INLINE void FN(add_last_columns)(
    column_term term, const T *x, const T *y, T *sums, size_t rows, size_t width, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += width, y += term == COLUMN_PRODUCT ? width : 0)
    PARALLEL for (size_t c = 0; c < columns; c++) {
      T left = x[c], right = term == COLUMN_SUM ? 0 : y[c];
      if (term == COLUMN_SQUARE) left = right = left - right;
      sums[c] = term == COLUMN_SUM ? sums[c] + left : fma_t(left, right, sums[c]);
    }
}

INLINE void FN(add_columns)(
    column_term term, const T *x, const T *y, T *sums, size_t rows, size_t width, bool accumulate) {
  if (!accumulate) memset(sums, 0, width * sizeof(T));
  size_t c = 0;
  for (; c + 64 <= width; c += 64) FN(add_column_blocks)(term, x + c, y + c, sums + c, rows, width, 4);
  if (c + 32 <= width) FN(add_column_blocks)(term, x + c, y + c, sums + c, rows, width, 2), c += 32;
  if (c + 16 <= width) FN(add_column_blocks)(term, x + c, y + c, sums + c, rows, width, 1), c += 16;
  FN(add_last_columns)(term, x + c, y + c, sums + c, rows, width, width - c);
}

static void FN(column_sums)(const void *x, void *sums, size_t rows, size_t width, bool accumulate) {
  FN(add_columns)(COLUMN_SUM, x, x, sums, rows, width, accumulate);
}

static void FN(column_products)(
    const void *x, const void *y, void *sums, size_t rows, size_t width, bool accumulate) {
  FN(add_columns)(COLUMN_PRODUCT, x, y, sums, rows, width, accumulate);
}

static void FN(column_squares)(
    const void *x, const void *mean, void *sums, size_t places, size_t channels, bool accumulate) {
  FN(add_columns)(COLUMN_SQUARE, x, mean, sums, places, channels, accumulate);
}

/// Copies what already stands there, so that narrow rows go in long pieces; up to 16 KiB, which the first cache holds.
static void FN(fill_rows)(const void *row, void *y, size_t rows, size_t width) {
  if (rows == 0) return;
  T *into = y;
  size_t count = rows * width, most = 16384 / sizeof(T), filled = width;
  memcpy(into, row, width * sizeof(T));
  size_t piece = width;
  while (filled < count) {
    size_t next = count - filled < piece ? count - filled : piece;
    memcpy(into + filled, into, next * sizeof(T));
    filled += next;
    if (2 * piece <= most) piece *= 2;
  }
}

static void FN(scale_columns)(const void *w, const void *x, void *y, size_t rows, size_t width, bool accumulate) {
  const T *factors = w, *from = x;
  T *into = y;
  for (size_t row = 0; row < rows; row++, from += width, into += width) {
    if (accumulate) {
      PARALLEL for (size_t c = 0; c < width; c++) into[c] = fma_t(factors[c], from[c], into[c]);
    } else {
      PARALLEL for (size_t c = 0; c < width; c++) into[c] = factors[c] * from[c];
    }
  }
}

static void FN(scale_all)(double s, const void *x, void *y, size_t count, bool accumulate) {
  const T *from = x, factor = (T)s;
  T *into = y;
  if (accumulate) {
    PARALLEL for (size_t i = 0; i < count; i++) into[i] = fma_t(factor, from[i], into[i]);
  } else {
    PARALLEL for (size_t i = 0; i < count; i++) into[i] = factor * from[i];
  }
}

/// The sum, the product, or the larger: a where both are equal, and a NaN before any number.
static void FN(combine)(int operation, const void *a, const void *b, void *y, size_t count) {
  const T *left = a, *right = b;
  T *into = y;
  switch (operation) {
    case 0: PARALLEL for (size_t i = 0; i < count; i++) into[i] = left[i] + right[i]; break;
    case 1: PARALLEL for (size_t i = 0; i < count; i++) into[i] = left[i] * right[i]; break;
    case 2:
      PARALLEL for (size_t i = 0; i < count; i++) into[i] =
          ((left[i] >= right[i]) | (left[i] != left[i])) ? left[i] : right[i];
      break;
  }
}
