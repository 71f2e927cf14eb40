// No include guard: included once for each level and precision.
//
// Losses and their gradients, Keras 3's definitions with its defaults (keras/src/losses/losses.py). A NaN stays visible
// in both.

/// How far from 0 and 1 probabilities are kept before a logarithm or a quotient (keras/src/backend/config.py).
#define PROBABILITY_LIMIT 1e-7

/// A probability inside (0, 1).
INLINE T FN(clamped)(T p) {
  const T limit = (T)PROBABILITY_LIMIT;
  return p < limit ? limit : p > 1 - limit ? 1 - limit : p;
}

/// A probability away from 0, for a quotient.
INLINE T FN(clamped_below)(T p) { return p < (T)PROBABILITY_LIMIT ? (T)PROBABILITY_LIMIT : p > 1 ? 1 : p; }

/// What one output adds to its row's loss.
INLINE T FN(element_loss)(nbs_loss loss, T o, T t) {
  T error = o - t;
  switch (loss) {
    case NBS_MSE:
    case NBS_PERCEPTRON: return error * error;
    case NBS_MAE: return fabs_t(error);
    case NBS_HUBER: return fabs_t(error) <= 1 ? (T)0.5 * error * error : fabs_t(error) - (T)0.5;
    case NBS_BCE: {
      T p = FN(clamped)(o);
      return -fma_t(t, FN(log_of)(p), (1 - t) * FN(log_of)(1 - p));
    }
    case NBS_CROSSENTROPY: return -t * FN(log_of)(FN(clamped)(o));
    case NBS_HINGE: {
      T missing = fma_t(-t, o, 1);
      return missing < 0 ? 0 : missing;
    }
    case NBS_KL: {
      T target = FN(clamped_below)(t);
      return target * FN(log_of)(target / FN(clamped_below)(o));
    }
    case NBS_POISSON: return fma_t(-t, FN(log_of)(o + (T)PROBABILITY_LIMIT), o);
  }
  return 0;
}

/// Binary cross-entropy from the sigmoid's preactivation: -t ln s(z) - (1 - t) ln(1 - s(z)) =
/// max(z, 0) - t z + ln(1 + e^-|z|), which neither overflows nor loses a small loss in rounding.
INLINE T FN(bce_of_logit)(T z, T t) {
  return fma_t(-t, z, z > 0 ? z : 0) + FN(log1p_of)(FN(exp_of)(-fabs_t(z)));
}

/// ln of the sum of e^z over a row, with the peak taken out of the exponentials.
INLINE T FN(log_sum_exp)(const T *z, size_t width) {
  T peak = FN(peak_of_row)(z, width);
  FN(lanes16) sum = {0};
  for (size_t i = 0; i < width; i += 16) {
    T part[16];
    FN(lanes16_store)(part, FN(lanes16_part)(z + i, width - i));
    for (int lane = 0; lane < 16; lane++) part[lane] = FN(exp_of)(part[lane] - peak);
    sum += FN(lanes16_part)(part, width - i);
  }
  return peak + FN(log_of)(FN(lanes16_total)(sum));
}

/// -t ln softmax(z) = t (ln sum e^z - z); nothing where t is 0, even if z is infinite.
INLINE T FN(crossentropy_of_logit)(T log_sum, T z, T t) { return t != 0 ? t * (log_sum - z) : 0; }

/// The loss of each of `count` outputs. From preactivations where there are any and the loss has a use for them.
INLINE void FN(element_losses)(
    nbs_loss loss, const T *o, const T *z, const T *t, T log_sum, T *losses, size_t count) {
#define LOSSES(kind) \
  case kind: for (size_t i = 0; i < count; i++) losses[i] = FN(element_loss)(kind, o[i], t[i]); break;
  switch (loss) {
    LOSSES(NBS_MSE)
    LOSSES(NBS_PERCEPTRON)
    LOSSES(NBS_MAE)
    LOSSES(NBS_HUBER)
    LOSSES(NBS_HINGE)
    LOSSES(NBS_KL)
    LOSSES(NBS_POISSON)
    case NBS_BCE:
      if (z) for (size_t i = 0; i < count; i++) losses[i] = FN(bce_of_logit)(z[i], t[i]);
      else for (size_t i = 0; i < count; i++) losses[i] = FN(element_loss)(NBS_BCE, o[i], t[i]);
      break;
    case NBS_CROSSENTROPY:
      if (z) for (size_t i = 0; i < count; i++) losses[i] = FN(crossentropy_of_logit)(log_sum, z[i], t[i]);
      else for (size_t i = 0; i < count; i++) losses[i] = FN(element_loss)(NBS_CROSSENTROPY, o[i], t[i]);
      break;
  }
#undef LOSSES
}

/// How many losses are worked out before they are added up; a multiple of 16.
#define LOSS_BLOCK 512

/// What the sum over a row's outputs is divided by.
INLINE double FN(loss_divisor)(nbs_loss loss, size_t width) {
  return loss == NBS_CROSSENTROPY || loss == NBS_KL ? 1 : (double)width;
}

/// The loss of one row.
INLINE double FN(row_loss)(nbs_loss loss, const T *o, const T *z, const T *t, size_t width) {
  T losses[LOSS_BLOCK];
  if (width == 1 && loss != NBS_CROSSENTROPY) {
    FN(element_losses)(loss, o, z, t, 0, losses, 1);
    return losses[0];
  }
  T log_sum = loss == NBS_CROSSENTROPY && z ? FN(log_sum_exp)(z, width) : 0;
  FN(doubles16) sum = {0};
  for (size_t start = 0; start < width; start += LOSS_BLOCK) {
    size_t count = width - start < LOSS_BLOCK ? width - start : LOSS_BLOCK;
    FN(element_losses)(loss, o + start, z ? z + start : NULL, t + start, log_sum, losses, count);
    sum = FN(add_in_doubles)(sum, losses, count);
  }
  return FN(doubles16_total)(sum) / FN(loss_divisor)(loss, width);
}

/// Rows that are short are worked on many at once, but added up one by one all the same.
static double FN(loss)(nbs_loss loss, const void *o, const void *z, const void *t, size_t rows, size_t width) {
  const T *outputs = o, *logits = z, *targets = t;
  double total = 0;
  if (width > LOSS_BLOCK / 2 || (loss == NBS_CROSSENTROPY && logits)) {
    for (size_t start = 0; start < rows * width; start += width)
      total += FN(row_loss)(loss, outputs + start, logits ? logits + start : NULL, targets + start, width);
    return total;
  }
  T losses[LOSS_BLOCK];
  size_t block = LOSS_BLOCK / width * width;
  for (size_t start = 0; start < rows * width; start += block) {
    size_t count = rows * width - start < block ? rows * width - start : block;
    FN(element_losses)(loss, outputs + start, logits ? logits + start : NULL, targets + start, 0, losses, count);
    for (size_t row = 0; row < count; row += width)
      total += FN(sum_of_row_in_doubles)(losses + row, width) / FN(loss_divisor)(loss, width);
  }
  return total;
}

// MARK: - Gradients

/// What every gradient of a row is multiplied by.
INLINE T FN(gradient_factor)(nbs_loss loss, size_t width, double scale) {
  switch (loss) {
    case NBS_MSE: return (T)(2 * scale / (double)width);
    case NBS_PERCEPTRON:
    case NBS_CROSSENTROPY:
    case NBS_KL: return (T)scale;
    default: return (T)(scale / (double)width);
  }
}

/// The gradient by one output; where `fused`, by the preactivation of the sigmoid or softmax that fits the loss.
INLINE T FN(element_gradient)(nbs_loss loss, bool fused, T o, T t, T factor) {
  T error = o - t;
  switch (loss) {
    case NBS_MSE:
    case NBS_PERCEPTRON: return factor * error;
    // 0 where the two are equal, and NaN where the error is.
    case NBS_MAE: return factor * (error > 0 ? 1 : error < 0 ? -1 : error);
    case NBS_HUBER: return factor * (error > 1 ? 1 : error < -1 ? -1 : error);
    case NBS_BCE: {
      T p = FN(clamped)(o);
      return fused ? factor * error : factor * (p - t) / (p * (1 - p));
    }
    // The slope goes on where a probability is held at its limit: a unit that is wholly wrong must learn.
    case NBS_CROSSENTROPY: return fused ? factor * error : -factor * t / FN(clamped)(o);
    case NBS_KL: return -factor * FN(clamped_below)(t) / FN(clamped_below)(o);
    case NBS_HINGE: {
      T margin = t * o;
      return margin < 1 ? -factor * t : margin >= 1 ? 0 : margin;
    }
    case NBS_POISSON: return factor * (1 - t / (o + (T)PROBABILITY_LIMIT));
  }
  return 0;
}

INLINE void FN(element_gradients)(
    nbs_loss loss, bool fused, const T *o, const T *t, T *d, T factor, size_t count) {
#define GRADIENTS(kind, fused) \
  PARALLEL for (size_t i = 0; i < count; i++) d[i] = FN(element_gradient)(kind, fused, o[i], t[i], factor);
#define CASE(kind) \
  case kind: GRADIENTS(kind, false) break;
  switch (loss) {
    CASE(NBS_MSE)
    CASE(NBS_PERCEPTRON)
    CASE(NBS_MAE)
    CASE(NBS_HUBER)
    CASE(NBS_HINGE)
    CASE(NBS_KL)
    CASE(NBS_POISSON)
    case NBS_BCE:
      if (fused) { GRADIENTS(NBS_BCE, true) } else { GRADIENTS(NBS_BCE, false) }
      break;
    case NBS_CROSSENTROPY:
      if (fused) { GRADIENTS(NBS_CROSSENTROPY, true) } else { GRADIENTS(NBS_CROSSENTROPY, false) }
      break;
  }
#undef CASE
#undef GRADIENTS
}

static void FN(loss_gradient)(
    nbs_loss loss, bool fused, const void *o, const void *t, void *d, size_t rows, size_t width, double scale) {
  FN(element_gradients)(loss, fused, o, t, d, FN(gradient_factor)(loss, width, scale), rows * width);
}

// MARK: - Classification

/// The place of the largest output, the first of equals.
INLINE size_t FN(largest_place)(const T *row, size_t width) {
  size_t best = 0;
  for (size_t i = 1; i < width; i++) best = row[i] > row[best] ? i : best;
  return best;
}

INLINE bool FN(is_correct)(const T *o, const T *t, size_t width, T threshold) {
  if (width == 1) return (o[0] > threshold) == (t[0] > threshold);
  return FN(largest_place)(o, width) == FN(largest_place)(t, width);
}

static void FN(mark_wrong)(
    const void *o, const void *t, uint8_t *correct, size_t rows, size_t width, double threshold) {
  const T *outputs = o, *targets = t;
  for (size_t row = 0; row < rows; row++)
    if (!FN(is_correct)(outputs + row * width, targets + row * width, width, (T)threshold)) correct[row] = 0;
}
