/* Running other programs (BUILTINS 21): execute, execute_status, spawn_process, pipe_commands. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/child.h"
#include "lib/env.h"
#include "lib/os.h"
#include "lib/state.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/struct_type.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/vector.h"

#include <string.h>
#include <unistd.h>

enum { DEFAULT_OUTPUT = 16 << 20 };

/* ---- options (BUILTINS 21) ---- */

typedef struct options {
    rf_child_options child;
    bool inherits_environment;
    const rf_array *allowed, *denied; /* NULL: not given */
    const rf_dict *added;
    RF_VECTOR(char *) environment; /* owned texts, then NULL; empty: our own */
} options;

static void release_options(options *o)
{
    for (size_t i = 0; i < o->environment.count; i++) rf_free(o->environment.data[i]);
    rf_vector_release(&o->environment);
}

static bool wrong_option(rf_isolate *isolate, const char *name, const char *option,
                         const char *expected, rf_value got)
{
    rf_raise(isolate, "%s expects %s as option '%s', got %s", name, expected, option,
             rf_type_name(got));
    return false;
}

static bool want_positive(rf_isolate *isolate, const char *name, const char *option, rf_value v,
                          int64_t *out)
{
    if (!rf_is_kind(v, RF_KIND_NUMBER)) return wrong_option(isolate, name, option, "number", v);
    *out = v.head == RF_INT ? v.as.i : rf_float_to_int(v.as.d);
    if (*out > 0) return true;
    rf_raise(isolate, "%s expects a positive number as option '%s'", name, option);
    return false;
}

static bool is_variable_name(rf_value v)
{
    return v.head == RF_STRING && rf_env_is_name(v.as.string);
}

static bool want_names(rf_isolate *isolate, const char *name, const char *option, rf_value v,
                       const rf_array **out)
{
    if (v.head != RF_ARRAY) return wrong_option(isolate, name, option, "array", v);
    *out = v.as.array;
    for (uint32_t i = 0; i < v.as.array->length; i++) {
        if (is_variable_name(rf_array_peek(v.as.array, i))) continue;
        rf_raise(isolate, "%s expects names of environment variables as option '%s'", name, option);
        return false;
    }
    return true;
}

static bool want_variables(rf_isolate *isolate, const char *name, rf_value v, const rf_dict **out)
{
    if (v.head != RF_DICT) return wrong_option(isolate, name, "env", "dict", v);
    *out = v.as.dict;
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(v.as.dict, &at, &key, &value);) {
        const bool is_text =
            value.head == RF_STRING && strlen(value.as.string->text) == value.as.string->size;
        if (is_text && (!key.string || rf_env_is_name(key.string))) continue;
        rf_raise(isolate, "%s expects names and texts of environment variables as option 'env'",
                 name);
        return false;
    }
    return true;
}

static bool read_option(rf_isolate *isolate, const char *name, const char *option, rf_value v,
                        options *o)
{
    int64_t number;
    if (strcmp(option, "timeout_ms") == 0)
        return want_positive(isolate, name, option, v, &o->child.timeout_ms);
    if (strcmp(option, "max_output_bytes") == 0) {
        if (!want_positive(isolate, name, option, v, &number)) return false;
        o->child.max_output_bytes = (size_t)(number < INT32_MAX ? number : INT32_MAX);
        return true;
    }
    if (strcmp(option, "inherit_env") == 0) {
        if (v.head != RF_BOOL) return wrong_option(isolate, name, option, "bool", v);
        o->inherits_environment = v.as.i != 0;
        return true;
    }
    if (strcmp(option, "env_allow") == 0) return want_names(isolate, name, option, v, &o->allowed);
    if (strcmp(option, "env_deny") == 0) return want_names(isolate, name, option, v, &o->denied);
    if (strcmp(option, "env") == 0) return want_variables(isolate, name, v, &o->added);
    rf_raise(isolate, "%s: unknown option '%s'", name, option);
    return false;
}

/* ---- the environment of the child ---- */

static bool is_listed(const rf_array *names, const char *name, size_t size)
{
    for (uint32_t i = 0; i < names->length; i++) {
        const rf_string *s = rf_array_peek(names, i).as.string;
        if (s->size == size && memcmp(s->text, name, size) == 0) return true;
    }
    return false;
}

static bool is_added(const options *o, const char *name, size_t size)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; o->added && rf_dict_next(o->added, &at, &key, &value);) {
        char small[24];
        size_t key_size;
        const char *text = rf_key_text(key, small, &key_size);
        if (key_size == size && memcmp(text, name, size) == 0) return true;
    }
    return false;
}

static void copy_environment(rf_isolate *isolate, options *o)
{
    rf_env_lock(isolate);
    for (char **at = environ; at && *at; at++) {
        const size_t size = strcspn(*at, "=");
        if (o->allowed ? !is_listed(o->allowed, *at, size) : !o->inherits_environment) continue;
        if (o->denied && is_listed(o->denied, *at, size)) continue;
        if (!is_added(o, *at, size)) rf_vector_push(&o->environment, rf_strdup(*at));
    }
    rf_env_unlock(isolate);
}

static void add_variables(options *o)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; o->added && rf_dict_next(o->added, &at, &key, &value);) {
        char small[24];
        size_t size;
        rf_buffer entry = RF_BUFFER_INIT;
        const char *name = rf_key_text(key, small, &size);
        rf_buffer_append(&entry, name, size);
        rf_buffer_append_byte(&entry, '=');
        rf_buffer_append_text(&entry, value.as.string->text);
        rf_vector_push(&o->environment, rf_buffer_take(&entry));
    }
}

/* The command and, when given, a dict of options: types are looked at before values. */
static bool want_types(rf_isolate *isolate, const char *name, const rf_value *args,
                       uint32_t arg_count, rf_tag command, const char *expected)
{
    return rf_args_want(isolate, name, args, 0, RF_KIND(command), expected) &&
           (arg_count < 2 || rf_args_want(isolate, name, args, 1, RF_KIND(RF_DICT), "dict"));
}

/* args[1], a dict, when there is one; false after raising. */
static bool read_options(rf_isolate *isolate, const char *name, const rf_value *args,
                         uint32_t arg_count, options *o)
{
    *o = (options){.child = {.max_output_bytes = DEFAULT_OUTPUT}, .inherits_environment = true};
    if (arg_count < 2) return true;
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(args[1].as.dict, &at, &key, &value);) {
        char small[24];
        size_t size;
        const char *option = rf_key_text(key, small, &size);
        option = rf_args_shown_text(isolate, option, size); /* with NUL none that we know */
        if (!read_option(isolate, name, option, value, o)) return false;
    }
    if (o->inherits_environment && !o->allowed && !o->denied && !o->added) return true;
    copy_environment(isolate, o);
    add_variables(o);
    rf_vector_push(&o->environment, NULL);
    o->child.environment = o->environment.data;
    return true;
}

/* ---- commands ---- */

static void append_words(rf_buffer *out, char *const *argv)
{
    for (char *const *at = argv; *at; at++) {
        if (at != argv) rf_buffer_append_byte(out, ' ');
        rf_buffer_append_text(out, *at);
    }
}

static rf_value raise_start(rf_isolate *isolate, char *const *argv, int failure)
{
    char text[256];
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_append_text(&message, "Failed to spawn process '");
    append_words(&message, argv);
    rf_buffer_format(&message, "': %s", rf_os_error_text(failure, text, sizeof text));
    return rf_raise_string(isolate, rf_string_take_buffer(isolate, &message));
}

/* The words of a command as a C array (rf_free; texts borrowed); NULL after raising. */
static char **take_words(rf_isolate *isolate, const char *name, rf_value command)
{
    if (command.head != RF_ARRAY) {
        rf_raise(isolate, "%s expects an array of strings as command, got %s", name,
                 rf_type_name(command));
        return NULL;
    }
    const rf_array *words = command.as.array;
    for (uint32_t i = 0; i < words->length; i++) {
        const rf_value v = rf_array_peek(words, i);
        if (v.head == RF_STRING && strlen(v.as.string->text) == v.as.string->size) continue;
        rf_raise(isolate, "%s expects strings without NUL as command, got %s at index %u", name,
                 rf_type_name(v), i);
        return NULL;
    }
    if (!words->length) {
        rf_raise(isolate, "%s expects a command, got an empty array", name);
        return NULL;
    }
    char **argv = rf_alloc_array(char *, (size_t)words->length + 1);
    for (uint32_t i = 0; i < words->length; i++) argv[i] = rf_array_peek(words, i).as.string->text;
    argv[words->length] = NULL;
    return argv;
}

/* Flushes first, so that what the program printed comes before what its children print. */
static int run(rf_isolate *isolate, char *const *const *argvs, int count, const options *o,
               rf_child_result *result)
{
    isolate->host->flush(isolate->host->context);
    return rf_child_run(argvs, count, &o->child, result);
}

/* ---- ProcessResult ---- */

static rf_value process_result(rf_isolate *isolate, const rf_child_result *r)
{
    static const char *const names[] = {"exitcode",        "stdout",    "stderr",
                                        "success",         "timed_out", "stdout_truncated",
                                        "stderr_truncated"};
    rf_value *def = &isolate->lib->process_result;
    if (def->head == RF_UNSET)
        *def = rf_structdef_new_builtin(isolate, "ProcessResult", names, RF_COUNT_OF(names));
    rf_value fields[] = {rf_int(r->exit_code),
                         rf_string_new_lossy(isolate, r->out.data ? r->out.data : "", r->out.size),
                         rf_string_new_lossy(isolate, r->err.data ? r->err.data : "", r->err.size),
                         rf_bool(r->exit_code == 0),
                         rf_bool(r->timed_out),
                         rf_bool(r->out_truncated),
                         rf_bool(r->err_truncated)};
    rf_value result = rf_struct_new(isolate, def->as.structdef);
    for (uint32_t i = 0; i < RF_COUNT_OF(fields); i++)
        rf_struct_set(isolate, &result, i, fields[i]);
    return result;
}

rf_value rf_lib_spawn_process(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    options o;
    rf_child_result child;
    if (!want_types(isolate, "spawn_process", args, arg_count, RF_ARRAY, "array"))
        return rf_raised();
    char **argv = take_words(isolate, "spawn_process", args[0]);
    if (!argv) return rf_raised();
    if (!read_options(isolate, "spawn_process", args, arg_count, &o)) {
        rf_free(argv);
        release_options(&o);
        return rf_raised();
    }
    char *const *const argvs[] = {argv};
    const int failure = run(isolate, argvs, 1, &o, &child);
    rf_value result =
        failure ? raise_start(isolate, argv, failure) : process_result(isolate, &child);
    rf_child_release(&child);
    release_options(&o);
    rf_free(argv);
    return result;
}

/* ---- the shell ---- */

/* Runs args[0] by the shell; false after raising. */
static bool run_shell(rf_isolate *isolate, const char *name, const rf_value *args,
                      uint32_t arg_count, options *o, bool stops_at_limit, rf_child_result *child)
{
    *o = (options){0};
    *child = (rf_child_result){0};
    if (!want_types(isolate, name, args, arg_count, RF_STRING, "string")) return false;
    const char *command = rf_os_path(isolate, name, args, 0);
    if (!command) return false;
    if (!*command) {
        rf_raise(isolate, "%s expects a command, got an empty text", name);
        return false;
    }
    if (!read_options(isolate, name, args, arg_count, o)) return false;
    o->child.input = RF_CHILD_INHERIT_INPUT;
    o->child.stops_at_limit = stops_at_limit;
    char *argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command,
                    NULL};
    char *const *const argvs[] = {argv};
    const int failure = run(isolate, argvs, 1, o, child);
    if (failure) raise_start(isolate, argv, failure);
    return !failure;
}

rf_value rf_lib_execute_status(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    options o;
    rf_child_result child;
    rf_value result = rf_raised();
    if (run_shell(isolate, "execute_status", args, arg_count, &o, false, &child))
        result = process_result(isolate, &child);
    rf_child_release(&child);
    release_options(&o);
    return result;
}

/* Raises when a limit was reached; `what` names the command. */
static bool is_within_limits(rf_isolate *isolate, const char *name, const char *what,
                             const options *o, const rf_child_result *child)
{
    if (child->timed_out)
        rf_raise(isolate, "%s: '%s' exceeded the time limit of %lldms", name, what,
                 (long long)o->child.timeout_ms);
    else if (child->out_truncated || child->err_truncated)
        rf_raise(isolate, "%s: the output of '%s' exceeds %zu bytes", name, what,
                 o->child.max_output_bytes);
    else
        return true;
    return false;
}

/* Raises "NAME: 'WHAT' failed with status N: ERRORS". */
static rf_value raise_status(rf_isolate *isolate, const char *name, const char *what, int code,
                             const rf_buffer *errors)
{
    rf_value text = rf_string_new_lossy(isolate, errors->data ? errors->data : "", errors->size);
    if (rf_is_raised(text)) return text;
    rf_buffer message = RF_BUFFER_INIT;
    if (code < 0)
        rf_buffer_format(&message, "%s: '%s' was killed by a signal", name, what);
    else
        rf_buffer_format(&message, "%s: '%s' failed with status %d", name, what, code);
    size_t size = text.as.string->size;
    while (size && text.as.string->text[size - 1] == '\n') size--;
    if (size) rf_buffer_append_text(&message, ": ");
    rf_buffer_append(&message, text.as.string->text, size);
    rf_release(isolate, text);
    return rf_raise_string(isolate, rf_string_take_buffer(isolate, &message));
}

rf_value rf_lib_execute(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    options o;
    rf_child_result child;
    rf_value result = rf_raised();
    if (run_shell(isolate, "execute", args, arg_count, &o, true, &child)) {
        const char *command = args[0].as.string->text;
        if (!is_within_limits(isolate, "execute", command, &o, &child))
            result = rf_raised();
        else if (child.exit_code != 0)
            result = raise_status(isolate, "execute", command, child.exit_code, &child.err);
        else
            result =
                rf_string_new_lossy(isolate, child.out.data ? child.out.data : "", child.out.size);
    }
    rf_child_release(&child);
    release_options(&o);
    return result;
}

/* ---- pipelines ---- */

/* The last program's output; raises when a program failed, a limit was reached or it is no text. */
static rf_value pipeline_result(rf_isolate *isolate, char *const *const *argvs, uint32_t count,
                                const options *o, rf_child_result *child)
{
    static const char name[] = "pipe_commands";
    rf_buffer all = RF_BUFFER_INIT, failed = RF_BUFFER_INIT;
    for (uint32_t i = 0; i < count; i++) {
        if (i) rf_buffer_append_text(&all, " | ");
        append_words(&all, argvs[i]);
    }
    if (child->failed_stage >= 0) append_words(&failed, argvs[child->failed_stage]);
    rf_value result = rf_raised();
    if (is_within_limits(isolate, name, all.data, o, child)) {
        if (failed.size)
            result = raise_status(isolate, name, failed.data, child->failed_code, &child->err);
        else if (!rf_utf8_valid(child->out.data ? child->out.data : "", child->out.size, NULL))
            result = rf_raise(isolate, "%s: the output of '%s' is not valid UTF-8", name, all.data);
        else
            result = rf_string_take_buffer(isolate, &child->out);
    }
    rf_buffer_release(&all);
    rf_buffer_release(&failed);
    return result;
}

static rf_value run_pipeline(rf_isolate *isolate, char *const *const *argvs, uint32_t count,
                             options *o)
{
    rf_child_result child;
    o->child.stops_at_limit = true;
    const int failure = run(isolate, argvs, (int)count, o, &child);
    rf_value result = failure ? raise_start(isolate, argvs[child.failed_stage], failure)
                              : pipeline_result(isolate, argvs, count, o, &child);
    rf_child_release(&child);
    return result;
}

rf_value rf_lib_pipe_commands(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    options o = {0};
    if (!want_types(isolate, "pipe_commands", args, arg_count, RF_ARRAY, "array"))
        return rf_raised();
    const rf_array *commands = args[0].as.array;
    if (!commands->length)
        return rf_raise(isolate, "pipe_commands expects commands, got an empty array");
    char ***argvs = rf_alloc_array_zero(char **, commands->length);
    bool is_ready = true;
    for (uint32_t i = 0; i < commands->length && is_ready; i++) {
        argvs[i] = take_words(isolate, "pipe_commands", rf_array_peek(commands, i));
        is_ready = argvs[i] != NULL;
    }
    if (is_ready) is_ready = read_options(isolate, "pipe_commands", args, arg_count, &o);
    rf_value result = is_ready
                          ? run_pipeline(isolate, (char *const *const *)argvs, commands->length, &o)
                          : rf_raised();
    for (uint32_t i = 0; i < commands->length; i++) rf_free(argvs[i]);
    rf_free(argvs);
    release_options(&o);
    return result;
}
