// PNG files in memory, decoded to the values that stand in them: no gamma and no colour profile changes what a learner
// sees. libpng is loaded when an image is read. Errors come back as a text, never by longjmp into Swift.
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// The functions of libpng that are used, each under its name there.
#define CPNG_FUNCTIONS(use)                                                                                            \
    use(png_create_read_struct) use(png_create_info_struct) use(png_destroy_read_struct) use(png_set_longjmp_fn)       \
    use(png_longjmp) use(png_error) use(png_set_read_fn)                                                               \
    use(png_read_info) use(png_get_image_width) use(png_get_image_height) use(png_get_color_type)                      \
    use(png_set_expand) use(png_set_scale_16) use(png_set_gray_to_rgb) use(png_set_add_alpha)                          \
    use(png_set_interlace_handling) use(png_read_update_info) use(png_get_rowbytes) use(png_read_image)                \
    use(png_read_end)

#define CPNG_POINTER(name) __typeof__(name) *name;
#define CPNG_NAME(name) #name,

// The addresses of the functions.
typedef struct {
    CPNG_FUNCTIONS(CPNG_POINTER)
} cpng_library;

// The name of a function by its place, NULL behind the last.
static inline const char *cpng_function(size_t place) {
    static const char *const names[] = {CPNG_FUNCTIONS(CPNG_NAME)};
    _Static_assert(sizeof names == sizeof(cpng_library), "a name for each function");
    return place < sizeof names / sizeof *names ? names[place] : NULL;
}

// Puts the address of a function in its place.
static inline void cpng_set(cpng_library *library, size_t place, void *address) {
    memcpy((char *)library + place * sizeof address, &address, sizeof address);
}

typedef struct {
    const cpng_library *library;
    const unsigned char *bytes;
    size_t count, place;
    unsigned width, height;
    int has_color;
    char message[96];
} cpng_file;

// The file that a thread is reading: what libpng calls back needs the library to ask for anything else.
static inline cpng_file **cpng_current(void) {
    static __thread cpng_file *current;
    return &current;
}

static void cpng_fail(png_structp png, png_const_charp text) {
    cpng_file *file = *cpng_current();
    strncpy(file->message, text, sizeof file->message - 1);
    file->library->png_longjmp(png, 1);
}

static void cpng_warn(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void cpng_take(png_structp png, png_bytep target, size_t count) {
    cpng_file *file = *cpng_current();
    if (count > file->count - file->place) file->library->png_error(png, "the file ends too early");
    memcpy(target, file->bytes + file->place, count);
    file->place += count;
}

// Lays a sample of 8 bits on white by its alpha, rounded.
static inline unsigned char cpng_on_white(unsigned value, unsigned alpha) {
    return (unsigned char)((value * alpha + 255u * (255u - alpha) + 127u) / 255u);
}

// Reads the header and, where pixels is not NULL, all of a file: 8-bit grey, or red, green and blue, of 16 bits the
// nearest 8; what is transparent is laid on white. False when something is wrong, with the reason in file->message.
static __attribute__((noinline, unused)) int cpng_read(cpng_file *file, int color, unsigned char *pixels) {
    const cpng_library *library = file->library;
    png_structp png;
    png_infop info;
    // Changed between setjmp and longjmp, and freed behind it.
    unsigned char *volatile rows = NULL;
    png_bytep *volatile starts = NULL;
    file->place = 0;
    file->message[0] = 0;
    *cpng_current() = file;
    png = library->png_create_read_struct(PNG_LIBPNG_VER_STRING, file, cpng_fail, cpng_warn);
    info = png ? library->png_create_info_struct(png) : NULL;
    if (!info) {
        if (!file->message[0]) strncpy(file->message, "out of memory", sizeof file->message - 1);
        if (png) library->png_destroy_read_struct(&png, NULL, NULL);
        return 0;
    }
    if (setjmp(*library->png_set_longjmp_fn(png, longjmp, sizeof(jmp_buf)))) {
        library->png_destroy_read_struct(&png, &info, NULL);
        free(rows);
        free((void *)starts);
        return 0;
    }
    library->png_set_read_fn(png, file, cpng_take);
    library->png_read_info(png, info);
    file->width = library->png_get_image_width(png, info);
    file->height = library->png_get_image_height(png, info);
    file->has_color = (library->png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) != 0;
    if (pixels) {
        size_t width = file->width, height = file->height, row, column, each;
        library->png_set_expand(png);
        library->png_set_scale_16(png);
        library->png_set_gray_to_rgb(png);
        library->png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
        library->png_set_interlace_handling(png);
        library->png_read_update_info(png, info);
        if (library->png_get_rowbytes(png, info) != 4 * width)
            library->png_error(png, "rows of another length than announced");
        rows = malloc(4 * width * height);
        starts = malloc(height * sizeof(png_bytep));
        if (!rows || !starts) library->png_error(png, "out of memory");
        for (row = 0; row < height; row++) starts[row] = rows + 4 * width * row;
        library->png_read_image(png, (png_bytepp)starts);
        library->png_read_end(png, NULL);
        for (row = 0; row < height; row++)
            for (column = 0; column < width; column++) {
                const unsigned char *from = rows + 4 * (width * row + column);
                for (each = 0; each < (color ? 3u : 1u); each++) *pixels++ = cpng_on_white(from[each], from[3]);
            }
    }
    library->png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    free((void *)starts);
    return 1;
}

// The text that says what was wrong.
static inline const char *cpng_message(const cpng_file *file) {
    return file->message;
}
