// The simplified API of libpng, which is loaded when an image is read: errors come back as a code and a text, never by
// longjmp into Swift.
#include <png.h>
#include <string.h>

// The addresses of the functions, each under its name in libpng.
typedef struct {
    void *png_image_begin_read_from_memory;
    void *png_image_finish_read;
    void *png_image_free;
} cpng_library;

#define CPNG_CALL(png, function) ((__typeof__(function) *)(png)->function)

// Reads the header of a PNG in memory; false when there is none, with the reason in image->message.
static inline int cpng_begin(const cpng_library *png, png_image *image, const void *bytes, size_t count) {
    memset(image, 0, sizeof *image);
    image->version = PNG_IMAGE_VERSION;
    return CPNG_CALL(png, png_image_begin_read_from_memory)(image, bytes, count);
}

// Frees the image's own memory.
static inline void cpng_free(const cpng_library *png, png_image *image) {
    CPNG_CALL(png, png_image_free)(image);
}

// Whether the file has colours.
static inline int cpng_has_color(const png_image *image) {
    return (image->format & (PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_COLORMAP)) != 0;
}

// Decodes to 8-bit grey, or to 8-bit red, green and blue; what is transparent is laid on white.
// Frees the image's own memory whether it succeeds or not.
static inline int cpng_finish(const cpng_library *png, png_image *image, int color, void *pixels) {
    image->format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_color white = {255, 255, 255};
    int good = CPNG_CALL(png, png_image_finish_read)(image, &white, pixels, 0, NULL);
    cpng_free(png, image);
    return good;
}

// The text that says what was wrong.
static inline const char *cpng_message(const png_image *image) {
    return image->message;
}
