// The register tile that every product and convolution is made of. No include guard: included once for each level and
// precision.
//
// A tile is up to TILE_ROWS rows by one panel of columns: its sums stay in registers while the chain over k runs, one
// broadcast factor of each row times the panel's vectors. As in K. Goto and R. van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008), but that the rows' factors are read where they lie: a window of an
// image is a list of offsets, so nothing is unrolled into a matrix.
//
// Every sum is one chain over k in order, so neither the tile's shape nor a division of k between calls changes a bit.

#undef TILE_ROWS
#undef PAIR_ROWS

/// The most rows of a tile. Sixteen sums of a vector each hide the latency of the multiply-add.
#define TILE_ROWS 8
/// The most rows of a tile of two vectors: what leaves a register for the factors.
#if LEVEL == 2
#define PAIR_ROWS 4
#elif LEVEL == 3
#define PAIR_ROWS 6
#else
#define PAIR_ROWS 8
#endif

// Numbers of clang's vectors: a cast from a number fills all lanes.
typedef T FN(tile_vector) __attribute__((ext_vector_type(LANE_BYTES / sizeof(T)), aligned(sizeof(T)), may_alias));
typedef T FN(tile_half) __attribute__((ext_vector_type(LANE_BYTES / sizeof(T) / 2), aligned(sizeof(T)), may_alias));

#if LEVEL == 2 && !IS_DOUBLE
#include "products_fma.h"
#endif

/// The columns of a tile: two vectors, one, or half a one (which a CPU with wide vectors computes at no loss).
typedef enum { FN(PAIR), FN(SINGLE), FN(HALF) } FN(tile_width);

/// How the rows' factors lie: that of row r for a step stands at a[r][step.a], or at a[0][step.a + r].
typedef enum { FN(ROWS_APART), FN(ROWS_ADJACENT) } FN(tile_kind);

/// Where the factors of one step of the chains stand, from `a` and `b` of a tile.
typedef struct FN(step) {
  ptrdiff_t a, b;
} FN(step);

/// A tile's work.
typedef struct FN(tile) {
  size_t k;
  const FN(step) *steps;
  const T *a[TILE_ROWS];
  const T *b;
  /// The first number of each row of the result.
  T *c[TILE_ROWS];
  nbs_start start;
  /// What the columns start with.
  const T *bias;
} FN(tile);

/// Steps that are `a` and `b` numbers apart.
INLINE void FN(count_steps)(FN(step) *steps, size_t count, ptrdiff_t a, ptrdiff_t b) {
  for (size_t k = 0; k < count; k++) steps[k] = (FN(step)){(ptrdiff_t)k * a, (ptrdiff_t)k * b};
}

/// Defines NAME(tile, kind, rows), to be inlined with constant kind and rows, for a tile of VECTORS times VECTOR.
#define DEFINE_TILE(NAME, VECTOR, VECTORS, FMA)                                                                   \
  INLINE void FN(NAME)(const FN(tile) *t, const FN(tile_kind) kind, const int rows) {                        \
    const size_t lanes = sizeof(VECTOR) / sizeof(T);                                                         \
    VECTOR sums[TILE_ROWS][VECTORS];                                                                         \
    const T *a[TILE_ROWS];                                                                                   \
    const T *const b = t->b;                                                                                 \
    UNROLL for (int r = 0; r < rows; r++) {                                                                  \
      a[r] = t->a[kind == FN(ROWS_APART) ? r : 0];                                                           \
      UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = 0;                                               \
    }                                                                                                        \
    if (t->start == NBS_FROM_RESULT) {                                                                       \
      UNROLL for (int r = 0; r < rows; r++)                                                                  \
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = *(const VECTOR *)(t->c[r] + v * lanes);        \
    } else if (t->start == NBS_FROM_BIAS) {                                                                  \
      UNROLL for (int r = 0; r < rows; r++)                                                                  \
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = *(const VECTOR *)(t->bias + v * lanes);        \
    }                                                                                                        \
    for (const FN(step) *step = t->steps, *end = step + t->k; step < end; step++) {                          \
      VECTOR column[VECTORS];                                                                                \
      UNROLL for (int v = 0; v < VECTORS; v++) column[v] = *(const VECTOR *)(b + step->b + v * lanes);       \
      UNROLL for (int r = 0; r < rows; r++) {                                                                \
        const VECTOR factor = (VECTOR)(kind == FN(ROWS_APART) ? a[r][step->a] : a[0][step->a + r]);          \
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = FMA(factor, column[v], sums[r][v]);       \
      }                                                                                                      \
    }                                                                                                        \
    UNROLL for (int r = 0; r < rows; r++)                                                                    \
      UNROLL for (int v = 0; v < VECTORS; v++) *(VECTOR *)(t->c[r] + v * lanes) = sums[r][v];                \
  }
#define UNROLL _Pragma("clang loop unroll(full)")

#if LEVEL == 2 && !IS_DOUBLE
DEFINE_TILE(tile_pair, FN(tile_vector), 2, FN(vector_fma))
DEFINE_TILE(tile_single, FN(tile_vector), 1, FN(vector_fma))
DEFINE_TILE(tile_half_vector, FN(tile_half), 1, FN(half_fma))
#else
DEFINE_TILE(tile_pair, FN(tile_vector), 2, __builtin_elementwise_fma)
DEFINE_TILE(tile_single, FN(tile_vector), 1, __builtin_elementwise_fma)
DEFINE_TILE(tile_half_vector, FN(tile_half), 1, __builtin_elementwise_fma)
#endif

#undef DEFINE_TILE
#undef UNROLL

#define DEFINE_ROWS(NAME, ROWS)                                                                          \
  static void FN(NAME##_apart_##ROWS)(const FN(tile) *t) { FN(NAME)(t, FN(ROWS_APART), ROWS); }          \
  static void FN(NAME##_adjacent_##ROWS)(const FN(tile) *t) { FN(NAME)(t, FN(ROWS_ADJACENT), ROWS); }
#define DEFINE_4_ROWS(NAME) DEFINE_ROWS(NAME, 1) DEFINE_ROWS(NAME, 2) DEFINE_ROWS(NAME, 3) DEFINE_ROWS(NAME, 4)
#define DEFINE_6_ROWS(NAME) DEFINE_4_ROWS(NAME) DEFINE_ROWS(NAME, 5) DEFINE_ROWS(NAME, 6)
#define DEFINE_8_ROWS(NAME) DEFINE_6_ROWS(NAME) DEFINE_ROWS(NAME, 7) DEFINE_ROWS(NAME, 8)
#define ENTRIES_4(NAME) FN(NAME##_1), FN(NAME##_2), FN(NAME##_3), FN(NAME##_4)
#define ENTRIES_6(NAME) ENTRIES_4(NAME), FN(NAME##_5), FN(NAME##_6)
#define ENTRIES_8(NAME) ENTRIES_6(NAME), FN(NAME##_7), FN(NAME##_8)

#if PAIR_ROWS == 4
DEFINE_4_ROWS(tile_pair)
#define PAIR_ENTRIES ENTRIES_4
#elif PAIR_ROWS == 6
DEFINE_6_ROWS(tile_pair)
#define PAIR_ENTRIES ENTRIES_6
#else
DEFINE_8_ROWS(tile_pair)
#define PAIR_ENTRIES ENTRIES_8
#endif
DEFINE_8_ROWS(tile_single)
DEFINE_8_ROWS(tile_half_vector)

/// The tiles by kind, width and rows - 1.
static void (*const FN(tiles)[2][3][TILE_ROWS])(const FN(tile) *) = {
    {{PAIR_ENTRIES(tile_pair_apart)}, {ENTRIES_8(tile_single_apart)}, {ENTRIES_8(tile_half_vector_apart)}},
    {{PAIR_ENTRIES(tile_pair_adjacent)}, {ENTRIES_8(tile_single_adjacent)}, {ENTRIES_8(tile_half_vector_adjacent)}}};

#undef DEFINE_ROWS
#undef DEFINE_4_ROWS
#undef DEFINE_6_ROWS
#undef DEFINE_8_ROWS
#undef ENTRIES_4
#undef ENTRIES_6
#undef ENTRIES_8
#undef PAIR_ENTRIES

// MARK: - Panels

INLINE size_t FN(smaller)(size_t a, size_t b) { return a < b ? a : b; }

/// The columns of a panel: its width, and how many of its lanes are columns of the result.
typedef struct FN(panel) {
  FN(tile_width) width;
  size_t lanes, columns;
} FN(panel);

/// The next panel where `remaining` columns are left. All but the last fill their lanes, so the panel from column j on of
/// a packed matrix begins at number j k.
INLINE FN(panel) FN(next_panel)(size_t remaining) {
  const size_t lanes = LANES;
  FN(panel) panel = {FN(PAIR), 2 * lanes, remaining};
  if (remaining <= lanes / 2) panel.width = FN(HALF), panel.lanes = lanes / 2;
  else if (remaining <= lanes + lanes / 2) panel.width = FN(SINGLE), panel.lanes = lanes;
  if (panel.columns > panel.lanes) panel.columns = panel.lanes;
  return panel;
}

/// The columns with those that fill the last panel up.
INLINE size_t FN(padded_columns)(size_t columns) {
  size_t padded = 0;
  while (padded < columns) padded += FN(next_panel)(columns - padded).lanes;
  return padded;
}

/// How many of the remaining rows the next tile takes: as evenly as can be, since small tiles are slow.
INLINE int FN(next_rows)(size_t remaining, FN(tile_width) width) {
  const size_t most = width == FN(PAIR) ? PAIR_ROWS : TILE_ROWS;
  return (int)(remaining <= most ? remaining : remaining < 2 * most ? (remaining + 1) / 2 : most);
}

/// Runs a tile by way of a buffer: for a panel that is not full, or a result whose columns are `column` apart. `bias` goes
/// by rows where `transposed`.
static void FN(run_buffered_tile)(
    FN(tile) tile, FN(tile_kind) kind, int rows, FN(panel) panel, ptrdiff_t column, bool transposed) {
  T buffer[TILE_ROWS][2 * LANES];
  T *c[TILE_ROWS];
  for (int r = 0; r < rows; r++) {
    c[r] = tile.c[r];
    tile.c[r] = buffer[r];
    if (tile.start == NBS_FROM_ZERO) continue;
    for (size_t j = 0; j < panel.lanes; j++) {
      const bool inside = j < panel.columns;
      buffer[r][j] = !inside                          ? 0
                     : tile.start == NBS_FROM_RESULT  ? c[r][(ptrdiff_t)j * column]
                                                      : tile.bias[transposed ? (size_t)r : j];
    }
  }
  if (tile.start == NBS_FROM_BIAS) tile.start = NBS_FROM_RESULT;
  FN(tiles)[kind][panel.width][rows - 1](&tile);
  for (int r = 0; r < rows; r++)
    for (size_t j = 0; j < panel.columns; j++) c[r][(ptrdiff_t)j * column] = buffer[r][j];
}

/// Runs a tile of `rows` rows over a panel.
INLINE void FN(run_tile)(const FN(tile) *tile, FN(tile_kind) kind, int rows, FN(panel) panel) {
  if (panel.columns == panel.lanes)
    FN(tiles)[kind][panel.width][rows - 1](tile);
  else
    FN(run_buffered_tile)(*tile, kind, rows, panel, 1, false);
}
