/* The environment's wishes, read in one place. */
#include "jit/jit.h"

#include <stdlib.h>
#include <string.h>

static uint32_t number_of(const char *name)
{
    const char *text = getenv(name);
    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

static uint32_t parts_in(const char *text)
{
    static const struct {
        const char *name;
        uint32_t part;
    } parts[] = {{"memory", RF_JIT_PART_MEMORY},
                 {"helper", RF_JIT_PART_HELPER},
                 {"assembler", RF_JIT_PART_ASSEMBLER},
                 {"folder", RF_JIT_PART_FOLDER},
                 {"process", RF_JIT_PART_PROCESS}};
    uint32_t all = 0;
    for (size_t i = 0; text && i < RF_COUNT_OF(parts); i++)
        if (strcmp(text, parts[i].name) == 0) all |= parts[i].part;
    return all;
}

bool rf_jit_options_read(rf_jit_options *options)
{
    const char *wish = getenv("RUFF_JIT");
    if (wish && strcmp(wish, "off") == 0) return false;
    options->heat = number_of("RF_JIT_HOT");
    options->is_waiting = number_of("RF_JIT_SYNC") == 1;
    options->is_patient = number_of("RF_JIT_SYNC") == 2;
    options->stress = number_of("RF_JIT_STRESS");
    options->optimisation = number_of("RF_JIT_OPT");
    options->later_us = number_of("RF_JIT_LATER_US");
    options->patience_ms = number_of("RF_JIT_PATIENCE_MS");
    options->region_bytes = number_of("RF_JIT_REGION_BYTES");
    options->cache_bytes = number_of("RF_JIT_CACHE_BYTES");
    options->without = parts_in(getenv("RF_JIT_WITHOUT"));
    return true;
}
