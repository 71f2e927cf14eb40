// Convolutions over up to three axes, channels last. No include guard: included once for each level and precision.
#include "convolutions_geometry.h"
#include "convolutions_pack.h"

// MARK: - Forward

/// One group and one panel of filters over `count` images that stand at `x`.
static void FN(convolve_panel)(
    const FN(geometry) *g, size_t count, const T *x, FN(tile) *tile, FN(panel) panel, T *y) {
  for (size_t p = 0; p < count * g->outputs;) {
    const int rows = FN(next_rows)(count * g->outputs - p, panel.width);
    for (int r = 0; r < rows; r++, p++) {
      tile->a[r] = x + g->places[p];
      tile->c[r] = y + p * g->filters;
    }
    FN(run_tile)(tile, FN(ROWS_APART), rows, panel);
  }
}

static void FN(convolve)(
    const nbs_convolution *c, size_t rows, const void *input, const void *packed, const void *bias, void *output,
    void *scratch) {
  const FN(geometry) g = FN(measure)(c, rows, scratch);
  FN(lay_out)(&g);
  if (g.copies) memset(g.copy, 0, g.images * g.image * sizeof(T));
  for (size_t row = 0; row < rows; row += g.images) {
    const size_t count = FN(smaller)(g.images, rows - row);
    T *x = (T *)input + row * g.input_image;
    if (g.copies) FN(copy_images)(&g, x, count, false);
    const T *b = packed;
    for (size_t group = 0; group < g.groups; group++)
      for (size_t f = 0; f < g.group_filters;) {
        const FN(panel) panel = FN(next_panel)(g.group_filters - f);
        const size_t filter = group * g.group_filters + f;
        FN(tile) tile = {.k = g.chain, .offsets = g.window, .step = (ptrdiff_t)panel.lanes, .b = b};
        if (bias) tile.start = NBS_FROM_BIAS, tile.bias = (const T *)bias + filter;
        FN(convolve_panel)(
            &g, count, (g.copies ? g.copy : x) + group * g.group_channels, &tile, panel,
            (T *)output + row * g.outputs * g.filters + filter);
        b += panel.lanes * g.chain, f += panel.columns;
      }
  }
}

// MARK: - Backward by the data

/// One place of the window, group and panel of channels over `count` images whose gradient stands at `dx`.
static void FN(spread_panel)(
    const FN(geometry) *g, size_t count, const T *dy, FN(tile) *tile, FN(panel) panel, T *dx) {
  for (size_t p = 0; p < count * g->outputs;) {
    const int rows = FN(next_rows)(count * g->outputs - p, panel.width);
    for (int r = 0; r < rows; r++, p++) {
      tile->a[r] = dy + p * g->filters;
      tile->c[r] = dx + g->places[p];
    }
    FN(run_tile)(tile, FN(ROWS_APART), rows, panel);
  }
}

/// Adds, window place by window place, what the outputs' gradients are through that place's weights.
static void FN(spread)(const FN(geometry) *g, size_t count, const T *dy, const T *packed, T *dx) {
  for (size_t place = 0; place < g->window_places; place++)
    for (size_t group = 0; group < g->groups; group++)
      for (size_t i = 0; i < g->group_channels;) {
        const FN(panel) panel = FN(next_panel)(g->group_channels - i);
        const size_t columns = group * FN(padded_columns)(g->group_channels) + i;
        const T *b = packed + (columns * g->window_places + place * panel.lanes) * g->group_filters;
        FN(tile) tile = {
            .k = g->group_filters, .offsets = g->consecutive, .step = (ptrdiff_t)panel.lanes, .b = b,
            .start = NBS_FROM_RESULT};
        FN(spread_panel)(
            g, count, dy + group * g->group_filters, &tile, panel,
            dx + g->window[place * g->group_channels] + group * g->group_channels + i);
        i += panel.columns;
      }
}

static void FN(convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate,
    void *scratch) {
  const FN(geometry) g = FN(measure)(c, rows, scratch);
  FN(lay_out)(&g);
  for (size_t f = 0; f < g.group_filters; f++) g.consecutive[f] = (ptrdiff_t)f;
  if (!accumulate) memset(dx, 0, rows * g.input_image * sizeof(T));
  for (size_t row = 0; row < rows; row += g.images) {
    const size_t count = FN(smaller)(g.images, rows - row);
    T *x = (T *)dx + row * g.input_image;
    if (g.copies) {
      memset(g.copy, 0, count * g.image * sizeof(T));
      if (accumulate) FN(copy_images)(&g, x, count, false);
    }
    FN(spread)(&g, count, (const T *)dy + row * g.outputs * g.filters, packed, g.copies ? g.copy : x);
    if (g.copies) FN(copy_images)(&g, x, count, true);
  }
}

// MARK: - Backward by the weights

/// The numbers of a window that stand side by side in the image.
INLINE size_t FN(run_length)(const FN(geometry) *g) {
  return g->groups == 1 && g->w->dilation[2] == 1 ? g->w->size[2] * g->group_channels : g->group_channels;
}

/// Adds the gradient of `count` images by the weights, panels being numbers of the window that stand side by side, rows
/// filters.
static void FN(add_weights_along_window)(
    const FN(geometry) *g, size_t count, const T *x, const T *dy, T *dw, nbs_start start) {
  const size_t run = FN(run_length)(g);
  for (size_t group = 0; group < g->groups; group++)
    for (size_t e = 0; e < g->chain;) {
      const FN(panel) panel = FN(next_panel)(run - e % run);
      FN(tile) tile = {
          .k = count * g->outputs, .offsets = g->places, .step = (ptrdiff_t)g->filters, .start = start,
          .b = x + group * g->group_channels + g->window[e]};
      for (size_t f = group * g->group_filters; f < (group + 1) * g->group_filters;) {
        const int rows = FN(next_rows)((group + 1) * g->group_filters - f, panel.width);
        tile.a[0] = dy + f;
        for (int r = 0; r < rows; r++, f++) tile.c[r] = dw + f * g->chain + e;
        FN(tiles)[FN(ROWS_ADJACENT)][panel.width][rows - 1](&tile);
      }
      e += panel.columns;
    }
}

/// The same, panels being filters, rows numbers of the window: for windows that would leave lanes empty.
static void FN(add_weights_along_filters)(
    const FN(geometry) *g, size_t count, const T *x, const T *dy, T *dw, nbs_start start) {
  const size_t k = count * g->outputs;
  for (size_t group = 0; group < g->groups; group++)
    for (size_t f = 0; f < g->group_filters;) {
      const FN(panel) panel = FN(next_panel)(g->group_filters - f);
      const size_t filter = group * g->group_filters + f;
      FN(tile) tile = {.k = k, .offsets = g->places, .step = (ptrdiff_t)g->filters, .b = dy + filter, .start = start};
      if (panel.columns < panel.lanes) {
        FN(pack_panel)(dy + filter, (ptrdiff_t)g->filters, 1, k, panel, g->panel);
        tile.b = g->panel, tile.step = (ptrdiff_t)panel.lanes;
      }
      for (size_t e = 0; e < g->chain;) {
        const int rows = FN(next_rows)(g->chain - e, panel.width);
        for (int r = 0; r < rows; r++, e++) {
          tile.a[r] = x + group * g->group_channels + g->window[e];
          tile.c[r] = dw + filter * g->chain + e;
        }
        FN(run_buffered_tile)(tile, FN(ROWS_APART), rows, panel, (ptrdiff_t)g->chain, false);
      }
      f += panel.columns;
    }
}

static void FN(convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *input, const void *dy, void *dw, bool accumulate,
    void *scratch) {
  const FN(geometry) g = FN(measure)(c, rows, scratch);
  FN(lay_out)(&g);
  if (rows == 0 && !accumulate) memset(dw, 0, g.filters * g.chain * sizeof(T));
  if (g.copies) memset(g.copy, 0, g.images * g.image * sizeof(T));
  const bool along_window = FN(padded_columns)(FN(run_length)(&g)) == FN(run_length)(&g);
  nbs_start start = accumulate ? NBS_FROM_RESULT : NBS_FROM_ZERO;
  for (size_t row = 0; row < rows; row += g.images, start = NBS_FROM_RESULT) {
    const size_t count = FN(smaller)(g.images, rows - row);
    T *x = (T *)input + row * g.input_image;
    if (g.copies) FN(copy_images)(&g, x, count, false);
    (along_window ? FN(add_weights_along_window) : FN(add_weights_along_filters))(
        &g, count, g.copies ? g.copy : x, (const T *)dy + row * g.outputs * g.filters, dw, start);
  }
}
