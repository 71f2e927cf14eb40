// Panels of a matrix, packed: k rows of as many numbers as a panel has lanes, those beyond the matrix being 0. No include
// guard: included once for each level and precision.

/// Packs `panel` of k rows from `b`, whose element (l, j) stands at b[l row + j column].
static void FN(pack_panel)(const T *b, ptrdiff_t row, ptrdiff_t column, size_t k, FN(panel) panel, T *packed) {
  if (panel.columns < panel.lanes) memset(packed, 0, k * panel.lanes * sizeof(T));
  if (column == 1) {
    for (size_t l = 0; l < k; l++, b += row, packed += panel.lanes)
      if (panel.columns == 2 * LANES) memcpy(packed, b, 2 * LANES * sizeof(T));
      else for (size_t j = 0; j < panel.columns; j++) packed[j] = b[j];
    return;
  }
  for (size_t j = 0; j < panel.columns; j++, b += column)
    for (size_t l = 0; l < k; l++) packed[l * panel.lanes + j] = b[(ptrdiff_t)l * row];
}
