// Operations element by element. Each is said once, on vectors; what is left over at the end of a row goes through the same
// lines, one number in the first lane.
// No include guard: included once for each level and precision.

INLINE V FN(combined)(nbs_binary op, V a, V b) {
  switch (op) {
    case NBS_ADD: return a + b;
    case NBS_SUBTRACT: return a - b;
    case NBS_MULTIPLY: return a * b;
    case NBS_DIVIDE: return a / b;
    case NBS_EQUAL: return FN(truth)(a == b);
    case NBS_NOT_EQUAL: return FN(truth)(a != b);
    case NBS_LESS: return FN(truth)(a < b);
    case NBS_LESS_OR_EQUAL: return FN(truth)(a <= b);
    case NBS_GREATER: return FN(truth)(a > b);
    case NBS_GREATER_OR_EQUAL: return FN(truth)(a >= b);
    case NBS_AND: return FN(truth)((a != 0) & (b != 0));
    case NBS_OR: return FN(truth)((a != 0) | (b != 0));
  }
  __builtin_unreachable();
}

INLINE void FN(combine_row)(
    nbs_binary op, const T *a, size_t a_step, const T *b, size_t b_step, T *y, size_t width) {
  size_t i = 0;
  if (a_step && b_step) {
    for (; i + LANES <= width; i += LANES) FN(store)(y + i, FN(combined)(op, FN(load)(a + i), FN(load)(b + i)));
  } else if (a_step) {
    const V right = FN(splat)(*b);
    for (; i + LANES <= width; i += LANES) FN(store)(y + i, FN(combined)(op, FN(load)(a + i), right));
  } else if (b_step) {
    const V left = FN(splat)(*a);
    for (; i + LANES <= width; i += LANES) FN(store)(y + i, FN(combined)(op, left, FN(load)(b + i)));
  }
#pragma clang loop vectorize(disable)
  for (; i < width; i++) y[i] = FN(combined)(op, (V){a[i * a_step]}, (V){b[i * b_step]})[0];
}

INLINE void FN(combine_rows)(nbs_binary op, nbs_operand a, nbs_operand b, T *y, size_t rows, size_t width) {
  const T *left = a.numbers, *right = b.numbers;
  for (size_t r = 0; r < rows; r++, left += a.row, right += b.row, y += width)
    FN(combine_row)(op, left, a.step, right, b.step, y, width);
}

static void FN(array_binary)(nbs_binary op, nbs_operand a, nbs_operand b, void *y, size_t rows, size_t width) {
#define CASE(name) \
  case name: return FN(combine_rows)(name, a, b, y, rows, width)
  switch (op) {
    CASE(NBS_ADD);
    CASE(NBS_SUBTRACT);
    CASE(NBS_MULTIPLY);
    CASE(NBS_DIVIDE);
    CASE(NBS_EQUAL);
    CASE(NBS_NOT_EQUAL);
    CASE(NBS_LESS);
    CASE(NBS_LESS_OR_EQUAL);
    CASE(NBS_GREATER);
    CASE(NBS_GREATER_OR_EQUAL);
    CASE(NBS_AND);
    CASE(NBS_OR);
  }
#undef CASE
}

INLINE V FN(changed)(nbs_unary op, V x) {
  const V zero = {0}, one = FN(splat)(1);
  switch (op) {
    case NBS_NEGATE: return -x;
    case NBS_ABSOLUTE: return __builtin_elementwise_abs(x);
    case NBS_SIGN: return FN(select)(x > 0, one, FN(select)(x < 0, -one, FN(select)(x == 0, zero, x)));
    case NBS_POSITIVE_PART: return FN(select)(x <= 0, zero, x);
    case NBS_UNIT_STEP: return FN(select)(x > 0, one, FN(select)(x <= 0, zero, x));
    case NBS_ROUND: return __builtin_elementwise_roundeven(x);
    case NBS_FLOOR: return __builtin_elementwise_floor(x);
    case NBS_CEILING: return __builtin_elementwise_ceil(x);
    case NBS_HALF_POWER: {
      const V infinity = FN(splat)((T)__builtin_inf());
      return FN(select)(x == -infinity, infinity, __builtin_elementwise_sqrt(x + zero));
    }
    case NBS_NOT: return FN(truth)(x == 0);
  }
  __builtin_unreachable();
}

INLINE void FN(change)(nbs_unary op, const T *x, T *y, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) FN(store)(y + i, FN(changed)(op, FN(load)(x + i)));
#pragma clang loop vectorize(disable)
  for (; i < count; i++) y[i] = FN(changed)(op, (V){x[i]})[0];
}

static void FN(array_unary)(nbs_unary op, const void *x, void *y, size_t count) {
#define CASE(name) \
  case name: return FN(change)(name, x, y, count)
  switch (op) {
    CASE(NBS_NEGATE);
    CASE(NBS_ABSOLUTE);
    CASE(NBS_SIGN);
    CASE(NBS_POSITIVE_PART);
    CASE(NBS_UNIT_STEP);
    CASE(NBS_ROUND);
    CASE(NBS_FLOOR);
    CASE(NBS_CEILING);
    CASE(NBS_HALF_POWER);
    CASE(NBS_NOT);
  }
#undef CASE
}

static void FN(array_clip)(const void *numbers, double low, double high, void *result, size_t count) {
  const T *x = numbers;
  T *y = result;
  const V lower = FN(splat)((T)low), upper = FN(splat)((T)high);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    V v = FN(load)(x + i);
    v = FN(select)(v < lower, lower, v);
    FN(store)(y + i, FN(select)(v > upper, upper, v));
  }
  for (; i < count; i++) {
    const T v = x[i] < (T)low ? (T)low : x[i];
    y[i] = v > (T)high ? (T)high : v;
  }
}

static void FN(array_choose)(
    const void *condition, const void *left, size_t a_step, const void *right, size_t b_step, void *result,
    size_t count) {
  const T *is = condition, *a = left, *b = right;
  T *y = result;
  if (count == 0) return;
  const V zero = {0}, a_number = FN(splat)(*a), b_number = FN(splat)(*b);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const V first = a_step ? FN(load)(a + i) : a_number;
    const V second = b_step ? FN(load)(b + i) : b_number;
    FN(store)(y + i, FN(select)(FN(load)(is + i) != zero, first, second));
  }
  for (; i < count; i++) y[i] = is[i] != 0 ? a[i * a_step] : b[i * b_step];
}

/// A number times 0 is 0, unless it is not finite.
static bool FN(array_all_finite)(const void *numbers, size_t count) {
  const T *x = numbers;
  const V zero = {0};
  size_t i = 0;
  while (i + 8 * LANES <= count) {
    const size_t end = count - i < 4096 ? count : i + 4096;
    M others[4] = {0};
    for (; i + 4 * LANES <= end; i += 4 * LANES)
      for (int k = 0; k < 4; k++) others[k] |= FN(load)(x + i + k * LANES) * zero != zero;
    const M any = others[0] | others[1] | others[2] | others[3];
    for (int lane = 0; lane < LANES; lane++)
      if (any[lane]) return false;
  }
  for (; i < count; i++)
    if (x[i] * 0 != 0) return false;
  return true;
}

static void FN(array_small_product)(
    size_t m, size_t n, size_t k, const void *left, const void *right, void *result) {
  const T *a = left, *b = right;
  T *y = result;
  for (size_t i = 0; i < m; i++, a += k) {
    for (size_t j = 0; j < n; j++) {
      T sum = 0;
#pragma clang loop vectorize(disable) unroll(disable)
      for (size_t p = 0; p < k; p++) sum = fma_t(a[p], b[p * n + j], sum);
      *y++ = sum;
    }
  }
}
