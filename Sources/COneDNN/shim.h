// oneDNN's descriptors, made from plain numbers. Everything that a version of oneDNN has its own way with stands
// here: 2.x describes an operation in a struct of its own first, 3.x makes the primitive's descriptor at once.
#ifndef NBS_ONEDNN_SHIM_H
#define NBS_ONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdint.h>

#if DNNL_VERSION_MAJOR != 2
#error "This shim describes operations as oneDNN 2.x does; 3.x needs its dnnl_*_primitive_desc_create here."
#endif

// A window sliding over arrays of channels last; depth, height and width, 1 where there is none.
typedef struct {
  int64_t rows, channels, filters, groups;
  int64_t input[3], output[3], window[3], stride[3], dilation[3], before[3], after[3];
} onednn_window;

typedef enum { onednn_forward, onednn_backward_data, onednn_backward_weights } onednn_direction;

static inline int onednn_axes(const onednn_window *w) {
  return w->input[0] == 1 && w->window[0] == 1 ? 2 : 3;
}

// An array of rows of channels last, or one whose layout oneDNN may choose.
static inline dnnl_status_t onednn_array(
    const onednn_window *w, const int64_t sizes[3], int64_t channels, dnnl_memory_desc_t *result) {
  int axes = onednn_axes(w);
  dnnl_dims_t dims = {w->rows, channels};
  for (int i = 0; i < axes; i++) dims[2 + i] = sizes[3 - axes + i];
  return dnnl_memory_desc_init_by_tag(
      result, axes + 2, dims, dnnl_f32, axes == 2 ? dnnl_nhwc : dnnl_ndhwc);
}

// The kernel: filters x window x channels of a group, row by row, or laid out as oneDNN likes it best.
static inline dnnl_status_t onednn_kernel(const onednn_window *w, bool is_plain, dnnl_memory_desc_t *result) {
  int axes = onednn_axes(w), first = w->groups > 1;
  dnnl_dims_t dims = {w->groups};
  dims[first] = w->filters / w->groups;
  dims[first + 1] = w->channels / w->groups;
  for (int i = 0; i < axes; i++) dims[first + 2 + i] = w->window[3 - axes + i];
  dnnl_format_tag_t plain = axes == 2 ? (first ? dnnl_gohwi : dnnl_ohwi) : (first ? dnnl_godhwi : dnnl_odhwi);
  return dnnl_memory_desc_init_by_tag(
      result, first + axes + 2, dims, dnnl_f32, is_plain ? plain : dnnl_format_tag_any);
}

static inline void onednn_slide(
    const onednn_window *w, dnnl_dims_t stride, dnnl_dims_t dilation, dnnl_dims_t before, dnnl_dims_t after) {
  int axes = onednn_axes(w);
  for (int i = 0; i < axes; i++) {
    int axis = 3 - axes + i;
    stride[i] = w->stride[axis];
    dilation[i] = w->dilation[axis] - 1;
    before[i] = w->before[axis];
    // oneDNN wants the padding that the output's size follows from, which is less where a window does not fit again.
    after[i] = (w->output[axis] - 1) * w->stride[axis] + (w->window[axis] - 1) * w->dilation[axis] + 1
             - w->input[axis] - w->before[axis];
  }
}

static inline dnnl_status_t onednn_create(
    dnnl_engine_t engine, const void *operation, bool with_relu, const_dnnl_primitive_desc_t hint,
    dnnl_primitive_desc_t *result) {
  dnnl_primitive_attr_t attributes;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (status) return status;
  dnnl_post_ops_t after = NULL;
  if (with_relu && !(status = dnnl_post_ops_create(&after))) {
    status = dnnl_post_ops_append_eltwise(after, 1, dnnl_eltwise_relu, 0, 0);
    if (!status) status = dnnl_primitive_attr_set_post_ops(attributes, after);
    dnnl_post_ops_destroy(after);
  }
  if (!status) status = dnnl_primitive_desc_create(result, operation, attributes, engine, hint);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

static inline dnnl_status_t onednn_convolution(
    dnnl_engine_t engine, const onednn_window *w, onednn_direction direction, bool has_bias, bool with_relu,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result) {
  dnnl_memory_desc_t source, kernel, bias, target;
  dnnl_dims_t filters = {w->filters}, stride, dilation, before, after;
  onednn_slide(w, stride, dilation, before, after);
  dnnl_status_t status = onednn_array(w, w->input, w->channels, &source);
  if (!status) status = onednn_array(w, w->output, w->filters, &target);
  if (!status) status = onednn_kernel(w, false, &kernel);
  if (!status) status = dnnl_memory_desc_init_by_tag(&bias, 1, filters, dnnl_f32, dnnl_a);
  if (status) return status;
  dnnl_convolution_desc_t operation;
  const dnnl_memory_desc_t *its_bias = has_bias ? &bias : NULL;
  switch (direction) {
    case onednn_forward:
      status = dnnl_dilated_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &source, &kernel, its_bias, &target, stride,
          dilation, before, after);
      break;
    case onednn_backward_data:
      status = dnnl_dilated_convolution_backward_data_desc_init(
          &operation, dnnl_convolution_direct, &source, &kernel, &target, stride, dilation, before, after);
      break;
    case onednn_backward_weights:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, &source, &kernel, its_bias, &target, stride, dilation, before, after);
      break;
  }
  return status ? status : onednn_create(engine, &operation, with_relu, hint, result);
}

// The mean leaves out what lies outside, as TensorFlow's does.
static inline dnnl_status_t onednn_pool(
    dnnl_engine_t engine, const onednn_window *w, bool is_max, onednn_direction direction,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result) {
  dnnl_memory_desc_t source, target;
  dnnl_dims_t stride, dilation, before, after, window;
  onednn_slide(w, stride, dilation, before, after);
  int axes = onednn_axes(w);
  for (int i = 0; i < axes; i++) window[i] = w->window[3 - axes + i];
  dnnl_status_t status = onednn_array(w, w->input, w->channels, &source);
  if (!status) status = onednn_array(w, w->output, w->channels, &target);
  if (status) return status;
  dnnl_alg_kind_t kind = is_max ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
  dnnl_pooling_v2_desc_t operation;
  status = direction == onednn_forward
      ? dnnl_pooling_v2_forward_desc_init(
            &operation, dnnl_forward_training, kind, &source, &target, stride, window, dilation, before, after)
      : dnnl_pooling_v2_backward_desc_init(
            &operation, kind, &source, &target, stride, window, dilation, before, after);
  return status ? status : onednn_create(engine, &operation, false, hint, result);
}

// relu's derivative told from its output.
static inline dnnl_status_t onednn_relu(
    dnnl_engine_t engine, int64_t count, onednn_direction direction, const_dnnl_primitive_desc_t hint,
    dnnl_primitive_desc_t *result) {
  dnnl_memory_desc_t numbers;
  dnnl_dims_t dims = {count};
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(&numbers, 1, dims, dnnl_f32, dnnl_a);
  if (status) return status;
  dnnl_eltwise_desc_t operation;
  status = direction == onednn_forward
      ? dnnl_eltwise_forward_desc_init(
            &operation, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, &numbers, 0, 0)
      : dnnl_eltwise_backward_desc_init(
            &operation, dnnl_eltwise_relu_use_dst_for_bwd, &numbers, &numbers, 0, 0);
  return status ? status : onednn_create(engine, &operation, false, hint, result);
}

// The memory of one of a primitive's arguments; oneDNN allocates it where `handle` is NULL.
static inline dnnl_status_t onednn_memory(
    const_dnnl_primitive_desc_t primitive, dnnl_query_t what, dnnl_engine_t engine, void *handle,
    dnnl_memory_t *result) {
  const dnnl_memory_desc_t *layout = dnnl_primitive_desc_query_md(primitive, what, 0);
  if (!layout) return dnnl_invalid_arguments;
  return dnnl_memory_create(result, layout, engine, handle ? handle : DNNL_MEMORY_ALLOCATE);
}

static inline dnnl_status_t onednn_plain_kernel(
    const onednn_window *w, dnnl_engine_t engine, void *handle, dnnl_memory_t *result) {
  dnnl_memory_desc_t layout;
  dnnl_status_t status = onednn_kernel(w, true, &layout);
  return status ? status : dnnl_memory_create(result, &layout, engine, handle);
}

static inline dnnl_status_t onednn_reorder(
    dnnl_engine_t engine, dnnl_memory_t from, dnnl_memory_t to, dnnl_primitive_desc_t *result) {
  const dnnl_memory_desc_t *source, *target;
  dnnl_status_t status = dnnl_memory_get_memory_desc(from, &source);
  if (!status) status = dnnl_memory_get_memory_desc(to, &target);
  return status ? status : dnnl_reorder_primitive_desc_create(result, source, engine, target, engine, NULL);
}

// A number a filter; oneDNN allocates it where `handle` is NULL.
static inline dnnl_status_t onednn_bias(
    dnnl_engine_t engine, int64_t filters, void *handle, dnnl_memory_t *result) {
  dnnl_memory_desc_t layout;
  dnnl_dims_t dims = {filters};
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(&layout, 1, dims, dnnl_f32, dnnl_a);
  return status ? status : dnnl_memory_create(result, &layout, engine, handle ? handle : DNNL_MEMORY_ALLOCATE);
}

// How many threads oneDNN's OpenMP takes for what the calling thread asks; it may have been built without.
extern void omp_set_num_threads(int count) __attribute__((weak));
extern int omp_get_max_threads(void) __attribute__((weak));
static inline int onednn_threads(void) { return omp_get_max_threads ? omp_get_max_threads() : 1; }
static inline void onednn_set_threads(int count) {
  if (omp_set_num_threads) omp_set_num_threads(count);
}

#endif
