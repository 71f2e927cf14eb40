// Convolutions, plainly. No include guard: included once for each level and precision.

static size_t FN(convolution_scratch)(const nbs_convolution *c, size_t rows) {
  (void)c, (void)rows;
  return 64;
}

static size_t FN(pack_size)(const nbs_convolution *c) {
  const size_t *size = c->window.size;
  return c->filters * size[0] * size[1] * size[2] * (c->window.channels / c->groups);
}

static void FN(pack)(const nbs_convolution *c, const void *weights, void *packed) {
  memcpy(packed, weights, FN(pack_size)(c) * sizeof(T));
}

/// The place of an input that window place `k` of output place `o` reads; false if beyond the edges.
INLINE bool FN(input_place)(const nbs_window *w, const size_t o[3], const size_t k[3], size_t *place) {
  *place = 0;
  for (int axis = 0; axis < 3; axis++) {
    size_t i = o[axis] * w->stride[axis] + k[axis] * w->dilation[axis];
    if (i < w->before[axis] || i - w->before[axis] >= w->input[axis]) return false;
    *place = *place * w->input[axis] + i - w->before[axis];
  }
  return true;
}

#define EACH(index, extent)                                  \
  for (size_t index[3] = {0}; index[0] < (extent)[0]; index[0]++) \
    for (index[1] = 0; index[1] < (extent)[1]; index[1]++)   \
      for (index[2] = 0; index[2] < (extent)[2]; index[2]++)

static void FN(convolve)(
    const nbs_convolution *c, size_t rows, const void *input, const void *packed, const void *bias, void *output,
    void *scratch) {
  (void)scratch;
  const nbs_window *w = &c->window;
  size_t channels = w->channels, per_group = channels / c->groups, filters = c->filters / c->groups;
  size_t places = w->input[0] * w->input[1] * w->input[2];
  T *y = output;
  for (size_t row = 0; row < rows; row++) {
    const T *x = (const T *)input + row * places * channels;
    EACH(o, w->output) for (size_t f = 0; f < c->filters; f++) {
      T sum = bias ? ((const T *)bias)[f] : 0;
      const T *weight = (const T *)packed + f * w->size[0] * w->size[1] * w->size[2] * per_group;
      EACH(k, w->size) {
        size_t place;
        bool inside = FN(input_place)(w, o, k, &place);
        for (size_t i = 0; i < per_group; i++)
          sum = fma_t(inside ? x[place * channels + f / filters * per_group + i] : 0, *weight++, sum);
      }
      *y++ = sum;
    }
  }
}

static void FN(convolve_backward_data)(
    const nbs_convolution *c, size_t rows, const void *dy, const void *packed, void *dx, bool accumulate,
    void *scratch) {
  (void)scratch;
  const nbs_window *w = &c->window;
  size_t channels = w->channels, per_group = channels / c->groups, filters = c->filters / c->groups;
  size_t places = w->input[0] * w->input[1] * w->input[2], outputs = w->output[0] * w->output[1] * w->output[2];
  size_t window = w->size[0] * w->size[1] * w->size[2];
  if (!accumulate) memset(dx, 0, rows * places * channels * sizeof(T));
  for (size_t row = 0; row < rows; row++) {
    T *x = (T *)dx + row * places * channels;
    size_t position = 0;
    EACH(k, w->size) {
      const T *d = (const T *)dy + row * outputs * c->filters;
      EACH(o, w->output) {
        size_t place;
        if (FN(input_place)(w, o, k, &place))
          for (size_t i = 0; i < channels; i++) {
            size_t group = i / per_group;
            T sum = x[place * channels + i];
            for (size_t f = group * filters; f < (group + 1) * filters; f++)
              sum = fma_t(d[f], ((const T *)packed)[(f * window + position) * per_group + i % per_group], sum);
            x[place * channels + i] = sum;
          }
        d += c->filters;
      }
      position++;
    }
  }
}

static void FN(convolve_backward_weights)(
    const nbs_convolution *c, size_t rows, const void *input, const void *dy, void *dw, bool accumulate,
    void *scratch) {
  (void)scratch;
  const nbs_window *w = &c->window;
  size_t channels = w->channels, per_group = channels / c->groups, filters = c->filters / c->groups;
  size_t places = w->input[0] * w->input[1] * w->input[2], outputs = w->output[0] * w->output[1] * w->output[2];
  if (!accumulate) memset(dw, 0, FN(pack_size)(c) * sizeof(T));
  for (size_t row = 0; row < rows; row++) {
    const T *x = (const T *)input + row * places * channels;
    T *weight = dw;
    for (size_t f = 0; f < c->filters; f++)
      EACH(k, w->size) for (size_t i = 0; i < per_group; i++) {
        const T *d = (const T *)dy + row * outputs * c->filters + f;
        T sum = *weight;
        EACH(o, w->output) {
          size_t place;
          bool inside = FN(input_place)(w, o, k, &place);
          sum = fma_t(inside ? x[place * channels + f / filters * per_group + i] : 0, *d, sum);
          d += c->filters;
        }
        *weight++ = sum;
      }
  }
}
