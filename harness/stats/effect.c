#include "stats/effect.h"

double stats_cliffs_delta(const double *a, size_t count_a, const double *b, size_t count_b)
{
    if (count_a == 0 || count_b == 0) return 0;
    double balance = 0;
    for (size_t i = 0; i < count_a; i++)
        for (size_t j = 0; j < count_b; j++) balance += (a[i] > b[j]) - (a[i] < b[j]);
    return balance / ((double)count_a * (double)count_b);
}

stats_wins stats_count_wins(const double *d, size_t count)
{
    stats_wins wins = {0};
    for (size_t i = 0; i < count; i++) {
        wins.faster += d[i] < 0;
        wins.slower += d[i] > 0;
        wins.equal += d[i] == 0;
    }
    return wins;
}
