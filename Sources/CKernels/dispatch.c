#include "CKernels.h"

#if defined(__x86_64__)

extern const nbs_kernels nbs_kernels_v2[2], nbs_kernels_v3[2], nbs_kernels_v4[2];

static int supports(nbs_level level) {
  switch (level) {
    case 2: return __builtin_cpu_supports("sse4.2");
    case 3: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    case 4:
      return supports(3) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512cd");
    default: return 0;
  }
}

nbs_level nbs_best_level(void) { return supports(4) ? 4 : supports(3) ? 3 : 2; }

const nbs_kernels *nbs_kernels_at(nbs_level level, nbs_precision precision) {
  if (!supports(level)) return NULL;
  const nbs_kernels *tables[] = {nbs_kernels_v2, nbs_kernels_v3, nbs_kernels_v4};
  return &tables[level - 2][precision];
}

#else

extern const nbs_kernels nbs_kernels_v1[2];

nbs_level nbs_best_level(void) { return 1; }

const nbs_kernels *nbs_kernels_at(nbs_level level, nbs_precision precision) {
  return level == 1 ? &nbs_kernels_v1[precision] : NULL;
}

#endif
