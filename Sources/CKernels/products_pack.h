// Panels of a matrix, packed: k rows of as many numbers as a panel has lanes, those beyond the matrix being 0. No include
// guard: included once for each level and precision.

typedef T FN(packed_four) __attribute__((ext_vector_type(4), aligned(sizeof(T)), may_alias));

/// Writes the transpose of the 4 x 4 numbers at `from`, whose rows are `row` apart, in rows `to_row` apart.
INLINE void FN(transpose_packed_four)(const T *from, ptrdiff_t row, T *to, size_t to_row) {
  const FN(packed_four) a = *(const FN(packed_four) *)from, b = *(const FN(packed_four) *)(from + row);
  const FN(packed_four) c = *(const FN(packed_four) *)(from + 2 * row), d = *(const FN(packed_four) *)(from + 3 * row);
  const FN(packed_four) ac_low = __builtin_shufflevector(a, c, 0, 4, 1, 5), ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
  const FN(packed_four) bd_low = __builtin_shufflevector(b, d, 0, 4, 1, 5), bd_high = __builtin_shufflevector(b, d, 2, 6, 3, 7);
  *(FN(packed_four) *)to = __builtin_shufflevector(ac_low, bd_low, 0, 4, 1, 5);
  *(FN(packed_four) *)(to + to_row) = __builtin_shufflevector(ac_low, bd_low, 2, 6, 3, 7);
  *(FN(packed_four) *)(to + 2 * to_row) = __builtin_shufflevector(ac_high, bd_high, 0, 4, 1, 5);
  *(FN(packed_four) *)(to + 3 * to_row) = __builtin_shufflevector(ac_high, bd_high, 2, 6, 3, 7);
}

/// Packs a panel whose columns stand `column` apart and have their k numbers side by side.
static void FN(pack_columns)(const T *b, ptrdiff_t column, size_t k, FN(panel) panel, T *packed) {
  size_t j = 0;
  for (; j + 8 <= panel.columns; j += 8, b += 8 * column) {
    size_t l = 0;
    for (; l + 8 <= k; l += 8) FN(transpose_tile)(b + l, packed + l * panel.lanes + j, panel.lanes, (size_t)column);
    for (; l < k; l++)
      for (size_t i = 0; i < 8; i++) packed[l * panel.lanes + j + i] = b[(ptrdiff_t)i * column + (ptrdiff_t)l];
  }
  for (; j + 4 <= panel.columns; j += 4, b += 4 * column) {
    size_t l = 0;
    for (; l + 4 <= k; l += 4) FN(transpose_packed_four)(b + l, column, packed + l * panel.lanes + j, panel.lanes);
    for (; l < k; l++)
      for (size_t i = 0; i < 4; i++) packed[l * panel.lanes + j + i] = b[(ptrdiff_t)i * column + (ptrdiff_t)l];
  }
  for (; j < panel.columns; j++, b += column)
    for (size_t l = 0; l < k; l++) packed[l * panel.lanes + j] = b[l];
}

/// Packs `panel` of k rows from `b`, whose element (l, j) stands at b[l row + j column].
static void FN(pack_panel)(const T *b, ptrdiff_t row, ptrdiff_t column, size_t k, FN(panel) panel, T *packed) {
  if (panel.columns < panel.lanes) memset(packed, 0, k * panel.lanes * sizeof(T));
  if (column != 1 && row == 1) {
    FN(pack_columns)(b, column, k, panel, packed);
    return;
  }
  for (size_t l = 0; l < k; l++, b += row, packed += panel.lanes) {
    if (column == 1 && panel.columns == 2 * LANES)
      memcpy(packed, b, 2 * LANES * sizeof(T));
    else
      for (size_t j = 0; j < panel.columns; j++) packed[j] = b[(ptrdiff_t)j * column];
  }
}
