// ln x and its kin. No include guard: included once for each level and precision.
#undef LOG_LN2_HIGH
#undef LOG_LN2_LOW
#undef SQRT_HALF_BITS

// ln 2 in two parts, the first short enough that its product with an exponent is exact.
#if IS_DOUBLE
#define LOG_LN2_HIGH 0x1.62e42fefa3800p-1
#define LOG_LN2_LOW 0x1.ef35793c76730p-45
#define SQRT_HALF_BITS 0x3fe6a09e667f3bcdu
static const T FN(log_coefficients)[] = {
    0x1.5555555555592p-1, 0x1.999999997fdd9p-2, 0x1.24924941f0617p-2, 0x1.c71c5208f5044p-3,
    0x1.74663f3557612p-3, 0x1.39a1ad86d9a4ep-3, 0x1.2f061c1a63353p-3,
};
#else
#define LOG_LN2_HIGH 0x1.62e4p-1f
#define LOG_LN2_LOW 0x1.7f7d1cp-20f
#define SQRT_HALF_BITS 0x3f3504f3u
static const T FN(log_coefficients)[] = {0x1.55557ap-1f, 0x1.995eb4p-2f, 0x1.31e3b0p-2f};
#endif

// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for normal x > 0.
typedef struct {
  T k, m;
} FN(binary_parts);

INLINE FN(binary_parts) FN(split_binary)(T x) {
  const U bias = EXPONENT_BIAS + 1;
  const U counter = (U)(EXPONENT_BIAS + MANTISSA_BITS) << MANTISSA_BITS;
  U offset = FN(bits_of)(x) + ((bias << MANTISSA_BITS) - SQRT_HALF_BITS);
  T k = FN(number_of)(offset >> MANTISSA_BITS | counter) - (T)(((U)1 << MANTISSA_BITS) + bias);
  U mantissa = offset & (((U)1 << MANTISSA_BITS) - 1);
  return (FN(binary_parts)){k, FN(number_of)(mantissa + SQRT_HALF_BITS)};
}

// The same for x > 0 that may be subnormal.
INLINE FN(binary_parts) FN(split_positive)(T x) {
  bool subnormal = x < SMALLEST_NORMAL;
  FN(binary_parts) parts = FN(split_binary)(subnormal ? x * ((U)1 << (MANTISSA_BITS + 1)) : x);
  parts.k -= subnormal ? MANTISSA_BITS + 1 : 0;
  return parts;
}

// ln(2^k (1 + f)) + rest for a small rest, with ln(1 + f) = 2 atanh(s), s = f / (2 + f), arranged as by K. Ng in
// fdlibm: f - f^2/2 + s (f^2/2 + R(s^2)), whose largest term is exact.
INLINE T FN(logarithm)(T k, T f, T rest) {
  T s = f / (2 + f);
  T z = s * s;
  T half_square = (T)0.5 * f * f;
  T series = fma_t(z, FN(polynomial)(z, FN(log_coefficients), COUNT_OF(FN(log_coefficients))), half_square);
  T tail = fma_t(s, series, fma_t(k, LOG_LN2_LOW, rest) - half_square);
  FN(double_word) sum = FN(sum_of_ordered)(k * LOG_LN2_HIGH, f);
  return sum.value + (sum.rest + tail);
}

// ln(1 + x) for finite x > -1.
INLINE T FN(log1p_of_finite)(T x) {
  T sum = 1 + x;
  T larger = x > 1 ? x : 1, smaller = x > 1 ? 1 : x;
  T lost = smaller - (sum - larger);
  FN(binary_parts) parts = FN(split_binary)(sum);
  // lost / 2^k; 2^(1 - k) is a number for every k.
  U exponent = FN(bits_of)(sum) - FN(bits_of)(parts.m);
  T scaled = (T)0.5 * lost * FN(number_of)(((U)(EXPONENT_BIAS + 1) << MANTISSA_BITS) - exponent);
  T above = parts.m - 1;
  T f = above + scaled;
  // The sign of 0 is lost on the way.
  return copysign_t(FN(logarithm)(parts.k, f, scaled - (f - above)), x);
}

INLINE T FN(log_of_normal)(T x) {
  FN(binary_parts) parts = FN(split_binary)(x);
  return FN(logarithm)(parts.k, parts.m - 1, 0);
}

INLINE T FN(log_of)(T x) {
  FN(binary_parts) parts = FN(split_positive)(x);
  T value = FN(logarithm)(parts.k, parts.m - 1, 0);
  value = x == 0 ? -INFINITE : value;
  value = x == INFINITE ? x : value;
  return x >= 0 ? value : NOT_A_NUMBER;
}

INLINE T FN(log1p_of)(T x) {
  T value = FN(log1p_of_finite)(x);
  value = x == -1 ? -INFINITE : value;
  value = x == INFINITE ? x : value;
  return x >= -1 ? value : NOT_A_NUMBER;
}

// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)
INLINE T FN(softplus_of)(T x) {
  T tail = FN(log1p_of_finite)(FN(exp_of)(-fabs_t(x)));
  return FN(unless_nan)(x, (x > 0 ? x : 0) + tail);
}
