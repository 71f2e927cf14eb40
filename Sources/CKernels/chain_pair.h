// No include guard: included once for each level and precision.
//
// The smallest networks that learn something, as XOR wants them: two inputs, two to four hidden units and one output. A
// row's steps wait for each other, so that what counts is how long a number is on its way: these keep all of theirs in
// registers from row to row. Bit for bit they are what chain.h does for any chain.

#define UNROLLED _Pragma("clang loop unroll(full)")

#define PAIR_INPUTS 2
#define PAIR_MOST_HIDDEN 4

/// The rows that a chain is trained on, and how.
typedef struct FN(chain_rows) {
  const T *inputs, *targets;
  const int64_t *order;
  size_t count;
  T rate, threshold;
  bool counts_correct;
} FN(chain_rows);

/// Numbers of the hidden units; those beyond the last one are computed and mean nothing.
typedef T FN(pair_units) __attribute__((ext_vector_type(PAIR_MOST_HIDDEN)));

/// The parameters of both links while they are trained.
typedef struct FN(chain_pair) {
  FN(pair_units) weights[PAIR_INPUTS], biases, output_weights;
  T output_bias;
} FN(chain_pair);

/// The sigmoid of the numbers that are seldom.
static __attribute__((noinline, cold)) T FN(pair_far_sigmoid)(T z) { return FN(sigmoid_of)(z); }

/// A sigmoid's outputs by the way that is quick for moderate numbers, which nearly all are.
INLINE T FN(pair_sigmoid)(T z) {
  return __builtin_expect(FN(is_moderate_for_sigmoid)(z), true) ? FN(sigmoid_of_moderate)(z) : FN(pair_far_sigmoid)(z);
}

INLINE FN(pair_units) FN(pair_hidden)(const nbs_activation f, FN(pair_units) z) {
  FN(pair_units) y;
  if (f == NBS_SIGMOID) {
    bool is_moderate = true;
    UNROLLED for (int u = 0; u < PAIR_MOST_HIDDEN; u++) is_moderate &= FN(is_moderate_for_sigmoid)(z[u]);
    if (__builtin_expect(is_moderate, true)) {
      UNROLLED for (int u = 0; u < PAIR_MOST_HIDDEN; u++) y[u] = FN(sigmoid_of_moderate)(z[u]);
      return y;
    }
    UNROLLED for (int u = 0; u < PAIR_MOST_HIDDEN; u++) y[u] = FN(pair_far_sigmoid)(z[u]);
    return y;
  }
  UNROLLED for (int u = 0; u < PAIR_MOST_HIDDEN; u++) y[u] = FN(activation)(f, z[u]);
  return y;
}

/// Trains one kind of them: squared errors, or binary cross-entropy from the preactivation; the output is a sigmoid's.
INLINE nbs_chain_result FN(chain_train_pair_of)(
    FN(chain_pair) *pair, const FN(chain_rows) *rows, const nbs_loss loss, const nbs_activation f,
    const size_t hidden) {
  const bool fused = loss == NBS_BCE;
  const T rate = rows->rate, factor = FN(gradient_factor)(loss, 1, 1);
  FN(chain_pair) p = *pair;
  nbs_chain_result result = {0};
  for (size_t i = 0; i < rows->count; i++) {
    const T *x = rows->inputs + rows->order[i] * PAIR_INPUTS, target = rows->targets[rows->order[i]];

    FN(pair_units) sums = p.biases;
    UNROLLED for (size_t k = 0; k < PAIR_INPUTS; k++)
      sums = __builtin_elementwise_fma(p.weights[k], (FN(pair_units))x[k], sums);
    FN(pair_units) y = FN(pair_hidden)(f, sums);
    T z = p.output_bias;
    UNROLLED for (size_t unit = 0; unit < hidden; unit++) z = fma_t(p.output_weights[unit], y[unit], z);
    T output = FN(pair_sigmoid)(z);

    T delta = FN(element_gradient)(loss, fused, output, target, factor);
    if (!fused) delta = FN(activation_gradient)(NBS_SIGMOID, output, z, delta);
    FN(pair_units) gradient = __builtin_elementwise_fma((FN(pair_units))delta, p.output_weights, (FN(pair_units))(T)0);
    UNROLLED for (int u = 0; u < PAIR_MOST_HIDDEN; u++) gradient[u] = FN(activation_gradient)(f, y[u], 0, gradient[u]);

    T row_loss = fused ? FN(bce_of_logit)(z, target) : FN(element_loss)(loss, output, target);
    if (!__builtin_isfinite(row_loss)) break;

    const FN(pair_units) step = (FN(pair_units))-rate;
    UNROLLED for (size_t k = 0; k < PAIR_INPUTS; k++)
      p.weights[k] = __builtin_elementwise_fma(step, gradient * (FN(pair_units))x[k], p.weights[k]);
    p.biases = __builtin_elementwise_fma(step, gradient, p.biases);
    p.output_weights = __builtin_elementwise_fma(step, (FN(pair_units))delta * y, p.output_weights);
    p.output_bias = fma_t(-rate, delta, p.output_bias);
    result.rows++;
    result.loss += row_loss;
    if (rows->counts_correct) result.correct += FN(is_correct)(&output, &target, 1, rows->threshold);
  }
  *pair = p;
  return result;
}

/// Whether a chain is one of these.
INLINE bool FN(chain_is_pair)(const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused) {
  if (count != 2 || links[0].inputs != PAIR_INPUTS || links[1].units != 1) return false;
  if (links[0].units < 2 || links[0].units > PAIR_MOST_HIDDEN) return false;
  if (links[0].activation != NBS_SIGMOID && links[0].activation != NBS_TANH) return false;
  if (links[1].activation != NBS_SIGMOID) return false;
  return fused ? loss == NBS_BCE && links[1].preactivations : loss == NBS_MSE;
}

static nbs_chain_result FN(chain_train_pair)(
    const nbs_chain_link *links, const FN(chain_rows) *rows, nbs_loss loss) {
  size_t hidden = links[0].units;
  FN(chain_pair) pair = {0};
  nbs_chain_result result = {0};
  T *weights = links[0].weights, *biases = links[0].biases, *output_weights = links[1].weights, *bias = links[1].biases;
  for (size_t unit = 0; unit < hidden; unit++) {
    for (size_t k = 0; k < PAIR_INPUTS; k++) pair.weights[k][unit] = weights[unit * PAIR_INPUTS + k];
    pair.biases[unit] = biases[unit];
    pair.output_weights[unit] = output_weights[unit];
  }
  pair.output_bias = *bias;

#define TRAIN(loss, f, hidden) result = FN(chain_train_pair_of)(&pair, rows, loss, f, hidden)
#define TRAIN_BY(loss, f) \
  switch (hidden) { \
    case 2: TRAIN(loss, f, 2); break; \
    case 3: TRAIN(loss, f, 3); break; \
    default: TRAIN(loss, f, 4); \
  }
  if (loss == NBS_MSE) {
    if (links[0].activation == NBS_SIGMOID) { TRAIN_BY(NBS_MSE, NBS_SIGMOID) } else { TRAIN_BY(NBS_MSE, NBS_TANH) }
  } else {
    if (links[0].activation == NBS_SIGMOID) { TRAIN_BY(NBS_BCE, NBS_SIGMOID) } else { TRAIN_BY(NBS_BCE, NBS_TANH) }
  }
#undef TRAIN_BY
#undef TRAIN

  for (size_t unit = 0; unit < hidden; unit++) {
    for (size_t k = 0; k < PAIR_INPUTS; k++) weights[unit * PAIR_INPUTS + k] = pair.weights[k][unit];
    biases[unit] = pair.biases[unit];
    output_weights[unit] = pair.output_weights[unit];
  }
  *bias = pair.output_bias;
  return result;
}
