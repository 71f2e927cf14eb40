// The order of numbers, by their bits: numbers become integers of the same order, which are sorted digit by digit from the
// lowest on (least significant digit radix sort; D. Knuth, The Art of Computer Programming 3, 5.2.5), so that equal numbers
// keep their own order.
// No include guard: included once for each level and precision.

#define DIGITS ((int)sizeof(U))

/// An integer that is smaller where the number is: the sign turned, and of a negative number all bits. Every NaN becomes one
/// that is larger than all numbers.
INLINE U FN(key)(T x) {
  U bits;
  if (x != x) x = (T)__builtin_nan("");
  memcpy(&bits, &x, sizeof bits);
  return bits ^ ((U)-(bits >> (8 * sizeof(U) - 1)) | SIGN_BIT);
}

/// By digit and its value: how many numbers have it, and then where the next one that has it goes.
typedef size_t FN(histograms)[sizeof(U)][256];

static void FN(count_digits)(const T *x, size_t count, FN(histograms) digits) {
  memset(digits, 0, sizeof(FN(histograms)));
  for (size_t i = 0; i < count; i++) {
    const U key = FN(key)(x[i]);
    for (int d = 0; d < DIGITS; d++) digits[d][key >> (8 * d) & 255]++;
  }
}

/// Turns counts into places; gives whether the digit tells any two numbers apart.
static bool FN(place_digit)(size_t *counts, size_t count) {
  size_t place = 0;
  for (int value = 0; value < 256; value++) {
    const size_t here = counts[value];
    if (here == count) return false;
    counts[value] = place;
    place += here;
  }
  return true;
}

/// The digits that tell numbers apart, lowest first; gives how many.
static int FN(telling_digits)(FN(histograms) digits, size_t count, int *telling) {
  int passes = 0;
  for (int d = 0; d < DIGITS; d++)
    if (FN(place_digit)(digits[d], count)) telling[passes++] = d;
  return passes;
}

typedef struct FN(entry) {
  uint64_t key;
  ptrdiff_t place;
} FN(entry);

static bool FN(array_sort_places)(
    const void *numbers, ptrdiff_t *places, void *scratch, size_t count, void *question, bool (*stops)(void *)) {
  const T *x = numbers;
  FN(histograms) digits;
  int telling[sizeof(U)];
  FN(count_digits)(x, count, digits);
  const int passes = FN(telling_digits)(digits, count, telling);
  FN(entry) *from = scratch, *to = from + count;
  for (size_t i = 0; i < count; i++) from[i] = (FN(entry)){FN(key)(x[i]), (ptrdiff_t)i};
  for (int p = 0; p < passes; p++) {
    if (stops(question)) return false;
    size_t *next = digits[telling[p]];
    for (size_t i = 0; i < count; i++) to[next[from[i].key >> (8 * telling[p]) & 255]++] = from[i];
    FN(entry) *other = from;
    from = to;
    to = other;
  }
  for (size_t i = 0; i < count; i++) places[i] = from[i].place;
  return true;
}
