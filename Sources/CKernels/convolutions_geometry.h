// Where a convolution finds its numbers. No include guard: included once for each level and precision.
//
// An image whose windows reach beyond its edges is copied into one with zeros around it, so every product reads in the same
// way: window number e of output place p stands at `places[p] + window[e]`, and zeros are multiplied like all else.

/// How many output places go through at once, at least: small images go through together.
#undef PLACES_AT_ONCE
#define PLACES_AT_ONCE 256

/// The sizes that everything else is told from, and the tables and images in the scratch memory.
typedef struct FN(geometry) {
  const nbs_window *w;
  size_t groups, group_channels, group_filters, filters;
  /// Window places; output places of an image; numbers of a window in one group.
  size_t window_places, outputs, chain;
  /// Whether images are copied into larger ones, of `extent` places along each axis.
  bool copies;
  size_t extent[3];
  /// The numbers of an image as it comes, and as it is read.
  size_t input_image, image;
  /// How many images go through at once.
  size_t images;

  /// For each output place of these images, where its window begins.
  ptrdiff_t *places;
  /// For each number of a window, where it stands from there.
  ptrdiff_t *window;
  /// 0, 1, 2, ...: as many as a group has filters.
  ptrdiff_t *consecutive;
  T *copy;
  /// A panel of the outputs' gradient.
  T *panel;
  size_t bytes;
} FN(geometry);

/// How far the windows reach along an axis, from the first zero on.
INLINE size_t FN(reach)(const nbs_window *w, int axis) {
  return (w->output[axis] - 1) * w->stride[axis] + (w->size[axis] - 1) * w->dilation[axis] + 1;
}

INLINE size_t FN(volume)(const size_t extent[3]) { return extent[0] * extent[1] * extent[2]; }

/// Takes `bytes` from the scratch memory, aligned to 64.
INLINE void *FN(take)(FN(geometry) *g, void *scratch, size_t bytes) {
  void *taken = scratch ? (char *)scratch + g->bytes : NULL;
  g->bytes += (bytes + 63) / 64 * 64;
  return taken;
}

/// The sizes, and places for tables in the scratch memory (which may be NULL where only its size is asked for).
static FN(geometry) FN(measure)(const nbs_convolution *c, size_t rows, void *scratch) {
  const nbs_window *w = &c->window;
  FN(geometry) g = {.w = w, .groups = c->groups, .filters = c->filters};
  g.group_channels = w->channels / c->groups, g.group_filters = c->filters / c->groups;
  g.window_places = FN(volume)(w->size), g.outputs = FN(volume)(w->output);
  g.chain = g.window_places * g.group_channels;
  for (int axis = 0; axis < 3; axis++)
    g.copies |= w->before[axis] > 0 || FN(reach)(w, axis) > w->input[axis];
  for (int axis = 0; axis < 3; axis++) g.extent[axis] = g.copies ? FN(reach)(w, axis) : w->input[axis];
  g.input_image = FN(volume)(w->input) * w->channels, g.image = FN(volume)(g.extent) * w->channels;
  g.images = FN(smaller)((PLACES_AT_ONCE + g.outputs - 1) / g.outputs, rows);
  g.places = FN(take)(&g, scratch, g.images * g.outputs * sizeof(ptrdiff_t));
  g.window = FN(take)(&g, scratch, g.chain * sizeof(ptrdiff_t));
  g.consecutive = FN(take)(&g, scratch, g.group_filters * sizeof(ptrdiff_t));
  g.copy = FN(take)(&g, scratch, g.copies ? g.images * g.image * sizeof(T) : 0);
  g.panel = FN(take)(&g, scratch, g.images * g.outputs * 2 * LANE_BYTES);
  return g;
}

/// Fills the tables.
static void FN(lay_out)(const FN(geometry) *g) {
  const nbs_window *w = g->w;
  const size_t line = g->extent[2] * w->channels, plane = g->extent[1] * line;
  ptrdiff_t *place = g->places, *number = g->window;
  for (size_t image = 0; image < g->images; image++)
    for (size_t z = 0; z < w->output[0]; z++)
      for (size_t y = 0; y < w->output[1]; y++) {
        const size_t first = image * g->image + z * w->stride[0] * plane + y * w->stride[1] * line;
        for (size_t x = 0; x < w->output[2]; x++) *place++ = (ptrdiff_t)(first + x * w->stride[2] * w->channels);
      }
  for (size_t z = 0; z < w->size[0]; z++)
    for (size_t y = 0; y < w->size[1]; y++)
      for (size_t x = 0; x < w->size[2]; x++) {
        const size_t first =
            z * w->dilation[0] * plane + y * w->dilation[1] * line + x * w->dilation[2] * w->channels;
        for (size_t i = 0; i < g->group_channels; i++) *number++ = (ptrdiff_t)(first + i);
      }
}

/// Copies what the windows read of `count` images into those with zeros around, or back where `back` is set.
static void FN(copy_images)(const FN(geometry) *g, T *images, size_t count, bool back) {
  const nbs_window *w = g->w;
  size_t inside[3];
  for (int axis = 0; axis < 3; axis++) {
    const size_t before = FN(smaller)(w->before[axis], g->extent[axis]);
    inside[axis] = FN(smaller)(w->input[axis], g->extent[axis] - before);
  }
  if (FN(volume)(inside) == 0) return;
  const size_t bytes = inside[2] * w->channels * sizeof(T);
  for (size_t image = 0; image < count; image++)
    for (size_t z = 0; z < inside[0]; z++)
      for (size_t y = 0; y < inside[1]; y++) {
        T *outside = images + image * g->input_image + (z * w->input[1] + y) * w->input[2] * w->channels;
        const size_t place = ((z + w->before[0]) * g->extent[1] + y + w->before[1]) * g->extent[2] + w->before[2];
        T *framed = g->copy + image * g->image + place * w->channels;
        if (back)
          memcpy(outside, framed, bytes);
        else
          memcpy(framed, outside, bytes);
      }
}

static size_t FN(convolution_scratch)(const nbs_convolution *c, size_t rows) {
  return FN(measure)(c, rows, NULL).bytes;
}
