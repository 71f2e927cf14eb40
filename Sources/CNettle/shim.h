// Nettle's names are macros, which Swift does not see; and version 4 of it no longer takes the lengths of digests.
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

typedef struct sha256_ctx cnettle_sha256;
typedef struct hmac_sha256_ctx cnettle_hmac;

static inline void cnettle_sha256_begin(cnettle_sha256 *state) {
    sha256_init(state);
}

static inline void cnettle_sha256_add(cnettle_sha256 *state, size_t count, const uint8_t *bytes) {
    sha256_update(state, count, bytes);
}

// Writes 32 bytes and begins anew.
static inline void cnettle_sha256_end(cnettle_sha256 *state, uint8_t *digest) {
#if NETTLE_VERSION_MAJOR < 4
    sha256_digest(state, SHA256_DIGEST_SIZE, digest);
#else
    sha256_digest(state, digest);
#endif
}

static inline void cnettle_hmac_begin(cnettle_hmac *state, size_t count, const uint8_t *key) {
    hmac_sha256_set_key(state, count, key);
}

static inline void cnettle_hmac_add(cnettle_hmac *state, size_t count, const uint8_t *bytes) {
    hmac_sha256_update(state, count, bytes);
}

// Writes 32 bytes and begins anew, with the same key.
static inline void cnettle_hmac_end(cnettle_hmac *state, uint8_t *code) {
#if NETTLE_VERSION_MAJOR < 4
    hmac_sha256_digest(state, SHA256_DIGEST_SIZE, code);
#else
    hmac_sha256_digest(state, code);
#endif
}

// Whether the bytes are the same, in a time that does not depend on where they differ.
static inline int cnettle_equal(const uint8_t *some, const uint8_t *others, size_t count) {
    return memeql_sec(some, others, count);
}
