// What a convolution's arrays look like, and its weights in panels. No include guard: included once for each level and
// precision.

INLINE size_t FN(volume)(const size_t extent[3]) { return extent[0] * extent[1] * extent[2]; }

/// The numbers of an image, which has `width` channels or filters at each place.
typedef struct FN(image) {
  const size_t *extent;
  size_t width;
} FN(image);

INLINE FN(image) FN(input_image)(const nbs_convolution *c) {
  return (FN(image)){c->window.input, c->window.channels};
}

INLINE FN(image) FN(output_image)(const nbs_convolution *c) { return (FN(image)){c->window.output, c->filters}; }

INLINE size_t FN(image_size)(FN(image) image) { return FN(volume)(image.extent) * image.width; }

/// How far apart two neighbours along an axis stand.
INLINE size_t FN(axis_step)(FN(image) image, int axis) {
  size_t step = image.width;
  for (int inner = 2; inner > axis; inner--) step *= image.extent[inner];
  return step;
}

INLINE size_t FN(group_channels)(const nbs_convolution *c) { return c->window.channels / c->groups; }
INLINE size_t FN(group_filters)(const nbs_convolution *c) { return c->filters / c->groups; }

/// The weights of a filter.
INLINE size_t FN(filter_size)(const nbs_convolution *c) { return FN(volume)(c->window.size) * FN(group_channels)(c); }

// MARK: - Packed weights

// Group by group, panels of filters (forward) or channels (backward); in a panel, for each place of the window and each
// channel (filter) as many numbers as the panel has lanes.

static size_t FN(gathered_forward_size)(const nbs_convolution *c) {
  return c->groups * FN(padded_columns)(FN(group_filters)(c)) * FN(filter_size)(c);
}

static void FN(gathered_pack_forward)(const nbs_convolution *c, const void *weights, void *packed) {
  const size_t filters = FN(group_filters)(c), k = FN(filter_size)(c);
  const T *from = weights;
  T *to = packed;
  for (size_t group = 0; group < c->groups; group++)
    for (size_t f = 0; f < filters;) {
      const FN(panel) panel = FN(next_panel)(filters - f);
      FN(pack_panel)(from, 1, (ptrdiff_t)k, k, panel, to);
      from += panel.columns * k, to += panel.lanes * k, f += panel.columns;
    }
}

static size_t FN(gathered_backward_size)(const nbs_convolution *c) {
  return c->filters * FN(padded_columns)(FN(group_channels)(c)) * FN(volume)(c->window.size);
}

static void FN(gathered_pack_backward)(const nbs_convolution *c, const void *weights, void *packed) {
  const size_t channels = FN(group_channels)(c), filters = FN(group_filters)(c), k = FN(filter_size)(c);
  T *to = packed;
  for (size_t group = 0; group < c->groups; group++)
    for (size_t i = 0; i < channels;) {
      const FN(panel) panel = FN(next_panel)(channels - i);
      const T *from = (const T *)weights + group * filters * k + i;
      for (size_t place = 0; place < k; place += channels, to += panel.lanes * filters)
        FN(pack_panel)(from + place, (ptrdiff_t)k, 1, filters, panel, to);
      i += panel.columns;
    }
}
