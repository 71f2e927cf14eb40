// No include guard: included once for each level and precision.
//
// A small chain of dense layers, trained row by row in one pass: with a handful of units the calls of a plan would cost
// more than the arithmetic. Every number is worked out as the single kernels do it, and has their bits.

#include "chain_pair.h"

/// A loop with too few passes for vectors.
#define FEW _Pragma("clang loop vectorize(disable) unroll(disable)")

/// A link's preactivations, each a chain over the inputs that starts from the bias.
INLINE void FN(chain_sums)(const nbs_chain_link *link, const T *x, T *z, const size_t inputs) {
  const T *w = link->weights, *b = link->biases;
  FEW for (size_t unit = 0; unit < link->units; unit++, w += inputs) {
    T sum = b[unit];
    for (size_t i = 0; i < inputs; i++) sum = fma_t(w[i], x[i], sum);
    z[unit] = sum;
  }
}

/// Turns the gradient by a link's outputs into that by its preactivations.
INLINE void FN(chain_derivatives)(const nbs_chain_link *link) {
  FN(activate_backward)(
      link->activation, link->outputs, link->preactivations, link->gradient, link->gradient, 1, link->units);
}

/// The gradient by the outputs of the link before: the chain over this link's units.
INLINE void FN(chain_gradient)(T *gradient, const nbs_chain_link *link, const size_t inputs) {
  const T *delta = link->gradient;
  FEW for (size_t i = 0; i < inputs; i++) {
    const T *w = (const T *)link->weights + i;
    T sum = 0;
    FEW for (size_t unit = 0; unit < link->units; unit++) sum = fma_t(delta[unit], w[unit * inputs], sum);
    gradient[i] = sum;
  }
}

/// The step of a link's weights and biases.
INLINE void FN(chain_step)(const nbs_chain_link *link, const T *x, T rate, const size_t inputs) {
  T *w = link->weights, *b = link->biases;
  const T *delta = link->gradient;
  FEW for (size_t unit = 0; unit < link->units; unit++, w += inputs) {
    for (size_t i = 0; i < inputs; i++) w[i] = fma_t(-rate, delta[unit] * x[i], w[i]);
    b[unit] = fma_t(-rate, delta[unit], b[unit]);
  }
}

/// Rows that short are gone through by loops whose length the compiler knows.
#define FOR_WIDTH(width, CALL) \
  switch (width) { \
    case 1: CALL(1); break; \
    case 2: CALL(2); break; \
    case 3: CALL(3); break; \
    case 4: CALL(4); break; \
    default: CALL(width); \
  }

INLINE void FN(chain_forward)(const nbs_chain_link *link, const T *x) {
  T *y = link->outputs, *z = link->preactivations ? link->preactivations : y;
#define SUMS(inputs) FN(chain_sums)(link, x, z, inputs)
  FOR_WIDTH(link->inputs, SUMS)
#undef SUMS
  FN(activate)(link->activation, z, y, 1, link->units);
}

/// Writes the gradient of one row's loss by the last link's preactivations.
INLINE void FN(chain_loss_gradient)(const nbs_chain_link *last, nbs_loss loss, bool fused, const T *targets) {
  T factor = FN(gradient_factor)(loss, last->units, 1);
  const T *y = last->outputs;
  T *gradient = last->gradient;
  FEW for (size_t i = 0; i < last->units; i++)
    gradient[i] = FN(element_gradient)(loss, fused, y[i], targets[i], factor);
  if (!fused) FN(chain_derivatives)(last);
}

INLINE void FN(chain_answer)(const nbs_chain_link *links, size_t count, const T *input) {
  for (size_t i = 0; i < count; i++) FN(chain_forward)(links + i, i == 0 ? input : links[i - 1].outputs);
}

/// The gradients by all preactivations; they go back through the weights of the way forward.
INLINE void FN(chain_gradients)(
    const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, const T *targets) {
  FN(chain_loss_gradient)(links + count - 1, loss, fused, targets);
  for (size_t i = count - 1; i > 0; i--) {
#define GRADIENT(inputs) FN(chain_gradient)(links[i - 1].gradient, links + i, inputs)
    FOR_WIDTH(links[i].inputs, GRADIENT)
#undef GRADIENT
    FN(chain_derivatives)(links + i - 1);
  }
}

INLINE void FN(chain_steps)(const nbs_chain_link *links, size_t count, const T *input, T rate) {
  for (size_t i = 0; i < count; i++) {
    const T *x = i == 0 ? input : links[i - 1].outputs;
#define STEP(inputs) FN(chain_step)(links + i, x, rate, inputs)
    FOR_WIDTH(links[i].inputs, STEP)
#undef STEP
  }
}

static void FN(chain_predict)(const nbs_chain_link *links, size_t count, const void *input) {
  FN(chain_answer)(links, count, input);
}

static void FN(chain_learn)(
    const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, const void *input, const void *targets,
    double rate) {
  FN(chain_gradients)(links, count, loss, fused, targets);
  FN(chain_steps)(links, count, input, (T)rate);
}

static nbs_chain_result FN(chain_train)(
    const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, double threshold, const void *inputs,
    const void *targets, const int64_t *order, size_t rows, double rate, bool counts_correct) {
  const FN(chain_rows) training = {inputs, targets, order, rows, (T)rate, (T)threshold, counts_correct};
  if (FN(chain_is_pair)(links, count, loss, fused)) return FN(chain_train_pair)(links, &training, loss);
  const nbs_chain_link *last = links + count - 1;
  nbs_chain_result result = {0};
  for (size_t i = 0; i < rows; i++) {
    const T *input = training.inputs + (size_t)order[i] * links->inputs;
    const T *target = training.targets + (size_t)order[i] * last->units;
    FN(chain_answer)(links, count, input);
    // The gradients come before the loss, since the next row waits for them and not for the loss.
    FN(chain_gradients)(links, count, loss, fused, target);
    double row_loss = FN(row_loss)(loss, last->outputs, fused ? last->preactivations : NULL, target, last->units);
    if (!__builtin_isfinite(row_loss)) break;
    FN(chain_steps)(links, count, input, training.rate);
    result.rows++;
    result.loss += row_loss;
    if (counts_correct) result.correct += FN(is_correct)(last->outputs, target, last->units, training.threshold);
  }
  return result;
}
