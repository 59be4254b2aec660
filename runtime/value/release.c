/* The end of an object: its kind's free function, without deep C recursion.
 *
 * Releasing a container frees its parts by plain recursion for a few levels, which is the fast way
 * for ordinary data; below that, dead objects wait in heap->work until the outermost call comes
 * back, so a list of ten million nested values needs no more stack than a flat one. */
#include "value/array.h"
#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

enum { RECURSION_LIMIT = 24 };

static void free_error(rf_isolate *isolate, rf_error *e)
{
    rf_release(isolate, e->message);
    rf_release(isolate, e->stack);
    rf_release(isolate, e->cause);
    rf_release(isolate, e->value);
    rf_release(isolate, e->file);
    rf_object_free(isolate, e, sizeof *e);
}

static void free_now(rf_isolate *isolate, rf_object *o)
{
    void *object = o;
    switch ((rf_tag)o->kind) {
    case RF_STRING: rf_string_free(isolate, object); break;
    case RF_BYTES: rf_object_free(isolate, o, sizeof(rf_bytes) + ((rf_bytes *)object)->size); break;
    case RF_ARRAY: rf_array_free(isolate, object); break;
    case RF_DICT: rf_dict_free(isolate, object); break;
    case RF_SET: rf_set_free(isolate, object); break;
    case RF_QUEUE:
    case RF_STACK: rf_sequence_free(isolate, object); break;
    case RF_STRUCT: rf_struct_free(isolate, object); break;
    case RF_ENUM: rf_enum_free(isolate, object); break;
    case RF_BOX:
        rf_release(isolate, ((rf_box *)object)->content);
        rf_object_free(isolate, o, sizeof(rf_box));
        break;
    case RF_ERROR: free_error(isolate, object); break;
    case RF_FUNCTION: rf_function_free(isolate, object); break;
    case RF_STRUCTDEF: rf_structdef_free(isolate, object); break;
    case RF_ENUMDEF: rf_enumdef_free(isolate, object); break;
    case RF_GENERATOR: rf_generator_free(isolate, object); break;
    case RF_PROMISE: isolate->sched_hooks->free_promise(isolate, object); break;
    case RF_CHANNEL: isolate->sched_hooks->free_channel(isolate, object); break;
    case RF_MODULE: rf_module_free(isolate, object); break;
    case RF_HANDLE: {
        rf_handle *handle = object;
        if (handle->type->free) handle->type->free(isolate, handle);
        rf_object_free(isolate, o, sizeof(rf_handle));
        break;
    }
    case RF_CELL:
        rf_release(isolate, ((rf_cell *)object)->value);
        rf_object_free(isolate, o, sizeof(rf_cell));
        break;
    default: rf_assert(!"a kind of object"); break;
    }
}

/* A candidate of the collector that dies by itself: its contents go now, its memory when the queue
 * is next looked at, because the queue still points to it. */
static void free_candidate(rf_isolate *isolate, rf_object *o)
{
    void *object = o;
    switch ((rf_tag)o->kind) {
    case RF_CELL: {
        rf_cell *cell = object;
        rf_store(isolate, &cell->value, rf_unset());
        break;
    }
    case RF_FUNCTION: rf_function_drop(isolate, object); break;
    case RF_GENERATOR: rf_generator_drop(isolate, object); break;
    case RF_PROMISE: isolate->sched_hooks->drop_promise(isolate, object); break;
    default: rf_assert(!"a kind that can be a candidate"); break;
    }
}

static inline void end_object(rf_isolate *isolate, rf_object *o)
{
    if (RF_UNLIKELY(o->flags & RF_OBJECT_CANDIDATE))
        free_candidate(isolate, o);
    else
        free_now(isolate, o);
}

/* The sampler reads the depth meanwhile: it is stored as one, and read again rather than kept in a register more. */
void rf_free_object(rf_isolate *isolate, rf_object *object)
{
    rf_heap *heap = &isolate->heap;
    const uint32_t before = heap->release_depth;
    if (RF_UNLIKELY(before >= RECURSION_LIMIT)) {
        rf_vector_push(&heap->work, object);
        return;
    }
    __atomic_store_n(&heap->release_depth, before + 1, __ATOMIC_RELAXED);
    if (before == 0) __atomic_store_n(&heap->released_kind, object->kind, __ATOMIC_RELAXED);
    end_object(isolate, object);
    const uint32_t depth = heap->release_depth;
    if (RF_UNLIKELY(depth == 1))
        while (heap->work.count) end_object(isolate, rf_vector_pop(&heap->work));
    __atomic_store_n(&heap->release_depth, depth - 1, __ATOMIC_RELAXED);
}

static void visit_error(rf_error *e, rf_visitor visit, void *context)
{
    visit(context, e->message);
    visit(context, e->stack);
    visit(context, e->cause);
    visit(context, e->value);
    visit(context, e->file);
}

void rf_object_visit(rf_isolate *isolate, rf_object *o, rf_visitor visit, void *context)
{
    void *object = o;
    switch ((rf_tag)o->kind) {
    case RF_ARRAY: rf_array_visit(object, visit, context); break;
    case RF_DICT: rf_dict_visit(object, visit, context); break;
    case RF_SET: rf_set_visit(object, visit, context); break;
    case RF_QUEUE:
    case RF_STACK: rf_sequence_visit(object, visit, context); break;
    case RF_STRUCT: rf_struct_visit(object, visit, context); break;
    case RF_ENUM: rf_enum_visit(object, visit, context); break;
    case RF_BOX: visit(context, ((rf_box *)object)->content); break;
    case RF_ERROR: visit_error(object, visit, context); break;
    case RF_FUNCTION: rf_function_visit(object, visit, context); break;
    case RF_STRUCTDEF: rf_structdef_visit(object, visit, context); break;
    case RF_GENERATOR: rf_generator_visit(isolate, object, visit, context); break;
    case RF_PROMISE: isolate->sched_hooks->visit_promise(isolate, object, visit, context); break;
    case RF_CELL: visit(context, ((rf_cell *)object)->value); break;
    default:
        break; /* strings, bytes, modules, channels, handles: never part of a cycle that is
                  collected */
    }
}

size_t rf_object_buffer_size(const rf_object *o)
{
    const void *object = o;
    switch ((rf_tag)o->kind) {
    case RF_ARRAY: return rf_array_buffer_size(object);
    case RF_DICT: return rf_dict_buffer_size(object);
    case RF_SET: return rf_set_buffer_size(object);
    case RF_QUEUE:
    case RF_STACK: return rf_sequence_buffer_size(object);
    default: return 0;
    }
}
