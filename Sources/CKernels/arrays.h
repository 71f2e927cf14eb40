// The kernels of arrays; kernels_arrays.h says what each does.
// No include guard: included once for each level and precision.

#include "arrays_vectors.h"

#include "arrays_elementwise.h"
#include "arrays_reductions.h"

#include "arrays_layout.h"
#include "arrays_places.h"

#include "arrays_sorting_networks.h"
#include "arrays_sorting.h"
#include "arrays_sorting_places.h"
#include "arrays_unique.h"

#include "arrays_creation.h"

static const nbs_array_kernels FN(array_kernels) = {
    .binary = FN(array_binary),
    .unary = FN(array_unary),
    .clip = FN(array_clip),
    .choose = FN(array_choose),
    .all_finite = FN(array_all_finite),
    .small_product = FN(array_small_product),

    .sum_rows = FN(array_sum_rows),
    .sum_tree = FN(array_sum_tree),
    .sum_columns = FN(array_sum_columns),
    .extremes_of_rows = FN(array_extremes_of_rows),
    .extremes_of_columns = FN(array_extremes_of_columns),
    .running_sums = FN(array_running_sums),

    .gather_layout = FN(array_gather_layout),
    .scatter_layout = FN(array_scatter_layout),
    .gather = FN(array_gather),
    .scatter = FN(array_scatter),
    .scatter_add = FN(array_scatter_add),
    .find_places = FN(array_find_places),
    .count_true = FN(array_count_true),
    .true_places = FN(array_true_places),
    .compress = FN(array_compress),
    .expand = FN(array_expand),
    .copy_rows = FN(array_copy_rows),

    .sort = FN(array_sort),
    .sort_numbers = FN(array_sort_numbers),
    .merge_split = FN(array_merge_split),
    .merge = FN(array_merge),
    .sort_rest = FN(array_sort_rest),
    .sort_places = FN(array_sort_places),
    .different = FN(array_different),
    .unique = FN(array_unique),

    .fill = FN(array_fill),
    .ramp = FN(array_ramp),
    .one_hot = FN(array_one_hot),
};

#undef V
#undef M
#undef SUM_BLOCK
#undef SUM_AHEAD
#undef SUM_LANES
#undef COLUMNS
#undef EXTREME_BLOCK
#undef TILE
#undef DIGITS
#undef SIGN_BIT
#undef MOST_INSERTED
#undef ARRANGED
#undef ARRANGED_BACKWARDS
#undef MOST_BY_NETWORK
#undef INFINITE
#undef FREE
#undef MOST_DIFFERENT
