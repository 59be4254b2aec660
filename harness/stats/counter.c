#include "stats/counter.h"

stats_counter stats_scale_counter(uint64_t raw, uint64_t enabled_ns, uint64_t running_ns)
{
    stats_counter counter = {0};
    if (running_ns == 0) return counter; /* it never got a register: absent, not 0 */
    counter.valid = true;
    counter.scaled = running_ns < enabled_ns;
    counter.approximate = (double)running_ns < 0.95 * (double)enabled_ns;
    counter.value = (double)raw;
    if (counter.scaled) counter.value *= (double)enabled_ns / (double)running_ns;
    return counter;
}

uint64_t stats_energy_used(const uint64_t *begin, const uint64_t *end, const uint64_t *range,
                           size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (end[i] >= begin[i] || range[i] == 0)
            sum += end[i] - begin[i];
        else
            sum += range[i] - begin[i] + end[i];
    }
    return sum;
}
