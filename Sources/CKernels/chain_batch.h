// No include guard: included once for each level and precision.
//
// A small chain of dense layers that takes a batch at a time: what a plan's kernels do for the gradient of a batch, in one
// call and bit for bit. Each sum goes over inputs, rows or units in order, as a plan's do.
//
// Rows are shorter than a vector or a few. They stand one behind the other, and vectors reach over their ends: what is written
// there is written again by the row that follows, and behind the last row of an array there is room.

/// The most rows of a tile: enough sums to hide the latency of the multiply-add.
#define CHAIN_TILE 8
/// Numbers behind the last one of an array, which are read and written and mean nothing: a vector has no more.
#define CHAIN_ROOM 16

#if LEVEL == 2 && !IS_DOUBLE
#define CHAIN_FMA FN(vector_fma)
#else
#define CHAIN_FMA __builtin_elementwise_fma
#endif

/// How many numbers an array takes with the room behind it, and one that is worked on by the vector.
INLINE size_t FN(chain_padded)(size_t count) { return (count + 15) / 16 * 16; }
INLINE size_t FN(chain_room)(size_t count) { return FN(chain_padded)(count) + CHAIN_ROOM; }

/// The sums of some rows in one vector of columns; see ``chain_product``.
INLINE void FN(chain_tile)(
    const int rows, size_t n, size_t k, const T *a, size_t a_row, size_t a_step, const T *b, T *c, const T *start) {
  typedef FN(tile_vector) Vector;
  Vector sums[CHAIN_TILE];
  UNROLLED for (int r = 0; r < rows; r++) sums[r] = start ? *(const Vector *)start : (Vector)(T)0;
  for (size_t step = 0; step < k; step++, a += a_step, b += n) {
    const Vector column = *(const Vector *)b;
    UNROLLED for (int r = 0; r < rows; r++) sums[r] = CHAIN_FMA((Vector)a[(size_t)r * a_row], column, sums[r]);
  }
  UNROLLED for (int r = 0; r < rows; r++) *(Vector *)(c + (size_t)r * n) = sums[r];
}

/// c (m x n) = start (a row, or NULL for 0) + a (m x k, of which rows are `a_row` and columns `a_step` apart) b (k x n). The
/// last columns come first: what they write over the end of a row is written again.
static void FN(chain_product)(
    size_t m, size_t n, size_t k, const T *a, size_t a_row, size_t a_step, const T *b, T *c, const T *start) {
  for (size_t column = (n - 1) / LANES * LANES;; column -= LANES) {
    const T *from = start ? start + column : NULL;
    size_t row = 0;
#define TILE(count) \
  FN(chain_tile)(count, n, k, a + row * a_row, a_row, a_step, b + column, c + row * n + column, from)
    for (; row + CHAIN_TILE <= m; row += CHAIN_TILE) TILE(CHAIN_TILE);
    switch (m - row) {
      case 1: TILE(1); break;
      case 2: TILE(2); break;
      case 3: TILE(3); break;
      case 4: TILE(4); break;
      case 5: TILE(5); break;
      case 6: TILE(6); break;
      case 7: TILE(7); break;
    }
#undef TILE
    if (column == 0) return;
  }
}

/// The sums over the rows of each column.
INLINE void FN(chain_column_sums)(const T *x, T *sums, size_t rows, size_t width) {
  for (size_t column = 0; column < width; column += LANES) {
    FN(tile_vector) sum = (FN(tile_vector))(T)0;
    for (size_t row = 0; row < rows; row++) sum += *(const FN(tile_vector) *)(x + row * width + column);
    *(FN(tile_vector) *)(sums + column) = sum;
  }
}

/// What is done to numbers one by one is done to those behind the last as well; softmax goes by rows.
INLINE void FN(chain_activate)(nbs_activation f, const T *z, T *y, size_t rows, size_t width) {
  if (f == NBS_SOFTMAX) FN(activate)(f, z, y, rows, width);
  else FN(activate)(f, z, y, 1, FN(chain_padded)(rows * width));
}

INLINE void FN(chain_activate_backward)(
    nbs_activation f, const T *y, const T *z, T *gradient, size_t rows, size_t width) {
  if (f == NBS_SOFTMAX) FN(activate_backward)(f, y, z, gradient, gradient, rows, width);
  else FN(activate_backward)(f, y, z, gradient, gradient, 1, FN(chain_padded)(rows * width));
}

/// The losses of the rows added up, as ``loss`` adds them.
INLINE double FN(chain_loss)(nbs_loss loss, const T *o, const T *z, const T *t, size_t rows, size_t width) {
  T losses[LOSS_BLOCK];
  const size_t count = FN(chain_padded)(rows * width);
  if (count > LOSS_BLOCK || (loss == NBS_CROSSENTROPY && z)) return FN(loss)(loss, o, z, t, rows, width);
  FN(element_losses)(loss, o, z, t, 0, losses, count);
  double total = 0;
  for (size_t row = 0; row < rows; row++)
    total += FN(sum_of_row_in_doubles)(losses + row * width, width) / FN(loss_divisor)(loss, width);
  return total;
}

/// Where the arrays of a batch stand in scratch: the inputs and targets of the rows, weights as a product wants them, what
/// belongs to one link at a time, and the links' own.
typedef struct FN(chain_arrays) {
  T *inputs, *targets, *weights, *biases, *sums, *links;
} FN(chain_arrays);

/// How many numbers the arrays take; `scratch` may be NULL.
static size_t FN(chain_arrays_of)(const nbs_chain_link *links, size_t count, size_t rows, T *scratch, FN(chain_arrays) *arrays) {
  size_t most = 0, widest = 0, own = 0, end = 0;
  for (size_t i = 0; i < count; i++) {
    const size_t weights = links[i].inputs * links[i].units;
    if (weights > most) most = weights;
    if (links[i].units > widest) widest = links[i].units;
    own += 3 * FN(chain_room)(rows * links[i].units);
  }
  const size_t sizes[] = {
      FN(chain_room)(rows * links->inputs), FN(chain_room)(rows * links[count - 1].units), FN(chain_room)(most),
      FN(chain_room)(widest), FN(chain_room)(most), own};
  T **places[] = {&arrays->inputs, &arrays->targets, &arrays->weights, &arrays->biases, &arrays->sums, &arrays->links};
  for (int i = 0; i < COUNT_OF(sizes); i++) {
    if (scratch) *places[i] = scratch + end;
    end += sizes[i];
  }
  return end;
}

static size_t FN(chain_scratch)(const nbs_chain_link *links, size_t count, size_t rows) {
  FN(chain_arrays) none;
  return FN(chain_arrays_of)(links, count, rows, NULL, &none) * sizeof(T);
}

/// A link's preactivations, outputs and gradients in scratch, one behind the other.
INLINE T *FN(chain_sums_of)(const nbs_chain_link *link, size_t rows, T *own, int which) {
  return own + (size_t)which * FN(chain_room)(rows * link->units);
}

static nbs_chain_result FN(chain_gradient_of_batch)(
    const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, double threshold, const void *inputs,
    const void *targets, const int64_t *order, size_t rows, double scale, bool counts_correct, void *scratch) {
  FN(chain_arrays) a;
  FN(chain_arrays_of)(links, count, rows, scratch, &a);
  const nbs_chain_link *last = links + count - 1;
  const size_t width = links->inputs, wanted = last->units;
  for (size_t row = 0; row < rows; row++) {
    const size_t from = (size_t)order[row];
    memcpy(a.inputs + row * width, (const T *)inputs + from * width, width * sizeof(T));
    if (wanted == 1) a.targets[row] = ((const T *)targets)[from];
    else memcpy(a.targets + row * wanted, (const T *)targets + from * wanted, wanted * sizeof(T));
  }

  const T *x = a.inputs;
  T *own = a.links;
  for (const nbs_chain_link *link = links;; link++) {
    const size_t units = link->units, from = link->inputs;
    const T *w = link->weights;
    FEW for (size_t unit = 0; unit < units; unit++, w += from)
      FEW for (size_t i = 0; i < from; i++) a.weights[i * units + unit] = w[i];
    memcpy(a.biases, link->biases, units * sizeof(T));
    T *z = FN(chain_sums_of)(link, rows, own, 0), *y = FN(chain_sums_of)(link, rows, own, 1);
    FN(chain_product)(rows, units, from, x, from, 1, a.weights, z, a.biases);
    FN(chain_activate)(link->activation, z, y, rows, units);
    x = y;
    if (link == last) break;
    own += 3 * FN(chain_room)(rows * units);
  }

  const T *z = FN(chain_sums_of)(last, rows, own, 0), *y = FN(chain_sums_of)(last, rows, own, 1);
  nbs_chain_result result = {.rows = rows};
  result.loss = FN(chain_loss)(loss, y, fused ? z : NULL, a.targets, rows, wanted);
  if (counts_correct)
    for (size_t row = 0; row < rows; row++)
      result.correct += FN(is_correct)(y + row * wanted, a.targets + row * wanted, wanted, (T)threshold);

  T *gradient = FN(chain_sums_of)(last, rows, own, 2);
  FN(element_gradients)(
      loss, fused, y, a.targets, gradient, FN(gradient_factor)(loss, wanted, scale), FN(chain_padded)(rows * wanted));
  if (!fused) FN(chain_activate_backward)(last->activation, y, z, gradient, rows, wanted);
  for (const nbs_chain_link *link = last;; link--) {
    const size_t units = link->units, from = link->inputs;
    const bool is_first = link == links;
    T *before = is_first ? NULL : own - 3 * FN(chain_room)(rows * from);
    const T *y_before = is_first ? a.inputs : FN(chain_sums_of)(link - 1, rows, before, 1);
    FN(chain_product)(units, from, rows, gradient, 1, units, y_before, a.sums, NULL);
    memcpy(link->weight_gradients, a.sums, units * from * sizeof(T));
    FN(chain_column_sums)(gradient, a.biases, rows, units);
    memcpy(link->bias_gradients, a.biases, units * sizeof(T));
    if (is_first) return result;
    T *gradient_before = FN(chain_sums_of)(link - 1, rows, before, 2);
    memcpy(a.weights, link->weights, units * from * sizeof(T));
    FN(chain_product)(rows, from, units, gradient, units, 1, a.weights, gradient_before, NULL);
    FN(chain_activate_backward)(
        link[-1].activation, y_before, FN(chain_sums_of)(link - 1, rows, before, 0), gradient_before, rows,
        from);
    gradient = gradient_before;
    own = before;
  }
}

#undef CHAIN_FMA
#undef CHAIN_TILE
#undef CHAIN_ROOM
