/// Elementary functions over arrays, of our own so that they give the same bits everywhere: within 1 or 2 ulp.
#ifndef KERNELS_FUNCTIONS_H
#define KERNELS_FUNCTIONS_H

#include <stddef.h>

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
  void (*apply)(nbs_function f, const void *x, void *y, size_t count);
  /// y[i] = a[i * a_step] to the power of b[i * b_step], as C's pow; steps are 0 or 1.
  void (*power)(const void *a, size_t a_step, const void *b, size_t b_step, void *y, size_t count);
} nbs_function_kernels;

#endif
