// Sorting by the bits: numbers become integers of the same order, which are sorted digit by digit from the lowest on (least
// significant digit radix sort; D. Knuth, The Art of Computer Programming 3, 5.2.5). The time does not depend on the order
// that is there, and equal numbers keep theirs.
// No include guard: included once for each level and precision.

#define DIGITS ((int)sizeof(U))
#define SIGN_BIT ((U)1 << (8 * sizeof(U) - 1))

/// An integer that is smaller where the number is: the sign turned, and of a negative number all bits. Every NaN becomes one
/// that is larger than all numbers.
INLINE U FN(key)(T x) {
  U bits;
  if (x != x) x = (T)__builtin_nan("");
  memcpy(&bits, &x, sizeof bits);
  return bits ^ ((U)-(bits >> (8 * sizeof(U) - 1)) | SIGN_BIT);
}

INLINE T FN(number)(U key) {
  T x;
  key ^= (U)((key >> (8 * sizeof(U) - 1)) - 1) | SIGN_BIT;
  memcpy(&x, &key, sizeof x);
  return x;
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

/// The most numbers for which it is quicker to insert one after another.
#define MOST_INSERTED 48

static void FN(insertion_sort)(const T *x, T *y, size_t count) {
  U keys[MOST_INSERTED];
  for (size_t i = 0; i < count; i++) {
    const U key = FN(key)(x[i]);
    size_t place = i;
    for (; place > 0 && keys[place - 1] > key; place--) keys[place] = keys[place - 1];
    keys[place] = key;
  }
  for (size_t i = 0; i < count; i++) y[i] = FN(number)(keys[i]);
}

/// One pass of the sort. The numbers are keys in between: the first pass makes them, and the last makes numbers of them.
INLINE void FN(sort_pass)(
    const void *from, bool from_numbers, void *to, bool to_numbers, size_t count, int digit, size_t *places) {
  for (size_t i = 0; i < count; i++) {
    const U key = from_numbers ? FN(key)(((const T *)from)[i]) : ((const U *)from)[i];
    const size_t place = places[key >> (8 * digit) & 255]++;
    if (to_numbers) ((T *)to)[place] = FN(number)(key);
    else ((U *)to)[place] = key;
  }
}

static void FN(array_sort)(const void *x, void *y, void *scratch, size_t count) {
  if (count <= MOST_INSERTED) return FN(insertion_sort)(x, y, count);
  FN(histograms) digits;
  int telling[sizeof(U)];
  FN(count_digits)(x, count, digits);
  const int passes = FN(telling_digits)(digits, count, telling);
  if (passes == 0) {
    for (size_t i = 0; i < count; i++) ((T *)y)[i] = FN(number)(FN(key)(((const T *)x)[i]));
    return;
  }
  const void *from = x;
  for (int p = 0; p < passes; p++) {
    // The last pass ends in y, so each one before goes to the other place than the next.
    void *to = (passes - 1 - p) % 2 ? scratch : y;
    size_t *places = digits[telling[p]];
    const bool is_first = p == 0, is_last = p == passes - 1;
    if (is_first && is_last) FN(sort_pass)(from, true, to, true, count, telling[p], places);
    else if (is_first) FN(sort_pass)(from, true, to, false, count, telling[p], places);
    else if (is_last) FN(sort_pass)(from, false, to, true, count, telling[p], places);
    else FN(sort_pass)(from, false, to, false, count, telling[p], places);
    from = to;
  }
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

/// By bisection: of the numbers that come before place `count`, `a` gives as many as make the next of `a` not precede the
/// last of `b`, equal ones coming from `a` first.
static size_t FN(array_merge_split)(
    const void *first, size_t a_count, const void *second, size_t b_count, size_t count) {
  const T *a = first, *b = second;
  size_t low = count > b_count ? count - b_count : 0, high = count < a_count ? count : a_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (FN(key)(b[count - middle - 1]) < FN(key)(a[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

static void FN(array_merge)(const void *first, size_t a_count, const void *second, size_t b_count, void *result) {
  const T *a = first, *b = second;
  T *y = result;
  const T *a_end = a + a_count, *b_end = b + b_count;
  while (a < a_end && b < b_end) {
    const bool takes_b = FN(key)(*b) < FN(key)(*a);
    *y++ = takes_b ? *b : *a;
    a += !takes_b;
    b += takes_b;
  }
  memcpy(y, a, (size_t)(a_end - a) * sizeof(T));
  memcpy(y + (a_end - a), b, (size_t)(b_end - b) * sizeof(T));
}

static size_t FN(array_unique)(const void *numbers, size_t count, void *result) {
  const T *x = numbers;
  T *y = result;
  if (count == 0) return 0;
  size_t found = 1;
  T last = y[0] = x[0];
  for (size_t i = 1; i < count; i++) {
    const T number = x[i];
    y[found] = number;
    found += !(number == last || (number != number && last != last));
    last = number;
  }
  return found;
}
