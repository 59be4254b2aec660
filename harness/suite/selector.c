#include "suite/selector.h"

#include "base/buffer.h"
#include "base/error.h"

#include <fnmatch.h>
#include <string.h>

/* fnmatch with one level of {a,b}: true when any alternative matches. */
static bool matches(const char *pattern, const char *name)
{
    const char *open = strchr(pattern, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close) return fnmatch(pattern, name, 0) == 0;
    bool found = false;
    for (const char *at = open + 1; !found && at <= close;) {
        size_t length = strcspn(at, ",}");
        char *one = rf_format_text("%.*s%.*s%s", (int)(open - pattern), pattern, (int)length, at,
                                   close + 1);
        found = matches(one, name);
        rf_free(one);
        at += length + 1;
    }
    return found;
}

static bool add_language(suite_selector *selector, const char *text, size_t size)
{
    const char *colon = memchr(text, ':', size);
    size_t length = colon ? (size_t)(colon - text) : size;
    if (length == 0 || (colon && length + 1 == size)) return false;
    selector_language entry = {rf_strndup(text, length),
                               colon ? rf_strndup(colon + 1, size - length - 1) : NULL};
    rf_vector_push(&selector->languages, entry);
    return true;
}

/* "lang:mode", or "{lang:mode,lang}"; braces elsewhere belong to a glob. */
static bool parse_languages(suite_selector *selector, const char *text)
{
    size_t size = strlen(text);
    if (size == 0) return false;
    if (text[0] != '{' || text[size - 1] != '}') return add_language(selector, text, size);
    for (const char *at = text + 1, *end = text + size - 1; at < end;) {
        size_t length = strcspn(at, ",}");
        if (!add_language(selector, at, length)) return false;
        at += length + 1;
    }
    return selector->languages.count > 0;
}

ruff_status selector_parse(suite_selector *selector, const char *text, ruff_error *err)
{
    *selector = (suite_selector){0};
    const char *at = strchr(text, '@');
    size_t head = at ? (size_t)(at - text) : strlen(text);
    const char *slash = memchr(text, '/', head);
    size_t name = slash ? (size_t)(slash - text) : head;
    bool fine = (name > 0 || (at && !slash)) && !(slash && name + 1 == head);
    if (fine) {
        selector->benchmark = name ? rf_strndup(text, name) : rf_strdup("*");
        if (slash) selector->size = rf_strndup(slash + 1, head - name - 1);
        if (at) fine = parse_languages(selector, at + 1);
    }
    if (fine) return RUFF_OK;
    selector_release(selector);
    return rf_error_set(err, RUFF_E_SYNTAX,
                        "`%s` is no selector; write BENCH, BENCH/SIZE or BENCH/SIZE@LANG:MODE, for "
                        "example fib*@{ruff:vm,node}",
                        text);
}

void selector_release(suite_selector *selector)
{
    for (size_t i = 0; i < selector->languages.count; i++) {
        rf_free(selector->languages.data[i].language);
        rf_free(selector->languages.data[i].mode);
    }
    rf_vector_release(&selector->languages);
    rf_free(selector->benchmark);
    rf_free(selector->size);
    selector->benchmark = selector->size = NULL;
}

bool selector_takes_benchmark(const suite_selector *selector, const char *benchmark)
{
    return matches(selector->benchmark, benchmark);
}

bool selector_takes_variant(const suite_selector *selector, const char *language, const char *mode)
{
    if (selector->languages.count == 0) return true;
    for (size_t i = 0; i < selector->languages.count; i++) {
        const selector_language *entry = &selector->languages.data[i];
        if (matches(entry->language, language) && (!entry->mode || matches(entry->mode, mode)))
            return true;
    }
    return false;
}

bool selector_list_takes(const char *list, const char *name)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        char *pattern = rf_strndup(list, length);
        bool found = fnmatch(pattern, name, 0) == 0;
        rf_free(pattern);
        if (found) return true;
        list += length + (list[length] == ',');
    }
    return false;
}
