/* Enumerations as they are written in the store, so that their order in C may change. */
#ifndef RF_REPORT_PROFILE_WORDS_H
#define RF_REPORT_PROFILE_WORDS_H

#include "prof/profile.h"

extern const char *const rf_prof_kind_words[RF_FUNC_KIND_COUNT];
extern const char *const rf_prof_verdict_words[4];

/* The index of word in words, or count. */
size_t rf_word_index(const char *const *words, size_t count, const char *word);
/* RF_TIER_COUNT when there is none. */
rf_prof_tier rf_tier_of_tag(const char *tag);

#endif
