/* The key-value store (BUILTINS 37): one JSON object of strings in a file, replaced whole at every
 * change. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/env.h"
#include "lib/os.h"
#include "sched/sched.h"
#include "value/dict.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *store_path(rf_isolate *isolate) /* new */
{
    rf_env_lock(isolate);
    const char *path = getenv("RUFF_KV_PATH");
    char *copy = rf_strdup(path && *path ? path : ".ruff_kv.json");
    rf_env_unlock(isolate);
    return copy;
}

/* Does the store hold nothing but strings? */
static bool is_sound(rf_value store)
{
    rf_key key;
    rf_value value;
    if (store.head != RF_DICT) return false;
    for (uint32_t at = 0; rf_dict_next(store.as.dict, &at, &key, &value);)
        if (value.head != RF_STRING) return false;
    return true;
}

/* The store as a dict (new), empty when there is no file; RAISED. */
static rf_value read_store(rf_isolate *isolate, const char *path)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure = rf_os_read_file(path, &bytes);
    if (failure) {
        rf_buffer_release(&bytes);
        return failure == ENOENT
                   ? rf_dict_new(isolate, 0)
                   : rf_os_raise(isolate, "Cannot read key-value store", path, failure);
    }
    rf_value text = rf_os_text(isolate, "Cannot read key-value store", path, &bytes);
    if (rf_is_raised(text)) return text;
    rf_value store = rf_lib_parse_json(isolate, &text, 1);
    rf_release(isolate, text);
    if (rf_is_raised(store)) {
        rf_value error = rf_take_error(isolate);
        rf_raise(isolate, "The key-value store '%s' is damaged: %s", path,
                 error.as.error->message.as.string->text);
        rf_release(isolate, error);
        return rf_raised();
    }
    if (is_sound(store)) return store;
    rf_release(isolate, store);
    return rf_raise(isolate, "The key-value store '%s' is damaged: not an object of strings", path);
}

static int create_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return 0;
    char *parent = rf_strndup(path, (size_t)(slash - path));
    const int failure = rf_os_create_directory(parent);
    rf_free(parent);
    return failure;
}

static rf_value write_store(rf_isolate *isolate, const char *path, rf_value *store)
{
    rf_value text = rf_lib_to_json_pretty(isolate, store, 1); /* sorts the keys */
    if (rf_is_raised(text)) return text;
    int failure = create_parent(path);
    if (!failure) {
        const rf_string *s = text.as.string;
        failure = rf_os_replace_file(path, s->text, s->size, RF_OS_REPLACE);
    }
    rf_release(isolate, text);
    return failure ? rf_os_raise(isolate, "Cannot write key-value store", path, failure)
                   : rf_bool(true);
}

static rf_value set_entry(rf_isolate *isolate, const char *path, rf_value key, rf_value v)
{
    rf_value store = read_store(isolate, path);
    if (rf_is_raised(store)) return store;
    rf_value result = rf_raised();
    if (rf_dict_set(isolate, store.as.dict, rf_key_from_string(key.as.string), rf_copy(v)))
        result = write_store(isolate, path, &store);
    rf_release(isolate, store);
    return result;
}

rf_value rf_lib_kv_set(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "kv_set", args, 0) || !rf_args_string(isolate, "kv_set", args, 1))
        return rf_raised();
    char *path = store_path(isolate);
    rf_shared_lock(isolate, RF_SHARED_KV, 1, NULL); /* one change at a time, also of workers */
    rf_value result = set_entry(isolate, path, args[0], args[1]);
    rf_shared_unlock(isolate);
    rf_free(path);
    return result;
}

rf_value rf_lib_kv_get(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "kv_get", args, 0)) return rf_raised();
    char *path = store_path(isolate);
    rf_value store = read_store(isolate, path);
    rf_free(path);
    if (rf_is_raised(store)) return store;
    rf_value v = rf_dict_get(store.as.dict, rf_key_from_string(args[0].as.string));
    rf_release(isolate, store);
    return v.head == RF_UNSET ? rf_null() : v;
}
