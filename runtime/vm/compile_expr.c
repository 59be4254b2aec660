/* Expressions (LANGUAGE 6).
 *
 * Operators, calls and accesses nest to the left without limit (`a + b + c ...`, `x.f().g()...`): such a spine is
 * collected first and compiled from its inner end, each result in the same temporary, so that 100,000 terms need
 * neither C stack nor registers.  All other nesting is bounded by the parser (LANGUAGE 21.1). */
#include "base/alloc.h"
#include "value/dict_layout.h"
#include "vm/compile.h"

typedef RF_VECTOR(const rf_node *) spine;

/* ---- may an expression store to a local? ---- */

/* What may nest without limit; also for nodes that are no suffix and no operator. */
static const rf_node *left_part(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_BINARY:
    case RF_NODE_AND:
    case RF_NODE_OR:
    case RF_NODE_COALESCE:
    case RF_NODE_PIPE: return node->as.binary.left;
    case RF_NODE_FIELD: return node->as.field.object;
    case RF_NODE_INDEX: return node->as.index.object;
    case RF_NODE_CALL: return node->as.call.callee;
    case RF_NODE_METHOD: return node->as.method.receiver;
    case RF_NODE_UNARY:
    case RF_NODE_TRY_OP:
    case RF_NODE_AWAIT:
    case RF_NODE_YIELD:
    case RF_NODE_SPREAD:
    case RF_NODE_THROW: return node->as.operand;
    case RF_NODE_IF_EXPR: return node->as.if_expr.else_value; /* `else if` chains do not nest */
    default: return NULL;
    }
}

bool rf_any_may_store(rf_node *const *nodes, uint32_t count, uint32_t slot)
{
    for (uint32_t i = 0; i < count; i++)
        if (rf_may_store(nodes[i], slot)) return true;
    return false;
}

static bool entries_may_store(const rf_entry *entries, uint32_t count, uint32_t slot)
{
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].key && rf_may_store(entries[i].key, slot)) return true;
        if (rf_may_store(entries[i].value, slot)) return true;
    }
    return false;
}

/* What is not the left part. */
static bool rest_may_store(const rf_node *node, uint32_t slot)
{
    switch (node->kind) {
    case RF_NODE_BINARY:
    case RF_NODE_AND:
    case RF_NODE_OR:
    case RF_NODE_COALESCE:
    case RF_NODE_PIPE: return rf_may_store(node->as.binary.right, slot);
    case RF_NODE_INDEX: return rf_may_store(node->as.index.index, slot);
    case RF_NODE_CALL: return rf_any_may_store(node->as.call.args, node->as.call.count, slot);
    case RF_NODE_METHOD: {
        const rf_place *place = node->as.method.place;
        if (place && place->root.kind == RF_REF_LOCAL && place->root.index == slot) return true;
        if (place && place->root.kind == RF_REF_FIELD && slot == 0) return true;
        return rf_any_may_store(node->as.method.args, node->as.method.count, slot);
    }
    case RF_NODE_IF_EXPR:
        return rf_may_store(node->as.if_expr.condition, slot) ||
               rf_may_store(node->as.if_expr.then_value, slot);
    case RF_NODE_ARRAY:
    case RF_NODE_INTERP: return rf_any_may_store(node->as.list.items, node->as.list.count, slot);
    case RF_NODE_DICT: return entries_may_store(node->as.dict.entries, node->as.dict.count, slot);
    case RF_NODE_STRUCT_LIT:
        return entries_may_store(node->as.instance.entries, node->as.instance.count, slot);
    case RF_NODE_ENUM_VALUE: return rf_any_may_store(node->as.variant.args, node->as.variant.count, slot);
    default: return false;
    }
}

bool rf_may_store(const rf_node *node, uint32_t slot)
{
    for (; node; node = left_part(node))
        if (rest_may_store(node, slot)) return true;
    return false;
}

/* ---- operands ---- */

bool rf_is_small_int(const rf_node *node, int32_t *value)
{
    if (node->kind != RF_NODE_INT || node->as.integer > INT16_MAX || node->as.integer < INT16_MIN)
        return false;
    *value = (int32_t)node->as.integer;
    return true;
}

uint32_t rf_compile_operand(rf_compiler *c, const rf_node *node, rf_node *const *after, uint32_t after_count)
{
    if (node->kind != RF_NODE_NAME) return rf_compile(c, node, RF_PUSH);
    const uint32_t own = rf_ref_register(c, &node->as.ref);
    if (own == RF_PUSH || rf_any_may_store(after, after_count, own)) return rf_compile(c, node, RF_PUSH);
    if (node->as.ref.may_be_unset) {
        rf_at(c, node->pos);
        rf_emit(c, RF_OP_CHECK, own, rf_name_constant(c, node->as.ref.name), 0);
    }
    return own;
}

static uint32_t load_integer(rf_compiler *c, int64_t value, uint32_t dest)
{
    dest = rf_dest(c, dest);
    if (value >= INT32_MIN && value <= INT32_MAX)
        rf_emit_wide(c, RF_OP_LOADI, dest, value);
    else
        rf_emit_wide(c, RF_OP_LOADK, dest, rf_constant(c, rf_int(value)));
    return dest;
}

static uint32_t load_constant(rf_compiler *c, rf_value v, uint32_t dest)
{
    dest = rf_dest(c, dest);
    rf_emit_wide(c, RF_OP_LOADK, dest, rf_constant(c, v));
    return dest;
}

/* ---- binary operators ---- */

bool rf_is_immediate(const rf_compiler *c, rf_op_kind op, const rf_node *right)
{
    if (op > RF_OPER_MOD) return false; /* comparisons have it in their jumps only */
    if (right->kind != RF_NODE_INT && right->kind != RF_NODE_FLOAT) return false;
    int32_t small;
    return rf_is_small_int(right, &small) || c->chunk.constants.count < RF_OPERAND_LIMIT;
}

static const uint16_t register_ops[] = {
    [RF_OPER_ADD] = RF_OP_ADD, [RF_OPER_SUB] = RF_OP_SUB, [RF_OPER_MUL] = RF_OP_MUL,
    [RF_OPER_DIV] = RF_OP_DIV, [RF_OPER_MOD] = RF_OP_MOD, [RF_OPER_EQ] = RF_OP_EQ,
    [RF_OPER_NE] = RF_OP_NE,   [RF_OPER_LT] = RF_OP_LT,   [RF_OPER_LE] = RF_OP_LE,
    [RF_OPER_GT] = RF_OP_GT,   [RF_OPER_GE] = RF_OP_GE,
};
/* the forms with an integer and with a constant lie behind those with registers, in the same order */
_Static_assert(RF_OP_MODI - RF_OP_ADDI == RF_OP_MOD - RF_OP_ADD, "order of arithmetic");
_Static_assert(RF_OP_MODK - RF_OP_ADDK == RF_OP_MOD - RF_OP_ADD, "order of arithmetic");

static uint32_t number_constant(rf_compiler *c, const rf_node *node)
{
    return rf_constant(c, node->kind == RF_NODE_INT ? rf_int(node->as.integer) : rf_float(node->as.number));
}

void rf_emit_binary(rf_compiler *c, rf_op_kind op, uint32_t dest, uint32_t left, const rf_node *right_node,
                    uint32_t right)
{
    const unsigned code = register_ops[op];
    int32_t small;
    if (!right_node)
        rf_emit(c, code, dest, left, right);
    else if (rf_is_small_int(right_node, &small))
        rf_emit(c, code - RF_OP_ADD + RF_OP_ADDI, dest, left, (uint16_t)small);
    else
        rf_emit(c, code - RF_OP_ADD + RF_OP_ADDK, dest, left, number_constant(c, right_node));
}

/* 2 * x, 1.0 / x: the constant on the left is part of the instruction. */
static bool has_constant_left(const rf_compiler *c, const rf_node *node)
{
    const rf_node *left = node->as.binary.left;
    return c->chunk.constants.count < RF_OPERAND_LIMIT && node->op <= RF_OPER_DIV && (left->kind == RF_NODE_INT || left->kind == RF_NODE_FLOAT);
}
_Static_assert(RF_OPER_ADD == 0 && RF_OPER_DIV == 3 && RF_OP_KDIV - RF_OP_KADD == 3, "order of arithmetic");

/* Values that display without failing: no container among them. */
static bool is_text_or_scalar(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_STRING:
    case RF_NODE_INTERP:
    case RF_NODE_INT:
    case RF_NODE_FLOAT:
    case RF_NODE_BOOL:
    case RF_NODE_NULL_LIT: return true;
    default: return false;
    }
}

static bool has_effects(const rf_node *node)
{
    return !is_text_or_scalar(node) && node->kind != RF_NODE_NAME;
}

enum { CONCAT_MOST = 32 }; /* parts that one instruction joins */

/* A chain of `+` that starts with a text joins display forms: nodes[first .. end), outermost first, all BINARY ADD. */
static uint32_t compile_concat(rf_compiler *c, const rf_node *text, const spine *nodes, size_t count, uint32_t mark)
{
    uint32_t parts = rf_compile(c, text, RF_PUSH);
    for (size_t i = count; i > 0;) {
        const rf_node *node = nodes->data[--i];
        const rf_node *right = node->as.binary.right;
        const uint32_t part = rf_compile(c, right, RF_PUSH);
        rf_at(c, node->pos);
        const bool is_checked_now = i > 0 && has_effects(nodes->data[i - 1]->as.binary.right);
        if (is_checked_now && !is_text_or_scalar(right)) rf_emit(c, RF_OP_TEXT, part, 0, 0);
        if (part - mark + 1 < CONCAT_MOST && i > 0) continue;
        rf_emit(c, RF_OP_CONCAT, mark, mark, part - mark + 1);
        rf_pop_temps(c, mark + 1);
    }
    return parts;
}

/* s := s + x + "," and xs := xs + [a] + b: with what s holds moved into a temporary (improve.c), each sum grows in place.
 * Sums of numbers do without the instruction. */
static bool grows(const rf_compiler *c, const rf_node *first, const spine *nodes, uint32_t dest)
{
    if (dest == RF_PUSH || nodes->count < 2 || first->kind != RF_NODE_NAME || rf_ref_register(c, &first->as.ref) != dest)
        return false;
    bool is_growing = false;
    for (size_t i = 0; i < nodes->count; i++) {
        const rf_node *right = nodes->data[i]->as.binary.right;
        if (nodes->data[i]->op != RF_OPER_ADD) return false;
        is_growing |= right->kind == RF_NODE_STRING || right->kind == RF_NODE_INTERP || right->kind == RF_NODE_ARRAY;
    }
    return is_growing;
}

/* nodes: a spine of BINARY, outermost first, then what it rests on. */
static uint32_t compile_binary(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    spine nodes = {0};
    for (; node->kind == RF_NODE_BINARY; node = node->as.binary.left) rf_vector_push(&nodes, node);
    const uint32_t mark = c->top;
    size_t left_to_do = nodes.count;
    size_t joins = 0;
    const bool is_text = node->kind == RF_NODE_STRING || node->kind == RF_NODE_INTERP;
    while (is_text && joins < nodes.count && nodes.data[nodes.count - 1 - joins]->op == RF_OPER_ADD) joins++;
    uint32_t value;
    if (joins >= 2) {
        const spine chain = {.data = nodes.data + (nodes.count - joins), .count = joins};
        value = compile_concat(c, node, &chain, joins, mark);
        left_to_do -= joins;
    } else if (has_constant_left(c, nodes.data[left_to_do - 1]) &&
               !rf_is_immediate(c, RF_OPER_ADD, nodes.data[left_to_do - 1]->as.binary.right)) {
        const rf_node *operation = nodes.data[--left_to_do];
        const uint32_t right = rf_compile_operand(c, operation->as.binary.right, NULL, 0);
        rf_pop_temps(c, mark);
        value = left_to_do == 0 ? rf_dest(c, dest) : rf_push_temp(c);
        rf_at(c, operation->pos);
        rf_emit(c, RF_OP_KADD + operation->op, value, number_constant(c, node), right);
    } else if (grows(c, node, &nodes, dest)) {
        value = rf_compile(c, node, RF_PUSH);
    } else {
        rf_node *const after = nodes.data[left_to_do - 1]->as.binary.right;
        value = rf_compile_operand(c, node, &after, 1);
    }
    while (left_to_do > 0) {
        const rf_node *operation = nodes.data[--left_to_do];
        const rf_node *right_node = operation->as.binary.right;
        const bool is_immediate = rf_is_immediate(c, operation->op, right_node);
        const uint32_t right = is_immediate ? 0 : rf_compile_operand(c, right_node, NULL, 0);
        rf_pop_temps(c, mark);
        const uint32_t target = left_to_do == 0 ? rf_dest(c, dest) : rf_push_temp(c);
        rf_at(c, operation->pos);
        rf_emit_binary(c, operation->op, target, value, is_immediate ? right_node : NULL, right);
        value = target;
    }
    rf_vector_release(&nodes);
    if (dest == RF_PUSH || value == dest) return value;
    rf_emit_move(c, dest, value);
    rf_pop_temps(c, mark);
    return dest;
}

/* ---- conditions ---- */

static const uint16_t jump_ops[] = {
    [RF_OPER_EQ] = RF_OP_JEQ, [RF_OPER_NE] = RF_OP_JNE, [RF_OPER_LT] = RF_OP_JLT,
    [RF_OPER_LE] = RF_OP_JLE, [RF_OPER_GT] = RF_OP_JGT, [RF_OPER_GE] = RF_OP_JGE,
};
enum { NEGATED = RF_OP_JNEQ - RF_OP_JEQ, IMMEDIATE = RF_OP_JEQI - RF_OP_JEQ, CONSTANT = RF_OP_JEQK - RF_OP_JEQ };
_Static_assert(RF_OP_JNGE - RF_OP_JGE == NEGATED && RF_OP_JNGEI - RF_OP_JNGE == IMMEDIATE &&
                   RF_OP_JNGEK - RF_OP_JNGE == CONSTANT,
               "order of the comparing jumps");

static bool is_comparison(const rf_node *node)
{
    return node->kind == RF_NODE_BINARY && node->op >= RF_OPER_EQ && node->op <= RF_OPER_GE;
}

static bool constant_of(rf_compiler *c, const rf_node *node, rf_value *v)
{
    switch (node->kind) {
    case RF_NODE_FLOAT: *v = rf_float(node->as.number); return true;
    case RF_NODE_INT: *v = rf_int(node->as.integer); return true;
    case RF_NODE_NULL_LIT: *v = rf_null(); return true;
    case RF_NODE_BOOL: *v = rf_bool(node->as.integer); return true;
    case RF_NODE_STRING: *v = c->module->literals[node->as.literal]; return true;
    default: return false;
    }
}

static void jump_comparison(rf_compiler *c, const rf_node *node, bool sense, rf_jumps *jumps)
{
    const uint32_t mark = c->top;
    rf_node *const right_node = node->as.binary.right;
    const unsigned op = jump_ops[node->op] + (sense ? 0u : NEGATED);
    const uint32_t left = rf_compile_operand(c, node->as.binary.left, &right_node, 1);
    int32_t small;
    rf_value constant;
    uint32_t number, jump;
    if (rf_is_small_int(right_node, &small)) {
        rf_at(c, node->pos);
        jump = rf_emit_jump(c, op + IMMEDIATE, left, (uint16_t)small);
    } else if (constant_of(c, right_node, &constant) && rf_fitting_constant(c, constant, &number)) {
        rf_at(c, node->pos);
        jump = rf_emit_jump(c, op + CONSTANT, left, number);
    } else {
        const uint32_t right = rf_compile_operand(c, right_node, NULL, 0);
        rf_at(c, node->pos);
        jump = rf_emit_jump(c, op, left, right);
    }
    rf_vector_push(jumps, jump);
    rf_pop_temps(c, mark);
}

/* `a && b && c`: a spine of one kind, outermost first, then the first operand. */
static void jump_logic(rf_compiler *c, const rf_node *node, bool sense, rf_jumps *jumps)
{
    const unsigned kind = node->kind;
    const bool decides = kind == RF_NODE_OR; /* the truthiness that ends the evaluation */
    spine nodes = {0};
    for (; node->kind == kind; node = node->as.binary.left) rf_vector_push(&nodes, node);
    rf_jumps around = {0};
    rf_jumps *early = sense == decides ? jumps : &around;
    rf_compile_jump(c, node, decides, early);
    c->branch_depth++;
    while (nodes.count > 1) rf_compile_jump(c, rf_vector_pop(&nodes)->as.binary.right, decides, early);
    rf_compile_jump(c, rf_vector_pop(&nodes)->as.binary.right, sense, jumps);
    c->branch_depth--;
    rf_patch_all(c, &around, rf_here(c));
    rf_vector_release(&nodes);
}

/* Is the value a bool, so that `!` of it cannot be an overload? */
static bool is_certainly_bool(const rf_node *node)
{
    return node->kind == RF_NODE_AND || node->kind == RF_NODE_OR || node->kind == RF_NODE_BOOL ||
           is_comparison(node);
}

void rf_compile_jump(rf_compiler *c, const rf_node *node, bool sense, rf_jumps *jumps)
{
    while (node->kind == RF_NODE_UNARY && node->op == RF_OPER_NOT && is_certainly_bool(node->as.operand)) {
        node = node->as.operand;
        sense = !sense;
    }
    if (is_comparison(node)) {
        jump_comparison(c, node, sense, jumps);
    } else if (node->kind == RF_NODE_AND || node->kind == RF_NODE_OR) {
        jump_logic(c, node, sense, jumps);
    } else if (node->kind == RF_NODE_BOOL) {
        if ((node->as.integer != 0) == sense) rf_vector_push(jumps, rf_emit_jump(c, RF_OP_JMP, 0, 0));
    } else {
        const uint32_t mark = c->top;
        const uint32_t value = rf_compile_operand(c, node, NULL, 0);
        rf_vector_push(jumps, rf_emit_jump(c, sense ? RF_OP_JTRUE : RF_OP_JFALSE, value, 0));
        rf_pop_temps(c, mark);
    }
}

/* a && b, a || b where b need not be a bool: the truthiness of b is the result unless a decides. */
static uint32_t compile_logic_of_values(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const bool decides = node->kind == RF_NODE_OR;
    rf_jumps decided = {0};
    rf_compile_jump(c, node->as.binary.left, decides, &decided);
    const uint32_t mark = c->top;
    c->branch_depth++;
    const uint32_t right = rf_compile_operand(c, node->as.binary.right, NULL, 0);
    c->branch_depth--;
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_emit(c, RF_OP_TRUTH, dest, right, 0);
    const uint32_t end = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    rf_patch_all(c, &decided, rf_here(c));
    rf_emit(c, RF_OP_LOADBOOL, dest, decides, 0);
    rf_patch(c, end, rf_here(c));
    return dest;
}

/* The bool of a condition. */
static uint32_t compile_logic(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    rf_jumps when_false = {0};
    rf_compile_jump(c, node, false, &when_false);
    dest = rf_dest(c, dest);
    rf_emit(c, RF_OP_LOADBOOL, dest, 1, 0);
    const uint32_t end = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    rf_patch_all(c, &when_false, rf_here(c));
    rf_emit(c, RF_OP_LOADBOOL, dest, 0, 0);
    rf_patch(c, end, rf_here(c));
    return dest;
}

/* `a ?? b ?? c`.  The pieces go through a temporary: a variable gets nothing but the result. */
static uint32_t compile_coalesce(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    spine nodes = {0};
    for (; node->kind == RF_NODE_COALESCE; node = node->as.binary.left) rf_vector_push(&nodes, node);
    const uint32_t value = rf_compile(c, node, RF_PUSH);
    rf_jumps done = {0};
    c->branch_depth++;
    while (nodes.count) {
        rf_vector_push(&done, rf_emit_jump(c, RF_OP_JNOTNULL, value, 0));
        rf_emit_drop(c, value, value + 1); /* null: ends the life of the temporary */
        rf_compile(c, rf_vector_pop(&nodes)->as.binary.right, value);
    }
    c->branch_depth--;
    rf_patch_all(c, &done, rf_here(c));
    rf_vector_release(&nodes);
    if (dest == RF_PUSH) return value;
    rf_emit_move(c, dest, value);
    rf_pop_temps(c, value);
    return dest;
}

static uint32_t compile_if_expr(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    dest = rf_dest(c, dest);
    rf_jumps done = {0};
    c->branch_depth++;
    for (;;) {
        rf_jumps otherwise = {0};
        rf_compile_jump(c, node->as.if_expr.condition, false, &otherwise);
        rf_compile(c, node->as.if_expr.then_value, dest);
        rf_vector_push(&done, rf_emit_jump(c, RF_OP_JMP, 0, 0));
        rf_patch_all(c, &otherwise, rf_here(c));
        node = node->as.if_expr.else_value;
        if (node->kind != RF_NODE_IF_EXPR) break;
    }
    rf_compile(c, node, dest);
    c->branch_depth--;
    rf_patch_all(c, &done, rf_here(c));
    return dest;
}

/* ---- things that follow a value: .f [i] (args) .m(args) ? ---- */

static bool is_suffix(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_FIELD:
    case RF_NODE_INDEX:
    case RF_NODE_TRY_OP: return true;
    case RF_NODE_CALL: return !rf_is_plain_call(node);
    case RF_NODE_METHOD: return !node->as.method.place;
    default: return false;
    }
}

static uint32_t apply_field(rf_compiler *c, const rf_node *node, uint32_t object, uint32_t mark, uint32_t dest)
{
    const uint32_t site = rf_site_index(
        c, (rf_site){.name = rf_symbol_string(c, node->as.field.name), .place = RF_NO_PLACE});
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_at(c, node->pos);
    const bool is_temp = rf_is_temp(c, object);
    const rf_op op = node->flag ? RF_OP_OPTFIELD : is_temp ? RF_OP_GETFIELD_T : RF_OP_GETFIELD;
    rf_emit(c, op, dest, object, site);
    return dest;
}

static uint32_t apply_index(rf_compiler *c, const rf_node *node, uint32_t object, uint32_t mark, uint32_t dest)
{
    int32_t small;
    const bool is_small = rf_is_small_int(node->as.index.index, &small);
    const uint32_t index = is_small ? (uint16_t)small : rf_compile_operand(c, node->as.index.index, NULL, 0);
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_at(c, node->pos);
    const bool is_temp = rf_is_temp(c, object);
    const rf_op op = is_small ? (is_temp ? RF_OP_GETINDEXI_T : RF_OP_GETINDEXI)
                              : (is_temp ? RF_OP_GETINDEX_T : RF_OP_GETINDEX);
    rf_emit(c, op, dest, object, index);
    return dest;
}

static uint32_t apply_try(rf_compiler *c, const rf_node *node, uint32_t value, uint32_t mark, uint32_t dest)
{
    if (!rf_is_temp(c, value)) {
        value = rf_push_temp(c);
        rf_emit(c, RF_OP_COPY, value, node->as.operand->as.ref.index, 0);
    }
    rf_at(c, node->pos);
    if (node->flag)
        rf_emit(c, RF_OP_TRYTOP, value, 0, 0);
    else
        rf_emit(c, RF_OP_TRY, value, value, 0);
    if (dest == RF_PUSH) return value;
    rf_emit_move(c, dest, value);
    rf_pop_temps(c, mark);
    return dest;
}

static uint32_t apply_suffix(rf_compiler *c, const rf_node *node, uint32_t value, uint32_t mark, uint32_t dest)
{
    switch (node->kind) {
    case RF_NODE_FIELD: return apply_field(c, node, value, mark, dest);
    case RF_NODE_INDEX: return apply_index(c, node, value, mark, dest);
    case RF_NODE_CALL: return rf_apply_call(c, node, value, mark, dest);
    case RF_NODE_METHOD: return rf_apply_method(c, node, mark, dest);
    default: return apply_try(c, node, value, mark, dest);
    }
}

static uint32_t compile_suffixes(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    spine nodes = {0};
    for (; is_suffix(node); node = left_part(node)) rf_vector_push(&nodes, node);
    const uint32_t mark = c->top;
    const rf_node *first = rf_vector_last(&nodes);
    rf_node *const index = first->kind == RF_NODE_INDEX ? first->as.index.index : NULL;
    const bool keeps_local = first->kind == RF_NODE_FIELD || first->kind == RF_NODE_INDEX ||
                             first->kind == RF_NODE_TRY_OP;
    uint32_t value = keeps_local ? rf_compile_operand(c, node, &index, index ? 1 : 0)
                                 : rf_compile(c, node, RF_PUSH);
    while (nodes.count > 1) value = apply_suffix(c, rf_vector_pop(&nodes), value, mark, RF_PUSH);
    value = apply_suffix(c, rf_vector_pop(&nodes), value, mark, dest);
    rf_vector_release(&nodes);
    return value;
}

/* ---- values in consecutive temporaries ---- */

enum { RUN_MOST = 48 }; /* values that one instruction takes */

/* Many values wait in an array, not in registers: such lists may stand in one another 256 times. */
typedef struct value_run {
    uint32_t count;
    uint32_t array;   /* temporary, RF_PUSH for none */
    uint32_t pending; /* values behind it */
} value_run;

static value_run begin_run(rf_compiler *c, uint32_t count)
{
    if (count <= RUN_MOST) return (value_run){count, RF_PUSH, 0};
    const value_run r = {count, rf_push_temp(c), 0};
    rf_emit(c, RF_OP_NEWARRAY, r.array, r.array, 0);
    return r;
}

/* The next value is in the newest temporary. */
static void add_to_run(rf_compiler *c, value_run *r, bool is_last)
{
    if (r->array == RF_PUSH || (++r->pending < RUN_MOST && !is_last)) return;
    rf_emit(c, RF_OP_EXTEND, r->array, r->array + 1, r->pending);
    rf_pop_temps(c, r->array + 1);
    r->pending = 0;
    if (!is_last) return;
    rf_emit(c, RF_OP_UNPACK, r->array, r->count, 0);
    c->top += r->count - 1; /* the call that follows names only the first */
    if (c->top > c->max_top) c->max_top = c->top;
}

void rf_compile_values(rf_compiler *c, rf_node *const *nodes, uint32_t count)
{
    value_run r = begin_run(c, count);
    for (uint32_t i = 0; i < count; i++) {
        rf_compile(c, nodes[i], RF_PUSH);
        add_to_run(c, &r, i + 1 == count);
    }
}

/* ---- literals ---- */

/* A builder of several instructions works in a temporary, a variable gets the finished value. */
static uint32_t deliver(rf_compiler *c, uint32_t value, uint32_t dest)
{
    if (dest == RF_PUSH) return value;
    rf_emit_move(c, dest, value);
    rf_pop_temps(c, value);
    return dest;
}

static uint32_t compile_array(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t mark = c->top;
    rf_node *const *items = node->as.list.items;
    const uint32_t count = node->as.list.count;
    uint32_t i = 0;
    while (i < count && i < RUN_MOST && items[i]->kind != RF_NODE_SPREAD) rf_compile(c, items[i++], RF_PUSH);
    rf_pop_temps(c, mark);
    if (i == count) {
        dest = rf_dest(c, dest);
        rf_emit(c, RF_OP_NEWARRAY, dest, mark, i);
        return dest;
    }
    const uint32_t array = rf_push_temp(c);
    rf_emit(c, RF_OP_NEWARRAY, array, mark, i);
    while (i < count) {
        const uint32_t first = c->top;
        if (items[i]->kind == RF_NODE_SPREAD) {
            const uint32_t value = rf_compile_operand(c, items[i]->as.operand, NULL, 0);
            rf_at(c, items[i]->pos);
            rf_emit(c, RF_OP_SPREAD, array, value, 0);
            i++;
        } else {
            uint32_t run = 0;
            for (; i < count && run < RUN_MOST && items[i]->kind != RF_NODE_SPREAD; run++)
                rf_compile(c, items[i++], RF_PUSH);
            rf_emit(c, RF_OP_EXTEND, array, first, run);
        }
        rf_pop_temps(c, first);
    }
    return deliver(c, array, dest);
}

/* The key, when it is written as a word or a string. */
static bool text_key(const rf_compiler *c, const rf_entry *entry, rf_value *key)
{
    if (!entry->word && entry->key->kind != RF_NODE_STRING) return false;
    *key = c->module->literals[entry->word ? entry->word->literal : entry->key->as.literal];
    return true;
}

static void compile_entry(rf_compiler *c, const rf_entry *entry, uint32_t dict)
{
    const uint32_t mark = c->top;
    rf_value constant;
    uint32_t number;
    if (entry->is_spread) {
        const uint32_t value = rf_compile_operand(c, entry->value, NULL, 0);
        rf_at(c, entry->pos);
        rf_emit(c, RF_OP_DICTSPREAD, dict, value, 0);
    } else if (text_key(c, entry, &constant) && rf_fitting_constant(c, constant, &number)) {
        const uint32_t value = rf_compile_operand(c, entry->value, NULL, 0);
        rf_at(c, entry->pos);
        rf_emit(c, RF_OP_DICTPUT, dict, number, value);
    } else {
        rf_node *const after = entry->value;
        const bool is_text = text_key(c, entry, &constant);
        const uint32_t key = is_text ? load_constant(c, constant, RF_PUSH)
                                     : rf_compile_operand(c, entry->key, &after, 1);
        rf_at(c, entry->pos);
        rf_emit(c, RF_OP_DICTKEY, key, 0, 0);
        const uint32_t value = rf_compile_operand(c, entry->value, NULL, 0);
        rf_at(c, entry->pos);
        rf_emit(c, RF_OP_DICTSET, dict, key, value);
    }
    rf_pop_temps(c, mark);
}

/* The keys, when all are constant texts that a record can have; NULL: the dict is built entry by entry. */
static rf_shape *record_shape(const rf_compiler *c, const rf_node *node)
{
    const uint32_t count = node->as.dict.count;
    rf_string *keys[RF_SHAPE_LARGEST];
    if (!count || count > RF_SHAPE_LARGEST) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        rf_value key;
        if (node->as.dict.entries[i].is_spread || !text_key(c, &node->as.dict.entries[i], &key)) return NULL;
        keys[i] = key.as.string;
    }
    return rf_shape_new(keys, count);
}

static uint32_t compile_record(rf_compiler *c, const rf_node *node, rf_shape *shape, uint32_t dest)
{
    const uint32_t literal = rf_literal_index(c, node), window = rf_push_temp(c);
    c->chunk.literals.data[literal].shape = shape;
    for (uint32_t i = 0; i < node->as.dict.count; i++) rf_compile(c, node->as.dict.entries[i].value, RF_PUSH);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_NEWRECORD, window, node->as.dict.count, literal);
    rf_pop_temps(c, window + 1);
    return deliver(c, window, dest);
}

static uint32_t compile_dict(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t count = node->as.dict.count;
    rf_shape *shape = record_shape(c, node);
    if (shape) return compile_record(c, node, shape, dest);
    const uint32_t dict = dest == RF_PUSH || count ? rf_push_temp(c) : dest;
    rf_emit(c, RF_OP_NEWDICT, dict, count < RF_OPERAND_LIMIT ? count : RF_OPERAND_LIMIT, 0);
    if (dict == dest) return dest;
    for (uint32_t i = 0; i < count; i++) compile_entry(c, &node->as.dict.entries[i], dict);
    return deliver(c, dict, dest);
}

static uint32_t compile_interpolation(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t mark = c->top;
    const uint32_t count = node->as.list.count;
    uint32_t pending = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (pending == RUN_MOST) {
            rf_at(c, node->pos);
            rf_emit(c, RF_OP_CONCAT, mark, mark, pending);
            rf_pop_temps(c, mark + 1);
            pending = 1;
        }
        rf_compile(c, node->as.list.items[i], RF_PUSH);
        pending++;
    }
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_CONCAT, dest, mark, pending);
    return dest;
}

/* ---- instances and enum values ---- */

/* The struct declaration that the name is known to hold, or NULL. */
static const rf_struct_decl *known_struct(const rf_ref *ref)
{
    const rf_node *decl = ref->var && !ref->may_be_unset ? ref->var->only_decl : NULL;
    return decl && decl->kind == RF_NODE_STRUCT_DECL ? decl->as.struct_decl.decl : NULL;
}

static bool declares_field(const rf_struct_decl *decl, const rf_symbol *name)
{
    for (uint32_t i = 0; decl && i < decl->field_count; i++)
        if (decl->fields[i].name == name) return true;
    return false;
}

/* Loads the value of a struct's or enum's name without raising Undefined variable. */
static uint32_t load_definition(rf_compiler *c, const rf_ref *ref, rf_pos pos)
{
    rf_ref unchecked = *ref;
    unchecked.may_be_unset = false;
    if (ref->kind != RF_REF_NONE) return rf_load_ref(c, &unchecked, pos, RF_PUSH);
    const uint32_t reg = rf_push_temp(c);
    rf_emit(c, RF_OP_LOADNULL, reg, 0, 0);
    return reg;
}

static uint32_t compile_instance(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const rf_struct_decl *known = known_struct(&node->as.instance.ref);
    const uint32_t window = load_definition(c, &node->as.instance.ref, node->pos);
    rf_at(c, node->pos);
    if (!known)
        rf_emit(c, RF_OP_STRUCTCHECK, window, rf_name_constant(c, node->as.instance.ref.name), 0);
    value_run r = begin_run(c, node->as.instance.count);
    for (uint32_t i = 0; i < r.count; i++) {
        const rf_entry *entry = &node->as.instance.entries[i];
        if (!entry->is_spread && !declares_field(known, entry->word)) {
            rf_at(c, node->pos);
            rf_emit(c, RF_OP_FIELDCHECK, window, rf_name_constant(c, entry->word), 0);
        }
        const uint32_t value = rf_compile(c, entry->value, RF_PUSH);
        rf_at(c, node->pos);
        if (entry->is_spread) rf_emit(c, RF_OP_SPREADCHECK, value, window, 0);
        add_to_run(c, &r, i + 1 == r.count);
    }
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_MAKESTRUCT, window, node->as.instance.count, rf_literal_index(c, node));
    rf_pop_temps(c, window + 1);
    return deliver(c, window, dest);
}

static uint32_t compile_enum_value(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t window = load_definition(c, &node->as.variant.ref, node->pos);
    const uint32_t literal = rf_literal_index(c, node);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_ENUMCHECK, window, literal, 0);
    rf_compile_values(c, node->as.variant.args, node->as.variant.count);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_MAKEENUM, window, node->as.variant.count, literal);
    rf_pop_temps(c, window + 1);
    return deliver(c, window, dest);
}

/* ---- the rest ---- */

void rf_emit_closure(rf_compiler *c, const rf_func *func, uint32_t dest)
{
    rf_emit(c, RF_OP_CLOSURE, dest, rf_child_index(c, func), 0);
}

static uint32_t compile_unary(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t mark = c->top;
    if (node->op == RF_OPER_NOT && is_certainly_bool(node->as.operand)) return compile_logic(c, node, dest);
    const uint32_t operand = rf_compile_operand(c, node->as.operand, NULL, 0);
    rf_pop_temps(c, mark);
    dest = rf_dest(c, dest);
    rf_at(c, node->pos);
    rf_emit(c, node->op == RF_OPER_NEG ? RF_OP_NEG : RF_OP_NOT, dest, operand, 0);
    return dest;
}

static uint32_t compile_throw(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    const uint32_t mark = c->top;
    const uint32_t value = rf_compile_operand(c, node->as.operand, NULL, 0);
    rf_at(c, node->pos);
    rf_emit(c, RF_OP_THROW, value, 0, 0);
    rf_pop_temps(c, mark);
    return rf_dest(c, dest); /* never written: nothing follows */
}

/* AWAIT and YIELD work on a temporary. */
static uint32_t compile_suspending(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    uint32_t value;
    if (node->as.operand) {
        value = rf_compile(c, node->as.operand, RF_PUSH);
    } else {
        value = rf_push_temp(c);
        rf_emit(c, RF_OP_LOADNULL, value, 0, 0);
    }
    rf_at(c, node->pos);
    if (node->kind == RF_NODE_AWAIT)
        rf_emit(c, RF_OP_AWAIT, value, 0, 0);
    else
        rf_emit(c, RF_OP_YIELD, value, value + 1, 0);
    return deliver(c, value, dest);
}

uint32_t rf_compile(rf_compiler *c, const rf_node *node, uint32_t dest)
{
    switch (node->kind) {
    case RF_NODE_NULL_LIT:
        dest = rf_dest(c, dest);
        rf_emit(c, RF_OP_LOADNULL, dest, 0, 0);
        return dest;
    case RF_NODE_BOOL:
        dest = rf_dest(c, dest);
        rf_emit(c, RF_OP_LOADBOOL, dest, node->as.integer != 0, 0);
        return dest;
    case RF_NODE_INT: return load_integer(c, node->as.integer, dest);
    case RF_NODE_FLOAT: return load_constant(c, rf_float(node->as.number), dest);
    case RF_NODE_STRING: return load_constant(c, c->module->literals[node->as.literal], dest);
    case RF_NODE_INTERP: return compile_interpolation(c, node, dest);
    case RF_NODE_NAME: return rf_load_ref(c, &node->as.ref, node->pos, dest);
    case RF_NODE_ARRAY: return compile_array(c, node, dest);
    case RF_NODE_DICT: return compile_dict(c, node, dest);
    case RF_NODE_STRUCT_LIT: return compile_instance(c, node, dest);
    case RF_NODE_ENUM_VALUE: return compile_enum_value(c, node, dest);
    case RF_NODE_UNARY: return compile_unary(c, node, dest);
    case RF_NODE_BINARY: return compile_binary(c, node, dest);
    case RF_NODE_AND:
    case RF_NODE_OR:
        return is_certainly_bool(node->as.binary.right) ? compile_logic(c, node, dest)
                                                        : compile_logic_of_values(c, node, dest);
    case RF_NODE_COALESCE: return compile_coalesce(c, node, dest);
    case RF_NODE_PIPE: return rf_compile_pipe(c, node, dest);
    case RF_NODE_CALL: return rf_is_plain_call(node) ? rf_compile_call(c, node, dest) : compile_suffixes(c, node, dest);
    case RF_NODE_METHOD:
        return node->as.method.place ? rf_compile_place_method(c, node, RF_PUSH, dest) : compile_suffixes(c, node, dest);
    case RF_NODE_FIELD:
    case RF_NODE_INDEX:
    case RF_NODE_TRY_OP: return compile_suffixes(c, node, dest);
    case RF_NODE_AWAIT:
    case RF_NODE_YIELD: return compile_suspending(c, node, dest);
    case RF_NODE_THROW: return compile_throw(c, node, dest);
    case RF_NODE_IF_EXPR: return compile_if_expr(c, node, dest);
    case RF_NODE_FUNC:
        dest = rf_dest(c, dest);
        rf_emit_closure(c, node->as.func, dest);
        return dest;
    default: rf_assert(!"an expression"); return rf_dest(c, dest);
    }
}

void rf_compile_discard(rf_compiler *c, const rf_node *node)
{
    const uint32_t mark = c->top;
    const uint32_t value = rf_compile_operand(c, node, NULL, 0);
    if (rf_is_temp(c, value)) rf_emit_drop(c, value, value + 1);
    rf_pop_temps(c, mark);
}
