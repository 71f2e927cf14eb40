// Elementary functions over arrays. No include guard: included once for each level and precision.
#include "functions_numbers.h"

#include "functions_exponential.h"
#include "functions_logarithm.h"
#include "functions_error.h"

static const nbs_function_kernels FN(function_kernels) = {0};
