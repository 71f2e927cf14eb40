// x86-64 of 2008: no fused multiply-add, which is computed.
#if defined(__x86_64__)
#define LEVEL 2
#define LEVEL_NAME v2
#define LANE_BYTES 16
#define LEVEL_TARGET "sse4.2,popcnt"
#include "level_body.h"
#endif
