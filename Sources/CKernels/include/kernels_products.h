/// Matrix products and convolutions. Each result is one chain of fused multiply-adds, whatever the blocking.
///
/// The bits are the same on every level, but for the sign and payload of a NaN, which depend on the order of operands.
#ifndef KERNELS_PRODUCTS_H
#define KERNELS_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels_layers.h"

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// A matrix in memory: element (i, j) stands at `numbers[i * row + j * column]`.
typedef struct nbs_matrix {
  const void *numbers;
  ptrdiff_t row, column;
} nbs_matrix;

/// What the chains begin with.
typedef enum {
  /// 0.
  NBS_FROM_ZERO,
  /// What stands in the result.
  NBS_FROM_RESULT,
  /// `bias`, one number a column of the result.
  NBS_FROM_BIAS
} nbs_start;

/// A convolution: `filters` windows over `groups` groups of channels. Weights are filters x window x (channels / groups).
///
/// Windows of 3 x 3 or 5 x 5 places side by side, with channels and filters in sixteens, go by Winograd's minimal filtering
/// where that saves multiplications (convolutions_winograd.h). Its results are rounded otherwise than the chains below, by no
/// more than a few units in the last place of the largest terms, and are the same on every level as well. Places beyond the
/// edges count as zeros there.
typedef struct nbs_convolution {
  nbs_window window;
  size_t filters, groups;
  /// How many rows are added up before their squares' sums are transformed to a gradient of the weights; at least 1.
  size_t rows_together;
} nbs_convolution;

typedef struct nbs_product_kernels {
  /// c (m x n, row-major with `c_row` numbers between rows) = start + a (m x k) b (k x n): for each element one chain
  /// over k in order. `scratch` has `product_scratch(m, n, k)` bytes, aligned to 64. To use several threads, divide the rows
  /// of a and c (or the columns of b and c): packing is repeated, which costs little from some 100 rows on.
  void (*_Nonnull product)(
      size_t m, size_t n, size_t k, nbs_matrix a, nbs_matrix b, void *c, ptrdiff_t c_row, nbs_start start,
      const void *bias, void *scratch);
  size_t (*_Nonnull product_scratch)(size_t m, size_t n, size_t k);

  /// y (rows x output x filters) = bias (NULL: 0) + the sums over each window, chained in the order of the weights: window
  /// places in row-major order, channels within them. Places beyond the edges take no part.
  /// `packed` is what `pack_forward` of the same level made of the weights, `pack_forward_size` numbers (of the precision)
  /// long; aligned to 64 it is read faster.
  void (*_Nonnull convolve)(
      const nbs_convolution *c, size_t rows, const void *x, const void *packed, const void *bias, void *y,
      void *scratch);
  size_t (*_Nonnull pack_forward_size)(const nbs_convolution *c);
  void (*_Nonnull pack_forward)(const nbs_convolution *c, const void *weights, void *packed);

  /// dx = (or +=) the gradient by the input: window place by window place, filters chained in order; only places inside take
  /// part.
  void (*_Nonnull convolve_backward_data)(
      const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate,
      void *scratch);
  size_t (*_Nonnull pack_backward_size)(const nbs_convolution *c);
  void (*_Nonnull pack_backward)(const nbs_convolution *c, const void *weights, void *packed);

  /// dw (in the weights' own layout) = (or +=) the gradient by the weights: a chain over rows and output places in order.
  /// Here input places beyond the edges count as zeros, which makes no difference while dy is finite but to the sign of a
  /// zero. Winograd's squares are added up for `rows_together` rows at a time, so a division of the rows between calls changes no
  /// bit where it is by multiples of them.
  void (*_Nonnull convolve_backward_weights)(
      const nbs_convolution *c, size_t rows, const void *x, const void *dy, void *dw, bool accumulate, void *scratch);

  /// The bytes of scratch, aligned to 64, that any of the three wants for this many rows at once. It depends on the level.
  size_t (*_Nonnull convolution_scratch)(const nbs_convolution *c, size_t rows);
} nbs_product_kernels;

#pragma clang diagnostic pop
#endif
