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

/// The parameters of both links while they are trained.
typedef struct FN(chain_pair) {
  T weights[PAIR_MOST_HIDDEN][PAIR_INPUTS], biases[PAIR_MOST_HIDDEN];
  T output_weights[PAIR_MOST_HIDDEN], output_bias;
} FN(chain_pair);

/// Trains one kind of them: squared errors, or binary cross-entropy from the preactivation; the output is a sigmoid's.
INLINE nbs_chain_result FN(chain_train_pair_of)(
    FN(chain_pair) *pair, const FN(chain_rows) *rows, const nbs_loss loss, const nbs_activation f, const size_t hidden) {
  const bool fused = loss == NBS_BCE;
  const T rate = rows->rate, factor = FN(gradient_factor)(loss, 1, 1);
  FN(chain_pair) p = *pair;
  nbs_chain_result result = {0};
  for (size_t i = 0; i < rows->count; i++) {
    const T *x = rows->inputs + rows->order[i] * PAIR_INPUTS, target = rows->targets[rows->order[i]];
    T y[PAIR_MOST_HIDDEN], gradient[PAIR_MOST_HIDDEN];

    UNROLLED for (size_t unit = 0; unit < hidden; unit++) {
      T sum = p.biases[unit];
      UNROLLED for (size_t k = 0; k < PAIR_INPUTS; k++) sum = fma_t(p.weights[unit][k], x[k], sum);
      y[unit] = FN(activation)(f, sum);
    }
    T z = p.output_bias;
    UNROLLED for (size_t unit = 0; unit < hidden; unit++) z = fma_t(p.output_weights[unit], y[unit], z);
    T output = FN(sigmoid_of)(z);

    T delta = FN(element_gradient)(loss, fused, output, target, factor);
    if (!fused) delta = FN(activation_gradient)(NBS_SIGMOID, output, z, delta);
    UNROLLED for (size_t unit = 0; unit < hidden; unit++)
      gradient[unit] = FN(activation_gradient)(f, y[unit], 0, fma_t(delta, p.output_weights[unit], 0));

    T row_loss = fused ? FN(bce_of_logit)(z, target) : FN(element_loss)(loss, output, target);
    if (!__builtin_isfinite(row_loss)) break;

    UNROLLED for (size_t unit = 0; unit < hidden; unit++) {
      UNROLLED for (size_t k = 0; k < PAIR_INPUTS; k++)
        p.weights[unit][k] = fma_t(-rate, gradient[unit] * x[k], p.weights[unit][k]);
      p.biases[unit] = fma_t(-rate, gradient[unit], p.biases[unit]);
      p.output_weights[unit] = fma_t(-rate, delta * y[unit], p.output_weights[unit]);
    }
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
  memcpy(pair.weights, links[0].weights, hidden * PAIR_INPUTS * sizeof(T));
  memcpy(pair.biases, links[0].biases, hidden * sizeof(T));
  memcpy(pair.output_weights, links[1].weights, hidden * sizeof(T));
  memcpy(&pair.output_bias, links[1].biases, sizeof(T));

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

  memcpy(links[0].weights, pair.weights, hidden * PAIR_INPUTS * sizeof(T));
  memcpy(links[0].biases, pair.biases, hidden * sizeof(T));
  memcpy(links[1].weights, pair.output_weights, hidden * sizeof(T));
  memcpy(links[1].biases, &pair.output_bias, sizeof(T));
  return result;
}
