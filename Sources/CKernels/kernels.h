// All kernels of one level in one precision. IS_DOUBLE is defined by whoever includes this.
#include "precision.h"

#include "transposition.h"
#include "functions.h"
#include "random.h"
#include "arrays.h"
#include "products.h"
#include "layers.h"
#include "recurrences.h"
