// Sets T and its kin for one precision; IS_DOUBLE is defined by whoever includes this. No include guard: it is included
// once for each precision.
#undef T
#undef U
#undef S
#undef LANES
#undef FN
#undef PRECISION_NAME
#undef fma_t
#undef sqrt_t
#undef floor_t
#undef ceil_t
#undef rint_t
#undef fabs_t
#undef copysign_t

#if IS_DOUBLE
#define T double
#define U uint64_t
#define S int64_t
#define PRECISION_NAME f64
#define fma_t __builtin_fma
#define sqrt_t __builtin_elementwise_sqrt
#define floor_t __builtin_floor
#define ceil_t __builtin_ceil
#define rint_t __builtin_rint
#define fabs_t __builtin_fabs
#define copysign_t __builtin_copysign
#else
#define T float
#define U uint32_t
#define S int32_t
#define PRECISION_NAME f32
#define fma_t __builtin_fmaf
#define sqrt_t __builtin_elementwise_sqrt
#define floor_t __builtin_floorf
#define ceil_t __builtin_ceilf
#define rint_t __builtin_rintf
#define fabs_t __builtin_fabsf
#define copysign_t __builtin_copysignf
#endif

#define LANES ((int)(LANE_BYTES / sizeof(T)))
#define FN(name) JOIN(name, PRECISION_NAME, LEVEL_NAME)
