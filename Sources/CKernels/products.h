// Matrix products and convolutions. No include guard: included once for each level and precision.
#include "products_tile.h"

#include "products_pack.h"

#include "products_matrix.h"

#include "products_packed.h"

#include "convolutions.h"

static const nbs_product_kernels FN(product_kernels) = {
    .product = FN(product),
    .product_scratch = FN(product_scratch),
    .convolve = FN(convolve),
    .pack_forward_size = FN(pack_forward_size),
    .pack_forward = FN(pack_forward),
    .convolve_backward_data = FN(convolve_backward_data),
    .pack_backward_size = FN(pack_backward_size),
    .pack_backward = FN(pack_backward),
    .convolve_backward_weights = FN(convolve_backward_weights),
    .convolution_scratch = FN(convolution_scratch),
};
