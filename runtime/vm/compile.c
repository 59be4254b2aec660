/* One function: body to code, once more with long jumps when 16 bits were not enough, or when it needed wide registers. */
#include "vm/compile.h"

#include "base/alloc.h"
#include "prof/thread.h"
#include "sched/stack.h"
#include "vm/improve.h"
#include "vm/profile.h"
#include "vm/verify.h"

#include <string.h>

static void init(rf_compiler *c, rf_isolate *isolate, rf_proto *proto, bool long_jumps, bool releases_all)
{
    memset(c, 0, sizeof *c);
    c->isolate = isolate;
    c->module = proto->module;
    c->func = proto->func;
    c->proto = proto;
    c->long_jumps = long_jumps;
    const uint32_t slots = proto->func->slot_count;
    c->temp_base = slots < RF_LOCAL_LIMIT ? slots : RF_LOCAL_LIMIT;
    c->wide_count = slots - c->temp_base;
    c->releases_all = releases_all || c->wide_count;
    c->top = c->max_top = c->temp_base;
    rf_chunk_init(&c->chunk, isolate);
}

static void compile_body(rf_compiler *c)
{
    rf_at(c, c->func->pos);
    rf_compile_block(c, c->func->body);
    rf_at(c, c->func->end);
    rf_emit(c, RF_OP_RETURNNULL, 0, c->releases_all ? RF_OPERAND_LIMIT : c->temp_base, 0);
    rf_vector_release(&c->hoisted);
}

/* Code that raises: more values wait at once than instructions can name. */
static void compile_refusal(rf_compiler *c)
{
    rf_value message =
        rf_string_format(c->isolate, "Function '%s' is too large: it needs more than %d registers; split it",
                         c->func->display_name ? c->func->display_name : "<module>", RF_OPERAND_LIMIT);
    rf_at(c, c->func->pos);
    rf_emit(c, RF_OP_TOOLARGE, rf_constant(c, message), 0, 0);
    rf_release(c->isolate, message);
}

static void finish(rf_compiler *c)
{
    rf_proto *proto = c->proto;
    proto->temp_base = c->temp_base;
    /* one more than used: calling a bound method puts self in front of the arguments */
    proto->register_count = (c->wide_count ? RF_WIDE_BASE + c->wide_count : c->max_top) + 1;
    rf_chunk_finish(&c->chunk, proto, c->last_page);
    proto->is_compiled = true;
    rf_vm_verify(proto);
    rf_vm_move_dying_locals(proto);
    rf_vm_mark_chains(proto);
    rf_vm_verify(proto);
}

static void compile_proto(rf_isolate *isolate, rf_proto *proto)
{
    rf_compiler c;
    init(&c, isolate, proto, false, false);
    compile_body(&c);
    while (!c.is_too_large && (c.jump_overflow || (c.wide_count && !c.releases_all))) {
        rf_chunk_release(&c.chunk);
        init(&c, isolate, proto, c.long_jumps || c.jump_overflow, c.wide_count != 0);
        compile_body(&c);
    }
    if (c.is_too_large) {
        rf_chunk_release(&c.chunk);
        init(&c, isolate, proto, false, false);
        compile_refusal(&c);
    }
    finish(&c);
}

typedef struct request {
    rf_isolate *isolate;
    rf_proto *proto;
} request;

static void compile_request(void *context)
{
    const request *r = context;
    compile_proto(r->isolate, r->proto);
}

void rf_compile_proto(rf_isolate *isolate, rf_proto *proto)
{
    request r = {isolate, proto};
    rf_prof_scope scope;
    if (isolate->prof) rf_prof_enter(isolate->prof, &scope, RF_PROF_STATE(RF_TIER_PARSE, 0));
    if (rf_stack_is_low(isolate))
        rf_stack_call(isolate, compile_request, &r);
    else
        compile_request(&r);
    if (isolate->prof) rf_prof_leave(isolate->prof, &scope);
}
