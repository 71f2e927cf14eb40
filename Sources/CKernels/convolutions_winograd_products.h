// The products of Winograd's convolutions. No include guard: included once for each level and precision.

/// The factors and results of a product: rows and steps of the left one, steps of the right one and rows of the result stand so
/// many numbers apart.
typedef struct FN(strides) {
  size_t a_row, a_step, b_step, c_row;
} FN(strides);

/// Defines NAME(rows, strides, a, b, k, c, goes_on), to be inlined with constant rows: a tile of VECTORS times VECTOR, whose
/// sums begin with the results where it goes on.
#define DEFINE_SQUARE_TILE(NAME, VECTOR, VECTORS, FMA)                                                               \
  INLINE void FN(NAME)(                                                                                              \
      const int rows, FN(strides) by, const T *a, const T *b, size_t k, T *c, const bool goes_on) {                  \
    const size_t lanes = sizeof(VECTOR) / sizeof(T);                                                                 \
    VECTOR sums[TILE_ROWS][VECTORS];                                                                                 \
    UNROLL for (int r = 0; r < rows; r++)                                                                            \
      UNROLL for (int v = 0; v < VECTORS; v++)                                                                       \
        sums[r][v] = goes_on ? *(const VECTOR *)(c + (size_t)r * by.c_row + v * lanes) : (VECTOR)0;                  \
    for (; k > 0; k--, a += by.a_step, b += by.b_step) {                                                             \
      VECTOR column[VECTORS];                                                                                        \
      UNROLL for (int v = 0; v < VECTORS; v++) column[v] = *(const VECTOR *)(b + v * lanes);                         \
      UNROLL for (int r = 0; r < rows; r++) {                                                                        \
        const VECTOR factor = (VECTOR)a[(size_t)r * by.a_row];                                                       \
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = FMA(factor, column[v], sums[r][v]);                    \
      }                                                                                                              \
    }                                                                                                                \
    UNROLL for (int r = 0; r < rows; r++)                                                                            \
      UNROLL for (int v = 0; v < VECTORS; v++) *(VECTOR *)(c + (size_t)r * by.c_row + v * lanes) = sums[r][v];       \
  }
#if LEVEL == 2 && !IS_DOUBLE
DEFINE_SQUARE_TILE(square_tile_pair, FN(tile_vector), 2, FN(vector_fma))
DEFINE_SQUARE_TILE(square_tile_single, FN(tile_vector), 1, FN(vector_fma))
#else
DEFINE_SQUARE_TILE(square_tile_pair, FN(tile_vector), 2, __builtin_elementwise_fma)
DEFINE_SQUARE_TILE(square_tile_single, FN(tile_vector), 1, __builtin_elementwise_fma)
#endif
#undef DEFINE_SQUARE_TILE

/// One panel of a product: `count` rows of results.
INLINE void FN(panel_of_squares)(
    size_t count, size_t k, FN(strides) by, FN(tile_width) width, const T *a, const T *b, T *c, const bool goes_on) {
#define ROWS(NAME, COUNT) case COUNT: FN(NAME)(COUNT, by, a, b, k, c, goes_on); break;
  for (size_t i = 0; i < count;) {
    const int rows = FN(next_rows)(count - i, width);
    if (width == FN(PAIR))
      switch (rows) {
        ROWS(square_tile_pair, 1) ROWS(square_tile_pair, 2) ROWS(square_tile_pair, 3) ROWS(square_tile_pair, 4)
#if PAIR_ROWS > 4
        ROWS(square_tile_pair, 5) ROWS(square_tile_pair, 6)
#endif
#if PAIR_ROWS > 6
        ROWS(square_tile_pair, 7) ROWS(square_tile_pair, 8)
#endif
      }
    else
      switch (rows) {
        ROWS(square_tile_single, 1) ROWS(square_tile_single, 2) ROWS(square_tile_single, 3) ROWS(square_tile_single, 4)
        ROWS(square_tile_single, 5) ROWS(square_tile_single, 6) ROWS(square_tile_single, 7) ROWS(square_tile_single, 8)
      }
    i += (size_t)rows, a += (size_t)rows * by.a_row, c += (size_t)rows * by.c_row;
  }
#undef ROWS
}

/// c (count x columns) = a (count x depth) by a packed matrix, rows `a_row` and `c_row` numbers apart.
static void FN(multiply_squares)(
    size_t count, size_t depth, size_t columns, const T *a, size_t a_row, const T *packed, T *c, size_t c_row) {
  for (size_t column = 0; column < columns;) {
    // Columns come in sixteens: no vector is cut.
    const FN(panel) panel = FN(next_panel)(columns - column);
    const T *b = packed + column * depth;
    if (panel.width == FN(PAIR))
      FN(panel_of_squares)(count, depth, (FN(strides)){a_row, 1, 2 * LANES, c_row}, FN(PAIR), a, b, c + column, false);
    else FN(panel_of_squares)(count, depth, (FN(strides)){a_row, 1, LANES, c_row}, FN(SINGLE), a, b, c + column, false);
    column += panel.columns;
  }
}

/// c (rows x columns) = or += the products of columns of a and b over `count` rows.
static void FN(multiply_columns)(
    size_t count, size_t rows, size_t columns, const T *a, size_t a_step, const T *b, T *c, size_t step, bool goes_on) {
  for (size_t column = 0; column < columns;) {
    const FN(panel) panel = FN(next_panel)(columns - column);
    const FN(strides) by = {1, a_step, step, step};
    if (panel.width == FN(PAIR)) FN(panel_of_squares)(rows, count, by, FN(PAIR), a, b + column, c + column, goes_on);
    else FN(panel_of_squares)(rows, count, by, FN(SINGLE), a, b + column, c + column, goes_on);
    column += panel.columns;
  }
}

/// The sums of squares from what is multiplied.
static void FN(multiply_inputs)(const FN(squares) *s, size_t count, const T *packed) {
  for (const FN(part) *part = s->parts; part < s->parts + 16; part++)
    FN(multiply_squares)(
        count, part->depth, s->filters, s->inputs + part->inputs, part->step, packed + part->before * s->filters,
        s->sums + part->sums, s->sums_step);
}

/// The gradients of what is multiplied from those of the sums.
static void FN(multiply_gradients)(const FN(squares) *s, size_t count, const T *packed) {
  for (const FN(part) *part = s->parts; part < s->parts + 16; part++)
    FN(multiply_squares)(
        count, s->filters, part->depth, s->sums + part->sums, s->sums_step, packed + part->before * s->filters,
        s->inputs + part->inputs, part->step);
}

/// The gradients of what weights are multiplied as = or += chains over the squares.
static void FN(multiply_over_squares)(const FN(squares) *s, size_t count, bool goes_on) {
  for (const FN(part) *part = s->parts; part < s->parts + 16; part++)
    FN(multiply_columns)(
        count, s->filters, part->depth, s->sums + part->sums, s->sums_step, s->inputs + part->inputs,
        s->gradients + part->gradients, part->step, goes_on);
}
