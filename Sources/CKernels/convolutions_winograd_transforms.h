// The transforms of Winograd's convolutions. No include guard: included once for each level and precision.

/// The most squares that go through at once, so that what they are transformed to stays in the second cache; multiples of 12
/// are whole tiles at every level.
#undef SQUARES_AT_ONCE
#define SQUARES_AT_ONCE 48

/// A pass over the squares of images.
typedef struct FN(squares) {
  /// The images that are read and written, of two axes and a width each.
  size_t from[2], from_width, to[2], to_width;
  /// Where the first square begins in the images that are read: so many places before them.
  ptrdiff_t before[2];
  /// How many squares an image has along both axes, and in all; how many go through at once.
  size_t along[2], count, at_once;
  /// Squares transformed, of what is read and of what is written.
  T *read, *written;
  /// As many zeros as an image is wide.
  T *zeros;
  /// Where squares are added up: the 16 matrices, and the steps of their chains.
  T *sums;
  FN(step) *steps;
} FN(squares);

/// How far apart the transformed numbers of `count` squares stand for two of the 16 products: an odd number of cache lines, so
/// that those of a square do not all fall into the same set of the cache.
INLINE size_t FN(product_step)(size_t count, size_t width) {
  const size_t line = 64 / sizeof(T);
  return (count * width / line | 1) * line;
}

INLINE size_t FN(read_size)(const FN(squares) *s) { return s->from[0] * s->from[1] * s->from_width; }
INLINE size_t FN(written_size)(const FN(squares) *s) { return s->to[0] * s->to[1] * s->to_width; }

// MARK: - To products

/// Four vectors, one for each place along an axis.
typedef struct FN(four) {
  FN(tile_vector) v[4];
} FN(four);

/// Of the input: B' x.
INLINE FN(four) FN(transformed_input)(FN(tile_vector) a, FN(tile_vector) b, FN(tile_vector) c, FN(tile_vector) d) {
  return (FN(four)){{a - c, b + c, c - b, b - d}};
}

/// Of two places of a result, as the weights of a filter of two places: G y.
INLINE FN(four) FN(transformed_pair)(FN(tile_vector) a, FN(tile_vector) b) {
  const FN(tile_vector) half = (FN(tile_vector))(T)0.5;
  return (FN(four)){{a, (a + b) * half, (a - b) * half, b}};
}

/// Writes the 16 transformed numbers of a square for the channels of a vector, `step` numbers apart.
INLINE void FN(store_square)(const FN(four) columns[4], T *to, size_t step, bool pairs) {
  for (int row = 0; row < 4; row++) {
    const FN(four) line = pairs ? FN(transformed_pair)(columns[0].v[row], columns[1].v[row])
                                : FN(transformed_input)(columns[0].v[row], columns[1].v[row], columns[2].v[row],
                                                        columns[3].v[row]);
    for (int column = 0; column < 4; column++) *(FN(tile_vector) *)(to + (size_t)(4 * row + column) * step) = line.v[column];
  }
}

/// Where the places of a square of side x side stand, from `at` on: zeros where they lie beyond the edges.
INLINE void FN(find_places_of_square)(
    const FN(squares) *s, const T *image, const size_t extent[2], size_t width, const ptrdiff_t at[2], const int side,
    const T *places[16]) {
  for (int y = 0; y < side; y++) {
    const ptrdiff_t line = at[0] + y;
    const bool inside = line >= 0 && line < (ptrdiff_t)extent[0];
    for (int x = 0; x < side; x++) {
      const ptrdiff_t column = at[1] + x;
      places[side * y + x] = inside && column >= 0 && column < (ptrdiff_t)extent[1]
                                 ? image + ((size_t)line * extent[1] + (size_t)column) * width
                                 : s->zeros;
    }
  }
}

/// Transforms a square of 4 x 4 places for all channels of an image.
INLINE void FN(read_square)(const T *const places[16], size_t width, T *to, size_t step) {
  for (size_t c = 0; c < width; c += LANES) {
#define PLACE(y, x) (*(const FN(tile_vector) *)(places[4 * y + x] + c))
    FN(four) columns[4];
    for (int x = 0; x < 4; x++)
      columns[x] = FN(transformed_input)(PLACE(0, x), PLACE(1, x), PLACE(2, x), PLACE(3, x));
    FN(store_square)(columns, to + c, step, false);
#undef PLACE
  }
}

/// The same for 2 x 2 places of a result.
INLINE void FN(read_pair)(const T *const places[4], size_t width, T *to, size_t step) {
  for (size_t c = 0; c < width; c += LANES) {
#define PLACE(y, x) (*(const FN(tile_vector) *)(places[2 * y + x] + c))
    FN(four) columns[2];
    for (int x = 0; x < 2; x++) columns[x] = FN(transformed_pair)(PLACE(0, x), PLACE(1, x));
    FN(store_square)(columns, to + c, step, true);
#undef PLACE
  }
}

/// Where a walk over the squares of images, one image after the other, has come to.
typedef struct FN(square_walk) {
  size_t image, row, column;
} FN(square_walk);

INLINE FN(square_walk) FN(walk_from)(const FN(squares) *s, size_t square) {
  const size_t within = square % s->count;
  return (FN(square_walk)){square / s->count, within / s->along[1], within % s->along[1]};
}

INLINE void FN(next_square)(const FN(squares) *s, FN(square_walk) *at) {
  if (++at->column < s->along[1]) return;
  at->column = 0;
  if (++at->row == s->along[0]) at->row = 0, at->image++;
}

/// Transforms squares of side x side places of images, from number `first` on.
INLINE void FN(transform_squares)(
    const FN(squares) *s, const T *images, const size_t extent[2], size_t width, const ptrdiff_t before[2], size_t first,
    size_t count, T *to, const int side) {
  const size_t step = FN(product_step)(count, width), line = extent[1] * width;
  FN(square_walk) walk = FN(walk_from)(s, first);
  for (size_t i = 0; i < count; i++, to += width, FN(next_square)(s, &walk)) {
    const ptrdiff_t at[2] = {2 * (ptrdiff_t)walk.row - before[0], 2 * (ptrdiff_t)walk.column - before[1]};
    const T *image = images + walk.image * extent[0] * line;
    const T *places[16];
    if (at[0] >= 0 && at[1] >= 0 && at[0] + side <= (ptrdiff_t)extent[0] && at[1] + side <= (ptrdiff_t)extent[1]) {
      const T *corner = image + (size_t)at[0] * line + (size_t)at[1] * width;
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) places[side * y + x] = corner + (size_t)y * line + (size_t)x * width;
    } else {
      FN(find_places_of_square)(s, image, extent, width, at, side, places);
    }
    if (side == 4) FN(read_square)(places, width, to, step);
    else FN(read_pair)(places, width, to, step);
  }
}

/// Transforms squares of the images that are read.
static void FN(read_squares)(const FN(squares) *s, const T *images, size_t first, size_t count) {
  FN(transform_squares)(s, images, s->from, s->from_width, s->before, first, count, s->read, 4);
}

/// Transforms squares of images that have the results' shape.
static void FN(read_pairs)(const FN(squares) *s, const T *images, size_t first, size_t count) {
  FN(transform_squares)(s, images, s->to, s->to_width, (ptrdiff_t[2]){0, 0}, first, count, s->written, 2);
}

// MARK: - And back

/// Transforms results back: A' m A, and writes them to images, or adds them.
static void FN(write_squares)(
    const FN(squares) *s, T *images, size_t first, size_t count, const T *bias, bool accumulate) {
  const size_t width = s->to_width, step = FN(product_step)(count, width);
  const T *from = s->written;
  FN(square_walk) walk = FN(walk_from)(s, first);
  for (size_t i = 0; i < count; i++, from += width, FN(next_square)(s, &walk)) {
    const size_t y = 2 * walk.row, x = 2 * walk.column;
    const size_t lines = FN(smaller)(2, s->to[0] - y), places = FN(smaller)(2, s->to[1] - x);
    T *to = images + walk.image * FN(written_size)(s) + (y * s->to[1] + x) * width;
    for (size_t c = 0; c < width; c += LANES) {
      FN(tile_vector) sums[2][4];
      for (int column = 0; column < 4; column++) {
#define PLACE(row) (*(const FN(tile_vector) *)(from + c + (size_t)(4 * (row) + column) * step))
        const FN(tile_vector) a = PLACE(0), b = PLACE(1), d = PLACE(2), e = PLACE(3);
        sums[0][column] = a + b + d, sums[1][column] = b - d - e;
#undef PLACE
      }
      for (size_t line = 0; line < lines; line++) {
        const FN(tile_vector) *m = sums[line];
        const FN(tile_vector) results[2] = {m[0] + m[1] + m[2], m[1] - m[2] - m[3]};
        for (size_t place = 0; place < places; place++) {
          FN(tile_vector) *into = (FN(tile_vector) *)(to + c + (line * s->to[1] + place) * width);
          FN(tile_vector) result = results[place];
          if (bias) result += *(const FN(tile_vector) *)(bias + c);
          if (accumulate) result += *into;
          *into = result;
        }
      }
    }
  }
}

/// Adds what an image's sums come to: A' m A, of 3 x 3 places.
static void FN(add_squares)(const T *sums, size_t filters, size_t channels, T *dw, bool accumulate) {
  const size_t step = FN(product_step)(filters, channels);
  for (size_t f = 0; f < filters; f++, sums += channels, dw += 9 * channels)
    for (size_t i = 0; i < channels; i += LANES) {
      FN(tile_vector) lines[3][4];
      for (size_t column = 0; column < 4; column++) {
#define PLACE(row) (*(const FN(tile_vector) *)(sums + i + (4 * (row) + column) * step))
        const FN(tile_vector) a = PLACE(0), b = PLACE(1), d = PLACE(2), e = PLACE(3), inner = b + d;
        lines[0][column] = a + inner, lines[1][column] = b - d, lines[2][column] = inner - e;
#undef PLACE
      }
      for (int line = 0; line < 3; line++) {
        const FN(tile_vector) *m = lines[line], inner = m[1] + m[2];
        const FN(tile_vector) results[3] = {m[0] + inner, m[1] - m[2], inner - m[3]};
        for (int place = 0; place < 3; place++) {
          FN(tile_vector) *into = (FN(tile_vector) *)(dw + i + (size_t)(3 * line + place) * channels);
          *into = accumulate ? *into + results[place] : results[place];
        }
      }
    }
}
