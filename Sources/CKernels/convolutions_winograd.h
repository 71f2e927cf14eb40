// Convolutions of 3 x 3 and of 5 x 5 places with fewer multiplications. No include guard: included once for each level and
// precision.
//
// S. Winograd's minimal filtering, as in A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR
// 2016): the inputs of a square of 2 x 2 results and the weights are transformed by sums, products of matrices follow, and
// their sums are transformed to the results. 3 x 3 places take 16 products in place of 36, F(2 x 2, 3 x 3); 5 x 5 places,
// taken as three and two along each axis, 49 in place of 100. Both have 16 sums. The ways back by the inputs and by the
// weights go through the same steps in the other direction.
//
// Which convolutions go this way follows from their shape alone, never from the level. Transforms are sums in a fixed
// order, products chains of fused multiply-adds over inputs (by the weights over squares), so the bits are the same
// everywhere. Places beyond the edges count as zeros.

#include "convolutions_winograd_transforms.h"
#include "convolutions_winograd_products.h"
#include "convolutions_winograd_weights.h"

#ifndef WINOGRAD_SHAPES
#define WINOGRAD_SHAPES
/// How many squares of 2 x 2 places a result has, those at the edges that are not full counted.
INLINE size_t winograd_squares(const size_t extent[3]) { return ((extent[1] + 1) / 2) * ((extent[2] + 1) / 2); }

/// How many pairs of an output and an input place a convolution's window connects along an axis.
INLINE size_t window_connections(const nbs_window *w, int axis) {
  size_t count = 0;
  for (size_t k = 0; k < w->size[axis]; k++) {
    const size_t first = w->before[axis] > k ? w->before[axis] - k : 0;
    const size_t end = w->input[axis] + w->before[axis] > k ? w->input[axis] + w->before[axis] - k : 0;
    const size_t beyond = end < w->output[axis] ? end : w->output[axis];
    count += beyond > first ? beyond - first : 0;
  }
  return count;
}

/// Whether a convolution's windows are 3 x 3 or 5 x 5 places side by side, and its channels and filters fill vectors.
INLINE bool winograd_fits(const nbs_convolution *c) {
  const nbs_window *w = &c->window;
  if (c->groups != 1 || w->channels == 0 || w->channels % 16 != 0 || c->filters == 0 || c->filters % 16 != 0) return false;
  if (w->size[0] != 1 || w->stride[0] != 1 || w->before[0] != 0 || w->input[0] != w->output[0]) return false;
  if (w->size[1] != w->size[2] || (w->size[1] != 3 && w->size[1] != 5)) return false;
  for (int axis = 1; axis < 3; axis++)
    if (w->stride[axis] != 1 || w->dilation[axis] != 1 || w->before[axis] >= w->size[axis]) return false;
  return true;
}

/// How many multiplications the squares of an image take for each channel and filter.
INLINE size_t winograd_multiplications(const nbs_convolution *c, size_t squares) {
  const size_t products = (size_t)winograd_products((int)c->window.size[1]);
  return products * products * squares;
}

/// Whether squares take clearly fewer multiplications than the places inside the edges do one by one.
INLINE bool winograd_saves(const nbs_convolution *c) {
  if (!winograd_fits(c)) return false;
  const size_t connections = window_connections(&c->window, 1) * window_connections(&c->window, 2);
  return 5 * connections >= 7 * winograd_multiplications(c, winograd_squares(c->window.output));
}

/// By the weights sums over many squares are transformed back, which takes about as long as three squares.
INLINE bool winograd_saves_by_weights(const nbs_convolution *c) {
  if (!winograd_fits(c)) return false;
  const nbs_window *w = &c->window;
  const size_t images = c->rows_together * w->output[0], places = w->output[1] * w->output[2];
  return 2 * w->size[1] * w->size[2] * images * places >=
         3 * winograd_multiplications(c, images * winograd_squares(w->output) + 3);
}
#endif

/// How many squares go through at once: what they are transformed to stays in the second cache, and in the first where channels
/// are few. Multiples of 12 are whole tiles at every level. Squares that are added up go on with their sums the longer the better.
INLINE size_t FN(squares_at_once)(const FN(squares) *s, bool by_weights) {
  const size_t products = (size_t)(winograd_products(s->side) * winograd_products(s->side));
  const size_t bytes = (products * s->channels + 16 * s->filters) * sizeof(T);
  const bool is_wide = bytes > 12 << 10;
  if (by_weights) return is_wide ? 32 : 64;
  return bytes <= 2 << 10 ? 12 : bytes <= 4 << 10 || is_wide ? 24 : 48;
}

/// The squares of a convolution, and room in the scratch memory, which may be NULL where only its size is asked for.
static FN(squares) FN(make_squares)(const nbs_convolution *c, bool by_weights, void *scratch, size_t *taken) {
  const nbs_window *w = &c->window;
  FN(squares) s = {.side = (int)w->size[1], .channels = w->channels, .filters = c->filters};
  for (int axis = 0; axis < 2; axis++) {
    s.input[axis] = w->input[axis + 1], s.output[axis] = w->output[axis + 1];
    s.before[axis] = (ptrdiff_t)w->before[axis + 1];
    s.along[axis] = (s.output[axis] + 1) / 2;
  }
  s.count = s.along[0] * s.along[1];
  s.sums_step = FN(odd_lines)(s.filters);
  s.at_once = FN(squares_at_once)(&s, by_weights);
  size_t inputs = 0, gradients = 0;
  for (int number = 0; number < 16; number++) {
    const size_t depth = (size_t)winograd_products_in(s.side, number) * s.channels, step = FN(odd_lines)(depth);
    s.parts[number] = (FN(part)){
        .depth = depth, .before = (size_t)winograd_first_product(s.side, number) * s.channels, .inputs = inputs,
        .gradients = gradients, .step = step, .sums = (size_t)number * FN(odd_lines)(s.at_once * s.sums_step)};
    inputs += FN(odd_lines)(s.at_once * step), gradients += FN(odd_lines)(s.filters * step);
  }
  s.inputs = FN(take)(scratch, taken, inputs * sizeof(T));
  s.sums = FN(take)(scratch, taken, 16 * FN(odd_lines)(s.at_once * s.sums_step) * sizeof(T));
  const size_t zeros = s.channels > s.filters ? s.channels : s.filters;
  s.zeros = FN(take)(scratch, taken, zeros * sizeof(T));
  if (scratch) memset(s.zeros, 0, zeros * sizeof(T));
  if (!by_weights) return s;
  s.gradients = FN(take)(scratch, taken, gradients * sizeof(T));
  return s;
}

/// The bytes of scratch that any of the three passes wants.
static size_t FN(winograd_scratch)(const nbs_convolution *c) {
  size_t taken = 0;
  if (winograd_saves(c) || winograd_saves_by_weights(c)) FN(make_squares)(c, winograd_saves_by_weights(c), NULL, &taken);
  return taken;
}

// MARK: - Packed weights

static size_t FN(winograd_pack_size)(const nbs_convolution *c) {
  return winograd_multiplications(c, 1) * c->window.channels * c->filters;
}

static void FN(winograd_pack_forward)(const nbs_convolution *c, const void *weights, void *packed) {
  size_t taken = 0;
  const FN(squares) s = FN(make_squares)(c, false, NULL, &taken);
  FN(pack_filters)(&s, weights, packed);
}

static void FN(winograd_pack_backward)(const nbs_convolution *c, const void *weights, void *packed) {
  size_t taken = 0;
  const FN(squares) s = FN(make_squares)(c, false, NULL, &taken);
  FN(pack_inputs)(&s, weights, packed);
}

// MARK: - The three passes

static void FN(winograd_convolve)(
    const nbs_convolution *c, size_t rows, const void *x, const void *packed, const void *bias, void *y, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_squares)(c, false, scratch, &taken);
  for (size_t first = 0, all = rows * c->window.input[0] * s.count; first < all; first += s.at_once) {
    const size_t count = FN(smaller)(s.at_once, all - first);
    FN(read_inputs)(&s, x, first, count);
    FN(multiply_inputs)(&s, count, packed);
    FN(write_results)(&s, y, first, count, bias);
  }
}

static void FN(winograd_convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_squares)(c, false, scratch, &taken);
  if (!accumulate) memset(dx, 0, rows * FN(image_size)(FN(input_image)(c)) * sizeof(T));
  for (size_t first = 0, all = rows * c->window.input[0] * s.count; first < all; first += s.at_once) {
    const size_t count = FN(smaller)(s.at_once, all - first);
    FN(read_gradients)(&s, dy, first, count);
    FN(multiply_gradients)(&s, count, packed);
    FN(add_gradients)(&s, dx, first, count);
  }
}

static void FN(winograd_convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *x, const void *dy, void *dw, bool accumulate, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_squares)(c, true, scratch, &taken);
  const size_t all = rows * c->window.input[0] * s.count, together = c->rows_together * c->window.input[0] * s.count;
  if (all == 0 && !accumulate) memset(dw, 0, c->filters * FN(filter_size)(c) * sizeof(T));
  for (size_t begin = 0; begin < all; begin += together) {
    const size_t end = FN(smaller)(begin + together, all);
    for (size_t first = begin; first < end; first += s.at_once) {
      const size_t count = FN(smaller)(s.at_once, end - first);
      FN(read_inputs)(&s, x, first, count);
      FN(read_gradients)(&s, dy, first, count);
      FN(multiply_over_squares)(&s, count, first > begin);
    }
    FN(add_weights)(&s, dw, accumulate || begin > 0);
  }
}
