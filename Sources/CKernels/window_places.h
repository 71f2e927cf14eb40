// The places of a sliding window that lie inside the array, with their numbers. The window may be far larger than the
// array: only what lies inside is gone through.
#ifndef WINDOW_PLACES_H
#define WINDOW_PLACES_H

/// A walk over a window's places inside the array, in row-major order:
/// `for (window_places p = window_places_at(w, position); p.is_inside; window_places_advance(w, &p))`.
typedef struct window_places {
  bool is_inside;
  /// The number of the place in the window, and of that in the array.
  size_t place, pixel;
  /// Where the window begins, along each axis; below 0 in the zeros before the array.
  ptrdiff_t origin[3];
  /// The places inside along each axis, and the one that the walk has come to.
  size_t first[3], end[3], at[3];
} window_places;

INLINE size_t window_positions(const nbs_window *w) { return w->output[0] * w->output[1] * w->output[2]; }
INLINE size_t window_pixels(const nbs_window *w) { return w->input[0] * w->input[1] * w->input[2]; }

/// How many places lie inside.
INLINE size_t window_places_count(const window_places *p) {
  return (p->end[0] - p->first[0]) * (p->end[1] - p->first[1]) * (p->end[2] - p->first[2]);
}

INLINE void window_places_number(const nbs_window *w, window_places *p) {
  size_t pixel[3];
  for (int axis = 0; axis < 3; axis++)
    pixel[axis] = (size_t)(p->origin[axis] + (ptrdiff_t)(p->at[axis] * w->dilation[axis]));
  p->place = (p->at[0] * w->size[1] + p->at[1]) * w->size[2] + p->at[2];
  p->pixel = (pixel[0] * w->input[1] + pixel[1]) * w->input[2] + pixel[2];
}

/// Begins at a position of the output, in row-major order.
INLINE window_places window_places_at(const nbs_window *w, size_t position) {
  window_places p = {.is_inside = true};
  for (int axis = 2; axis >= 0; axis--) {
    ptrdiff_t step = (ptrdiff_t)w->dilation[axis];
    ptrdiff_t origin = (ptrdiff_t)(position % w->output[axis] * w->stride[axis]) - (ptrdiff_t)w->before[axis];
    ptrdiff_t room = (ptrdiff_t)w->input[axis] - origin;
    position /= w->output[axis];
    size_t first = origin < 0 ? (size_t)((step - 1 - origin) / step) : 0;
    size_t end = room > 0 ? (size_t)((room - 1) / step + 1) : 0;
    if (end > w->size[axis]) end = w->size[axis];
    if (first >= end) {
      first = end;
      p.is_inside = false;
    }
    p.origin[axis] = origin;
    p.first[axis] = p.at[axis] = first;
    p.end[axis] = end;
  }
  window_places_number(w, &p);
  return p;
}

INLINE void window_places_advance(const nbs_window *w, window_places *p) {
  // Mostly the next place is beside the last.
  if (++p->at[2] < p->end[2]) {
    p->place++;
    p->pixel += w->dilation[2];
    return;
  }
  p->at[2] = p->first[2];
  if (++p->at[1] == p->end[1]) {
    p->at[1] = p->first[1];
    p->is_inside = ++p->at[0] < p->end[0];
  }
  window_places_number(w, p);
}

#endif
