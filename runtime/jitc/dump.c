/* The ways out of native code as text, one a line. */
#include "jitc/dump.h"

#include "jitc/core.h"

static const char *const reasons[RF_EXIT_REASONS] = {
#define RF_EXIT(name, text, meaning) text,
#include "jit/exit.def"
#undef RF_EXIT
};

static const char *kind_name(const rf_known *known)
{
    switch (known->kind) {
    case RF_KIND_INT: return "int";
    case RF_KIND_FLOAT: return "float";
    case RF_KIND_BOOL: return "bool";
    case RF_KIND_VIRTUAL: return "made";
    default: return NULL; /* already where the VM has it */
    }
}

void rf_dump_exit(tr *t, const rf_known *state, uint32_t pc, unsigned reason)
{
    rf_buffer *out = &t->all->exits;
    rf_buffer_format(out, "  function %u%s  %5u %-16s %-7s", t->number, t->is_top ? "     " : " call", pc,
                     rf_op_infos[t->s->code[pc].op].name, reasons[reason]);
    const char *separator = " writes back ";
    for (uint32_t i = 0; i < t->s->f.register_count; i++) {
        const char *kind = kind_name(&state[i]);
        if (!kind || !rf_source_is_live(t->s, pc, i)) continue;
        rf_buffer_format(out, "%sR%u %s", separator, i, kind);
        separator = ", ";
    }
    rf_buffer_append(out, "\n", 1);
}
