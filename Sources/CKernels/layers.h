// No include guard: included once for each level and precision.
static const nbs_layer_kernels FN(layer_kernels) = {0};
