// No include guard: included once for each level and precision.
static const nbs_function_kernels FN(function_kernels) = {0};
