/// What arrays are computed and moved with: element by element, along axes, by places, in order.
///
/// Truth values are the numbers 0 and 1; whatever is not 0 counts as true. Strides count numbers, not bytes.
#ifndef KERNELS_ARRAYS_H
#define KERNELS_ARRAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// How many numbers `different` has room for in its table: half of it is used, and fits the second level of a cache.
#define NBS_DIFFERENT_TABLE 16384

/// An operation on each pair of numbers. Comparisons and what follows them give truth values.
typedef enum {
  NBS_ADD,
  NBS_SUBTRACT,
  NBS_MULTIPLY,
  NBS_DIVIDE,
  NBS_EQUAL,
  NBS_NOT_EQUAL,
  NBS_LESS,
  NBS_LESS_OR_EQUAL,
  NBS_GREATER,
  NBS_GREATER_OR_EQUAL,
  NBS_AND,
  NBS_OR
} nbs_binary;

/// An operation on each number; `functions` has those that need more than a few instructions. A NaN stays one.
typedef enum {
  NBS_NEGATE,
  NBS_ABSOLUTE,
  /// -1, 0 or 1.
  NBS_SIGN,
  /// The larger of x and 0.
  NBS_POSITIVE_PART,
  /// 1 above 0, else 0.
  NBS_UNIT_STEP,
  /// To the nearest whole number, halves to the even one.
  NBS_ROUND,
  NBS_FLOOR,
  NBS_CEILING,
  /// x to the power of 0.5 as C's pow has it: the square root, but 0 for -0 and infinity for -infinity.
  NBS_HALF_POWER,
  /// 1 where x is 0, else 0; of a NaN 0.
  NBS_NOT
} nbs_unary;

/// An operand seen as rows: number (r, c) stands at `numbers[r * row + c * step]`; `step` is 0 or 1.
typedef struct nbs_operand {
  const void *numbers;
  ptrdiff_t row;
  size_t step;
} nbs_operand;

/// An array of up to 32 axes in memory: where a place of it stands is the sum over the axes of place times stride.
typedef struct nbs_layout {
  size_t rank;
  const size_t *lengths;
  const ptrdiff_t *strides;
} nbs_layout;

typedef struct nbs_array_kernels {
  /// y (rows x width) = a op b; y may be an operand whose rows lie as its own.
  void (*_Nonnull binary)(nbs_binary op, nbs_operand a, nbs_operand b, void *y, size_t rows, size_t width);
  /// y = op x; y may be x.
  void (*_Nonnull unary)(nbs_unary op, const void *x, void *y, size_t count);
  /// y = min(max(x, low), high), so that `high` wins where the bounds are crossed; a NaN stays. y may be x.
  void (*_Nonnull clip)(const void *x, double low, double high, void *y, size_t count);
  /// y = a where the condition is true, else b; steps are 0 or 1.
  void (*_Nonnull choose)(
      const void *condition, const void *a, size_t a_step, const void *b, size_t b_step, void *y, size_t count);
  /// Whether all are finite.
  bool (*_Nonnull all_finite)(const void *x, size_t count);
  /// The product of small row-major matrices, a (m x k) b (k x n): the chains of `products.product`, without its packing.
  void (*_Nonnull small_product)(size_t m, size_t n, size_t k, const void *a, const void *b, void *y);

  /// y[r] = (or +=) the sum of row r. Up to 15 numbers are added in order. Else: each 256 numbers over 16 lanes, lane l
  /// taking numbers l, l + 16, ...; the lanes by a tree of halves; and what comes of the blocks by `sum_tree`.
  void (*_Nonnull sum_rows)(const void *x, size_t rows, size_t width, void *y, bool accumulate);
  /// y = the sum of x by the tree that pairs neighbours, and pairs of neighbours, and so on. The sum of a row is also the
  /// tree over the sums of its parts of any one size, a power of 2 from 256 on.
  void (*_Nonnull sum_tree)(const void *x, size_t count, void *y);
  /// y[c] = (or +=) the sum of column c, in the order of the rows, which are `stride` apart.
  void (*_Nonnull sum_columns)(const void *x, ptrdiff_t stride, size_t rows, size_t width, void *y, bool accumulate);
  /// The largest (or smallest) number of each row and its place, as a number; the first of equal ones, and the first NaN
  /// before all. `values` or `places` may be NULL.
  void (*_Nonnull extremes_of_rows)(bool largest, const void *x, size_t rows, size_t width, void *values, void *places);
  /// The same for each column.
  void (*_Nonnull extremes_of_columns)(
      bool largest, const void *x, ptrdiff_t stride, size_t rows, size_t width, void *values, void *places);
  /// Running sums along the middle axis of outer x length x inner numbers, in order or from the end; y may be x.
  void (*_Nonnull running_sums)(const void *x, void *y, size_t outer, size_t length, size_t inner, bool backwards);

  /// y (in row-major order) = the numbers of a layout, one after another.
  void (*_Nonnull gather_layout)(const void *x, nbs_layout layout, void *y);
  /// The numbers of x, one after another, put where a layout of y says.
  void (*_Nonnull scatter_layout)(const void *x, nbs_layout layout, void *y);
  /// y[i][:] = x[places[i] ..< + width]
  void (*_Nonnull gather)(const void *x, const ptrdiff_t *places, size_t count, size_t width, void *y);
  /// y[places[i] ..< + width] = x[i][:], in order.
  void (*_Nonnull scatter)(const void *x, const ptrdiff_t *places, size_t count, size_t width, void *y);
  /// y[places[i] ..< + width] += x[i][:], in order.
  void (*_Nonnull scatter_add)(const void *x, const ptrdiff_t *places, size_t count, size_t width, void *y);
  /// places[i] = (or +=) stride times the place that indexes[i] names on an axis, counted from the end if negative. Gives the
  /// first i whose index is not a whole number in -length ..< length, and stops there; else `count`.
  size_t (*_Nonnull find_places)(
      const void *indexes, size_t count, size_t length, ptrdiff_t stride, ptrdiff_t *places, bool accumulate);
  /// How many are true.
  size_t (*_Nonnull count_true)(const void *mask, size_t count);
  /// The places that are true, `total` of them.
  void (*_Nonnull true_places)(const void *mask, size_t total, ptrdiff_t *places);
  /// y = the rows of x, `width` numbers each, whose mask is true; there are `total` of them.
  void (*_Nonnull compress)(const void *mask, size_t total, const void *x, size_t width, void *y);
  /// The rows of y whose mask is true = the rows of x, one after another; there are `total` of them.
  void (*_Nonnull expand)(const void *mask, size_t total, const void *x, size_t width, void *y);
  /// y[r][:] = x[r][:] where rows are apart by strides of their own.
  void (*_Nonnull copy_rows)(const void *x, ptrdiff_t x_stride, void *y, ptrdiff_t y_stride, size_t rows, size_t width);

  /// y = x in ascending order, -0 before 0 and NaN last; `scratch` has room for `count` numbers.
  void (*_Nonnull sort)(const void *x, void *y, void *scratch, size_t count);
  /// The same in parts. y = the numbers of x in ascending order without its NaNs; gives how many, and adds how many are -0,
  /// which may yet stand among the 0.
  size_t (*_Nonnull sort_numbers)(const void *x, void *y, void *scratch, size_t count, size_t *negative_zeros);
  /// How many of the first `count` numbers of the merged order of two sorted arrays come from `a`.
  size_t (*_Nonnull merge_split)(const void *a, size_t a_count, const void *b, size_t b_count, size_t count);
  /// y = two sorted arrays without NaN merged.
  void (*_Nonnull merge)(const void *a, size_t a_count, const void *b, size_t b_count, void *y);
  /// Puts -0 before 0 in the sorted `numbers` that y begins with, and NaN behind them, up to `count`.
  void (*_Nonnull sort_rest)(void *y, size_t numbers, size_t count, size_t negative_zeros);
  /// places = those of x in ascending order of the numbers, equal ones in their own order; `scratch` has room for
  /// 4 x `count` numbers of 64 bits. Asks `stops` now and then whether to stop, and then gives false.
  bool (*_Nonnull sort_places)(
      const void *x, ptrdiff_t *places, void *scratch, size_t count, void *_Nonnull question,
      bool (*_Nonnull stops)(void *_Nonnull question));
  /// y = the different numbers of x, NaN once, in no order; where there are many, some more than once. Gives how many. The table
  /// has room for NBS_DIFFERENT_TABLE numbers.
  size_t (*_Nonnull different)(const void *x, size_t count, void *y, void *table);
  /// y = the different numbers of a sorted array, NaN once; gives how many. y may be x.
  size_t (*_Nonnull unique)(const void *x, size_t count, void *y);

  void (*_Nonnull fill)(double number, void *y, size_t count);
  /// y[i] = start + (first + i) step
  void (*_Nonnull ramp)(double start, double step, size_t first, void *y, size_t count);
  /// y[i][:] = 0 but for a 1 at x[i], a whole number in 0 ..< width.
  void (*_Nonnull one_hot)(const void *x, size_t count, size_t width, void *y);
} nbs_array_kernels;

#pragma clang diagnostic pop
#endif
