// Products by a right matrix that is packed once and used many times. No include guard: included once for each level and
// precision.

/// How many numbers a packed matrix of k x n takes.
static size_t FN(pack_right_size)(size_t n, size_t k) { return FN(padded_columns)(n) * k; }

/// Packs a matrix panel by panel, all of its k steps at once.
static void FN(pack_right)(size_t n, size_t k, nbs_matrix b, T *packed) {
  for (size_t column = 0; column < n;) {
    const FN(panel) panel = FN(next_panel)(n - column);
    FN(pack_panel)((const T *)b.numbers + (ptrdiff_t)column * b.column, b.row, b.column, k, panel, packed + column * k);
    column += panel.columns;
  }
}

/// The bytes of scratch that ``packed_product`` wants.
static size_t FN(packed_product_scratch)(size_t k) { return k * sizeof(FN(step)); }

/// c (m x n, `c_row` numbers between rows) = start + a (m x k, `a_row` numbers between rows) b, each element one chain over k
/// in order. Made for few rows: those of `a` are read again for each panel.
static void FN(packed_product)(
    size_t m, size_t n, size_t k, const T *a, ptrdiff_t a_row, const T *packed, T *c, ptrdiff_t c_row, nbs_start start,
    void *scratch) {
  FN(tile) tile = {.k = k, .steps = scratch, .start = start};
  size_t lanes = 0;
  for (size_t column = 0; column < n;) {
    const FN(panel) panel = FN(next_panel)(n - column);
    if (lanes != panel.lanes) FN(count_steps)(scratch, k, 1, (ptrdiff_t)panel.lanes);
    lanes = panel.lanes;
    tile.b = packed + column * k;
    for (size_t i = 0; i < m;) {
      const int rows = FN(next_rows)(m - i, panel.width);
      for (int r = 0; r < rows; r++) {
        tile.a[r] = a + (ptrdiff_t)(i + (size_t)r) * a_row;
        tile.c[r] = c + (ptrdiff_t)(i + (size_t)r) * c_row + column;
      }
      FN(run_tile)(&tile, FN(ROWS_APART), rows, panel);
      i += (size_t)rows;
    }
    column += panel.columns;
  }
}
