// What tells SQLite to copy the bytes of a value is a macro that casts -1 to a function, which Swift does not see.
#include <sqlite3.h>

// Binds `count` bytes of UTF-8, which may hold zeros. No bytes are an empty text, whatever the pointer.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int place, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, place, count ? bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Binds `count` bytes. No bytes are an empty blob, whatever the pointer.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int place, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, place, count ? bytes : "", count, SQLITE_TRANSIENT);
}
