/* Defects of the intermediate form that are found. */
#include "support/ruff_test.h"

#include "base/base.h"
#include "jitc/ir.h"

/* C: x = n; do { y = x + n (checked, else leave); x = y; } while (x < 100); return x; */
typedef struct sample {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_place *x, *y, *v;
    rf_ir_block *entry, *loop, *next, *end, *exit;
} sample;

static rf_ir_expr *read(sample *s, rf_ir_place *place)
{
    return rf_ir_value_of(s->f, place);
}

static rf_ir_expr *number(sample *s, int64_t i)
{
    return rf_ir_int(s->f, RF_IR_I64, i);
}

static void make(sample *s)
{
    *s = (sample){.unit = {NULL, NULL}};
    rf_ir_function *f = s->f = rf_ir_function_new(&s->unit, "f", RF_IR_I64);
    rf_ir_param(f, RF_IR_I64);
    s->x = rf_ir_variable_new(f, RF_IR_I64, 0, "x");
    s->y = rf_ir_variable_new(f, RF_IR_I64, 0, "y");
    s->v = rf_ir_variable_new(f, RF_IR_VALUE, 0, "v");
    rf_ir_block **const blocks[] = {&s->entry, &s->loop, &s->next, &s->end, &s->exit};
    for (size_t i = 0; i < RF_COUNT_OF(blocks); i++) *blocks[i] = rf_ir_block_new(f);
    s->exit->is_exit = true;
    rf_ir_assign(f, s->entry, 0, s->x, rf_ir_param_value(f, 0));
    rf_ir_jump(f, s->entry, 0, s->loop);
    rf_ir_checked(f, s->loop, 0, s->y, RF_IR_ADD, read(s, s->x), rf_ir_param_value(f, 0), s->next, s->exit);
    rf_ir_assign(f, s->next, 0, s->x, read(s, s->y));
    rf_ir_branch(f, s->next, 0, rf_ir_binary(f, RF_IR_LT, read(s, s->x), number(s, 100)), s->loop, s->end);
    rf_ir_return(f, s->end, 0, read(s, s->x));
    rf_ir_return(f, s->exit, 0, read(s, s->x));
}

/* ---- before `ssa` ---- */

static void no_end(sample *s) { s->exit->first = s->exit->last = NULL; }
static void statement_behind_end(sample *s) { s->entry->last->next = s->end->last; }
static void wrong_last(sample *s) { s->next->last = s->next->first; }
static void no_way(sample *s) { s->entry->last->yes = NULL; }
static void too_many_ways(sample *s) { s->entry->last->no = s->end; }
static void guard_to_no_exit(sample *s) { s->exit->is_exit = false; }
static void no_place(sample *s) { s->entry->first->place = NULL; }
static void evaluated_number(sample *s)
{
    s->entry->first->place = NULL;
    s->entry->first->kind = RF_IR_EVAL;
}
static void other_type_assigned(sample *s) { s->entry->first->value = rf_ir_float(s->f, 1.5); }
static void other_type_returned(sample *s) { s->end->last->value = rf_ir_int(s->f, RF_IR_BOOL, 1); }
static void number_as_condition(sample *s) { s->next->last->value = number(s, 1); }
static void other_operand(sample *s) { s->loop->last->value->operands[1] = rf_ir_int(s->f, RF_IR_I32, 1); }
static void other_result(sample *s) { s->next->last->value->type = RF_IR_I64; }
static void checked_quotient(sample *s) { s->loop->last->value->op = RF_IR_DIV; }
static void memory_read(sample *s) { s->end->last->value->read.variable = s->v->variable; }
static void variable_loaded(sample *s)
{
    s->end->last->value->op = RF_IR_LOAD;
    s->end->last->value->place = s->x;
}
static void no_parameter(sample *s) { s->entry->first->value->i = 1; }
static void number_negated(sample *s)
{
    s->next->last->value = rf_ir_unary(s->f, RF_IR_NOT, RF_IR_BOOL, number(s, 1));
}
static void numbers_combined(sample *s) { s->next->last->value = rf_ir_binary(s->f, RF_IR_BOTH, number(s, 1), number(s, 1)); }
static void field_of_number(sample *s) { s->entry->first->place = rf_ir_value_field(s->f, s->x, RF_IR_AS_INT); }
static void field_of_other_object(sample *s)
{
    s->entry->first->place = rf_ir_array_field(s->f, rf_ir_int(s->f, RF_IR_VALUE + RF_IR_TO, 0), RF_IR_LENGTH);
}
static void element_of_number(sample *s)
{
    rf_ir_place *place = rf_ir_element(s->f, rf_ir_int(s->f, RF_IR_F64 + RF_IR_TO, 0), number(s, 0));
    place->type = RF_IR_I64;
    s->entry->first->place = place;
}
static void fewer_arguments(sample *s)
{
    rf_ir_expr *args[] = {rf_ir_int(s->f, RF_IR_POINTER, 0), rf_ir_int(s->f, RF_IR_POINTER, 0)};
    s->entry->first->value = rf_ir_call_outside(s->f, RF_FN(native_call), 2, args);
}
static void other_argument(sample *s)
{
    rf_ir_expr *args[] = {rf_ir_int(s->f, RF_IR_POINTER, 0), number(s, 0), number(s, 0)};
    s->entry->first->value = rf_ir_call_outside(s->f, RF_FN(native_call), 3, args);
}
static void shared_tree(sample *s) { s->exit->last->value = s->end->last->value; }

/* ---- behind ---- */

static void unknown_way(sample *s) { s->next->last->no = s->loop; }
static void way_gone(sample *s)
{
    s->next->last->kind = RF_IR_JUMP;
    s->next->last->value = NULL;
    s->next->last->no = NULL;
}
static void no_version_read(sample *s) { s->end->last->value->read.version = 0; }
static void other_variable_read(sample *s) { s->end->last->value->read.version = s->loop->last->version; }
static void older_version_read(sample *s) { s->end->last->value->read.version = s->entry->first->version; }
static void later_version_read(sample *s) { s->loop->last->value->operands[0]->read.version = s->next->first->version; }
static void other_definition(sample *s) { s->next->first->version = s->entry->first->version; }
static void no_definition(sample *s) { s->next->first->version = 0; }
static void other_argument_of_phi(sample *s) { s->loop->phis->args[1] = s->loop->phis->args[0]; }
static void phi_gone(sample *s) { s->loop->phis = NULL; }
static void undefined_read(sample *s)
{
    rf_ir_expr *e = s->entry->first->value = read(s, s->y);
    e->read.version = s->loop->last->version;
}
static void overflow_read(sample *s)
{
    s->exit->last->value->read.variable = s->y->variable;
    s->exit->last->value->read.version = s->loop->last->version;
}

typedef struct defect {
    void (*make)(sample *s);
    const char *text;
} defect;

static const defect before_versions[] = {
    {no_end, "a block has no end"},
    {statement_behind_end, "a statement stands behind the end of its block"},
    {wrong_last, "the last statement of a block is another one"},
    {no_way, "a way leads nowhere or is too much"},
    {too_many_ways, "a way leads nowhere or is too much"},
    {guard_to_no_exit, "a guard leaves to what is no exit"},
    {no_place, "a statement has too much or too little"},
    {evaluated_number, "what is evaluated is no call"},
    {other_type_assigned, "what is assigned is of another type"},
    {other_type_returned, "what is returned is of another type"},
    {number_as_condition, "a condition is no bool"},
    {other_operand, "operands have different types"},
    {other_result, "a comparison is no bool"},
    {checked_quotient, "what is checked is no sum, difference or product"},
    {memory_read, "what is read is no variable"},
    {variable_loaded, "a variable is used as memory"},
    {no_parameter, "a parameter does not exist or is of another type"},
    {number_negated, "what is no bool is negated or likely"},
    {numbers_combined, "what is no bool is combined"},
    {field_of_number, "a field is of another type"},
    {field_of_other_object, "a field is of another type"},
    {element_of_number, "the base of an element is no pointer to its type"},
    {fewer_arguments, "a call gives more or less than the function takes"},
    {other_argument, "an argument is of another type"},
    {shared_tree, "an expression stands in two places"},
};

static const defect with_versions[] = {
    {unknown_way, "more or fewer blocks are reached than is known"},
    {way_gone, "more or fewer blocks are reached than is known"},
    {no_version_read, "a read has no version"},
    {other_variable_read, "a read has a version of another variable"},
    {older_version_read, "a version is read where another one reaches, or none"},
    {later_version_read, "a version is read where another one reaches, or none"},
    {other_definition, "a version is defined elsewhere"},
    {no_definition, "a definition has no version"},
    {other_argument_of_phi, "a version is read where another one reaches, or none"},
    {phi_gone, "a version is read where another one reaches, or none"},
    {undefined_read, "a version is read where it is not defined"},
    {overflow_read, "what overflowed is read"},
};

static void a_sound_function_has_no_defect(void **state)
{
    (void)state;
    sample s;
    make(&s);
    assert_null(rf_ir_verify(s.f));
    rf_ir_ssa(s.f);
    assert_null(rf_ir_verify(s.f));
    rf_ir_unit_release(&s.unit);
}

static void assert_defect(const defect *d, bool has_versions)
{
    sample s;
    make(&s);
    if (has_versions) rf_ir_ssa(s.f);
    d->make(&s);
    const char *found = rf_ir_verify(s.f);
    if (!found) print_message("not found: %s\n", d->text);
    assert_non_null(found);
    assert_string_equal(found, d->text);
    rf_ir_unit_release(&s.unit);
}

static void defects_of_types_and_blocks_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(before_versions); i++) assert_defect(&before_versions[i], false);
}

static void the_same_defects_are_found_among_versions(void **state)
{
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(before_versions); i++) assert_defect(&before_versions[i], true);
}

static void defects_of_versions_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(with_versions); i++) assert_defect(&with_versions[i], true);
}

/* What a pass that forgets `rf_ir_ways_changed` leaves. */
static void ways_that_nobody_was_told_of_are_found(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_ssa(s.f);
    s.entry->last->yes = s.next;
    assert_string_equal(rf_ir_verify(s.f), "a way leads to a block that does not know of it");
    s.entry->last->yes = s.loop;
    s.next->last->yes = s.end;
    assert_string_equal(rf_ir_verify(s.f), "a predecessor goes elsewhere");
    s.next->last->yes = s.loop;
    assert_null(rf_ir_verify(s.f));
    s.end->dominator = s.exit;
    assert_string_equal(rf_ir_verify(s.f), "a block is reached around its dominator");
    rf_ir_unit_release(&s.unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_function_has_no_defect),
        cmocka_unit_test(defects_of_types_and_blocks_are_found),
        cmocka_unit_test(the_same_defects_are_found_among_versions),
        cmocka_unit_test(defects_of_versions_are_found),
        cmocka_unit_test(ways_that_nobody_was_told_of_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
