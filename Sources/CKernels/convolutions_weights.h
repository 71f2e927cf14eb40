// Convolution backward by the weights. No include guard: included once for each level and precision.
//
// Here places beyond the edges count as zeros: images whose windows reach beyond are copied into larger ones, so that all
// weights have chains over the same output places and a tile serves many of them.

/// How many output places go through at once, at least: small images go through together. Their numbers lie powers of two apart
/// as often as not, and with twice as many the lines that a tile reads take turns in the same few places of the nearest cache.
#undef PLACES_AT_ONCE
#define PLACES_AT_ONCE 128

/// What the gradient by the weights works on: images as they are read, and tables.
typedef struct FN(weights_pass) {
  const nbs_convolution *convolution;
  /// Whether images are copied into larger ones, of `extent` places along each axis.
  bool copies;
  size_t extent[3];
  /// The numbers of an image as it is read; how many images go through at once.
  size_t image, images;
  /// For each output place of these images, where its window begins; for each number of a window, where it is from there.
  size_t *places, *window;
  FN(step) *steps;
  T *copy;
  /// A panel of the outputs' gradient.
  T *panel;
} FN(weights_pass);

/// Takes `bytes` from the scratch memory, in multiples of 64.
INLINE void *FN(take)(void *scratch, size_t *taken, size_t bytes) {
  void *start = scratch ? (char *)scratch + *taken : NULL;
  *taken += (bytes + 63) / 64 * 64;
  return start;
}

/// The sizes, and room for what is needed in the scratch memory; that may be NULL where only its size is asked for.
static FN(weights_pass) FN(make_weights_pass)(const nbs_convolution *c, size_t rows, void *scratch, size_t *taken) {
  const nbs_window *w = &c->window;
  FN(weights_pass) pass = {.convolution = c};
  for (int axis = 0; axis < 3; axis++) {
    // How far the windows reach, from the first zero on.
    pass.extent[axis] =
        (w->output[axis] - 1) * w->stride[axis] + (w->size[axis] - 1) * w->dilation[axis] + 1;
    pass.copies |= w->before[axis] > 0 || pass.extent[axis] > w->input[axis];
  }
  if (!pass.copies) memcpy(pass.extent, w->input, sizeof pass.extent);
  const size_t outputs = FN(volume)(w->output);
  pass.image = FN(volume)(pass.extent) * w->channels;
  pass.images = FN(smaller)(FN(divide_up)(PLACES_AT_ONCE, outputs), rows);
  const size_t places = pass.images * outputs;
  pass.places = FN(take)(scratch, taken, places * sizeof(size_t));
  pass.window = FN(take)(scratch, taken, FN(filter_size)(c) * sizeof(size_t));
  pass.steps = FN(take)(scratch, taken, places * sizeof(FN(step)));
  pass.copy = FN(take)(scratch, taken, pass.copies ? pass.images * pass.image * sizeof(T) : 0);
  pass.panel = FN(take)(scratch, taken, places * 2 * LANE_BYTES);
  return pass;
}

/// Fills the tables of places.
static void FN(find_places)(const FN(weights_pass) *pass) {
  const nbs_convolution *c = pass->convolution;
  const nbs_window *w = &c->window;
  const FN(image) image = {pass->extent, w->channels};
  const size_t plane = FN(axis_step)(image, 0), line = FN(axis_step)(image, 1);
  size_t *place = pass->places, *number = pass->window;
  for (size_t i = 0; i < pass->images; i++)
    for (size_t z = 0; z < w->output[0]; z++)
      for (size_t y = 0; y < w->output[1]; y++) {
        const size_t first = i * pass->image + z * w->stride[0] * plane + y * w->stride[1] * line;
        for (size_t x = 0; x < w->output[2]; x++) *place++ = first + x * w->stride[2] * w->channels;
      }
  for (size_t z = 0; z < w->size[0]; z++)
    for (size_t y = 0; y < w->size[1]; y++)
      for (size_t x = 0; x < w->size[2]; x++) {
        const size_t first = z * w->dilation[0] * plane + y * w->dilation[1] * line + x * w->dilation[2] * w->channels;
        for (size_t i = 0; i < FN(group_channels)(c); i++) *number++ = first + i;
      }
}

/// Copies what the windows read of `count` images into those with zeros around.
static void FN(copy_images)(const FN(weights_pass) *pass, const T *images, size_t count) {
  const nbs_window *w = &pass->convolution->window;
  const FN(image) small = FN(input_image)(pass->convolution), large = {pass->extent, w->channels};
  size_t inside[3], first = 0;
  for (int axis = 0; axis < 3; axis++) {
    const size_t room = pass->extent[axis] > w->before[axis] ? pass->extent[axis] - w->before[axis] : 0;
    inside[axis] = FN(smaller)(w->input[axis], room);
    first += w->before[axis] * FN(axis_step)(large, axis);
  }
  if (FN(volume)(inside) == 0) return;
  for (size_t i = 0; i < count; i++)
    for (size_t z = 0; z < inside[0]; z++)
      for (size_t y = 0; y < inside[1]; y++)
        memcpy(
            pass->copy + i * pass->image + first + z * FN(axis_step)(large, 0) + y * FN(axis_step)(large, 1),
            images + i * FN(image_size)(small) + z * FN(axis_step)(small, 0) + y * FN(axis_step)(small, 1),
            inside[2] * w->channels * sizeof(T));
}

/// The numbers of a window that stand side by side in the image.
INLINE size_t FN(run_length)(const nbs_convolution *c) {
  return c->groups == 1 && c->window.dilation[2] == 1 ? c->window.size[2] * c->window.channels
                                                      : FN(group_channels)(c);
}

/// Adds the gradient of `count` images by the weights, columns being numbers of the window that stand side by side, rows
/// filters.
static void FN(add_along_window)(
    const FN(weights_pass) *pass, size_t count, const T *x, const T *dy, T *dw, nbs_start start) {
  const nbs_convolution *c = pass->convolution;
  const size_t run = FN(run_length)(c), size = FN(filter_size)(c), filters = FN(group_filters)(c);
  FN(tile) tile = {.k = count * FN(volume)(c->window.output), .steps = pass->steps, .start = start};
  for (size_t p = 0; p < tile.k; p++)
    pass->steps[p] = (FN(step)){(ptrdiff_t)(p * c->filters), (ptrdiff_t)pass->places[p]};
  for (size_t group = 0; group < c->groups; group++)
    for (size_t e = 0; e < size;) {
      const FN(panel) panel = FN(next_panel)(run - e % run);
      tile.b = x + group * FN(group_channels)(c) + pass->window[e];
      for (size_t f = group * filters, end = f + filters; f < end;) {
        const int rows = FN(next_rows)(end - f, panel.width);
        tile.a[0] = dy + f;
        for (int r = 0; r < rows; r++, f++) tile.c[r] = dw + f * size + e;
        FN(run_tile)(&tile, FN(ROWS_ADJACENT), rows, panel);
      }
      e += panel.columns;
    }
}

/// The same, columns being filters, rows numbers of the window: for windows that would leave lanes empty.
static void FN(add_along_filters)(
    const FN(weights_pass) *pass, size_t count, const T *x, const T *dy, T *dw, nbs_start start) {
  const nbs_convolution *c = pass->convolution;
  const size_t size = FN(filter_size)(c), filters = FN(group_filters)(c);
  FN(tile) tile = {.k = count * FN(volume)(c->window.output), .steps = pass->steps, .start = start};
  for (size_t group = 0; group < c->groups; group++)
    for (size_t f = 0; f < filters;) {
      const FN(panel) panel = FN(next_panel)(filters - f);
      const size_t filter = group * filters + f;
      const bool packs = panel.columns < panel.lanes;
      if (packs) FN(pack_panel)(dy + filter, (ptrdiff_t)c->filters, 1, tile.k, panel, pass->panel);
      tile.b = packs ? pass->panel : dy + filter;
      for (size_t p = 0; p < tile.k; p++)
        pass->steps[p] = (FN(step)){(ptrdiff_t)pass->places[p], (ptrdiff_t)(p * (packs ? panel.lanes : c->filters))};
      for (size_t e = 0; e < size;) {
        const int rows = FN(next_rows)(size - e, panel.width);
        for (int r = 0; r < rows; r++, e++) {
          tile.a[r] = x + group * FN(group_channels)(c) + pass->window[e];
          tile.c[r] = dw + filter * size + e;
        }
        FN(run_buffered_tile)(tile, FN(ROWS_APART), rows, panel, (ptrdiff_t)size, false);
      }
      f += panel.columns;
    }
}

static void FN(gathered_convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *x, const void *dy, void *dw, bool accumulate,
    void *scratch) {
  size_t taken = 0;
  const FN(weights_pass) pass = FN(make_weights_pass)(c, rows, scratch, &taken);
  FN(find_places)(&pass);
  if (rows == 0 && !accumulate) memset(dw, 0, c->filters * FN(filter_size)(c) * sizeof(T));
  if (pass.copies) memset(pass.copy, 0, pass.images * pass.image * sizeof(T));
  const size_t run = FN(run_length)(c);
  const bool along_window = FN(padded_columns)(run) == run;
  nbs_start start = accumulate ? NBS_FROM_RESULT : NBS_FROM_ZERO;
  for (size_t row = 0; row < rows; row += pass.images, start = NBS_FROM_RESULT) {
    const size_t count = FN(smaller)(pass.images, rows - row);
    const T *images = (const T *)x + row * FN(image_size)(FN(input_image)(c));
    if (pass.copies) FN(copy_images)(&pass, images, count);
    (along_window ? FN(add_along_window) : FN(add_along_filters))(
        &pass, count, pass.copies ? pass.copy : images,
        (const T *)dy + row * FN(image_size)(FN(output_image)(c)), dw, start);
  }
}
