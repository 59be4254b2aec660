/* Raising, error values, and the reports of errors nobody caught. */
#include "value/error_value.h"

#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"
#include "value/object.h"

#include "base/alloc.h"

#include <string.h>

static rf_error *new_error(rf_isolate *isolate, rf_value message)
{
    rf_error *e = rf_object_new(isolate, sizeof *e, RF_ERROR, 0);
    e->message = message;
    e->stack = rf_unset();
    e->cause = rf_null();
    e->value = rf_null();
    e->file = rf_null();
    e->line = e->column = 0;
    return e;
}

static rf_value name_array(rf_isolate *isolate, const rf_trace *trace)
{
    rf_value names = rf_array_new(isolate, trace->count);
    for (uint32_t i = 0; i < trace->count; i++) {
        rf_value name = rf_string_from(isolate, trace->names[i]);
        if (!rf_array_push(isolate, names.as.array, name)) break;
    }
    return names;
}

/* Where it happened and who was active: from the engine, the position from isolate->blame when that
 * is set. */
static void stamp(rf_isolate *isolate, rf_error *e)
{
    rf_trace trace = {0};
    if (isolate->engine && isolate->engine->trace) isolate->engine->trace(isolate, &trace);
    if (isolate->blame.line) trace.pos = isolate->blame;
    isolate->blame = (rf_pos){0, 0};
    e->line = trace.pos.line;
    e->column = trace.pos.column;
    rf_store(isolate, &e->stack, name_array(isolate, &trace));
    if (trace.file) rf_store(isolate, &e->file, rf_string_from(isolate, trace.file));
    rf_free(trace.names);
}

static rf_value set_in_flight(rf_isolate *isolate, rf_value error)
{
    rf_store(isolate, &isolate->error, error);
    return rf_raised();
}

rf_value rf_raise_string(rf_isolate *isolate, rf_value message)
{
    rf_error *e = new_error(isolate, message);
    stamp(isolate, e);
    return set_in_flight(isolate, rf_object_value(RF_ERROR, e));
}

rf_value rf_raise(rf_isolate *isolate, const char *format, ...)
{
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    return rf_raise_string(isolate, rf_string_take_buffer(isolate, &text));
}

rf_value rf_raise_error(rf_isolate *isolate, rf_value error)
{
    isolate->blame = (rf_pos){0, 0};
    return set_in_flight(isolate, error);
}

rf_value rf_error_value_new(rf_isolate *isolate, rf_value message)
{
    rf_error *e = new_error(isolate, message);
    e->stack = rf_array_new(isolate, 0);
    return rf_object_value(RF_ERROR, e);
}

rf_value rf_take_error(rf_isolate *isolate)
{
    return rf_take(&isolate->error);
}

/* ---- throw ---- */

/* An error value that was never raised gets its place now; it is immutable, so a shared one is
 * copied first. */
static rf_value throw_error(rf_isolate *isolate, rf_value v)
{
    rf_error *old = v.as.error;
    if (old->line) return rf_raise_error(isolate, v);
    if (old->object.count == 1) {
        stamp(isolate, old);
        return set_in_flight(isolate, v);
    }
    rf_error *e = new_error(isolate, rf_copy(old->message));
    e->cause = rf_copy(old->cause);
    e->value = rf_copy(old->value);
    stamp(isolate, e);
    rf_release(isolate, v);
    return set_in_flight(isolate, rf_object_value(RF_ERROR, e));
}

static rf_value field_named(rf_isolate *isolate, const rf_struct *s, const char *name)
{
    rf_value text = rf_string_intern(isolate, name, strlen(name));
    int32_t field = rf_structdef_find_field(s->layout->def, text.as.string);
    return field < 0 ? rf_unset() : rf_struct_get(s, (uint32_t)field);
}

static rf_value entry_named(rf_isolate *isolate, const rf_dict *d, const char *name)
{
    rf_value text = rf_string_intern(isolate, name, strlen(name));
    return rf_dict_get(d, rf_key_from_string(text.as.string));
}

/* The message of a thrown struct or dict: what it calls message if that is a string. Steals found.
 */
static rf_value message_of(rf_isolate *isolate, rf_value v, rf_value found)
{
    if (found.head == RF_STRING) return found;
    rf_release(isolate, found);
    if (v.head == RF_STRUCT)
        return rf_string_format(isolate, "%s error",
                                v.as.instance->layout->def->name.as.string->text);
    return rf_to_string(isolate, v);
}

rf_value rf_raise_value(rf_isolate *isolate, rf_value v)
{
    if (v.head == RF_ERROR) return throw_error(isolate, v);
    rf_value message, cause = rf_null();
    if (v.head == RF_STRUCT) {
        message = message_of(isolate, v, field_named(isolate, v.as.instance, "message"));
        cause = field_named(isolate, v.as.instance, "cause");
    } else if (v.head == RF_DICT) {
        message = message_of(isolate, v, entry_named(isolate, v.as.dict, "message"));
        cause = entry_named(isolate, v.as.dict, "cause");
    } else {
        message = rf_to_string(isolate, v);
    }
    if (cause.head == RF_UNSET) cause = rf_null();
    if (rf_is_raised(message)) { /* too deep to display: that error instead */
        rf_release(isolate, cause);
        rf_release(isolate, v);
        return message;
    }
    rf_error *e = new_error(isolate, message);
    e->cause = cause;
    e->value = v;
    stamp(isolate, e);
    return set_in_flight(isolate, rf_object_value(RF_ERROR, e));
}

/* ---- reports ---- */

enum { REPORT_ALL = 50, REPORT_FIRST = 25, REPORT_LAST = 24 };

static const char *file_of(const rf_error *error)
{
    return error->file.head == RF_STRING ? error->file.as.string->text : "<unknown>";
}

static const rf_array *stack_of(const rf_error *error)
{
    return error->stack.head == RF_ARRAY ? error->stack.as.array : NULL;
}

static void append_string(rf_buffer *out, rf_value v)
{
    rf_buffer_append(out, v.as.string->text, v.as.string->size);
}

void rf_error_report(rf_isolate *isolate, const rf_error *error, rf_buffer *out)
{
    (void)isolate;
    rf_buffer_append_text(out, "[RUFRUN001] [runtime] Runtime Error: ");
    append_string(out, error->message);
    rf_buffer_format(out, "\n  --> %s:%u:%u\n", file_of(error), error->line, error->column);
    const rf_array *stack = stack_of(error);
    if (!stack || !stack->length) return;
    rf_buffer_append_text(out, "\nCall stack:\n");
    uint32_t count = stack->length;
    for (uint32_t i = 0; i < count; i++) {
        if (count > REPORT_ALL && i == REPORT_FIRST) {
            uint32_t hidden = count - REPORT_FIRST - REPORT_LAST;
            rf_buffer_format(out, "  ... %u more frames\n", hidden);
            i += hidden;
        }
        rf_buffer_format(out, "  %u at ", i);
        append_string(out, rf_array_peek(stack, count - 1 - i)); /* innermost first */
        rf_buffer_append_byte(out, '\n');
    }
}

void rf_error_report_json(rf_isolate *isolate, const rf_error *error, rf_buffer *out)
{
    (void)isolate;
    const rf_array *stack = stack_of(error);
    rf_buffer_append_text(out, "{\n  \"call_stack\": [");
    for (uint32_t i = 0; stack && i < stack->length; i++) {
        const rf_string *name = rf_array_peek(stack, i).as.string;
        rf_buffer_append_text(out, i ? ",\n    " : "\n    ");
        rf_format_json_string(name->text, name->size, out);
    }
    rf_buffer_append_text(out, stack && stack->length ? "\n  ],\n" : "],\n");
    rf_buffer_append_text(out, "  \"command\": \"run\",\n"
                               "  \"contract_version\": \"1.0.0-draft\",\n"
                               "  \"diagnostic\": {\n"
                               "    \"code\": \"RUFRUN001\",\n");
    rf_buffer_format(out, "    \"column\": %u,\n    \"file\": ", error->column);
    rf_format_json_string(file_of(error), strlen(file_of(error)), out);
    rf_buffer_format(out,
                     ",\n    \"help\": null,\n    \"line\": %u,\n    \"message\": ", error->line);
    rf_format_json_string(error->message.as.string->text, error->message.as.string->size, out);
    rf_buffer_append_text(out, ",\n    \"severity\": \"error\",\n"
                               "    \"subsystem\": \"runtime\"\n"
                               "  },\n"
                               "  \"exit_code\": 4,\n"
                               "  \"kind\": \"runtime_diagnostic\",\n"
                               "  \"runtime_kind\": \"Runtime Error\",\n"
                               "  \"status\": \"error\"\n"
                               "}\n");
}
