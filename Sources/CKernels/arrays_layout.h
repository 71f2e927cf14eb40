// Moving numbers: layouts with strides, lists of places, masks, rows.
// No include guard: included once for each level and precision.

INLINE void FN(copy)(const T *x, T *y, size_t count) {
  if (count >= 64) {
    memcpy(y, x, count * sizeof(T));
    return;
  }
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) FN(store)(y + i, FN(load)(x + i));
#pragma clang loop vectorize(disable) unroll(disable)
  for (; i < count; i++) y[i] = x[i];
}

// MARK: Layouts

/// An axis of a layout, and how far its places are apart in the row-major array beside it.
typedef struct FN(axis) {
  size_t length;
  ptrdiff_t stride, dense;
} FN(axis);

/// A layout's axes without those of length 1, and with those joined that go on in each other; the last ones first.
typedef struct FN(axes) {
  size_t count;
  FN(axis) axis[32];
} FN(axes);

static FN(axes) FN(joined_axes)(nbs_layout layout) {
  FN(axes) axes = {0};
  ptrdiff_t dense = 1;
  for (size_t i = layout.rank; i-- > 0;) {
    const FN(axis) next = {layout.lengths[i], layout.strides[i], dense};
    dense *= (ptrdiff_t)next.length;
    if (next.length == 1) continue;
    FN(axis) *last = axes.count ? &axes.axis[axes.count - 1] : NULL;
    if (last && next.stride == last->stride * (ptrdiff_t)last->length) last->length *= next.length;
    else axes.axis[axes.count++] = next;
  }
  if (axes.count == 0) axes.axis[axes.count++] = (FN(axis)){1, 1, 1};
  return axes;
}

static bool FN(is_empty)(nbs_layout layout) {
  for (size_t i = 0; i < layout.rank; i++)
    if (layout.lengths[i] == 0) return true;
  return false;
}

/// Steps to the next place of the axes from `first` on; gives false after the last.
INLINE bool FN(next_place)(
    const FN(axes) *axes, size_t first, size_t *position, ptrdiff_t *offset, ptrdiff_t *dense) {
  for (size_t i = first; i < axes->count; i++) {
    const FN(axis) axis = axes->axis[i];
    *offset += axis.stride;
    *dense += axis.dense;
    if (++position[i] < axis.length) return true;
    *offset -= axis.stride * (ptrdiff_t)axis.length;
    *dense -= axis.dense * (ptrdiff_t)axis.length;
    position[i] = 0;
  }
  return false;
}

INLINE void FN(gather_run)(const T *x, ptrdiff_t stride, T *y, size_t count) {
  if (stride == 1) return FN(copy)(x, y, count);
  if (stride == -1) {
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
      V v = FN(load)(x - i - (LANES - 1));
#if LANE_BYTES / (4 + 4 * IS_DOUBLE) == 2
      v = __builtin_shufflevector(v, v, 1, 0);
#elif LANE_BYTES / (4 + 4 * IS_DOUBLE) == 4
      v = __builtin_shufflevector(v, v, 3, 2, 1, 0);
#elif LANE_BYTES / (4 + 4 * IS_DOUBLE) == 8
      v = __builtin_shufflevector(v, v, 7, 6, 5, 4, 3, 2, 1, 0);
#else
      v = __builtin_shufflevector(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
#endif
      FN(store)(y + i, v);
    }
    for (; i < count; i++) y[i] = *(x - i);
    return;
  }
#pragma clang loop vectorize(disable) unroll_count(4)
  for (size_t i = 0; i < count; i++) y[i] = x[(ptrdiff_t)i * stride];
}

/// A tile's side: a cache line of numbers.
#define TILE ((size_t)(64 / sizeof(T)))

/// y[r][c] = x[c][r] by tiles: of each cache line that is read or written all is used before it goes.
static void FN(transpose_tiles)(
    const T *x, ptrdiff_t x_row, T *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  const size_t whole_rows = rows / TILE * TILE, whole_columns = columns / TILE * TILE;
  for (size_t r = 0; r < whole_rows; r += TILE)
    for (size_t c = 0; c < whole_columns; c += TILE)
      for (size_t i = 0; i < TILE; i += 4)
        for (size_t j = 0; j < TILE; j += 4)
          FN(transpose_four)(
              x + (ptrdiff_t)(c + j) * x_row + r + i, x_row, y + (ptrdiff_t)(r + i) * y_row + c + j, y_row);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = r < whole_rows ? whole_columns : 0; c < columns; c++)
      y[(ptrdiff_t)r * y_row + (ptrdiff_t)c] = x[(ptrdiff_t)c * x_row + (ptrdiff_t)r];
}

/// The axis, apart from the last, whose places lie side by side; 0 for none.
static size_t FN(side_by_side)(const FN(axes) *axes) {
  if (axes->axis[0].stride == 1) return 0;
  for (size_t i = 1; i < axes->count; i++)
    if (axes->axis[i].stride == 1) return i;
  return 0;
}

static void FN(array_gather_layout)(const void *numbers, nbs_layout layout, void *result) {
  const T *x = numbers;
  T *y = result;
  if (FN(is_empty)(layout)) return;
  FN(axes) axes = FN(joined_axes)(layout);
  size_t position[32] = {0};
  ptrdiff_t offset = 0, dense = 0;
  const FN(axis) last = axes.axis[0];
  const size_t beside = FN(side_by_side)(&axes);
  if (beside == 0) {
    do FN(gather_run)(x + offset, last.stride, y + dense, last.length);
    while (FN(next_place)(&axes, 1, position, &offset, &dense));
    return;
  }
  // The two axes of a transpose come first, the others are counted up.
  const FN(axis) rows = axes.axis[beside];
  axes.axis[beside] = axes.axis[1];
  axes.axis[1] = rows;
  do FN(transpose_tiles)(x + offset, last.stride, y + dense, rows.dense, rows.length, last.length);
  while (FN(next_place)(&axes, 2, position, &offset, &dense));
}

INLINE void FN(scatter_run)(const T *x, T *y, ptrdiff_t stride, size_t count) {
  if (stride == 1) return FN(copy)(x, y, count);
#pragma clang loop vectorize(disable) unroll_count(4)
  for (size_t i = 0; i < count; i++) y[(ptrdiff_t)i * stride] = x[i];
}

static void FN(array_scatter_layout)(const void *numbers, nbs_layout layout, void *result) {
  const T *x = numbers;
  T *y = result;
  if (FN(is_empty)(layout)) return;
  const FN(axes) axes = FN(joined_axes)(layout);
  size_t position[32] = {0};
  ptrdiff_t offset = 0, dense = 0;
  do FN(scatter_run)(x + dense, y + offset, axes.axis[0].stride, axes.axis[0].length);
  while (FN(next_place)(&axes, 1, position, &offset, &dense));
}

static void FN(array_copy_rows)(
    const void *numbers, ptrdiff_t x_stride, void *result, ptrdiff_t y_stride, size_t rows, size_t width) {
  const T *x = numbers;
  T *y = result;
  if (width == 1) {
    for (size_t r = 0; r < rows; r++) y[(ptrdiff_t)r * y_stride] = x[(ptrdiff_t)r * x_stride];
    return;
  }
  for (size_t r = 0; r < rows; r++, x += x_stride, y += y_stride) FN(copy)(x, y, width);
}
