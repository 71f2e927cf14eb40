// Recurrent layers, step by step. No include guard: included once for each level and precision.
#include "recurrences_cells.h"

#include "recurrences_steps.h"

static const nbs_recurrence_kernels FN(recurrence_kernels) = {
    .pack_forward_size = FN(pack_recurrence_size),
    .pack_forward = FN(pack_recurrence),
    .pack_backward_size = FN(pack_recurrence_back_size),
    .pack_backward = FN(pack_recurrence_back),
    .forward = FN(recur),
    .backward = FN(recur_back),
    .scratch = FN(recurrence_scratch),
};
