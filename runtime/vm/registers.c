/* Register allocation and emission for one function.
 *
 * Locals have the slot numbers the resolver gave them; temporaries are a stack above them.  A temporary is written once
 * and read once, and between its death and its next birth its register holds nothing counted: so writing one needs no
 * release, and unwinding a frame may release every register of the window. */
#include "base/alloc.h"
#include "vm/compile.h"
#include "vm/state.h"

uint32_t rf_push_temps(rf_compiler *c, uint32_t count)
{
    const uint32_t first = c->top;
    if (first + count > RF_REGISTER_LIMIT) {
        c->is_too_large = true;
        return c->temp_base;
    }
    c->top += count;
    if (c->top > c->max_top) c->max_top = c->top;
    return first;
}

uint32_t rf_dest(rf_compiler *c, uint32_t dest)
{
    return dest == RF_PUSH ? rf_push_temp(c) : dest;
}

uint32_t rf_wide_register(uint32_t slot)
{
    return RF_WIDE_BASE + (slot - RF_LOCAL_LIMIT);
}

/* ---- emitting ---- */

void rf_at(rf_compiler *c, rf_pos pos)
{
    c->chunk.pos = pos;
}

static uint32_t fit(rf_compiler *c, uint32_t operand)
{
    if (operand > RF_OPERAND_LIMIT) c->is_too_large = true;
    return operand & RF_OPERAND_LIMIT;
}

void rf_emit_page(rf_compiler *c, uint32_t page)
{
    if (page > c->last_page) c->last_page = page;
    rf_chunk_emit_wide(&c->chunk, RF_OP_PAGE, 0, (int32_t)page);
}

static bool is_index(unsigned kind)
{
    return kind == RF_OPERAND_CONST || kind == RF_OPERAND_SITE || kind == RF_OPERAND_CHILD ||
           kind == RF_OPERAND_PLACE || kind == RF_OPERAND_LITERAL;
}

/* The page that the index among the operands lies on: an instruction has at most one. */
static uint32_t page_of(rf_op op, const uint32_t values[3])
{
    for (unsigned i = 0; i < 3; i++)
        if (is_index(rf_op_infos[op].operands[i])) return values[i] / RF_PAGE_SIZE;
    return 0;
}

static uint32_t fit_operand(rf_compiler *c, rf_op op, unsigned i, uint32_t value)
{
    return is_index(rf_op_infos[op].operands[i]) ? value % RF_PAGE_SIZE : fit(c, value);
}

static uint32_t emit_on_page(rf_compiler *c, rf_op op, uint32_t a, uint32_t b, uint32_t x)
{
    return rf_chunk_emit(&c->chunk, op, fit_operand(c, op, 0, a), fit_operand(c, op, 1, b),
                         fit_operand(c, op, 2, x));
}

uint32_t rf_emit(rf_compiler *c, rf_op op, uint32_t a, uint32_t b, uint32_t x)
{
    const uint32_t page = page_of(op, (const uint32_t[]){a, b, x});
    if (!page) return emit_on_page(c, op, a, b, x);
    rf_emit_page(c, page);
    const uint32_t pc = emit_on_page(c, op, a, b, x);
    rf_emit_page(c, 0);
    return pc;
}

uint32_t rf_emit_wide(rf_compiler *c, rf_op op, uint32_t a, int64_t wide)
{
    if (wide > INT32_MAX || wide < INT32_MIN) c->is_too_large = true;
    return rf_chunk_emit_wide(&c->chunk, op, fit(c, a), (int32_t)wide);
}

uint32_t rf_here(const rf_compiler *c)
{
    return (uint32_t)c->chunk.code.count;
}

static bool has_short_distance(unsigned op)
{
    return rf_op_infos[op].operands[2] == RF_OPERAND_JUMP;
}

/* Both ways lead over a PAGE 0. */
static uint32_t emit_jump_on_page(rf_compiler *c, rf_op op, uint32_t a, uint32_t b, uint32_t page)
{
    rf_emit_page(c, page);
    emit_on_page(c, op, a, b, 2); /* taken: to the second PAGE 0 */
    rf_emit_page(c, 0);
    rf_emit_wide(c, RF_OP_JMP, 0, 2); /* not taken: over the long jump */
    rf_emit_page(c, 0);
    return rf_emit_wide(c, RF_OP_JMP, 0, 0);
}

uint32_t rf_emit_jump(rf_compiler *c, rf_op op, uint32_t a, uint32_t b)
{
    if (!has_short_distance(op)) return rf_emit_wide(c, op, a, 0);
    const uint32_t page = page_of(op, (const uint32_t[]){a, b, 0});
    if (page) return emit_jump_on_page(c, op, a, b, page);
    if (!c->long_jumps) return rf_emit(c, op, a, b, 0);
    rf_emit(c, op, a, b, 1);                 /* taken: over the next instruction */
    rf_emit_wide(c, RF_OP_JMP, 0, 1);        /* not taken: over the long jump */
    return rf_emit_wide(c, RF_OP_JMP, 0, 0);
}

void rf_patch(rf_compiler *c, uint32_t jump, uint32_t target)
{
    rf_instruction *in = &c->chunk.code.data[jump];
    const int64_t distance = (int64_t)target - (int64_t)jump - 1;
    if (!has_short_distance(in->op)) {
        in->wide = (int32_t)distance;
        return;
    }
    if (distance > INT16_MAX || distance < INT16_MIN) c->jump_overflow = true;
    in->c = (uint16_t)distance;
}

void rf_patch_all(rf_compiler *c, rf_jumps *jumps, uint32_t target)
{
    for (size_t i = 0; i < jumps->count; i++) rf_patch(c, jumps->data[i], target);
    rf_vector_release(jumps);
}

void rf_emit_drop(rf_compiler *c, uint32_t first, uint32_t end)
{
    if (first < end) rf_emit(c, RF_OP_DROP, first, end - first, 0);
}

void rf_emit_move(rf_compiler *c, uint32_t dest, uint32_t reg)
{
    if (dest == reg) return;
    rf_emit(c, rf_is_temp(c, reg) ? RF_OP_MOVE : RF_OP_COPY, dest, reg, 0);
}

/* ---- tables ---- */

uint32_t rf_constant(rf_compiler *c, rf_value v)
{
    return rf_chunk_add_constant(&c->chunk, v);
}

rf_string *rf_symbol_string(const rf_compiler *c, const rf_symbol *name)
{
    return c->module->literals[name->literal].as.string;
}

uint32_t rf_name_constant(rf_compiler *c, const rf_symbol *name)
{
    return rf_constant(c, c->module->literals[name->literal]);
}

uint32_t rf_literal_index(rf_compiler *c, const void *syntax)
{
    const rf_literal_info info = {.syntax = syntax};
    rf_vector_push(&c->chunk.literals, info);
    return (uint32_t)c->chunk.literals.count - 1;
}

bool rf_fitting_constant(rf_compiler *c, rf_value v, uint32_t *index)
{
    *index = rf_constant(c, v);
    return *index <= RF_OPERAND_LIMIT;
}

/* So many sites have caches of their own; beyond, code that looks the same shares one: such a function is data. */
enum { OWN_SITES = 4096, SHARED_AMONG = 64 };

static bool is_same_site(const rf_site *a, const rf_site *b)
{
    return a->name == b->name && a->flags == b->flags && a->arg_count == b->arg_count &&
           a->updater == b->updater && a->skip == b->skip && a->place == b->place && a->builtin == b->builtin &&
           a->window == b->window;
}

static bool find_site(const rf_compiler *c, const rf_site *site, size_t count, uint32_t *index)
{
    for (size_t i = count; i > 0 && count - i < SHARED_AMONG; i--) {
        if (!is_same_site(&c->chunk.sites.data[i - 1], site)) continue;
        *index = (uint32_t)i - 1;
        return true;
    }
    return false;
}

uint32_t rf_site_index(rf_compiler *c, rf_site site)
{
    uint32_t index;
    /* a site with a place gets its skip later: rf_site_finish */
    if (c->chunk.sites.count > OWN_SITES && site.place == RF_NO_PLACE &&
        find_site(c, &site, c->chunk.sites.count, &index))
        return index;
    return rf_chunk_add_site(&c->chunk, site);
}

static void share_site(rf_compiler *c, uint32_t site, uint32_t call, bool has_page)
{
    uint32_t index;
    if (c->chunk.sites.count <= OWN_SITES || site + 1 != c->chunk.sites.count ||
        !find_site(c, &c->chunk.sites.data[site], site, &index))
        return;
    c->chunk.code.data[call].b = (uint16_t)index;
    if (has_page) c->chunk.code.data[call - 1].wide = (int32_t)(index / RF_PAGE_SIZE);
    c->chunk.sites.count--;
}

void rf_site_finish(rf_compiler *c, uint32_t site, uint32_t call)
{
    const bool has_page = site >= RF_PAGE_SIZE;
    c->chunk.sites.data[site].skip = (uint16_t)(rf_here(c) - call - 1);
    share_site(c, site, call, has_page);
    if (has_page) rf_emit_page(c, 0); /* the one behind the call is skipped, too */
}

uint32_t rf_child_index(rf_compiler *c, const rf_func *func)
{
    return rf_chunk_add_child(&c->chunk, rf_vm_proto(c->isolate, c->module, func));
}
