/// Recurrent layers: what goes on from step to step. Their products with the inputs, which need no step before, are
/// ordinary ones over all steps at once.
///
/// The formulas and the order of the gates are Keras 3's (keras/src/layers/rnn): an LSTM's i f g o, a GRU's z r h, the
/// latter with `reset_after`. Products go on with one chain from the sums over the inputs and the bias; the first step,
/// whose state is 0, has none.
#ifndef KERNELS_RECURRENCES_H
#define KERNELS_RECURRENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels_layers.h"

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef enum {
  /// h = f(x + R h)
  NBS_RNN,
  /// c = s(f) c + s(i) f(g); h = s(o) f(c)
  NBS_LSTM,
  /// h = s(z) h + (1 - s(z)) f(x + s(r) (R h))
  NBS_GRU
} nbs_cell;

typedef struct nbs_recurrence {
  nbs_cell cell;
  /// f, and the gates' s; neither gelu nor softmax.
  nbs_activation activation, gate_activation;
  size_t steps, units;
  /// Whether the last step comes first.
  bool is_reversed;
  /// Whether y has the outputs of all steps, rows x steps x units, or those of the last alone, rows x units.
  bool gives_all;
  /// Over how many steps gradients go back, 0 for all: not beyond the first step of each so many where all steps are
  /// given, else not beyond the last so many.
  size_t truncation;
} nbs_recurrence;

/// The arrays of some rows, each rows x steps x as many numbers as are said here for `units` units.
typedef struct nbs_recurrence_arrays {
  /// What comes from the inputs: `units` for each of 1 (RNN), 4 (LSTM) or 3 (GRU) gates.
  const void *sums;
  /// The GRU's bias of R h, one number for each of 3 units; NULL for none.
  const void *bias;
  /// What the gates come to: 1 (RNN), 4 (LSTM) or 4 (GRU, the last being R h of the third gate) times `units`.
  void *gates;
  /// What R is multiplied by at each step, `units`: the state that it begins with, masked where there is a mask.
  void *previous;
  /// The LSTM's c and f(c), 2 times `units`; unused by others.
  void *cells;
  void *y;
  /// What the state is multiplied by before R, rows x units, the same at each step; NULL for nothing.
  const void *mask;
  /// The state that each step of a GRU begins with, `units`, where there is a mask; unused by others.
  void *states;
  /// The state, and an LSTM's c, with which the first step begins, rows x units: those of the last step stand there afterwards.
  /// NULL where it begins with 0.
  void *carried, *carried_cells;
  /// The LSTM's c with which the first step began, rows x units, where it is carried.
  void *first_cells;
} nbs_recurrence_arrays;

/// What comes back, besides the arrays of the way there.
typedef struct nbs_recurrence_gradients {
  const void *dy;
  /// The gradient by `sums`.
  void *sums;
  /// The GRU's gradient by R h + bias; unused by others.
  void *products;
} nbs_recurrence_gradients;

typedef struct nbs_recurrence_kernels {
  /// R, outputs x units, as the way there reads it; `forward_size` numbers.
  size_t (*_Nonnull pack_forward_size)(const nbs_recurrence *r);
  void (*_Nonnull pack_forward)(const nbs_recurrence *r, const void *weights, void *packed);
  /// R as the way back reads it.
  size_t (*_Nonnull pack_backward_size)(const nbs_recurrence *r);
  void (*_Nonnull pack_backward)(const nbs_recurrence *r, const void *weights, void *packed);

  void (*_Nonnull forward)(
      const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *arrays, const void *packed, void *scratch);
  void (*_Nonnull backward)(
      const nbs_recurrence *r, size_t rows, const nbs_recurrence_arrays *arrays,
      const nbs_recurrence_gradients *gradients, const void *packed, void *scratch);
  /// The bytes of scratch, aligned to 64, that either way wants for this many rows at once.
  size_t (*_Nonnull scratch)(const nbs_recurrence *r, size_t rows);
} nbs_recurrence_kernels;

#pragma clang diagnostic pop
#endif
