// Two levels in one file, since SwiftPM starts the C files of a target in its own order: of three, one would wait for half
// of the Swift modules, and the engine for it.
#if defined(__x86_64__)
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
