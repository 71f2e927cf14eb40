// The different numbers of an array.
// No include guard: included once for each level and precision.

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

/// An entry of the table that is free: a NaN that no number is, since every NaN is taken for one.
#define FREE ((U)-1)
/// From as many different numbers on, all are given: half of the table.
#define MOST_DIFFERENT (NBS_DIFFERENT_TABLE / 2)

/// The number's place in the table, or the free one where it belongs (Fibonacci hashing; D. Knuth, The Art of Computer
/// Programming 3, 6.4).
INLINE U *FN(find_different)(U *table, U bits) {
  const uint64_t hash = (uint64_t)bits * UINT64_C(0x9E3779B97F4A7C15);
  size_t place = hash >> (64 - __builtin_ctz(NBS_DIFFERENT_TABLE));
  while (table[place] != bits && table[place] != FREE) place = (place + 1) % NBS_DIFFERENT_TABLE;
  return table + place;
}

static size_t FN(array_different)(const void *numbers, size_t count, void *result, void *scratch) {
  const T *x = numbers;
  U *table = scratch;
  T *y = result;
  memset(table, 0xff, NBS_DIFFERENT_TABLE * sizeof(U));
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    const T number = x[i] == x[i] ? x[i] : (T)__builtin_nan("");
    U bits;
    memcpy(&bits, &number, sizeof bits);
    U *entry = FN(find_different)(table, bits);
    if (*entry == bits) continue;
    if (found == MOST_DIFFERENT) {
      memcpy(y + found, x + i, (count - i) * sizeof(T));
      return found + (count - i);
    }
    *entry = bits;
    y[found++] = number;
  }
  return found;
}
