// Weights, packed in panels for the forward and the backward products. No include guard: included once for each level and
// precision.

static size_t FN(pack_forward_size)(const nbs_convolution *c) {
  const FN(geometry) g = FN(measure)(c, 1, NULL);
  return g.groups * FN(padded_columns)(g.group_filters) * g.chain;
}

/// Group by group, panels of filters: for each number of the window one number a filter.
static void FN(pack_forward)(const nbs_convolution *c, const void *weights, void *packed) {
  const FN(geometry) g = FN(measure)(c, 1, NULL);
  const T *w = weights;
  T *to = packed;
  for (size_t group = 0; group < g.groups; group++)
    for (size_t f = 0; f < g.group_filters;) {
      const FN(panel) panel = FN(next_panel)(g.group_filters - f);
      FN(pack_panel)(w, 1, (ptrdiff_t)g.chain, g.chain, panel, to);
      to += panel.lanes * g.chain, w += panel.columns * g.chain, f += panel.columns;
    }
}

static size_t FN(pack_backward_size)(const nbs_convolution *c) {
  const FN(geometry) g = FN(measure)(c, 1, NULL);
  return g.groups * FN(padded_columns)(g.group_channels) * g.window_places * g.group_filters;
}

/// Group by group, panels of channels: for each place of the window and each filter one number a channel.
static void FN(pack_backward)(const nbs_convolution *c, const void *weights, void *packed) {
  const FN(geometry) g = FN(measure)(c, 1, NULL);
  T *to = packed;
  for (size_t group = 0; group < g.groups; group++)
    for (size_t i = 0; i < g.group_channels;) {
      const FN(panel) panel = FN(next_panel)(g.group_channels - i);
      for (size_t place = 0; place < g.window_places; place++) {
        const T *w = (const T *)weights + group * g.group_filters * g.chain + place * g.group_channels + i;
        FN(pack_panel)(w, (ptrdiff_t)g.chain, 1, g.group_filters, panel, to);
        to += panel.lanes * g.group_filters;
      }
      i += panel.columns;
    }
}
