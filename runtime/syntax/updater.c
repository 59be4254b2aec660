#include "syntax/updater.h"

#include <string.h>

#include "base/base.h"

enum {
    ARRAY = RF_UPDATES_ARRAY, DICT = RF_UPDATES_DICT, SET = RF_UPDATES_SET, QUEUE = RF_UPDATES_QUEUE,
    STACK = RF_UPDATES_STACK, PARSER = RF_UPDATES_PARSER
};

static const struct {
    const char *name;
    uint8_t size, whole, pair, method_only;
} updaters[] = {
#define RF_UPDATER(name, whole, pair, method_only) {#name, sizeof #name - 1, whole, pair, method_only},
#include "syntax/updater.def"
#undef RF_UPDATER
};

uint32_t rf_updater_find(const char *name, size_t size, int is_method)
{
    for (size_t i = 0; i < RF_COUNT_OF(updaters); i++) {
        if (updaters[i].size != size || memcmp(updaters[i].name, name, size) != 0) continue;
        uint32_t allowed = is_method ? 0xFFu : 0xFFu & ~(uint32_t)updaters[i].method_only;
        return (updaters[i].whole & allowed) | (updaters[i].pair & allowed) << RF_UPDATES_PAIR_SHIFT;
    }
    return 0;
}
