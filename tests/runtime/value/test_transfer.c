#include "value_test.h"

#include "value/transfer.h"

/* Two isolates: values are packed in one and opened in the other. */
typedef struct pair {
    rf_isolate *from, *to;
} pair;

static int open_pair(void **state)
{
    pair *p = rf_new(pair);
    void *isolate;
    open_isolate(&isolate);
    p->from = isolate;
    open_isolate(&isolate);
    p->to = isolate;
    *state = p;
    return 0;
}

static int close_pair(void **state)
{
    pair *p = *state;
    void *from = p->from, *to = p->to;
    rf_free(p);
    int failed = close_isolate(&from);
    return close_isolate(&to) | failed;
}

#define pair_test(function) cmocka_unit_test_setup_teardown(function, open_pair, close_pair)

/* v (given up) on the other side */
static rf_value cross(pair *p, rf_value v)
{
    rf_value out;
    const char *refused;
    rf_packet *packet = rf_packet_pack(p->from, &v, 1, &refused);
    assert_null(refused);
    rf_release(p->from, v);
    rf_packet_open(p->to, packet, &out);
    return out;
}

static void plain_values_cross(void **state)
{
    pair *p = *state;
    const rf_value values[] = {rf_null(),  rf_bool(true),
                               rf_int(-5), rf_float(2.5),
                               rf_none(),  rf_wrap_value(p->from, RF_SOME, rf_int(1))};
    for (size_t i = 0; i < RF_COUNT_OF(values); i++) {
        rf_value v = cross(p, values[i]);
        assert_int_equal(v.head, values[i].head);
        assert_int_equal(v.as.bits, values[i].as.bits);
    }
    assert_shows(p->to, cross(p, text(p->from, "t\u00e9xt")), "t\u00e9xt");
    assert_shows(p->to, cross(p, rf_bytes_new(p->from, "abc", 3)), "<bytes: 3>");
}

static void containers_cross_deeply(void **state)
{
    pair *p = *state;
    rf_isolate *from = p->from;
    rf_value d = rf_dict_new(from, 0), s = rf_set_new(from), q = rf_sequence_new(from, RF_QUEUE);
    put(from, d, "ints", INTS(from, 1, 2, 3));
    put(from, d, "floats", LIST(from, rf_float(1.5), rf_float(2)));
    put(from, d, "bools", LIST(from, rf_bool(true), rf_bool(false)));
    put(from, d, "mixed", LIST(from, rf_int(1), text(from, "x1"), LIST(from, text(from, "deep"))));
    rf_value word = text(from, "word");
    rf_set_add(from, s.as.set, word);
    rf_set_add(from, s.as.set, rf_int(9));
    rf_sequence_push(from, q.as.sequence, word);
    put(from, d, "set", s);
    put(from, d, "queue", q);
    put(from, d, "5",
        rf_wrap_value(from, RF_OK_WRAP, rf_wrap_value(from, RF_ERR_WRAP, text(from, "bad"))));
    put(from, d, "empty", rf_array_new(from, 0));
    assert_shows(
        p->to, cross(p, d),
        "{\"5\": Ok(Err(bad)), \"bools\": [true, false], \"empty\": [], \"floats\": [1.5, 2], "
        "\"ints\": [1, 2, 3], \"mixed\": [1, x1, [deep]], \"queue\": Queue([word]), \"set\": "
        "Set([word, 9])}");
}

static void dict_order_is_kept(void **state)
{
    pair *p = *state;
    rf_value d = rf_dict_new(p->from, 0);
    const char *const names[] = {"z", "1", "a", "m"};
    for (int i = 0; i < 4; i++) put(p->from, d, names[i], rf_int(i));
    rf_value copy = cross(p, d);
    rf_key key;
    rf_value value;
    int count = 0;
    for (uint32_t at = 0; rf_dict_next(copy.as.dict, &at, &key, &value);)
        assert_is_int(value, count++);
    assert_int_equal(count, 4);
    rf_release(p->to, copy);
}

static void one_object_stays_one_object(void **state)
{
    pair *p = *state;
    rf_value shared = LIST(p->from, text(p->from, "shared"));
    rf_value values[2] = {LIST(p->from, rf_copy(shared), rf_copy(shared)), rf_copy(shared)};
    rf_packet *packet = rf_packet_pack(p->from, values, 2, NULL);
    for (int i = 0; i < 2; i++) rf_release(p->from, values[i]);
    rf_release(p->from, shared);
    rf_value out[2];
    rf_packet_open(p->to, packet, out);
    assert_ptr_equal(rf_array_peek(out[0].as.array, 0).as.o, out[1].as.o);
    assert_ptr_equal(rf_array_peek(out[0].as.array, 1).as.o, out[1].as.o);
    for (int i = 0; i < 2; i++) rf_release(p->to, out[i]);
}

static void deep_nesting_crosses(void **state)
{
    pair *p = *state;
    const int levels = 100000;
    rf_value v = rf_array_new(p->from, 0);
    for (int i = 0; i < levels; i++) v = LIST(p->from, v);
    rf_value copy = cross(p, v);
    int depth = 0;
    for (rf_value at = copy; at.as.array->length; at = rf_array_peek(at.as.array, 0)) depth++;
    assert_int_equal(depth, levels);
    rf_release(p->to, copy);
}

static void what_cannot_cross_is_refused_by_name(void **state)
{
    pair *p = *state;
    const rf_func func = {.display_name = "g"};
    const rf_handle_type type = {.type_name = "database"};
    rf_value f = rf_closure_new(p->from, &func, NULL);
    rf_value g = rf_generator_new(p->from, f.as.function, NULL, 0),
             h = rf_handle_new(p->from, &type, NULL);
    rf_value values[4] = {rf_int(1), LIST(p->from, rf_int(2), LIST(p->from, rf_copy(g))),
                          rf_wrap_value(p->from, RF_SOME, rf_copy(h)), text(p->from, "fine")};
    const char *refused = NULL;
    rf_packet *packet = rf_packet_pack(p->from, values, 4, &refused);
    assert_string_equal(refused, "generator");
    rf_value out[4];
    rf_packet_open(p->to, packet, out);
    assert_is_int(out[0], 1);
    assert_int_equal(out[1].head, RF_UNSET);
    assert_int_equal(out[2].head, RF_UNSET);
    assert_shows(p->to, out[3], "fine");
    packet = rf_packet_pack(p->from, &values[2], 1, &refused);
    assert_string_equal(refused, "database");
    rf_packet_free(packet);
    for (int i = 0; i < 4; i++) rf_release(p->from, values[i]);
    rf_release(p->from, f);
    rf_release(p->from, g);
    rf_release(p->from, h);
}

static const rf_func capturing = {
    .display_name = "f", .kind = RF_FUNC_DECLARED, .capture_count = 2};

static void closures_share_their_copied_cells(void **state)
{
    pair *p = *state;
    rf_isolate *from = p->from;
    rf_value cell = rf_cell_new(from, text(from, "variable"));
    rf_value f = rf_closure_new(from, &capturing, NULL), g = rf_closure_new(from, &capturing, NULL);
    f.as.function->captures[0] = rf_copy(cell);
    f.as.function->captures[1] = rf_copy(g); /* a cycle: f -> g -> cell2 -> f */
    rf_value cell2 = rf_cell_new(from, rf_copy(f));
    g.as.function->captures[0] = cell;
    g.as.function->captures[1] = cell2;
    rf_value values[2] = {f, g}, out[2];
    rf_packet *packet = rf_packet_pack(from, values, 2, NULL);
    rf_release(from, f);
    rf_release(from, g);
    rf_packet_open(p->to, packet, out);
    rf_function *f2 = out[0].as.function, *g2 = out[1].as.function;
    assert_ptr_equal(f2->captures[0].as.cell, g2->captures[0].as.cell);
    assert_ptr_equal(f2->captures[1].as.function, g2);
    assert_ptr_equal(g2->captures[1].as.cell->value.as.function, f2);
    assert_shows(p->to, rf_copy(f2->captures[0].as.cell->value), "variable");
    rf_release(p->to, out[0]);
    rf_release(p->to, out[1]);
}

static void variable_with_what_cannot_cross_has_no_value(void **state)
{
    pair *p = *state;
    const rf_func func = {.display_name = "g"};
    rf_value plain = rf_closure_new(p->from, &func, NULL);
    rf_value f = rf_closure_new(p->from, &capturing, NULL);
    f.as.function->captures[0] =
        rf_cell_new(p->from, rf_generator_new(p->from, plain.as.function, NULL, 0));
    f.as.function->captures[1] = rf_int(5);
    rf_release(p->from, plain);
    rf_value copy = cross(p, f);
    assert_int_equal(copy.as.function->captures[0].as.cell->value.head, RF_UNSET);
    assert_is_int(copy.as.function->captures[1], 5);
    rf_release(p->to, copy);
}

static void bound_methods_cross(void **state)
{
    pair *p = *state;
    const rf_func func = {.display_name = "S.m", .kind = RF_FUNC_METHOD};
    rf_value method = rf_closure_new(p->from, &func, NULL), self = INTS(p->from, 1, 2);
    rf_value bound = rf_bound_new(p->from, method, self);
    rf_release(p->from, method);
    rf_release(p->from, self);
    rf_value copy = cross(p, bound);
    assert_int_equal(copy.as.o->info, RF_FUNCTION_BOUND);
    assert_shows(p->to, rf_copy(copy.as.function->self), "[1, 2]");
    assert_shows(p->to, copy, "<function S.m>");
}

static void declarations_stay_the_same(void **state)
{
    pair *p = *state;
    const char *const fields[] = {"x", "y"}, *const methods[] = {"op_add"};
    const rf_func func = {.display_name = "P.op_add", .kind = RF_FUNC_METHOD};
    rf_struct_decl *decl = struct_decl("P", 2, fields, 1, methods);
    rf_value *functions = rf_alloc_array(rf_value, 1), *defaults = rf_alloc_array(rf_value, 2);
    functions[0] = rf_closure_new(p->from, &func, NULL);
    defaults[0] = rf_int(7);
    defaults[1] = rf_unset();
    rf_value def = rf_structdef_new(p->from, decl, NULL, functions, defaults);
    rf_value v = rf_struct_new(p->from, def.as.structdef);
    rf_struct_set(p->from, &v, 0, text(p->from, "ex"));
    rf_value first = cross(p, rf_copy(v)), second = cross(p, rf_copy(v));
    rf_structdef *there = first.as.instance->layout->def;
    assert_ptr_equal(there, second.as.instance->layout->def); /* known by then */
    assert_int_equal(there->identity, def.as.structdef->identity);
    assert_true(there->has_overloads);
    assert_int_equal(there->operators[RF_OPER_ADD].head, RF_FUNCTION);
    assert_is_int(there->defaults[0], 7);
    assert_int_equal(rf_equal(p->to, first, second), 1);
    /* and back: home uses its own declaration */
    pair back = {p->to, p->from};
    rf_value home = cross(&back, first);
    assert_ptr_equal(home.as.instance->layout->def, def.as.structdef);
    assert_int_equal(rf_equal(p->from, home, v), 1);
    rf_release(p->from, home);
    rf_release(p->from, v);
    rf_release(p->from, def);
    assert_shows(p->to, second, "P { x: ex, y: null }");
    free_struct_decl(decl);
}

static void enums_and_library_structs_cross(void **state)
{
    pair *p = *state;
    const rf_symbol *names[] = {symbol("A"), symbol("B")}, *name = symbol("E");
    const rf_enum_decl decl = {.name = name, .variants = names, .variant_count = 2};
    rf_value def = rf_enumdef_new(p->from, &decl, NULL), payload = text(p->from, "load");
    rf_value both = LIST(p->from, rf_enum_new(p->from, def.as.enumdef, 0, NULL, 0),
                         rf_enum_new(p->from, def.as.enumdef, 1, &payload, 1), rf_copy(def));
    rf_release(p->from, payload);
    rf_release(p->from, def);
    assert_shows(p->to, cross(p, both), "[E::A, E::B(load), <enum E>]");
    const char *const fields[] = {"exitcode", "stdout"};
    rf_value lib = rf_structdef_new_builtin(p->from, "ProcessResult", fields, 2);
    rf_value v = rf_struct_new(p->from, lib.as.structdef);
    rf_struct_set(p->from, &v, 0, rf_int(3));
    rf_release(p->from, lib);
    assert_shows(p->to, cross(p, v), "ProcessResult { exitcode: 3, stdout: null }");
    for (int i = 0; i < 2; i++) rf_free((void *)(uintptr_t)names[i]);
    rf_free((void *)(uintptr_t)name);
}

static void errors_cross_whole(void **state)
{
    pair *p = *state;
    rf_value e = rf_error_value_new(p->from, text(p->from, "boom"));
    e.as.error->line = 4;
    e.as.error->column = 2;
    rf_store(p->from, &e.as.error->file, text(p->from, "a.ruff"));
    rf_array_push(p->from, e.as.error->stack.as.array, text(p->from, "main"));
    rf_store(p->from, &e.as.error->cause, INTS(p->from, 1));
    rf_value copy = cross(p, e);
    assert_int_equal(copy.as.error->column, 2);
    assert_shows(p->to, rf_copy(copy.as.error->file), "a.ruff");
    assert_shows(p->to, copy, "Error { cause: [1], line: 4, message: boom, stack: [main] }");
}

/* ---- modules ---- */

static rf_module *adopted;

static void note_module(rf_isolate *isolate, rf_module *module)
{
    (void)isolate;
    adopted = module;
}

static void modules_are_made_anew_once(void **state)
{
    pair *p = *state;
    rf_unit unit = {.path = "m.ruff"};
    rf_var vars[2] = {{.slot = 0, .builtin = -1}, {.slot = 1, .builtin = -1}};
    rf_func func = {.display_name = "f", .kind = RF_FUNC_DECLARED};
    rf_vector_push(&unit.module_vars, &vars[0]);
    rf_vector_push(&unit.module_vars, &vars[1]);
    rf_vector_push(&unit.funcs, &func);
    rf_vector_push(&unit.literals, ((rf_literal){"literal", 7}));
    rf_value name = text(p->from, "pack.m"), module = rf_module_new(p->from, &unit, name);
    rf_release(p->from, name);
    rf_value f = rf_closure_new(p->from, &func, module.as.module);
    module.as.module->is_evaluated = true;
    rf_store(p->from, &module.as.module->slots[0], rf_copy(f));
    rf_store(p->from, &module.as.module->slots[1], INTS(p->from, 1, 2));
    p->to->adopt_module = note_module;
    adopted = NULL;
    rf_value copy = cross(p, rf_copy(f));
    rf_module *there = copy.as.function->module;
    assert_ptr_equal(adopted, there);
    assert_true(there->is_evaluated);
    assert_shows(p->to, rf_copy(there->name), "pack.m");
    assert_shows(p->to, rf_copy(there->literals[0]), "literal");
    assert_ptr_equal(there->slots[0].as.function, copy.as.function);
    rf_store(p->to, &there->slots[1], rf_int(9));
    adopted = NULL;
    rf_value again = cross(p, rf_copy(f)); /* its variables are those of the receiver now */
    assert_ptr_equal(again.as.function->module, there);
    assert_null(adopted);
    assert_is_int(there->slots[1], 9);
    rf_module_clear(p->to, there);
    rf_module_clear(p->from, module.as.module);
    rf_release(p->to, copy);
    rf_release(p->to, again);
    rf_release(p->from, f);
    rf_release(p->from, module);
    rf_heap_collect(p->from);
    rf_heap_collect(p->to);
    rf_vector_release(&unit.module_vars);
    rf_vector_release(&unit.funcs);
    rf_vector_release(&unit.literals);
}

/* ---- channels ---- */

typedef struct core {
    int count;
} core;
struct rf_channel {
    rf_object object;
    core *core;
};

static void *share(struct rf_channel *channel)
{
    channel->core->count++;
    return channel->core;
}

static void drop(void *shared)
{
    ((core *)shared)->count--;
}

static rf_value adopt(rf_isolate *isolate, void *shared)
{
    struct rf_channel *channel = rf_object_new(isolate, sizeof *channel, RF_CHANNEL, 0);
    channel->core = shared;
    return rf_object_value(RF_CHANNEL, channel);
}

static void free_channel(rf_isolate *isolate, struct rf_channel *channel)
{
    channel->core->count--;
    rf_object_free(isolate, channel, sizeof *channel);
}

static bool same(const struct rf_channel *a, const struct rf_channel *b)
{
    return a->core == b->core;
}

static const rf_sched_hooks hooks = {.free_channel = free_channel,
                                     .share_channel = share,
                                     .drop_core = drop,
                                     .adopt_channel = adopt,
                                     .same_channel = same};

static void channels_are_shared_and_counted(void **state)
{
    pair *p = *state;
    core c = {1};
    p->from->sched_hooks = p->to->sched_hooks = &hooks;
    rf_value channel = adopt(p->from, &c);
    rf_value there = cross(p, rf_copy(channel));
    assert_int_equal(c.count, 2);
    rf_value unopened[1] = {channel};
    rf_packet *packet = rf_packet_pack(p->from, unopened, 1, NULL);
    assert_int_equal(c.count, 3);
    rf_packet_free(packet);
    assert_int_equal(c.count, 2);
    pair back = {p->to, p->from};
    rf_value home = cross(&back, there);
    assert_int_equal(rf_equal(p->from, home, channel), 1);
    rf_release(p->from, home);
    assert_int_equal(c.count, 1);
    rf_release(p->from, channel);
    assert_int_equal(c.count, 0);
}

static void packet_can_be_read_many_times(void **state)
{
    pair *p = *state;
    core c = {1};
    p->from->sched_hooks = p->to->sched_hooks = &hooks;
    rf_value v = LIST(p->from, adopt(p->from, &c), text(p->from, "again"));
    rf_packet *packet = rf_packet_pack(p->from, &v, 1, NULL);
    rf_release(p->from, v);
    for (int i = 0; i < 3; i++) {
        rf_value out;
        rf_packet_read(p->to, packet, &out);
        assert_int_equal(c.count, 2);
        assert_shows(p->to, out, "[<channel>, again]");
    }
    rf_packet_free(packet);
    assert_int_equal(c.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        pair_test(plain_values_cross),
        pair_test(containers_cross_deeply),
        pair_test(dict_order_is_kept),
        pair_test(one_object_stays_one_object),
        pair_test(deep_nesting_crosses),
        pair_test(what_cannot_cross_is_refused_by_name),
        pair_test(closures_share_their_copied_cells),
        pair_test(variable_with_what_cannot_cross_has_no_value),
        pair_test(bound_methods_cross),
        pair_test(declarations_stay_the_same),
        pair_test(enums_and_library_structs_cross),
        pair_test(errors_cross_whole),
        pair_test(modules_are_made_anew_once),
        pair_test(channels_are_shared_and_counted),
        pair_test(packet_can_be_read_many_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
