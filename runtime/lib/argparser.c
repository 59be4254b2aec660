/* The argument parser (BUILTINS 22): a struct value whose methods are built in.
 *
 * The field `_args` holds what was added as dicts with the keys long, short, type, required, help
 * and default, null where nothing was said. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/state.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"
#include "value/struct_type.h"

#include <string.h>

enum { FIELD_ARGS, FIELD_APP_NAME, FIELD_DESCRIPTION };

typedef enum option_type { TYPE_STRING, TYPE_INT, TYPE_FLOAT, TYPE_BOOL, TYPE_COUNT } option_type;

static const char *const type_names[TYPE_COUNT] = {"string", "int", "float", "bool"};

rf_value rf_lib_arg_parser(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char *const names[] = {"_args", "_app_name", "_description"};
    (void)args, (void)arg_count;
    rf_value *def = &isolate->lib->arg_parser;
    if (def->head == RF_UNSET)
        *def = rf_structdef_new_builtin(isolate, "ArgParser", names, RF_COUNT_OF(names));
    rf_value parser = rf_struct_new(isolate, def->as.structdef);
    rf_struct_set(isolate, &parser, FIELD_ARGS, rf_array_new(isolate, 0));
    rf_struct_set(isolate, &parser, FIELD_APP_NAME, rf_string_new(isolate, "", 0));
    rf_struct_set(isolate, &parser, FIELD_DESCRIPTION, rf_string_new(isolate, "", 0));
    return parser;
}

/* ---- descriptions of options ---- */

static void describe(rf_isolate *isolate, rf_value option, const char *key, rf_value v)
{
    rf_value name = rf_string_intern(isolate, key, strlen(key));
    rf_dict_set(isolate, option.as.dict, rf_key_from_string(name.as.string), v);
}

/* Borrows; null when not said or when the program put something else into `_args`. */
static rf_value said(rf_isolate *isolate, rf_value option, const char *key)
{
    if (option.head != RF_DICT) return rf_null();
    rf_value name = rf_string_intern(isolate, key, strlen(key));
    rf_value v = rf_dict_peek(option.as.dict, rf_key_from_string(name.as.string));
    return v.head == RF_UNSET ? rf_null() : v;
}

/* The text of a string entry, NULL otherwise. */
static const rf_string *said_text(rf_isolate *isolate, rf_value option, const char *key)
{
    const rf_value v = said(isolate, option, key);
    return v.head == RF_STRING ? v.as.string : NULL;
}

static option_type type_of(rf_isolate *isolate, rf_value option)
{
    const rf_string *name = said_text(isolate, option, "type");
    for (int type = 0; name && type < TYPE_COUNT; type++)
        if (strcmp(name->text, type_names[type]) == 0) return (option_type)type;
    return TYPE_STRING;
}

static bool is_type_name(const rf_string *name)
{
    for (int type = 0; type < TYPE_COUNT; type++)
        if (strcmp(name->text, type_names[type]) == 0) return true;
    return false;
}

/* ---- add_argument ---- */

static const char method_name[] = "ArgParser.add_argument";

/* One key and value pair; false after raising. */
static bool add_property(rf_isolate *isolate, rf_value option, const char *key, rf_value v)
{
    static const char *const texts[] = {"short", "type", "help", "default"};
    if (strcmp(key, "required") == 0) {
        if (v.head == RF_BOOL) {
            describe(isolate, option, key, v);
            return true;
        }
        rf_raise(isolate, "%s expects bool as \"required\", got %s", method_name, rf_type_name(v));
        return false;
    }
    for (size_t i = 0; i < RF_COUNT_OF(texts); i++) {
        if (strcmp(key, texts[i]) != 0) continue;
        if (v.head != RF_STRING)
            rf_raise(isolate, "%s expects string as \"%s\", got %s", method_name, key,
                     rf_type_name(v));
        else if (strcmp(key, "type") == 0 && !is_type_name(v.as.string))
            rf_raise(isolate, "%s: unknown type '%s'", method_name,
                     rf_args_shown(isolate, v.as.string));
        else {
            describe(isolate, option, key, rf_copy(v));
            return true;
        }
        return false;
    }
    return true; /* unknown keys are for others */
}

/* Fills option from args: the long name, perhaps the short one, then pairs. */
static bool add_properties(rf_isolate *isolate, rf_value option, const rf_value *args,
                           uint32_t arg_count)
{
    uint32_t at = 2;
    describe(isolate, option, "long", rf_copy(args[1]));
    static const char *const keys[] = {"short", "type", "required", "help", "default"};
    for (size_t i = 0; i < RF_COUNT_OF(keys); i++) describe(isolate, option, keys[i], rf_null());
    if (arg_count > 2 && args[2].head == RF_STRING && args[2].as.string->text[0] == '-')
        describe(isolate, option, "short", rf_copy(args[at++]));
    for (; at < arg_count; at += 2) {
        if (args[at].head != RF_STRING) {
            rf_raise(isolate, "%s expects string as key, got %s", method_name,
                     rf_type_name(args[at]));
            return false;
        }
        const char *key = args[at].as.string->text;
        if (at + 1 == arg_count) {
            rf_raise(isolate, "%s: the key \"%s\" has no value", method_name,
                     rf_args_shown(isolate, args[at].as.string));
            return false;
        }
        if (!add_property(isolate, option, key, args[at + 1])) return false;
    }
    return true;
}

rf_value rf_lib_argparser_add_argument(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (args[1].head != RF_STRING)
        return rf_raise(isolate, "%s expects string as argument 1, got %s", method_name,
                        rf_type_name(args[1]));
    rf_value option = rf_dict_new(isolate, 6);
    if (!add_properties(isolate, option, args, arg_count)) {
        rf_release(isolate, option);
        return rf_raised();
    }
    rf_value parser = rf_take(&args[0]);
    rf_struct_unique(isolate, &parser);
    rf_value list = rf_struct_take(isolate, &parser, FIELD_ARGS);
    if (list.head != RF_ARRAY) rf_store(isolate, &list, rf_array_new(isolate, 1));
    const bool is_added = rf_array_push(isolate, rf_array_unique(isolate, &list), option);
    rf_struct_set(isolate, &parser, FIELD_ARGS, list);
    if (is_added) return parser;
    rf_release(isolate, parser);
    return rf_raised();
}

/* ---- parse ---- */

typedef struct parsing {
    rf_isolate *isolate;
    const rf_array *options;
    rf_value *values; /* by option, UNSET until given */
    rf_value words;   /* array of bare words */
} parsing;

static bool is_text(const rf_string *s, const char *text)
{
    return s && strcmp(s->text, text) == 0;
}

/* Index of the option written as word, -1. */
static int64_t find_option(const parsing *p, const char *word)
{
    for (uint32_t i = 0; i < p->options->length; i++) {
        const rf_value option = rf_array_peek(p->options, i);
        if (is_text(said_text(p->isolate, option, "long"), word) ||
            is_text(said_text(p->isolate, option, "short"), word))
            return i;
    }
    return -1;
}

/* Text as a value of the option's type; UNSET when it is none. */
static rf_value convert(rf_isolate *isolate, option_type type, const char *text)
{
    int64_t integer;
    double number;
    switch (type) {
    case TYPE_INT: return rf_parse_int(text, strlen(text), &integer) ? rf_int(integer) : rf_unset();
    case TYPE_FLOAT:
        return rf_parse_float(text, strlen(text), &number) ? rf_float(number) : rf_unset();
    case TYPE_BOOL: return rf_bool(strcmp(text, "true") == 0);
    default: return rf_string_new_lossy(isolate, text, strlen(text));
    }
}

/* The option at args[*at], with its value in the next word; false after raising. */
static bool take_option(parsing *p, int *at)
{
    const rf_host *host = p->isolate->host;
    const char *word = host->args[*at];
    const int64_t index = find_option(p, word);
    if (index < 0) {
        rf_raise(p->isolate, "Unknown option: %s", word);
        return false;
    }
    const option_type type = type_of(p->isolate, rf_array_peek(p->options, (uint32_t)index));
    rf_value v = rf_bool(true);
    if (type != TYPE_BOOL) {
        if (*at + 1 == host->arg_count) {
            rf_raise(p->isolate, "Option %s requires a value", word);
            return false;
        }
        const char *text = host->args[++*at];
        v = convert(p->isolate, type, text);
        if (v.head == RF_UNSET)
            rf_raise(p->isolate, "Option %s requires %s, got '%s'", word, type_names[type], text);
        if (v.head == RF_UNSET || rf_is_raised(v)) return false;
    }
    rf_store(p->isolate, &p->values[index], v);
    return true;
}

static bool take_words(parsing *p)
{
    const rf_host *host = p->isolate->host;
    for (int at = 0; at < host->arg_count; at++) {
        const char *word = host->args[at];
        if (word[0] == '-') {
            if (!take_option(p, &at)) return false;
        } else {
            rf_value text = rf_string_new_lossy(p->isolate, word, strlen(word));
            if (!rf_array_push(p->isolate, p->words.as.array, text)) return false;
        }
    }
    return true;
}

/* Gives the options not given their defaults; false after raising. */
static bool complete(parsing *p)
{
    for (uint32_t i = 0; i < p->options->length; i++) {
        const rf_value option = rf_array_peek(p->options, i);
        if (p->values[i].head != RF_UNSET) continue;
        const rf_string *preset = said_text(p->isolate, option, "default");
        const option_type type = type_of(p->isolate, option);
        if (preset) {
            p->values[i] = convert(p->isolate, type, preset->text);
            if (p->values[i].head == RF_UNSET)
                p->values[i] = type == TYPE_INT ? rf_int(0) : rf_float(0);
        } else if (rf_truthy(said(p->isolate, option, "required"))) {
            const rf_string *name = said_text(p->isolate, option, "long");
            rf_raise(p->isolate, "Required option %s is missing",
                     name ? rf_args_shown(p->isolate, name) : "");
            return false;
        } else {
            p->values[i] = type == TYPE_BOOL ? rf_bool(false) : rf_null();
        }
    }
    return true;
}

static void put(parsing *p, rf_value dict, const char *prefix, const char *name, rf_value v)
{
    rf_value key = rf_string_format(p->isolate, "%s%s", prefix, name);
    rf_dict_set(p->isolate, dict.as.dict, rf_key_from_string(key.as.string), rf_copy(v));
    rf_release(p->isolate, key);
}

static rf_value make_dict(parsing *p)
{
    static const char *const prefixes[] = {"",
                                           "_"}; /* every key is also there with an underscore */
    rf_value dict = rf_dict_new(p->isolate, (size_t)p->options->length * 2 + 1);
    for (size_t pass = 0; pass < RF_COUNT_OF(prefixes); pass++) {
        for (uint32_t i = 0; i < p->options->length; i++) {
            const rf_string *name = said_text(p->isolate, rf_array_peek(p->options, i), "long");
            if (!name) continue;
            const bool has_dashes = strncmp(name->text, "--", 2) == 0;
            put(p, dict, prefixes[pass], name->text + (has_dashes ? 2 : 0), p->values[i]);
        }
    }
    if (p->words.as.array->length) put(p, dict, "", "_positional", p->words);
    return dict;
}

rf_value rf_lib_argparser_parse(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_value list = rf_struct_peek(args[0].as.instance, FIELD_ARGS);
    if (list.head != RF_ARRAY)
        return rf_raise(isolate, "ArgParser.parse expects array in _args, got %s",
                        rf_type_name(list));
    parsing p = {.isolate = isolate,
                 .options = list.as.array,
                 .values = rf_alloc_array_zero(rf_value, list.as.array->length),
                 .words = rf_array_new(isolate, 0)};
    rf_value result = take_words(&p) && complete(&p) ? make_dict(&p) : rf_raised();
    for (uint32_t i = 0; i < p.options->length; i++) rf_release(isolate, p.values[i]);
    rf_free(p.values);
    rf_release(isolate, p.words);
    return result;
}

/* ---- help ---- */

static bool append_field(rf_isolate *isolate, const rf_struct *parser, uint32_t field,
                         rf_buffer *out)
{
    return rf_display(isolate, rf_struct_peek(parser, field), out);
}

static void append_option(rf_isolate *isolate, rf_value option, rf_buffer *out)
{
    const rf_string *long_name = said_text(isolate, option, "long"),
                    *short_name = said_text(isolate, option, "short");
    const rf_string *help = said_text(isolate, option, "help"),
                    *preset = said_text(isolate, option, "default");
    const option_type type = type_of(isolate, option);
    if (short_name)
        rf_buffer_format(out, "  %s, ", rf_args_shown(isolate, short_name));
    else
        rf_buffer_append_text(out, "      ");
    rf_buffer_append_text(out, long_name ? rf_args_shown(isolate, long_name) : "");
    if (type != TYPE_BOOL) rf_buffer_format(out, " <%s>", type_names[type]);
    if (rf_truthy(said(isolate, option, "required"))) rf_buffer_append_text(out, " (required)");
    if (preset) rf_buffer_format(out, " [default: %s]", rf_args_shown(isolate, preset));
    rf_buffer_append_byte(out, '\n');
    if (help) rf_buffer_format(out, "        %s\n", rf_args_shown(isolate, help));
}

rf_value rf_lib_argparser_help(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_struct *parser = args[0].as.instance;
    rf_buffer text = RF_BUFFER_INIT;
    bool is_shown = append_field(isolate, parser, FIELD_APP_NAME, &text);
    rf_buffer_append_text(&text, "\n\n");
    is_shown = is_shown && append_field(isolate, parser, FIELD_DESCRIPTION, &text);
    rf_buffer_append_text(&text, "\n\nOptions:\n");
    const rf_value list = rf_struct_peek(parser, FIELD_ARGS);
    for (uint32_t i = 0; list.head == RF_ARRAY && i < list.as.array->length; i++)
        append_option(isolate, rf_array_peek(list.as.array, i), &text);
    if (is_shown) return rf_string_take_buffer(isolate, &text);
    rf_buffer_release(&text);
    return rf_raised();
}
