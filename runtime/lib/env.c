/* The environment and the arguments of the program (BUILTINS 21).
 *
 * The C library's environment belongs to the process and has no lock of its own: ours is the
 * program's lock of shared state. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/env.h"
#include "sched/sched.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"

#include "base/utf8.h"
#include "base/vector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

void rf_env_lock(rf_isolate *isolate)
{
    rf_shared_lock(isolate, RF_SHARED_ENVIRONMENT, 1, NULL);
}

void rf_env_unlock(rf_isolate *isolate)
{
    rf_shared_unlock(isolate);
}

bool rf_env_is_name(const rf_string *name)
{
    return name->size && strlen(name->text) == name->size && !strchr(name->text, '=');
}

/* The variable called args[0]: *value becomes its text (new), UNSET when there is none.  False
 * after raising. */
static bool read_variable(rf_isolate *isolate, const char *function, const rf_value *args,
                          rf_value *value)
{
    if (!rf_args_string(isolate, function, args, 0)) return false;
    const rf_string *name = args[0].as.string;
    if (!rf_env_is_name(name)) {
        rf_raise(isolate, "%s: '%s' is no name of an environment variable", function,
                 rf_args_shown(isolate, name));
        return false;
    }
    rf_env_lock(isolate);
    const char *text = getenv(name->text);
    *value = text ? rf_string_new_lossy(isolate, text, strlen(text)) : rf_unset();
    rf_env_unlock(isolate);
    return !rf_is_raised(*value);
}

/* The same for a variable that must be there. */
static bool require_variable(rf_isolate *isolate, const char *function, const rf_value *args,
                             rf_value *value)
{
    if (!read_variable(isolate, function, args, value)) return false;
    if (value->head != RF_UNSET) return true;
    rf_raise(isolate, "Required environment variable '%s' is not set", args[0].as.string->text);
    return false;
}

rf_value rf_lib_env(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value value;
    if (!read_variable(isolate, "env", args, &value)) return rf_raised();
    return value.head == RF_UNSET ? rf_string_new(isolate, "", 0) : value;
}

rf_value rf_lib_env_or(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value value;
    if (!rf_args_string(isolate, "env_or", args, 0) ||
        !rf_args_string(isolate, "env_or", args, 1) ||
        !read_variable(isolate, "env_or", args, &value))
        return rf_raised();
    return value.head == RF_UNSET ? rf_take(&args[1]) : value;
}

rf_value rf_lib_env_required(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value value;
    return require_variable(isolate, "env_required", args, &value) ? value : rf_raised();
}

/* Releases text and raises "NAME: the environment variable 'X' is no KIND: 'TEXT'". */
static rf_value raise_unparsable(rf_isolate *isolate, const char *function, const rf_value *args,
                                 rf_value text, const char *kind)
{
    rf_raise(isolate, "%s: the environment variable '%s' is no %s: '%s'", function,
             args[0].as.string->text, kind, text.as.string->text);
    rf_release(isolate, text);
    return rf_raised();
}

/* Numbers are not trimmed here, unlike in to_int. */
static bool has_outer_space(const rf_string *s)
{
    static const char spaces[] = " \t\n\v\f\r";
    if (!s->size) return false;
    return strchr(spaces, s->text[0]) || strchr(spaces, s->text[s->size - 1]) ||
           !rf_string_is_ascii(s);
}

rf_value rf_lib_env_int(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value text;
    int64_t number;
    if (!require_variable(isolate, "env_int", args, &text)) return rf_raised();
    const rf_string *s = text.as.string;
    if (has_outer_space(s) || !rf_parse_int(s->text, s->size, &number))
        return raise_unparsable(isolate, "env_int", args, text, "int");
    rf_release(isolate, text);
    return rf_int(number);
}

rf_value rf_lib_env_float(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value text;
    double number;
    if (!require_variable(isolate, "env_float", args, &text)) return rf_raised();
    const rf_string *s = text.as.string;
    if (has_outer_space(s) || !rf_parse_float(s->text, s->size, &number))
        return raise_unparsable(isolate, "env_float", args, text, "float");
    rf_release(isolate, text);
    return rf_float(number);
}

rf_value rf_lib_env_bool(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char *const words[][4] = {{"false", "0", "no", "off"}, {"true", "1", "yes", "on"}};
    (void)arg_count;
    rf_value text;
    if (!require_variable(isolate, "env_bool", args, &text)) return rf_raised();
    for (int truth = 0; truth < 2; truth++) {
        for (int i = 0; i < 4; i++) {
            if (strcasecmp(text.as.string->text, words[truth][i]) != 0) continue;
            rf_release(isolate, text);
            return rf_bool(truth);
        }
    }
    return raise_unparsable(isolate, "env_bool", args, text, "bool");
}

rf_value rf_lib_env_set(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "env_set", args, 0) ||
        !rf_args_string(isolate, "env_set", args, 1))
        return rf_raised();
    const rf_string *name = args[0].as.string, *value = args[1].as.string;
    if (!rf_env_is_name(name))
        return rf_raise(isolate, "env_set: '%s' is no name of an environment variable",
                        rf_args_shown(isolate, name));
    if (strlen(value->text) != value->size)
        return rf_raise(isolate, "env_set: the value of '%s' contains a NUL character", name->text);
    rf_env_lock(isolate);
    const int failure = setenv(name->text, value->text, 1) == 0 ? 0 : errno;
    rf_env_unlock(isolate);
    if (!failure) return rf_null();
    return rf_raise(isolate, "env_set: cannot set '%s': %s", name->text, strerror(failure));
}

static int compare_entries(const void *a, const void *b) /* by name: `=` ends it */
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    while (*x == *y && *x && *x != '=') x++, y++;
    return (*x == '=' ? 0 : (unsigned char)*x) - (*y == '=' ? 0 : (unsigned char)*y);
}

rf_value rf_lib_env_list(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    RF_VECTOR(const char *) entries = {0};
    rf_env_lock(isolate);
    for (char **at = environ; at && *at; at++) {
        const char *equals = strchr(*at, '=');
        if (equals && equals != *at && rf_utf8_valid(*at, strlen(*at), NULL))
            rf_vector_push(&entries, *at);
    }
    if (entries.count) qsort(entries.data, entries.count, sizeof *entries.data, compare_entries);
    rf_value dict = rf_dict_new(isolate, entries.count);
    for (size_t i = 0; i < entries.count; i++) {
        const char *equals = strchr(entries.data[i], '=');
        rf_value name = rf_string_new(isolate, entries.data[i], (size_t)(equals - entries.data[i]));
        rf_dict_set(isolate, dict.as.dict, rf_key_from_string(name.as.string),
                    rf_string_from(isolate, equals + 1));
        rf_release(isolate, name);
    }
    rf_env_unlock(isolate);
    rf_vector_release(&entries);
    return dict;
}

rf_value rf_lib_args(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    const rf_host *host = isolate->host;
    rf_value words = rf_array_new(isolate, (size_t)host->arg_count);
    for (int i = 0; i < host->arg_count; i++)
        rf_array_push(isolate, words.as.array,
                      rf_string_new_lossy(isolate, host->args[i], strlen(host->args[i])));
    return words;
}
