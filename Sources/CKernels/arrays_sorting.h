// Sorting: blocks by a network, and then merges that take and give eight numbers at a time. The time hardly depends on the
// order that is there.
// No include guard: included once for each level and precision.
//
// What merges knows nothing of NaN, and takes -0 and 0 for the same. So NaN is left out before, and at the end the zeros
// are written anew and NaN behind all numbers.

#define INFINITE ((T)__builtin_inf())
/// The bits of -0.
#define SIGN_BIT ((U)1 << (8 * sizeof(U) - 1))

/// Two runs that become one. The eight numbers that are kept are sorted, and none that was given is larger.
typedef struct FN(merging) {
  const T *a, *a_end, *b, *b_end;
  T *y, *y_end;
  EIGHT kept;
} FN(merging);

/// The next eight numbers of a run; infinity stands for those that there are not.
INLINE EIGHT FN(take_of_run)(const T **run, const T *end) {
  const ptrdiff_t left = end - *run;
  if (left >= 8) {
    const EIGHT next = *(const EIGHT *)*run;
    *run += 8;
    return next;
  }
  T part[8];
  for (int i = 0; i < 8; i++) part[i] = i < left ? (*run)[i] : INFINITE;
  *run = end;
  return *(const EIGHT *)part;
}

/// The next eight of the run that goes on with the smaller number, which may have ended.
INLINE EIGHT FN(take_smaller)(FN(merging) *m) {
  const bool takes_a = m->b == m->b_end || (m->a != m->a_end && *m->a <= *m->b);
  return takes_a ? FN(take_of_run)(&m->a, m->a_end) : FN(take_of_run)(&m->b, m->b_end);
}

INLINE FN(merging) FN(merging_of)(const T *a, size_t a_count, const T *b, size_t b_count, T *y) {
  FN(merging) m = {.a = a, .a_end = a + a_count, .b = b, .b_end = b + b_count, .y = y, .y_end = y + a_count + b_count};
  m.kept = FN(take_smaller)(&m);
  return m;
}

/// For how many steps neither run can come to its end.
INLINE ptrdiff_t FN(sure_steps)(const FN(merging) *m) {
  const ptrdiff_t a = (m->a_end - m->a) / 8, b = (m->b_end - m->b) / 8;
  return a < b ? a : b;
}

/// Gives eight numbers, where both runs have as many. Which run they come from cannot be foretold, so nothing branches.
INLINE void FN(sure_step)(FN(merging) *m) {
  const bool takes_b = *m->b < *m->a;
  const T *from = __builtin_unpredictable(takes_b) ? m->b : m->a;
  m->a += __builtin_unpredictable(takes_b) ? 0 : 8;
  m->b += __builtin_unpredictable(takes_b) ? 8 : 0;
  EIGHT next = *(const EIGHT *)from;
  FN(merge_eights)(&m->kept, &next);
  *(EIGHT *)m->y = m->kept;
  m->y += 8;
  m->kept = next;
}

/// Gives eight numbers, or as many as there are.
INLINE void FN(give)(FN(merging) *m, EIGHT numbers) {
  const ptrdiff_t left = m->y_end - m->y, count = left < 8 ? left : 8;
  memcpy(m->y, &numbers, (size_t)count * sizeof(T));
  m->y += count;
}

static __attribute__((noinline)) void FN(finish_merging)(const FN(merging) *begun) {
  FN(merging) m = *begun;
  for (ptrdiff_t steps; (steps = FN(sure_steps)(&m)) > 0;)
    while (steps-- > 0) FN(sure_step)(&m);
  while (m.a != m.a_end || m.b != m.b_end) {
    EIGHT next = FN(take_smaller)(&m);
    FN(merge_eights)(&m.kept, &next);
    FN(give)(&m, m.kept);
    m.kept = next;
  }
  FN(give)(&m, m.kept);
}

/// Two at once: a step waits for the one before it, but not for the other's.
INLINE void FN(finish_mergings)(FN(merging) m, FN(merging) n) {
  for (;;) {
    const ptrdiff_t of_m = FN(sure_steps)(&m), of_n = FN(sure_steps)(&n);
    ptrdiff_t steps = of_m < of_n ? of_m : of_n;
    if (steps == 0) break;
    while (steps-- > 0) {
      FN(sure_step)(&m);
      FN(sure_step)(&n);
    }
  }
  // Copies, so that the loop has m and n in registers.
  const FN(merging) left[] = {m, n};
  FN(finish_merging)(left);
  FN(finish_merging)(left + 1);
}

/// By bisection: of the numbers that come before place `count`, `a` gives as many as make the next of `a` not precede the
/// last of `b`, equal ones coming from `a` first.
static size_t FN(array_merge_split)(
    const void *first, size_t a_count, const void *second, size_t b_count, size_t count) {
  const T *a = first, *b = second;
  size_t low = count > b_count ? count - b_count : 0, high = count < a_count ? count : a_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (b[count - middle - 1] < a[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

static void FN(array_merge)(const void *first, size_t a_count, const void *second, size_t b_count, void *result) {
  const T *a = first, *b = second;
  T *y = result;
  const size_t half = (a_count + b_count) / 2;
  const size_t from_a = FN(array_merge_split)(a, a_count, b, b_count, half), from_b = half - from_a;
  FN(finish_mergings)(
      FN(merging_of)(a, from_a, b, from_b, y),
      FN(merging_of)(a + from_a, a_count - from_a, b + from_b, b_count - from_b, y + half));
}

/// The most numbers for which it is quicker to insert one after another.
#define MOST_INSERTED 12

static void FN(insertion_sort)(const T *x, T *y, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const T number = x[i];
    size_t place = i;
    for (; place > 0 && y[place - 1] > number; place--) y[place] = y[place - 1];
    y[place] = number;
  }
}

/// The most numbers that a network sorts: the time per number grows with the square of their logarithm.
#define MOST_BY_NETWORK 256

/// y = up to MOST_BY_NETWORK numbers of x in ascending order. y may be x.
static void FN(sort_block)(const T *x, T *y, size_t count) {
  if (count <= MOST_INSERTED) return FN(insertion_sort)(x, y, count);
  size_t whole = 64;
  while (whole < count) whole *= 2;
  if (whole == count) return FN(sort_by_network)(x, y, count);
  T block[MOST_BY_NETWORK];
  for (size_t i = 0; i < whole; i++) block[i] = i < count ? x[i] : INFINITE;
  FN(sort_by_network)(block, block, whole);
  memcpy(y, block, count * sizeof(T));
}

/// y = numbers of x in ascending order. y may be x.
static void FN(merge_sort)(const T *x, T *y, T *scratch, size_t count) {
  if (count <= MOST_BY_NETWORK) return FN(sort_block)(x, y, count);
  // Quarters of whole blocks, of which the last ones may have fewer or none.
  const size_t quarter = (count / 4 + 63) / 64 * 64, half = 2 * quarter;
  const size_t last = half + quarter < count ? half + quarter : count;
  const size_t starts[] = {0, quarter, half, last, count};
  for (int i = 0; i < 4; i++)
    FN(merge_sort)(x + starts[i], y + starts[i], scratch + starts[i], starts[i + 1] - starts[i]);
  FN(finish_mergings)(
      FN(merging_of)(y, quarter, y + quarter, quarter, scratch),
      FN(merging_of)(y + half, last - half, y + last, count - last, scratch + half));
  FN(array_merge)(scratch, half, scratch + half, count - half, y);
}

/// y = the numbers of x that are no NaN, in their order.
static void FN(copy_numbers)(const T *x, size_t count, T *y) {
  for (size_t i = 0; i < count; i++)
    if (x[i] == x[i]) *y++ = x[i];
}

static size_t FN(array_sort_numbers)(
    const void *given, void *y, void *scratch, size_t count, size_t *negative_zeros) {
  const T *x = given;
  size_t numbers = 0, negative = 0;
  for (size_t i = 0; i < count; i++) {
    U bits;
    memcpy(&bits, x + i, sizeof bits);
    numbers += x[i] == x[i];
    negative += bits == SIGN_BIT;
  }
  if (numbers < count) {
    FN(copy_numbers)(x, count, y);
    x = y;
  }
  FN(merge_sort)(x, y, scratch, numbers);
  *negative_zeros += negative;
  return numbers;
}

/// By bisection: how many of the sorted numbers are negative.
static size_t FN(count_below_zero)(const T *x, size_t count) {
  size_t low = 0, high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (x[middle] < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static void FN(array_sort_rest)(void *result, size_t numbers, size_t count, size_t negative_zeros) {
  T *y = result;
  if (negative_zeros > 0) {
    size_t zeros = FN(count_below_zero)(y, numbers);
    for (size_t i = 0; i < negative_zeros; i++) y[zeros++] = -(T)0;
    for (; zeros < numbers && y[zeros] == 0; zeros++) y[zeros] = 0;
  }
  for (size_t i = numbers; i < count; i++) y[i] = (T)__builtin_nan("");
}

static void FN(array_sort)(const void *x, void *y, void *scratch, size_t count) {
  size_t negative_zeros = 0;
  const size_t numbers = FN(array_sort_numbers)(x, y, scratch, count, &negative_zeros);
  FN(array_sort_rest)(y, numbers, count, negative_zeros);
}
