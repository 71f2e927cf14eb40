// Arrays out of nothing.
// No include guard: included once for each level and precision.

static void FN(array_fill)(double number, void *result, size_t count) {
  T *y = result;
  const V all = FN(splat)((T)number);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) FN(store)(y + i, all);
  for (; i < count; i++) y[i] = (T)number;
}

static void FN(array_ramp)(double start, double step, size_t first, void *result, size_t count) {
  T *y = result;
  for (size_t i = 0; i < count; i++) y[i] = (T)(start + (double)(first + i) * step);
}

static void FN(array_one_hot)(const void *numbers, size_t count, size_t width, void *result) {
  const T *x = numbers;
  T *y = result;
  for (size_t i = 0; i < count; i++, y += width) {
    const size_t place = (size_t)x[i];
    size_t c = 0;
    for (; c + LANES <= width; c += LANES) FN(store)(y + c, (V){0});
    for (; c < width; c++) y[c] = 0;
    y[place] = 1;
  }
}
