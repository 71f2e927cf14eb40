/// The inner loops of the engine, in C with vector extensions.
///
/// Every kernel is compiled once for each instruction set ("level") and each precision, and all of them give the same
/// bits: see ARCHITECTURE.md, "Numbers". Pointers to numbers are untyped: they point to numbers of the precision that
/// the table was asked for. Kernels allocate nothing, keep no state, and may run on any number of threads at once.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "kernels_arrays.h"
#include "kernels_functions.h"
#include "kernels_layers.h"
#include "kernels_products.h"
#include "kernels_random.h"
#include "kernels_recurrences.h"

/// The version of the kernels' arithmetic: one more with every change of a kernel that changes a bit of any result.
#define NBS_KERNELS_VERSION 3

/// What the numbers are.
typedef enum { NBS_FLOAT32 = 0, NBS_FLOAT64 = 1 } nbs_precision;

/// An instruction set: x86-64-v2 (SSE4.2; fused multiply-add in software), v3 (AVX2 and FMA), v4 (AVX-512). Other
/// processors have one level, 1, which the compiler makes for them.
typedef int nbs_level;

/// The kernels of one level in one precision.
typedef struct nbs_kernels {
  nbs_function_kernels functions;
  nbs_array_kernels arrays;
  nbs_product_kernels products;
  nbs_layer_kernels layers;
  nbs_recurrence_kernels recurrences;
  nbs_random_kernels random;
} nbs_kernels;

/// The kernels of a level; NULL where the processor does not have it.
const nbs_kernels *nbs_kernels_at(nbs_level level, nbs_precision precision);

/// The best level that the processor has.
nbs_level nbs_best_level(void);

#endif
