#include "rb.h"

static double **new_rows(int64_t n)
{
    double **rows = rb_alloc((size_t)n * sizeof *rows);
    for (int64_t i = 0; i < n; i++) rows[i] = rb_alloc((size_t)n * sizeof **rows);
    return rows;
}

static void free_rows(double **rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++) free(rows[i]);
    free(rows);
}

static double **fill(int64_t n, int64_t *x)
{
    double **rows = new_rows(n);
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            *x = *x * 48271 % 2147483647;
            rows[i][j] = (double)(*x % 1000) / 1000;
        }
    }
    return rows;
}

static double **multiply(double **a, double **b, int64_t n)
{
    double **c = new_rows(n);
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double total = 0;
            for (int64_t k = 0; k < n; k++) total += a[i][k] * b[k][j];
            c[i][j] = total;
        }
    }
    return c;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1;
    double **a = fill(size, &x), **b = fill(size, &x), **c = multiply(a, b, size), acc = 0;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < size; j++) acc += c[i][j] * (double)((i * size + j) % 10 + 1);
    free_rows(a, size);
    free_rows(b, size);
    free_rows(c, size);
    snprintf(digest, RB_DIGEST_SIZE, "%.6f", acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
