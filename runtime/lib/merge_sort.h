/* Stable merge sort for one element type; included once for each type, so without an include guard.
 * The includer defines
 *
 *     SORT_NAME          the function made: void SORT_NAME(SORT_TYPE *data, size_t count)
 *     SORT_TYPE          of the elements
 *     SORT_BEFORE(a, b)  true when a must come before b; neither way round: equal
 *
 * Runs that are in order already (or strictly backwards: turned round) are found first, short ones
 * are extended by insertion; then neighbouring runs are merged in passes between the data and a
 * second array.  So sorted input costs n comparisons, random input n log2(n / SORT_RUN) moves. */
#include <string.h>

#include "base/vector.h"

#define SORT_PASTE_(a, b) a##_##b
#define SORT_PASTE(a, b)  SORT_PASTE_(a, b)
#define SORT_PART(part)   SORT_PASTE(SORT_NAME, part)

#ifndef SORT_RUN
#define SORT_RUN 24 /* shorter runs are extended to this */
#endif

static void SORT_PART(reverse)(SORT_TYPE *data, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        const SORT_TYPE swap = data[--j];
        data[j] = data[i];
        data[i] = swap;
    }
}

/* data[0..sorted) is in order; makes data[0..count) so. */
static void SORT_PART(insert)(SORT_TYPE *data, size_t sorted, size_t count)
{
    for (size_t i = sorted; i < count; i++) {
        const SORT_TYPE element = data[i];
        size_t at = i;
        for (; at > 0 && SORT_BEFORE(element, data[at - 1]); at--) data[at] = data[at - 1];
        data[at] = element;
    }
}

/* Length of the run at the start of data, made ascending and at least SORT_RUN long if there is
 * that much. */
static size_t SORT_PART(find_run)(SORT_TYPE *data, size_t count)
{
    size_t length = 1;
    if (count > 1 && SORT_BEFORE(data[1], data[0])) {
        while (length < count && SORT_BEFORE(data[length], data[length - 1])) length++;
        SORT_PART(reverse)(data, length);
    } else {
        while (length < count && !SORT_BEFORE(data[length], data[length - 1])) length++;
    }
    if (length >= SORT_RUN || length == count) return length;
    const size_t wanted = count < SORT_RUN ? count : SORT_RUN;
    SORT_PART(insert)(data, length, wanted);
    return wanted;
}

/* Merges left[0..middle) and left[middle..stop) into out. */
static void SORT_PART(merge)(const SORT_TYPE *in, size_t middle, size_t stop, SORT_TYPE *out)
{
    size_t left = 0, right = middle, at = 0;
    if (middle < stop && SORT_BEFORE(in[middle], in[middle - 1])) {
        while (left < middle && right < stop) {
            const bool is_right = SORT_BEFORE(in[right], in[left]);
            out[at++] = in[is_right ? right : left];
            right += is_right;
            left += !is_right;
        }
    }
    memcpy(out + at, in + left, (middle - left) * sizeof *out);
    at += middle - left;
    memcpy(out + at, in + right, (stop - right) * sizeof *out);
}

static void SORT_NAME(SORT_TYPE *data, size_t count)
{
    if (count < 2) return;
    RF_VECTOR(uint32_t) ends = {0}; /* of the runs */
    for (size_t at = 0; at < count;) {
        at += SORT_PART(find_run)(data + at, count - at);
        rf_vector_push(&ends, (uint32_t)at);
    }
    if (ends.count > 1) {
        SORT_TYPE *second = rf_alloc_array(SORT_TYPE, count);
        SORT_TYPE *in = data, *out = second;
        while (ends.count > 1) {
            size_t start = 0, kept = 0;
            for (size_t run = 0; run < ends.count; run += 2) {
                const size_t middle = ends.data[run];
                const size_t stop = run + 1 < ends.count ? ends.data[run + 1] : middle;
                SORT_PART(merge)(in + start, middle - start, stop - start, out + start);
                ends.data[kept++] = (uint32_t)stop;
                start = stop;
            }
            ends.count = kept;
            SORT_TYPE *swap = in;
            in = out;
            out = swap;
        }
        if (in != data) memcpy(data, in, count * sizeof *data);
        rf_free(second);
    }
    rf_vector_release(&ends);
}

#undef SORT_PASTE_
#undef SORT_PASTE
#undef SORT_PART
#undef SORT_NAME
#undef SORT_TYPE
#undef SORT_BEFORE
