// Convolutions of 3 x 3 places with fewer multiplications. No include guard: included once for each level and precision.
//
// S. Winograd's minimal filtering F(2 x 2, 3 x 3), as in A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
// Networks" (CVPR 2016): 4 x 4 places of the input give 2 x 2 of the output by 16 products in place of 36. Images and
// weights are transformed by sums, 16 products of matrices follow, and their results are transformed back. The way back by
// the weights is F(3 x 3, 2 x 2), with the same transform of the images.
//
// Which convolutions go this way follows from their shape alone, never from the level. Transforms are sums in a fixed
// order, products chains of fused multiply-adds over channels (by the weights over the squares of an image), so the bits
// are the same everywhere. Places beyond the edges count as zeros.

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

/// Whether a convolution's windows are 3 x 3 places side by side, and its channels and filters fill vectors.
INLINE bool winograd_fits(const nbs_convolution *c) {
  const nbs_window *w = &c->window;
  if (c->groups != 1 || w->channels == 0 || w->channels % 16 != 0 || c->filters == 0 || c->filters % 16 != 0) return false;
  if (w->size[0] != 1 || w->stride[0] != 1 || w->before[0] != 0 || w->input[0] != w->output[0]) return false;
  for (int axis = 1; axis < 3; axis++)
    if (w->size[axis] != 3 || w->stride[axis] != 1 || w->dilation[axis] != 1 || w->before[axis] > 2) return false;
  return true;
}

/// Whether so many squares take clearly fewer multiplications than the places inside the edges do one by one.
INLINE bool winograd_saves(const nbs_convolution *c, size_t squares) {
  return 5 * window_connections(&c->window, 1) * window_connections(&c->window, 2) >= 7 * 16 * squares;
}

INLINE bool winograd_forward(const nbs_convolution *c) {
  return winograd_fits(c) && winograd_saves(c, winograd_squares(c->window.output));
}

INLINE bool winograd_backward_data(const nbs_convolution *c) {
  return winograd_fits(c) && winograd_saves(c, winograd_squares(c->window.input));
}

/// By the weights the 16 products of an image are transformed back as matrices, which takes about as long as three squares.
INLINE bool winograd_backward_weights(const nbs_convolution *c) {
  const size_t *output = c->window.output;
  return winograd_fits(c) && 2 * 9 * output[1] * output[2] >= 3 * 16 * (winograd_squares(output) + 3);
}
#endif

#include "convolutions_winograd_transforms.h"
#include "convolutions_winograd_products.h"

// MARK: - The three passes

/// The squares of a pass, and room in the scratch memory, which may be NULL where only its size is asked for. `sums_size`: the
/// numbers of the 16 matrices that squares add up to, if they do.
static FN(squares) FN(make_squares)(
    FN(image) from, FN(image) to, const ptrdiff_t before[2], size_t sums_size, void *scratch, size_t *taken) {
  FN(squares) s = {
      .from = {from.extent[1], from.extent[2]}, .from_width = from.width, .to = {to.extent[1], to.extent[2]},
      .to_width = to.width, .before = {before[0], before[1]}};
  for (int axis = 0; axis < 2; axis++) s.along[axis] = (s.to[axis] + 1) / 2;
  s.count = s.along[0] * s.along[1];
  // Few channels leave room in the first cache. Squares that are added up go on with their sums the longer the better.
  const size_t widths = from.width + to.width;
  s.at_once = sums_size > 0 || widths > 64 ? SQUARES_AT_ONCE : widths > 32 ? SQUARES_AT_ONCE / 2 : SQUARES_AT_ONCE / 4;
  const size_t most = s.at_once, zeros = from.width > to.width ? from.width : to.width;
  s.read = FN(take)(scratch, taken, 16 * FN(product_step)(most, from.width) * sizeof(T));
  s.written = FN(take)(scratch, taken, 16 * FN(product_step)(most, to.width) * sizeof(T));
  s.zeros = FN(take)(scratch, taken, zeros * sizeof(T));
  if (scratch) memset(s.zeros, 0, zeros * sizeof(T));
  if (sums_size == 0) return s;
  s.steps = FN(take)(scratch, taken, most * sizeof(FN(step)));
  s.sums = FN(take)(scratch, taken, sums_size * sizeof(T));
  return s;
}

static FN(squares) FN(make_forward_squares)(const nbs_convolution *c, void *scratch, size_t *taken) {
  const ptrdiff_t before[2] = {(ptrdiff_t)c->window.before[1], (ptrdiff_t)c->window.before[2]};
  return FN(make_squares)(FN(input_image)(c), FN(output_image)(c), before, 0, scratch, taken);
}

/// Back to the inputs the window is turned round, so as many places less stand before an image.
static FN(squares) FN(make_backward_squares)(const nbs_convolution *c, void *scratch, size_t *taken) {
  const ptrdiff_t before[2] = {2 - (ptrdiff_t)c->window.before[1], 2 - (ptrdiff_t)c->window.before[2]};
  return FN(make_squares)(FN(output_image)(c), FN(input_image)(c), before, 0, scratch, taken);
}

static FN(squares) FN(make_weights_squares)(const nbs_convolution *c, void *scratch, size_t *taken) {
  const ptrdiff_t before[2] = {(ptrdiff_t)c->window.before[1], (ptrdiff_t)c->window.before[2]};
  const size_t sums = 16 * FN(product_step)(c->filters, c->window.channels);
  return FN(make_squares)(FN(input_image)(c), FN(output_image)(c), before, sums, scratch, taken);
}

/// The bytes of scratch that any of the three wants.
static size_t FN(winograd_scratch)(const nbs_convolution *c) {
  size_t forward = 0, backward = 0, weights = 0;
  if (winograd_forward(c)) FN(make_forward_squares)(c, NULL, &forward);
  if (winograd_backward_data(c)) FN(make_backward_squares)(c, NULL, &backward);
  if (winograd_backward_weights(c)) FN(make_weights_squares)(c, NULL, &weights);
  const size_t most = forward > backward ? forward : backward;
  return most > weights ? most : weights;
}

static void FN(run_squares)(
    const FN(squares) *s, size_t images, const T *x, const T *packed, const T *bias, T *y, bool accumulate) {
  for (size_t first = 0, squares = images * s->count; first < squares; first += s->at_once) {
    const size_t count = FN(smaller)(s->at_once, squares - first);
    FN(read_squares)(s, x, first, count);
    FN(multiply_squares)(count, s->from_width, s->to_width, s->read, packed, s->written);
    FN(write_squares)(s, y, first, count, bias, accumulate);
  }
}

static void FN(winograd_convolve)(
    const nbs_convolution *c, size_t rows, const void *x, const void *packed, const void *bias, void *y, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_forward_squares)(c, scratch, &taken);
  FN(run_squares)(&s, rows * c->window.input[0], x, packed, bias, y, false);
}

static void FN(winograd_convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_backward_squares)(c, scratch, &taken);
  FN(run_squares)(&s, rows * c->window.input[0], dy, packed, NULL, dx, accumulate);
}

/// Image by image, so that a division of the rows between calls does not change a bit.
static void FN(winograd_convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *x, const void *dy, void *dw, bool accumulate, void *scratch) {
  size_t taken = 0;
  const FN(squares) s = FN(make_weights_squares)(c, scratch, &taken);
  const size_t channels = c->window.channels, filters = c->filters, images = rows * c->window.input[0];
  const T *image = x, *gradient = dy;
  if (images == 0 && !accumulate) memset(dw, 0, 9 * channels * filters * sizeof(T));
  for (size_t i = 0; i < images; i++, image += FN(read_size)(&s), gradient += FN(written_size)(&s)) {
    for (size_t first = 0; first < s.count; first += s.at_once) {
      const size_t count = FN(smaller)(s.at_once, s.count - first);
      FN(read_squares)(&s, image, first, count);
      FN(read_pairs)(&s, gradient, first, count);
      FN(multiply_over_squares)(&s, count, first > 0 ? NBS_FROM_RESULT : NBS_FROM_ZERO);
    }
    FN(add_squares)(s.sums, filters, channels, dw, accumulate || i > 0);
  }
}
