// No include guard: included once for each level and precision.
//
// Pools: the largest or the mean of each window, channel by channel. The largest keeps its winner for the way back:
// the place in the window, a byte, or where a window has more than 255 places the pixel in the array, four bytes. The
// highest number is nobody's.
#include "window_places.h"

#define NOBODY UINT32_MAX

#ifndef WINNERS_ARE_BYTES
#define WINNERS_ARE_BYTES
INLINE bool winners_are_bytes(const nbs_window *w) {
  // Sizes are looked at singly as well, since the product of three may not fit.
  for (int axis = 0; axis < 3; axis++)
    if (w->size[axis] > 255) return false;
  return w->size[0] * w->size[1] * w->size[2] <= 255;
}

/// Whether it is the window of most image networks: 2 x 2, moved by 2, without zeros at the edges.
INLINE bool window_is_two_by_two(const nbs_window *w) {
  for (int axis = 0; axis < 3; axis++) {
    size_t length = axis == 0 ? 1 : 2;
    if (w->size[axis] != length || w->stride[axis] != length || w->before[axis] != 0) return false;
    if (w->size[axis] > 1 && w->dilation[axis] != 1) return false;
    if (w->output[axis] != w->input[axis] / length) return false;
  }
  return true;
}
#endif

// MARK: - The largest of any window

typedef S FN(masks16) __attribute__((ext_vector_type(16), aligned(sizeof(S))));
#ifndef BYTES16
#define BYTES16
typedef uint8_t bytes16 __attribute__((ext_vector_type(16), aligned(1)));
typedef uint32_t words16 __attribute__((ext_vector_type(16), aligned(4)));
#endif

INLINE void FN(store_bytes16)(uint8_t *y, bytes16 lanes, size_t count) {
  if (count >= 16) *(bytes16 *)y = lanes;
  else memcpy(y, &lanes, count);
}

INLINE void FN(store_words16)(uint32_t *y, words16 lanes, size_t count) {
  if (count >= 16) *(words16 *)y = lanes;
  else memcpy(y, &lanes, count * sizeof(uint32_t));
}

/// 16 channels of one window, or the first `count`.
INLINE void FN(max_of_window)(
    const nbs_window *w, window_places p, const T *x, T *y, void *winners, const bool bytes, bool masks_relu,
    size_t count) {
  FN(lanes16) largest = FN(lanes16_all)((T)-__builtin_inf());
  // All bits set are nobody's number.
  FN(masks16) winner = (FN(masks16))(-1);
  bool is_first = true;
  for (; p.is_inside; window_places_advance(w, &p)) {
    FN(lanes16) value = FN(lanes16_part)(x + p.pixel * w->channels, count);
    FN(masks16) wins = (FN(masks16))(value > largest) | (FN(masks16))(value != value) | (FN(masks16))(is_first ? -1 : 0);
    largest = wins ? value : largest;
    winner = wins ? (FN(masks16))(S)(bytes ? p.place : p.pixel) : winner;
    is_first = false;
  }
  if (masks_relu) winner |= largest <= 0;
  FN(lanes16_store_part)(y, largest, count);
  if (bytes) FN(store_bytes16)(winners, __builtin_convertvector(winner, bytes16), count);
  else FN(store_words16)(winners, __builtin_convertvector(winner, words16), count);
}

INLINE void FN(max_pool_row)(
    const nbs_window *w, const T *x, T *y, char *winners, const bool bytes, bool masks_relu) {
  size_t channels = w->channels, positions = window_positions(w);
  for (size_t position = 0; position < positions; position++) {
    window_places places = window_places_at(w, position);
    for (size_t c = 0; c < channels; c += 16) {
      size_t output = position * channels + c;
      void *winner = winners + output * (bytes ? 1 : sizeof(uint32_t));
      FN(max_of_window)(w, places, x + c, y + output, winner, bytes, masks_relu, channels - c);
    }
  }
}

/// Hands each gradient to the winner, window by window.
INLINE void FN(max_pool_backward_row_of_bytes)(const nbs_window *w, const T *dy, const uint8_t *winners, T *dx) {
  size_t channels = w->channels, positions = window_positions(w);
  for (size_t position = 0; position < positions; position++, dy += channels, winners += channels)
    for (window_places p = window_places_at(w, position); p.is_inside; window_places_advance(w, &p)) {
      T *into = dx + p.pixel * channels;
      uint8_t place = (uint8_t)p.place;
      PARALLEL for (size_t c = 0; c < channels; c++) into[c] = winners[c] == place ? into[c] + dy[c] : into[c];
    }
}

INLINE void FN(max_pool_backward_row_of_pixels)(const nbs_window *w, const T *dy, const uint32_t *winners, T *dx) {
  size_t channels = w->channels, positions = window_positions(w);
  for (size_t position = 0; position < positions; position++, dy += channels, winners += channels)
    for (size_t c = 0; c < channels; c++)
      if (winners[c] != NOBODY) dx[winners[c] * channels + c] += dy[c];
}

// MARK: - The largest of 2 x 2

/// 16 channels of a window, or the first `count`.
INLINE void FN(max_of_four)(const T *const corners[4], T *y, uint8_t *winners, bool masks_relu, size_t count) {
  FN(lanes16) largest = FN(lanes16_part)(corners[0], count);
  FN(masks16) winner = {0};
  for (int place = 1; place < 4; place++) {
    FN(lanes16) value = FN(lanes16_part)(corners[place], count);
    FN(masks16) wins = (FN(masks16))(value > largest) | (FN(masks16))(value != value);
    largest = wins ? value : largest;
    winner = wins ? (FN(masks16))place : winner;
  }
  if (masks_relu) winner |= largest <= 0;
  FN(lanes16_store_part)(y, largest, count);
  FN(store_bytes16)(winners, __builtin_convertvector(winner, bytes16), count);
}

static void FN(max_pool_two_by_two)(
    const nbs_window *w, const T *x, T *y, uint8_t *winners, size_t images, bool masks_relu) {
  size_t channels = w->channels, line = w->input[2] * channels;
  for (size_t image = 0; image < images; image++, x += w->input[1] * line)
    for (size_t row = 0; row < w->output[1]; row++) {
      const T *upper = x + 2 * row * line;
      for (size_t column = 0; column < w->output[2]; column++, upper += 2 * channels) {
        for (size_t c = 0; c < channels; c += 16) {
          const T *corner = upper + c;
          const T *corners[4] = {corner, corner + channels, corner + line, corner + line + channels};
          FN(max_of_four)(corners, y + c, winners + c, masks_relu, channels - c);
        }
        y += channels;
        winners += channels;
      }
    }
}

/// What is not in any window, the last row or column of an odd length, gets 0.
INLINE void FN(clear_uncovered)(const nbs_window *w, T *dx) {
  size_t line = w->input[2] * w->channels, covered = 2 * w->output[2] * w->channels;
  for (size_t row = 0; row < w->input[1]; row++) {
    size_t from = row < 2 * w->output[1] ? covered : 0;
    memset(dx + row * line + from, 0, (line - from) * sizeof(T));
  }
}

INLINE void FN(hand_to_four)(const T *dy, const uint8_t *winners, T *const corners[4], const bool accumulate) {
  FN(lanes16) gradient = FN(lanes16_load)(dy);
  FN(masks16) winner = __builtin_convertvector(*(const bytes16 *)winners, FN(masks16));
  for (int place = 0; place < 4; place++) {
    FN(masks16) wins = (FN(masks16))(winner == place);
    FN(lanes16) rest = {0};
    if (accumulate) rest = FN(lanes16_load)(corners[place]);
    FN(lanes16_store)(corners[place], wins ? (accumulate ? rest + gradient : gradient) : rest);
  }
}

INLINE void FN(max_pool_backward_two_by_two)(
    const nbs_window *w, const T *dy, const uint8_t *winners, T *dx, size_t images, const bool accumulate) {
  size_t channels = w->channels, line = w->input[2] * channels;
  for (size_t image = 0; image < images; image++, dx += w->input[1] * line) {
    if (!accumulate) FN(clear_uncovered)(w, dx);
    for (size_t row = 0; row < w->output[1]; row++) {
      T *upper = dx + 2 * row * line;
      for (size_t column = 0; column < w->output[2]; column++, upper += 2 * channels) {
        T *const corners[4] = {upper, upper + channels, upper + line, upper + line + channels};
        size_t c = 0;
        for (; c + 16 <= channels; c += 16) {
          T *const here[4] = {corners[0] + c, corners[1] + c, corners[2] + c, corners[3] + c};
          FN(hand_to_four)(dy + c, winners + c, here, accumulate);
        }
        for (; c < channels; c++)
          for (int place = 0; place < 4; place++) {
            T rest = accumulate ? corners[place][c] : 0;
            corners[place][c] = winners[c] != place ? rest : accumulate ? rest + dy[c] : dy[c];
          }
        dy += channels;
        winners += channels;
      }
    }
  }
}

// MARK: - The table's functions

static void FN(max_pool)(
    const nbs_window *w, const void *x, void *y, void *winners, size_t rows, bool masks_relu) {
  if (window_is_two_by_two(w))
    return FN(max_pool_two_by_two)(w, x, y, winners, rows * w->input[0], masks_relu);
  bool bytes = winners_are_bytes(w);
  const T *from = x;
  T *into = y;
  char *winner = winners;
  size_t outputs = window_positions(w) * w->channels;
  for (size_t row = 0; row < rows; row++) {
    if (bytes) FN(max_pool_row)(w, from, into, winner, true, masks_relu);
    else FN(max_pool_row)(w, from, into, winner, false, masks_relu);
    from += window_pixels(w) * w->channels;
    into += outputs;
    winner += outputs * (bytes ? 1 : sizeof(uint32_t));
  }
}

static void FN(max_pool_backward)(
    const nbs_window *w, const void *dy, const void *winners, void *dx, size_t rows, bool accumulate) {
  if (window_is_two_by_two(w)) {
    if (accumulate) FN(max_pool_backward_two_by_two)(w, dy, winners, dx, rows * w->input[0], true);
    else FN(max_pool_backward_two_by_two)(w, dy, winners, dx, rows * w->input[0], false);
    return;
  }
  bool bytes = winners_are_bytes(w);
  const T *from = dy;
  T *into = dx;
  const char *winner = winners;
  size_t outputs = window_positions(w) * w->channels, inputs = window_pixels(w) * w->channels;
  if (!accumulate) memset(dx, 0, rows * inputs * sizeof(T));
  for (size_t row = 0; row < rows; row++) {
    if (bytes) FN(max_pool_backward_row_of_bytes)(w, from, (const uint8_t *)winner, into);
    else FN(max_pool_backward_row_of_pixels)(w, from, (const uint32_t *)winner, into);
    from += outputs;
    into += inputs;
    winner += outputs * (bytes ? 1 : sizeof(uint32_t));
  }
}

/// 1 / the number of places inside; 0 where there are none.
INLINE T FN(mean_share)(const window_places *p) { return p->is_inside ? 1 / (T)window_places_count(p) : 0; }

static void FN(mean_pool)(const nbs_window *w, const void *x, void *y, size_t rows) {
  size_t channels = w->channels, positions = window_positions(w);
  const T *from = x;
  T *into = y;
  for (size_t row = 0; row < rows; row++, from += window_pixels(w) * channels)
    for (size_t position = 0; position < positions; position++, into += channels) {
      window_places p = window_places_at(w, position);
      T share = FN(mean_share)(&p);
      memset(into, 0, channels * sizeof(T));
      for (; p.is_inside; window_places_advance(w, &p)) {
        const T *pixel = from + p.pixel * channels;
        PARALLEL for (size_t c = 0; c < channels; c++) into[c] += pixel[c];
      }
      PARALLEL for (size_t c = 0; c < channels; c++) into[c] *= share;
    }
}

static void FN(mean_pool_backward)(const nbs_window *w, const void *dy, void *dx, size_t rows, bool accumulate) {
  size_t channels = w->channels, positions = window_positions(w), inputs = window_pixels(w) * channels;
  const T *from = dy;
  T *into = dx;
  if (!accumulate) memset(dx, 0, rows * inputs * sizeof(T));
  for (size_t row = 0; row < rows; row++, into += inputs)
    for (size_t position = 0; position < positions; position++, from += channels) {
      window_places p = window_places_at(w, position);
      T share = FN(mean_share)(&p);
      for (; p.is_inside; window_places_advance(w, &p)) {
        T *pixel = into + p.pixel * channels;
        PARALLEL for (size_t c = 0; c < channels; c++) pixel[c] = fma_t(share, from[c], pixel[c]);
      }
    }
}
