// x86-64 with AVX-512.
#if defined(__x86_64__)
#define LEVEL 4
#define LEVEL_NAME v4
#define LANE_BYTES 64
#define LEVEL_TARGET "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"
#include "level_body.h"
#endif
