// The weights of Winograd's convolutions, packed, and their gradients. No include guard: included once for each level and
// precision.

/// Transforms the weights of a filter for the channels of a vector: the products go to `to`, part by part, `step` numbers apart.
INLINE void FN(transform_filter_of)(const T *filter, size_t channels, T *to, size_t step, const int side) {
  const int products = winograd_products(side);
  FN(line) columns[5];
  UNROLL for (int x = 0; x < side; x++) {
    FN(line) column;
    UNROLL for (int y = 0; y < side; y++) column.v[y] = VECTOR_AT(filter + (size_t)(side * y + x) * channels);
    columns[x] = FN(transformed_weights)(&column, side);
  }
  UNROLL for (int y = 0; y < products; y++) {
    FN(line) line;
    UNROLL for (int x = 0; x < side; x++) line.v[x] = columns[x].v[y];
    line = FN(transformed_weights)(&line, side);
    UNROLL for (int x = 0; x < products; x++) {
      const size_t first = (size_t)winograd_first_product(side, winograd_part(side, y, x));
      VECTOR_AT(to + (first + winograd_place(side, y, x)) * step) = line.v[x];
    }
  }
}

static void FN(transform_filter)(const FN(squares) *s, const T *filter, T *to, size_t step) {
  if (s->side == 3) FN(transform_filter_of)(filter, s->channels, to, step, 3);
  else FN(transform_filter_of)(filter, s->channels, to, step, 5);
}

/// Part by part panels of filters; in a panel as many numbers as it has lanes for each input of the part.
static void FN(pack_filters)(const FN(squares) *s, const T *weights, T *packed) {
  const size_t window = (size_t)(s->side * s->side) * s->channels, block = 2 * LANES * LANES;
  // A panel of filters by the channels of a vector, product by product.
  T products[49 * 2 * LANES * LANES];
  for (size_t f = 0; f < s->filters;) {
    const FN(panel) panel = FN(next_panel)(s->filters - f);
    for (size_t i = 0; i < s->channels; i += LANES) {
      for (size_t j = 0; j < panel.columns; j++)
        FN(transform_filter)(s, weights + (f + j) * window + i, products + j * LANES, block);
      const T *from = products;
      for (const FN(part) *part = s->parts; part < s->parts + 16; part++) {
        T *to = packed + part->before * s->filters + f * part->depth + i * panel.lanes;
        for (size_t k = 0; k < part->depth; k += s->channels, from += block)
          FN(pack_panel)(from, 1, LANES, LANES, panel, to + k * panel.lanes);
      }
    }
    f += panel.columns;
  }
}

/// Part by part panels of inputs; in a panel as many numbers as it has lanes for each filter.
static void FN(pack_inputs)(const FN(squares) *s, const T *weights, T *packed) {
  const size_t window = (size_t)(s->side * s->side) * s->channels;
  T products[49 * LANES];
  for (size_t f = 0; f < s->filters; f++)
    for (size_t i = 0; i < s->channels; i += LANES) {
      FN(transform_filter)(s, weights + f * window + i, products, LANES);
      const T *from = products;
      for (const FN(part) *part = s->parts; part < s->parts + 16; part++)
        for (size_t input = i; input < part->depth; input += s->channels, from += LANES) {
          const size_t start = input / (2 * LANES) * (2 * LANES), lanes = FN(next_panel)(part->depth - start).lanes;
          VECTOR_AT(packed + (part->before + start) * s->filters + f * lanes + (input - start)) = VECTOR_AT(from);
        }
    }
}

/// Adds what the gradients of transformed weights come to: those of the weights.
INLINE void FN(add_weights_of)(const FN(squares) *s, T *dw, bool accumulate, const int side) {
  const int products = winograd_products(side);
  const size_t channels = s->channels;
  for (size_t f = 0; f < s->filters; f++, dw += (size_t)(side * side) * channels) {
    const T *from[16];
    UNROLL for (int part = 0; part < 16; part++) from[part] = s->gradients + s->parts[part].gradients + f * s->parts[part].step;
    for (size_t i = 0; i < channels; i += LANES) {
      FN(line) columns[7];
      UNROLL for (int x = 0; x < products; x++) {
        FN(line) column;
        UNROLL for (int y = 0; y < products; y++)
          column.v[y] = VECTOR_AT(from[winograd_part(side, y, x)] + winograd_place(side, y, x) * channels + i);
        columns[x] = FN(gradients_of_weights)(&column, side);
      }
      UNROLL for (int y = 0; y < side; y++) {
        FN(line) line;
        UNROLL for (int x = 0; x < products; x++) line.v[x] = columns[x].v[y];
        line = FN(gradients_of_weights)(&line, side);
        UNROLL for (int x = 0; x < side; x++) {
          T *to = dw + (size_t)(side * y + x) * channels + i;
          VECTOR_AT(to) = accumulate ? VECTOR_AT(to) + line.v[x] : line.v[x];
        }
      }
    }
  }
}

static void FN(add_weights)(const FN(squares) *s, T *dw, bool accumulate) {
  if (s->side == 3) FN(add_weights_of)(s, dw, accumulate, 3);
  else FN(add_weights_of)(s, dw, accumulate, 5);
}

#undef VECTOR_AT
#undef UNROLL
