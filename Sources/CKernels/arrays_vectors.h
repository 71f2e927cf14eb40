// Vectors of numbers, as wide as the level's registers, and the few things that are done with them everywhere.
// No include guard: included once for each level and precision.

typedef T FN(vector) __attribute__((vector_size(LANE_BYTES), aligned(sizeof(T))));
typedef S FN(mask) __attribute__((vector_size(LANE_BYTES), aligned(sizeof(T))));

#define V FN(vector)
#define M FN(mask)

INLINE V FN(load)(const T *x) { return *(const V *)x; }

INLINE void FN(store)(T *y, V v) { *(V *)y = v; }

/// All lanes `x`.
INLINE V FN(splat)(T x) { return x - (V){0}; }

/// The lanes of a where the mask is set, else those of b.
INLINE V FN(select)(M mask, V a, V b) { return (V)((mask & (M)a) | (~mask & (M)b)); }

/// 1 where the mask is set, else 0.
INLINE V FN(truth)(M mask) { return (V)(mask & (M)FN(splat)(1)); }
