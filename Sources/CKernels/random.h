// No include guard: included once for each level and precision.
static const nbs_random_kernels FN(random_kernels) = {0};
