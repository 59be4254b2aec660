/* Functions, cells, generators and host handles: making them, and their end. */
#include "value/function.h"

#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

rf_value rf_cell_new(rf_isolate *isolate, rf_value value)
{
    rf_cell *cell = rf_object_new(isolate, sizeof *cell, RF_CELL, 0);
    cell->value = value;
    return rf_object_value(RF_CELL, cell);
}

static rf_function *new_function(rf_isolate *isolate, rf_function_kind kind, uint32_t capture_count)
{
    size_t size = sizeof(rf_function) + capture_count * sizeof(rf_value);
    rf_function *f = rf_object_new(isolate, size, RF_FUNCTION, kind);
    f->func = NULL;
    f->module = NULL;
    f->builtin = NULL;
    f->code = NULL;
    f->self = rf_unset();
    f->method = rf_unset();
    f->capture_count = capture_count;
    f->unused = 0;
    return f;
}

rf_function *rf_function_new_empty(rf_isolate *isolate, rf_function_kind kind,
                                   uint32_t capture_count)
{
    rf_function *f = new_function(isolate, kind, capture_count);
    for (uint32_t i = 0; i < capture_count; i++) f->captures[i] = rf_unset();
    return f;
}

rf_value rf_closure_new(rf_isolate *isolate, const rf_func *func, rf_module *module)
{
    rf_function *f = new_function(isolate, RF_FUNCTION_CLOSURE, func->capture_count);
    f->func = func;
    f->module = module;
    if (module) rf_retain_object(&module->object);
    return rf_object_value(RF_FUNCTION, f);
}

rf_value rf_bound_new(rf_isolate *isolate, rf_value method, rf_value self)
{
    rf_function *f = new_function(isolate, RF_FUNCTION_BOUND, 0);
    f->func = method.as.function->func;
    f->self = rf_copy(self);
    f->method = rf_copy(method);
    return rf_object_value(RF_FUNCTION, f);
}

rf_value rf_builtin_value_new(rf_isolate *isolate, const rf_builtin *row)
{
    rf_function *f = new_function(isolate, RF_FUNCTION_BUILTIN, 0);
    f->builtin = row;
    f->object.count = -1;
    return rf_object_value(RF_FUNCTION, f);
}

const char *rf_function_display_name(const rf_function *function)
{
    return function->object.info == RF_FUNCTION_BUILTIN ? function->builtin->canonical
                                                        : function->func->display_name;
}

void rf_function_drop(rf_isolate *isolate, rf_function *f)
{
    rf_store(isolate, &f->self, rf_unset());
    rf_store(isolate, &f->method, rf_unset());
    for (uint32_t i = 0; i < f->capture_count; i++) rf_store(isolate, &f->captures[i], rf_unset());
    rf_module *module = f->module;
    f->module = NULL;
    if (module) rf_release_object(isolate, &module->object);
}

void rf_function_free(rf_isolate *isolate, rf_function *f)
{
    rf_release(isolate, f->self);
    rf_release(isolate, f->method);
    for (uint32_t i = 0; i < f->capture_count; i++) rf_release(isolate, f->captures[i]);
    if (f->module) rf_release_object(isolate, &f->module->object);
    rf_object_free(isolate, f, sizeof *f + f->capture_count * sizeof(rf_value));
}

void rf_function_visit(rf_function *f, rf_visitor visit, void *context)
{
    visit(context, f->self);
    visit(context, f->method);
    for (uint32_t i = 0; i < f->capture_count; i++) visit(context, f->captures[i]);
    if (f->module) visit(context, rf_object_value(RF_MODULE, f->module));
}

/* ---- generators ---- */

rf_value rf_generator_new(rf_isolate *isolate, rf_function *function, const rf_value *args,
                          uint32_t arg_count)
{
    rf_generator *g = rf_object_new(isolate, sizeof *g, RF_GENERATOR, 0);
    rf_retain_object(&function->object);
    g->function = function;
    g->frame = NULL;
    g->args = NULL;
    g->arg_count = arg_count;
    if (arg_count) {
        g->args = rf_heap_alloc(isolate, arg_count * sizeof(rf_value), RF_GENERATOR);
        for (uint32_t i = 0; i < arg_count; i++) g->args[i] = rf_copy(args[i]);
    }
    g->state = RF_GENERATOR_NEW;
    g->is_iterator = g->was_uncounted = false;
    return rf_object_value(RF_GENERATOR, g);
}

void rf_generator_drop(rf_isolate *isolate, rf_generator *g)
{
    if (g->frame && isolate->engine && isolate->engine->generator_free)
        isolate->engine->generator_free(isolate, g);
    g->frame = NULL;
    g->state = RF_GENERATOR_DONE;
    rf_value *args = g->args;
    g->args = NULL;
    if (args) {
        for (uint32_t i = 0; i < g->arg_count; i++) rf_release(isolate, args[i]);
        rf_heap_free(isolate, args, g->arg_count * sizeof(rf_value));
    }
    rf_function *function = g->function;
    g->function = NULL;
    if (function) rf_release_object(isolate, &function->object);
}

void rf_generator_free(rf_isolate *isolate, rf_generator *g)
{
    rf_generator_drop(isolate, g);
    rf_object_free(isolate, g, sizeof *g);
}

void rf_generator_visit(rf_isolate *isolate, rf_generator *g, rf_visitor visit, void *context)
{
    if (g->function) visit(context, rf_object_value(RF_FUNCTION, g->function));
    for (uint32_t i = 0; g->args && i < g->arg_count; i++) visit(context, g->args[i]);
    if (g->frame && isolate->engine && isolate->engine->generator_visit)
        isolate->engine->generator_visit(isolate, g, visit, context);
}

/* ---- host handles ---- */

rf_value rf_handle_new(rf_isolate *isolate, const rf_handle_type *type, void *data)
{
    rf_handle *handle = rf_object_new(isolate, sizeof *handle, RF_HANDLE, 0);
    handle->type = type;
    handle->data = data;
    return rf_object_value(RF_HANDLE, handle);
}
