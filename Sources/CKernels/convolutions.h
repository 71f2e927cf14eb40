// Convolutions over up to three axes, channels last. No include guard: included once for each level and precision.
#include "convolutions_geometry.h"
#include "convolutions_regions.h"

#include "convolutions_data.h"
#include "convolutions_weights.h"
#include "convolutions_winograd.h"

/// How many numbers the packed weights take: those of a window, or of a square's products.
static size_t FN(pack_forward_size)(const nbs_convolution *c) {
  return (winograd_saves(c) ? FN(winograd_pack_size) : FN(gathered_forward_size))(c);
}

static void FN(pack_forward)(const nbs_convolution *c, const void *weights, void *packed) {
  (winograd_saves(c) ? FN(winograd_pack_forward) : FN(gathered_pack_forward))(c, weights, packed);
}

static size_t FN(pack_backward_size)(const nbs_convolution *c) {
  return (winograd_saves(c) ? FN(winograd_pack_size) : FN(gathered_backward_size))(c);
}

static void FN(pack_backward)(const nbs_convolution *c, const void *weights, void *packed) {
  (winograd_saves(c) ? FN(winograd_pack_backward) : FN(gathered_pack_backward))(c, weights, packed);
}

static void FN(convolve)(
    const nbs_convolution *c, size_t rows, const void *x, const void *packed, const void *bias, void *y, void *scratch) {
  (winograd_saves(c) ? FN(winograd_convolve) : FN(gathered_convolve))(c, rows, x, packed, bias, y, scratch);
}

static void FN(convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate, void *scratch) {
  (winograd_saves(c) ? FN(winograd_convolve_backward_data) : FN(gathered_convolve_backward_data))(
      c, rows, dy, packed, dx, accumulate, scratch);
}

static void FN(convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *x, const void *dy, void *dw, bool accumulate, void *scratch) {
  (winograd_saves_by_weights(c) ? FN(winograd_convolve_backward_weights) : FN(gathered_convolve_backward_weights))(
      c, rows, x, dy, dw, accumulate, scratch);
}

static size_t FN(convolution_scratch)(const nbs_convolution *c, size_t rows) {
  size_t bytes = FN(winograd_scratch)(c);
  size_t wanted = 0;
  FN(make_weights_pass)(c, rows, NULL, &wanted);
  if (wanted > bytes) bytes = wanted;
  for (int direction = 0; direction < 2; direction++) {
    wanted = FN(pass_scratch)(c, direction);
    if (wanted > bytes) bytes = wanted;
  }
  return bytes;
}
