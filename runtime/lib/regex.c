/* Regular expressions (BUILTINS 17) on PCRE2 with its JIT, compiled patterns kept in a
 * least-recently-used cache.
 *
 * PCRE2 counts its work anew from every place where a match could start, so its match limit does
 * not end a pattern that is merely quadratic (`\\s+$` on a million spaces).  A short text is
 * searched with a limit that is small enough for all places together.  A long one, and a short one
 * that runs into that limit, is searched in windows of places, with the full limit for each and an
 * eye on the processor time between them: a call may use SLOW_NS and SLOW_NS_BYTE for every byte.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "lib/regex_pattern.h"
#include "lib/state.h"
#include "prof/thread.h"

enum {
    CACHE_SIZE = 128,
    MATCH_LIMIT = 10000000,
    PLACE_LIMIT = 200,      /* what every place may use of a text that is searched at once */
    SHORT_TEXT = 64 * 1024, /* bytes: searched at once */
    FIRST_WINDOW = 64,      /* places */
    LARGEST_WINDOW = 16384,
    SLOW_NS_BYTE = 1000,
    HEAP_LIMIT_KIB = 256 * 1024,
    JIT_STACK_START = 32 * 1024,
    JIT_STACK_LIMIT = 64 * 1024 * 1024 /* address space, used only when a match needs it */
};

static const int64_t SLOW_NS = 2000000000;
static const int64_t QUICK_WINDOW_NS = 1000000; /* the next one may be larger */

typedef struct regex { /* a cached pattern */
    rf_value pattern;  /* string; UNSET: the place is free */
    uint32_t hash;     /* of the pattern */
    uint64_t used_at;  /* tick of the last use */
    uint32_t detail;   /* for the profiler; 0: not asked for yet */
    pcre2_code *code;  /* NULL: the pattern is invalid */
    pcre2_code
        *windowed; /* the same for a search that ends before the text does; NULL until used */
    pcre2_match_data *match;
    bool is_tied;
} regex;

struct rf_regex_cache {
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *limits;
    pcre2_jit_stack *jit_stack;
    uint64_t tick;
    regex entries[CACHE_SIZE];
};

/* ---- the cache ---- */

static void *allocate(size_t size, void *context)
{
    (void)context;
    return rf_alloc_try(size);
}

static void release(void *memory, void *context)
{
    (void)context;
    rf_free(memory);
}

static struct rf_regex_cache *new_cache(void)
{
    struct rf_regex_cache *cache = rf_new(struct rf_regex_cache);
    cache->general = pcre2_general_context_create(allocate, release, NULL);
    cache->compile = pcre2_compile_context_create(cache->general);
    pcre2_set_newline(cache->compile, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(cache->compile, PCRE2_BSR_UNICODE);
    cache->limits = pcre2_match_context_create(cache->general);
    pcre2_set_match_limit(cache->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(cache->limits, HEAP_LIMIT_KIB);
    cache->jit_stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_LIMIT, cache->general);
    if (cache->jit_stack) pcre2_jit_stack_assign(cache->limits, NULL, cache->jit_stack);
    return cache;
}

static void clear_entry(rf_isolate *isolate, regex *entry)
{
    pcre2_match_data_free(entry->match);
    pcre2_code_free(entry->code);
    pcre2_code_free(entry->windowed);
    rf_release(isolate, entry->pattern);
    *entry = (regex){.pattern = rf_unset()};
}

void rf_regex_cache_free(rf_isolate *isolate, struct rf_regex_cache *cache)
{
    if (!cache) return;
    for (size_t i = 0; i < CACHE_SIZE; i++) clear_entry(isolate, &cache->entries[i]);
    pcre2_jit_stack_free(cache->jit_stack);
    pcre2_match_context_free(cache->limits);
    pcre2_compile_context_free(cache->compile);
    pcre2_general_context_free(cache->general);
    rf_free(cache);
}

/* The pattern as code with these options besides the usual ones; NULL when it is invalid. */
static pcre2_code *compile(const struct rf_regex_cache *cache, const rf_string *pattern,
                           uint32_t more_options)
{
    const uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY |
                             PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C | more_options;
    pcre2_code *code = NULL;
    rf_buffer text = RF_BUFFER_INIT;
    if (rf_regex_translate(pattern->text, pattern->size, &text)) {
        int problem;
        PCRE2_SIZE where;
        const char *source = text.data ? text.data : "";
        code =
            pcre2_compile((PCRE2_SPTR)source, text.size, options, &problem, &where, cache->compile);
    }
    rf_buffer_release(&text);
    if (code) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it matching is only slower */
    return code;
}

/* Whether what the pattern means depends on where the search starts or ends: then it is searched
 * at once whatever it takes. */
static bool is_tied(const rf_string *pattern)
{
    static const char *const marks[] = {"\\G", "(*SKIP", "(*COMMIT"};
    for (size_t i = 0; i < RF_COUNT_OF(marks); i++)
        if (memmem(pattern->text, pattern->size, marks[i], strlen(marks[i]))) return true;
    return false;
}

enum { SHOWN_PATTERN = 40 }; /* bytes of it in profiles */

static size_t shown_size(const rf_string *pattern)
{
    size_t size = pattern->size < SHOWN_PATTERN ? pattern->size : SHOWN_PATTERN;
    while (size && size < pattern->size && ((unsigned char)pattern->text[size] & 0xC0) == 0x80)
        size--;
    return size;
}

/* compile, as time of its own in a profile. */
static pcre2_code *compile_noted(rf_isolate *isolate, const rf_string *pattern, uint32_t options)
{
    const struct rf_regex_cache *cache = isolate->lib->regex;
    if (!isolate->prof) return compile(cache, pattern, options);
    char *text = rf_format_text("compile /%.*s/", (int)shown_size(pattern), pattern->text);
    rf_prof_scope scope;
    rf_prof_enter(
        isolate->prof, &scope,
        RF_PROF_STATE(RF_TIER_COMPILE, rf_prof_detail(isolate->prof, text, strlen(text))));
    rf_free(text);
    pcre2_code *code = compile(cache, pattern, options);
    rf_prof_leave(isolate->prof, &scope);
    return code;
}

/* The compiled form of a pattern; its code is NULL when it is invalid.  Borrowed until the next
 * call. */
static regex *find_regex(rf_isolate *isolate, rf_value pattern)
{
    if (!isolate->lib->regex) isolate->lib->regex = new_cache();
    struct rf_regex_cache *cache = isolate->lib->regex;
    cache->tick++;
    const uint32_t hash = rf_string_hash(pattern.as.string);
    regex *oldest = &cache->entries[0];
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        regex *entry = &cache->entries[i];
        if (entry->pattern.head == RF_UNSET) {
            oldest = entry;
            break;
        }
        if (entry->hash == hash && rf_string_equal(entry->pattern.as.string, pattern.as.string)) {
            entry->used_at = cache->tick;
            return entry;
        }
        if (entry->used_at < oldest->used_at) oldest = entry;
    }
    clear_entry(isolate, oldest);
    oldest->pattern = rf_copy(pattern);
    oldest->hash = hash;
    oldest->used_at = cache->tick;
    oldest->is_tied = is_tied(pattern.as.string);
    oldest->code = compile_noted(isolate, pattern.as.string, 0);
    if (oldest->code)
        oldest->match = pcre2_match_data_create_from_pattern(oldest->code, cache->general);
    return oldest;
}

/* ---- matching ---- */

typedef struct matches { /* walks the matches of a text */
    rf_isolate *isolate;
    regex *regex;
    const rf_string *text;
    size_t at;          /* where the next search starts */
    size_t last_end;    /* of the match before; SIZE_MAX: none */
    size_t start, end;  /* of the match found */
    size_t window;      /* places; 0: the text is searched at once */
    size_t passed;      /* places and matches since the last look at the clock */
    int64_t looked_ns;  /* when that was */
    int64_t look_ns;    /* when to ask for processor time next */
    int64_t started_ns; /* processor time then */
    int64_t allowed_ns; /* processor time this call may use */
} matches;

static matches begin_matches(rf_isolate *isolate, regex *r, const rf_string *text)
{
    return (matches){.isolate = isolate, .regex = r, .text = text, .last_end = SIZE_MAX};
}

/* Searches with code from m->at on: 1, 0, or an error number. */
static int match_once(matches *m, const pcre2_code *code, uint32_t limit)
{
    const regex *r = m->regex;
    pcre2_match_context *limits = m->isolate->lib->regex->limits;
    PCRE2_SPTR subject = (PCRE2_SPTR)m->text->text;
    pcre2_set_match_limit(limits, limit);
    int count =
        pcre2_match(code, subject, m->text->size, m->at, PCRE2_NO_UTF_CHECK, r->match, limits);
    if (count == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter keeps its frames on the heap */
        count = pcre2_match(code, subject, m->text->size, m->at, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                            r->match, limits);
    if (count < 0) return count == PCRE2_ERROR_NOMATCH ? 0 : count;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(r->match);
    m->start = offsets[0];
    m->end = offsets[1];
    return 1;
}

/* The beginning of the first character at or after `at`. */
static size_t align(const rf_string *s, size_t at)
{
    while (at < s->size && ((unsigned char)s->text[at] & 0xC0) == 0x80) at++;
    return at;
}

static int64_t processor_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void begin_windows(matches *m)
{
    regex *r = m->regex;
    m->window = FIRST_WINDOW;
    m->allowed_ns = SLOW_NS + (int64_t)m->text->size * SLOW_NS_BYTE;
    m->started_ns = processor_ns();
    m->looked_ns = rf_clock_monotonic_ns();
    m->look_ns = m->looked_ns + m->allowed_ns;
    if (!r->windowed)
        r->windowed = compile_noted(m->isolate, r->pattern.as.string, PCRE2_USE_OFFSET_LIMIT);
}

/* Whether the call may go on after these places and matches.  Asking for processor time is slow:
 * it cannot be over before as much has passed on the clock. */
static bool has_time(matches *m, size_t passed)
{
    m->passed += passed + 1;
    if (m->passed < m->window) return true;
    m->passed = 0;
    const int64_t now_ns = rf_clock_monotonic_ns();
    const bool is_quick = now_ns - m->looked_ns < QUICK_WINDOW_NS;
    m->looked_ns = now_ns;
    if (is_quick && m->window < LARGEST_WINDOW) m->window *= 2;
    if (!is_quick && m->window > 1) m->window /= 2;
    if (now_ns < m->look_ns) return true;
    const int64_t left_ns = m->started_ns + m->allowed_ns - processor_ns();
    m->look_ns = now_ns + left_ns;
    return left_ns > 0;
}

/* Every place gets the whole match limit, but not all of one window: a window that needs more than
 * its share is searched again in smaller ones. */
static int search_windows(matches *m)
{
    pcre2_match_context *limits = m->isolate->lib->regex->limits;
    int found = 0;
    while (!found && m->at <= m->text->size) {
        const size_t window = m->window, at = m->at;
        pcre2_set_offset_limit(limits, at + window - 1);
        found = match_once(m, m->regex->windowed, (uint32_t)(MATCH_LIMIT / window));
        if (found == PCRE2_ERROR_MATCHLIMIT && window > 1) {
            m->window = (window + 7) / 8;
            found = 0;
            continue;
        }
        if (!found) m->at = align(m->text, at + window);
        if (found >= 0 && !has_time(m, found ? m->start - at : window))
            found = PCRE2_ERROR_MATCHLIMIT;
    }
    pcre2_set_offset_limit(limits, PCRE2_UNSET);
    return found;
}

/* Searches from m->at, which moves on: 1, 0, or -1 after raising. */
static int search_plainly(matches *m)
{
    const regex *r = m->regex;
    const size_t size = m->text->size;
    int found = PCRE2_ERROR_MATCHLIMIT;
    if (r->is_tied)
        found = match_once(m, r->code, MATCH_LIMIT);
    else if (!m->window && size <= SHORT_TEXT)
        found = match_once(m, r->code, (uint32_t)(MATCH_LIMIT / (size + 1) + PLACE_LIMIT));
    if (found == PCRE2_ERROR_MATCHLIMIT && !r->is_tied) {
        if (!m->window) begin_windows(m);
        found = search_windows(m);
    }
    if (found < 0) rf_raise(m->isolate, "regex match limit exceeded");
    return found < 0 ? -1 : found;
}

/* Searches from m->at, which moves on: 1, 0, or -1 after raising. */
static int search(matches *m)
{
    rf_prof_thread *prof = m->isolate->prof;
    if (RF_LIKELY(!prof)) return search_plainly(m);
    regex *r = m->regex;
    const rf_string *pattern = r->pattern.as.string;
    if (!r->detail) r->detail = rf_prof_detail(prof, pattern->text, shown_size(pattern));
    rf_prof_scope scope;
    const size_t at = m->at;
    rf_prof_enter(prof, &scope, RF_PROF_STATE(RF_TIER_REGEX, r->detail));
    const int found = search_plainly(m);
    rf_prof_leave(prof, &scope);
    rf_prof_note_bytes(prof, r->detail, (found == 1 ? m->end : m->text->size) - at);
    return found;
}

/* The next match: 1, 0 at the end, -1 after raising.  An empty match that starts where the match
 * before ended is passed over by one character, as the reference engine does. */
static int next_match(matches *m)
{
    for (;;) {
        if (m->at > m->text->size) return 0;
        const int found = search(m);
        if (found != 1) return found;
        if (m->start != m->end || m->end != m->last_end) break;
        m->at += m->at < m->text->size ? rf_utf8_width((unsigned char)m->text->text[m->at]) : 1;
    }
    m->last_end = m->end;
    m->at = m->end;
    return 1;
}

/* ---- replacement text (BUILTINS 17.3) ---- */

typedef struct piece {
    const char *text; /* literal; NULL: a group */
    size_t size;
    uint32_t group;
} piece;

typedef struct replacement {
    RF_VECTOR(piece) pieces;
} replacement;

static const uint32_t NO_GROUP = UINT32_MAX;

static bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static uint32_t find_group(const regex *r, const char *name, size_t size)
{
    uint64_t number = 0;
    size_t digits = 0;
    while (digits < size && name[digits] >= '0' && name[digits] <= '9') {
        number = number * 10 + (uint64_t)(name[digits++] - '0');
        if (number > UINT16_MAX) number = UINT16_MAX + 1u;
    }
    if (size && digits == size)
        return number < pcre2_get_ovector_count(r->match) ? (uint32_t)number : NO_GROUP;
    char text[64];
    if (size >= sizeof text) return NO_GROUP;
    memcpy(text, name, size);
    text[size] = '\0';
    const int found = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)text);
    return found > 0 ? (uint32_t)found : NO_GROUP;
}

/* What stands after a '$' at `at`: the piece and where it ends; NULL when the dollar is literal. */
static const char *read_reference(const regex *r, const char *at, const char *end, piece *out)
{
    if (at == end) return NULL;
    if (*at == '$') {
        *out = (piece){.text = at, .size = 1};
        return at + 1;
    }
    const char *name = at, *after;
    if (*at == '{') {
        const char *close = memchr(at, '}', (size_t)(end - at));
        if (!close) return NULL;
        name = at + 1;
        *out = (piece){.group = find_group(r, name, (size_t)(close - name))};
        return close + 1;
    }
    for (after = at; after < end && is_name_byte(*after);) after++;
    if (after == at) return NULL;
    *out = (piece){.group = find_group(r, name, (size_t)(after - name))};
    return after;
}

static replacement parse_replacement(const regex *r, const rf_string *text)
{
    replacement result = {{0}};
    const char *at = text->text, *end = text->text + text->size, *literal = at;
    while (at < end) {
        const char *dollar = memchr(at, '$', (size_t)(end - at));
        if (!dollar) break;
        piece found;
        const char *after = read_reference(r, dollar + 1, end, &found);
        at = after ? after : dollar + 1;
        if (!after) continue;
        const piece before = {.text = literal, .size = (size_t)(dollar - literal)};
        if (before.size) rf_vector_push(&result.pieces, before);
        if (found.text || found.group != NO_GROUP) rf_vector_push(&result.pieces, found);
        literal = after;
    }
    const piece rest = {.text = literal, .size = (size_t)(end - literal)};
    if (rest.size) rf_vector_push(&result.pieces, rest);
    return result;
}

static void append_replacement(const matches *m, const replacement *with, rf_buffer *out)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(m->regex->match);
    for (size_t i = 0; i < with->pieces.count; i++) {
        const piece *p = &with->pieces.data[i];
        if (p->text) {
            rf_buffer_append(out, p->text, p->size);
        } else {
            const PCRE2_SIZE from = offsets[2 * p->group], to = offsets[2 * p->group + 1];
            if (from != PCRE2_UNSET && to > from)
                rf_buffer_append(out, m->text->text + from, to - from);
        }
    }
}

/* ---- the functions ---- */

static bool want_strings(rf_isolate *isolate, const char *name, const rf_value *args,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!rf_args_string(isolate, name, args, i)) return false;
    return true;
}

rf_value rf_lib_regex_match(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!want_strings(isolate, "regex_match", args, 2)) return rf_raised();
    regex *r = find_regex(isolate, args[1]);
    if (!r->code) return rf_bool(false);
    matches m = begin_matches(isolate, r, args[0].as.string);
    const int found = search(&m);
    return found < 0 ? rf_raised() : rf_bool(found);
}

rf_value rf_lib_regex_find_all(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!want_strings(isolate, "regex_find_all", args, 2)) return rf_raised();
    rf_value result = rf_array_new(isolate, 0);
    regex *r = find_regex(isolate, args[1]);
    if (!r->code) return result;
    matches m = begin_matches(isolate, r, args[0].as.string);
    int found;
    while ((found = next_match(&m)) == 1) {
        const rf_value text = rf_string_new(isolate, m.text->text + m.start, m.end - m.start);
        if (!rf_array_gather(isolate, &result, text)) return result;
    }
    if (found == 0) return result;
    rf_release(isolate, result);
    return rf_raised();
}

rf_value rf_lib_regex_split(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!want_strings(isolate, "regex_split", args, 2)) return rf_raised();
    const rf_string *s = args[0].as.string;
    rf_value result = rf_array_new(isolate, 0);
    regex *r = find_regex(isolate, args[1]);
    size_t from = 0;
    if (r->code) {
        matches m = begin_matches(isolate, r, s);
        int found;
        while ((found = next_match(&m)) == 1) {
            const rf_value text = rf_string_new(isolate, s->text + from, m.start - from);
            if (!rf_array_gather(isolate, &result, text)) return result;
            from = m.end;
        }
        if (found < 0) {
            rf_release(isolate, result);
            return rf_raised();
        }
    }
    rf_array_gather(isolate, &result, rf_string_new(isolate, s->text + from, s->size - from));
    return result;
}

rf_value rf_lib_regex_replace(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!want_strings(isolate, "regex_replace", args, 3)) return rf_raised();
    const rf_string *s = args[0].as.string;
    regex *r = find_regex(isolate, args[1]);
    if (!r->code) return rf_take(&args[0]);
    replacement with = parse_replacement(r, args[2].as.string);
    rf_buffer out = RF_BUFFER_INIT;
    matches m = begin_matches(isolate, r, s);
    size_t from = 0;
    int found;
    while ((found = next_match(&m)) == 1) {
        rf_buffer_append(&out, s->text + from, m.start - from);
        append_replacement(&m, &with, &out);
        from = m.end;
    }
    rf_vector_release(&with.pieces);
    if (found < 0 || m.last_end == SIZE_MAX) { /* nothing matched */
        rf_buffer_release(&out);
        return found < 0 ? rf_raised() : rf_take(&args[0]);
    }
    rf_buffer_append(&out, s->text + from, s->size - from);
    return rf_string_take_buffer(isolate, &out);
}
