// What oneDNN's convolutions of an epoch of tutorial 5's network take by themselves: 600 batches of 100 images,
// forward, by the weights and, for the second, by the data. Prints milliseconds. Arrays are channels last.
// Needs oneDNN 2.x: cc -O2 cnn_onednn.c -ldnnl
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static void check(dnnl_status_t status) {
  if (status) exit(1);
}

static dnnl_memory_t memory(dnnl_primitive_desc_t operation, dnnl_query_t what) {
  dnnl_memory_t result;
  check(dnnl_memory_create(
      &result, dnnl_primitive_desc_query_md(operation, what, 0), engine, DNNL_MEMORY_ALLOCATE));
  void *data;
  check(dnnl_memory_get_data_handle(result, &data));
  size_t count = dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(operation, what, 0)) / sizeof(float);
  for (size_t i = 0; i < count; i++) ((float *)data)[i] = rand() % 1000 / 1000.f;
  return result;
}

// The mean of 20 calls, in milliseconds.
static double milliseconds(dnnl_primitive_desc_t operation, int count, dnnl_exec_arg_t *arguments) {
  dnnl_primitive_t primitive;
  struct timespec start, end;
  check(dnnl_primitive_create(&primitive, operation));
  for (int i = 0; i < 3; i++) check(dnnl_primitive_execute(primitive, stream, count, arguments));
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < 20; i++) check(dnnl_primitive_execute(primitive, stream, count, arguments));
  check(dnnl_stream_wait(stream));
  clock_gettime(CLOCK_MONOTONIC, &end);
  return ((end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6) / 20;
}

static double convolution(int channels, int size, int filters, int by_data) {
  int rows = 100, window = 5, out = size - window + 1;
  dnnl_dims_t from = {rows, channels, size, size}, into = {rows, filters, out, out};
  dnnl_dims_t kernel = {filters, channels, window, window}, shift = {filters}, stride = {1, 1}, none = {0, 0};
  dnnl_memory_desc_t source, target, weights, bias;
  check(dnnl_memory_desc_init_by_tag(&source, 4, from, dnnl_f32, dnnl_nhwc));
  check(dnnl_memory_desc_init_by_tag(&target, 4, into, dnnl_f32, dnnl_nhwc));
  check(dnnl_memory_desc_init_by_tag(&weights, 4, kernel, dnnl_f32, dnnl_format_tag_any));
  check(dnnl_memory_desc_init_by_tag(&bias, 1, shift, dnnl_f32, dnnl_a));
  dnnl_convolution_desc_t description;
  dnnl_primitive_desc_t forward, operation;
  check(dnnl_convolution_forward_desc_init(
      &description, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, &bias, &target, stride, none,
      none));
  check(dnnl_primitive_desc_create(&forward, &description, NULL, engine, NULL));
  dnnl_memory_t x = memory(forward, dnnl_query_src_md), y = memory(forward, dnnl_query_dst_md), b;
  check(dnnl_memory_create(&b, &bias, engine, DNNL_MEMORY_ALLOCATE));
  dnnl_exec_arg_t run[] = {
      {DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, memory(forward, dnnl_query_weights_md)}, {DNNL_ARG_BIAS, b},
      {DNNL_ARG_DST, y}};
  double sum = milliseconds(forward, 4, run);
  check(dnnl_convolution_backward_weights_desc_init(
      &description, dnnl_convolution_direct, &source, &weights, &bias, &target, stride, none, none));
  check(dnnl_primitive_desc_create(&operation, &description, NULL, engine, forward));
  dnnl_exec_arg_t learn[] = {
      {DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, y},
      {DNNL_ARG_DIFF_WEIGHTS, memory(operation, dnnl_query_diff_weights_md)}, {DNNL_ARG_DIFF_BIAS, b}};
  sum += milliseconds(operation, 4, learn);
  if (!by_data) return sum;
  check(dnnl_convolution_backward_data_desc_init(
      &description, dnnl_convolution_direct, &source, &weights, &target, stride, none, none));
  check(dnnl_primitive_desc_create(&operation, &description, NULL, engine, forward));
  dnnl_exec_arg_t pass[] = {
      {DNNL_ARG_DIFF_DST, y}, {DNNL_ARG_WEIGHTS, memory(operation, dnnl_query_weights_md)}, {DNNL_ARG_DIFF_SRC, x}};
  return sum + milliseconds(operation, 3, pass);
}

int main(void) {
  check(dnnl_engine_create(&engine, dnnl_cpu, 0));
  check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
  printf("%f\n", 600 * (convolution(1, 28, 32, 0) + convolution(32, 12, 64, 1)));
}
