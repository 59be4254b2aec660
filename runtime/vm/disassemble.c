/* Listing of code, for `ruff dump --bytecode`, tests and debugging. */
#include "vm/vm.h"

#include "base/alloc.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"
#include "value/struct_type.h"
#include "vm/compile.h"
#include "vm/disassemble.h"
#include "vm/jit_hook.h"
#include "vm/state.h"

static void append_constant(rf_isolate *isolate, const rf_proto *proto, uint32_t index, rf_buffer *out)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (rf_inspect_repl(isolate, proto->constants[index], &text)) rf_buffer_append(out, text.data, text.size);
    rf_buffer_release(&text);
}

static void append_place(const rf_place_info *place, rf_buffer *out)
{
    static const char *const roots[] = {
        [RF_REF_LOCAL] = "r", [RF_REF_CAPTURE] = "capture ", [RF_REF_MODULE] = "module "};
    rf_buffer_format(out, " <%s%u", roots[place->root], place->index);
    for (uint32_t i = 0; i < place->count; i++) {
        if (place->steps[i].field)
            rf_buffer_format(out, ".%s", place->steps[i].field->text);
        else
            rf_buffer_format(out, "[r%u]", place->steps[i].reg);
    }
    rf_buffer_append_text(out, ">");
}

static void append_site(const rf_proto *proto, uint32_t index, rf_buffer *out)
{
    const rf_site *site = &proto->sites[index];
    rf_buffer_format(out, " .%s", site->name->text);
    if (site->arg_count) rf_buffer_format(out, "/%u", site->arg_count);
    if (site->place != RF_NO_PLACE) append_place(rf_site_place(proto, site), out);
    if (site->skip) rf_buffer_format(out, " skip %u", site->skip);
}

static void append_operand(rf_isolate *isolate, const rf_proto *proto, uint32_t pc, unsigned i, rf_buffer *out)
{
    const rf_instruction in = proto->code[pc];
    const uint32_t value = i == 0 ? in.a : i == 1 ? in.b : in.c;
    const unsigned kind = rf_op_infos[in.op].operands[i];
    if (pc && proto->code[pc - 1].op == RF_OP_PAGE) proto = rf_proto_page((rf_proto *)(uintptr_t)proto, (uint32_t)proto->code[pc - 1].wide);
    switch (kind) {
    case RF_OPERAND_NONE:
    case RF_OPERAND_WIDE: break;
    case RF_OPERAND_NUM:
    case RF_OPERAND_COUNT: rf_buffer_format(out, " %u", value); break;
    case RF_OPERAND_INT: rf_buffer_format(out, " #%d", (int16_t)value); break;
    case RF_OPERAND_CONST:
        rf_buffer_append_text(out, " ");
        append_constant(isolate, proto, value, out);
        break;
    case RF_OPERAND_SITE: append_site(proto, value, out); break;
    case RF_OPERAND_CHILD: rf_buffer_format(out, " <%s>", proto->children[value]->func->display_name); break;
    case RF_OPERAND_BUILTIN: rf_buffer_format(out, " %s", isolate->builtins[value].name); break;
    case RF_OPERAND_PLACE: append_place(proto->places[value], out); break;
    case RF_OPERAND_LITERAL: rf_buffer_format(out, " literal %u", value); break;
    case RF_OPERAND_JUMP:
    case RF_OPERAND_JUMP32: rf_buffer_format(out, " -> %u", (uint32_t)rf_op_jump_target(proto->code, pc)); break;
    case RF_OPERAND_INT32: rf_buffer_format(out, " #%d", in.wide); break;
    case RF_OPERAND_CONST32:
        rf_buffer_append_text(out, " ");
        append_constant(isolate, proto, (uint32_t)in.wide, out);
        break;
    case RF_OPERAND_SLOT32:
        rf_buffer_format(out, " %s", proto->module->unit->module_vars.data[in.wide]->name->text);
        break;
    case RF_OPERAND_CAPTURE32: rf_buffer_format(out, " capture %u", (uint32_t)in.wide); break;
    case RF_OPERAND_PAGE32: rf_buffer_format(out, " %u", (uint32_t)in.wide); break;
    case RF_OPERAND_WIDE32: rf_buffer_format(out, " w%u", (uint32_t)in.wide); break;
    default: rf_buffer_format(out, " r%u", value); break;
    }
}

/* ---- what was observed ---- */

/* Names of the kinds of values in a feedback word. */
static void append_kinds(uint32_t seen, rf_buffer *out)
{
    static const char *const elements[] = {"empty", "ints", "floats", "bools", "values"};
    bool is_first = true;
    if (!seen) rf_buffer_append_text(out, "-");
    for (unsigned tag = 0; tag < RF_TAG_COUNT; tag++) {
        if (!(seen & 1u << tag)) continue;
        const char *name = tag == RF_HANDLE      ? "handle"
                           : tag == RF_GENERATOR ? "generator" /* or iterator: there is none to ask */
                                                 : rf_type_name((rf_value){.head = tag});
        rf_buffer_format(out, "%s%s", is_first ? "" : "|", name);
        is_first = false;
        const char *between = " of ";
        for (unsigned kind = 0; tag == RF_ARRAY && kind < RF_COUNT_OF(elements); kind++) {
            if (!(seen & 1u << (RF_SEEN_ARRAY_SHIFT + kind))) continue;
            rf_buffer_format(out, "%s%s", between, elements[kind]);
            between = "/";
        }
    }
    if (seen & RF_SEEN_WRAPPED) rf_buffer_format(out, "%swrapped", is_first ? "" : "|");
}

static bool is_read(unsigned operand)
{
    return operand > RF_OPERAND_DEF && operand < RF_OPERAND_NUM;
}

/* What the instruction, which reads a part of a container, is about to find, borrowed; UNSET when that cannot be told. */
static rf_value part_read(const rf_frame *fp, const rf_instruction *pc)
{
    const rf_value from = fp->base[pc->b];
    rf_value key = {.head = RF_UNSET};
    if (pc > fp->proto->code && rf_vm_unchained(pc[-1].op) != pc[-1].op) return key; /* R[b] is only looked at */
    switch (pc->op) {
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEX_T: key = fp->base[pc->c]; break;
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T: key = rf_int((int16_t)pc->c); break;
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T: {
        const rf_string *field = fp->proto->sites[pc->c].name;
        if (from.head == RF_DICT) return rf_dict_peek(from.as.dict, rf_key_from_string((rf_string *)(uintptr_t)field));
        if (from.head != RF_STRUCT) return key;
        const int32_t index = rf_structdef_find_field(from.as.instance->layout->def, field);
        return index < 0 ? key : rf_struct_peek(from.as.instance, (uint32_t)index);
    }
    default: return key;
    }
    rf_key known;
    if (from.head == RF_ARRAY && key.head == RF_INT) {
        const int64_t count = from.as.array->length, at = key.as.i < 0 ? key.as.i + count : key.as.i;
        if (at >= 0 && at < count) return rf_array_peek(from.as.array, (uint32_t)at);
    }
    if (from.head == RF_DICT && rf_key_from_value(key, &known)) return rf_dict_peek(from.as.dict, known);
    return (rf_value){.head = RF_UNSET};
}

void rf_vm_name_operands(const rf_frame *fp, const rf_instruction *pc, rf_buffer *observed, rf_buffer *now)
{
    const rf_proto *proto = rf_proto_page(fp->proto, 0);
    const rf_feedback *feedback = proto->feedback ? &proto->feedback[pc - proto->code] : NULL;
    const uint32_t fields[3] = {pc->a, pc->b, pc->c};
    for (unsigned i = 0; i < 3; i++) {
        if (!is_read(rf_op_infos[pc->op].operands[i])) continue;
        if (now->size) rf_buffer_append_text(now, ", ");
        append_kinds(rf_vm_kind_of(fp->base[fields[i]]), now);
        if (!feedback) continue;
        if (observed->size) rf_buffer_append_text(observed, ", ");
        append_kinds(feedback->seen[i], observed);
    }
    const rf_value part = part_read(fp, pc);
    if (part.head != RF_UNSET) {
        rf_buffer_append_text(now, " -> ");
        append_kinds(rf_vm_kind_of(part), now);
    }
    if (!feedback || !feedback->result || rf_op_infos[pc->op].operands[0] != RF_OPERAND_DEF) return;
    rf_buffer_append_text(observed, " -> ");
    append_kinds(feedback->result, observed);
}

/* How often it ran, what was in the registers it names, what it left in the first. */
static void append_feedback(const rf_feedback *seen, const rf_op_info *info, rf_buffer *out)
{
    rf_buffer_format(out, "  ; %u times", seen->count);
    const char *between = ": ";
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t operand = info->operands[i];
        if (!is_read(operand) || !seen->seen[i]) continue;
        rf_buffer_append_text(out, between);
        append_kinds(seen->seen[i], out);
        between = ", ";
    }
    if (seen->result && info->operands[0] == RF_OPERAND_DEF) {
        rf_buffer_append_text(out, " -> ");
        append_kinds(seen->result, out);
    }
    for (unsigned i = 0; i < RF_SEEN_CALLEES && seen->callees[i]; i++) {
        const char *name = seen->callees[i]->func->display_name;
        rf_buffer_format(out, "%s%s", i ? ", " : " calls ", name ? name : "a function");
    }
    if (seen->calls_others) rf_buffer_append_text(out, seen->callees[0] ? ", others" : " calls others");
}

void rf_vm_disassemble(rf_isolate *isolate, const rf_proto *proto, bool with_feedback, rf_buffer *out)
{
    const char *name = proto->func->display_name;
    rf_buffer_format(out, "%s: %u parameters, %u registers, temporaries from r%u\n", name ? name : "<module>",
                     proto->param_count, proto->register_count, proto->temp_base);
    rf_pos *positions = rf_proto_positions(proto);
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        if (!pc || positions[pc].line != positions[pc - 1].line)
            rf_buffer_format(out, "%5u ", positions[pc].line);
        else
            rf_buffer_append_text(out, "      ");
        rf_buffer_format(out, "%4u  %-11s", pc, rf_op_infos[proto->code[pc].op].name);
        for (unsigned i = 0; i < 3; i++) append_operand(isolate, proto, pc, i, out);
        if (with_feedback && proto->feedback)
            append_feedback(&proto->feedback[pc], &rf_op_infos[proto->code[pc].op], out);
        rf_buffer_append_text(out, "\n");
    }
    rf_free(positions);
    for (uint32_t i = 0; i < proto->handler_count; i++) {
        const rf_handler *handler = &proto->handlers[i];
        rf_buffer_format(out, "      except %u .. %u -> %u, keeps registers below r%u\n", handler->start, handler->end,
                         handler->target, handler->level);
    }
}

void rf_vm_compile_all(rf_isolate *isolate, rf_module *module, uint64_t *instructions)
{
    uint64_t total = 0;
    for (size_t i = 0; i < module->unit->funcs.count; i++) {
        rf_proto *proto = rf_vm_proto(isolate, module, module->unit->funcs.data[i]);
        if (!proto->is_compiled) rf_compile_proto(isolate, proto);
        total += proto->code_count;
    }
    if (instructions) *instructions = total;
}

void rf_vm_dump(rf_isolate *isolate, rf_module *module, bool with_feedback, rf_buffer *out)
{
    rf_vm_compile_all(isolate, module, NULL);
    for (size_t i = 0; i < module->unit->funcs.count; i++) {
        if (i) rf_buffer_append_text(out, "\n");
        const rf_proto *proto = rf_vm_proto(isolate, module, module->unit->funcs.data[i]);
        rf_vm_disassemble(isolate, proto, with_feedback, out);
    }
}
