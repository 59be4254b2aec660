/* The memory part of the console report. */
#include "report/console_text.h"

#include "report/frame_name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct columns { /* of the tables of sites */
    int name, type, allocs, bytes;
} columns;

static columns columns_of(const rf_console *console)
{
    return rf_console_is_narrow(console) ? (columns){21, 9, 11, 10} : (columns){34, 12, 12, 11};
}

static int compare_sites(const void *a, const void *b)
{
    const rf_prof_site *x = *(const rf_prof_site *const *)a, *y = *(const rf_prof_site *const *)b;
    if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
    return x < y ? -1 : 1; /* in the order they were found */
}

static void put_totals(rf_console *console)
{
    const rf_prof_run *run = &console->profile->run;
    rf_buffer *out = console->out;
    rf_buffer_append_text(out, "  peak ");
    rf_console_bytes(out, run->peak_live_bytes);
    rf_buffer_append_text(out, " at ");
    rf_console_time(out, run->peak_at_ns);
    if (run->peak_resident_bytes) {
        rf_buffer_append_text(out, " (resident ");
        rf_console_bytes(out, run->peak_resident_bytes);
        rf_buffer_append_byte(out, ')');
    }
    rf_buffer_append_text(out, run->was_interrupted ? "   at the interrupt " : "   at exit ");
    rf_console_bytes(out, run->exit_live_bytes);
    rf_buffer_append_text(out, "   ");
    rf_console_count(out, run->allocs);
    rf_buffer_append_text(out, " allocs  ");
    rf_console_count(out, run->frees);
    rf_buffer_append_text(out, " frees\n");
}

static void put_site(rf_console *console, uint32_t number, const rf_prof_site *site)
{
    const columns c = columns_of(console);
    rf_buffer *out = console->out;
    rf_buffer_format(out, "%3u ", number);
    rf_console_name_cell(console, c.name, site->func, site->line);
    rf_buffer_format(out, " %-*.*s", c.type, c.type, site->type);
    rf_console_count_cell(console, c.allocs, site->allocs);
    rf_console_bytes_cell(console, c.bytes, site->bytes);
    rf_console_bytes_cell(console, c.bytes, site->peak_live_bytes);
    if (site->allocs)
        rf_buffer_format(out, "  %4.0f %%", 100.0 * (double)site->temporaries / (double)site->allocs);
    else
        rf_buffer_append_text(out, "    n/a ");
    if (site->growths) {
        rf_buffer_format(out, "  %" PRIu64 "x from ", site->growths);
        rf_console_bytes(out, site->growth_from);
        rf_buffer_append_text(out, " to ");
        rf_console_bytes(out, site->growth_to);
    } else {
        rf_buffer_append_text(out, "  -");
    }
    rf_buffer_append_byte(out, '\n');
}

static void put_sites(rf_console *console, const rf_prof_site **sites, size_t count)
{
    const columns c = columns_of(console);
    rf_buffer_format(console->out, "  %-*s %-*s%*s%*s%*s   temp%s\n", c.name + 2, "by line", c.type, "type", c.allocs, "allocs",
                     c.bytes, "bytes", c.bytes, "live@peak", rf_console_is_narrow(console) ? "  grown" : "   grown");
    for (uint32_t i = 0; i < count && i < console->options.top; i++) put_site(console, i + 1, sites[i]);
    if (count > console->options.top)
        rf_buffer_format(console->out, "    ... %zu more\n", count - console->options.top);
}

static size_t type_of(rf_prof_site *types, size_t count, const char *name)
{
    size_t at = 0;
    while (at < count && strcmp(types[at].type, name) != 0) at++;
    return at;
}

static int compare_types(const void *a, const void *b)
{
    const rf_prof_site *x = a, *y = b;
    if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
    return strcmp(x->type, y->type);
}

/* Sites summed by what was made, with how many of the bytes are left. */
static void put_types(rf_console *console)
{
    const rf_profile *profile = console->profile;
    rf_prof_site *types = rf_alloc_array_zero(rf_prof_site, profile->sites.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        const size_t at = type_of(types, count, site->type);
        if (at == count) types[count++].type = site->type;
        types[at].allocs += site->allocs;
        types[at].bytes += site->bytes;
        types[at].freed_bytes += site->freed_bytes;
        types[at].peak_live_bytes += site->peak_live_bytes;
    }
    qsort(types, count, sizeof *types, compare_types);
    const int width = rf_console_is_narrow(console) ? 28 : 46;
    rf_buffer_format(console->out, "  %-*s%13s%11s%11s%11s\n", width + 2, "by type", "allocs", "bytes", "live@peak", "left");
    for (size_t i = 0; i < count && i < console->options.top; i++) {
        rf_buffer_format(console->out, "    %-*.*s", width, width, types[i].type);
        rf_console_count_cell(console, 13, types[i].allocs);
        rf_console_bytes_cell(console, 11, types[i].bytes);
        rf_console_bytes_cell(console, 11, types[i].peak_live_bytes);
        rf_console_bytes_cell(console, 11, types[i].bytes - types[i].freed_bytes);
        rf_buffer_append_byte(console->out, '\n');
    }
    if (count > console->options.top) rf_buffer_format(console->out, "    ... %zu more\n", count - console->options.top);
    rf_free(types);
}

static void put_copies(rf_console *console, const rf_prof_site **sites, size_t count)
{
    const columns c = columns_of(console);
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        const rf_prof_site *site = sites[i];
        rf_buffer *out = console->out;
        if (!site->copies) continue;
        if (is_first) rf_buffer_append_text(out, "  copy-on-write copies\n");
        is_first = false;
        rf_buffer_append_text(out, "    ");
        rf_console_name_cell(console, c.name, site->func, site->line);
        rf_buffer_format(out, " %-*.*s", c.type, c.type, site->type);
        rf_console_count_cell(console, c.allocs, site->copies);
        rf_console_bytes_cell(console, c.bytes, site->copy_bytes);
        if (site->shared_line) {
            rf_buffer_append_text(out, "   shared at ");
            rf_console_place(out, console->profile, site->shared_func, site->shared_line);
        }
        rf_buffer_append_byte(out, '\n');
    }
}

static void put_leaks(rf_console *console)
{
    static const char *const verdicts[] = {
        [RF_LEAK_UNREACHABLE] = "unreachable cycle", [RF_LEAK_NATIVE] = "never released (a defect of the runtime)",
        [RF_LEAK_REACHABLE] = "reachable at exit", [RF_LEAK_GROWING] = "growing"};
    const rf_profile *profile = console->profile;
    uint64_t leaked = 0;
    for (size_t i = 0; i < profile->leaks.count; i++)
        if (profile->leaks.data[i].verdict != RF_LEAK_REACHABLE) leaked += profile->leaks.data[i].count;
    const char *none = profile->run.was_interrupted ? "   not looked for: interrupted" : "   none";
    rf_console_section(console, "LEAKS", leaked ? NULL : none);
    for (size_t i = 0; i < profile->leaks.count && i < console->options.top; i++) {
        const rf_prof_leak *leak = &profile->leaks.data[i];
        rf_buffer *out = console->out;
        rf_buffer_format(out, "  %-18s ", verdicts[leak->verdict]);
        rf_console_count(out, leak->count);
        if (leak->verdict == RF_LEAK_UNREACHABLE)
            rf_buffer_append_text(out, leak->count == 1 ? " time, " : " times, ");
        else
            rf_buffer_format(out, " x %s, ", leak->type);
        rf_console_bytes(out, leak->retained_bytes > leak->bytes ? leak->retained_bytes : leak->bytes);
        if (leak->line) {
            rf_buffer_append_text(out, "   made at ");
            rf_console_place(out, profile, leak->func, leak->line);
        }
        if (leak->path) rf_buffer_format(out, "%s%s", leak->verdict == RF_LEAK_UNREACHABLE ? "\n      " : "   ", leak->path);
        if (leak->verdict == RF_LEAK_REACHABLE) rf_buffer_append_text(out, " (not counted as a leak)");
        rf_buffer_append_byte(out, '\n');
    }
    rf_console_end_section(console);
}

void rf_console_memory(rf_console *console)
{
    const rf_profile *profile = console->profile;
    const rf_prof_site **sites = rf_alloc_array(const rf_prof_site *, profile->sites.count + 1);
    for (size_t i = 0; i < profile->sites.count; i++) sites[i] = &profile->sites.data[i];
    qsort(sites, profile->sites.count, sizeof *sites, compare_sites);
    rf_console_section(console, "MEMORY", NULL);
    put_totals(console);
    if (profile->sites.count) put_sites(console, sites, profile->sites.count);
    if (profile->sites.count) put_types(console);
    put_copies(console, sites, profile->sites.count);
    rf_console_end_section(console);
    put_leaks(console);
    rf_free(sites);
}
