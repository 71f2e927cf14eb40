// Every other processor.
#if !defined(__x86_64__)
#define LEVEL 1
#define LEVEL_NAME v1
#define LANE_BYTES 16
#include "level_body.h"
#endif
