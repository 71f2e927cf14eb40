// The error function and its complement. No include guard: included once for each level and precision.
#undef ERFC_MIDDLE
#undef ERFC_GREATEST

#if IS_DOUBLE
#define ERFC_MIDDLE 4.0
#define ERFC_GREATEST 28.0
static const T FN(erfc_coefficients)[] = {
    0x1.dd2c8b74febf6p-3, -0x1.7d8f1c4524743p-2, 0x1.8d4ecb405c5f9p-2, -0x1.47938f4c730cdp-2,
    0x1.c0398cb6f1d00p-3, -0x1.00428c8fe9ee5p-3, 0x1.e1a95642fce0fp-5, -0x1.625ed098490cep-6,
    0x1.63f26056e5be6p-8, -0x1.a2bede8dd0b8fp-12, -0x1.77d65a258d5ddp-12, 0x1.4dcd9ed9e8cd0p-13,
    -0x1.1ed31d7395587p-17, -0x1.09f15054338efp-16, 0x1.36a93503e37fep-18, 0x1.222eee62d0f5ap-20,
    -0x1.a6694e391d1fcp-21, -0x1.50af8043378d9p-25, 0x1.e64fb81d39443p-24, -0x1.8c738fa12a130p-29,
    -0x1.f336172dea186p-27, 0x1.0131acca55b66p-31, 0x1.474cb6a810321p-30,
};
static const T FN(erf_coefficients)[] = {
    0x1.06eba8214db68p-3, -0x1.812746b0379a7p-2, 0x1.ce2f21a03f3b4p-4, -0x1.b82ce3115426fp-6,
    0x1.565bccd80e8a6p-8, -0x1.c02da8d0a5ed0p-11, 0x1.f9a1b6eb62b02p-14, -0x1.f4b3e21e9f7e6p-17,
    0x1.b845611335782p-20, -0x1.516cddea4b61bp-23, 0x1.705d43b1314ebp-27,
};
#else
#define ERFC_MIDDLE 3.0f
#define ERFC_GREATEST 10.5f
static const T FN(erfc_coefficients)[] = {
    0x1.03148cp-2f, -0x1.8df4d0p-2f, 0x1.5d409ep-2f, -0x1.b0fd24p-3f, 0x1.7971b6p-4f,
    -0x1.86d324p-6f, 0x1.d3e61ap-15f, 0x1.4943c0p-9f, -0x1.0ab5b0p-11f, -0x1.193b88p-12f,
};
static const T FN(erf_coefficients)[] = {
    0x1.06eba8p-3f, -0x1.812720p-2f, 0x1.ce24e2p-4f, -0x1.b732c6p-6f, 0x1.4b77e8p-8f,
    -0x1.4d2936p-11f,
};
#endif

// erfc x for x >= 0. (1 + 2x) e^(x^2) erfc x hardly moves, and one polynomial of q = (x - c) / (x + c) gives it for all
// x: M. Shepherd and J. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity",
// Mathematics of Computation 36 (1981). Here it is written 1 + w h(q) with w = 1 + q, so that rounding touches only the
// part beyond 1. What the larger terms lose to rounding is kept beside them and added at the end.
INLINE T FN(erfc_of_positive)(T x) {
  x = x < ERFC_GREATEST ? x : ERFC_GREATEST;
  T w = 2 * x / (x + ERFC_MIDDLE);
  T beyond = w * FN(polynomial)(w - 1, FN(erfc_coefficients), COUNT_OF(FN(erfc_coefficients)));
  FN(double_word) factor = FN(sum_of_ordered)(1, beyond);

  T square = x * x;
  FN(exponential) e = FN(split_exponential)(-square, fma_t(-x, x, square));
  FN(double_word) power = FN(sum_of_ordered)(1, e.r);
  power.rest += e.tail;

  FN(double_word) divisor = FN(sum_of)(1, 2 * x);
  return FN(scale)(FN(quotient)(FN(exact_product)(power, factor), divisor), e.shifted);
}

INLINE T FN(erfc_of)(T x) {
  T value = FN(erfc_of_positive)(fabs_t(x));
  return FN(unless_nan)(x, x < 0 ? 2 - value : value);
}

// Near 0 a polynomial of x^2, further off 1 - erfc|x|.
INLINE T FN(erf_of)(T x) {
  T square = x * x;
  T near = fma_t(x, FN(polynomial)(square, FN(erf_coefficients), COUNT_OF(FN(erf_coefficients))), x);
  T far = copysign_t(1 - FN(erfc_of_positive)(fabs_t(x)), x);
  return FN(unless_nan)(x, fabs_t(x) < (T)0.84 ? near : far);
}
