/* Patterns: destructuring (LANGUAGE 7.2) and match (LANGUAGE 10.3).
 *
 * The value looked at stays in its register; parts that need a look of their own go to a temporary for as long.  When
 * a match pattern fails inside nested parts, the temporaries of the outer parts live: each level has its list of
 * failures, and behind the pattern come the landing pads, innermost first, each dropping one temporary. */
#include "base/alloc.h"
#include "vm/compile.h"

/* ---- binding ---- */

static void bind_name(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, bool declares)
{
    rf_at(c, pattern->pos);
    if (pattern->is_duplicate)
        rf_emit_named(c, RF_OP_DUPLICATE, pattern->ref.name, pattern->pos);
    else if (declares)
        rf_declare_ref(c, &pattern->ref, reg);
    else
        rf_store_ref(c, &pattern->ref, pattern->pos, reg);
}

/* The local that a part may be put into at once, or RF_PUSH. */
static uint32_t direct_target(const rf_compiler *c, const rf_pattern *pattern, bool declares)
{
    if (pattern->kind != RF_PATTERN_NAME || pattern->is_duplicate) return RF_PUSH;
    if (rf_ref_is_self(&pattern->ref) || (!declares && rf_ref_is_constant(&pattern->ref))) return RF_PUSH;
    return rf_ref_register(c, &pattern->ref);
}

typedef enum part_kind { ITEM, ITEM_REST, ENTRY, ENTRY_REST, PAYLOAD, ENTRY_VALUE } part_kind;
static const uint16_t part_ops[] = {RF_OP_ITEM,      RF_OP_ITEMREST, RF_OP_ENTRY,
                                    RF_OP_ENTRYREST, RF_OP_PAYLOAD,  RF_OP_ENTRYVALUE};

static void bind_part(rf_compiler *c, const rf_pattern *part, part_kind kind, uint32_t reg, uint32_t which,
                      bool declares)
{
    if (part->kind == RF_PATTERN_DISCARD) return;
    const uint32_t mark = c->top;
    const uint32_t target = direct_target(c, part, declares);
    const uint32_t dest = rf_dest(c, target);
    rf_at(c, part->pos);
    rf_emit(c, part_ops[kind], dest, reg, which);
    if (target == RF_PUSH) rf_bind_pattern(c, part, dest, declares);
    rf_pop_temps(c, mark);
}

static void bind_parts(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, bool declares)
{
    if (pattern->kind == RF_PATTERN_ARRAY) {
        for (uint32_t i = 0; i < pattern->count; i++)
            bind_part(c, pattern->items[i], ITEM, reg, i, declares);
        if (pattern->rest) bind_part(c, pattern->rest, ITEM_REST, reg, pattern->count, declares);
        return;
    }
    for (uint32_t i = 0; i < pattern->count; i++)
        bind_part(c, pattern->keys[i].pattern, ENTRY, reg, rf_name_constant(c, pattern->keys[i].key), declares);
    if (pattern->rest)
        bind_part(c, pattern->rest, ENTRY_REST, reg, rf_literal_index(c, pattern), declares);
}

void rf_bind_entry_value(rf_compiler *c, const rf_pattern *pattern, uint32_t state)
{
    bind_part(c, pattern, ENTRY_VALUE, state, 0, true);
}

void rf_bind_pattern(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, bool declares)
{
    if (pattern->kind == RF_PATTERN_NAME) {
        bind_name(c, pattern, reg, declares);
        return;
    }
    if (pattern->kind == RF_PATTERN_ARRAY || pattern->kind == RF_PATTERN_DICT)
        bind_parts(c, pattern, reg, declares);
    if (rf_is_temp(c, reg)) rf_emit_drop(c, reg, reg + 1);
}

/* [a, b] := [x, y]: the elements need no array. */
static bool bind_elements(rf_compiler *c, const rf_pattern *pattern, const rf_node *value, bool declares)
{
    if (pattern->kind != RF_PATTERN_ARRAY || pattern->rest || value->kind != RF_NODE_ARRAY ||
        value->as.list.count != pattern->count || pattern->count > 16)
        return false;
    for (uint32_t i = 0; i < pattern->count; i++)
        if (value->as.list.items[i]->kind == RF_NODE_SPREAD) return false;
    const uint32_t mark = c->top;
    for (uint32_t i = 0; i < pattern->count; i++) rf_compile(c, value->as.list.items[i], RF_PUSH);
    for (uint32_t i = 0; i < pattern->count; i++) rf_bind_pattern(c, pattern->items[i], mark + i, declares);
    rf_pop_temps(c, mark);
    return true;
}

void rf_compile_binding(rf_compiler *c, const rf_node *node)
{
    const rf_pattern *pattern = node->as.bind.pattern;
    const rf_node *value = node->as.bind.value;
    const bool declares = node->kind != RF_NODE_DESTRUCTURE;
    const uint32_t mark = c->top;
    const uint32_t target = direct_target(c, pattern, declares);
    if (target != RF_PUSH)
        rf_compile(c, value, target);
    else if (!bind_elements(c, pattern, value, declares))
        rf_bind_pattern(c, pattern, rf_compile(c, value, RF_PUSH), declares);
    rf_pop_temps(c, mark);
}

/* ---- match ---- */

typedef struct failures { /* by level: jumps to be taken when the temporaries of that many parts live */
    RF_VECTOR(rf_jumps) levels;
} failures;

static void fail_at(failures *f, size_t level, uint32_t jump)
{
    while (f->levels.count <= level) {
        const rf_jumps none = {0};
        rf_vector_push(&f->levels, none);
    }
    rf_vector_push(&f->levels.data[level], jump);
}

static void match_pattern(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, size_t level, failures *f);

static void match_part(rf_compiler *c, const rf_pattern *part, part_kind kind, uint32_t reg, uint32_t which,
                       size_t level, failures *f)
{
    if (part->kind == RF_PATTERN_DISCARD) return;
    const uint32_t mark = c->top;
    const uint32_t target = direct_target(c, part, true);
    const uint32_t dest = rf_dest(c, target);
    rf_at(c, part->pos);
    rf_emit(c, part_ops[kind], dest, reg, which);
    if (target == RF_PUSH) {
        match_pattern(c, part, dest, level + 1, f);
        if (part->kind != RF_PATTERN_NAME) rf_emit_drop(c, dest, dest + 1);
    }
    rf_pop_temps(c, mark);
}

static uint32_t literal_constant(rf_compiler *c, const rf_node *literal)
{
    switch (literal->kind) {
    case RF_NODE_BOOL: return rf_constant(c, rf_bool(literal->as.integer));
    case RF_NODE_INT: return rf_constant(c, rf_int(literal->as.integer));
    case RF_NODE_FLOAT: return rf_constant(c, rf_float(literal->as.number));
    case RF_NODE_STRING: return rf_constant(c, c->module->literals[literal->as.literal]);
    default: return rf_constant(c, rf_null());
    }
}

/* Looks at R[reg]; a NAME moves out of a temporary. */
static void match_pattern(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, size_t level, failures *f)
{
    rf_at(c, pattern->pos);
    switch (pattern->kind) {
    case RF_PATTERN_DISCARD: break;
    case RF_PATTERN_NAME: rf_declare_ref(c, &pattern->ref, reg); break;
    case RF_PATTERN_LITERAL:
        fail_at(f, level, rf_emit_jump(c, RF_OP_JNOTEQUAL, reg, literal_constant(c, pattern->literal)));
        break;
    case RF_PATTERN_VARIANT:
        fail_at(f, level, rf_emit_jump(c, RF_OP_JNOTVARIANT, reg, rf_literal_index(c, pattern)));
        for (uint32_t i = 0; i < pattern->count; i++)
            match_part(c, pattern->items[i], PAYLOAD, reg, i, level, f);
        break;
    case RF_PATTERN_ARRAY:
        fail_at(f, level, rf_emit_jump(c, RF_OP_JNOTARRAY, reg, pattern->count * 2 + (pattern->rest != NULL)));
        for (uint32_t i = 0; i < pattern->count; i++) match_part(c, pattern->items[i], ITEM, reg, i, level, f);
        if (pattern->rest) match_part(c, pattern->rest, ITEM_REST, reg, pattern->count, level, f);
        break;
    default:
        fail_at(f, level, rf_emit_jump(c, RF_OP_JNOTENTRIES, reg, rf_literal_index(c, pattern)));
        for (uint32_t i = 0; i < pattern->count; i++)
            match_part(c, pattern->keys[i].pattern, ENTRY, reg, rf_name_constant(c, pattern->keys[i].key), level,
                       f);
        if (pattern->rest) match_part(c, pattern->rest, ENTRY_REST, reg, rf_literal_index(c, pattern), level, f);
        break;
    }
}

/* Lets all failures arrive here, with only the subject alive; falling through from above goes to the result, which is
 * to be patched (0: nothing in between). */
static uint32_t land_failures(rf_compiler *c, failures *f, uint32_t first_part)
{
    uint32_t around = 0;
    if (f->levels.count > 1) around = rf_emit_jump(c, RF_OP_JMP, 0, 0);
    for (size_t level = f->levels.count; level-- > 1;) {
        rf_patch_all(c, &f->levels.data[level], rf_here(c));
        rf_emit_drop(c, first_part + (uint32_t)level - 1, first_part + (uint32_t)level);
    }
    return around;
}

static void copy_subject(rf_compiler *c, const rf_pattern *pattern, uint32_t subject)
{
    const uint32_t target = rf_ref_register(c, &pattern->ref);
    if (target == subject) return;
    const uint32_t mark = c->top;
    const uint32_t copy = rf_dest(c, target);
    rf_emit(c, RF_OP_COPY, copy, subject, 0);
    if (target == RF_PUSH) rf_declare_ref(c, &pattern->ref, copy);
    rf_pop_temps(c, mark);
}

/* One case; jumps to `done` behind its body. */
static void compile_case(rf_compiler *c, const rf_case *candidate, uint32_t subject, rf_jumps *done)
{
    const uint32_t mark = c->top;
    failures f = {{0}};
    rf_enter_scope(c, candidate->body->scope, NULL);
    if (candidate->pattern->kind == RF_PATTERN_NAME)
        copy_subject(c, candidate->pattern, subject); /* the guard may fail, other cases look at the subject */
    else
        match_pattern(c, candidate->pattern, subject, 0, &f);
    rf_jumps failed = {0};
    const bool has_pads = f.levels.count > 1;
    if (has_pads) { /* pads first: the guard has no parts alive */
        const uint32_t around = land_failures(c, &f, mark);
        rf_vector_push(&failed, rf_emit_jump(c, RF_OP_JMP, 0, 0));
        rf_patch(c, around, rf_here(c));
    }
    if (candidate->guard) rf_compile_jump(c, candidate->guard, false, &failed);
    if (rf_is_temp(c, subject)) {
        rf_emit_drop(c, subject, subject + 1);
        rf_pop_temps(c, subject);
    }
    rf_compile_entered(c, candidate->body);
    rf_vector_push(done, rf_emit_jump(c, RF_OP_JMP, 0, 0));
    rf_pop_temps(c, mark);
    if (f.levels.count) rf_patch_all(c, &f.levels.data[0], rf_here(c));
    rf_patch_all(c, &failed, rf_here(c));
    rf_vector_release(&f.levels);
}

static bool has_guard(const rf_node *node)
{
    for (uint32_t i = 0; i < node->as.match.count; i++)
        if (node->as.match.cases[i].guard) return true;
    return false;
}

void rf_compile_match(rf_compiler *c, const rf_node *node)
{
    const uint32_t mark = c->top;
    /* a guard may call a method that stores to the subject's variable */
    const uint32_t subject = has_guard(node) ? rf_compile(c, node->as.match.subject, RF_PUSH)
                                             : rf_compile_operand(c, node->as.match.subject, NULL, 0);
    rf_jumps done = {0};
    c->branch_depth++;
    for (uint32_t i = 0; i < node->as.match.count; i++)
        compile_case(c, &node->as.match.cases[i], subject, &done);
    if (rf_is_temp(c, subject)) rf_emit_drop(c, subject, subject + 1);
    rf_pop_temps(c, mark);
    if (node->as.match.default_body) rf_compile_block(c, node->as.match.default_body);
    c->branch_depth--;
    rf_patch_all(c, &done, rf_here(c));
}
