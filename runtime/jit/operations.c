/* What native code calls: single instructions the long way, counting, noting calls that lose their native form. */
#include "jit/native.h"

#include "base/alloc.h"
#include "prof/thread.h"
#include "sched/stack.h"
#include "value/array.h"
#include "value/dict_layout.h"
#include "value/object.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "vm/call.h"
#include "vm/filling.h"
#include "vm/slow.h"

#include <math.h>
#include <string.h>

#define RF_NATIVE(name) RF_NATIVE_##name,
enum {
#include "jit/operations.def"
    RF_NATIVE_COUNT
};
#undef RF_NATIVE

typedef enum outcome { RAISED, DONE, JUMPS, LEAVES } outcome; /* as in jitc/core.h */

int64_t rf_native_execute(rf_native_context *context, rf_frame *fp, int64_t at);
void rf_native_release(rf_native_context *context, rf_value *slot);
void rf_native_copy(rf_native_context *context, rf_value *to, const rf_value *from);
rf_array *rf_native_array_new(rf_native_context *context, rf_value *values, int64_t count);
void rf_native_array_renew(rf_native_context *context, rf_value *slot);
rf_array *rf_native_array_copy(rf_native_context *context, rf_value *slot);
int64_t rf_native_array_push(rf_native_context *context, rf_value *slot, rf_value *v);
int64_t rf_native_array_fill(rf_native_context *context, rf_value *slot, const rf_value *v, int64_t count);
rf_struct *rf_native_struct_copy(rf_native_context *context, rf_value *slot);
void rf_native_deopt(rf_native_context *context, rf_proto *proto, const rf_instruction *pc, rf_value *base, int64_t flags);
void rf_native_deopt_self(rf_native_context *context, int64_t flags, int64_t detail);
int64_t rf_native_call(rf_native_context *context, rf_frame *fp, int64_t at);
rf_struct *rf_native_struct_new(rf_native_context *context, rf_layout *layout);
rf_function *rf_native_closure_new(rf_native_context *context, rf_proto *proto, const rf_value *base,
                                   const rf_function *running);
rf_function *rf_native_closure_bare(rf_native_context *context, rf_proto *proto);
rf_cell *rf_native_cell_new(rf_native_context *context, rf_value *content);
int64_t rf_native_detach(rf_native_context *context, rf_frame *fp, int64_t at);
void rf_native_give_back(rf_native_context *context, rf_frame *fp, int64_t at);

int64_t rf_native_open_generator(rf_native_context *context, rf_generator *generator, const rf_proto *proto);
void rf_native_end_generator(rf_native_context *context, rf_generator *generator);
void rf_native_new_record(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_native_store_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
bool rf_native_read_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in);
int64_t rf_native_same_text(rf_string *a, rf_string *b);
rf_value rf_native_dict_field(const rf_dict *dict, rf_site *site);
rf_value rf_native_dict_number(const rf_dict *dict, int64_t number);
rf_value rf_native_dict_string(const rf_dict *dict, rf_string *string);
rf_value rf_native_dict_entry(const rf_dict *dict, int64_t at);
int64_t rf_native_dict_set(rf_native_context *context, rf_value *slot, rf_string *key, rf_value *v);
int64_t rf_native_dict_remove(rf_native_context *context, rf_value *slot, rf_value *args);
rf_value rf_native_dict_next(rf_native_context *context, rf_value *state);
rf_string *rf_native_text_and_int(rf_native_context *context, const rf_string *text, int64_t number);

int64_t rf_native_same_text(rf_string *a, rf_string *b)
{
    return rf_string_equal(a, b);
}

/* Entries of dicts, borrowed; UNSET: missing. */
rf_value rf_native_dict_number(const rf_dict *dict, int64_t number)
{
    return rf_dict_peek_int(dict, number);
}

rf_value rf_native_dict_string(const rf_dict *dict, rf_string *string)
{
    return rf_dict_peek(dict, rf_key_from_string(string));
}

/* Moves *v into the dict in *slot.  0 after raising. */
int64_t rf_native_dict_set(rf_native_context *context, rf_value *slot, rf_string *key, rf_value *v)
{
    rf_dict *dict = rf_dict_unique(context->isolate, slot);
    return rf_dict_set(context->isolate, dict, rf_key_from_string(key), rf_take(v));
}

/* remove(variable, key), whose result nobody wants: args are what the variable in *slot holds, and the key; both are
 * unset then.  0: it is no dict, or no key, and nothing has happened. */
int64_t rf_native_dict_remove(rf_native_context *context, rf_value *slot, rf_value *args)
{
    rf_isolate *isolate = context->isolate;
    rf_key key;
    if (slot->head != RF_DICT || args[0].head != RF_DICT || slot->as.o != args[0].as.o) return 0;
    if (!rf_key_from_value(args[1], &key)) return 0;
    rf_release(isolate, rf_take(&args[0]));
    if (rf_dict_has(slot->as.dict, key)) rf_release(isolate, rf_dict_remove(isolate, rf_dict_unique(isolate, slot), key));
    rf_release(isolate, rf_take(&args[1]));
    return 1;
}

/* "text${number}"; NULL after raising */
rf_string *rf_native_text_and_int(rf_native_context *context, const rf_string *text, int64_t number)
{
    const rf_value v = rf_concat_text_and_int(context->isolate, text, number);
    return rf_is_raised(v) ? NULL : v.as.string;
}

/* The entry that a walk has just come by. */
rf_value rf_native_dict_entry(const rf_dict *dict, int64_t at)
{
    return rf_dict_at(dict, (uint32_t)at - 1);
}

/* The next key of the dict in state[0], counted; UNSET: there is none. */
rf_value rf_native_dict_next(rf_native_context *context, rf_value *state)
{
    rf_key key;
    rf_value value;
    uint32_t at = (uint32_t)state[1].as.i;
    const bool is_any = rf_dict_next(state->as.dict, &at, &key, &value);
    state[1].as.i = at;
    return is_any ? rf_key_to_string(context->isolate, key) : rf_unset();
}

/* By the site's name, likely where it was found last; null if missing (LANGUAGE 6.6). */
rf_value rf_native_dict_field(const rf_dict *dict, rf_site *site)
{
    const rf_value *at = rf_dict_named(dict, site->name, &site->entry);
    return at ? *at : rf_null();
}

/* As rf_free_object tells it, while profiled. */
static RF_NOINLINE void free_told(rf_isolate *isolate, rf_value v)
{
    rf_heap *heap = &isolate->heap;
    __atomic_store_n(&heap->released_kind, v.as.o->kind, __ATOMIC_RELAXED);
    __atomic_store_n(&heap->release_depth, 1, __ATOMIC_RELAXED);
    if (v.head == RF_STRING)
        rf_string_free(isolate, v.as.string);
    else
        rf_array_free(isolate, v.as.array);
    __atomic_store_n(&heap->release_depth, 0, __ATOMIC_RELAXED);
}

/* *slot becomes unset */
void rf_native_release(rf_native_context *context, rf_value *slot)
{
    rf_isolate *isolate = context->isolate;
    const rf_value v = rf_take(slot);
    /* what most of them are, without asking what it is */
    if (v.head == RF_STRING && v.as.o->count == 1) {
        if (RF_LIKELY(!isolate->prof))
            rf_string_free(isolate, v.as.string);
        else
            free_told(isolate, v);
    } else if (v.head == RF_ARRAY && v.as.o->count == 1 && v.as.o->info != RF_ARRAY_VALUES) {
        if (RF_LIKELY(!isolate->prof))
            rf_array_free(isolate, v.as.array);
        else
            free_told(isolate, v);
    } else if (v.head == RF_FUNCTION && v.as.o->count > 1 && v.as.o->flags & RF_OBJECT_CANDIDATE) {
        v.as.o->count--;
    } else {
        rf_release(isolate, v);
    }
}

void rf_native_copy(rf_native_context *context, rf_value *to, const rf_value *from)
{
    rf_store(context->isolate, to, rf_copy(*from));
}

/* Of the values, which are moved out. */
rf_array *rf_native_array_new(rf_native_context *context, rf_value *values, int64_t count)
{
    rf_isolate *isolate = context->isolate;
    const rf_value array = count ? rf_array_from(isolate, values, (size_t)count) : rf_array_new(isolate, 0);
    for (int64_t i = 0; i < count; i++) rf_release(isolate, rf_take(&values[i]));
    return array.as.array;
}

/* *slot = [].  A small array that nobody else has is emptied and keeps its room, which is likely to be filled again. */
void rf_native_array_renew(rf_native_context *context, rf_value *slot)
{
    enum { MOST_ROOM = 64 };
    rf_isolate *isolate = context->isolate;
    if (slot->head == RF_ARRAY && slot->as.o->count == 1 && slot->as.array->capacity <= MOST_ROOM)
        rf_array_truncate(isolate, slot->as.array, 0);
    else
        rf_store(isolate, slot, rf_array_new(isolate, 0));
}

rf_array *rf_native_array_copy(rf_native_context *context, rf_value *slot)
{
    return rf_array_unique(context->isolate, slot);
}

rf_struct *rf_native_struct_copy(rf_native_context *context, rf_value *slot)
{
    return rf_struct_unique(context->isolate, slot);
}

/* Moves *v out.  0 after raising. */
int64_t rf_native_array_push(rf_native_context *context, rf_value *slot, rf_value *v)
{
    rf_array *array = rf_array_unique(context->isolate, slot);
    return rf_array_push(context->isolate, array, rf_take(v));
}

/* Appends *v as often to what *slot holds if that is an array of such numbers or bools.  How often it did: count or 0. */
int64_t rf_native_array_fill(rf_native_context *context, rf_value *slot, const rf_value *v, int64_t count)
{
    const bool is_scalar = v->head == RF_INT || v->head == RF_FLOAT || v->head == RF_BOOL;
    if (count < RF_LEAST_FILLING || !is_scalar || slot->head != RF_ARRAY) return 0;
    rf_array *array = rf_array_unique(context->isolate, slot);
    return rf_array_fill(context->isolate, array, *v, (size_t)count) ? count : 0;
}

/* An instance whose fields the caller fills in at once; takes over a reference to the declaration. */
rf_struct *rf_native_struct_new(rf_native_context *context, rf_layout *layout)
{
    rf_struct *s = rf_object_new(context->isolate, sizeof *s + layout->data_size, RF_STRUCT, 0);
    s->layout = layout;
    context->made++;
    return s;
}

rf_function *rf_native_closure_new(rf_native_context *context, rf_proto *proto, const rf_value *base,
                                   const rf_function *running)
{
    context->made++;
    return rf_vm_new_closure(context->isolate, proto, base, running).as.function;
}

/* A closure whose captures the caller fills in at once. */
rf_function *rf_native_closure_bare(rf_native_context *context, rf_proto *proto)
{
    rf_function *function = rf_closure_new(context->isolate, proto->func, proto->module).as.function;
    function->code = proto;
    context->made++;
    return function;
}

/* Moves *content in; NULL: the cell is unset. */
rf_cell *rf_native_cell_new(rf_native_context *context, rf_value *content)
{
    return rf_cell_new(context->isolate, content ? rf_take(content) : rf_unset()).as.cell;
}

/* The receiver of the call at `at`, in its window, is moved out of its place, if it is still there. */
int64_t rf_native_detach(rf_native_context *context, rf_frame *fp, int64_t at)
{
    const rf_instruction in = fp->proto->code[at];
    rf_place_info *place = rf_site_place(fp->proto, &fp->proto->sites[in.b]);
    return rf_vm_detach(context->isolate, fp, place, fp->base[in.a + 1]);
}

/* It was not modified: as if nothing had happened. */
void rf_native_give_back(rf_native_context *context, rf_frame *fp, int64_t at)
{
    const rf_instruction in = fp->proto->code[at];
    rf_place_info *place = rf_site_place(fp->proto, &fp->proto->sites[in.b]);
    rf_vm_store_place(context->isolate, fp, place, rf_take(&fp->base[in.a + 1]));
}

int64_t rf_native_open_generator(rf_native_context *context, rf_generator *generator, const rf_proto *proto)
{
    return rf_vm_open_generator(context->isolate, generator, proto);
}

void rf_native_end_generator(rf_native_context *context, rf_generator *generator)
{
    rf_vm_finish_generator(context->isolate, generator);
}

void rf_native_new_record(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_vm_new_record(isolate, fp, in);
}

/* ---- instructions the long way ---- */

static outcome done_if(bool went_well)
{
    return went_well ? DONE : RAISED;
}

static outcome compare(rf_isolate *isolate, rf_frame *fp, rf_instruction in, rf_op_kind op, unsigned form, bool sense)
{
    rf_value right = form == 0 ? fp->base[in.b] : form == 1 ? rf_int((int16_t)in.b) : fp->proto->constants[in.b];
    const int holds = rf_vm_compare(isolate, fp, op, in.a, right, form == 0 ? in.b : RF_NO_RESULT);
    if (holds < 0) return RAISED;
    return (holds == 1) == sense ? JUMPS : DONE;
}

static outcome compare_to_register(rf_isolate *isolate, rf_frame *fp, rf_instruction in, rf_op_kind op)
{
    const int holds = rf_vm_compare(isolate, fp, op, in.b, fp->base[in.c], in.c);
    if (holds < 0) return RAISED;
    rf_store(isolate, &fp->base[in.a], rf_bool(holds));
    return DONE;
}

static outcome binary(rf_isolate *isolate, rf_frame *fp, rf_instruction in, rf_op_kind op, unsigned form)
{
    if (form == 0) return done_if(rf_vm_binary(isolate, fp, op, in.a, in.b, fp->base[in.c], in.c));
    if (form == 1)
        return done_if(rf_vm_binary(isolate, fp, op, in.a, in.b, rf_int((int16_t)in.c), RF_NO_RESULT));
    if (form == 2)
        return done_if(rf_vm_binary(isolate, fp, op, in.a, in.b, fp->proto->constants[in.c], RF_NO_RESULT));
    return done_if(rf_vm_constant_left(isolate, fp, op, in));
}

static outcome get(rf_isolate *isolate, rf_frame *fp, uint32_t a, rf_value v)
{
    rf_store(isolate, &fp->base[a], rf_copy(v));
    return DONE;
}

static rf_value call_builtin(rf_isolate *isolate, uint32_t number, rf_value *args, uint32_t count)
{
    rf_prof_thread *prof = isolate->prof;
    if (!prof) return isolate->builtins[number].function(isolate, args, count);
    prof->builtin_calls[number]++;
    rf_prof_tell(prof, RF_PROF_STATE(RF_TIER_BUILTIN, number) | RF_PROF_UNLINKED);
    const rf_value v = isolate->builtins[number].function(isolate, args, count);
    rf_prof_resume(prof, RF_PROF_STATE(RF_TIER_JIT, 0));
    return v;
}

static outcome call_plain(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *w = &fp->base[in.a];
    const rf_value v = call_builtin(isolate, in.c, w + 1, in.b);
    if (rf_is_raised(v)) return RAISED;
    for (uint32_t i = 1; i <= in.b; i++) rf_store(isolate, &w[i], rf_unset());
    rf_store(isolate, w, v);
    return DONE;
}

static outcome call_plain_one(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value arg = rf_copy(fp->base[in.b]);
    const rf_value v = call_builtin(isolate, in.c, &arg, 1);
    rf_release(isolate, arg);
    if (rf_is_raised(v)) return RAISED;
    rf_store(isolate, &fp->base[in.a], v);
    return DONE;
}

static outcome set(rf_isolate *isolate, rf_frame *fp, rf_value *to, uint32_t reg)
{
    rf_store(isolate, to, rf_vm_take_operand(fp, reg));
    return DONE;
}

static outcome for_next(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    bool jumps;
    const rf_outcome result = rf_vm_for_next(isolate, rf_vm_state_of(isolate)->task, in, &jumps);
    (void)fp;
    return result == RF_CALL_RAISED ? RAISED : jumps ? JUMPS : DONE;
}

static outcome push(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *slot = &fp->base[in.a];
    rf_value v = rf_vm_take_operand(fp, in.b);
    return done_if(rf_array_push(isolate, rf_array_unique(isolate, slot), v));
}

bool rf_native_store_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    return rf_vm_store_place(isolate, fp, fp->proto->places[in.b], rf_vm_take_operand(fp, in.a));
}

bool rf_native_read_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value v = rf_vm_read_place(isolate, fp, fp->proto->places[in.b]);
    if (rf_is_raised(v)) return false;
    rf_store(isolate, &fp->base[in.a], v);
    return true;
}

/* JUMPS: it was pushed; else R[a] lives on. */
static outcome push_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value v = rf_copy(fp->base[in.a]);
    const int pushed = rf_vm_push_place(isolate, fp, fp->proto->places[in.b], v);
    if (pushed > 0) rf_vm_use(isolate, fp, in.a);
    if (pushed == 0) rf_release(isolate, v);
    return pushed > 0 ? JUMPS : pushed == 0 ? DONE : RAISED;
}

#define BINARY(name)                                                                             \
    case RF_OP_##name: return binary(isolate, fp, in, RF_OPER_##name, 0);                        \
    case RF_OP_##name##I: return binary(isolate, fp, in, RF_OPER_##name, 1);                     \
    case RF_OP_##name##K: return binary(isolate, fp, in, RF_OPER_##name, 2);
#define COMPARE(name)                                                                            \
    case RF_OP_##name: return compare_to_register(isolate, fp, in, RF_OPER_##name);              \
    case RF_OP_J##name: return compare(isolate, fp, in, RF_OPER_##name, 0, true);                \
    case RF_OP_J##name##I: return compare(isolate, fp, in, RF_OPER_##name, 1, true);             \
    case RF_OP_J##name##K: return compare(isolate, fp, in, RF_OPER_##name, 2, true);             \
    case RF_OP_JN##name: return compare(isolate, fp, in, RF_OPER_##name, 0, false);              \
    case RF_OP_JN##name##I: return compare(isolate, fp, in, RF_OPER_##name, 1, false);           \
    case RF_OP_JN##name##K: return compare(isolate, fp, in, RF_OPER_##name, 2, false);
#define RAISING(name, call)                                                                      \
    case RF_OP_##name: return done_if(call(isolate, fp, in));
#define SIMPLE(name, call)                                                                       \
    case RF_OP_##name: call(isolate, fp, in); return DONE;

/* The instruction at `at` with all its operands in their registers. fp->pc is behind it. */
int64_t rf_native_execute(rf_native_context *context, rf_frame *fp, int64_t at)
{
    rf_isolate *isolate = context->isolate;
    const rf_proto *proto = fp->proto;
    const rf_instruction in = proto->code[at];
    rf_value *R = fp->base;
    switch (in.op) {
        BINARY(ADD) BINARY(SUB) BINARY(MUL) BINARY(DIV) BINARY(MOD)
    case RF_OP_KADD: return binary(isolate, fp, in, RF_OPER_ADD, 3);
    case RF_OP_KSUB: return binary(isolate, fp, in, RF_OPER_SUB, 3);
    case RF_OP_KMUL: return binary(isolate, fp, in, RF_OPER_MUL, 3);
    case RF_OP_KDIV: return binary(isolate, fp, in, RF_OPER_DIV, 3);
        COMPARE(EQ) COMPARE(NE) COMPARE(LT) COMPARE(LE) COMPARE(GT) COMPARE(GE)
    case RF_OP_NEG: return done_if(rf_vm_unary(isolate, fp, RF_OPER_NEG, in.a, in.b));
    case RF_OP_NOT: return done_if(rf_vm_unary(isolate, fp, RF_OPER_NOT, in.a, in.b));
    case RF_OP_TRUTH: {
        const bool truth = rf_vm_truth(isolate, fp, in.b);
        rf_store(isolate, &R[in.a], rf_bool(truth));
        return DONE;
    }
    case RF_OP_JTRUE: return rf_vm_truth(isolate, fp, in.a) ? JUMPS : DONE;
    case RF_OP_JFALSE: return rf_vm_truth(isolate, fp, in.a) ? DONE : JUMPS;
    case RF_OP_JNULL: return R[in.a].head == RF_NULL ? JUMPS : DONE;
    case RF_OP_JNOTNULL: return R[in.a].head == RF_NULL ? DONE : JUMPS;
    case RF_OP_JNOTEQUAL: return rf_equal(isolate, R[in.a], proto->constants[in.b]) == 1 ? DONE : JUMPS;
    case RF_OP_JNOTARRAY: return rf_vm_is_array_of(R[in.a], in.b) ? DONE : JUMPS;
    case RF_OP_JNOTENTRIES:
        return rf_vm_has_entries(isolate, fp, R[in.a], proto->literals[in.b].syntax) ? DONE : JUMPS;
    case RF_OP_JNOTVARIANT: return rf_vm_is_variant(R[in.a], proto->literals[in.b].syntax) ? DONE : JUMPS;
    case RF_OP_COPY: return get(isolate, fp, in.a, R[in.b]);
    case RF_OP_MOVE: {
        const rf_value v = rf_take(&R[in.b]);
        rf_store(isolate, &R[in.a], v);
        return DONE;
    }
    case RF_OP_LOADK: return get(isolate, fp, in.a, proto->constants[in.wide]);
    case RF_OP_LOADNULL: rf_store(isolate, &R[in.a], rf_null()); return DONE;
    case RF_OP_UNSET:
    case RF_OP_DROP:
        for (uint32_t i = 0; i < in.b; i++) rf_store(isolate, &R[in.a + i], rf_unset());
        return DONE;
    case RF_OP_NEWCELL: rf_store(isolate, &R[in.a], rf_cell_new(isolate, rf_unset())); return DONE;
    case RF_OP_WRAPCELL: R[in.a] = rf_cell_new(isolate, rf_take(&R[in.a])); return DONE;
    case RF_OP_GETCELL: return get(isolate, fp, in.a, R[in.b].as.cell->value);
    case RF_OP_SETCELL: return set(isolate, fp, &R[in.a].as.cell->value, in.b);
    case RF_OP_GETCAPTURE: return get(isolate, fp, in.a, fp->function->captures[in.b]);
    case RF_OP_GETCAPCELL: return get(isolate, fp, in.a, fp->function->captures[in.b].as.cell->value);
    case RF_OP_SETCAPCELL: return set(isolate, fp, &fp->function->captures[in.b].as.cell->value, in.a);
    case RF_OP_GETMODULE: return get(isolate, fp, in.a, proto->slots[in.wide]);
    case RF_OP_SETMODULE: return set(isolate, fp, &proto->slots[in.wide], in.a);
    case RF_OP_GETBUILTIN: return get(isolate, fp, in.a, isolate->builtin_values[in.b]);
        RAISING(ADDPLACE, rf_vm_add_place)
        RAISING(CONCAT, rf_vm_concat)
    case RF_OP_TEXT: return done_if(rf_vm_text(isolate, &R[in.a]));
        SIMPLE(NEWARRAY, rf_vm_new_array)
        RAISING(EXTEND, rf_vm_extend)
        RAISING(SPREAD, rf_vm_spread)
    case RF_OP_NEWDICT: rf_store(isolate, &R[in.a], rf_dict_new(isolate, in.b)); return DONE;
        SIMPLE(NEWRECORD, rf_native_new_record)
        RAISING(DICTKEY, rf_vm_dict_key)
    case RF_OP_DICTSET: return done_if(rf_vm_dict_set(isolate, fp, in.a, R[in.b], in.b, in.c));
    case RF_OP_DICTPUT:
        return done_if(rf_vm_dict_set(isolate, fp, in.a, proto->constants[in.b], RF_NO_RESULT, in.c));
        RAISING(DICTSPREAD, rf_vm_dict_spread)
        RAISING(LEN, rf_vm_length)
    case RF_OP_CHAIN_GETINDEX:
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEX_T: return done_if(rf_vm_get_index(isolate, fp, in.a, in.b, R[in.c], in.c));
    case RF_OP_CHAIN_GETINDEXI:
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T:
        return done_if(rf_vm_get_index(isolate, fp, in.a, in.b, rf_int((int16_t)in.c), RF_NO_RESULT));
        RAISING(SETINDEX, rf_vm_set_index)
    case RF_OP_CHAIN_GETFIELD:
    case RF_OP_GETFIELD:
        RAISING(GETFIELD_T, rf_vm_get_field)
        RAISING(OPTFIELD, rf_vm_opt_field)
        RAISING(SETFIELD, rf_vm_set_field)
    case RF_OP_CHAIN_GETOWN:
    case RF_OP_GETOWN: return get(isolate, fp, in.a, rf_struct_peek(R[in.b].as.instance, in.c));
        SIMPLE(SETOWN, rf_vm_set_own)
        RAISING(SETPLACE, rf_native_store_place)
        RAISING(GETPLACE, rf_native_read_place)
    case RF_OP_CALLC: return call_plain(isolate, fp, in);
    case RF_OP_CALLC1: return call_plain_one(isolate, fp, in);
    case RF_OP_PUSH: return push(isolate, fp, in);
    case RF_OP_PUSHPLACE: return push_place(isolate, fp, in);
        SIMPLE(CLOSURE, rf_vm_closure)
        SIMPLE(STRUCTDECL, rf_vm_struct_decl)
        SIMPLE(ENUMDECL, rf_vm_enum_decl)
        RAISING(STRUCTCHECK, rf_vm_struct_check)
        RAISING(FIELDCHECK, rf_vm_field_check)
        RAISING(SPREADCHECK, rf_vm_spread_check)
        RAISING(MAKESTRUCT, rf_vm_make_struct)
        RAISING(ENUMCHECK, rf_vm_enum_check)
        SIMPLE(MAKEENUM, rf_vm_make_enum)
        RAISING(FORPREP, rf_vm_for_prep)
        RAISING(RANGEPREP, rf_vm_range_prep)
    case RF_OP_FORNEXT: return for_next(isolate, fp, in);
        SIMPLE(ENTRIES, rf_vm_entries)
        SIMPLE(ENTRYVALUE, rf_vm_entry_value)
        SIMPLE(ITEM, rf_vm_item)
        SIMPLE(ITEMREST, rf_vm_item_rest)
        SIMPLE(ENTRY, rf_vm_entry)
        RAISING(ENTRYREST, rf_vm_entry_rest)
        SIMPLE(PAYLOAD, rf_vm_payload)
    default: rf_assert(!"an instruction that native code leaves to the VM"); return RAISED;
    }
}

/* ---- calls of what is no native function ---- */

/* Runs the frame that was pushed, and what it calls, until it is done. */
static outcome run_pushed(rf_isolate *isolate, rf_vm_task *task)
{
    rf_proto *callee = task->fp->proto;
    task->fp->flags |= RF_FRAME_NATIVE;
    if (--callee->heat < 0 && !(task->fp->flags & RF_FRAME_GENERATOR) &&
        rf_vm_state_of(isolate)->jit->hot(isolate, task) == RF_HOT_RAISED && !rf_vm_unwind(isolate, task))
        return RAISED;
    return rf_is_raised(rf_vm_run(isolate, task)) ? RAISED : DONE;
}

static rf_outcome start_call(rf_isolate *isolate, rf_vm_task *task, rf_frame *fp, rf_instruction in)
{
    rf_value *window = &fp->base[in.a];
    bool jumps;
    switch (in.op) {
    case RF_OP_CALL: return rf_vm_call(isolate, task, window, in.b);
    case RF_OP_CALLFN:
        return rf_vm_push_frame(isolate, task, fp->proto->children[in.c], NULL, window, 0) ? RF_CALL_PUSHED
                                                                                          : RF_CALL_RAISED;
    case RF_OP_CALLBUILTIN:
        return rf_vm_call_row(isolate, task, &isolate->builtins[in.c], window, in.b, 0, 0);
    case RF_OP_CALLMETHOD: return rf_vm_call_method(isolate, task, &fp->proto->sites[in.b], window);
    case RF_OP_CALLLOCAL: return rf_vm_call_local(isolate, task, &fp->proto->sites[in.b], window, in.c);
    case RF_OP_UPDATE: return rf_vm_update(isolate, task, &fp->proto->sites[in.b], window);
    case RF_OP_PUSH: return rf_vm_push_slow(isolate, task, &fp->proto->sites[in.c], in.a, in.b);
    case RF_OP_FORNEXT: {
        const rf_outcome result = rf_vm_for_next(isolate, task, in, &jumps);
        if (result == RF_CALL_DONE && jumps) fp->pc += (int16_t)in.c;
        return result;
    }
    default: rf_assert(!"a call"); return RF_CALL_RAISED;
    }
}

/* The call at `at`, whose window is in its registers, as the VM would do it.  JUMPS: not to the next instruction;
 * LEAVES: nothing has happened, there is no room for it here. */
int64_t rf_native_call(rf_native_context *context, rf_frame *fp, int64_t at)
{
    rf_isolate *isolate = context->isolate;
    rf_vm_task *task = context->task;
    const rf_instruction *next = fp->proto->code + at + 1;
    if (rf_stack_is_low(isolate)) return LEAVES;
    fp->pc = next;
    const rf_outcome result = start_call(isolate, task, fp, next[-1]);
    if (result == RF_CALL_RAISED || (result == RF_CALL_PUSHED && run_pushed(isolate, task) == RAISED))
        return RAISED;
    return fp->pc == next ? DONE : JUMPS;
}

/* ---- calls that lose their native form ---- */

void rf_native_deopt(rf_native_context *context, rf_proto *proto, const rf_instruction *pc, rf_value *base, int64_t flags)
{
    if (context->deopt_count == context->deopt_capacity) {
        context->deopt_capacity = context->deopt_capacity ? context->deopt_capacity * 2 : 16;
        context->deopts =
            rf_realloc(context->deopts, rf_array_size(context->deopt_capacity, sizeof(rf_deopt)));
    }
    context->deopts[context->deopt_count++] =
        (rf_deopt){.proto = proto, .pc = pc, .base = base, .flags = (uint32_t)flags};
}

/* What the caller of the method that was noted last knows of its frame: flags, and self_register or skip. */
void rf_native_deopt_self(rf_native_context *context, int64_t flags, int64_t detail)
{
    rf_deopt *d = &context->deopts[context->deopt_count - 1];
    d->flags |= (uint32_t)flags;
    d->detail = (uint32_t)detail;
}

void rf_native_push_frames(rf_native_context *context)
{
    while (context->deopt_count > 0) {
        const rf_deopt *d = &context->deopts[--context->deopt_count];
        rf_function *function = d->proto->func->capture_count ? d->base[-1].as.function : NULL;
        rf_frame *fp =
            rf_vm_push_frame(context->isolate, context->task, d->proto, function, d->base - 1, d->flags);
        rf_assert(fp && fp->base == d->base); /* depth and window were tested before the call */
        fp->pc = d->pc;
        if (d->flags & RF_FRAME_SELF_LOCAL) fp->self_register = d->detail;
        if (d->flags & RF_FRAME_SELF_BACK) fp->skip = d->detail;
    }
}

/* ---- symbols ---- */

#define RF_NATIVE(name)                                                                          \
    static void *address_of_##name(void)                                                         \
    {                                                                                            \
        __typeof__(&name) function = name;                                                       \
        void *address;                                                                           \
        memcpy(&address, &function, sizeof address);                                             \
        return address;                                                                          \
    }
#include "jit/operations.def"
#undef RF_NATIVE

static const struct {
    const char *name;
    void *(*address)(void);
} symbols[RF_NATIVE_COUNT] = {
#define RF_NATIVE(name) {#name, address_of_##name},
#include "jit/operations.def"
#undef RF_NATIVE
};

void *rf_native_symbol(void *context, const char *name)
{
    (void)context;
    for (size_t i = 0; i < RF_NATIVE_COUNT; i++)
        if (strcmp(symbols[i].name, name) == 0) return symbols[i].address();
    return NULL;
}
