// What every kernel's source may use: the level that is being compiled, and the precision.
//
// A level's source (level_v3.c and its like) defines LEVEL, LEVEL_NAME and the bytes of its vectors, LANE_BYTES, and includes every
// kernel's source twice, once with T being float and once with T being double:
//
//   T           the number type
//   IS_DOUBLE   1 or 0
//   FN(name)    name, made one's own for this level and precision
//   LANES       how many numbers fill a vector register
//   U, S        the unsigned and signed integers as wide as T
//
// Rules, since all levels must give the same bits:
// - a product that is added is `fma_t(a, b, c)`, written out; the compiler fuses nothing by itself (fp contract off)
// - a sum of products is one chain of fma_t in a fixed order; other sums go over 16 lanes and then a fixed tree
// - no function of libm but fma, which is exact; floor, sqrt and the like are instructions
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

#define JOIN2(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define INLINE static inline __attribute__((always_inline, unused))
