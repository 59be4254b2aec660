/* SHA-256 as 64 hexadecimal digits. */
#ifndef RUN_SHA256_H
#define RUN_SHA256_H

#include "base/base.h"

#define RUN_SHA256_SIZE 65 /* with the NUL */

typedef struct run_sha256 {
    void *context;
} run_sha256;

void run_sha256_init(run_sha256 *digest);
void run_sha256_add(run_sha256 *digest, const void *bytes, size_t size);
/* Adds the text and its NUL, so that ("ab", "c") and ("a", "bc") differ. */
void run_sha256_add_text(run_sha256 *digest, const char *text);
/* Adds the contents of a file; false when it cannot be read. */
bool run_sha256_add_file(run_sha256 *digest, const char *path);
void run_sha256_finish(run_sha256 *digest, char hex[RUN_SHA256_SIZE]); /* releases it */

#endif
