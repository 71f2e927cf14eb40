// Convolution forward, and backward by the data. No include guard: included once for each level and precision.
//
// Places beyond the edges take no part. Positions that the same window places serve form regions, within which each sum is
// one pass of a tile: results are gathered. Where edges leave small regions only, results are scattered instead, one place of
// the window at a time over all the positions it serves. The chains are the same.

/// How many bytes of images go through at once.
#undef IMAGE_BYTES
#define IMAGE_BYTES ((size_t)1 << 18)

/// The factors of one place of the window that are worth a tile of their own, at least.
#undef LEAST_SCATTERED_DEPTH
#define LEAST_SCATTERED_DEPTH 8

/// A pass over images, forward or backward.
typedef struct FN(pass) {
  const nbs_convolution *convolution;
  FN(direction) direction;
  FN(image) from, to;
  /// The factors that each window place adds to a chain, and the results of a position, both in one group.
  size_t depth, columns;
  const T *packed;
  nbs_start start;
  const T *bias;
  FN(span) *spans[3];
  size_t span_count[3];
  FN(step) *steps;
} FN(pass);

INLINE size_t FN(pass_steps)(const nbs_convolution *c, FN(direction) direction) {
  return FN(volume)(c->window.size) * (direction == FN(FORWARD) ? FN(group_channels)(c) : FN(group_filters)(c));
}

INLINE FN(image) FN(result_image)(const nbs_convolution *c, FN(direction) direction) {
  return direction == FN(FORWARD) ? FN(output_image)(c) : FN(input_image)(c);
}

static size_t FN(pass_scratch)(const nbs_convolution *c, FN(direction) direction) {
  const size_t *extent = FN(result_image)(c, direction).extent;
  return (extent[0] + extent[1] + extent[2]) * sizeof(FN(span)) +
         FN(pass_steps)(c, direction) * sizeof(FN(step));
}

static FN(pass) FN(make_pass)(
    const nbs_convolution *c, FN(direction) direction, const void *packed, void *scratch) {
  FN(pass) pass = {.convolution = c, .direction = direction, .packed = packed, .steps = scratch};
  pass.to = FN(result_image)(c, direction);
  pass.from = direction == FN(FORWARD) ? FN(input_image)(c) : FN(output_image)(c);
  pass.depth = direction == FN(FORWARD) ? FN(group_channels)(c) : FN(group_filters)(c);
  pass.columns = direction == FN(FORWARD) ? FN(group_filters)(c) : FN(group_channels)(c);
  FN(span) *spans = (FN(span) *)(pass.steps + FN(pass_steps)(c, direction));
  for (int axis = 0; axis < 3; axis++) {
    pass.spans[axis] = spans;
    pass.span_count[axis] = FN(find_spans)(&c->window, axis, direction, spans);
    spans += pass.to.extent[axis];
  }
  return pass;
}

// MARK: - Gathered

/// The region where three spans meet, in `images` images.
static FN(region) FN(region_of)(const FN(pass) *pass, const FN(span) *const spans[3], size_t images) {
  FN(region) region = {.count[0] = images};
  region.a[0] = (ptrdiff_t)FN(image_size)(pass->from), region.c[0] = (ptrdiff_t)FN(image_size)(pass->to);
  for (int axis = 0; axis < 3; axis++) {
    region.count[axis + 1] = spans[axis]->count;
    region.a[axis + 1] = (ptrdiff_t)(FN(source_step)(&pass->convolution->window, axis, pass->direction) *
                                     FN(axis_step)(pass->from, axis));
    region.c[axis + 1] = (ptrdiff_t)(spans[axis]->step * FN(axis_step)(pass->to, axis));
    region.first_c += spans[axis]->first * FN(axis_step)(pass->to, axis);
  }
  return region;
}

/// The steps of the chains at the first position of three spans, for a panel of `lanes`.
static size_t FN(find_steps)(const FN(pass) *pass, const FN(span) *const spans[3], size_t lanes) {
  const nbs_window *w = &pass->convolution->window;
  size_t source[3], place[3], count = 0;
#define EACH_PLACE(axis)                                                                             \
  place[axis] = spans[axis]->place;                                                                  \
  for (size_t i##axis = 0; i##axis < spans[axis]->places; i##axis++, place[axis] += spans[axis]->place_step)
#define SOURCE(axis)                                                                                 \
  source[axis] = FN(source)(w, axis, pass->direction, spans[axis]->first, place[axis]) * FN(axis_step)(pass->from, axis)
  EACH_PLACE(0) {
    SOURCE(0);
    EACH_PLACE(1) {
      SOURCE(1);
      EACH_PLACE(2) {
        SOURCE(2);
        const size_t a = source[0] + source[1] + source[2];
        const size_t b = ((place[0] * w->size[1] + place[1]) * w->size[2] + place[2]) * pass->depth * lanes;
        for (size_t i = 0; i < pass->depth; i++)
          pass->steps[count++] = (FN(step)){(ptrdiff_t)(a + i), (ptrdiff_t)(b + i * lanes)};
      }
    }
  }
#undef EACH_PLACE
#undef SOURCE
  return count;
}

/// Computes the results where three spans meet, in `images` images.
static void FN(gather_region)(
    const FN(pass) *pass, const FN(span) *const spans[3], size_t images, const T *from, T *to) {
  const FN(region) region = FN(region_of)(pass, spans, images);
  const size_t panel_size = FN(volume)(pass->convolution->window.size) * pass->depth;
  FN(tile) tile = {.steps = pass->steps, .b = pass->packed, .start = pass->start};
  size_t lanes = 0;
  for (size_t group = 0; group < pass->convolution->groups; group++)
    for (size_t column = 0; column < pass->columns;) {
      const FN(panel) panel = FN(next_panel)(pass->columns - column);
      if (panel.lanes != lanes) tile.k = FN(find_steps)(pass, spans, panel.lanes);
      lanes = panel.lanes;
      const size_t result = group * pass->columns + column;
      if (pass->bias) tile.bias = pass->bias + result;
      FN(run_region)(&region, &tile, panel, from + group * pass->depth, to + result);
      tile.b += panel_size * panel.lanes, column += panel.columns;
    }
}

static void FN(gather)(const FN(pass) *pass, size_t images, const T *from, T *to) {
  for (size_t z = 0; z < pass->span_count[0]; z++)
    for (size_t y = 0; y < pass->span_count[1]; y++)
      for (size_t x = 0; x < pass->span_count[2]; x++) {
        const FN(span) *const spans[3] = {pass->spans[0] + z, pass->spans[1] + y, pass->spans[2] + x};
        FN(gather_region)(pass, spans, images, from, to);
      }
}

// MARK: - Scattered

/// The region of the outputs that a window place connects with inputs, in `images` images.
static FN(region) FN(region_of_place)(const FN(pass) *pass, const size_t place[3], size_t images) {
  const nbs_convolution *c = pass->convolution;
  const nbs_window *w = &c->window;
  const bool forward = pass->direction == FN(FORWARD);
  FN(region) region = {.count[0] = images};
  region.a[0] = (ptrdiff_t)FN(image_size)(pass->from), region.c[0] = (ptrdiff_t)FN(image_size)(pass->to);
  for (int axis = 0; axis < 3; axis++) {
    const size_t stride = w->stride[axis], before = w->before[axis];
    const size_t reach = place[axis] * w->dilation[axis], end = before + w->input[axis];
    const size_t first = reach < before ? FN(divide_up)(before - reach, stride) : 0;
    const size_t beyond = reach < end ? FN(smaller)(FN(divide_up)(end - reach, stride), w->output[axis]) : 0;
    if (beyond <= first) return (FN(region)){0};
    const size_t input = FN(axis_step)(FN(input_image)(c), axis), output = FN(axis_step)(FN(output_image)(c), axis);
    const size_t first_input = (first * stride + reach - before) * input, first_output = first * output;
    region.count[axis + 1] = beyond - first;
    region.a[axis + 1] = (ptrdiff_t)(forward ? stride * input : output);
    region.c[axis + 1] = (ptrdiff_t)(forward ? output : stride * input);
    region.first_a += forward ? first_input : first_output;
    region.first_c += forward ? first_output : first_input;
  }
  return region;
}

/// Goes on with all chains that one window place takes part in.
static void FN(scatter_place)(
    const FN(pass) *pass, const size_t place[3], size_t images, const T *from, T *to) {
  const size_t *size = pass->convolution->window.size;
  const FN(region) region = FN(region_of_place)(pass, place, images);
  const size_t index = (place[0] * size[1] + place[1]) * size[2] + place[2];
  const T *b = pass->packed;
  FN(tile) tile = {.k = pass->depth, .steps = pass->steps, .start = NBS_FROM_RESULT};
  size_t lanes = 0;
  for (size_t group = 0; group < pass->convolution->groups; group++)
    for (size_t column = 0; column < pass->columns;) {
      const FN(panel) panel = FN(next_panel)(pass->columns - column);
      if (panel.lanes != lanes) FN(count_steps)(pass->steps, tile.k, 1, (ptrdiff_t)panel.lanes);
      lanes = panel.lanes;
      tile.b = b + index * pass->depth * panel.lanes;
      FN(run_region)(&region, &tile, panel, from + group * pass->depth, to + group * pass->columns + column);
      b += FN(volume)(size) * pass->depth * panel.lanes, column += panel.columns;
    }
}

static void FN(scatter)(const FN(pass) *pass, size_t images, const T *from, T *to) {
  const size_t *size = pass->convolution->window.size, results = images * FN(image_size)(pass->to);
  if (pass->start == NBS_FROM_ZERO) memset(to, 0, results * sizeof(T));
  if (pass->start == NBS_FROM_BIAS)
    for (size_t i = 0; i < results; i += pass->to.width) memcpy(to + i, pass->bias, pass->to.width * sizeof(T));
  for (size_t z = 0; z < size[0]; z++)
    for (size_t y = 0; y < size[1]; y++)
      for (size_t x = 0; x < size[2]; x++)
        FN(scatter_place)(pass, (size_t[3]){z, y, x}, images, from, to);
}

// MARK: - Which of the two

/// About how long tiles take for some positions and chains of k steps, where `overhead` steps of a row go by around a tile.
INLINE size_t FN(tiles_cost)(size_t positions, size_t k, size_t overhead) {
  // Fewer rows take no less time, because each sum waits for the one before.
  const size_t least = LEVEL == 4 ? 2 : 4, rest = positions % PAIR_ROWS;
  const size_t full = positions / PAIR_ROWS * (PAIR_ROWS * k + overhead);
  return rest == 0 ? full : full + (rest > least ? rest : least) * k + overhead;
}

static bool FN(gathering_pays)(const FN(pass) *pass, size_t images) {
  if (pass->depth < LEAST_SCATTERED_DEPTH) return true;
  const nbs_window *w = &pass->convolution->window;
  size_t gathered = 0;
  for (size_t z = 0; z < pass->span_count[0]; z++)
    for (size_t y = 0; y < pass->span_count[1]; y++)
      for (size_t x = 0; x < pass->span_count[2]; x++) {
        const FN(span) *a = pass->spans[0] + z, *b = pass->spans[1] + y, *c = pass->spans[2] + x;
        const size_t k = a->places * b->places * c->places * pass->depth;
        // The steps of its chains are listed for each region.
        gathered += FN(tiles_cost)(images * a->count * b->count * c->count, k, 24) + 2 * k;
      }
  size_t scattered = 0;
  for (size_t z = 0; z < w->size[0]; z++)
    for (size_t y = 0; y < w->size[1]; y++)
      for (size_t x = 0; x < w->size[2]; x++) {
        const FN(region) region = FN(region_of_place)(pass, (size_t[3]){z, y, x}, images);
        scattered += FN(tiles_cost)(FN(region_size)(&region), pass->depth, 40);
      }
  return gathered <= scattered;
}

/// Computes the results of all rows.
static void FN(run_pass)(const FN(pass) *pass, size_t rows, const T *from, T *to) {
  const size_t bytes = (FN(image_size)(pass->from) + FN(image_size)(pass->to)) * sizeof(T);
  const size_t most = bytes < IMAGE_BYTES ? FN(smaller)(IMAGE_BYTES / bytes, rows) : 1;
  const bool gathers = FN(gathering_pays)(pass, most);
  for (size_t row = 0; row < rows; row += most) {
    const size_t images = FN(smaller)(most, rows - row);
    (gathers ? FN(gather) : FN(scatter))(
        pass, images, from + row * FN(image_size)(pass->from), to + row * FN(image_size)(pass->to));
  }
}

static void FN(gathered_convolve)(
    const nbs_convolution *c, size_t rows, const void *x, const void *packed, const void *bias, void *y,
    void *scratch) {
  FN(pass) pass = FN(make_pass)(c, FN(FORWARD), packed, scratch);
  pass.start = bias ? NBS_FROM_BIAS : NBS_FROM_ZERO, pass.bias = bias;
  FN(run_pass)(&pass, rows, x, y);
}

static void FN(gathered_convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate,
    void *scratch) {
  FN(pass) pass = FN(make_pass)(c, FN(BACKWARD), packed, scratch);
  pass.start = accumulate ? NBS_FROM_RESULT : NBS_FROM_ZERO;
  FN(run_pass)(&pass, rows, dy, dx);
}
