// The products of Winograd's convolutions, and their packed weights. No include guard: included once for each level and
// precision.

/// Defines NAME(rows, a, a_row, b, k, c, c_row), to be inlined with constant rows: a tile whose rows of factors and results
/// stand `a_row` and `c_row` numbers apart, and whose columns lie in a packed panel of VECTORS times VECTOR.
#define DEFINE_SQUARE_TILE(NAME, VECTOR, VECTORS, FMA)                                                          \
  INLINE void FN(NAME)(                                                                                         \
      const int rows, const T *a, size_t a_row, const T *b, size_t k, T *c, size_t c_row) {                     \
    const size_t lanes = sizeof(VECTOR) / sizeof(T);                                                            \
    VECTOR sums[TILE_ROWS][VECTORS];                                                                            \
    UNROLL for (int r = 0; r < rows; r++)                                                                       \
      UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = 0;                                                  \
    for (const T *end = a + k; a < end; a++, b += VECTORS * lanes) {                                            \
      VECTOR column[VECTORS];                                                                                   \
      UNROLL for (int v = 0; v < VECTORS; v++) column[v] = *(const VECTOR *)(b + v * lanes);                    \
      UNROLL for (int r = 0; r < rows; r++) {                                                                   \
        const VECTOR factor = (VECTOR)a[(size_t)r * a_row];                                                     \
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = FMA(factor, column[v], sums[r][v]);               \
      }                                                                                                         \
    }                                                                                                           \
    UNROLL for (int r = 0; r < rows; r++)                                                                       \
      UNROLL for (int v = 0; v < VECTORS; v++) *(VECTOR *)(c + (size_t)r * c_row + v * lanes) = sums[r][v];     \
  }
#define UNROLL _Pragma("clang loop unroll(full)")
#if LEVEL == 2 && !IS_DOUBLE
DEFINE_SQUARE_TILE(square_tile_pair, FN(tile_vector), 2, FN(vector_fma))
DEFINE_SQUARE_TILE(square_tile_single, FN(tile_vector), 1, FN(vector_fma))
#else
DEFINE_SQUARE_TILE(square_tile_pair, FN(tile_vector), 2, __builtin_elementwise_fma)
DEFINE_SQUARE_TILE(square_tile_single, FN(tile_vector), 1, __builtin_elementwise_fma)
#endif
#undef UNROLL
#undef DEFINE_SQUARE_TILE

#define ROWS(NAME, COUNT) case COUNT: FN(NAME)(COUNT, a, depth, packed, depth, c, columns); break;
/// One panel of a product: results (count x columns) = squares (count x depth) by the panel.
static void FN(multiply_panel_pair)(
    size_t count, size_t depth, size_t columns, const T *a, const T *packed, T *c) {
  for (size_t i = 0; i < count;) {
    const int rows = FN(next_rows)(count - i, FN(PAIR));
    switch (rows) {
      ROWS(square_tile_pair, 1) ROWS(square_tile_pair, 2) ROWS(square_tile_pair, 3) ROWS(square_tile_pair, 4)
#if PAIR_ROWS > 4
      ROWS(square_tile_pair, 5) ROWS(square_tile_pair, 6)
#endif
#if PAIR_ROWS > 6
      ROWS(square_tile_pair, 7) ROWS(square_tile_pair, 8)
#endif
    }
    i += (size_t)rows, a += (size_t)rows * depth, c += (size_t)rows * columns;
  }
}

static void FN(multiply_panel_single)(
    size_t count, size_t depth, size_t columns, const T *a, const T *packed, T *c) {
  for (size_t i = 0; i < count;) {
    const int rows = FN(next_rows)(count - i, FN(SINGLE));
    switch (rows) {
      ROWS(square_tile_single, 1) ROWS(square_tile_single, 2) ROWS(square_tile_single, 3) ROWS(square_tile_single, 4)
      ROWS(square_tile_single, 5) ROWS(square_tile_single, 6) ROWS(square_tile_single, 7) ROWS(square_tile_single, 8)
    }
    i += (size_t)rows, a += (size_t)rows * depth, c += (size_t)rows * columns;
  }
}
#undef ROWS

/// 16 products of transformed squares (count x depth) by packed weights (depth x columns).
static void FN(multiply_squares)(
    size_t count, size_t depth, size_t columns, const T *squares, const T *packed, T *results) {
  const size_t step = FN(product_step)(count, depth), result_step = FN(product_step)(count, columns);
  for (size_t point = 0; point < 16; point++, squares += step, results += result_step)
    for (size_t column = 0; column < columns;) {
      // Columns come in sixteens: no vector is cut.
      const FN(panel) panel = FN(next_panel)(columns - column);
      (panel.width == FN(PAIR) ? FN(multiply_panel_pair) : FN(multiply_panel_single))(
          count, depth, columns, squares, packed, results + column);
      packed += panel.lanes * depth, column += panel.columns;
    }
}

/// 16 products over the squares: sums (filters x channels) = or += the chain over the squares of what is written (count x
/// filters) times what is read (count x channels).
static void FN(multiply_over_squares)(const FN(squares) *s, size_t count, nbs_start start) {
  const size_t filters = s->to_width, channels = s->from_width;
  const size_t left_step = FN(product_step)(count, filters), right_step = FN(product_step)(count, channels);
  FN(tile) tile = {.k = count, .steps = s->steps, .start = start};
  FN(count_steps)(s->steps, count, (ptrdiff_t)filters, (ptrdiff_t)channels);
  for (size_t product = 0; product < 16; product++) {
    T *sums = s->sums + product * FN(product_step)(filters, channels);
    for (size_t column = 0; column < channels;) {
      const FN(panel) panel = FN(next_panel)(channels - column);
      tile.b = s->read + product * right_step + column;
      for (size_t f = 0; f < filters;) {
        const int rows = FN(next_rows)(filters - f, panel.width);
        tile.a[0] = s->written + product * left_step + f;
        for (int r = 0; r < rows; r++, f++) tile.c[r] = sums + f * channels + column;
        FN(run_tile)(&tile, FN(ROWS_ADJACENT), rows, panel);
      }
      column += panel.columns;
    }
  }
}

// MARK: - Weights

/// Of three weights along an axis: G w.
INLINE FN(four) FN(transformed_weights)(FN(tile_vector) a, FN(tile_vector) b, FN(tile_vector) c) {
  const FN(tile_vector) half = (FN(tile_vector))(T)0.5, ends = a + c;
  return (FN(four)){{a, (ends + b) * half, (ends - b) * half, c}};
}

/// Transforms a filter's weights for the channels of a vector, G w G', each of the 16 numbers to `to` + number x `step`.
/// Back through a convolution the window is turned round.
INLINE void FN(transform_filter)(const T *filter, size_t channels, bool turned, T *to, size_t step) {
  FN(four) columns[3];
#define PLACE(y, x) (*(const FN(tile_vector) *)(filter + (turned ? 8 - 3 * (y) - x : 3 * (y) + x) * channels))
  for (size_t x = 0; x < 3; x++) columns[x] = FN(transformed_weights)(PLACE(0, x), PLACE(1, x), PLACE(2, x));
#undef PLACE
  for (size_t row = 0; row < 4; row++) {
    const FN(four) line = FN(transformed_weights)(columns[0].v[row], columns[1].v[row], columns[2].v[row]);
    for (size_t column = 0; column < 4; column++) *(FN(tile_vector) *)(to + (4 * row + column) * step) = line.v[column];
  }
}

/// For each of the 16 products panels of filters; in a panel as many numbers as it has lanes for each channel.
static void FN(winograd_pack_forward)(const nbs_convolution *c, const void *weights, void *packed) {
  const size_t channels = c->window.channels, product = channels * c->filters;
  // A panel of filters by the channels of a vector, product by product.
  T part[16 * 2 * LANES * LANES];
  for (size_t f = 0; f < c->filters;) {
    const FN(panel) panel = FN(next_panel)(c->filters - f);
    for (size_t i = 0; i < channels; i += LANES) {
      for (size_t j = 0; j < panel.columns; j++)
        FN(transform_filter)((const T *)weights + (f + j) * 9 * channels + i, channels, false, part + j * LANES, 2 * LANES * LANES);
      for (size_t point = 0; point < 16; point++)
        FN(pack_panel)(
            part + point * 2 * LANES * LANES, 1, LANES, LANES, panel,
            (T *)packed + point * product + f * channels + i * panel.lanes);
    }
    f += panel.columns;
  }
}

/// Panels of channels; in a panel as many numbers as it has lanes for each filter.
static void FN(winograd_pack_backward)(const nbs_convolution *c, const void *weights, void *packed) {
  const size_t channels = c->window.channels, product = channels * c->filters;
  for (size_t i = 0; i < channels;) {
    const FN(panel) panel = FN(next_panel)(channels - i);
    for (size_t f = 0; f < c->filters; f++)
      for (size_t j = 0; j < panel.columns; j += LANES)
        FN(transform_filter)(
            (const T *)weights + f * 9 * channels + i + j, channels, true, (T *)packed + i * c->filters + f * panel.lanes + j, product);
    i += panel.columns;
  }
}
