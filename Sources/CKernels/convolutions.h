// Convolutions over up to three axes, channels last. No include guard: included once for each level and precision.
#include "convolutions_geometry.h"
#include "convolutions_regions.h"

#include "convolutions_data.h"
#include "convolutions_weights.h"

static size_t FN(convolution_scratch)(const nbs_convolution *c, size_t rows) {
  size_t bytes = 0;
  FN(make_weights_pass)(c, rows, NULL, &bytes);
  for (int direction = 0; direction < 2; direction++) {
    const size_t wanted = FN(pass_scratch)(c, direction);
    if (wanted > bytes) bytes = wanted;
  }
  return bytes;
}
