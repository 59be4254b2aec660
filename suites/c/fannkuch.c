#include "rb.h"

enum { LONGEST = 16 };

static int64_t flips_of(int perm[])
{
    int64_t flips = 0;
    for (int first = perm[0]; first != 0; first = perm[0]) {
        for (int i = 0, j = first; i < j; i++, j--) {
            int swap = perm[i];
            perm[i] = perm[j];
            perm[j] = swap;
        }
        flips++;
    }
    return flips;
}

static int64_t fannkuch(int n, int64_t shift)
{
    int perm1[LONGEST], perm[LONGEST], count[LONGEST];
    int64_t most = 0, acc = 0;
    for (int i = 0; i < n; i++) perm1[i] = i;
    for (int r = n;;) {
        for (; r > 1; r--) count[r - 1] = r;
        memcpy(perm, perm1, (size_t)n * sizeof *perm);
        int64_t flips = flips_of(perm);
        if (flips > most) most = flips;
        acc = (acc * 31 + flips + shift) % 1000000007;
        for (;;) {
            if (r == n) return acc * 1000 + most;
            int first = perm1[0];
            for (int i = 0; i < r; i++) perm1[i] = perm1[i + 1];
            perm1[r] = first;
            if (--count[r] > 0) break;
            r++;
        }
    }
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    rb_digest(digest, fannkuch((int)(size < LONGEST ? size : LONGEST), seed % 1000));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
