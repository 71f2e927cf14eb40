// The product of two matrices. No include guard: included once for each level and precision.
//
// The right matrix is packed panel by panel, just before the panel is used; the left one is read where it lies.

#undef PRODUCT_DEPTH
#undef PRODUCT_FLIPPED_DEPTH
#undef PRODUCT_ROWS
#undef PRODUCT_TINY

/// How much of k goes through at once, so that a panel stays in the cache.
#ifndef PD
#define PD 256
#endif
#define PRODUCT_DEPTH PD
/// The same where the result is written across, which is dear.
#define PRODUCT_FLIPPED_DEPTH 1024
/// How many rows go through at once, so that their part of the left matrix stays in the second cache.
#ifndef PR
#define PR 256
#endif
#define PRODUCT_ROWS PR
/// Products of up to so many multiplications are done by a plain loop.
#define PRODUCT_TINY 64

/// A product to be done: c[i c_row + j c_column] for m x n elements.
typedef struct FN(matrix_product) {
  size_t m, n, k;
  nbs_matrix a, b;
  T *c;
  ptrdiff_t c_row, c_column;
  nbs_start start;
  const T *bias;
  /// Whether the product is done as its transpose, so that the bias belongs to the rows.
  bool transposed;
} FN(matrix_product);

static void FN(tiny_product)(const FN(matrix_product) *p) {
  for (size_t i = 0; i < p->m; i++) {
    T *row = p->c + (ptrdiff_t)i * p->c_row;
    for (size_t j = 0; j < p->n; j++) {
      T sum = p->start == NBS_FROM_ZERO ? 0 : p->start == NBS_FROM_RESULT ? row[j] : p->bias[j];
      const T *a = (const T *)p->a.numbers + (ptrdiff_t)i * p->a.row;
      const T *b = (const T *)p->b.numbers + (ptrdiff_t)j * p->b.column;
      for (size_t l = 0; l < p->k; l++, a += p->a.column, b += p->b.row) sum = fma_t(*a, *b, sum);
      row[j] = sum;
    }
  }
}

/// About how many vector operations the product takes as it stands.
INLINE size_t FN(product_cost)(const FN(matrix_product) *p) {
  const size_t vectors = (FN(padded_columns)(p->n) + LANES - 1) / LANES;
  const size_t packing = (p->b.column == 1 ? vectors : p->n) * p->k * ((p->m + PRODUCT_ROWS - 1) / PRODUCT_ROWS);
  return p->m * vectors * p->k + packing + (p->transposed ? p->m * p->n : 0);
}

INLINE FN(matrix_product) FN(transposed_product)(FN(matrix_product) p) {
  FN(matrix_product) t = p;
  t.m = p.n, t.n = p.m;
  t.a = (nbs_matrix){p.b.numbers, p.b.column, p.b.row};
  t.b = (nbs_matrix){p.a.numbers, p.a.column, p.a.row};
  t.c_row = p.c_column, t.c_column = p.c_row;
  t.transposed = !p.transposed;
  return t;
}

INLINE bool FN(rows_are_adjacent)(const FN(matrix_product) *p) { return p->a.row == 1 && p->a.column != 1; }

/// Adds `depth` steps of the chains, from `first` on, of the rows `top` to `bottom` and one panel of columns.
static void FN(multiply_panel)(
    const FN(matrix_product) *p, size_t top, size_t bottom, size_t column, FN(panel) panel, FN(tile) *tile,
    size_t first) {
  const FN(tile_kind) kind = FN(rows_are_adjacent)(p) ? FN(ROWS_ADJACENT) : FN(ROWS_APART);
  const T *a = (const T *)p->a.numbers + (ptrdiff_t)first * p->a.column;
  tile->start = first > 0 ? NBS_FROM_RESULT : p->start;
  const bool buffered = p->c_column != 1 || panel.columns < panel.lanes;
  for (size_t i = top; i < bottom;) {
    const int rows = FN(next_rows)(bottom - i, panel.width);
    for (int r = 0; r < rows; r++) {
      tile->a[r] = a + (ptrdiff_t)(i + (size_t)r) * p->a.row;
      tile->c[r] = p->c + (ptrdiff_t)(i + (size_t)r) * p->c_row + (ptrdiff_t)column * p->c_column;
    }
    if (p->start == NBS_FROM_BIAS) tile->bias = p->bias + (p->transposed ? i : column);
    if (buffered)
      FN(run_buffered_tile)(*tile, kind, rows, panel, p->c_column, p->transposed);
    else
      FN(tiles)[kind][panel.width][rows - 1](tile);
    i += (size_t)rows;
  }
}

/// The product panel by panel. `steps` and `packed` have room for `most` steps and rows of a panel.
static void FN(blocked_product)(const FN(matrix_product) *p, size_t most, FN(step) *steps, T *packed) {
  for (size_t top = 0; top < p->m; top += PRODUCT_ROWS) {
    const size_t bottom = FN(smaller)(top + PRODUCT_ROWS, p->m);
    for (size_t first = 0; first == 0 || first < p->k; first += most) {
      FN(tile) tile = {.k = FN(smaller)(most, p->k - first), .steps = steps, .b = packed};
      size_t lanes = 0;
      for (size_t column = 0; column < p->n;) {
        const FN(panel) panel = FN(next_panel)(p->n - column);
        const T *b = (const T *)p->b.numbers + (ptrdiff_t)first * p->b.row + (ptrdiff_t)column * p->b.column;
        FN(pack_panel)(b, p->b.row, p->b.column, tile.k, panel, packed);
        if (lanes != panel.lanes) FN(count_steps)(steps, tile.k, p->a.column, (ptrdiff_t)panel.lanes);
        lanes = panel.lanes;
        FN(multiply_panel)(p, top, bottom, column, panel, &tile, first);
        column += panel.columns;
      }
    }
  }
}

static size_t FN(product_scratch)(size_t m, size_t n, size_t k) {
  (void)m, (void)n;
  const size_t depth = FN(smaller)(k, PRODUCT_FLIPPED_DEPTH);
  return depth * (sizeof(FN(step)) + 2 * LANE_BYTES) + 64;
}

static void FN(product)(
    size_t m, size_t n, size_t k, nbs_matrix a, nbs_matrix b, void *c, ptrdiff_t c_row, nbs_start start,
    const void *bias, void *scratch) {
  FN(matrix_product) p = {m, n, k, a, b, c, c_row, 1, start, bias, false};
  if (m * n * k <= PRODUCT_TINY) {
    FN(tiny_product)(&p);
    return;
  }
  const FN(matrix_product) across = FN(transposed_product)(p);
  if (FN(product_cost)(&across) < FN(product_cost)(&p)) p = across;
  const size_t most = p.transposed ? PRODUCT_FLIPPED_DEPTH : PRODUCT_DEPTH;
  T *packed = scratch;
  FN(blocked_product)(&p, most, (FN(step) *)(packed + FN(smaller)(k, most) * 2 * LANES), packed);
}
