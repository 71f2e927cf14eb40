/// What layers, losses and optimizers compute besides products and convolutions.
///
/// Arrays are rows x width, row by row. `places` x `width` is the same array with its last axis, `width`, apart: the
/// channels of every pixel of every row. Where `accumulate` is set, results are added to what stands there, as if one
/// call had gone through all rows: how rows are divided between calls does not change a bit.
#ifndef KERNELS_LAYERS_H
#define KERNELS_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// What is done to each preactivation z.
typedef enum {
  NBS_LINEAR,
  NBS_SIGMOID,
  NBS_TANH,
  /// The derivative at 0 is 0.
  NBS_RELU,
  /// z / 5 below 0.
  NBS_LEAKY_RELU,
  NBS_ELU,
  NBS_SELU,
  /// z Phi(z), with the normal distribution's Phi by erfc.
  NBS_GELU,
  NBS_SOFTPLUS,
  /// Over the last axis.
  NBS_SOFTMAX,
  /// 1 where z > 0, else 0; its derivative is 0.
  NBS_STEP
} nbs_activation;

/// What is compared, for each row. Losses are means over a row's outputs, but for crossentropy and kl, which are sums.
typedef enum {
  NBS_MSE,
  NBS_MAE,
  NBS_HUBER,
  NBS_BCE,
  NBS_CROSSENTROPY,
  NBS_HINGE,
  NBS_KL,
  NBS_POISSON,
  /// Rosenblatt's rule: told as mse, its gradient is output - target.
  NBS_PERCEPTRON
} nbs_loss;

/// How parameters are changed.
typedef enum {
  /// w -= rate g
  NBS_SGD,
  /// v = beta1 v - rate g; w += v
  NBS_MOMENTUM,
  /// v = beta1 v - rate g; w += beta1 v - rate g
  NBS_NESTEROV,
  NBS_ADAM,
  NBS_NADAM,
  NBS_RMSPROP,
  NBS_ADAGRAD,
  NBS_ADADELTA
} nbs_update;

/// An update's numbers, worked out for one step in 64 bits.
typedef struct nbs_update_factors {
  /// The learning rate; for Adam with the corrections for means that began at 0.
  double rate;
  /// The momentum, Adam's beta1, or rho.
  double beta1;
  double beta2;
  double epsilon;
  /// What each weight loses of itself before the step (AdamW): w -= decay w. 0 for none.
  double decay;
  /// Nadam's factors of the mean, the gradient and the mean square.
  double nadam_mean, nadam_gradient, nadam_square;
} nbs_update_factors;

/// A window that slides over an array of channels last: always three axes, those that an image or a signal does not have
/// being 1 long and coming first.
typedef struct nbs_window {
  size_t input[3], output[3], size[3], stride[3], dilation[3];
  /// How many zeros stand before each axis.
  size_t before[3];
  size_t channels;
} nbs_window;

/// One dense layer of a small chain: weights units x inputs.
typedef struct nbs_chain_link {
  size_t inputs, units;
  void *weights, *biases;
  nbs_activation activation;
  /// Where its outputs, preactivations (for gelu and the loss; else unused) and gradient stand while a row is worked on:
  /// `units` numbers each.
  void *outputs, *preactivations, *gradient;
  /// Where the gradient of a batch by its weights and biases goes.
  void *weight_gradients, *bias_gradients;
} nbs_chain_link;

/// What came of some rows of a chain.
typedef struct nbs_chain_result {
  double loss;
  size_t correct;
  /// How many rows were trained on; fewer than asked for where a loss was not finite.
  size_t rows;
} nbs_chain_result;

typedef struct nbs_layer_kernels {
  /// y = f(z); y may be z.
  void (*_Nonnull activate)(nbs_activation f, const void *z, void *y, size_t places, size_t width);
  /// dz = dy f'(z), told from y, and for gelu from z (else z may be NULL); dz may be dy.
  void (*_Nonnull activate_backward)(
      nbs_activation f, const void *y, const void *z, const void *dy, void *dz, size_t places, size_t width);

  /// y[r][:] = row
  void (*_Nonnull fill_rows)(const void *row, void *y, size_t rows, size_t width);
  /// sums[c] = (or +=) the sum over the rows, in order, of x[r][c]
  void (*_Nonnull column_sums)(const void *x, void *sums, size_t rows, size_t width, bool accumulate);
  /// sums[c] = (or +=) the chain over the rows of x[r][c] y[r][c]
  void (*_Nonnull column_products)(const void *x, const void *y, void *sums, size_t rows, size_t width, bool accumulate);
  /// y[r][c] = (or +=) w[c] x[r][c]
  void (*_Nonnull scale_columns)(const void *w, const void *x, void *y, size_t rows, size_t width, bool accumulate);
  /// y = (or +=) s x; y may be x.
  void (*_Nonnull scale)(double s, const void *x, void *y, size_t count, bool accumulate);

  /// The largest of each window, channel by channel, and which it was: the place in the window, a byte each, where the
  /// window has up to 255 places; else the pixel in the array, four bytes each. The first of equals wins, and a NaN wins
  /// over numbers. Where `masks_relu`, the input is a relu's output and a largest of 0 or less is marked as nobody's.
  void (*_Nonnull max_pool)(const nbs_window *w, const void *x, void *y, void *winners, size_t rows, bool masks_relu);
  void (*_Nonnull max_pool_backward)(
      const nbs_window *w, const void *dy, const void *winners, void *dx, size_t rows, bool accumulate);
  /// The mean of the places of each window that lie inside.
  void (*_Nonnull mean_pool)(const nbs_window *w, const void *x, void *y, size_t rows);
  void (*_Nonnull mean_pool_backward)(const nbs_window *w, const void *dy, void *dx, size_t rows, bool accumulate);

  /// sums[c] = (or +=) the chain over the places of (x - mean[c])^2
  void (*_Nonnull column_squares)(
      const void *x, const void *mean, void *sums, size_t places, size_t channels, bool accumulate);
  /// From the sums of squared deviations, of which `share` is one number's: variance = squares share; inverse = 1 / sqrt(variance
  /// + epsilon); the running mean and variance keep `momentum` of themselves and take the rest from the batch's.
  void (*_Nonnull batch_statistics)(
      const void *mean, const void *squares, double share, double momentum, double epsilon, void *running_mean,
      void *running_variance, void *inverse, size_t channels);
  /// inverse[c] = 1 / sqrt(variance[c] + epsilon)
  void (*_Nonnull inverse_deviation)(const void *variance, double epsilon, void *inverse, size_t channels);
  /// y = normal gamma[c] + beta[c], where normal = (x - mean[c]) inverse[c], here as in the next two; y may be x.
  void (*_Nonnull normalize)(
      const void *x, const void *mean, const void *inverse, const void *gamma, const void *beta, void *y, size_t places,
      size_t channels);
  /// sums[c] = (or +=) the sum over the places, in order, of dy; products[c] = (or +=) the chain over them of dy normal
  void (*_Nonnull normalize_sums)(
      const void *dy, const void *x, const void *mean, const void *inverse, void *sums, void *products, size_t places,
      size_t channels, bool accumulate);
  /// dx = (or +=) gamma[c] inverse[c] (dy - (sums[c] + normal products[c]) share); dx may be dy. Where `masks_relu`, x is a
  /// relu's output, dx the gradient by its input: 0 where x is 0 or less.
  void (*_Nonnull normalize_backward)(
      const void *dy, const void *x, const void *mean, const void *inverse, const void *gamma, const void *sums,
      const void *products, double share, void *dx, size_t places, size_t channels, bool masks_relu, bool accumulate);
  /// Each place's last axis brought to mean 0 and variance 1 (two passes), scaled and shifted; `inverse` is 1 / deviation,
  /// one a place.
  void (*_Nonnull layer_norm)(
      const void *x, const void *gamma, const void *beta, double epsilon, void *normal, void *inverse, void *y,
      size_t places, size_t width);
  void (*_Nonnull layer_norm_backward)(
      const void *dy, const void *normal, const void *inverse, const void *gamma, void *dx, size_t places,
      size_t width, bool accumulate);

  /// y[i][:] = table[index of x[i]][:]; an index outside 0..<vocabulary, or none, is held inside.
  void (*_Nonnull embed)(const void *x, const void *table, void *y, size_t count, size_t vocabulary, size_t dimension);
  /// dtable[index of x[i]][:] += dy[i][:], in order.
  void (*_Nonnull embed_backward)(
      const void *x, const void *dy, void *dtable, size_t count, size_t vocabulary, size_t dimension);

  /// y = x times a mask of 0 and 1 / (1 - rate), number i's drawn from (key, first + i) alone.
  void (*_Nonnull dropout)(double rate, uint64_t key, uint64_t first, const void *x, void *y, size_t count, bool accumulate);

  /// Elementwise over arrays of one size: y = a op b with 0 the sum, 1 the product, 2 the larger (a where equal; NaN wins).
  /// y may be a or b.
  void (*_Nonnull combine)(int operation, const void *a, const void *b, void *y, size_t count);

  /// gradient becomes 0 where `other` is larger than x, or as large and x is not the first of the two.
  void (*_Nonnull pass_largest)(const void *x, const void *other, bool is_first, void *gradient, size_t count);

  /// The losses of the rows added up, in 64 bits and the order of the rows. `z`, the preactivations of a softmax for
  /// crossentropy or of a sigmoid for bce, may be NULL: then probabilities are kept 1e-7 away from 0 and 1.
  double (*_Nonnull loss)(nbs_loss loss, const void *o, const void *z, const void *t, size_t rows, size_t width);
  /// The gradient times `scale` by the outputs; where `fused` by the preactivations of the softmax or sigmoid that fits the
  /// loss: scale (o - t), over the width for bce.
  void (*_Nonnull loss_gradient)(
      nbs_loss loss, bool fused, const void *o, const void *t, void *d, size_t rows, size_t width, double scale);
  /// correct[r] is left as it is where row r is classified as its targets say, else becomes 0: by the largest output (the
  /// first of equals), with one output by whether it is above `threshold`.
  void (*_Nonnull mark_wrong)(
      const void *o, const void *t, uint8_t *correct, size_t rows, size_t width, double threshold);

  /// One step of an optimizer over `count` parameters; `first` and `second` are its slots, unused ones NULL.
  void (*_Nonnull update)(
      nbs_update kind, const nbs_update_factors *factors, void *w, const void *g, void *first, void *second,
      size_t count);
  /// g += l1 sign(w) + 2 l2 w, the sign of 0 being 0.
  void (*_Nonnull add_regularizer)(double l1, double l2, const void *w, void *g, size_t count);
  /// l1 sum |w| + l2 sum w^2, summed in 64 bits over 16 lanes and a fixed tree.
  double (*_Nonnull regularizer)(double l1, double l2, const void *w, size_t count);
  /// The sum of squares, summed in 64 bits over 16 lanes and a fixed tree.
  double (*_Nonnull sum_of_squares)(const void *x, size_t count);
  /// Whether all are finite.
  bool (*_Nonnull all_finite)(const void *x, size_t count);

  /// y[i] = table[x[i]], for bytes.
  void (*_Nonnull look_up)(const uint8_t *x, const void *table, void *y, size_t count);
  /// y[i] = (x[i] - offsets[i]) factors[i], for bytes.
  void (*_Nonnull scale_bytes)(const uint8_t *x, const void *offsets, const void *factors, void *y, size_t count);
  /// From and to 64 bits.
  void (*_Nonnull from_doubles)(const double *x, void *y, size_t count);
  void (*_Nonnull to_doubles)(const void *x, double *y, size_t count);
  /// y[c][r] = x[r][c]
  void (*_Nonnull transpose)(const void *x, void *y, size_t rows, size_t columns);

  /// Trains a small chain row by row by plain gradient descent, with the bits of the single kernels: forward, loss,
  /// gradient, and w -= rate g, for the rows order[0..<rows] of inputs (rows x inputs of the first link) and targets.
  nbs_chain_result (*_Nonnull chain_train)(
      const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, double threshold, const void *inputs,
      const void *targets, const int64_t *order, size_t rows, double rate, bool counts_correct);
  /// The last link's outputs for one row.
  void (*_Nonnull chain_predict)(const nbs_chain_link *links, size_t count, const void *input);
  /// One step from the last chain_predict for the same row.
  void (*_Nonnull chain_learn)(
      const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, const void *input, const void *targets,
      double rate);
  /// The losses of some rows added up, and in the links the gradient of `scale` times them by the weights and biases: for a
  /// batch what the single kernels compute, bit for bit. `scratch` has `chain_scratch` bytes, aligned to 64; they hold numbers,
  /// at first zeros.
  nbs_chain_result (*_Nonnull chain_gradient)(
      const nbs_chain_link *links, size_t count, nbs_loss loss, bool fused, double threshold, const void *inputs,
      const void *targets, const int64_t *order, size_t rows, double scale, bool counts_correct, void *scratch);
  size_t (*_Nonnull chain_scratch)(const nbs_chain_link *links, size_t count, size_t rows);
} nbs_layer_kernels;

#pragma clang diagnostic pop
#endif
