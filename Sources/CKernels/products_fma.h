// A fused multiply-add of floats for processors without one. No include guard: included for floats of one level.
//
// After S. Boldo and G. Melquiond, "Emulation of FMA and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd"
// (2008): in 64 bits the product of two floats is exact, and a sum that is rounded to odd there keeps what the rounding to a
// float must know.

/// Defines NAME(a, b, c) = a b + c, rounded once, for vectors of LANES_COUNT floats.
#define DEFINE_FMA(NAME, VECTOR, LANES_COUNT)                                                           \
  typedef double FN(NAME##_doubles) __attribute__((ext_vector_type(LANES_COUNT)));                      \
  typedef int64_t FN(NAME##_bits) __attribute__((ext_vector_type(LANES_COUNT)));                        \
  INLINE VECTOR FN(NAME)(VECTOR a, VECTOR b, VECTOR c) {                                                \
    typedef FN(NAME##_doubles) Doubles;                                                                 \
    typedef FN(NAME##_bits) Bits;                                                                       \
    const Doubles product = __builtin_convertvector(a, Doubles) * __builtin_convertvector(b, Doubles);  \
    const Doubles addend = __builtin_convertvector(c, Doubles);                                         \
    const Doubles sum = product + addend;                                                               \
    /* What the sum lacks, exactly (D. Knuth's TwoSum); NaN where the sum is not finite. */             \
    const Doubles added = sum - product;                                                                \
    const Doubles error = (product - (sum - added)) + (addend - added);                                 \
    /* Where it lacks something and is even, one step towards it; a mask is -1. */                      \
    const Bits negative = (Bits)(sum < 0), even = ((Bits)sum & 1) - 1;                                  \
    const Bits step = (Bits)(error < 0) - (Bits)(error > 0);                                            \
    const Bits odd = (Bits)sum + (((step ^ negative) - negative) & even);                               \
    return __builtin_convertvector((Doubles)odd, VECTOR);                                               \
  }

DEFINE_FMA(vector_fma, FN(tile_vector), 4)
DEFINE_FMA(half_fma, FN(tile_half), 2)

#undef DEFINE_FMA
