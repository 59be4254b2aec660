#include "report/profile_words.h"

#include <string.h>

const char *const rf_prof_kind_words[RF_FUNC_KIND_COUNT] = {[RF_FUNC_SCRIPT] = "script",
                                                            [RF_FUNC_BUILTIN] = "builtin",
                                                            [RF_FUNC_REGEX] = "regex",
                                                            [RF_FUNC_RUNTIME] = "runtime",
                                                            [RF_FUNC_NATIVE] = "native"};
const char *const rf_prof_verdict_words[4] = {[RF_LEAK_UNREACHABLE] = "unreachable",
                                              [RF_LEAK_NATIVE] = "native",
                                              [RF_LEAK_REACHABLE] = "reachable",
                                              [RF_LEAK_GROWING] = "growing"};

size_t rf_word_index(const char *const *words, size_t count, const char *word)
{
    size_t at = 0;
    while (at < count && strcmp(words[at], word) != 0) at++;
    return at;
}

rf_prof_tier rf_tier_of_tag(const char *tag)
{
    int tier = 0;
    while (tier < RF_TIER_COUNT && strcmp(rf_prof_tiers[tier].tag, tag) != 0) tier++;
    return (rf_prof_tier)tier;
}
