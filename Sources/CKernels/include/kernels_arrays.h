#ifndef KERNELS_ARRAYS_H
#define KERNELS_ARRAYS_H

#include <stddef.h>
#include <stdint.h>

typedef struct nbs_array_kernels {
  int unused;
} nbs_array_kernels;

#endif
