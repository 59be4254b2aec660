#include "run/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

void run_sha256_init(run_sha256 *digest)
{
    digest->context = EVP_MD_CTX_new();
    if (!digest->context || !EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL))
        rf_out_of_memory();
}

void run_sha256_add(run_sha256 *digest, const void *bytes, size_t size)
{
    EVP_DigestUpdate(digest->context, bytes, size);
}

void run_sha256_add_text(run_sha256 *digest, const char *text)
{
    run_sha256_add(digest, text, strlen(text) + 1);
}

bool run_sha256_add_file(run_sha256 *digest, const char *path)
{
    char block[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0) run_sha256_add(digest, block, (size_t)got);
    close(fd);
    return got == 0;
}

void run_sha256_finish(run_sha256 *digest, char hex[RUN_SHA256_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    EVP_DigestFinal_ex(digest->context, bytes, NULL);
    EVP_MD_CTX_free(digest->context);
    digest->context = NULL;
    for (size_t i = 0; i < 32; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[64] = '\0';
}
