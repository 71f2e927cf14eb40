// The parts of a floating-point number, polynomials, and numbers in two parts. No include guard: included once for each
// level and precision.
//
// The functions here and in the other functions_*.h are free of branches (but for huge angles), so that a plain loop
// over one becomes vector code. Integers and numbers are turned into each other by adding a number whose last bit counts
// 1 (ROUNDER), since AVX2 has no instruction for 64 bits.
#undef MANTISSA_BITS
#undef EXPONENT_BIAS
#undef SMALLEST_NORMAL
#undef ROUNDER
#undef NOT_A_NUMBER
#undef INFINITE
#undef COUNT_OF

#if IS_DOUBLE
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define SMALLEST_NORMAL 0x1p-1022
#define ROUNDER 0x1.8p52
#else
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define SMALLEST_NORMAL 0x1p-126f
#define ROUNDER 0x1.8p23f
#endif

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

INLINE U FN(bits_of)(T x) {
  U bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE T FN(number_of)(U bits) {
  T x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// The one NaN that every function gives, since processors differ in the sign and payload of those that they make.
#define NOT_A_NUMBER ((T)__builtin_nan(""))
#define INFINITE ((T)__builtin_inf())

// `value`, or the one NaN where x is a NaN.
INLINE T FN(unless_nan)(T x, T value) { return x == x ? value : NOT_A_NUMBER; }

// The elementwise builtin is the instruction alone, where C's sqrt would also set errno.
INLINE T FN(sqrt_of)(T x) { return x >= 0 ? __builtin_elementwise_sqrt(x) : NOT_A_NUMBER; }

INLINE bool FN(is_finite)(T x) { return fabs_t(x) < INFINITE; }

// Neither 0, negative, subnormal, infinite nor a NaN.
INLINE bool FN(is_normal)(T x) { return x >= SMALLEST_NORMAL && x < INFINITE; }

// c[0] + c[1] x + ... + c[count - 1] x^(count - 1) for up to 32 coefficients, by G. Estrin's scheme (1960): neighbours
// are joined in pairs, pairs in fours and so on, so that the chain of dependent operations is as long as log2(count).
// Tests/CKernelsTests/Fixtures/derive_polynomials.py finds the coefficients.
INLINE T FN(polynomial)(T x, const T *c, int count) {
  T sums[32];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) sums[i] = c[i];
#pragma clang loop unroll(full)
  for (int level = 0; level < 5; level++) {
    if (count > 1) {
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++)
        if (i < count / 2) sums[i] = fma_t(sums[2 * i + 1], x, sums[2 * i]);
      if (count % 2) sums[count / 2] = sums[count - 1];
      count = (count + 1) / 2;
      x = x * x;
    }
  }
  return sums[0];
}

// A number in two parts: what `value` lost to rounding is in `rest`.
typedef struct {
  T value, rest;
} FN(double_word);

// larger + smaller without a loss, if |larger| >= |smaller| or larger is 0 (T. Dekker, 1971).
INLINE FN(double_word) FN(sum_of_ordered)(T larger, T smaller) {
  T sum = larger + smaller;
  return (FN(double_word)){sum, smaller - (sum - larger)};
}

// a + b without a loss (D. Knuth, "The Art of Computer Programming", volume 2).
INLINE FN(double_word) FN(sum_of)(T a, T b) {
  T sum = a + b;
  T b_part = sum - a;
  return (FN(double_word)){sum, (a - (sum - b_part)) + (b - b_part)};
}

// a b, of which the product of the rests is left out.
INLINE FN(double_word) FN(exact_product)(FN(double_word) a, FN(double_word) b) {
  T value = a.value * b.value;
  T rest = fma_t(a.value, b.value, -value);
  return (FN(double_word)){value, fma_t(a.value, b.rest, fma_t(a.rest, b.value, rest))};
}

// a / b in two parts: the quotient of the values, and what it leaves of a.
INLINE FN(double_word) FN(double_quotient)(FN(double_word) a, FN(double_word) b) {
  T inverse = 1 / b.value;
  T value = a.value * inverse;
  T remainder = fma_t(-value, b.value, a.value) + fma_t(-value, b.rest, a.rest);
  return (FN(double_word)){value, remainder * inverse};
}

INLINE T FN(quotient)(FN(double_word) a, FN(double_word) b) {
  FN(double_word) quotient = FN(double_quotient)(a, b);
  return quotient.value + quotient.rest;
}
