#include "rb.h"

#include <math.h>

static double element(int64_t i, int64_t j, int64_t shift)
{
    return 1 / (double)((i + j) * (i + j + 1) / 2 + i + 1 + shift);
}

static void times(const double *v, int64_t n, int64_t shift, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        double total = 0;
        for (int64_t j = 0; j < n; j++) total += element(i, j, shift) * v[j];
        out[i] = total;
    }
}

static void times_transposed(const double *v, int64_t n, int64_t shift, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        double total = 0;
        for (int64_t j = 0; j < n; j++) total += element(j, i, shift) * v[j];
        out[i] = total;
    }
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t shift = seed % 1000;
    double *u = rb_alloc((size_t)size * sizeof *u), *v = rb_alloc((size_t)size * sizeof *v);
    double *middle = rb_alloc((size_t)size * sizeof *middle), uv = 0, vv = 0;
    for (int64_t i = 0; i < size; i++) u[i] = 1;
    for (int i = 0; i < 10; i++) {
        times(u, size, shift, middle);
        times_transposed(middle, size, shift, v);
        times(v, size, shift, middle);
        times_transposed(middle, size, shift, u);
    }
    for (int64_t i = 0; i < size; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    free(u);
    free(v);
    free(middle);
    snprintf(digest, RB_DIGEST_SIZE, "%.9f", sqrt(uv / vv));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
