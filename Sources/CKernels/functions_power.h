// a to the power of b. No include guard: included once for each level and precision.
#if IS_DOUBLE
#define TWO_THIRDS_HIGH 0x1.5555555555555p-1
#define TWO_THIRDS_LOW 0x1.5555555555555p-55
static const T FN(power_coefficients)[] = {
    0x1.9999999999996p-2, 0x1.2492492493038p-2, 0x1.c71c71c580079p-3, 0x1.745d18328112dp-3,
    0x1.3b1362a9ba7bdp-3, 0x1.1120b779fcd6bp-3, 0x1.de3325ef01b2fp-4, 0x1.eb138e9ba4e27p-4,
};
#else
#define TWO_THIRDS_HIGH 0x1.555556p-1f
#define TWO_THIRDS_LOW (-0x1.555556p-26f)
static const T FN(power_coefficients)[] = {0x1.999998p-2f, 0x1.249374p-2f, 0x1.c6594ap-3f, 0x1.8eb4e4p-3f};
#endif

// ln x in two parts, for x = 2^k m: an error of ln x is multiplied by the exponent, and becomes one of as many units in
// the last place of the power as b ln x is large. ln m = 2s + s z (2/3 + z q(z)) with s = (m - 1) / (m + 1), z = s^2.
INLINE FN(double_word) FN(double_logarithm)(FN(binary_parts) parts) {
  FN(double_word) above = {parts.m - 1, 0};
  FN(double_word) divisor = FN(sum_of_ordered)(2, above.value);
  FN(double_word) s = FN(double_quotient)(above, divisor);
  FN(double_word) z = FN(exact_product)(s, s);
  T series = z.value * FN(polynomial)(z.value, FN(power_coefficients), COUNT_OF(FN(power_coefficients)));
  FN(double_word) factor = FN(sum_of_ordered)(TWO_THIRDS_HIGH, series);
  factor.rest += TWO_THIRDS_LOW;
  FN(double_word) correction = FN(exact_product)(s, FN(exact_product)(z, factor));
  FN(double_word) sum = FN(sum_of_ordered)(2 * s.value, correction.value);
  sum.rest += fma_t(2, s.rest, correction.rest);
  FN(double_word) whole = FN(sum_of_ordered)(parts.k * LOG_LN2_HIGH, sum.value);
  whole.rest += fma_t(parts.k, LOG_LN2_LOW, sum.rest);
  return FN(sum_of_ordered)(whole.value, whole.rest);
}

// e^(b logarithm)
INLINE T FN(power_of_logarithm)(FN(double_word) logarithm, T b) {
  T exponent = b * logarithm.value;
  T rest = fma_t(b, logarithm.rest, fma_t(b, logarithm.value, -exponent));
  // Beyond these bounds the rest may be a NaN.
  bool inside = exponent > EXP_LEAST && exponent < EXP_GREATEST;
  FN(exponential) e = FN(split_exponential)(FN(clamp)(exponent, EXP_LEAST, EXP_GREATEST), inside ? rest : 0);
  FN(double_word) sum = FN(sum_of_ordered)(1, e.r);
  return FN(scale)(sum.value + (sum.rest + e.tail), e.shifted);
}

// `value`, or the correctly rounded power where b is an exponent of everyday formulas (0 and 1 need no help).
INLINE T FN(unless_everyday)(T magnitude, T b, T value) {
  value = b == 2 ? magnitude * magnitude : value;
  value = b == -1 ? 1 / magnitude : value;
  return b == (T)0.5 ? FN(sqrt_of)(magnitude) : value;
}

// a^b for normal a > 0 and finite b, which are not special.
INLINE T FN(power_of_normal)(T a, T b) {
  return FN(unless_everyday)(a, b, FN(power_of_logarithm)(FN(double_logarithm)(FN(split_binary)(a)), b));
}

// a^b with the special cases of C's pow (C17, annex F.10.4.4).
INLINE T FN(pow_of)(T a, T b) {
  T magnitude = fabs_t(a);
  FN(double_word) logarithm = FN(double_logarithm)(FN(split_positive)(magnitude));
  logarithm.value = magnitude == 0 ? -INFINITE : magnitude == INFINITE ? INFINITE : logarithm.value;
  T value = FN(unless_everyday)(magnitude, b, magnitude == 1 ? 1 : FN(power_of_logarithm)(logarithm, b));
  bool whole = floor_t(b) == b;
  bool odd = whole && floor_t((T)0.5 * b) != (T)0.5 * b;
  value = odd ? copysign_t(value, a) : value;
  bool undefined = (a < 0 && a > -INFINITE && !whole) || a != a || b != b;
  value = undefined ? NOT_A_NUMBER : value;
  return a == 1 || b == 0 ? 1 : value;
}
#undef TWO_THIRDS_HIGH
#undef TWO_THIRDS_LOW
