// The levels of x86-64, one after another.
#if defined(__x86_64__)
#define LEVEL 2
#define LEVEL_NAME v2
#define LANE_BYTES 16
#define LEVEL_TARGET "sse4.2,popcnt"
#include "level_body.h"

#define LEVEL 3
#define LEVEL_NAME v3
#define LANE_BYTES 32
#define LEVEL_TARGET "avx2,fma,bmi,bmi2,lzcnt,popcnt"
#include "level_body.h"

#define LEVEL 4
#define LEVEL_NAME v4
#define LANE_BYTES 64
#define LEVEL_TARGET "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"
#include "level_body.h"
#endif
