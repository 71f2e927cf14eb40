// No include guard: included once for each level and precision.

/// The row of a table that a number stands for. Data is checked before it comes here; whatever else does is held inside.
INLINE size_t FN(embedding_index)(T x, size_t vocabulary) {
  if (!(x > 0)) return 0;
  return x < (T)(vocabulary - 1) ? (size_t)x : vocabulary - 1;
}

static void FN(embed)(const void *x, const void *table, void *y, size_t count, size_t vocabulary, size_t dimension) {
  const T *words = x, *rows = table;
  T *into = y;
  for (size_t i = 0; i < count; i++)
    memcpy(into + i * dimension, rows + FN(embedding_index)(words[i], vocabulary) * dimension, dimension * sizeof(T));
}

static void FN(embed_backward)(
    const void *x, const void *dy, void *dtable, size_t count, size_t vocabulary, size_t dimension) {
  const T *words = x, *from = dy;
  for (size_t i = 0; i < count; i++, from += dimension) {
    T *into = (T *)dtable + FN(embedding_index)(words[i], vocabulary) * dimension;
    PARALLEL for (size_t d = 0; d < dimension; d++) into[d] += from[d];
  }
}
