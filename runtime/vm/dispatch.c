/* The interpreter loop.
 *
 * One handler an opcode, each ending in its own indirect jump (computed goto; a switch where the compiler has none).
 * Handlers contain the short ways and call slow.h for the rest.  What must hold between handlers:
 *   - R and pc belong to fp, which is task->fp; fp->pc is only up to date after SAVE, which precedes whatever may
 *     raise or call;
 *   - a register holds either something it owns or nothing counted; temporaries that are dead are the latter, so
 *     writing one needs no release, but locals do (PUT);
 *   - nothing that may run other code happens between reading an operand and using it.
 *
 * The function is long because the loop is one function: that is what keeps R, pc and the table of labels in registers. */

/* Compiled several times: plainly, counting heat, observing (jit_hook.h), and for the profiler (profile.h). */
#ifndef RF_VM_LOOP
#define RF_VM_LOOP rf_vm_run_plain
#define RF_VM_PLAIN
#endif

#include "value/array.h"
#include "value/dict_layout.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "sched/sched.h"
#include "vm/call.h"
#include "vm/dispatch_arith.h"
#include "vm/dispatch_variant.h"
#include "vm/filling.h"
#include "vm/jit_hook.h"
#include "vm/later.h"
#include "vm/place_walk.h"
#ifndef RF_VM_WITHOUT_PROFILER /* a check compiles the plain loop once more without it: the same code must come out */
#include "vm/profile.h"
#endif
#include "vm/slow.h"

enum { CELL_CHANGED = 1 }; /* flag of a cell that holds self: it was modified (return.c reads it) */

#define IN     (pc[-1])
#define SAVE() (fp->pc = pc)
#define K      (fp->proto->constants)
#define LOAD_FRAME()                                                                             \
    do {                                                                                         \
        fp = task->fp;                                                                           \
        R = fp->base;                                                                            \
        pc = fp->pc;                                                                             \
    } while (0)

/* Does a register's value count? (RAISED is never in one) */
static inline bool counts(const rf_value *slot)
{
    return (uint8_t)slot->head >= RF_HEAP_FIRST;
}

/* A register that held something counted gets something that is not. */
static RF_NOINLINE void replace_bits(rf_isolate *isolate, rf_value *slot, uint64_t head, uint64_t bits)
{
    rf_object *old = slot->as.o;
    slot->head = head;
    slot->as.bits = bits;
    rf_release_object(isolate, old);
}

static RF_NOINLINE void replace_float(rf_isolate *isolate, rf_value *slot, double d)
{
    rf_object *old = slot->as.o;
    slot->head = RF_FLOAT;
    slot->as.d = d;
    rf_release_object(isolate, old);
}

/* *slot = head, payload: nothing counted */
#define PUT_BITS(slot_, head_, payload_)                                                         \
    do {                                                                                         \
        rf_value *put_ = (slot_);                                                                \
        const int64_t bits_ = (payload_);                                                        \
        if (RF_LIKELY(!counts(put_))) {                                                          \
            put_->head = (head_);                                                                \
            put_->as.i = bits_;                                                                  \
        } else {                                                                                 \
            replace_bits(isolate, put_, head_, (uint64_t)bits_);                                 \
        }                                                                                        \
    } while (0)
#define PUT_INT(slot, x)  PUT_BITS(slot, RF_INT, x)
#define PUT_BOOL(slot, x) PUT_BITS(slot, RF_BOOL, x)
#define PUT_FLOAT(slot_, x_)                                                                     \
    do {                                                                                         \
        rf_value *put_ = (slot_);                                                                \
        const double d_ = (x_);                                                                  \
        if (RF_LIKELY(!counts(put_))) {                                                          \
            put_->head = RF_FLOAT;                                                               \
            put_->as.d = d_;                                                                     \
        } else {                                                                                 \
            replace_float(isolate, put_, d_);                                                    \
        }                                                                                        \
    } while (0)

/* *slot = v, moved in */
static inline void put(rf_isolate *isolate, rf_value *slot, rf_value v)
{
    const rf_value old = *slot;
    slot->head = v.head;
    slot->as = v.as;
    if (RF_UNLIKELY((uint8_t)old.head >= RF_HEAP_FIRST)) rf_release_object(isolate, old.as.o);
}

#if defined(RF_VM_PROFILES) || defined(RF_VM_NOTES) /* the memory instrument wants to know who shares what */
static inline rf_value copy_at(rf_isolate *isolate, rf_value v, rf_frame *fp, const rf_instruction *pc)
{
    if ((uint8_t)v.head >= RF_HEAP_FIRST) {
        rf_retain_object(v.as.o);
        if (v.as.o->count == 2 && (uint8_t)v.head <= RF_STACK && (uint8_t)v.head >= RF_ARRAY &&
            isolate->heap.allocations) {
            SAVE();
            rf_heap_note_share(isolate, v.as.o);
        }
    }
    return v;
}
#define copy(isolate, v) copy_at(isolate, v, fp, pc)
/* And where a variable in a cell got its value. */
#define STORED(cell_)                                                                            \
    do {                                                                                         \
        if (rf_is_heap((cell_)->value) && isolate->heap.allocations) {                           \
            SAVE();                                                                              \
            rf_heap_note_store(isolate, cell_);                                                  \
        }                                                                                        \
    } while (0)
#else
#define STORED(cell_) ((void)0)
static inline rf_value copy(rf_isolate *isolate, rf_value v) /* of a register or a part of a container */
{
    if ((uint8_t)v.head >= RF_HEAP_FIRST) rf_retain_object(v.as.o);
    (void)isolate;
    return v;
}
#endif

/* The registers of a function that returns. */
#ifdef RF_VM_PROFILES /* out of the way, so that a return which has nothing to release saves no registers */
static RF_NOINLINE void release_window(rf_isolate *isolate, rf_frame *fp, const rf_instruction *pc, rf_value *slot,
                                       const rf_value *end)
{
    for (; slot < end; slot++)
        if (counts(slot)) {
            rf_release_object(isolate, slot->as.o);
            slot->head = RF_UNSET;
            rf_vm_profile_point(isolate, fp, pc);
        }
}
#define RELEASE_WINDOW(count)                                                                    \
    for (rf_value *slot = R, *end = R + (count); slot < end; slot++)                             \
        if (counts(slot)) {                                                                      \
            release_window(isolate, fp, pc, slot, end);                                          \
            break;                                                                               \
        }
#else
#define RELEASE_WINDOW(count)                                                                    \
    for (rf_value *slot = R, *end = R + (count); slot < end; slot++)                             \
        if (RF_UNLIKELY(counts(slot))) {                                                         \
            rf_release_object(isolate, slot->as.o);                                              \
            slot->head = RF_UNSET;                                                               \
        }
#endif

/* Part of a container, borrowed. */
static RF_ALWAYS_INLINE rf_value peek_element(const rf_array *a, uint64_t i)
{
    if (RF_LIKELY(a->object.info == RF_ARRAY_VALUES)) return a->as.values[i];
    if (RF_UNLIKELY(a->object.info == RF_ARRAY_BOOLS)) return rf_bool(a->as.bools[i]);
    return rf_plain_value(rf_array_head(a->object.info), a->as.ints + i);
}

/* Instances of a declaration that were made at different times may have different layouts. */
static RF_ALWAYS_INLINE bool knows_field(const rf_site *site, const rf_struct *s)
{
    return RF_LIKELY(s->layout == site->layout) || s->layout->def == site->def;
}

static RF_ALWAYS_INLINE rf_value peek_field(const rf_struct *s, rf_site *site)
{
    if (RF_UNLIKELY(s->layout != site->layout)) {
        if (s->layout == site->def->layout) rf_vm_renew_site(site, s->layout);
        return rf_struct_peek(s, site->field);
    }
    const void *at = s->data + site->offset;
    if (site->field_kind == RF_FIELD_VALUE) return *(const rf_value *)at;
    return rf_plain_value(rf_field_head(site->field_kind), at);
}

/* The same, new. */
#define element(isolate, a, i)                                                                   \
    (RF_LIKELY((a)->object.info == RF_ARRAY_VALUES) ? copy(isolate, (a)->as.values[i]) : peek_element(a, i))
#define field_value(isolate, s, site) copy(isolate, peek_field(s, site))

/* The outcome of a call: R[...] of the caller or the frame pushed */
#define AFTER_CALL(outcome)                                                                      \
    do {                                                                                         \
        const rf_outcome outcome_ = (outcome);                                                   \
        if (RF_UNLIKELY(outcome_ == RF_CALL_RAISED)) goto raise;                                 \
        FOLLOW_CALL();                                                                           \
        LOAD_FRAME();                                                                            \
        if (outcome_ == RF_CALL_PUSHED) COUNT_CALL(fp->proto);                                   \
        NEXT();                                                                                  \
    } while (0)

/* Enters `callee` whose window is w, if depth and stack allow it. */
#define HAS_ROOM(callee_, w_)                                                                    \
    (fp->next->index <= task->frame_limit && (size_t)(task->limit - (w_)) > (callee_)->register_count)
#define ENTER(callee_, w_, function_, otherwise) ENTER_FLAGGED(callee_, w_, function_, 0, otherwise)
#define ENTER_FLAGGED(callee_, w_, function_, flags_, otherwise)                                 \
    do {                                                                                         \
        rf_frame *next_ = fp->next;                                                              \
        rf_value *base_ = (w_) + 1;                                                              \
        if (RF_UNLIKELY(next_->index > task->frame_limit ||                                      \
                        (size_t)(task->limit - base_) < (callee_)->register_count))              \
            otherwise;                                                                           \
        SAVE();                                                                                  \
        next_->proto = (callee_);                                                                \
        next_->function = (function_);                                                           \
        next_->base = base_;                                                                     \
        next_->flags = (flags_);                                                                 \
        fp = next_;                                                                              \
        task->fp = fp;                                                                           \
        R = base_;                                                                               \
        pc = (callee_)->code;                                                                    \
        COUNT_CALL(callee_);                                                                     \
        COUNT_HEAT();                                                                            \
        NEXT();                                                                                  \
    } while (0)

#define TAKES_JUMP(taken)                                                                        \
    do {                                                                                         \
        if (taken) GO_BY((int16_t)IN.c);                                                         \
        NEXT();                                                                                  \
    } while (0)

/* An instruction that is a call of slow.h. */
#define RAISING(name, call)                                                                      \
    CASE(name) : SAVE();                                                                         \
    if (RF_UNLIKELY(!call(isolate, fp, IN))) goto raise;                                         \
    NEXT();
#define SIMPLE(name, call)                                                                       \
    CASE(name) : NOTE();                                                                         \
    call(isolate, fp, IN);                                                                       \
    NEXT();

/* R[b][index]: arrays by int; b dies when it is a temporary */
#define INDEX(name, is_temp, index_of_array, index_value, reg)                                   \
    CASE(name) : {                                                                               \
        const rf_value *b = &R[IN.b];                                                            \
        index_of_array;                                                                          \
        if (RF_LIKELY(b->head == RF_ARRAY && is_int && i < b->as.array->length)) {               \
            rf_array *array = b->as.array;                                                       \
            const rf_value v = element(isolate, array, i);                                                \
            if (is_temp) R[IN.b].head = RF_UNSET;                                                \
            put(isolate, &R[IN.a], v);                                                           \
            if (is_temp) rf_release_object(isolate, &array->object);                             \
            NEXT();                                                                              \
        }                                                                                        \
        if (b->head == RF_STRING && is_int && rf_string_is_ascii(b->as.string) && i < b->as.string->size) { \
            rf_string *string = b->as.string;                                                    \
            NOTE();                                                                              \
            const rf_value v = rf_string_new(isolate, string->text + i, 1);                      \
            if (is_temp) R[IN.b].head = RF_UNSET;                                                \
            put(isolate, &R[IN.a], v);                                                           \
            if (is_temp) rf_release_object(isolate, &string->object);                            \
            NEXT();                                                                              \
        }                                                                                        \
        rf_key key;                                                                              \
        if (b->head == RF_DICT && rf_key_from_value(index_value, &key)) {                        \
            rf_dict *dict = b->as.dict;                                                          \
            const rf_value v = copy(isolate, rf_dict_peek(dict, key));                                    \
            if (RF_LIKELY(v.head != RF_UNSET)) {                                                 \
                if (is_temp) R[IN.b].head = RF_UNSET;                                            \
                rf_vm_use(isolate, fp, reg);                                                     \
                put(isolate, &R[IN.a], v);                                                       \
                if (is_temp) rf_release_object(isolate, &dict->object);                          \
                NEXT();                                                                          \
            }                                                                                    \
        }                                                                                        \
        SAVE();                                                                                  \
        if (RF_UNLIKELY(!rf_vm_get_index(isolate, fp, IN.a, IN.b, index_value, reg))) goto raise; \
        NEXT();                                                                                  \
    }
#define INDEX_IN_REGISTER                                                                        \
    const rf_value *c = &R[IN.c];                                                                \
    const bool is_int = c->head == RF_INT;                                                       \
    const uint64_t i = (uint64_t)c->as.i
#define INDEX_IN_INSTRUCTION                                                                     \
    const bool is_int = true;                                                                    \
    const uint64_t i = (uint64_t)(int64_t)(int16_t)IN.c

#define FIELD(name, is_temp)                                                                     \
    CASE(name) : {                                                                               \
        const rf_value *b = &R[IN.b];                                                            \
        rf_site *site = &fp->proto->sites[IN.c];                                                 \
        if (RF_LIKELY(b->head == RF_STRUCT && knows_field(site, b->as.instance))) {              \
            rf_struct *s = b->as.instance;                                                       \
            const rf_value v = field_value(isolate, s, site);                                             \
            if (is_temp) R[IN.b].head = RF_UNSET;                                                \
            put(isolate, &R[IN.a], v);                                                           \
            if (is_temp) rf_release_object(isolate, &s->object);                                 \
            NEXT();                                                                              \
        }                                                                                        \
        SAVE();                                                                                  \
        if (RF_UNLIKELY(!rf_vm_get_field(isolate, fp, IN))) goto raise;                          \
        NEXT();                                                                                  \
    }

/* Chains: the value looked at is in `chain`, borrowed; the instruction at pc, if it is one of those below, looks at a
 * part of it.  What cannot be done that way puts the value into its register and goes the usual way. */
#define CHAIN() goto chain_next

/* Where its jumps lie within a page decides over up to 20 % of the time, by chance: it begins one, so that other code
 * that grows does not move them.  So do its tables (code_space.h). */
#ifdef __GNUC__
#define IN_PAGE __attribute__((aligned(RF_PAGE)))
rf_value RF_VM_LOOP(rf_isolate *isolate, rf_vm_task *task) IN_PAGE;
#endif

rf_value RF_VM_LOOP(rf_isolate *isolate, rf_vm_task *task)
{
#ifdef RF_VM_COMPUTED_GOTO
    static const void *const labels[] IN_PAGE = {
#define RF_OP(name, a, b, c, effect, meaning) [RF_OP_##name] = &&op_##name,
#include "vm/opcode.def"
#undef RF_OP
#ifdef RF_VM_PLAIN
        &&time_to_count
#endif
    };
#ifdef RF_VM_PLAIN
    static const void *now[RF_OP_COUNT] IN_PAGE = {
#define RF_OP(name, a, b, c, effect, meaning) [RF_OP_##name] = &&op_##name,
#include "vm/opcode.def"
#undef RF_OP
    };
    if (RF_UNLIKELY(!task)) {
        rf_vm_plain_loop = (rf_plain_loop){now, labels};
        return rf_unset();
    }
#endif
#endif
    rf_frame *fp;
    rf_value *R;
    const rf_instruction *pc;
    rf_value out, chain;
#if defined(RF_VM_COMPUTED_GOTO) && !defined(RF_VM_PROFILES)
#ifdef RF_VM_PLAIN
    const void **table = now;
#else
    const void *const *table = labels;
#endif
#ifdef __GNUC__
    __asm__("" : "+r"(table)); /* or its address is computed anew by each instruction */
#endif
#endif
#ifdef RF_VM_PROFILES
    _Atomic(const void *) *table = isolate->prof->jumps[RF_VM_PROFILES];
#ifdef __GNUC__
    __asm__("" : "+r"(table)); /* or gcc keeps the block beside it, for which the loop has no register */
#endif
#ifdef RF_VM_COMPUTED_GOTO
    rf_vm_profile_loop(PROF, RF_VM_PROFILES, labels, &&hook);
#endif
#endif
    LOAD_FRAME();
    ARRIVE();
    BEGIN()

    /* ---- moves and constants ---- */

    CASE(COPY) : put(isolate, &R[IN.a], copy(isolate, R[IN.b]));
    NEXT();
    CASE(MOVE) : {
        const rf_value v = R[IN.b];
        R[IN.b].head = RF_UNSET;
        put(isolate, &R[IN.a], v);
        NEXT();
    }
    CASE(LOADK) : put(isolate, &R[IN.a], copy(isolate, K[IN.wide]));
    NEXT();
    CASE(LOADI) : PUT_INT(&R[IN.a], IN.wide);
    NEXT();
    CASE(LOADNULL) : PUT_BITS(&R[IN.a], RF_NULL, 0);
    NEXT();
    CASE(LOADBOOL) : PUT_BOOL(&R[IN.a], IN.b);
    NEXT();
    CASE(UNSET) : for (uint32_t i = 0; i < IN.b; i++) put(isolate, &R[IN.a + i], rf_unset());
    NEXT();
    CASE(DROP) : for (uint32_t i = 0; i < IN.b; i++) put(isolate, &R[IN.a + i], rf_unset());
    NEXT();
    CASE(GETWIDE) : put(isolate, &R[IN.a], copy(isolate, R[IN.wide]));
    NEXT();
    CASE(SETWIDE) : {
        const rf_value v = rf_vm_take_operand(fp, IN.a);
        put(isolate, &R[IN.wide], v);
        NEXT();
    }
    CASE(CHECK) : if (RF_LIKELY(R[IN.a].head != RF_UNSET)) NEXT();
    SAVE();
    rf_vm_raise_undefined(isolate, K[IN.b]);
    goto raise;
    CASE(UNDEFINED) : SAVE();
    rf_vm_raise_undefined(isolate, K[IN.a]);
    goto raise;
    CASE(PAGE) : fp->proto = rf_proto_page(fp->proto, (uint32_t)IN.wide);
    NEXT();

    /* ---- cells, captures, module variables, built-ins ---- */

    CASE(NEWCELL) : NOTE();
    put(isolate, &R[IN.a], rf_cell_new(isolate, rf_unset()));
    NEXT();
    CASE(WRAPCELL) : NOTE();
    R[IN.a] = rf_cell_new(isolate, rf_take(&R[IN.a]));
    NEXT();
    CASE(GETCELL) : put(isolate, &R[IN.a], copy(isolate, R[IN.b].as.cell->value));
    NEXT();
    CASE(GETCELL_CHECKED) : {
        const rf_value v = R[IN.b].as.cell->value;
        if (RF_UNLIKELY(v.head == RF_UNSET)) goto undefined;
        put(isolate, &R[IN.a], copy(isolate, v));
        NEXT();
    }
    CASE(SETCELL) : {
        const rf_value v = rf_vm_take_operand(fp, IN.b);
        put(isolate, &R[IN.a].as.cell->value, v);
        STORED(R[IN.a].as.cell);
        NEXT();
    }
    CASE(GETCAPTURE) : put(isolate, &R[IN.a], copy(isolate, fp->function->captures[IN.wide]));
    NEXT();
    CASE(GETCAPTURE_CHECKED) : {
        const rf_value v = fp->function->captures[IN.wide];
        if (RF_UNLIKELY(v.head == RF_UNSET)) goto undefined;
        put(isolate, &R[IN.a], copy(isolate, v));
        NEXT();
    }
    CASE(GETCAPCELL) : put(isolate, &R[IN.a], copy(isolate, fp->function->captures[IN.wide].as.cell->value));
    NEXT();
    CASE(GETCAPCELL_CHECKED) : {
        const rf_value v = fp->function->captures[IN.wide].as.cell->value;
        if (RF_UNLIKELY(v.head == RF_UNSET)) goto undefined;
        put(isolate, &R[IN.a], copy(isolate, v));
        NEXT();
    }
    CASE(SETCAPCELL) : {
        const rf_value v = rf_vm_take_operand(fp, IN.a);
        put(isolate, &fp->function->captures[IN.wide].as.cell->value, v);
        STORED(fp->function->captures[IN.wide].as.cell);
        NEXT();
    }
    CASE(GETMODULE) : put(isolate, &R[IN.a], copy(isolate, fp->proto->slots[IN.wide]));
    NEXT();
    CASE(GETMODULE_CHECKED) : {
        const rf_value v = fp->proto->slots[IN.wide];
        if (RF_UNLIKELY(v.head == RF_UNSET)) goto undefined;
        put(isolate, &R[IN.a], copy(isolate, v));
        NEXT();
    }
    CASE(SETMODULE) : {
        const rf_value v = rf_vm_take_operand(fp, IN.a);
        put(isolate, &fp->proto->slots[IN.wide], v);
        NEXT();
    }
    CASE(GETBUILTIN) : put(isolate, &R[IN.a], copy(isolate, isolate->builtin_values[IN.b]));
    NEXT();

    /* ---- arithmetic ---- */

    ARITH(ADD, RF_OPER_ADD, __builtin_add_overflow, +)
    ARITH(SUB, RF_OPER_SUB, __builtin_sub_overflow, -)
    ARITH(MUL, RF_OPER_MUL, __builtin_mul_overflow, *)
    DIVIDE(DIV, RF_OPER_DIV, /, QUOTIENT)
    CASE(KDIV) : {
        const rf_value *k = &K[IN.b], *c = &R[IN.c];
        TRY_DIVIDE(k, c, /, QUOTIENT)
        SAVE();
        if (RF_UNLIKELY(!rf_vm_constant_left(isolate, fp, RF_OPER_DIV, IN))) goto raise;
        NEXT();
    }
    DIVIDE(MOD, RF_OPER_MOD, %, REMAINDER)
    CASE(NEG) : {
        const rf_value *b = &R[IN.b];
        if (b->head == RF_INT && b->as.i != INT64_MIN) {
            const int64_t r = -b->as.i;
            PUT_INT(&R[IN.a], r);
            NEXT();
        }
        if (b->head == RF_FLOAT) {
            const double d = -b->as.d;
            PUT_FLOAT(&R[IN.a], d);
            NEXT();
        }
        SAVE();
        if (!rf_vm_unary(isolate, fp, RF_OPER_NEG, IN.a, IN.b)) goto raise;
        NEXT();
    }
    CASE(NOT) : {
        const rf_value *b = &R[IN.b];
        if (RF_LIKELY(b->head == RF_BOOL)) {
            const bool truth = !b->as.i;
            PUT_BOOL(&R[IN.a], truth);
            NEXT();
        }
        SAVE();
        if (!rf_vm_unary(isolate, fp, RF_OPER_NOT, IN.a, IN.b)) goto raise;
        NEXT();
    }
    CASE(TRUTH) : {
        const bool truth = rf_vm_truth(isolate, fp, IN.b);
        PUT_BOOL(&R[IN.a], truth);
        NEXT();
    }
    CASE(ADDPLACE) : {
        rf_value *a = &R[IN.a];
        const rf_value *b = &R[IN.b];
        int64_t r;
        if (a->head == RF_INT && b->head == RF_INT && !__builtin_add_overflow(a->as.i, b->as.i, &r)) {
            a->as.i = r;
            NEXT();
        }
        if (a->head == RF_FLOAT && b->head == RF_FLOAT) {
            a->as.d += b->as.d;
            NEXT();
        }
        SAVE();
        if (RF_UNLIKELY(!rf_vm_add_place(isolate, fp, IN))) goto raise;
        NEXT();
    }

    /* ---- comparisons and jumps ---- */

    COMPARE(EQ, RF_OPER_EQ, ==, FLOATS_EQUAL, ==)
    COMPARE(NE, RF_OPER_NE, !=, FLOATS_EQUAL, !=)
    COMPARE(LT, RF_OPER_LT, <, FLOATS_ORDERED, <)
    COMPARE(LE, RF_OPER_LE, <=, FLOATS_ORDERED, <=)
    COMPARE(GT, RF_OPER_GT, >, FLOATS_ORDERED, >)
    COMPARE(GE, RF_OPER_GE, >=, FLOATS_ORDERED, >=)
    CASE(JMP) : GO_BY(IN.wide);
    NEXT();
    CASE(JTRUE) : {
        const rf_value *a = &R[IN.a];
        const bool truth = RF_LIKELY(a->head == RF_BOOL) ? a->as.i != 0 : rf_vm_truth(isolate, fp, IN.a);
        if (truth) GO_BY(IN.wide);
        NEXT();
    }
    CASE(JFALSE) : {
        const rf_value *a = &R[IN.a];
        const bool truth = RF_LIKELY(a->head == RF_BOOL) ? a->as.i != 0 : rf_vm_truth(isolate, fp, IN.a);
        if (!truth) GO_BY(IN.wide);
        NEXT();
    }
    CASE(JNULL) : if (R[IN.a].head == RF_NULL) JUMP_BY(IN.wide);
    NEXT();
    CASE(JNOTNULL) : if (R[IN.a].head != RF_NULL) JUMP_BY(IN.wide);
    NEXT();

    /* ---- strings and containers ---- */

    RAISING(CONCAT, rf_vm_concat)
    CASE(TEXT) : SAVE();
    if (!rf_vm_text(isolate, &R[IN.a])) goto raise;
    NEXT();
    SIMPLE(NEWARRAY, rf_vm_new_array)
    SIMPLE(UNPACK, rf_vm_unpack)
    RAISING(EXTEND, rf_vm_extend)
    RAISING(SPREAD, rf_vm_spread)
    CASE(NEWDICT) : NOTE();
    put(isolate, &R[IN.a], rf_dict_new(isolate, IN.b));
    NEXT();
    SIMPLE(NEWRECORD, rf_vm_new_record)
    RAISING(DICTKEY, rf_vm_dict_key)
    CASE(DICTSET) : SAVE();
    if (!rf_vm_dict_set(isolate, fp, IN.a, R[IN.b], IN.b, IN.c)) goto raise;
    NEXT();
    CASE(DICTPUT) : SAVE();
    if (!rf_vm_dict_set(isolate, fp, IN.a, K[IN.b], RF_NO_RESULT, IN.c)) goto raise;
    NEXT();
    RAISING(DICTSPREAD, rf_vm_dict_spread)
    CASE(LEN) : {
        const rf_value *b = &R[IN.b];
        if (RF_LIKELY(b->head == RF_ARRAY || b->head == RF_STRING)) {
            const int64_t length = b->head == RF_ARRAY ? b->as.array->length : b->as.string->length;
            rf_vm_use(isolate, fp, IN.b);
            PUT_INT(&R[IN.a], length);
            NEXT();
        }
        SAVE();
        if (!rf_vm_length(isolate, fp, IN)) goto raise;
        NEXT();
    }

    /* ---- index and field ---- */

    INDEX(GETINDEX, false, INDEX_IN_REGISTER, *c, IN.c)
    INDEX(GETINDEX_T, true, INDEX_IN_REGISTER, *c, IN.c)
    INDEX(GETINDEXI, false, INDEX_IN_INSTRUCTION, rf_int((int16_t)IN.c), RF_NO_RESULT)
    INDEX(GETINDEXI_T, true, INDEX_IN_INSTRUCTION, rf_int((int16_t)IN.c), RF_NO_RESULT)
    CASE(SETINDEX) : {
        const rf_value *a = &R[IN.a], *b = &R[IN.b];
        rf_value *c = &R[IN.c];
        if (RF_LIKELY(a->head == RF_ARRAY && b->head == RF_INT)) {
            rf_array *array = a->as.array;
            const uint64_t i = (uint64_t)b->as.i;
            if (RF_LIKELY(array->object.count == 1 && i < array->length)) {
                if (array->object.info == RF_ARRAY_INTS && c->head == RF_INT) {
                    array->as.ints[i] = c->as.i;
                    NEXT();
                }
                /* storing an array into itself: taking the operand would share it, so it is copied (slow path) */
                if (array->object.info == RF_ARRAY_VALUES && c->as.bits != a->as.bits) {
                    const rf_value v = rf_vm_take_operand(fp, IN.c);
                    put(isolate, &array->as.values[i], v);
                    NEXT();
                }
                if (array->object.info == RF_ARRAY_FLOATS && c->head == RF_FLOAT) {
                    array->as.floats[i] = c->as.d;
                    NEXT();
                }
                if (array->object.info == RF_ARRAY_BOOLS && c->head == RF_BOOL) {
                    array->as.bools[i] = (uint8_t)c->as.i;
                    NEXT();
                }
            }
        } else if (a->head == RF_DICT && a->as.o->count == 1 && c->as.bits != a->as.bits) {
            rf_dict *dict = a->as.dict;
            rf_key key;
            if (b->head == RF_INT && c->head == RF_INT && rf_dict_replace_int(dict, b->as.i, c->as.i)) NEXT();
            if (RF_LIKELY(rf_key_from_value(*b, &key))) {
                SAVE();
                if (RF_UNLIKELY(!rf_dict_set(isolate, dict, key, rf_vm_take_operand(fp, IN.c)))) goto raise;
                rf_vm_use(isolate, fp, IN.b);
                NEXT();
            }
        }
        SAVE();
        if (RF_UNLIKELY(!rf_vm_set_index(isolate, fp, IN))) goto raise;
        NEXT();
    }
    FIELD(GETFIELD, false)
    FIELD(GETFIELD_T, true)
    RAISING(OPTFIELD, rf_vm_opt_field)
    CASE(SETFIELD) : {
        const rf_value *a = &R[IN.a];
        const rf_value *b = &R[IN.b];
        rf_site *site = &fp->proto->sites[IN.c];
        if (RF_LIKELY(a->head == RF_STRUCT && a->as.o->count == 1 && knows_field(site, a->as.instance))) {
            rf_layout *layout = a->as.instance->layout;
            if (RF_UNLIKELY(layout != site->layout && layout == site->def->layout)) rf_vm_renew_site(site, layout);
            const bool is_usual = RF_LIKELY(layout == site->layout);
            char *at = a->as.instance->data + (is_usual ? site->offset : layout->offsets[site->field]);
            const unsigned kind = is_usual ? site->field_kind : layout->kinds[site->field];
            if (kind == RF_FIELD_VALUE && b->as.bits != a->as.bits) { /* itself: as in SETINDEX */
                const rf_value v = rf_vm_take_operand(fp, IN.b);
                put(isolate, (rf_value *)(void *)at, v);
                NEXT();
            }
            if (kind != RF_FIELD_VALUE && b->head == rf_field_head(kind)) {
                memcpy(at, &b->as, sizeof b->as);
                NEXT();
            }
        }
        SAVE();
        if (RF_UNLIKELY(!rf_vm_set_field(isolate, fp, IN))) goto raise;
        NEXT();
    }
    CASE(CHAIN_GETINDEX) : {
        const rf_value *b = &R[IN.b], *c = &R[IN.c];
        if (RF_UNLIKELY(b->head != RF_ARRAY || c->head != RF_INT || (uint64_t)c->as.i >= b->as.array->length))
            GO(GETINDEX);
        chain = peek_element(b->as.array, (uint64_t)c->as.i);
        CHAIN();
    }
    CASE(CHAIN_GETINDEXI) : {
        const rf_value *b = &R[IN.b];
        const uint64_t i = (uint64_t)(int64_t)(int16_t)IN.c;
        if (RF_UNLIKELY(b->head != RF_ARRAY || i >= b->as.array->length)) GO(GETINDEXI);
        chain = peek_element(b->as.array, i);
        CHAIN();
    }
    CASE(CHAIN_GETFIELD) : {
        const rf_value *b = &R[IN.b];
        rf_site *site = &fp->proto->sites[IN.c];
        if (RF_UNLIKELY(b->head != RF_STRUCT || !knows_field(site, b->as.instance))) GO(GETFIELD);
        chain = peek_field(b->as.instance, site);
        CHAIN();
    }
    CASE(CHAIN_GETOWN) : chain = rf_struct_peek(R[IN.b].as.instance, IN.c);
    CHAIN();
    CASE(CHAIN_GETCELL) : chain = R[IN.b].as.cell->value;
    if (RF_UNLIKELY(chain.head == RF_UNSET)) goto undefined;
    CHAIN();
    CASE(CHAIN_GETCAPTURE) : chain = fp->function->captures[IN.wide];
    if (RF_UNLIKELY(chain.head == RF_UNSET)) goto undefined;
    CHAIN();
    CASE(CHAIN_GETCAPCELL) : chain = fp->function->captures[IN.wide].as.cell->value;
    if (RF_UNLIKELY(chain.head == RF_UNSET)) goto undefined;
    CHAIN();
    CASE(CHAIN_GETMODULE) : chain = fp->proto->slots[IN.wide];
    if (RF_UNLIKELY(chain.head == RF_UNSET)) goto undefined;
    CHAIN();
    CASE(GETOWN) : put(isolate, &R[IN.a], rf_struct_get(R[IN.b].as.instance, IN.c));
    NEXT();
    CASE(SETOWN) : {
        if (RF_UNLIKELY(R[IN.a].as.o->count != 1)) {
            SAVE();
            rf_vm_set_own(isolate, fp, IN);
            NEXT();
        }
        NOTE();
        const rf_value v = rf_vm_take_operand(fp, IN.b);
        rf_struct_set(isolate, &R[IN.a], IN.c, v);
        NEXT();
    }
    CASE(SETPLACE) : {
        const rf_value *a = &R[IN.a];
        if (RF_LIKELY(!counts(a) && rf_vm_store_plain(fp, fp->proto->places[IN.b], *a))) NEXT();
        SAVE();
        const rf_value v = rf_vm_take_operand(fp, IN.a);
        if (RF_UNLIKELY(!rf_vm_store_place(isolate, fp, fp->proto->places[IN.b], v))) goto raise;
        NEXT();
    }
    CASE(GETPLACE) : {
        SAVE();
        const rf_value v = rf_vm_read_place(isolate, fp, fp->proto->places[IN.b]);
        if (RF_UNLIKELY(rf_is_raised(v))) goto raise;
        put(isolate, &R[IN.a], v);
        NEXT();
    }
    CASE(REASSIGNS) : SAVE();
    rf_raise(isolate, "Cannot reassign const binding: %s", K[IN.a].as.string->text);
    goto raise;
    CASE(MUTATES) : SAVE();
    rf_raise(isolate, "Cannot mutate const binding: %s", K[IN.a].as.string->text);
    goto raise;
    CASE(DUPLICATE) : SAVE();
    rf_raise(isolate, "Duplicate declaration in the same scope: %s", K[IN.a].as.string->text);
    goto raise;
    CASE(MARKSELF) : fp->flags |= RF_FRAME_MARKED;
    NEXT();
    CASE(MARKCELL) : R[IN.a].as.o->flags |= CELL_CHANGED;
    NEXT();
    CASE(MARKCAPTURE) : fp->function->captures[IN.wide].as.o->flags |= CELL_CHANGED;
    NEXT();

    /* ---- calls ---- */

    CASE(CALL) : {
        rf_value *w = &R[IN.a];
        const uint32_t count = IN.b;
        if (RF_LIKELY(w->head == RF_FUNCTION && w->as.o->info == RF_FUNCTION_CLOSURE)) {
            rf_function *function = w->as.function;
            rf_proto *callee = function->code;
            if (RF_LIKELY(callee && callee->is_direct && callee->param_count == count))
                ENTER(callee, w, function, goto call_slowly);
        }
    call_slowly:
        SAVE();
        AFTER_CALL(rf_vm_call(isolate, task, w, count));
    }
    CASE(CALLFN) : {
        rf_value *w = &R[IN.a];
        rf_proto *callee = fp->proto->children[IN.c];
        ENTER(callee, w, NULL, {
            SAVE();
            if (!rf_vm_push_frame(isolate, task, callee, NULL, w, 0)) goto raise;
            LOAD_FRAME();
            COUNT_CALL(callee);
            NEXT();
        });
    }
    CASE(CALLBUILTIN) : SAVE();
    AFTER_CALL(rf_vm_call_row(isolate, task, &isolate->builtins[IN.c], &R[IN.a], IN.b, 0, 0));
    CASE(CALLC) : {
        rf_value *w = &R[IN.a];
        const uint32_t count = IN.b, number = IN.c;
        SAVE();
        BEGIN_BUILTIN(number);
        const rf_value v = isolate->builtins[number].function(isolate, w + 1, count);
        END_BUILTIN();
        if (RF_UNLIKELY(rf_is_raised(v))) goto raise;
        for (uint32_t i = 1; i <= count; i++) put(isolate, &w[i], rf_unset());
        put(isolate, w, v);
        NEXT();
    }
    CASE(CALLC1) : {
        SAVE();
        rf_value arg = copy(isolate, R[IN.b]);
        const uint32_t number = IN.c;
        BEGIN_BUILTIN(number);
        const rf_value v = isolate->builtins[number].function(isolate, &arg, 1);
        END_BUILTIN();
        rf_release(isolate, arg);
        if (RF_UNLIKELY(rf_is_raised(v))) goto raise;
        put(isolate, &R[IN.a], v);
        NEXT();
    }
    CASE(CALLMETHOD) : {
        rf_value *w = &R[IN.a];
        rf_site *site = &fp->proto->sites[IN.b];
        if (RF_LIKELY(w[1].head == RF_STRUCT && w[1].as.instance->layout->def == site->def && site->def)) {
            rf_proto *callee = site->method;
            if (RF_LIKELY(!callee->modifies_self)) {
                MOVE_BY(site->skip);
                ENTER(callee, w, NULL, {
                    MOVE_BY(-(ptrdiff_t)site->skip);
                    goto method_slowly;
                });
            }
        }
    method_slowly:
        SAVE();
        AFTER_CALL(rf_vm_call_method(isolate, task, site, w));
    }
    CASE(CALLLOCAL) : {
        rf_value *w = &R[IN.a];
        rf_site *site = &fp->proto->sites[IN.b];
        rf_value *self = &R[IN.c];
        if (RF_LIKELY(self->head == RF_STRUCT && self->as.instance->layout->def == site->def && site->def)) {
            rf_proto *callee = site->method;
            if (RF_LIKELY(HAS_ROOM(callee, w))) {
                if (!callee->modifies_self) {
                    w[1] = copy(isolate, *self);
                    ENTER(callee, w, NULL, goto local_slowly);
                }
                fp->next->self_register = IN.c;
                uint32_t flags = RF_FRAME_SELF_LOCAL;
                if (site->flags & RF_SITE_MARKS_SELF) flags |= RF_FRAME_MARKS_CALLER;
                if (RF_LIKELY(site->flags & RF_SITE_MAY_EMPTY)) {
                    flags |= RF_FRAME_SELF_TAKEN;
                    w[1] = *self;
                    self->head = RF_UNSET;
                } else {
                    w[1] = copy(isolate, *self);
                }
                ENTER_FLAGGED(callee, w, NULL, flags, goto local_slowly);
            }
        }
    local_slowly:
        SAVE();
        AFTER_CALL(rf_vm_call_local(isolate, task, site, w, IN.c));
    }
    CASE(UPDATE) : SAVE();
    AFTER_CALL(rf_vm_update(isolate, task, &fp->proto->sites[IN.b], &R[IN.a]));
    CASE(PUSH) : {
        rf_value *a = &R[IN.a];
        SAVE();
        if (RF_LIKELY(a->head == RF_ARRAY)) {
            const rf_value v = rf_vm_take_operand(fp, IN.b);
            rf_array *array = rf_array_unique(isolate, a);
            if (RF_UNLIKELY(!rf_array_push(isolate, array, v))) {
                DOES_NOT_SKIP();
                goto raise;
            }
            pc++;
            NEXT();
        }
        DOES_NOT_SKIP();
        AFTER_CALL(rf_vm_push_slow(isolate, task, &fp->proto->sites[IN.c], IN.a, IN.b));
    }
    CASE(PUSHPLACE) : {
        SAVE();
        const rf_value v = copy(isolate, R[IN.a]);
        const int outcome = rf_vm_push_place(isolate, fp, fp->proto->places[IN.b], v);
        if (RF_LIKELY(outcome > 0)) {
            rf_vm_use(isolate, fp, IN.a);
            JUMP_BY((int16_t)IN.c);
            NEXT();
        }
        if (outcome < 0) goto raise;
        rf_release(isolate, v);
        NEXT();
    }
    CASE(RETURN) : {
        if (RF_UNLIKELY(fp->flags || IN.b == RF_OPERAND_LIMIT)) {
            NOTE();
            RETURNS_ANYWHERE();
            if (rf_vm_return(isolate, task, IN.a, IN.b, &out)) return out;
            LOAD_FRAME();
            ARRIVE();
            NEXT();
        }
        const rf_value v = R[IN.a];
        R[IN.a].head = RF_UNSET;
        RELEASE_WINDOW(IN.b);
        fp = fp->previous;
        task->fp = fp;
        put(isolate, R - 1, v);
        R = fp->base;
        pc = fp->pc;
        NEXT();
    }
    CASE(RETURNNULL) : {
        if (RF_UNLIKELY(fp->flags || IN.b == RF_OPERAND_LIMIT)) {
            NOTE();
            RETURNS_ANYWHERE();
            if (rf_vm_return(isolate, task, RF_NO_RESULT, IN.b, &out)) return out;
            LOAD_FRAME();
            ARRIVE();
            NEXT();
        }
        RELEASE_WINDOW(IN.b);
        fp = fp->previous;
        task->fp = fp;
        put(isolate, R - 1, rf_null());
        R = fp->base;
        pc = fp->pc;
        NEXT();
    }
    SIMPLE(CLOSURE, rf_vm_closure)
    SIMPLE(STRUCTDECL, rf_vm_struct_decl)
    SIMPLE(ENUMDECL, rf_vm_enum_decl)
    CASE(TOOLARGE) : SAVE();
    rf_raise_string(isolate, copy(isolate, K[IN.a]));
    goto raise;

    /* ---- instances and enum values ---- */

    RAISING(STRUCTCHECK, rf_vm_struct_check)
    RAISING(FIELDCHECK, rf_vm_field_check)
    RAISING(SPREADCHECK, rf_vm_spread_check)
    RAISING(MAKESTRUCT, rf_vm_make_struct)
    RAISING(ENUMCHECK, rf_vm_enum_check)
    SIMPLE(MAKEENUM, rf_vm_make_enum)

    /* ---- loops ---- */

    CASE(FORPREP) : SAVE();
    if (RF_UNLIKELY(!rf_vm_for_prep(isolate, fp, IN))) goto raise;
    JUMP_BY(IN.wide);
    NEXT();
    CASE(FORNEXT) : {
        rf_value *state = &R[IN.a];
        if (RF_LIKELY(state->head == RF_ARRAY)) {
            const rf_array *array = state->as.array;
            const uint64_t i = (uint64_t)state[1].as.i;
            if (RF_LIKELY(i < array->length)) {
                state[1].as.i = (int64_t)i + 1;
                put(isolate, &R[IN.b], element(isolate, array, i));
                GO_BACK_BY((int16_t)IN.c);
                NEXT();
            }
            put(isolate, state, rf_unset());
            NEXT();
        }
        if (state->head == RF_INT) {
            const int64_t i = state[2].as.i; /* as rf_vm_for_next, which native code calls */
            if (i < state[3].as.i) {
                state[2].as.i = i + 1;
                PUT_INT(&R[IN.b], i);
                GO_BACK_BY((int16_t)IN.c);
            }
            NEXT();
        }
        SAVE();
        bool jumps;
        const rf_outcome outcome = rf_vm_for_next(isolate, task, IN, &jumps);
        if (RF_UNLIKELY(outcome == RF_CALL_RAISED)) goto raise;
        if (outcome == RF_CALL_PUSHED) {
            LEAVE();
            LOAD_FRAME();
            if (pc == fp->proto->code)
                COUNT_CALL(fp->proto);
            else
                ARRIVE();
        } else if (jumps)
            GO_BACK_BY((int16_t)IN.c);
        NEXT();
    }
    CASE(RANGEPREP) : SAVE();
    if (RF_UNLIKELY(!rf_vm_range_prep(isolate, fp, IN))) goto raise;
    if (rf_is_short_range(IN)) rf_vm_fill(isolate, fp, pc);
    BEGIN_TURNS(&R[IN.a]);
    JUMP_BY((int16_t)IN.c);
    NEXT();
    CASE(RANGENEXT) : {
        rf_value *state = &R[IN.a];
        if (RF_LIKELY(state[RF_RANGE_TURNS].as.i > 0)) {
            const int64_t i = state[RF_RANGE_NEXT].as.i;
            state[RF_RANGE_TURNS].as.i--;
            state[RF_RANGE_NEXT].as.i = (int64_t)((uint64_t)i + (uint64_t)state[RF_RANGE_STEP].as.i);
            PUT_INT(&R[IN.b], i);
            JUMP_BY((int16_t)IN.c);
            NEXT();
        }
        if (state[RF_RANGE_LEFT].as.i > 0) { /* what is needed behind the call would take other registers from the start */
            const bool is_hot = TAKE_TURNS(isolate, fp, IN);
            JUMP_BY((int16_t)IN.c);
            if (RF_UNLIKELY(is_hot)) GO_HOT();
        }
        NEXT();
    }

    /* ---- patterns ---- */

    SIMPLE(ENTRIES, rf_vm_entries)
    SIMPLE(ENTRYVALUE, rf_vm_entry_value)
    SIMPLE(ITEM, rf_vm_item)
    SIMPLE(ITEMREST, rf_vm_item_rest)
    SIMPLE(ENTRY, rf_vm_entry)
    RAISING(ENTRYREST, rf_vm_entry_rest)
    SIMPLE(PAYLOAD, rf_vm_payload)
    CASE(JNOTEQUAL) : {
        const rf_value *a = &R[IN.a], *k = &K[IN.b];
        if (a->head == RF_INT && k->head == RF_INT) TAKES_JUMP(a->as.i != k->as.i);
        TAKES_JUMP(rf_equal(isolate, *a, *k) != 1);
    }
    CASE(JNOTARRAY) : TAKES_JUMP(!rf_vm_is_array_of(R[IN.a], IN.b));
    CASE(JNOTENTRIES) : TAKES_JUMP(!rf_vm_has_entries(isolate, fp, R[IN.a], fp->proto->literals[IN.b].syntax));
    CASE(JNOTVARIANT) : TAKES_JUMP(!rf_vm_is_variant(R[IN.a], fp->proto->literals[IN.b].syntax));

    /* ---- the rest ---- */

    CASE(THROW) : SAVE();
    rf_raise_value(isolate, rf_vm_take_operand(fp, IN.a));
    goto raise;
    CASE(CATCH) : NOTE();
    put(isolate, &R[IN.a], rf_take_error(isolate));
    NEXT();
    CASE(RERAISE) : {
        SAVE();
        isolate->failed_phase = (uint8_t)R[IN.b].as.i;
        rf_raise_error(isolate, rf_vm_take_operand(fp, IN.a));
        goto raise;
    }
    CASE(TRYTOP) :
    CASE(TRY) : {
        bool returns;
        SAVE();
        if (RF_UNLIKELY(!rf_vm_try(isolate, fp, IN, &returns))) goto raise;
        if (!returns) NEXT();
        LEAVE();
        RETURNS_ANYWHERE();
        if (rf_vm_return(isolate, task, IN.a, fp->proto->register_count, &out)) return out;
        LOAD_FRAME();
        ARRIVE();
        NEXT();
    }
    CASE(AWAIT) : {
        SAVE();
        LEAVE();
        const rf_value v = rf_await(isolate, R[IN.a]);
        ARRIVE();
        if (RF_UNLIKELY(rf_is_raised(v))) goto raise;
        put(isolate, &R[IN.a], v);
        NEXT();
    }
    CASE(YIELD) : SAVE();
    LEAVE();
    if (rf_vm_yield(isolate, task, IN.a, IN.b, &out)) return out;
    LOAD_FRAME();
    ARRIVE();
    COUNT_HEAT(); /* a turn of the consumer's loop */
    NEXT();
    CASE(SPAWN) : {
        SAVE();
        const rf_value v = rf_spawn(isolate, R[IN.a].as.function);
        if (RF_UNLIKELY(rf_is_raised(v))) goto raise;
        rf_release(isolate, v);
        put(isolate, &R[IN.a], rf_unset());
        NEXT();
    }
    RAISING(IMPORT, rf_vm_import)
    RAISING(IMPORTNAME, rf_vm_import_name)
    CASE(ECHO) : if (isolate->echo && R[IN.a].head != RF_NULL) isolate->echo(isolate, R[IN.a]);
    put(isolate, &R[IN.a], rf_unset());
    NEXT();

    END()

chain_next: /* no computed goto: the compiler would keep `chain` alive through every handler */
    if (RF_LIKELY(pc->op == RF_OP_GETINDEX_T)) goto chain_index;
    if (RF_LIKELY(pc->op == RF_OP_GETFIELD_T)) goto chain_field;
    goto chain_other;
chain_more:
    if (RF_LIKELY((unsigned)pc->op - RF_OP_LEN > RF_OP_GETFIELD_T - RF_OP_LEN || pc->b != IN.a)) goto chain_end;
    if (pc->op == RF_OP_GETINDEX_T) goto chain_index;
    if (pc->op == RF_OP_GETFIELD_T) goto chain_field;
chain_other:
    if (pc->op == RF_OP_GETINDEXI_T) goto chain_index_immediate;
    if (pc->op == RF_OP_LEN) goto chain_length;
    goto chain_end;
chain_index: {
    const rf_value *c = &R[pc->c];
    if (RF_UNLIKELY(chain.head != RF_ARRAY || c->head != RF_INT || (uint64_t)c->as.i >= chain.as.array->length))
        goto chain_break;
    chain = peek_element(chain.as.array, (uint64_t)c->as.i);
    pc++;
    if (RF_LIKELY(pc->op == RF_OP_GETFIELD_T && pc->b == IN.a)) goto chain_field;
    goto chain_more;
}
chain_index_immediate: {
    const uint64_t i = (uint64_t)(int64_t)(int16_t)pc->c;
    if (RF_UNLIKELY(chain.head != RF_ARRAY || i >= chain.as.array->length)) goto chain_break;
    chain = peek_element(chain.as.array, i);
    pc++;
    goto chain_more;
}
chain_field: {
    rf_site *site = &fp->proto->sites[pc->c];
    if (RF_UNLIKELY(chain.head != RF_STRUCT || !knows_field(site, chain.as.instance))) goto chain_break;
    chain = peek_field(chain.as.instance, site);
    pc++;
    goto chain_more;
}
chain_length: {
    if (RF_UNLIKELY(chain.head != RF_ARRAY)) goto chain_break;
    chain = rf_int(chain.as.array->length);
    pc++;
}
chain_end: /* the last instruction has its result */
    put(isolate, &R[IN.a], copy(isolate, chain));
    NEXT();
chain_break: /* the instruction at pc takes the value from its register */
    R[IN.a] = copy(isolate, chain);
    NEXT();

#ifdef RF_VM_COUNTS
hot:
    SAVE();
    switch (rf_vm_state_of(isolate)->jit->hot(isolate, task)) {
    case RF_HOT_RAISED: goto raise;
    case RF_HOT_OTHER_LOOP: return RF_VALUE(RF_VM_OTHER_LOOP, bits, 0);
    default: LOAD_FRAME(); NEXT();
    }
#endif
#if defined(RF_VM_PROFILES) && defined(RF_VM_COMPUTED_GOTO)
hook:
    pc--;
    if (RF_LIKELY(PROF->reach > 1)) { /* nothing else would happen there */
        PROF->reach--;
        goto *labels[(pc++)->op];
    }
    rf_vm_profile_hook(isolate, fp, pc, RF_VM_PROFILES);
#ifdef RF_VM_TALLIES
    if (atomic_load_explicit(&PROF->is_exact_over, memory_order_relaxed)) {
        SAVE();
        return RF_VALUE(RF_VM_OTHER_LOOP, bits, 0);
    }
#endif
    goto *labels[(pc++)->op];
#endif
#if defined(RF_VM_OBSERVES) && defined(RF_VM_COMPUTED_GOTO)
observe:
    OBSERVE();
    goto *labels[OBSERVED((pc++)->op)];
#endif
#if defined(RF_VM_PLAIN) && defined(RF_VM_COMPUTED_GOTO)
time_to_count: /* of some isolate (later.h) */
    pc--;
    if (rf_vm_is_time_to_count(isolate, task, pc)) return RF_VALUE(RF_VM_OTHER_LOOP, bits, 0);
    goto *labels[(pc++)->op];
#endif
undefined:
    SAVE();
    rf_vm_raise_unset(isolate, fp, IN);
raise:
    RAISES();
    if (!rf_vm_unwind(isolate, task)) return rf_raised();
    LOAD_FRAME();
    ARRIVE();
    NEXT();
}
