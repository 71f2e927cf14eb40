// No include guard: included once for each level and precision.
static const nbs_array_kernels FN(array_kernels) = {0};
