// Positions of an image that are treated alike. No include guard: included once for each level and precision.

// MARK: - Regions

/// Positions evenly spaced along images and three axes: how many, how far apart in the factors and in the result, and where
/// the first one stands there.
typedef struct FN(region) {
  size_t count[4];
  ptrdiff_t a[4], c[4];
  size_t first_a, first_c;
} FN(region);

INLINE size_t FN(region_size)(const FN(region) *region) {
  return region->count[0] * FN(volume)(region->count + 1);
}

/// A walk through a region, position by position.
typedef struct FN(walk) {
  size_t left[4];
  const T *a;
  T *c;
} FN(walk);

INLINE void FN(advance)(FN(walk) *walk, const FN(region) *region) {
  for (int axis = 3; axis >= 0; axis--) {
    walk->a += region->a[axis], walk->c += region->c[axis];
    if (--walk->left[axis] > 0) return;
    const ptrdiff_t count = (ptrdiff_t)region->count[axis];
    walk->left[axis] = region->count[axis];
    walk->a -= count * region->a[axis], walk->c -= count * region->c[axis];
  }
}

/// Runs a tile's work for every position of a region.
static void FN(run_region)(const FN(region) *region, FN(tile) *tile, FN(panel) panel, const T *a, T *c) {
  FN(walk) walk = {.a = a + region->first_a, .c = c + region->first_c};
  for (int axis = 0; axis < 4; axis++) walk.left[axis] = region->count[axis];
  for (size_t remaining = FN(region_size)(region); remaining > 0;) {
    const int rows = FN(next_rows)(remaining, panel.width);
    for (int r = 0; r < rows; r++) {
      tile->a[r] = walk.a, tile->c[r] = walk.c;
      FN(advance)(&walk, region);
    }
    FN(run_tile)(tile, FN(ROWS_APART), rows, panel);
    remaining -= (size_t)rows;
  }
}

// MARK: - Spans

/// Positions along an axis, `step` apart, that the same places of the window connect with the other image.
typedef struct FN(span) {
  size_t first, step, count;
  /// Those places: `places` of them, from `place` on, `place_step` apart.
  size_t place, place_step, places;
} FN(span);

INLINE size_t FN(divide_up)(size_t a, size_t b) { return (a + b - 1) / b; }

/// The window places of an output position that lie inside the input.
INLINE FN(span) FN(places_of_output)(const nbs_window *w, int axis, size_t position) {
  const size_t first = position * w->stride[axis], before = w->before[axis], dilation = w->dilation[axis];
  const size_t end = w->input[axis] + before, size = w->size[axis];
  FN(span) span = {.first = position, .step = 1, .count = 1, .place_step = 1};
  if (first < before) span.place = FN(smaller)(FN(divide_up)(before - first, dilation), size);
  size_t beyond = size;
  if (first + (size - 1) * dilation >= end) beyond = first < end ? FN(divide_up)(end - first, dilation) : 0;
  span.places = beyond > span.place ? beyond - span.place : 0;
  // Where the whole window lies inside, so it does for all up to the edge.
  if (span.places == size) span.count += (end - 1 - (size - 1) * dilation - first) / w->stride[axis];
  span.count = FN(smaller)(span.count, w->output[axis] - position);
  return span;
}

/// The window places by which an input position reaches outputs.
INLINE FN(span) FN(places_of_input)(const nbs_window *w, int axis, size_t position) {
  const size_t stride = w->stride[axis], dilation = w->dilation[axis];
  const size_t at = position + w->before[axis], last = (w->output[axis] - 1) * stride;
  FN(span) span = {.first = position, .step = stride, .count = 1, .place_step = 1};
  const size_t beyond = FN(smaller)(at / dilation + 1, w->size[axis]);
  // The places that the stride does not skip are evenly spaced.
  for (size_t place = at > last ? FN(divide_up)(at - last, dilation) : 0, previous = 0; place < beyond; place++) {
    if (stride > 1 && (at - place * dilation) % stride != 0) continue;
    if (span.places == 0) span.place = place;
    else span.place_step = place - previous;
    previous = place;
    span.places++;
  }
  // Where no place lacks its output, so it is for all up to the last output.
  if (at >= (w->size[axis] - 1) * dilation && at <= last) span.count += (last - at) / stride;
  span.count = FN(smaller)(span.count, (w->input[axis] - position - 1) / stride + 1);
  return span;
}

/// Which way the numbers go: from the inputs to the outputs, or gradients back.
typedef enum { FN(FORWARD), FN(BACKWARD) } FN(direction);

/// How many numbers of the input along an axis (or output, going back) lie between two neighbours of a span.
INLINE size_t FN(source_step)(const nbs_window *w, int axis, FN(direction) direction) {
  return direction == FN(FORWARD) ? w->stride[axis] : 1;
}

/// Where a window place that serves a position finds it in the other image.
INLINE size_t FN(source)(const nbs_window *w, int axis, FN(direction) direction, size_t position, size_t place) {
  const size_t reach = place * w->dilation[axis];
  return direction == FN(FORWARD) ? position * w->stride[axis] + reach - w->before[axis]
                                  : (position + w->before[axis] - reach) / w->stride[axis];
}

/// The spans of an axis; there are at most as many as positions.
static size_t FN(find_spans)(const nbs_window *w, int axis, FN(direction) direction, FN(span) *spans) {
  const size_t positions = direction == FN(FORWARD) ? w->output[axis] : w->input[axis];
  const size_t step = direction == FN(FORWARD) ? 1 : w->stride[axis];
  size_t found = 0;
  for (size_t first = 0; first < FN(smaller)(step, positions); first++)
    for (size_t position = first, count; position < positions; position += count * step) {
      const FN(span) span = direction == FN(FORWARD) ? FN(places_of_output)(w, axis, position)
                                                     : FN(places_of_input)(w, axis, position);
      FN(span) *last = spans + found - 1;
      count = span.count;
      if (position > first && last->places == span.places &&
          (span.places == 0 || (last->place == span.place && last->place_step == span.place_step)))
        last->count += count;
      else
        spans[found++] = span;
    }
  return found;
}
