// The transforms of Winograd's convolutions. No include guard: included once for each level and precision.

#ifndef WINOGRAD_PRODUCTS
#define WINOGRAD_PRODUCTS
// Along an axis a window of `side` places has so many products for two places of the result, and these fall into four sums,
// of one product or of two each. So the products of a square fall into 16 parts, and each part's sum is one chain over its
// products, row by row, and over their channels.

/// How many products an axis has.
INLINE int winograd_products(int side) { return side == 3 ? 4 : 7; }

/// How many of them fall into a sum.
INLINE int winograd_products_of(int side, int sum) { return side == 3 || sum == 2 ? 1 : 2; }

/// How many fall into the sums before.
INLINE int winograd_products_before(int side, int sum) { return side == 3 ? sum : 2 * sum - (sum > 2); }

/// The sum that a product falls into.
INLINE int winograd_sum_of(int side, int product) { return side == 3 ? product : (product + (product > 4)) / 2; }

/// The part that the product in row y and column x falls into.
INLINE int winograd_part(int side, int y, int x) { return 4 * winograd_sum_of(side, y) + winograd_sum_of(side, x); }

/// How many products a part has.
INLINE int winograd_products_in(int side, int part) {
  return winograd_products_of(side, part / 4) * winograd_products_of(side, part % 4);
}

/// How many products fall into the parts before.
INLINE int winograd_first_product(int side, int part) {
  return winograd_products_before(side, part / 4) * winograd_products(side) +
         winograd_products_of(side, part / 4) * winograd_products_before(side, part % 4);
}

/// How many products of its part come before that in row y and column x.
INLINE size_t winograd_place(int side, int y, int x) {
  const int row = winograd_sum_of(side, y), column = winograd_sum_of(side, x);
  return (size_t)((y - winograd_products_before(side, row)) * winograd_products_of(side, column) + x -
                  winograd_products_before(side, column));
}
#endif

/// What squares have for one of their 16 sums.
typedef struct FN(part) {
  /// How many numbers a sum is over: products times channels; and those of the parts before.
  size_t depth, before;
  /// Where they begin in the inputs and in the gradients of the weights, and how far apart two squares, or filters, stand.
  size_t inputs, gradients, step;
  /// Where the sums begin.
  size_t sums;
} FN(part);

/// A pass over the squares of images.
typedef struct FN(squares) {
  /// How many places a window has along an axis: 3 or 5.
  int side;
  size_t input[2], channels, output[2], filters;
  /// Where the first square begins in an input image: so many places before it.
  ptrdiff_t before[2];
  /// How many squares an image has along both axes, and in all; how many go through at once.
  size_t along[2], count, at_once;
  /// Part by part what is multiplied for each square, and its sums; how far apart the sums of two squares stand.
  T *inputs, *sums;
  size_t sums_step;
  FN(part) parts[16];
  /// As many zeros as an image is wide.
  T *zeros;
  /// By the weights: part by part the gradients of what a filter's weights are multiplied as.
  T *gradients;
} FN(squares);

/// So many numbers, rounded up to an odd number of cache lines: then those that many rows begin with do not all fall into the
/// same set of a cache.
INLINE size_t FN(odd_lines)(size_t numbers) {
  const size_t line = 64 / sizeof(T);
  return ((numbers + line - 1) / line | 1) * line;
}

// MARK: - Along an axis

/// Vectors along an axis.
typedef struct FN(line) {
  FN(tile_vector) v[7];
} FN(line);

// For results y and weights w, with the inputs x from the first place of the first window on:
//
//   y0 = (x0 - x2) w0 + (x1 + x2) (w0 + w1 + w2) / 2 + (x2 - x1) (w0 - w1 + w2) / 2
//   y1 =                (x1 + x2) (w0 + w1 + w2) / 2 - (x2 - x1) (w0 - w1 + w2) / 2 - (x1 - x3) w2
//
// are the sums of three places, F(2, 3). Two more places add F(2, 2):
//
//   y0 += (x3 - x4) w3 + x4 (w3 + w4)
//   y1 +=                x4 (w3 + w4) - (x4 - x5) w4
//
// so with sums of products s, y0 = s0 + s1 + s2 and y1 = s1 - s2 - s3 either way. Only sums and halves: numbers with few
// digits stay exact, which the six products of F(2, 5) with their sixths would not let them.

/// What the inputs are multiplied by the weights as.
INLINE FN(line) FN(transformed_inputs)(const FN(line) *line, const int side) {
  const FN(tile_vector) *x = line->v;
  if (side == 3) return (FN(line)){{x[0] - x[2], x[1] + x[2], x[2] - x[1], x[1] - x[3]}};
  return (FN(line)){{x[0] - x[2], x[3] - x[4], x[1] + x[2], x[4], x[2] - x[1], x[1] - x[3], x[4] - x[5]}};
}

/// What the weights are multiplied as.
INLINE FN(line) FN(transformed_weights)(const FN(line) *line, const int side) {
  const FN(tile_vector) *w = line->v, half = (FN(tile_vector))(T)0.5, ends = w[0] + w[2];
  const FN(tile_vector) sum = (ends + w[1]) * half, difference = (ends - w[1]) * half;
  if (side == 3) return (FN(line)){{w[0], sum, difference, w[2]}};
  return (FN(line)){{w[0], w[3], sum, w[3] + w[4], difference, w[2], w[4]}};
}

/// Two results from four sums.
INLINE FN(line) FN(results)(const FN(line) *line) {
  const FN(tile_vector) *s = line->v;
  return (FN(line)){{s[0] + s[1] + s[2], s[1] - s[2] - s[3]}};
}

/// The gradients of four sums from those of two results; the last one with the other sign.
INLINE FN(line) FN(gradients_of_sums)(const FN(line) *line) {
  const FN(tile_vector) a = line->v[0], b = line->v[1];
  return (FN(line)){{a, a + b, a - b, b}};
}

/// The gradients of the inputs from those of what they are multiplied as, which have the other sign where the last sum's have.
INLINE FN(line) FN(gradients_of_inputs)(const FN(line) *line, const int side) {
  const FN(tile_vector) *m = line->v;
  if (side == 3) return (FN(line)){{m[0], m[1] - m[2] - m[3], m[1] + m[2] - m[0], m[3]}};
  return (FN(line)){{m[0], m[2] - m[4] - m[5], m[2] + m[4] - m[0], m[1] + m[5], m[3] - m[1] - m[6], m[6]}};
}

/// The same of the weights.
INLINE FN(line) FN(gradients_of_weights)(const FN(line) *line, const int side) {
  const FN(tile_vector) *m = line->v, half = (FN(tile_vector))(T)0.5;
  const FN(tile_vector) a = side == 3 ? m[1] : m[2], b = side == 3 ? m[2] : m[4], inner = (a + b) * half;
  if (side == 3) return (FN(line)){{m[0] + inner, (a - b) * half, inner - m[3]}};
  return (FN(line)){{m[0] + inner, (a - b) * half, inner - m[5], m[1] + m[3], m[3] - m[6]}};
}

// MARK: - Squares of images

#define VECTOR_AT(from) (*(FN(tile_vector) *)(from))
#define UNROLL _Pragma("clang loop unroll(full)")

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

/// Where the places of a square of width x width places stand in an image, those beyond its edges at `beyond`.
INLINE void FN(find_square)(
    const T *image, const size_t extent[2], size_t numbers, const ptrdiff_t first[2], const int width, const T *beyond,
    const T *places[36]) {
  const bool inside = first[0] >= 0 && first[1] >= 0 && first[0] + width <= (ptrdiff_t)extent[0] &&
                      first[1] + width <= (ptrdiff_t)extent[1];
  const ptrdiff_t corner = (first[0] * (ptrdiff_t)extent[1] + first[1]) * (ptrdiff_t)numbers;
  UNROLL for (int y = 0; y < width; y++) {
    const bool line = (size_t)(first[0] + y) < extent[0];
    UNROLL for (int x = 0; x < width; x++)
      places[width * y + x] = inside || (line && (size_t)(first[1] + x) < extent[1])
                                  ? image + (corner + (ptrdiff_t)(((size_t)y * extent[1] + (size_t)x) * numbers))
                                  : beyond;
  }
}

/// Where the inputs of a square stand.
INLINE void FN(find_inputs)(
    const FN(squares) *s, const T *images, const FN(square_walk) *at, const int side, const T *beyond, const T *places[36]) {
  const ptrdiff_t first[2] = {2 * (ptrdiff_t)at->row - s->before[0], 2 * (ptrdiff_t)at->column - s->before[1]};
  const T *image = images + at->image * s->input[0] * s->input[1] * s->channels;
  FN(find_square)(image, s->input, s->channels, first, side + 1, beyond, places);
}

/// Where the results of a square stand.
INLINE void FN(find_results)(
    const FN(squares) *s, const T *images, const FN(square_walk) *at, const T *beyond, const T *places[36]) {
  const ptrdiff_t first[2] = {2 * (ptrdiff_t)at->row, 2 * (ptrdiff_t)at->column};
  const T *image = images + at->image * s->output[0] * s->output[1] * s->filters;
  FN(find_square)(image, s->output, s->filters, first, 2, beyond, places);
}

/// Transforms the inputs of `count` squares, from number `first` on.
INLINE void FN(read_inputs_of)(const FN(squares) *s, const T *images, size_t first, size_t count, const int side) {
  const int width = side + 1, products = winograd_products(side);
  const size_t channels = s->channels;
  FN(square_walk) walk = FN(walk_from)(s, first);
  for (size_t i = 0; i < count; i++, FN(next_square)(s, &walk)) {
    const T *places[36];
    T *to[16];
    UNROLL for (int part = 0; part < 16; part++) to[part] = s->inputs + s->parts[part].inputs + i * s->parts[part].step;
    FN(find_inputs)(s, images, &walk, side, s->zeros, places);
    for (size_t c = 0; c < channels; c += LANES) {
      FN(line) columns[6];
      UNROLL for (int x = 0; x < width; x++) {
        FN(line) column;
        UNROLL for (int y = 0; y < width; y++) column.v[y] = VECTOR_AT(places[width * y + x] + c);
        columns[x] = FN(transformed_inputs)(&column, side);
      }
      UNROLL for (int y = 0; y < products; y++) {
        FN(line) line;
        UNROLL for (int x = 0; x < width; x++) line.v[x] = columns[x].v[y];
        line = FN(transformed_inputs)(&line, side);
        UNROLL for (int x = 0; x < products; x++)
          VECTOR_AT(to[winograd_part(side, y, x)] + winograd_place(side, y, x) * channels + c) = line.v[x];
      }
    }
  }
}

static void FN(read_inputs)(const FN(squares) *s, const T *images, size_t first, size_t count) {
  if (s->side == 3) FN(read_inputs_of)(s, images, first, count, 3);
  else FN(read_inputs_of)(s, images, first, count, 5);
}

/// Transforms sums back to results.
static void FN(write_results)(const FN(squares) *s, T *images, size_t first, size_t count, const T *bias) {
  const size_t filters = s->filters;
  FN(square_walk) walk = FN(walk_from)(s, first);
  const T *from = s->sums;
  for (size_t i = 0; i < count; i++, from += s->sums_step, FN(next_square)(s, &walk)) {
    const T *places[36];
    FN(find_results)(s, images, &walk, NULL, places);
    for (size_t f = 0; f < filters; f += LANES) {
      FN(line) columns[4];
      for (size_t x = 0; x < 4; x++) {
        FN(line) column;
        UNROLL for (size_t y = 0; y < 4; y++) column.v[y] = VECTOR_AT(from + s->parts[4 * y + x].sums + f);
        columns[x] = FN(results)(&column);
      }
      UNROLL for (int y = 0; y < 2; y++) {
        FN(line) line;
        UNROLL for (int x = 0; x < 4; x++) line.v[x] = columns[x].v[y];
        line = FN(results)(&line);
        UNROLL for (int x = 0; x < 2; x++)
          if (places[2 * y + x])
            VECTOR_AT(places[2 * y + x] + f) = bias ? line.v[x] + VECTOR_AT(bias + f) : line.v[x];
      }
    }
  }
}

/// Transforms the gradients of results to those of sums.
static void FN(read_gradients)(const FN(squares) *s, const T *images, size_t first, size_t count) {
  const size_t filters = s->filters;
  FN(square_walk) walk = FN(walk_from)(s, first);
  T *to = s->sums;
  for (size_t i = 0; i < count; i++, to += s->sums_step, FN(next_square)(s, &walk)) {
    const T *places[36];
    FN(find_results)(s, images, &walk, s->zeros, places);
    for (size_t f = 0; f < filters; f += LANES) {
      FN(line) columns[2];
      UNROLL for (int x = 0; x < 2; x++) {
        const FN(line) column = {{VECTOR_AT(places[x] + f), VECTOR_AT(places[2 + x] + f)}};
        columns[x] = FN(gradients_of_sums)(&column);
      }
      UNROLL for (size_t y = 0; y < 4; y++) {
        FN(line) line = {{columns[0].v[y], columns[1].v[y]}};
        line = FN(gradients_of_sums)(&line);
        UNROLL for (size_t x = 0; x < 4; x++) VECTOR_AT(to + s->parts[4 * y + x].sums + f) = line.v[x];
      }
    }
  }
}

/// Transforms the gradients of products to those of inputs, and adds them to the images.
INLINE void FN(add_gradients_of)(const FN(squares) *s, T *images, size_t first, size_t count, const int side) {
  const int width = side + 1, products = winograd_products(side);
  const size_t channels = s->channels;
  FN(square_walk) walk = FN(walk_from)(s, first);
  for (size_t i = 0; i < count; i++, FN(next_square)(s, &walk)) {
    const T *places[36], *from[16];
    UNROLL for (int part = 0; part < 16; part++) from[part] = s->inputs + s->parts[part].inputs + i * s->parts[part].step;
    FN(find_inputs)(s, images, &walk, side, NULL, places);
    for (size_t c = 0; c < channels; c += LANES) {
      FN(line) columns[7];
      UNROLL for (int x = 0; x < products; x++) {
        FN(line) column;
        UNROLL for (int y = 0; y < products; y++)
          column.v[y] = VECTOR_AT(from[winograd_part(side, y, x)] + winograd_place(side, y, x) * channels + c);
        columns[x] = FN(gradients_of_inputs)(&column, side);
      }
      UNROLL for (int y = 0; y < width; y++) {
        FN(line) line;
        UNROLL for (int x = 0; x < products; x++) line.v[x] = columns[x].v[y];
        line = FN(gradients_of_inputs)(&line, side);
        UNROLL for (int x = 0; x < width; x++)
          if (places[width * y + x]) VECTOR_AT(places[width * y + x] + c) += line.v[x];
      }
    }
  }
}

static void FN(add_gradients)(const FN(squares) *s, T *images, size_t first, size_t count) {
  if (s->side == 3) FN(add_gradients_of)(s, images, first, count, 3);
  else FN(add_gradients_of)(s, images, first, count, 5);
}
