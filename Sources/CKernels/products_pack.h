// Panels of a matrix, packed: k rows of as many numbers as a panel has lanes, those beyond the matrix being 0. No include
// guard: included once for each level and precision.

/// Packs 8, 4 or 1 columns that stand `column` apart and have their k numbers side by side.
INLINE void FN(pack_few_columns)(const T *b, ptrdiff_t column, size_t k, const size_t columns, size_t lanes, T *packed) {
  size_t l = 0;
  for (; columns > 1 && l + columns <= k; l += columns) {
    if (columns == 8) FN(transpose_eight)(b + l, column, packed + l * lanes, (ptrdiff_t)lanes);
    else FN(transpose_four)(b + l, column, packed + l * lanes, (ptrdiff_t)lanes);
  }
  for (; l < k; l++)
    for (size_t i = 0; i < columns; i++) packed[l * lanes + i] = b[(ptrdiff_t)i * column + (ptrdiff_t)l];
}

/// Packs a panel whose columns stand `column` apart and have their k numbers side by side.
static void FN(pack_columns)(const T *b, ptrdiff_t column, size_t k, FN(panel) panel, T *packed) {
#define PACK(few) \
  for (; j + few <= panel.columns; j += few, b += few * column) \
    FN(pack_few_columns)(b, column, k, few, panel.lanes, packed + j)
  size_t j = 0;
  PACK(8);
  PACK(4);
  PACK(1);
#undef PACK
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
