#include "value_test.h"

static const char *trace_names[3000];
static uint32_t trace_count;

static void give_trace(rf_isolate *isolate, rf_trace *out)
{
    (void)isolate;
    out->file = "dir/main.ruff";
    out->pos = (rf_pos){12, 5};
    out->count = trace_count;
    if (!trace_count) return;
    out->names = rf_alloc_array(const char *, trace_count);
    memcpy(out->names, trace_names, trace_count * sizeof *trace_names);
}

static const rf_engine tracing_engine = {.trace = give_trace};

static void set_trace(rf_isolate *isolate, uint32_t count)
{
    static char texts[3000][16];
    for (uint32_t i = 0; i < count; i++) {
        snprintf(texts[i], sizeof texts[i], "f%u", i);
        trace_names[i] = texts[i];
    }
    trace_count = count;
    isolate->engine = &tracing_engine;
}

static void raising_stamps_place_and_stack(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 2);
    assert_int_equal(rf_raise(isolate, "went %s", "wrong").head, RF_RAISED);
    rf_value e = rf_take_error(isolate);
    assert_int_equal(isolate->error.head, RF_UNSET);
    assert_int_equal(e.as.error->line, 12);
    assert_int_equal(e.as.error->column, 5);
    assert_shows(isolate, e, "Error { line: 12, message: went wrong, stack: [f0, f1] }");
}

static void blame_overrides_the_position_once(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 0);
    isolate->blame = (rf_pos){3, 4};
    rf_raise(isolate, "first");
    assert_int_equal(isolate->error.as.error->line, 3);
    assert_int_equal(isolate->error.as.error->column, 4);
    rf_raise(isolate, "second");
    assert_int_equal(isolate->error.as.error->line, 12);
    assert_error(isolate, "second");
}

static void thrown_error_stays_what_it_was(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 1);
    rf_raise(isolate, "boom");
    rf_value e = rf_take_error(isolate);
    rf_error *before = e.as.error;
    isolate->blame = (rf_pos){99, 1};
    assert_int_equal(rf_raise_value(isolate, e).head, RF_RAISED);
    assert_ptr_equal(isolate->error.as.error, before);
    assert_int_equal(before->line, 12);
    assert_int_equal(isolate->blame.line, 0);
    assert_error(isolate, "boom");
}

static void error_that_was_never_raised_is_stamped_by_throw(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 1);
    rf_value e = rf_error_value_new(isolate, text(isolate, "made"));
    rf_value kept = rf_copy(e);
    rf_raise_value(isolate, e);
    assert_int_equal(isolate->error.as.error->line, 12);
    assert_error(isolate, "made");
    assert_shows(isolate, kept,
                 "Error { line: 0, message: made, stack: [] }"); /* errors are immutable */
    e = rf_error_value_new(isolate, text(isolate, "made"));
    rf_raise_value(isolate, e);
    assert_shows(isolate, rf_take_error(isolate), "Error { line: 12, message: made, stack: [f0] }");
}

static void thrown_values_become_errors(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 0);
    rf_raise_value(isolate, text(isolate, "plain"));
    assert_shows(isolate, rf_copy(isolate->error.as.error->value), "plain");
    assert_error(isolate, "plain");
    rf_raise_value(isolate, INTS(isolate, 1, 2));
    assert_error(isolate, "[1, 2]");
    rf_raise_value(isolate, rf_null());
    assert_error(isolate, "null");
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "message", text(isolate, "from dict"));
    put(isolate, d, "cause", rf_int(7));
    rf_raise_value(isolate, d);
    assert_is_int(isolate->error.as.error->cause, 7);
    assert_int_equal(isolate->error.as.error->value.head, RF_DICT);
    assert_error(isolate, "from dict");
    d = rf_dict_new(isolate, 0);
    put(isolate, d, "message", rf_int(5));
    rf_raise_value(isolate, d);
    assert_int_equal(isolate->error.as.error->cause.head, RF_NULL);
    assert_error(isolate, "{\"message\": 5}");
}

static void thrown_structs_give_message_and_cause(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"message", "cause"}, *const bare[] = {"code"};
    rf_struct_decl *decl = struct_decl("ParseError", 2, fields, 0, NULL),
                   *other = struct_decl("Bad", 1, bare, 0, NULL);
    rf_value def = plain_struct(isolate, decl), other_def = plain_struct(isolate, other);
    rf_value v = rf_struct_new(isolate, def.as.structdef);
    rf_struct_set(isolate, &v, 0, text(isolate, "empty input"));
    rf_struct_set(isolate, &v, 1, rf_int(3));
    rf_raise_value(isolate, v);
    assert_is_int(isolate->error.as.error->cause, 3);
    assert_error(isolate, "empty input");
    rf_raise_value(isolate, rf_struct_new(isolate, def.as.structdef)); /* message is null */
    assert_error(isolate, "ParseError error");
    rf_raise_value(isolate, rf_struct_new(isolate, other_def.as.structdef));
    assert_int_equal(isolate->error.as.error->cause.head, RF_NULL);
    assert_error(isolate, "Bad error");
    rf_release(isolate, def);
    rf_release(isolate, other_def);
    free_struct_decl(decl);
    free_struct_decl(other);
}

static void too_deep_a_value_raises_that(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v = rf_array_new(isolate, 0);
    for (int i = 0; i < 5000; i++) v = LIST(isolate, v);
    assert_raises(isolate, rf_raise_value(isolate, v),
                  "Maximum data nesting depth of 4096 exceeded");
}

static void assert_report(rf_isolate *isolate, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_value e = rf_take_error(isolate);
    rf_error_report(isolate, e.as.error, &out);
    assert_string_equal(out.data, expected);
    rf_buffer_release(&out);
    rf_release(isolate, e);
}

static void report_without_stack(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 0);
    rf_raise(isolate, "Division by zero");
    assert_report(
        isolate,
        "[RUFRUN001] [runtime] Runtime Error: Division by zero\n  --> dir/main.ruff:12:5\n");
}

static void report_lists_frames_innermost_first(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 2);
    rf_raise(isolate, "boom");
    assert_report(
        isolate,
        "[RUFRUN001] [runtime] Runtime Error: boom\n  --> dir/main.ruff:12:5\n\nCall stack:\n"
        "  0 at f1\n  1 at f0\n");
}

static void report_of_a_deep_stack_is_cut(void **state)
{
    rf_isolate *isolate = *state;
    for (int i = 0; i < 2; i++) {
        uint32_t count = i ? 51 : 50;
        set_trace(isolate, count);
        rf_raise(isolate, "deep");
        rf_buffer out = RF_BUFFER_INIT;
        rf_value e = rf_take_error(isolate);
        rf_error_report(isolate, e.as.error, &out);
        uint32_t lines = 0;
        for (size_t k = 0; k < out.size; k++) lines += out.data[k] == '\n';
        assert_int_equal(lines, 4 + 50);
        assert_int_equal(strstr(out.data, "  ... 2 more frames\n") != NULL, i == 1);
        assert_int_equal(strstr(out.data, "  24 at f26\n") != NULL, i == 1);
        assert_int_equal(strstr(out.data, "  25 at f24\n") != NULL, i == 0);
        assert_int_equal(strstr(out.data, "  27 at f23\n") != NULL, i == 1);
        assert_non_null(strstr(out.data, i ? "  50 at f0\n" : "  49 at f0\n"));
        rf_buffer_release(&out);
        rf_release(isolate, e);
    }
}

static void json_report(void **state)
{
    rf_isolate *isolate = *state;
    set_trace(isolate, 2);
    rf_raise(isolate, "say \"hi\"\n");
    rf_value e = rf_take_error(isolate);
    rf_buffer out = RF_BUFFER_INIT;
    rf_error_report_json(isolate, e.as.error, &out);
    assert_string_equal(out.data, "{\n"
                                  "  \"call_stack\": [\n"
                                  "    \"f0\",\n"
                                  "    \"f1\"\n"
                                  "  ],\n"
                                  "  \"command\": \"run\",\n"
                                  "  \"contract_version\": \"1.0.0-draft\",\n"
                                  "  \"diagnostic\": {\n"
                                  "    \"code\": \"RUFRUN001\",\n"
                                  "    \"column\": 5,\n"
                                  "    \"file\": \"dir/main.ruff\",\n"
                                  "    \"help\": null,\n"
                                  "    \"line\": 12,\n"
                                  "    \"message\": \"say \\\"hi\\\"\\n\",\n"
                                  "    \"severity\": \"error\",\n"
                                  "    \"subsystem\": \"runtime\"\n"
                                  "  },\n"
                                  "  \"exit_code\": 4,\n"
                                  "  \"kind\": \"runtime_diagnostic\",\n"
                                  "  \"runtime_kind\": \"Runtime Error\",\n"
                                  "  \"status\": \"error\"\n"
                                  "}\n");
    rf_buffer_release(&out);
    rf_release(isolate, e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(raising_stamps_place_and_stack),
        value_test(blame_overrides_the_position_once),
        value_test(thrown_error_stays_what_it_was),
        value_test(error_that_was_never_raised_is_stamped_by_throw),
        value_test(thrown_values_become_errors),
        value_test(thrown_structs_give_message_and_cause),
        value_test(too_deep_a_value_raises_that),
        value_test(report_without_stack),
        value_test(report_lists_frames_innermost_first),
        value_test(report_of_a_deep_stack_is_cut),
        value_test(json_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
