/* The table against the list of names in tests/data/builtins.tsv. */
#include "lib_test.h"

#include "base/file.h"

typedef struct listed { /* one line of the list */
    char name[64], kind[16], module[32], tier, canonical[64];
    int min, max;
} listed;

typedef struct list {
    listed rows[512];
    size_t count;
} list;

static list *read_list(void)
{
    rf_buffer text = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(rf_file_read(RF_TEST_DATA "/builtins.tsv", &text, &err), RUFF_OK);
    list *l = rf_new(list);
    char *line = strchr(text.data, '\n') + 1;
    while (*line) {
        listed *row = &l->rows[l->count++];
        assert_int_equal(sscanf(line, "%63s %15s %31s %c %d %d %63s", row->name, row->kind,
                                row->module, &row->tier, &row->min, &row->max, row->canonical),
                         7);
        line = strchr(line, '\n') + 1;
    }
    rf_buffer_release(&text);
    return l;
}

static const listed *each(size_t i, list *l)
{
    return i < l->count ? &l->rows[i] : NULL;
}

/* `null` is a keyword, Promise.all the export of a module */
static bool is_bound_elsewhere(const listed *row)
{
    return strcmp(row->name, "null") == 0 || strchr(row->name, '.');
}

static void every_listed_name_is_bound_with_its_counts(void **state)
{
    lib_test *t = *state;
    list *l = read_list();
    const listed *row;
    for (size_t i = 0; (row = each(i, l)); i++) {
        if (is_bound_elsewhere(row)) continue;
        const int32_t number = rf_builtin_find(t->isolate, row->name, strlen(row->name), false);
        if (number < 0) fail_msg("%s is not bound", row->name);
        const rf_builtin *found = &rf_builtins[number];
        assert_string_equal(found->name, row->name);
        assert_int_equal(found->tier, row->tier);
        assert_int_equal(found->is_constant, strcmp(row->kind, "constant") == 0);
        if (found->is_constant) continue;
        assert_string_equal(found->canonical, row->canonical);
        if (found->min_args != row->min || found->max_args != row->max)
            fail_msg("counts of %s differ", row->name);
    }
    rf_free(l);
}

static void nothing_else_is_bound(void **state)
{
    (void)state;
    list *l = read_list();
    for (uint32_t i = 0; i < rf_builtin_total; i++) {
        if (rf_builtins[i].is_internal) continue;
        bool is_listed = false;
        const listed *row;
        for (size_t k = 0; (row = each(k, l)); k++)
            is_listed |= strcmp(row->name, rf_builtins[i].name) == 0;
        if (!is_listed) fail_msg("%s is not in the list", rf_builtins[i].name);
    }
    rf_free(l);
}

/* The text of BUILTINS 2.2 for `got` arguments, or NULL when that many are fine. */
static char *arity_text(const listed *row, uint32_t got)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (got >= (uint32_t)row->min && (row->max < 0 || got <= (uint32_t)row->max)) return NULL;
    if (row->max < 0)
        rf_buffer_format(&text, "!%s expects at least %d arguments, got %u", row->canonical,
                         row->min, got);
    else if (row->min == row->max)
        rf_buffer_format(&text, "!%s expects %d arguments, got %u", row->canonical, row->min, got);
    else
        rf_buffer_format(&text, "!%s expects %d to %d arguments, got %u", row->canonical, row->min,
                         row->max, got);
    return rf_buffer_take(&text);
}

static void wrong_counts_raise_the_listed_text(void **state)
{
    lib_test *t = *state;
    list *l = read_list();
    const listed *row;
    for (size_t i = 0; (row = each(i, l)); i++) {
        if (is_bound_elsewhere(row) || strcmp(row->kind, "constant") == 0) continue;
        const rf_builtin *found =
            &rf_builtins[rf_builtin_find(t->isolate, row->name, strlen(row->name), false)];
        if (found->library) continue;
        for (uint32_t got = 0; got < 7; got++) {
            char *want = arity_text(row, got);
            if (!want) continue;
            rf_value args[8];
            for (uint32_t k = 0; k < got; k++) args[k] = rf_null();
            char *text = lib_text(t, lib_call(t, row->name, args, got));
            assert_string_equal(text, want);
            rf_free(text);
            rf_free(want);
        }
    }
    rf_free(l);
}

static void what_is_not_in_this_build_says_so(void **state)
{
    lib_test *t = *state;
    for (uint32_t i = 0; i < rf_builtin_total; i++) {
        const rf_builtin *row = &rf_builtins[i];
        if (!row->library || row->is_internal) continue;
        rf_buffer want = RF_BUFFER_INIT;
        rf_buffer_format(&want, "!%s is not available in this build", row->canonical);
        if (*row->library) rf_buffer_format(&want, " (needs %s)", row->library);
        char *text = lib_text(t, lib_call(t, row->name, NULL, 0));
        assert_string_equal(text, want.data);
        rf_free(text);
        rf_buffer_release(&want);
        assert_int_equal(t->isolate->builtin_values[i].head, RF_FUNCTION);
    }
}

static void an_alias_is_the_same_function_as_its_canonical_name(void **state)
{
    lib_test *t = *state;
    unsigned count = 0;
    for (uint32_t i = 0; i < rf_builtin_total; i++) {
        const rf_builtin *row = &rf_builtins[i];
        if (strcmp(row->name, row->canonical) == 0) continue;
        const int32_t canonical =
            rf_builtin_find(t->isolate, row->canonical, strlen(row->canonical), true);
        assert_ptr_equal(t->isolate->builtin_values[i].as.o,
                         t->isolate->builtin_values[canonical].as.o);
        count++;
    }
    assert_true(count >= 25);
}

/* ---- calls with any arguments ---- */

static bool is_pure(const listed *row)
{
    static const char *const modules[] = {"types", "math",        "strings",   "arrays",
                                          "dicts", "collections", "iteration", "result",
                                          "json",  "csv",         "regex",     "debug"};
    for (size_t i = 0; i < RF_COUNT_OF(modules); i++)
        if (strcmp(modules[i], row->module) == 0) return true;
    return false;
}

static uint32_t make_samples(lib_test *t, rf_value *out)
{
    static const char *const texts[] = {"null",
                                        "true",
                                        "0",
                                        "-1",
                                        "3",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "2.5",
                                        "-0.0",
                                        "1e300",
                                        "\"\"",
                                        "\"a\"",
                                        "\"\\u00e4b\\u0000c\"",
                                        "\"(\"",
                                        "\"%d %s %f %5.2f\"",
                                        "[]",
                                        "[1,2,3]",
                                        "[1.5,2]",
                                        "[\"b\",\"a\"]",
                                        "[[1],[],{\"a\":null}]",
                                        "{}",
                                        "{\"a\":1,\"7\":[2]}",
                                        "[{\"x\":1},{\"y\":2}]",
                                        "[true,false]"};
    uint32_t count = 0;
    for (size_t i = 0; i < RF_COUNT_OF(texts); i++) out[count++] = lib_value(t, texts[i]);
    out[count++] = rf_float(__builtin_nan(""));
    out[count++] = rf_float(-__builtin_inf());
    out[count++] = rf_none();
    out[count++] = rf_wrap_value(t->isolate, RF_SOME, rf_int(1));
    out[count++] = rf_wrap_value(t->isolate, RF_ERR_WRAP, lib_value(t, "[1]"));
    out[count++] = rf_bytes_new(t->isolate, "ab", 2);
    out[count++] = rf_set_new(t->isolate);
    out[count++] = rf_sequence_new(t->isolate, RF_QUEUE);
    out[count++] = rf_sequence_new(t->isolate, RF_STACK);
    out[count++] = rf_copy(t->isolate->builtin_values[0]);
    out[count++] = rf_error_value_new(t->isolate, lib_value(t, "\"bad\""));
    return count;
}

/* Only built-ins that would make huge results from these samples are left out of single
 * combinations. */
static bool is_huge(const rf_builtin *row, const rf_value *args, uint32_t count)
{
    static const char *const makers[] = {"range", "repeat", "pad_left", "pad_right"};
    bool makes = false;
    for (size_t i = 0; i < RF_COUNT_OF(makers); i++)
        makes |= strcmp(makers[i], row->canonical) == 0;
    if (!makes) return false;
    for (uint32_t i = 0; i < count; i++)
        if (args[i].head == RF_FLOAT || (args[i].head == RF_INT && args[i].as.i > 1000))
            return true;
    return false;
}

static void call_with(lib_test *t, const rf_builtin *row, const rf_value *chosen, uint32_t count)
{
    rf_value args[4];
    if ((int)count < row->min_args || (row->max_args >= 0 && (int)count > row->max_args)) return;
    if (is_huge(row, chosen, count)) return;
    for (uint32_t i = 0; i < count; i++) args[i] = rf_copy(chosen[i]);
    char *text = lib_text(t, lib_call(t, row->name, args, count));
    rf_free(text);
    rf_buffer_clear(&t->out);
}

static void call_all_with_any_arguments(lib_test *t)
{
    list *l = read_list();
    rf_value samples[64];
    const uint32_t count = make_samples(t, samples);
    const listed *listed_row;
    for (size_t i = 0; (listed_row = each(i, l)); i++) {
        if (!is_pure(listed_row) || strcmp(listed_row->kind, "function") != 0) continue;
        const rf_builtin *row = &rf_builtins[rf_builtin_find(t->isolate, listed_row->name,
                                                             strlen(listed_row->name), false)];
        if (!row->function) continue;
        for (uint32_t a = 0; a < count; a++) {
            call_with(t, row, (rf_value[]){samples[a]}, 1);
            for (uint32_t b = 0; b < count && row->max_args != 1; b++) {
                call_with(t, row, (rf_value[]){samples[a], samples[b]}, 2);
                for (uint32_t c = 0; c < count; c += 2)
                    call_with(t, row, (rf_value[]){samples[a], samples[b], samples[c]}, 3);
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) rf_release(t->isolate, samples[i]);
    rf_free(l);
}

static void any_arguments_give_a_result_or_an_error_and_leave_nothing_behind(void **state)
{
    lib_test *t = *state;
    call_all_with_any_arguments(t);
    lib_test_settle(t); /* with names and patterns that stay cached */
    call_all_with_any_arguments(t);
}

/* ---- calls with one argument of the wrong type ---- */

typedef struct parameter { /* one of a signature */
    char type[96];         /* as error texts name it; "" when any value will do */
} parameter;

static void name_type(char *type)
{
    static const char *const names[][2] = {
        {"num", "number"}, {"callable", "function"}, {"iterable", "array"}};
    for (size_t i = 0; i < RF_COUNT_OF(names); i++)
        if (strcmp(type, names[i][0]) == 0) strcpy(type, names[i][1]);
}

/* The parameters before `...`; 0 for a signature with several forms, whose texts are their own. */
static uint32_t read_parameters(const char *signature, parameter *out)
{
    uint32_t count = 0;
    if (strchr(signature, ';')) return 0;
    const char *at = strchr(signature, '(');
    while (at && *++at && *at != ')' && *at != '.' && count < 4) {
        const size_t length = strcspn(at, ",)");
        parameter *p = &out[count++];
        *p = (parameter){""};
        const char *colon = memchr(at, ':', length);
        if (colon) {
            size_t size = (size_t)(at + length - colon) - 2;
            const char *standard = strstr(colon, " = ");
            if (standard && standard < at + length) size = (size_t)(standard - colon) - 2;
            snprintf(p->type, sizeof p->type, "%.*s", (int)size, colon + 2);
            char *optional = strchr(p->type, '?');
            if (optional) *optional = '\0';
            name_type(p->type);
        }
        at += length;
        if (*at != ',') break;
        at++; /* to the space */
    }
    return count;
}

/* A value of the type, bad where most would be, since types are looked at before values (2.2);
 * UNSET when the test cannot make one. */
static rf_value fitting(lib_test *t, const char *type)
{
    if (strncmp(type, "string", 6) == 0 || !*type) return lib_value(t, "\"a\\u0000b\"");
    if (strcmp(type, "number") == 0 || strcmp(type, "int") == 0) return rf_int(-1);
    if (strncmp(type, "bool", 4) == 0) return rf_bool(true);
    if (strncmp(type, "array", 5) == 0) return lib_value(t, "[]");
    if (strncmp(type, "dict", 4) == 0) return lib_value(t, "{}");
    if (strcmp(type, "bytes") == 0) return rf_bytes_new(t->isolate, "ab", 2);
    if (strcmp(type, "function") == 0) return rf_copy(t->isolate->builtin_values[0]);
    return (rf_value){.head = RF_UNSET};
}

/* Those that answer a neutral value, or have a text of their own (BUILTINS 2.2, 33). */
static bool has_no_type_text(const char *name, const char *module)
{
    static const char *const names[] = {"keys", "values", "items",       "has_key",
                                        "get",  "merge",  "assert_true", "assert_false"};
    for (size_t i = 0; i < RF_COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0) return true;
    return strcmp(module, "collections") == 0 && strcmp(name, "Set") != 0 && !strstr(name, "_size");
}

static bool check_type_text(lib_test *t, const rf_builtin *row, const parameter *all,
                            uint32_t count, uint32_t wrong)
{
    rf_value args[4];
    for (uint32_t i = 0; i < count; i++) {
        args[i] = i < wrong ? fitting(t, all[i].type) : rf_null();
        if (args[i].head == RF_UNSET) {
            for (uint32_t k = 0; k < i; k++) rf_release(t->isolate, args[k]);
            return true;
        }
    }
    args[wrong] = rf_wrap_value(t->isolate, RF_ERR_WRAP, rf_int(1));
    rf_buffer want = RF_BUFFER_INIT;
    rf_buffer_format(&want, "!%s expects %s as argument %u, got result", row->name, all[wrong].type,
                     wrong + 1);
    char *text = lib_text(t, lib_call(t, row->name, args, count));
    const bool is_right = strcmp(text, want.data) == 0;
    if (!is_right) print_error("  is     %s\n  wanted %s\n", text, want.data);
    rf_free(text);
    rf_buffer_release(&want);
    return is_right;
}

static void a_wrong_type_anywhere_raises_the_text_of_the_signature(void **state)
{
    lib_test *t = *state;
    list *l = read_list();
    const listed *listed_row;
    unsigned checked = 0, failed = 0;
    for (size_t i = 0; (listed_row = each(i, l)); i++) {
        if (listed_row->tier != 'A' || strcmp(listed_row->kind, "function") != 0 ||
            is_bound_elsewhere(listed_row))
            continue;
        const rf_builtin *row = &rf_builtins[rf_builtin_find(t->isolate, listed_row->name,
                                                             strlen(listed_row->name), false)];
        if (!row->function) continue; /* written in Ruff: tests/lang/builtins/iteration */
        parameter parameters[4];
        const uint32_t named = read_parameters(row->signature, parameters);
        for (uint32_t wrong = 0; wrong < named; wrong++) {
            const char *type = parameters[wrong].type; /* keys of dicts: BUILTINS 2.5 */
            if (!*type || strcmp(type, "string or int") == 0 ||
                has_no_type_text(row->name, listed_row->module))
                continue;
            const uint32_t least = (uint32_t)row->min_args;
            const uint32_t count = least > wrong ? least : wrong + 1;
            failed += !check_type_text(t, row, parameters, count, wrong);
            checked++;
        }
    }
    assert_int_equal(failed, 0);
    assert_true(checked > 200);
    rf_free(l);
}

static void a_quoted_text_shows_its_nul(void **state)
{
    static const lib_case cases[] = {
        {"parse_int", "[\"1\\u0000\\u00002\"]", "!Cannot parse '1\\0\\02' as integer"},
        {"parse_float", "[\"\\u0000\"]", "!Cannot parse '\\0' as float"},
        {"to_int", "[\"1\\u0000\"]", "!Cannot convert '1\\0' to int"},
        {"decode_base64", "[\"a\\u0000b\"]", "!decode_base64: not base64: 'a\\0b'"},
        {"parse_date", "[\"a\\u0000\", \"b\\u0000c\"]",
         "!parse_date: 'a\\0' is no date in the format 'b\\0c'"},
        {"env", "[\"a\\u0000b\"]", "!env: 'a\\0b' is no name of an environment variable"},
        {"env_set", "[\"a\\u0000b\", \"\"]",
         "!env_set: 'a\\0b' is no name of an environment variable"},
        {"db_connect", "[\"a\\u0000b\", \"\"]", "!Unsupported database type: a\\0b"},
        {"write_file", "[\"x\", \"\", {\"overwrite\\u0000\": true}]",
         "!write_file: unknown option 'overwrite\\0'"},
        {"spawn_process", "[[\"true\"], {\"timeout_ms\\u0000\": 1}]",
         "!spawn_process: unknown option 'timeout_ms\\0'"},
        {"tcp_connect", "[\"a\\u0000b\", 80]", "!tcp_connect: 'a\\0b' is no host"},
        {"set_header", "[{\"a\": 1}, \"x\", \"y\"]",
         "!set_header expects httpresponse as argument 1, got dict"},
        {"redirect_response", "[\"a\\u0000b\"]", "!redirect_response: 'a\\0b' is no address"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void arguments_that_are_shared_stay_as_they_are(void **state)
{
    lib_test *t = *state;
    static const lib_case cases[] = {{"push", "[[1,2],3]", ""},
                                     {"pop", "[[1,2]]", ""},
                                     {"insert", "[[1,2],0,9]", ""},
                                     {"remove", "[[1,2],1]", ""},
                                     {"remove_at", "[[1,2],0]", ""},
                                     {"sort", "[[2,1]]", ""},
                                     {"reverse", "[[1,2]]", ""},
                                     {"concat", "[[1],[2]]", ""},
                                     {"merge", "[{\"a\":1},{\"b\":2}]", ""},
                                     {"remove", "[{\"a\":1},\"a\"]", ""},
                                     {"clear", "[[1]]", ""}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value given = lib_value(t, cases[i].args);
        rf_value first = rf_array_get(given.as.array, 0);
        char *before = lib_text(t, rf_copy(first));
        rf_value args[3];
        for (uint32_t k = 0; k < given.as.array->length; k++)
            args[k] = rf_array_get(given.as.array, k);
        rf_release(t->isolate, lib_call(t, cases[i].name, args, given.as.array->length));
        char *after = lib_text(t, first);
        assert_string_equal(before, after);
        rf_free(before);
        rf_free(after);
        rf_release(t->isolate, given);
    }
}

static void the_reference_describes_every_name(void **state)
{
    (void)state;
    rf_buffer text = RF_BUFFER_INIT;
    rf_lib_write_reference(&text);
    for (uint32_t i = 0; i < rf_builtin_total; i++) {
        if (rf_builtins[i].is_internal) continue;
        assert_non_null(rf_lib_find_doc(rf_builtins[i].name));
        if (!strstr(text.data, rf_builtins[i].signature))
            fail_msg("no %s", rf_builtins[i].signature);
    }
    assert_non_null(strstr(text.data, "Also called `append`."));
    assert_non_null(rf_lib_find_doc("channel.send"));
    assert_null(rf_lib_find_doc("__check"));
    assert_null(rf_lib_find_doc("nothing"));
    rf_buffer_release(&text);
}

static void every_name_of_the_list_is_documented(void **state)
{
    (void)state;
    list *l = read_list();
    const listed *row;
    for (size_t i = 0; (row = each(i, l)); i++)
        if (!rf_lib_find_doc(row->name)) fail_msg("nothing about %s", row->name);
    rf_free(l);
    assert_string_equal(rf_lib_find_doc("set.add")->name, "set_add");
    assert_string_equal(rf_lib_find_doc("parser.parse")->name, "ArgParser.parse");
    assert_string_equal(rf_lib_find_doc("Promise.all")->name, "promise_all");
    assert_non_null(rf_lib_find_doc("error.message"));
    assert_non_null(rf_lib_find_doc("ProcessResult.stdout"));
    assert_non_null(rf_lib_find_doc("image.save"));
    assert_null(rf_lib_find_doc("set.nothing"));
}

static void the_reference_in_docs_is_fresh(void **state)
{
    (void)state;
    rf_buffer text = RF_BUFFER_INIT, docs = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    rf_lib_write_reference(&text);
    assert_int_equal(rf_file_read(RF_TEST_DATA "/../../docs/builtins.md", &docs, &err), RUFF_OK);
    if (strcmp(text.data, docs.data) != 0) fail_msg("run ruff doc --reference >docs/builtins.md");
    rf_buffer_release(&text);
    rf_buffer_release(&docs);
}

static void rows_of_an_embedding_program_join_the_table(void **state)
{
    lib_test *t = *state;
    rf_builtin *rows = rf_alloc_array(rf_builtin, rf_builtin_total + 1);
    memcpy(rows, rf_builtins, rf_builtin_total * sizeof *rows);
    rows[rf_builtin_total] =
        (rf_builtin){.name = "mine", .canonical = "mine", .max_args = 0, .function = rf_lib_dict};
    rf_lib_use_table(t->isolate, rows, rf_builtin_total + 1);
    assert_int_equal(rf_builtin_find(t->isolate, "mine", 4, false), (int32_t)rf_builtin_total);
    const int32_t push = rf_builtin_find(t->isolate, "push", 4, false);
    assert_ptr_equal(t->isolate->builtin_values[push].as.function->builtin, &rows[push]);
    char *text = lib_text(t, lib_call(t, "mine", NULL, 0));
    assert_string_equal(text, "Dict{}");
    rf_free(text);
    t->objects++; /* the function `mine` */
    lib_test_free(t);
    rf_free(rows);
    *state = lib_test_new();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_listed_name_is_bound_with_its_counts, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test_setup_teardown(nothing_else_is_bound, lib_test_setup, lib_test_teardown),
        cmocka_unit_test_setup_teardown(wrong_counts_raise_the_listed_text, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test_setup_teardown(what_is_not_in_this_build_says_so, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test_setup_teardown(an_alias_is_the_same_function_as_its_canonical_name,
                                        lib_test_setup, lib_test_teardown),
        cmocka_unit_test_setup_teardown(
            any_arguments_give_a_result_or_an_error_and_leave_nothing_behind, lib_test_setup,
            lib_test_teardown),
        cmocka_unit_test_setup_teardown(a_wrong_type_anywhere_raises_the_text_of_the_signature,
                                        lib_test_setup, lib_test_teardown),
        cmocka_unit_test_setup_teardown(a_quoted_text_shows_its_nul, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test_setup_teardown(arguments_that_are_shared_stay_as_they_are, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test_setup_teardown(the_reference_describes_every_name, lib_test_setup,
                                        lib_test_teardown),
        cmocka_unit_test(every_name_of_the_list_is_documented),
        cmocka_unit_test(the_reference_in_docs_is_fresh),
        cmocka_unit_test_setup_teardown(rows_of_an_embedding_program_join_the_table, lib_test_setup,
                                        lib_test_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
