// The product of two matrices. No include guard: included once for each level and precision.
//
// The right matrix is packed panel by panel, just before the panel is used. The left one is read where it lies; in large
// products, whose rows would come from too many pages, it is packed as well, tile by tile.

#undef PRODUCT_DEPTH
#undef PRODUCT_FLIPPED_DEPTH
#undef PRODUCT_ROWS
#undef PRODUCT_TINY
#undef PRODUCT_LARGE

/// How much of k goes through at once, so that a panel stays in the first cache: 16 to 32 KiB of it.
#define PRODUCT_DEPTH (LANE_BYTES == 64 || IS_DOUBLE ? 256 : 384)
/// The same where the result is written across, which is dear.
#define PRODUCT_FLIPPED_DEPTH 1024
/// How many rows go through at once, so that their part of the left matrix stays in the second cache, which is the larger
/// where there are wider vectors.
#define PRODUCT_ROWS (LANE_BYTES == 64 && !IS_DOUBLE ? 512 : 256)
/// Products of up to so many multiplications are done by a plain loop.
#define PRODUCT_TINY 64
/// From this many columns and steps on, packing the left matrix costs little.
#define PRODUCT_LARGE 256

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

INLINE bool FN(is_large)(size_t m, size_t n, size_t k) {
  return m >= PRODUCT_LARGE / 4 && n >= PRODUCT_LARGE && k >= PRODUCT_LARGE;
}

/// A block of a product: rows, and steps of their chains.
typedef struct FN(block) {
  size_t top, bottom, first, depth;
  FN(tile_kind) kind;
  /// The left matrix's numbers from step `first` on; NULL where they are packed.
  const T *a;
  /// Those of the block packed, PAIR_ROWS at each step of each tile.
  T *left;
} FN(block);

/// Packs the rows of a block, divided as next_rows divides them for pairs of vectors.
static void FN(pack_left)(const FN(matrix_product) *p, const FN(block) *block) {
  T *to = block->left;
  for (size_t i = block->top; i < block->bottom; to += block->depth * PAIR_ROWS) {
    const size_t rows = (size_t)FN(next_rows)(block->bottom - i, FN(PAIR));
    const T *a =
        (const T *)p->a.numbers + (ptrdiff_t)i * p->a.row + (ptrdiff_t)block->first * p->a.column;
    FN(pack_panel)(a, p->a.column, p->a.row, block->depth, (FN(panel)){FN(PAIR), PAIR_ROWS, rows}, to);
    i += rows;
  }
}

/// Goes on with the chains of a block in one panel of columns.
static void FN(multiply_panel)(
    const FN(matrix_product) *p, const FN(block) *block, size_t column, FN(panel) panel, FN(tile) *tile) {
  tile->start = block->first > 0 ? NBS_FROM_RESULT : p->start;
  const bool buffered = p->c_column != 1 || panel.columns < panel.lanes;
  const T *left = block->left;
  for (size_t i = block->top; i < block->bottom; left += block->depth * PAIR_ROWS) {
    const int rows = FN(next_rows)(block->bottom - i, block->a ? panel.width : FN(PAIR));
    for (int r = 0; r < rows; r++) {
      tile->a[r] = block->a ? block->a + (ptrdiff_t)(i + (size_t)r) * p->a.row : left;
      tile->c[r] = p->c + (ptrdiff_t)(i + (size_t)r) * p->c_row + (ptrdiff_t)column * p->c_column;
    }
    if (p->start == NBS_FROM_BIAS) tile->bias = p->bias + (p->transposed ? i : column);
    if (buffered)
      FN(run_buffered_tile)(*tile, block->kind, rows, panel, p->c_column, p->transposed);
    else
      FN(tiles)[block->kind][panel.width][rows - 1](tile);
    i += (size_t)rows;
  }
}

/// All columns of a block. `steps` and `packed` have room for the block's steps and a panel of them.
static void FN(multiply_block)(const FN(matrix_product) *p, const FN(block) *block, FN(step) *steps, T *packed) {
  FN(tile) tile = {.k = block->depth, .steps = steps, .b = packed};
  size_t lanes = 0;
  for (size_t column = 0; column < p->n;) {
    const FN(panel) panel = FN(next_panel)(p->n - column);
    const T *b = (const T *)p->b.numbers + (ptrdiff_t)block->first * p->b.row + (ptrdiff_t)column * p->b.column;
    FN(pack_panel)(b, p->b.row, p->b.column, block->depth, panel, packed);
    if (lanes != panel.lanes)
      FN(count_steps)(steps, tile.k, block->a ? p->a.column : PAIR_ROWS, (ptrdiff_t)panel.lanes);
    lanes = panel.lanes;
    FN(multiply_panel)(p, block, column, panel, &tile);
    column += panel.columns;
  }
}

/// The product block by block, `most` steps at a time.
static void FN(multiply_blocks)(const FN(matrix_product) *p, size_t most, void *scratch) {
  T *packed = scratch;
  FN(step) *steps = (FN(step) *)(packed + FN(smaller)(p->k, most) * 2 * LANES);
  const bool large = !p->transposed && FN(is_large)(p->m, p->n, p->k);
  FN(block) block = {.kind = large || FN(rows_are_adjacent)(p) ? FN(ROWS_ADJACENT) : FN(ROWS_APART)};
  if (large) block.left = (T *)(steps + most);
  for (; block.top < p->m; block.top = block.bottom) {
    block.bottom = FN(smaller)(block.top + PRODUCT_ROWS, p->m);
    for (block.first = 0; block.first == 0 || block.first < p->k; block.first += most) {
      block.depth = FN(smaller)(most, p->k - block.first);
      if (large)
        FN(pack_left)(p, &block);
      else
        block.a = (const T *)p->a.numbers + (ptrdiff_t)block.first * p->a.column;
      FN(multiply_block)(p, &block, steps, packed);
    }
  }
}

static size_t FN(product_scratch)(size_t m, size_t n, size_t k) {
  const size_t depth = FN(smaller)(k, PRODUCT_FLIPPED_DEPTH);
  // The last two tiles of a block may be smaller than the room for them.
  const size_t left = FN(is_large)(m, n, k) ? (PRODUCT_ROWS + 2 * PAIR_ROWS) * PRODUCT_DEPTH * sizeof(T) : 0;
  return depth * (sizeof(FN(step)) + 2 * LANE_BYTES) + left + 64;
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
  if (!FN(is_large)(m, n, k) && FN(product_cost)(&across) < FN(product_cost)(&p)) p = across;
  const size_t most = p.transposed ? PRODUCT_FLIPPED_DEPTH : PRODUCT_DEPTH;
  FN(multiply_blocks)(&p, most, scratch);
}
