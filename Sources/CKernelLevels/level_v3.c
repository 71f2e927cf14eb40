// x86-64 with AVX2.
#if defined(__x86_64__)
#define LEVEL 3
#define LEVEL_NAME v3
#define LANE_BYTES 32
#define LEVEL_TARGET "avx2,fma,bmi,bmi2,lzcnt,popcnt"
#include "level_body.h"
#endif
