// What one row of a recurrent layer does at one step, and the way back. No include guard: included once for each level and
// precision.
//
// LSTM: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997), with the forget gate of F. Gers et al. (2000); GRU:
// K. Cho et al., EMNLP 2014, its reset gate behind the product as in cuDNN.

/// What one row has at one step. `state` and `next` are h before and after; `cell` is an LSTM's c, which is changed.
typedef struct FN(moment) {
  const T *sums, *products, *state;
  T *gates, *cells, *cell, *next;
} FN(moment);

static void FN(rnn_step)(const nbs_recurrence *r, FN(moment) m) {
  FN(activate)(r->activation, m.gates, m.next, 1, r->units);
  memcpy(m.gates, m.next, r->units * sizeof(T));
}

/// Whether a layer has an LSTM's usual functions.
INLINE bool FN(is_usual)(const nbs_recurrence *r) {
  return r->activation == NBS_TANH && r->gate_activation == NBS_SIGMOID;
}

/// An LSTM's step with its usual functions, unit by unit: each function is a long chain of operations, and those of the gates
/// need not wait for each other.
INLINE void FN(usual_lstm_step)(size_t units, FN(moment) m) {
  T *i = m.gates, *f = i + units, *g = f + units, *o = g + units, *c = m.cells, *shown = c + units;
  PARALLEL for (size_t u = 0; u < units; u++) {
    T in = FN(activation)(NBS_SIGMOID, i[u]), kept = FN(activation)(NBS_SIGMOID, f[u]);
    T given = FN(activation)(NBS_TANH, g[u]), out = FN(activation)(NBS_SIGMOID, o[u]);
    T cell = fma_t(kept, m.cell[u], in * given), seen = FN(activation)(NBS_TANH, cell);
    i[u] = in, f[u] = kept, g[u] = given, o[u] = out;
    m.cell[u] = c[u] = cell;
    shown[u] = seen;
    m.next[u] = out * seen;
  }
}

static void FN(lstm_step)(const nbs_recurrence *r, FN(moment) m) {
  const size_t units = r->units;
  if (FN(is_usual)(r)) {
    FN(usual_lstm_step)(units, m);
    return;
  }
  T *i = m.gates, *f = i + units, *g = f + units, *o = g + units, *c = m.cells, *shown = c + units;
  FN(activate)(r->gate_activation, i, i, 1, 2 * units);
  FN(activate)(r->activation, g, g, 1, units);
  FN(activate)(r->gate_activation, o, o, 1, units);
  PARALLEL for (size_t u = 0; u < units; u++) m.cell[u] = c[u] = fma_t(f[u], m.cell[u], i[u] * g[u]);
  FN(activate)(r->activation, c, shown, 1, units);
  PARALLEL for (size_t u = 0; u < units; u++) m.next[u] = o[u] * shown[u];
}

static void FN(gru_step)(const nbs_recurrence *r, FN(moment) m) {
  const size_t units = r->units;
  const T *product = m.products + 2 * units;
  T *z = m.gates, *reset = z + units, *h = reset + units, *kept = h + units;
  PARALLEL for (size_t u = 0; u < 2 * units; u++) z[u] = m.sums[u] + m.products[u];
  FN(activate)(r->gate_activation, z, z, 1, 2 * units);
  PARALLEL for (size_t u = 0; u < units; u++) {
    kept[u] = product[u];
    h[u] = fma_t(reset[u], product[u], m.sums[2 * units + u]);
  }
  FN(activate)(r->activation, h, h, 1, units);
  PARALLEL for (size_t u = 0; u < units; u++) m.next[u] = fma_t(z[u], m.state[u] - h[u], h[u]);
}

/// What comes back to one row at one step: `pull` is the gradient by h, `cell` that by an LSTM's c, which is changed; `next`
/// becomes what goes to the h before besides R's part. `before` is the c before.
typedef struct FN(return_moment) {
  const T *gates, *cells, *before, *state, *pull;
  T *sums, *products, *cell, *next;
} FN(return_moment);

static void FN(rnn_back)(const nbs_recurrence *r, FN(return_moment) m) {
  FN(activate_backward)(r->activation, m.gates, NULL, m.pull, m.sums, 1, r->units);
  memset(m.next, 0, r->units * sizeof(T));
}

/// The way back through an LSTM's step with its usual functions, unit by unit.
INLINE void FN(usual_lstm_back)(size_t units, FN(return_moment) m) {
  const T *i = m.gates, *f = i + units, *g = f + units, *o = g + units, *shown = m.cells + units;
  T *di = m.sums, *df = di + units, *dg = df + units, *d_o = dg + units;
  PARALLEL for (size_t u = 0; u < units; u++) {
    T out = m.pull[u] * shown[u];
    T pull = m.cell[u] + FN(activation_gradient)(NBS_TANH, shown[u], 0, m.pull[u] * o[u]);
    di[u] = FN(activation_gradient)(NBS_SIGMOID, i[u], 0, pull * g[u]);
    df[u] = FN(activation_gradient)(NBS_SIGMOID, f[u], 0, pull * m.before[u]);
    dg[u] = FN(activation_gradient)(NBS_TANH, g[u], 0, pull * i[u]);
    d_o[u] = FN(activation_gradient)(NBS_SIGMOID, o[u], 0, out);
    m.cell[u] = pull * f[u];
    m.next[u] = 0;
  }
}

static void FN(lstm_back)(const nbs_recurrence *r, FN(return_moment) m) {
  const size_t units = r->units;
  if (FN(is_usual)(r)) {
    FN(usual_lstm_back)(units, m);
    return;
  }
  const T *i = m.gates, *f = i + units, *g = f + units, *o = g + units, *shown = m.cells + units;
  T *di = m.sums, *df = di + units, *dg = df + units, *d_o = dg + units, *cell = m.cell;
  PARALLEL for (size_t u = 0; u < units; u++) {
    d_o[u] = m.pull[u] * shown[u];
    dg[u] = m.pull[u] * o[u];
  }
  FN(activate_backward)(r->activation, shown, NULL, dg, dg, 1, units);
  PARALLEL for (size_t u = 0; u < units; u++) {
    T pull = cell[u] + dg[u];
    di[u] = pull * g[u];
    df[u] = pull * m.before[u];
    dg[u] = pull * i[u];
    cell[u] = pull * f[u];
  }
  FN(activate_backward)(r->gate_activation, i, NULL, di, di, 1, 2 * units);
  FN(activate_backward)(r->activation, g, NULL, dg, dg, 1, units);
  FN(activate_backward)(r->gate_activation, o, NULL, d_o, d_o, 1, units);
  memset(m.next, 0, units * sizeof(T));
}

static void FN(gru_back)(const nbs_recurrence *r, FN(return_moment) m) {
  const size_t units = r->units;
  const T *z = m.gates, *reset = z + units, *h = reset + units, *product = h + units;
  T *dz = m.sums, *dr = dz + units, *dh = dr + units;
  PARALLEL for (size_t u = 0; u < units; u++) {
    dz[u] = m.pull[u] * (m.state[u] - h[u]);
    dh[u] = m.pull[u] * (1 - z[u]);
    m.next[u] = m.pull[u] * z[u];
  }
  FN(activate_backward)(r->activation, h, NULL, dh, dh, 1, units);
  PARALLEL for (size_t u = 0; u < units; u++) dr[u] = dh[u] * product[u];
  FN(activate_backward)(r->gate_activation, z, NULL, dz, dz, 1, 2 * units);
  memcpy(m.products, m.sums, 2 * units * sizeof(T));
  PARALLEL for (size_t u = 0; u < units; u++) m.products[2 * units + u] = dh[u] * reset[u];
}
