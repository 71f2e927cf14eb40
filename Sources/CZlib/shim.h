// zlib's initialisers are macros that pass the version and the size of the stream, which Swift cannot see.
#include <zlib.h>

// Starts inflating. windowBits as for inflateInit2: 15 + 16 for gzip, -15 for a zip entry, 15 for zlib's own.
static inline int czlib_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}
