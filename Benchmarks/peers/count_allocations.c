// Counts what a program asks of malloc and its like, and says so at its end:
// cc -O2 -shared -fPIC count_allocations.c -o count.so -ldl; LD_PRELOAD=./count.so program
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stddef.h>

static atomic_long calls, large;

static void count(size_t size) {
  atomic_fetch_add(&calls, 1);
  if (size >= 1024) atomic_fetch_add(&large, 1);
}

extern void *__libc_malloc(size_t), *__libc_memalign(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_calloc(size_t, size_t);

void *malloc(size_t size) { count(size); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count(number * size); return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { count(size); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { count(size); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { count(size); return __libc_memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  count(size);
  return (*result = __libc_memalign(alignment, size)) ? 0 : 12;
}

__attribute__((destructor)) static void say(void) {
  fprintf(stderr, "allocations %ld, of 1024 bytes or more %ld\n", (long)calls, (long)large);
}
