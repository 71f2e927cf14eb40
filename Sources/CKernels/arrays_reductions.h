// Sums, extremes and running sums along an axis. The shape of every sum is fixed: see kernels_arrays.h.
// No include guard: included once for each level and precision.

// MARK: Sums

#define SUM_BLOCK 256
#define SUM_LANES 16

/// The sum of up to 15 numbers, in order.
INLINE T FN(short_sum)(const T *x, size_t count) {
  T sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

/// How far a long sum reads ahead: the fold at the end of each block holds up what the processor reads ahead by itself.
#define SUM_AHEAD 1024

/// The sum of 16 to 256 numbers over 16 lanes and the tree of their halves.
INLINE T FN(block_sum)(const T *x, size_t count, bool reads_ahead) {
  enum { PARTS = SUM_LANES / LANES };
  V parts[PARTS] = {{0}};
  size_t i = 0;
  for (; i + SUM_LANES <= count; i += SUM_LANES)
    for (int p = 0; p < PARTS; p++) {
      if (reads_ahead) __builtin_prefetch(x + i + p * LANES + SUM_AHEAD);
      parts[p] += FN(load)(x + i + p * LANES);
    }
  T lanes[SUM_LANES];
  for (int p = 0; p < PARTS; p++) FN(store)(lanes + p * LANES, parts[p]);
  for (size_t lane = 0; i < count; i++, lane++) lanes[lane] += x[i];
  for (int half = SUM_LANES / 2; half >= 1; half /= 2)
    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  return lanes[0];
}

/// Sums of 1, 2, 4, ... parts that wait for a neighbour of their size, as the bits of `count` say.
typedef struct FN(tree) {
  T sums[64];
  size_t count;
} FN(tree);

INLINE void FN(add_to_tree)(FN(tree) *tree, T sum) {
  int height = 0;
  for (; tree->count >> height & 1; height++) sum = tree->sums[height] + sum;
  tree->sums[height] = sum;
  tree->count++;
}

INLINE T FN(tree_sum)(const FN(tree) *tree) {
  T sum = 0;
  bool has_sum = false;
  for (int height = 0; tree->count >> height; height++) {
    if (!(tree->count >> height & 1)) continue;
    sum = has_sum ? tree->sums[height] + sum : tree->sums[height];
    has_sum = true;
  }
  return sum;
}

INLINE T FN(row_sum)(const T *x, size_t count) {
  if (count < SUM_LANES) return FN(short_sum)(x, count);
  if (count <= SUM_BLOCK) return FN(block_sum)(x, count, false);
  FN(tree) tree;
  tree.count = 0;
  size_t i = 0;
  for (; i + SUM_BLOCK <= count; i += SUM_BLOCK) FN(add_to_tree)(&tree, FN(block_sum)(x + i, SUM_BLOCK, true));
  if (i < count)
    FN(add_to_tree)(
        &tree, count - i < SUM_LANES ? FN(short_sum)(x + i, count - i) : FN(block_sum)(x + i, count - i, false));
  return FN(tree_sum)(&tree);
}

static void FN(array_sum_rows)(const void *numbers, size_t rows, size_t width, void *result, bool accumulate) {
  const T *x = numbers;
  T *y = result;
  for (size_t r = 0; r < rows; r++, x += width) y[r] = (accumulate ? y[r] : 0) + FN(row_sum)(x, width);
}

static void FN(array_sum_tree)(const void *numbers, size_t count, void *result) {
  const T *x = numbers;
  FN(tree) tree;
  tree.count = 0;
  for (size_t i = 0; i < count; i++) FN(add_to_tree)(&tree, x[i]);
  *(T *)result = FN(tree_sum)(&tree);
}

/// Columns at a time: what is worked out for them stays in the nearest cache while all rows go by.
#define COLUMNS 1024

/// Four rows at a time, so that the sums are read and written once for them.
static void FN(sum_strip)(const T *x, ptrdiff_t stride, size_t rows, size_t width, T *sums) {
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) {
      V sum = FN(load)(sums + c);
      for (int k = 0; k < 4; k++) sum += FN(load)(x + k * stride + c);
      FN(store)(sums + c, sum);
    }
    for (; c < width; c++)
      sums[c] = (((sums[c] + x[c]) + x[stride + c]) + x[2 * stride + c]) + x[3 * stride + c];
  }
  for (; r < rows; r++, x += stride)
    for (size_t c = 0; c < width; c++) sums[c] += x[c];
}

static void FN(array_sum_columns)(
    const void *numbers, ptrdiff_t stride, size_t rows, size_t width, void *result, bool accumulate) {
  const T *x = numbers;
  T *y = result;
  if (!accumulate) memset(y, 0, width * sizeof(T));
  for (size_t c = 0; c < width; c += COLUMNS)
    FN(sum_strip)(x + c, stride, rows, width - c < COLUMNS ? width - c : COLUMNS, y + c);
}

// MARK: Extremes

/// Whether x takes the place of what was the extreme so far.
INLINE bool FN(precedes)(bool largest, T x, T extreme) {
  return (largest ? x > extreme : x < extreme) || (x != x && extreme == extreme);
}

INLINE V FN(more_extreme)(bool largest, V x, V extreme) {
  return FN(select)(largest ? x > extreme : x < extreme, x, extreme);
}

#define EXTREME_BLOCK 1024

/// The extreme of a block that is a multiple of four vectors long; NaN where there is one.
INLINE T FN(block_extreme)(bool largest, const T *x, size_t count) {
  V best[4];
  M others[4] = {0};
  for (int k = 0; k < 4; k++) best[k] = FN(load)(x + k * LANES);
  for (size_t i = 0; i < count; i += 4 * LANES)
    for (int k = 0; k < 4; k++) {
      const V v = FN(load)(x + i + k * LANES);
      others[k] |= v != v;
      best[k] = FN(more_extreme)(largest, v, best[k]);
    }
  const V all =
      FN(more_extreme)(largest, FN(more_extreme)(largest, best[0], best[1]), FN(more_extreme)(largest, best[2], best[3]));
  const M any = others[0] | others[1] | others[2] | others[3];
  T extreme = all[0];
  S is_nan = any[0];
  for (int lane = 1; lane < LANES; lane++) {
    if (largest ? all[lane] > extreme : all[lane] < extreme) extreme = all[lane];
    is_nan |= any[lane];
  }
  return is_nan ? (T)__builtin_nan("") : extreme;
}

/// Where the first number stands that equals `wanted`, or that is NaN if that is NaN; there must be one.
INLINE size_t FN(first_place)(const T *x, T wanted, size_t count) {
  const bool is_nan = wanted != wanted;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const V v = FN(load)(x + i);
    if (__builtin_reduce_or(is_nan ? v != v : v == wanted)) break;
  }
  while (is_nan ? x[i] == x[i] : x[i] != wanted) i++;
  return i;
}

/// The place of the extreme of a row: the block that it is in first, then where it stands there.
INLINE size_t FN(row_extreme)(bool largest, const T *x, size_t count) {
  T extreme = 0;
  size_t best = 0, size = 0, i = 0;
  while (count - i >= 4 * LANES) {
    const size_t next_size = count - i < EXTREME_BLOCK ? (count - i) / (4 * LANES) * (4 * LANES) : EXTREME_BLOCK;
    const T next = FN(block_extreme)(largest, x + i, next_size);
    if (i == 0 || FN(precedes)(largest, next, extreme)) {
      extreme = next;
      best = i;
      size = next_size;
    }
    i += next_size;
  }
  if (i > 0) best += FN(first_place)(x + best, extreme, size);
  for (; i < count; i++)
    if (FN(precedes)(largest, x[i], x[best])) best = i;
  return best;
}

INLINE void FN(extremes_of_rows)(bool largest, const T *x, size_t rows, size_t width, T *values, T *places) {
  for (size_t r = 0; r < rows; r++, x += width) {
    const size_t place = FN(row_extreme)(largest, x, width);
    if (values) values[r] = x[place];
    if (places) places[r] = (T)place;
  }
}

static void FN(array_extremes_of_rows)(
    bool largest, const void *x, size_t rows, size_t width, void *values, void *places) {
  if (largest) FN(extremes_of_rows)(true, x, rows, width, values, places);
  else FN(extremes_of_rows)(false, x, rows, width, values, places);
}

/// Goes on with the rows from `r` on, `count` of them.
INLINE void FN(extend_strip)(
    bool largest, const T *x, ptrdiff_t stride, size_t r, size_t count, size_t width, T *values, T *places) {
  size_t c = 0;
  for (; c + LANES <= width; c += LANES) {
    V extreme = FN(load)(values + c), place = places ? FN(load)(places + c) : (V){0};
    for (size_t k = 0; k < count; k++) {
      // Of the rows that come next: where a thread has a part of each row, the processor does not look ahead that far.
      __builtin_prefetch(x + (ptrdiff_t)(k + count) * stride + c);
      const V v = FN(load)(x + (ptrdiff_t)k * stride + c);
      const M takes = (largest ? v > extreme : v < extreme) | ((v != v) & (extreme == extreme));
      extreme = FN(select)(takes, v, extreme);
      if (places) place = FN(select)(takes, FN(splat)((T)(r + k)), place);
    }
    FN(store)(values + c, extreme);
    if (places) FN(store)(places + c, place);
  }
  for (; c < width; c++)
    for (size_t k = 0; k < count; k++) {
      const T v = x[(ptrdiff_t)k * stride + (ptrdiff_t)c];
      if (!FN(precedes)(largest, v, values[c])) continue;
      values[c] = v;
      if (places) places[c] = (T)(r + k);
    }
}

/// Four rows at a time, so that the extremes are read and written once for them.
INLINE void FN(extremes_of_strip)(
    bool largest, const T *x, ptrdiff_t stride, size_t rows, size_t width, T *values, T *places) {
  memcpy(values, x, width * sizeof(T));
  if (places) memset(places, 0, width * sizeof(T));
  size_t r = 1;
  for (; r + 4 <= rows; r += 4)
    FN(extend_strip)(largest, x + (ptrdiff_t)r * stride, stride, r, 4, width, values, places);
  for (; r < rows; r++)
    FN(extend_strip)(largest, x + (ptrdiff_t)r * stride, stride, r, 1, width, values, places);
}

INLINE void FN(extremes_of_columns)(
    bool largest, const T *x, ptrdiff_t stride, size_t rows, size_t width, T *values, T *places) {
  T strip[COLUMNS];
  for (size_t c = 0; c < width; c += COLUMNS) {
    const size_t columns = width - c < COLUMNS ? width - c : COLUMNS;
    if (places) FN(extremes_of_strip)(largest, x + c, stride, rows, columns, strip, places + c);
    else FN(extremes_of_strip)(largest, x + c, stride, rows, columns, strip, NULL);
    if (values) memcpy(values + c, strip, columns * sizeof(T));
  }
}

static void FN(array_extremes_of_columns)(
    bool largest, const void *x, ptrdiff_t stride, size_t rows, size_t width, void *values, void *places) {
  if (largest) FN(extremes_of_columns)(true, x, stride, rows, width, values, places);
  else FN(extremes_of_columns)(false, x, stride, rows, width, values, places);
}

// MARK: Running sums

static void FN(running_row)(const T *x, T *y, size_t length, bool backwards) {
  T sum = 0;
  if (length == 0) return;
  if (backwards) {
    sum = y[length - 1] = x[length - 1];
    for (size_t i = length - 1; i-- > 0;) y[i] = sum += x[i];
  } else {
    sum = y[0] = x[0];
    for (size_t i = 1; i < length; i++) y[i] = sum += x[i];
  }
}

INLINE void FN(add_rows)(const T *x, const T *before, T *y, size_t width) {
  size_t c = 0;
  for (; c + LANES <= width; c += LANES) FN(store)(y + c, FN(load)(before + c) + FN(load)(x + c));
  for (; c < width; c++) y[c] = before[c] + x[c];
}

static void FN(array_running_sums)(
    const void *numbers, void *result, size_t outer, size_t length, size_t inner, bool backwards) {
  const T *x = numbers;
  T *y = result;
  for (size_t block = 0; block < outer; block++, x += length * inner, y += length * inner) {
    if (inner == 1) {
      FN(running_row)(x, y, length, backwards);
      continue;
    }
    for (size_t step = 0; step < length; step++) {
      const size_t row = (backwards ? length - 1 - step : step) * inner;
      if (step == 0) memmove(y + row, x + row, inner * sizeof(T));
      else FN(add_rows)(x + row, backwards ? y + row + inner : y + row - inner, y + row, inner);
    }
  }
}
