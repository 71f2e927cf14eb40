// libcurl, loaded when something is downloaded: where its functions are, and one function a kind of value in place of
// curl_easy_setopt, whose variable number of arguments Swift cannot call.
#include <curl/curl.h>

// The addresses of the functions, each under its name in libcurl.
typedef struct {
    void *curl_global_init;
    void *curl_easy_init;
    void *curl_easy_cleanup;
    void *curl_easy_perform;
    void *curl_easy_strerror;
    void *curl_easy_setopt;
    void *curl_easy_getinfo;
} ccurl_library;

#define CCURL_CALL(curl, function) ((__typeof__(function) *)(curl)->function)

// Must run once before anything else, and not twice at a time.
static inline CURLcode ccurl_start(const ccurl_library *curl) {
    return CCURL_CALL(curl, curl_global_init)(CURL_GLOBAL_DEFAULT);
}

static inline CURL *ccurl_open(const ccurl_library *curl) {
    return CCURL_CALL(curl, curl_easy_init)();
}

static inline void ccurl_close(const ccurl_library *curl, CURL *handle) {
    CCURL_CALL(curl, curl_easy_cleanup)(handle);
}

static inline CURLcode ccurl_perform(const ccurl_library *curl, CURL *handle) {
    return CCURL_CALL(curl, curl_easy_perform)(handle);
}

static inline const char *ccurl_message(const ccurl_library *curl, CURLcode code) {
    return CCURL_CALL(curl, curl_easy_strerror)(code);
}

static inline CURLcode ccurl_set_long(const ccurl_library *curl, CURL *handle, CURLoption option, long value) {
    return CCURL_CALL(curl, curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_text(const ccurl_library *curl, CURL *handle, CURLoption option, const char *value) {
    return CCURL_CALL(curl, curl_easy_setopt)(handle, option, value);
}

typedef size_t (*ccurl_write)(char *, size_t, size_t, void *);

static inline CURLcode ccurl_set_write(const ccurl_library *curl, CURL *handle, ccurl_write function, void *context) {
    CURLcode code = CCURL_CALL(curl, curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, function);
    return code != CURLE_OK ? code : CCURL_CALL(curl, curl_easy_setopt)(handle, CURLOPT_WRITEDATA, context);
}

typedef int (*ccurl_progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode ccurl_set_progress(
    const ccurl_library *curl, CURL *handle, ccurl_progress function, void *context) {
    CCURL_CALL(curl, curl_easy_setopt)(handle, CURLOPT_NOPROGRESS, 0L);
    CURLcode code = CCURL_CALL(curl, curl_easy_setopt)(handle, CURLOPT_XFERINFOFUNCTION, function);
    return code != CURLE_OK ? code : CCURL_CALL(curl, curl_easy_setopt)(handle, CURLOPT_XFERINFODATA, context);
}

static inline long ccurl_response_code(const ccurl_library *curl, CURL *handle) {
    long code = 0;
    CCURL_CALL(curl, curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}
