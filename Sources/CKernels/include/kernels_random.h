/// Random numbers: by a counter, so that each is a function of a key and its place alone, and for a stream of xoshiro256++.
#ifndef KERNELS_RANDOM_H
#define KERNELS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// The kernels of a table are all there, for Swift to call; whether data may be NULL is said where it may.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef struct nbs_random_kernels {
  /// 32 random bits for each place: bits[i] is a function of (key, first + i) alone, word (first + i) % 4 of what
  /// Philox4x32-10 makes of the counter (first + i) / 4.
  void (*_Nonnull bits)(uint64_t key, uint64_t first, uint32_t *bits, size_t count);
  /// y[i] in [0, 1) from 64 random bits each: the upper 53 of them times 2^-53, rounded down to the precision.
  void (*_Nonnull uniform)(const uint64_t *bits, void *y, size_t count);
  /// Normal numbers in pairs by G. Box and M. Muller (1958): y[2i], y[2i + 1] from bits[2i], bits[2i + 1].
  void (*_Nonnull normal)(const uint64_t *bits, void *y, size_t pairs);
} nbs_random_kernels;

#pragma clang diagnostic pop
#endif
