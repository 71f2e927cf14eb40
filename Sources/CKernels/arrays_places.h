// Moving numbers by lists of places and by masks.
// No include guard: included once for each level and precision.

// MARK: Lists

static void FN(array_gather)(
    const void *numbers, const ptrdiff_t *places, size_t count, size_t width, void *result) {
  const T *x = numbers;
  T *y = result;
  if (width == 1) {
    for (size_t i = 0; i < count; i++) y[i] = x[places[i]];
    return;
  }
  for (size_t i = 0; i < count; i++, y += width) FN(copy)(x + places[i], y, width);
}

static void FN(array_scatter)(
    const void *numbers, const ptrdiff_t *places, size_t count, size_t width, void *result) {
  const T *x = numbers;
  T *y = result;
  if (width == 1) {
    for (size_t i = 0; i < count; i++) y[places[i]] = x[i];
    return;
  }
  for (size_t i = 0; i < count; i++, x += width) FN(copy)(x, y + places[i], width);
}

static void FN(array_scatter_add)(
    const void *numbers, const ptrdiff_t *places, size_t count, size_t width, void *result) {
  const T *x = numbers;
  T *y = result;
  for (size_t i = 0; i < count; i++, x += width) {
    T *target = y + places[i];
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) FN(store)(target + c, FN(load)(target + c) + FN(load)(x + c));
    for (; c < width; c++) target[c] += x[c];
  }
}

static size_t FN(array_find_places)(
    const void *numbers, size_t count, size_t length, ptrdiff_t stride, ptrdiff_t *places, bool accumulate) {
  const T *indexes = numbers;
  const T end = (T)length;
  for (size_t i = 0; i < count; i++) {
    const T index = indexes[i];
    if (!(index >= -end && index < end)) return i;
    const ptrdiff_t place = (ptrdiff_t)index;
    if ((T)place != index) return i;
    places[i] = (accumulate ? places[i] : 0) + (place < 0 ? place + (ptrdiff_t)length : place) * stride;
  }
  return count;
}

// MARK: Masks

static size_t FN(array_count_true)(const void *numbers, size_t count) {
  const T *mask = numbers;
  const V zero = {0};
  M counts = {0};
  size_t i = 0, total = 0;
  // 32 bits hold as many; a set mask is -1.
  while (i + LANES <= count) {
    const size_t end = count - i < 1 << 30 ? count : i + (1 << 30);
    for (; i + LANES <= end; i += LANES) counts -= FN(load)(mask + i) != zero;
    for (int lane = 0; lane < LANES; lane++) total += (size_t)counts[lane];
    counts = (M){0};
  }
  for (; i < count; i++) total += mask[i] != 0;
  return total;
}

// Which numbers are true cannot be foretold, so the loops below do not branch on it: each number is written where the next
// true one belongs, and the place moves on after a true one.

static void FN(array_true_places)(const void *numbers, size_t total, ptrdiff_t *places) {
  const T *mask = numbers;
  for (size_t i = 0, found = 0; found < total; i++) {
    places[found] = (ptrdiff_t)i;
    found += mask[i] != 0;
  }
}

static void FN(array_compress)(
    const void *numbers, size_t total, const void *source, size_t width, void *result) {
  const T *mask = numbers, *x = source;
  T *y = result;
  if (width == 1) {
    for (size_t i = 0, found = 0; found < total; i++) {
      y[found] = x[i];
      found += mask[i] != 0;
    }
    return;
  }
  for (size_t i = 0, found = 0; found < total; i++) {
    if (mask[i] == 0) continue;
    FN(copy)(x + i * width, y + found * width, width);
    found++;
  }
}

static void FN(array_expand)(
    const void *numbers, size_t total, const void *source, size_t width, void *result) {
  const T *mask = numbers, *x = source;
  T *y = result;
  for (size_t i = 0, found = 0; found < total; i++) {
    if (width == 1) {
      const bool is_true = mask[i] != 0;
      y[i] = is_true ? x[found] : y[i];
      found += is_true;
    } else if (mask[i] != 0) {
      FN(copy)(x + found * width, y + i * width, width);
      found++;
    }
  }
}
