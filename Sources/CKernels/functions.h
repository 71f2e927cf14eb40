// Elementary functions over arrays. No include guard: included once for each level and precision.
#include "functions_numbers.h"

#include "functions_exponential.h"
#include "functions_logarithm.h"

#include "functions_error.h"
#include "functions_power.h"
#include "functions_trigonometry.h"

// y[i] = `value` from `first` to `last`, where `value` may contain x[i].
#define PLAIN_RANGE(first, last, value) \
  for (size_t i = first; i < last; i++) y[i] = value

// The same for a `value` without branches. The compiler is told that y is x itself or apart from it: it would not make
// vector code of a loop over an array that is changed in place. Two vectors at a time, since these functions are long
// chains of operations that wait for each other.
#define VECTOR_RANGE(first, last, value) \
  _Pragma("clang loop vectorize(assume_safety) interleave_count(2)") PLAIN_RANGE(first, last, value)

#define FOR_EACH(value) \
  VECTOR_RANGE(0, count, value); \
  break

// For functions whose special cases cost time: blocks in which every number is `regular` get `value`, the others, by
// ANY_RANGE, `any_value`, which gives the same bits where both are right.
#define BLOCK 256
#define FOR_EACH_IN_BLOCKS(regular, value, ANY_RANGE, any_value) \
  for (size_t start = 0; start < count; start += BLOCK) { \
    size_t end = count - start < BLOCK ? count : start + BLOCK; \
    int irregular = 0; \
    for (size_t i = start; i < end; i++) irregular |= !(regular); \
    if (irregular) { \
      ANY_RANGE(start, end, any_value); \
    } else { \
      VECTOR_RANGE(start, end, value); \
    } \
  } \
  break

#define FOR_EACH_ANGLE(name) \
  FOR_EACH_IN_BLOCKS(FN(is_moderate)(x[i]), FN(name##_of_moderate)(x[i]), PLAIN_RANGE, FN(name##_of)(x[i]))

static void FN(apply)(nbs_function function, const void *numbers, void *results, size_t count) {
  const T *x = numbers;
  T *y = results;
  switch (function) {
    case NBS_EXP: FOR_EACH(FN(exp_of)(x[i]));
    case NBS_EXPM1: FOR_EACH(FN(expm1_of)(x[i]));
    case NBS_LOG: FOR_EACH_IN_BLOCKS(FN(is_normal)(x[i]), FN(log_of_normal)(x[i]), VECTOR_RANGE, FN(log_of)(x[i]));
    case NBS_LOG1P: FOR_EACH(FN(log1p_of)(x[i]));
    case NBS_SIN: FOR_EACH_ANGLE(sin);
    case NBS_COS: FOR_EACH_ANGLE(cos);
    case NBS_TAN: FOR_EACH_ANGLE(tan);
    case NBS_TANH_FUNCTION: FOR_EACH(FN(tanh_of)(x[i]));
    case NBS_SIGMOID_FUNCTION: FOR_EACH(FN(sigmoid_of)(x[i]));
    case NBS_ERF: FOR_EACH(FN(erf_of)(x[i]));
    case NBS_ERFC: FOR_EACH(FN(erfc_of)(x[i]));
    case NBS_SOFTPLUS_FUNCTION: FOR_EACH(FN(softplus_of)(x[i]));
    case NBS_SQRT: FOR_EACH(FN(sqrt_of)(x[i]));
  }
}

// One exponent for all: the same bits as by `pow_of`, but faster for the exponents of everyday formulas.
static void FN(power_of_constant)(const T *x, T exponent, T *y, size_t count) {
  enum { ZERO, ONE, TWO, INVERSE, ROOT, ANY } kind = exponent == 0     ? ZERO
                                                      : exponent == 1   ? ONE
                                                      : exponent == 2   ? TWO
                                                      : exponent == -1  ? INVERSE
                                                      : exponent == 0.5 ? ROOT
                                                                        : ANY;
  switch (kind) {
    case ZERO: FOR_EACH(1);
    case ONE: FOR_EACH(FN(unless_nan)(x[i], x[i]));
    case TWO: FOR_EACH(FN(unless_nan)(x[i], x[i] * x[i]));
    case INVERSE: FOR_EACH(FN(unless_nan)(x[i], 1 / x[i]));
    // pow(-0, 0.5) is 0 and pow(-infinity, 0.5) is infinite, other than the square roots.
    case ROOT: FOR_EACH(x[i] == -INFINITE ? INFINITE : FN(sqrt_of)(x[i] + 0));
    case ANY:
      FOR_EACH_IN_BLOCKS(
          FN(is_normal)(x[i]) && FN(is_finite)(exponent), FN(power_of_normal)(x[i], exponent), VECTOR_RANGE,
          FN(pow_of)(x[i], exponent));
  }
}

static void FN(power)(
    const void *bases, size_t base_step, const void *exponents, size_t exponent_step, void *results, size_t count) {
  const T *x = bases, *b = exponents;
  T *y = results;
  if (count == 0) return;
  if (exponent_step == 0 && base_step == 1) {
    FN(power_of_constant)(x, *b, y, count);
    return;
  }
  switch (base_step * 2 + exponent_step) {
    case 0: {
      T value;
      FN(power_of_constant)(x, *b, &value, 1);
      for (size_t i = 0; i < count; i++) y[i] = value;
      break;
    }
    case 1: {
      T base = *x;
      FOR_EACH(FN(pow_of)(base, b[i]));
    }
    case 3:
      FOR_EACH_IN_BLOCKS(
          FN(is_normal)(x[i]) && FN(is_finite)(b[i]), FN(power_of_normal)(x[i], b[i]), VECTOR_RANGE,
          FN(pow_of)(x[i], b[i]));
  }
}
#undef PLAIN_RANGE
#undef VECTOR_RANGE
#undef FOR_EACH
#undef FOR_EACH_IN_BLOCKS
#undef FOR_EACH_ANGLE
#undef BLOCK

static const nbs_function_kernels FN(function_kernels) = {.apply = FN(apply), .power = FN(power)};
