// e^x and its kin. No include guard: included once for each level and precision.
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef EXP_LEAST
#undef EXP_GREATEST
#undef EXPM1_LEAST

#if IS_DOUBLE
#define LOG2_E 0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefa39efp-1
#define LN2_LOW 0x1.abc9e3b39803fp-56
// Beyond these e^x is 0 and infinite; below EXPM1_LEAST e^x - 1 is -1.
#define EXP_LEAST (-746.0)
#define EXP_GREATEST 710.0
#define EXPM1_LEAST (-40.0)
static const T FN(exp_coefficients)[] = {0.5,
                                         0x1.555555555555cp-3,
                                         0x1.5555555553169p-5,
                                         0x1.111111110e538p-7,
                                         0x1.6c16c17cf4f28p-10,
                                         0x1.a01a01b68e8b1p-13,
                                         0x1.a019aa92dfa69p-16,
                                         0x1.71dde83eb8e96p-19,
                                         0x1.28a021c26a18bp-22,
                                         0x1.af799e2bf1388p-26};
#else
#define LOG2_E 0x1.715476p+0f
#define LN2_HIGH 0x1.62e430p-1f
#define LN2_LOW (-0x1.05c610p-29f)
#define EXP_LEAST (-104.0f)
#define EXP_GREATEST 89.0f
#define EXPM1_LEAST (-20.0f)
static const T FN(exp_coefficients)[] = {0.5f, 0x1.555492p-3f, 0x1.5554c0p-5f, 0x1.123a00p-7f, 0x1.6d7b12p-10f};
#endif

// e^x = 2^k (1 + r + tail), with |r| <= ln(2) / 2 exact and the smaller tail holding what remains. `shifted` is a large
// number whose last bits are k, biased by 2 EXPONENT_BIAS.
typedef struct {
  T shifted, r, tail;
} FN(exponential);

// The parts of e^(x + rest) for a small rest.
INLINE FN(exponential) FN(split_exponential)(T x, T rest) {
  const T rounder = ROUNDER + 2 * EXPONENT_BIAS;
  T shifted = fma_t(x, LOG2_E, rounder);
  T k = shifted - rounder;
  T high = fma_t(k, -LN2_HIGH, x);
  T low = fma_t(k, -LN2_LOW, rest);
  T r = high + low;
  T series = FN(polynomial)(r, FN(exp_coefficients), COUNT_OF(FN(exp_coefficients)));
  return (FN(exponential)){shifted, high, fma_t(r * r, series, low)};
}

// x 2^k in two steps, since 2^k alone may be no number where x 2^k is one.
INLINE T FN(scale)(T x, T shifted) {
  U biased = FN(bits_of)(shifted);
  U half = biased >> 1;
  return x * FN(number_of)(half << MANTISSA_BITS) * FN(number_of)((biased - half) << MANTISSA_BITS);
}

INLINE T FN(clamp)(T x, T least, T greatest) {
  x = x > least ? x : least;
  return x < greatest ? x : greatest;
}

INLINE T FN(exp_of)(T x) {
  FN(exponential) e = FN(split_exponential)(FN(clamp)(x, EXP_LEAST, EXP_GREATEST), 0);
  FN(double_word) sum = FN(sum_of_ordered)(1, e.r);
  return FN(unless_nan)(x, FN(scale)(sum.value + (sum.rest + e.tail), e.shifted));
}

// The same for an x that is not above 0; anything for a NaN.
INLINE T FN(exp_below_0)(T x) {
  FN(exponential) e = FN(split_exponential)(x > EXP_LEAST ? x : EXP_LEAST, 0);
  FN(double_word) sum = FN(sum_of_ordered)(1, e.r);
  return FN(scale)(sum.value + (sum.rest + e.tail), e.shifted);
}

// (e^x - 1) / 2 of an x inside the limits, which does not overflow where e^x - 1 is a number.
INLINE FN(double_word) FN(half_expm1_of_clamped)(T x) {
  FN(exponential) e = FN(split_exponential)(x, 0);
  // 2^(k - 1)
  T half_power = FN(number_of)((FN(bits_of)(e.shifted) - (EXPONENT_BIAS + 1)) << MANTISSA_BITS);
  FN(double_word) sum = FN(sum_of_ordered)(half_power - (T)0.5, half_power * e.r);
  return FN(sum_of_ordered)(sum.value, fma_t(half_power, e.tail, sum.rest));
}

INLINE FN(double_word) FN(half_expm1)(T x) {
  return FN(half_expm1_of_clamped)(FN(clamp)(x, EXPM1_LEAST, EXP_GREATEST));
}

INLINE T FN(expm1_of)(T x) {
  T value = 2 * FN(half_expm1)(x).value;
  // Halving would lose the last bit of a subnormal number, and adding the sign of 0.
  return FN(unless_nan)(x, fabs_t(x) < SMALLEST_NORMAL * 4 ? x : value);
}

// tanh |x| = -expm1(-2|x|) / (2 + expm1(-2|x|))
INLINE T FN(tanh_of)(T x) {
  T twice = -2 * fabs_t(x);
  FN(double_word) half = FN(half_expm1_of_clamped)(twice > EXPM1_LEAST ? twice : EXPM1_LEAST);
  FN(double_word) divisor = FN(sum_of_ordered)(1, half.value);
  divisor.rest += half.rest;
  return FN(unless_nan)(x, copysign_t(FN(quotient)(half, divisor), x));
}

// 1 / (1 + e^-x), of e^-|x|, which does not overflow and keeps its precision far below 0. Sum and quotient are rounded once
// each, to within 1.9 ulp: small networks wait for one sigmoid after the other, and correcting both would take a fifth longer.
INLINE T FN(sigmoid_of)(T x) {
  T e = FN(exp_below_0)(-fabs_t(x));
  return FN(unless_nan)(x, (x < 0 ? e : 1) / (1 + e));
}

// Whether `sigmoid_of_moderate` takes a number: e^-|x| is far from subnormal. A NaN is not moderate.
#undef SIGMOID_MODERATE
#if IS_DOUBLE
#define SIGMOID_MODERATE 700.0
#else
#define SIGMOID_MODERATE 80.0f
#endif
INLINE bool FN(is_moderate_for_sigmoid)(T x) { return fabs_t(x) < SIGMOID_MODERATE; }

// The same bits for a moderate number, a few operations earlier: no limits, 2^k is a number, and so the product by it is exact.
INLINE T FN(sigmoid_of_moderate)(T x) {
  FN(exponential) parts = FN(split_exponential)(-fabs_t(x), 0);
  FN(double_word) sum = FN(sum_of_ordered)(1, parts.r);
  T power = FN(number_of)((FN(bits_of)(parts.shifted) - EXPONENT_BIAS) << MANTISSA_BITS);
  T significand = sum.value + (sum.rest + parts.tail);
  return (x < 0 ? significand * power : 1) / fma_t(significand, power, 1);
}
