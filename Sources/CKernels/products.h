// Matrix products and convolutions. No include guard: included once for each level and precision.
#include "convolutions.h"

static size_t FN(product_scratch)(size_t m, size_t n, size_t k) {
  (void)m, (void)n, (void)k;
  return 64;
}

static void FN(product)(
    size_t m, size_t n, size_t k, nbs_matrix a, nbs_matrix b, void *c, ptrdiff_t c_row, nbs_start start,
    const void *bias, void *scratch) {
  (void)scratch;
  const T *left = a.numbers, *right = b.numbers, *biases = bias;
  for (size_t i = 0; i < m; i++) {
    T *row = (T *)c + (ptrdiff_t)i * c_row;
    for (size_t j = 0; j < n; j++) {
      T sum = start == NBS_FROM_RESULT ? row[j] : start == NBS_FROM_BIAS ? biases[j] : 0;
      const T *p = left + (ptrdiff_t)i * a.row, *q = right + (ptrdiff_t)j * b.column;
      for (size_t l = 0; l < k; l++, p += a.column, q += b.row) sum = fma_t(*p, *q, sum);
      row[j] = sum;
    }
  }
}

static const nbs_product_kernels FN(product_kernels) = {
    .product = FN(product),
    .product_scratch = FN(product_scratch),
    .convolve = FN(convolve),
    .pack_forward_size = FN(pack_size),
    .pack_forward = FN(pack),
    .convolve_backward_data = FN(convolve_backward_data),
    .pack_backward_size = FN(pack_size),
    .pack_backward = FN(pack),
    .convolve_backward_weights = FN(convolve_backward_weights),
    .convolution_scratch = FN(convolution_scratch),
};
