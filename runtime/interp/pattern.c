/* Patterns: destructuring (LANGUAGE 7.2) and match (LANGUAGE 10.3). */
#include "interp/eval.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"

#include <string.h>

/* ---- parts of values ---- */

/* Element i, new; null when v is no array or has no such element. */
static rf_value element_or_null(rf_value v, uint32_t index)
{
    const bool has_it = v.head == RF_ARRAY && index < v.as.array->length;
    return has_it ? rf_array_get(v.as.array, index) : rf_null();
}

static rf_value elements_from(rf_isolate *isolate, rf_value v, uint32_t from)
{
    const bool has_some = v.head == RF_ARRAY && from < v.as.array->length;
    return has_some ? rf_array_slice(isolate, v.as.array, from, v.as.array->length)
                    : rf_array_new(isolate, 0);
}

/* Entry or field called key, new; UNSET when there is none. */
static rf_value entry_of(rf_value v, rf_string *key)
{
    if (v.head == RF_DICT) return rf_dict_get(v.as.dict, rf_key_from_string(key));
    if (v.head != RF_STRUCT) return rf_unset();
    const int32_t field = rf_structdef_find_field(v.as.instance->layout->def, key);
    return field < 0 ? rf_unset() : rf_struct_get(v.as.instance, (uint32_t)field);
}

static bool names_key(const rf_interp_frame *frame, const rf_pattern *pattern, rf_string *key)
{
    for (uint32_t i = 0; i < pattern->count; i++)
        if (rf_string_equal(rf_interp_name(frame, pattern->keys[i].key), key)) return true;
    return false;
}

static bool keep_entry(rf_interp_frame *frame, const rf_pattern *pattern, rf_value rest, rf_value key,
                       rf_value v)
{
    if (names_key(frame, pattern, key.as.string)) return true;
    return rf_dict_set(frame->isolate, rest.as.dict, rf_key_from_string(key.as.string), rf_copy(v));
}

/* The entries of v that the pattern does not name, as a new dict, or RAISED. */
static rf_value other_entries(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    rf_isolate *isolate = frame->isolate;
    rf_value rest = rf_dict_new(isolate, 0);
    bool is_fine = true;
    if (v.head == RF_DICT) {
        rf_key key;
        rf_value part;
        for (uint32_t at = 0; is_fine && rf_dict_next(v.as.dict, &at, &key, &part);) {
            rf_value name = rf_key_to_string(isolate, key);
            is_fine = keep_entry(frame, pattern, rest, name, part);
            rf_release(isolate, name);
        }
    } else if (v.head == RF_STRUCT) {
        const rf_structdef *def = v.as.instance->layout->def;
        for (uint32_t i = 0; is_fine && i < def->field_count; i++)
            is_fine = keep_entry(frame, pattern, rest, def->field_names[i],
                                 rf_struct_peek(v.as.instance, i));
    }
    if (is_fine) return rest;
    rf_release(isolate, rest);
    return rf_raised();
}

/* ---- destructuring ---- */

typedef enum binding { DECLARES, ASSIGNS } binding;

static bool bind_name(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v, binding how)
{
    if (pattern->is_duplicate) {
        rf_release(frame->isolate, v);
        frame->pos = pattern->pos;
        rf_raise(frame->isolate, "Duplicate declaration in the same scope: %s",
                 pattern->ref.name->text);
        return false;
    }
    if (how == ASSIGNS) return rf_interp_assign(frame, &pattern->ref, pattern->pos, v);
    rf_interp_declare(frame, &pattern->ref, v);
    return true;
}

static bool bind(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v, binding how);

static bool bind_array(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v, binding how)
{
    for (uint32_t i = 0; i < pattern->count; i++)
        if (!bind(frame, pattern->items[i], element_or_null(v, i), how)) return false;
    return !pattern->rest ||
           bind(frame, pattern->rest, elements_from(frame->isolate, v, pattern->count), how);
}

static bool bind_dict(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v, binding how)
{
    for (uint32_t i = 0; i < pattern->count; i++) {
        const rf_pattern_key *key = &pattern->keys[i];
        rf_value part = entry_of(v, rf_interp_name(frame, key->key));
        if (part.head == RF_UNSET) part = rf_null();
        if (!bind(frame, key->pattern, part, how)) return false;
    }
    if (!pattern->rest) return true;
    rf_value rest = other_entries(frame, pattern, v);
    return !rf_is_raised(rest) && bind(frame, pattern->rest, rest, how);
}

/* Steals v. */
static bool bind(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v, binding how)
{
    if (pattern->kind == RF_PATTERN_NAME) return bind_name(frame, pattern, v, how);
    bool is_fine = true;
    if (pattern->kind == RF_PATTERN_ARRAY)
        is_fine = bind_array(frame, pattern, v, how);
    else if (pattern->kind == RF_PATTERN_DICT)
        is_fine = bind_dict(frame, pattern, v, how);
    rf_release(frame->isolate, v);
    return is_fine;
}

bool rf_interp_declare_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    return bind(frame, pattern, rf_copy(v), DECLARES);
}

bool rf_interp_assign_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    return bind(frame, pattern, rf_copy(v), ASSIGNS);
}

/* ---- match: 1, 0, -1 as rf_equal ---- */

/* Steals part. */
static int match_part(rf_interp_frame *frame, const rf_pattern *pattern, rf_value part)
{
    const int outcome = rf_interp_match_pattern(frame, pattern, part);
    rf_release(frame->isolate, part);
    return outcome;
}

static int match_literal(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    rf_value literal = rf_interp_eval(frame, pattern->literal);
    frame->pos = pattern->pos;
    const int outcome = rf_equal(frame->isolate, v, literal);
    rf_release(frame->isolate, literal);
    return outcome;
}

static int match_variant(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    const char *enum_name = NULL;
    const char *variant = rf_variant_name(v, &enum_name);
    if (!variant || strcmp(variant, pattern->variant->text) != 0) return 0;
    if (pattern->enum_name && strcmp(enum_name, pattern->enum_name->text) != 0) return 0;
    int outcome = 1;
    for (uint32_t i = 0; outcome == 1 && i < pattern->count; i++)
        outcome = match_part(frame, pattern->items[i], rf_variant_payload(v, i));
    return outcome;
}

static int match_array(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    if (v.head != RF_ARRAY) return 0;
    const uint32_t length = v.as.array->length;
    if (pattern->rest ? length < pattern->count : length != pattern->count) return 0;
    int outcome = 1;
    for (uint32_t i = 0; outcome == 1 && i < pattern->count; i++)
        outcome = match_part(frame, pattern->items[i], rf_array_get(v.as.array, i));
    if (outcome != 1 || !pattern->rest) return outcome;
    return match_part(frame, pattern->rest, elements_from(frame->isolate, v, pattern->count));
}

static int match_dict(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    if (v.head != RF_DICT && v.head != RF_STRUCT) return 0;
    int outcome = 1;
    for (uint32_t i = 0; outcome == 1 && i < pattern->count; i++) {
        const rf_pattern_key *key = &pattern->keys[i];
        rf_value part = entry_of(v, rf_interp_name(frame, key->key));
        outcome = part.head == RF_UNSET ? 0 : match_part(frame, key->pattern, part);
    }
    if (outcome != 1 || !pattern->rest) return outcome;
    rf_value rest = other_entries(frame, pattern, v);
    return rf_is_raised(rest) ? -1 : match_part(frame, pattern->rest, rest);
}

int rf_interp_match_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v)
{
    switch (pattern->kind) {
    case RF_PATTERN_DISCARD: return 1;
    case RF_PATTERN_NAME: rf_interp_declare(frame, &pattern->ref, rf_copy(v)); return 1;
    case RF_PATTERN_ARRAY: return match_array(frame, pattern, v);
    case RF_PATTERN_DICT: return match_dict(frame, pattern, v);
    case RF_PATTERN_LITERAL: return match_literal(frame, pattern, v);
    default: return match_variant(frame, pattern, v);
    }
}
