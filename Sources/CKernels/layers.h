// No include guard: included once for each level and precision.
#include "lanes.h"

#include "activations.h"
#include "conversions.h"
#include "dropout.h"
#include "embeddings.h"
#include "losses.h"
#include "normalization.h"
#include "optimizers.h"
#include "pools.h"
#include "rows.h"
#include "statistics.h"

// Made of those above.
#include "chain.h"
#include "chain_batch.h"

static const nbs_layer_kernels FN(layer_kernels) = {
    .activate = FN(activate),
    .activate_backward = FN(activate_backward),
    .fill_rows = FN(fill_rows),
    .column_sums = FN(column_sums),
    .column_products = FN(column_products),
    .scale_columns = FN(scale_columns),
    .scale = FN(scale_all),
    .max_pool = FN(max_pool),
    .max_pool_backward = FN(max_pool_backward),
    .mean_pool = FN(mean_pool),
    .mean_pool_backward = FN(mean_pool_backward),
    .column_squares = FN(column_squares),
    .batch_statistics = FN(batch_statistics),
    .inverse_deviation = FN(inverse_deviation),
    .normalize = FN(normalize),
    .normalize_sums = FN(normalize_sums),
    .normalize_backward = FN(normalize_backward),
    .layer_norm = FN(layer_norm),
    .layer_norm_backward = FN(layer_norm_backward),
    .embed = FN(embed),
    .embed_backward = FN(embed_backward),
    .dropout = FN(dropout),
    .combine = FN(combine),
    .pass_largest = FN(pass_largest),
    .loss = FN(loss),
    .loss_gradient = FN(loss_gradient),
    .mark_wrong = FN(mark_wrong),
    .update = FN(update),
    .add_regularizer = FN(add_regularizer),
    .regularizer = FN(regularizer),
    .sum_of_squares = FN(sum_of_squares),
    .all_finite = FN(all_finite),
    .look_up = FN(look_up),
    .scale_bytes = FN(scale_bytes),
    .from_doubles = FN(from_doubles),
    .to_doubles = FN(to_doubles),
    .transpose = FN(transpose),
    .chain_train = FN(chain_train),
    .chain_predict = FN(chain_predict),
    .chain_learn = FN(chain_learn),
    .chain_gradient = FN(chain_gradient_of_batch),
    .chain_scratch = FN(chain_scratch),
};
