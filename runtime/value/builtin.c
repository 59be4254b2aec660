/* Calling built-ins by their row, and finding rows by name. */
#include "value/builtin.h"

#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"
#include "base/vector.h"
#include "prof/thread.h"

#include <string.h>

/* lib/ defines it; a program without lib/, such as a test of this room, has no prelude to ask */
#pragma weak rf_prelude_function

rf_value rf_raise_arity(rf_isolate *isolate, const char *name, int min, int max, uint32_t got)
{
    if (max < 0)
        return rf_raise(isolate, "%s expects at least %d arguments, got %u", name, min, got);
    if (min == max) return rf_raise(isolate, "%s expects %d arguments, got %u", name, min, got);
    return rf_raise(isolate, "%s expects %d to %d arguments, got %u", name, min, max, got);
}

/* Method rows ("Channel.send") do not count the receiver in messages. */
static rf_value raise_row_arity(rf_isolate *isolate, const rf_builtin *row, uint32_t got)
{
    const int receiver = row->is_method ? 1 : 0;
    const int max = row->max_args < 0 ? -1 : row->max_args - receiver;
    return rf_raise_arity(isolate, row->canonical, row->min_args - receiver, max,
                          got - (uint32_t)receiver);
}

static rf_value raise_unavailable(rf_isolate *isolate, const rf_builtin *row)
{
    if (row->library && row->library[0])
        return rf_raise(isolate, "%s is not available in this build (needs %s)", row->canonical,
                        row->library);
    return rf_raise(isolate, "%s is not available in this build", row->canonical);
}

static rf_value raise_denied(rf_isolate *isolate, const rf_builtin *row)
{
    static const struct {
        const char *text, *flag;
    } capabilities[] = {
#define RF_CAPABILITY(name, text, flag) {text, flag},
#include "value/capability.def"
#undef RF_CAPABILITY
    };
    return rf_raise(isolate, "Capability denied: %s required for %s; rerun with %s",
                    capabilities[row->capability].text, row->canonical,
                    capabilities[row->capability].flag);
}

static bool is_allowed(const rf_isolate *isolate, const rf_builtin *row)
{
    return row->capability == RF_CAP_NONE_BIT || !isolate->host ||
           (isolate->host->capabilities >> row->capability & 1);
}

static RF_NOINLINE rf_value call_profiled(rf_isolate *isolate, const rf_builtin *row,
                                          rf_value *args, uint32_t arg_count)
{
    rf_prof_thread *thread = isolate->prof;
    const uint32_t number = (uint32_t)(row - isolate->builtins);
    const uint32_t before = atomic_load_explicit(&thread->state, memory_order_relaxed);
    thread->builtin_calls[number]++;
    if (before == RF_PROF_STATE(RF_TIER_VM, 0) || before == RF_PROF_STATE(RF_TIER_JIT, 0)) {
        rf_prof_tell(thread, RF_PROF_STATE(RF_TIER_BUILTIN, number) | RF_PROF_UNLINKED);
        const rf_value result = row->function(isolate, args, arg_count);
        rf_prof_resume(thread, before);
        return result;
    }
    rf_prof_scope scope;
    rf_prof_enter(thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, number));
    const rf_value result = row->function(isolate, args, arg_count);
    rf_prof_leave(thread, &scope);
    return result;
}

rf_value rf_builtin_call(rf_isolate *isolate, const rf_builtin *row, rf_value *args,
                         uint32_t arg_count)
{
    if (RF_UNLIKELY(!row->function && !row->host && !row->prelude))
        return raise_unavailable(isolate, row);
    if (RF_UNLIKELY(!is_allowed(isolate, row))) return raise_denied(isolate, row);
    if (RF_UNLIKELY(arg_count < (uint32_t)row->min_args ||
                    (row->max_args >= 0 && arg_count > (uint32_t)row->max_args)))
        return raise_row_arity(isolate, row, arg_count);
    if (RF_LIKELY(row->function != NULL)) {
        if (RF_UNLIKELY(isolate->prof != NULL)) return call_profiled(isolate, row, args, arg_count);
        return row->function(isolate, args, arg_count);
    }
    if (row->host) return row->host(isolate, row, args, arg_count);
    if (!rf_prelude_function) return raise_unavailable(isolate, row);
    rf_value function = rf_prelude_function(isolate, row);
    if (function.head == RF_UNSET) return rf_raised();
    return isolate->engine->call(isolate, function, args, arg_count);
}

/* ---- finding ---- */

struct rf_builtin_index {
    uint32_t mask;
    int32_t rows[]; /* by hash of the name, -1: free */
};

static struct rf_builtin_index *new_index(rf_isolate *isolate)
{
    uint32_t size = 16;
    while (size < isolate->builtin_count * 2) size *= 2;
    struct rf_builtin_index *index = rf_alloc(sizeof *index + size * sizeof(int32_t));
    index->mask = size - 1;
    memset(index->rows, 0xFF, size * sizeof(int32_t));
    for (uint32_t i = 0; i < isolate->builtin_count; i++) {
        const char *name = isolate->builtins[i].name;
        uint32_t at = rf_hash_text(name, strlen(name)) & index->mask;
        while (index->rows[at] >= 0) at = (at + 1) & index->mask;
        index->rows[at] = (int32_t)i;
    }
    return index;
}

int32_t rf_builtin_find(rf_isolate *isolate, const char *name, size_t size, bool with_internal)
{
    if (!isolate->builtin_count) return -1;
    if (!isolate->builtin_index) isolate->builtin_index = new_index(isolate);
    const struct rf_builtin_index *index = isolate->builtin_index;
    for (uint32_t at = rf_hash_text(name, size) & index->mask; index->rows[at] >= 0;
         at = (at + 1) & index->mask) {
        const rf_builtin *row = &isolate->builtins[index->rows[at]];
        if (strlen(row->name) == size && memcmp(row->name, name, size) == 0)
            return row->is_internal && !with_internal ? -1 : index->rows[at];
    }
    return -1;
}

void rf_builtin_index_free(rf_isolate *isolate)
{
    rf_free(isolate->builtin_index);
    isolate->builtin_index = NULL;
}

void rf_builtin_values_free(rf_isolate *isolate)
{
    if (!isolate->builtin_values) return;
    RF_VECTOR(rf_object *) functions = {0};
    for (uint32_t i = 0; i < isolate->builtin_count; i++) {
        rf_value v = isolate->builtin_values[i];
        if (v.head != RF_FUNCTION || v.as.o->count != -1) {
            rf_release(isolate, v);
        } else { /* aliases share one function: seen once, then count is another */
            v.as.o->count = -2;
            rf_vector_push(&functions, v.as.o);
        }
    }
    for (size_t i = 0; i < functions.count; i++) rf_free_object(isolate, functions.data[i]);
    rf_vector_release(&functions);
    rf_free(isolate->builtin_values);
    isolate->builtin_values = NULL;
}
