#include "rb.h"

static int64_t escape(double cr, double ci)
{
    double zr = 0, zi = 0;
    int64_t count = 0;
    while (count < 50 && zr * zr + zi * zi <= 4) {
        double next = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = next;
        count++;
    }
    return count;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    double shift = (double)(seed % 1000) / 1000000, n = (double)size;
    int64_t acc = 0;
    for (int64_t y = 0; y < size; y++) {
        double ci = 2 * (double)y / n - 1;
        for (int64_t x = 0; x < size; x++) {
            double cr = 2 * (double)x / n - 1.5 + shift;
            acc = (acc * 31 + escape(cr, ci)) % 1000000007;
        }
    }
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
