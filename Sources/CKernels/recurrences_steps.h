// The way through the steps of a recurrent layer, and back. No include guard: included once for each level and precision.

/// How many numbers a row has at a step, as multiples of the units.
INLINE size_t FN(sums_of)(nbs_cell cell) { return cell == NBS_RNN ? 1 : cell == NBS_LSTM ? 4 : 3; }
INLINE size_t FN(gates_of)(nbs_cell cell) { return cell == NBS_RNN ? 1 : 4; }

/// Where the numbers of row `row` begin at `step`, of arrays with `width` numbers a step.
INLINE size_t FN(moment_at)(const nbs_recurrence *r, size_t row, size_t step, size_t width) {
  return (row * r->steps + step) * width;
}

static size_t FN(pack_recurrence_size)(const nbs_recurrence *r) {
  return FN(pack_right_size)(FN(sums_of)(r->cell) * r->units, r->units);
}

static void FN(pack_recurrence)(const nbs_recurrence *r, const void *weights, void *packed) {
  const nbs_matrix across = {weights, 1, (ptrdiff_t)r->units};
  FN(pack_right)(FN(sums_of)(r->cell) * r->units, r->units, across, packed);
}

static size_t FN(pack_recurrence_back_size)(const nbs_recurrence *r) {
  return FN(pack_right_size)(r->units, FN(sums_of)(r->cell) * r->units);
}

static void FN(pack_recurrence_back)(const nbs_recurrence *r, const void *weights, void *packed) {
  const nbs_matrix straight = {weights, (ptrdiff_t)r->units, 1};
  FN(pack_right)(r->units, FN(sums_of)(r->cell) * r->units, straight, packed);
}

/// Scratch: four arrays of rows x units (states, the next ones, cells), one of rows x 3 units for a GRU's products, a row of
/// zeros, and what products want.
static size_t FN(recurrence_scratch)(const nbs_recurrence *r, size_t rows) {
  const size_t numbers = rows * r->units * 6 + r->units;
  return (numbers * sizeof(T) + 63) / 64 * 64 + FN(packed_product_scratch)(FN(sums_of)(r->cell) * r->units);
}

INLINE void *FN(product_room)(const nbs_recurrence *r, size_t rows, void *scratch) {
  const size_t bytes = (rows * r->units * 6 + r->units) * sizeof(T);
  return (char *)scratch + (bytes + 63) / 64 * 64;
}

/// R h for all rows: a GRU's in `products`, with its bias; the others' added to the sums, which go to the gates. `h` may be NULL,
/// for 0; its rows are `h_row` numbers apart.
static void FN(recurrent_sums)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *a, size_t step, const T *h, size_t h_row,
    const T *packed, T *products, void *room) {
  const size_t units = r->units, width = FN(sums_of)(r->cell) * units, whole = r->steps * width;
  T *into = r->cell == NBS_GRU ? products : (T *)a->gates + step * width;
  const size_t into_row = r->cell == NBS_GRU ? width : whole;
  for (size_t row = 0; row < rows; row++) {
    const T *from = r->cell == NBS_GRU ? a->bias : (const T *)a->sums + row * whole + step * width;
    if (from) memcpy(into + row * into_row, from, width * sizeof(T));
    else memset(into + row * into_row, 0, width * sizeof(T));
  }
  if (!h) return;
  FN(packed_product)(
      rows, width, units, h, (ptrdiff_t)h_row, packed, into, (ptrdiff_t)into_row, NBS_FROM_RESULT, room);
}

/// Notes the state that a step begins with, as R is multiplied by it.
static void FN(note_state)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *a, size_t step, const T *state) {
  const size_t units = r->units;
  for (size_t row = 0; row < rows; row++) {
    const T *before = state + row * units, *mask = a->mask ? (const T *)a->mask + row * units : NULL;
    T *previous = (T *)a->previous + FN(moment_at)(r, row, step, units);
    if (!mask) {
      memcpy(previous, before, units * sizeof(T));
      continue;
    }
    PARALLEL for (size_t u = 0; u < units; u++) previous[u] = before[u] * mask[u];
    if (r->cell == NBS_GRU) memcpy((T *)a->states + FN(moment_at)(r, row, step, units), before, units * sizeof(T));
  }
}

static void FN(recur)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *a, const void *packed, void *scratch) {
  const size_t units = r->units, sums = FN(sums_of)(r->cell) * units, gates = FN(gates_of)(r->cell) * units;
  const size_t bytes = units * sizeof(T);
  T *state = scratch, *next = state + rows * units, *cell = next + rows * units, *products = cell + rows * units;
  void *room = FN(product_room)(r, rows, scratch);
  memset(scratch, 0, 3 * rows * bytes);
  if (a->carried) memcpy(state, a->carried, rows * bytes);
  if (a->carried_cells) {
    memcpy(cell, a->carried_cells, rows * bytes);
    memcpy(a->first_cells, a->carried_cells, rows * bytes);
  }
  for (size_t count = 0; count < r->steps; count++) {
    const size_t step = r->is_reversed ? r->steps - 1 - count : count;
    FN(note_state)(r, rows, a, step, state);
    // Each row's masked state stands among its other steps'.
    const T *h = a->mask ? (const T *)a->previous + step * units : state;
    FN(recurrent_sums)(
        r, rows, a, step, count == 0 && !a->carried ? NULL : h, a->mask ? r->steps * units : units, packed, products, room);
    for (size_t row = 0; row < rows; row++) {
      T *before = state + row * units, *after = next + row * units, *held = cell + row * units;
      T *y = r->gives_all ? (T *)a->y + FN(moment_at)(r, row, step, units) : NULL;
      T *cells = r->cell == NBS_LSTM ? (T *)a->cells + FN(moment_at)(r, row, step, 2 * units) : NULL;
      const FN(moment) moment = {
          .sums = (const T *)a->sums + FN(moment_at)(r, row, step, sums),
          .products = products + row * sums,
          .state = before,
          .gates = (T *)a->gates + FN(moment_at)(r, row, step, gates),
          .cells = cells,
          .cell = held,
          .next = after};
      switch (r->cell) {
        case NBS_RNN: FN(rnn_step)(r, moment); break;
        case NBS_LSTM: FN(lstm_step)(r, moment); break;
        case NBS_GRU: FN(gru_step)(r, moment); break;
      }
      if (y) memcpy(y, after, bytes);
    }
    T *spare = state;
    state = next;
    next = spare;
  }
  if (!r->gives_all) memcpy(a->y, state, rows * bytes);
  if (a->carried) memcpy(a->carried, state, rows * bytes);
  if (a->carried_cells) memcpy(a->carried_cells, cell, rows * bytes);
}

/// Whether gradients go back from the step with this number, counted in the order of reading, to the one before.
INLINE bool FN(goes_back)(const nbs_recurrence *r, size_t count) {
  return count > 0 && !(r->truncation && (r->gives_all ? count : r->steps - count) % r->truncation == 0);
}

/// What goes back to the state before a step: R's part, which the mask has part in, is added to `next`.
static void FN(recurrent_pull)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *a, const T *gradients, const T *packed, T *next,
    T *spare, void *room) {
  const size_t units = r->units, sums = FN(sums_of)(r->cell) * units;
  T *into = a->mask ? spare : next;
  if (a->mask) memset(spare, 0, rows * units * sizeof(T));
  FN(packed_product)(
      rows, units, sums, gradients, (ptrdiff_t)(r->steps * sums), packed, into, (ptrdiff_t)units, NBS_FROM_RESULT, room);
  const T *mask = a->mask;
  if (mask) PARALLEL for (size_t i = 0; i < rows * units; i++) next[i] = fma_t(mask[i], spare[i], next[i]);
}

/// Nothing comes back to the first steps, so many in the order of reading.
static void FN(clear_first)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_gradients *g, size_t count) {
  const size_t width = FN(sums_of)(r->cell) * r->units;
  for (size_t row = 0; row < rows; row++) {
    const size_t first = (row * r->steps + (r->is_reversed ? r->steps - count : 0)) * width;
    memset((T *)g->sums + first, 0, count * width * sizeof(T));
    if (r->cell == NBS_GRU) memset((T *)g->products + first, 0, count * width * sizeof(T));
  }
}

static void FN(recur_back)(
    const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *a, const nbs_recurrence_gradients *g,
    const void *packed, void *scratch) {
  const size_t units = r->units, sums = FN(sums_of)(r->cell) * units, gates = FN(gates_of)(r->cell) * units;
  const size_t bytes = units * sizeof(T);
  T *pull = scratch, *next = pull + rows * units, *cell = next + rows * units, *zeros = cell + 4 * rows * units;
  void *room = FN(product_room)(r, rows, scratch);
  memset(scratch, 0, 3 * rows * bytes);
  memset(zeros, 0, bytes);
  if (!r->gives_all) memcpy(pull, g->dy, rows * bytes);
  for (size_t count = r->steps; count-- > 0;) {
    const size_t step = r->is_reversed ? r->steps - 1 - count : count;
    const size_t before = r->is_reversed ? step + 1 : step - 1;
    for (size_t row = 0; row < rows; row++) {
      T *own = pull + row * units;
      T *by_sums = (T *)g->sums + FN(moment_at)(r, row, step, sums);
      T *by_products = r->cell == NBS_GRU ? (T *)g->products + FN(moment_at)(r, row, step, sums) : NULL;
      const T *dy = r->gives_all ? (const T *)g->dy + FN(moment_at)(r, row, step, units) : zeros;
      if (r->gives_all) PARALLEL for (size_t u = 0; u < units; u++) own[u] += dy[u];
      const bool has_cells = r->cell == NBS_LSTM;
      const T *cells = a->cells;
      const FN(return_moment) moment = {
          .gates = (const T *)a->gates + FN(moment_at)(r, row, step, gates),
          .cells = has_cells ? cells + FN(moment_at)(r, row, step, 2 * units) : NULL,
          .before = has_cells && count > 0   ? cells + FN(moment_at)(r, row, before, 2 * units)
                    : has_cells && a->first_cells ? (const T *)a->first_cells + row * units
                                                  : zeros,
          .state = (const T *)(a->states ? a->states : a->previous) + FN(moment_at)(r, row, step, units),
          .pull = own,
          .sums = by_sums,
          .products = by_products,
          .cell = cell + row * units,
          .next = next + row * units};
      switch (r->cell) {
        case NBS_RNN: FN(rnn_back)(r, moment); break;
        case NBS_LSTM: FN(lstm_back)(r, moment); break;
        case NBS_GRU: FN(gru_back)(r, moment); break;
      }
    }
    if (FN(goes_back)(r, count)) {
      const T *gradients = (const T *)(r->cell == NBS_GRU ? g->products : g->sums) + step * sums;
      FN(recurrent_pull)(r, rows, a, gradients, packed, next, cell + rows * units, room);
    } else if (count > 0) {
      // What was given last has no gradient beyond; what was given at a step begins anew.
      if (!r->gives_all) return FN(clear_first)(r, rows, g, count);
      memset(next, 0, rows * bytes);
      memset(cell, 0, rows * bytes);
    }
    T *spare = pull;
    pull = next;
    next = spare;
  }
}
