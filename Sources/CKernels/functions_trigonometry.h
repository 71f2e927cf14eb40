// sin, cos and tan. No include guard: included once for each level and precision.
#undef TWO_OVER_PI
#undef HALF_PI_1
#undef HALF_PI_2
#undef HALF_PI_3
#undef MODERATE_ANGLE

// pi/2 in three parts, each as long as a number is. MODERATE_ANGLE bounds what can be reduced by them.
#if IS_DOUBLE
#define TWO_OVER_PI 0x1.45f306dc9c883p-1
#define HALF_PI_1 0x1.921fb54442d18p+0
#define HALF_PI_2 0x1.1a62633145c07p-54
#define HALF_PI_3 (-0x1.f1976b7ed8fbcp-110)
#define MODERATE_ANGLE 0x1p30
static const T FN(sin_coefficients)[] = {
    -0x1.5555555555547p-3, 0x1.111111110f5f6p-7,   -0x1.a01a019bbdc0dp-13,
    0x1.71de352c7e9f5p-19, -0x1.ae5e299961ea6p-26, 0x1.5d80faa8b53d8p-33,
};
static const T FN(cos_coefficients)[] = {
    0x1.555555555554ap-5,   -0x1.6c16c16c14ec1p-10, 0x1.a01a019c6a956p-16,
    -0x1.27e4f7d4c2ef5p-22, 0x1.1ee9c6ad82f8bp-29,  -0x1.8f9ad2ab995ddp-37,
};
#else
#define TWO_OVER_PI 0x1.45f306p-1f
#define HALF_PI_1 0x1.921fb6p+0f
#define HALF_PI_2 (-0x1.777a5cp-25f)
#define HALF_PI_3 (-0x1.ee59dap-50f)
#define MODERATE_ANGLE 0x1p16f
static const T FN(sin_coefficients)[] = {-0x1.555544p-3f, 0x1.1106fcp-7f, -0x1.992bfep-13f};
static const T FN(cos_coefficients)[] = {0x1.55554ap-5f, -0x1.6c0c22p-10f, 0x1.99e35ep-16f};
#endif

// x = r + quadrant pi/2 with |r| <= pi/4 or hardly more; of the quadrant only the last two bits count.
typedef struct {
  FN(double_word) r;
  U quadrant;
} FN(angle);

// The reduction of |x| <= MODERATE_ANGLE by W. Cody and W. Waite's method with fused multiply-adds: x - k HALF_PI_1 is
// exact, what follows is kept in two parts.
INLINE FN(angle) FN(moderate_angle)(T x) {
  T shifted = fma_t(x, TWO_OVER_PI, ROUNDER);
  T k = shifted - ROUNDER;
  T first = fma_t(k, -HALF_PI_1, x);
  T second = k * -HALF_PI_2;
  T second_rest = fma_t(k, -HALF_PI_2, -second);
  FN(double_word) r = FN(sum_of)(first, second);
  r.rest = fma_t(k, -HALF_PI_3, r.rest + second_rest);
  return (FN(angle)){r, FN(bits_of)(shifted)};
}

// The reduction of any finite x by M. Payne and R. Hanek (1983): of 2/pi only those bits are multiplied that end up in
// the last two bits of the quadrant and in 190 bits behind the point. Not fast; angles as large are rare.
static FN(angle) FN(huge_angle)(T x) {
  // 2/pi, after a word of zeros.
  static const uint64_t two_over_pi[] = {
      0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
      0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
      0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
      0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
  };
  typedef unsigned __int128 wide;
  double magnitude = fabs_t(x);
  uint64_t bits;
  memcpy(&bits, &magnitude, sizeof bits);
  uint64_t mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  // magnitude = mantissa 2^exponent, and the first bit that counts weighs 2 after the product.
  int exponent = (int)(bits >> 52) - 1075;
  int start = exponent - 2 + 64;
  int word = start / 64, shift = start % 64;
  uint64_t window[3];
  for (int i = 0; i < 3; i++)
    window[i] = (uint64_t)(((wide)two_over_pi[word + i] << 64 | two_over_pi[word + i + 1]) << shift >> 64);

  wide low = (wide)mantissa * window[2];
  wide middle = (wide)mantissa * window[1] + (uint64_t)(low >> 64);
  uint64_t high = mantissa * window[0] + (uint64_t)(middle >> 64);
  uint64_t quadrant = (high + ((uint64_t)1 << 61)) >> 62;
  // The fraction without the quadrant's bits, as a signed number of units of 2^-128.
  wide fraction = ((wide)high << 64 | (uint64_t)middle) << 2 | (uint64_t)low >> 62;
  bool negative = fraction >> 127;
  if (negative) fraction = -fraction;
  int zeros = fraction >> 64 ? __builtin_clzll((uint64_t)(fraction >> 64)) : 64;
  fraction <<= zeros;
  uint64_t scale_bits = (uint64_t)(1023 - zeros) << 52;
  double scale;
  memcpy(&scale, &scale_bits, sizeof scale);
  double quarter_turns = (double)(uint64_t)(fraction >> 75) * 0x1p-53 * scale;
  double quarter_turns_rest = (double)((uint64_t)(fraction >> 22) & 0x1fffffffffffff) * 0x1p-106 * scale;

  double r = quarter_turns * 0x1.921fb54442d18p+0;
  double rest = __builtin_fma(quarter_turns, 0x1.921fb54442d18p+0, -r);
  rest = __builtin_fma(quarter_turns, 0x1.1a62633145c07p-54, rest);
  rest = __builtin_fma(quarter_turns_rest, 0x1.921fb54442d18p+0, rest);
  if (negative != (x < 0)) r = -r, rest = -rest;
  T value = (T)r;
  return (FN(angle)){{value, (T)(r - value + rest)}, (U)(x < 0 ? -quadrant : quadrant)};
}

// sin r and cos r for |r| <= pi/4, in two parts each.
typedef struct {
  FN(double_word) sin, cos;
} FN(sine_and_cosine);

INLINE FN(sine_and_cosine) FN(sine_and_cosine_of)(FN(double_word) r) {
  T z = r.value * r.value;
  // r - r^3/6 + ..., with the rest's own share: rest cos(r) = rest - rest z/2 ...
  T sin_series = FN(polynomial)(z, FN(sin_coefficients), COUNT_OF(FN(sin_coefficients)));
  T sin_tail = fma_t(z, fma_t(r.value, sin_series, (T)-0.5 * r.rest), r.rest);
  // 1 - z/2 + z^2/24 ..., less rest sin(r)
  T cos_series = FN(polynomial)(z, FN(cos_coefficients), COUNT_OF(FN(cos_coefficients)));
  FN(double_word) cos = FN(sum_of_ordered)(1, (T)-0.5 * z);
  cos.rest += fma_t(z * z, cos_series, -r.value * r.rest);
  return (FN(sine_and_cosine)){{r.value, sin_tail}, cos};
}

// The sine of an angle of so many quadrants more.
INLINE T FN(sine_of_angle)(FN(angle) angle, U more_quadrants) {
  FN(sine_and_cosine) both = FN(sine_and_cosine_of)(angle.r);
  U quadrant = angle.quadrant + more_quadrants;
  T value = quadrant & 1 ? both.cos.value + both.cos.rest : both.sin.value + both.sin.rest;
  U sign = (quadrant & 2) << (sizeof(U) * 8 - 2);
  return FN(number_of)(FN(bits_of)(value) ^ sign);
}

// The sign of 0 is lost on the way.
INLINE T FN(sin_of_angle)(T x, FN(angle) angle) {
  return FN(unless_nan)(x, x == 0 ? x : FN(sine_of_angle)(angle, 0));
}

INLINE T FN(cos_of_angle)(T x, FN(angle) angle) { return FN(unless_nan)(x, FN(sine_of_angle)(angle, 1)); }

// sin / cos, or -cos / sin in the odd quadrants.
INLINE T FN(tan_of_angle)(T x, FN(angle) angle) {
  FN(sine_and_cosine) both = FN(sine_and_cosine_of)(angle.r);
  FN(double_word) sin = FN(sum_of_ordered)(both.sin.value, both.sin.rest);
  FN(double_word) cos = FN(sum_of_ordered)(both.cos.value, both.cos.rest);
  bool odd = angle.quadrant & 1;
  FN(double_word) above = {odd ? cos.value : sin.value, odd ? cos.rest : sin.rest};
  FN(double_word) below = {odd ? -sin.value : cos.value, odd ? -sin.rest : cos.rest};
  return FN(unless_nan)(x, x == 0 ? x : FN(quotient)(above, below));
}

INLINE bool FN(is_moderate)(T x) { return fabs_t(x) <= MODERATE_ANGLE; }

// Each function three times: for moderate angles without a branch, for huge ones, and for all.
#define TRIGONOMETRIC_FUNCTION(name) \
  INLINE T FN(name##_of_moderate)(T x) { return FN(name##_of_angle)(x, FN(moderate_angle)(x)); } \
  static T FN(name##_of_huge)(T x) { \
    return FN(is_finite)(x) ? FN(name##_of_angle)(x, FN(huge_angle)(x)) : NOT_A_NUMBER; \
  } \
  INLINE T FN(name##_of)(T x) { \
    return FN(is_moderate)(x) ? FN(name##_of_moderate)(x) : FN(name##_of_huge)(x); \
  }

TRIGONOMETRIC_FUNCTION(sin)
TRIGONOMETRIC_FUNCTION(cos)
TRIGONOMETRIC_FUNCTION(tan)
#undef TRIGONOMETRIC_FUNCTION
