// No include guard: included once for each level and precision.
static const nbs_product_kernels FN(product_kernels) = {0};
