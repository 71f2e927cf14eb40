// Compiles every kernel for one level, in both precisions. Whoever includes it defines LEVEL, LEVEL_NAME, LANE_BYTES and,
// where there is one, LEVEL_TARGET.
#include "CKernels.h"
#include "level.h"

#ifdef LEVEL_TARGET
#pragma clang attribute push(__attribute__((target(LEVEL_TARGET))), apply_to = function)
#endif

#define IS_DOUBLE 0
#include "kernels.h"
#undef IS_DOUBLE
#define IS_DOUBLE 1
#include "kernels.h"
#undef IS_DOUBLE

#ifdef LEVEL_TARGET
#pragma clang attribute pop
#endif

#define TABLE2(name) nbs_kernels_##name
#define TABLE(name) TABLE2(name)
#define ENTRY(precision) \
  {.functions = JOIN(function_kernels, precision, LEVEL_NAME), \
   .arrays = JOIN(array_kernels, precision, LEVEL_NAME), \
   .products = JOIN(product_kernels, precision, LEVEL_NAME), \
   .layers = JOIN(layer_kernels, precision, LEVEL_NAME), \
   .recurrences = JOIN(recurrence_kernels, precision, LEVEL_NAME), \
   .random = JOIN(random_kernels, precision, LEVEL_NAME)}

const nbs_kernels TABLE(LEVEL_NAME)[2] = {ENTRY(f32), ENTRY(f64)};
