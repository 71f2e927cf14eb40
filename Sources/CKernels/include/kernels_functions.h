/// Elementary functions over arrays, of our own so that they give the same bits everywhere.
///
/// Results are within 1.5 units in the last place, most within 1 (see FunctionsAccuracyTests), for every argument:
/// subnormal numbers and huge angles too. Infinities and signed zeros are as in C; there is one NaN that comes out.
#ifndef KERNELS_FUNCTIONS_H
#define KERNELS_FUNCTIONS_H

#include <stddef.h>

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef enum {
  NBS_EXP,
  NBS_EXPM1,
  NBS_LOG,
  NBS_LOG1P,
  NBS_SIN,
  NBS_COS,
  NBS_TAN,
  NBS_TANH_FUNCTION,
  /// 1 / (1 + e^-x)
  NBS_SIGMOID_FUNCTION,
  NBS_ERF,
  NBS_ERFC,
  /// ln(1 + e^x)
  NBS_SOFTPLUS_FUNCTION,
  NBS_SQRT
} nbs_function;

typedef struct nbs_function_kernels {
  /// y = f(x); y may be x.
  void (*_Nonnull apply)(nbs_function f, const void *x, void *y, size_t count);
  /// y[i] = a[i * a_step] to the power of b[i * b_step], as C's pow; steps are 0 or 1. y may be a or b. Exponents
  /// of 0, 1, 2, -1 and 0.5 give correctly rounded powers.
  void (*_Nonnull power)(const void *a, size_t a_step, const void *b, size_t b_step, void *y, size_t count);
} nbs_function_kernels;

#pragma clang diagnostic pop
#endif
