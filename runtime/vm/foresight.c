/* Looking ahead in a method: can anything from here to its return raise, run other code or be seen?
 *
 * The instructions that follow are gone through with what is known of the values they will find: fields of self and
 * registers hold what they hold now, unless an instruction on the way has written them.  Of a number it is known how large
 * it can be, so that sums are known not to overflow.  Where that is not enough the answer is no. */
#include "value/array.h"
#include "vm/slow.h"

enum {
    LOOK_AHEAD = 48, /* instructions, on all ways together */
    WRITTEN = 12     /* registers and fields that may be written on the way */
};

typedef struct known { /* of a value: what it is and, if that is a number, a text, an array or a dict, how large at most */
    uint64_t head;     /* UNSET: nothing is known */
    uint64_t most;
} known;

typedef struct written {
    uint32_t number; /* of a register, of a field */
    bool is_field;
    known value;
} written;

typedef struct foresight {
    const rf_frame *fp;
    const rf_struct *self;
    uint32_t *budget;
    uint32_t count;
    written writes[WRITTEN];
} foresight;

static const uint64_t TEXT_MOST = INT32_MAX / 4, DICT_MOST = INT32_MAX / 4, NUMBER_TEXT = 400; /* bytes, entries, bytes */

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static known known_of(rf_value v)
{
    switch (v.head) {
    case RF_INT: return (known){RF_INT, magnitude(v.as.i)};
    case RF_STRING: return (known){RF_STRING, v.as.string->size};
    case RF_ARRAY: return (known){RF_ARRAY, v.as.array->length};
    case RF_DICT: return (known){RF_DICT, rf_dict_count(v.as.dict)};
    default: return (known){v.head, 0};
    }
}

/* ---- registers and fields ---- */

static written *find_written(foresight *f, uint32_t number, bool is_field)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (f->writes[i].number == number && f->writes[i].is_field == is_field) return &f->writes[i];
    return NULL;
}

static bool note(foresight *f, uint32_t number, bool is_field, known value)
{
    written *w = find_written(f, number, is_field);
    if (!w && f->count == WRITTEN) return false;
    if (!w) w = &f->writes[f->count++];
    *w = (written){number, is_field, value};
    return true;
}

static known of_register(foresight *f, uint32_t reg)
{
    const written *w = find_written(f, reg, false);
    return w ? w->value : known_of(f->fp->base[reg]);
}

static bool put(foresight *f, uint32_t reg, known value)
{
    return reg != 0 && note(f, reg, false, value); /* R[0] stays self */
}

static int64_t site_field(const foresight *f, uint32_t index)
{
    const rf_structdef *def = f->self->layout->def;
    const rf_site *site = &f->fp->proto->sites[index];
    return site->def == def ? (int64_t)site->field : rf_structdef_find_field(def, site->name);
}

static bool set_field(foresight *f, int64_t field, known value)
{
    return field >= 0 && note(f, (uint32_t)field, true, value);
}

/* The field of self with which the place begins, or -1. */
static int64_t place_field(const foresight *f, const rf_place_info *place)
{
    const rf_place_step *step = place->steps;
    if (!place->is_self || place->is_cell || place->count == 0 || !step->field) return -1;
    const rf_structdef *def = f->self->layout->def;
    return step->def == def ? (int64_t)step->field_index : rf_structdef_find_field(def, step->field);
}

static known of_field(foresight *f, int64_t field)
{
    const written *w = find_written(f, (uint32_t)field, true);
    return w ? w->value : known_of(rf_struct_peek(f->self, (uint32_t)field));
}

static bool get_field(foresight *f, uint32_t reg, int64_t field)
{
    return field >= 0 && put(f, reg, of_field(f, field));
}

/* A field, or an entry of a dict in one. */
static bool set_place(foresight *f, const rf_place_info *place, known value)
{
    const int64_t field = place_field(f, place);
    if (field < 0 || place->count == 1) return set_field(f, field, value);
    const rf_place_step *last = &place->steps[1];
    const known key = last->field ? (known){RF_STRING, 0} : of_register(f, last->reg);
    const known dict = of_field(f, field);
    return place->count == 2 && dict.head == RF_DICT && (key.head == RF_STRING || key.head == RF_INT) &&
           dict.most < DICT_MOST && set_field(f, field, (known){RF_DICT, dict.most + 1});
}

/* ---- operators ---- */

static bool is_number(known k)
{
    return k.head == RF_INT || k.head == RF_FLOAT;
}

/* + - *: false when it might raise. */
static bool combine(rf_op_kind op, known a, known b, known *out)
{
    if (op == RF_OPER_ADD && (a.head == RF_STRING || b.head == RF_STRING)) {
        if ((a.head != RF_STRING && !is_number(a)) || (b.head != RF_STRING && !is_number(b))) return false;
        out->head = RF_STRING;
        out->most = (a.head == RF_STRING ? a.most : NUMBER_TEXT) + (b.head == RF_STRING ? b.most : NUMBER_TEXT);
        return out->most < TEXT_MOST;
    }
    if (!is_number(a) || !is_number(b)) return false;
    *out = (known){RF_FLOAT, 0};
    if (a.head == RF_FLOAT || b.head == RF_FLOAT) return true;
    out->head = RF_INT;
    const bool is_too_large = op == RF_OPER_MUL ? __builtin_mul_overflow(a.most, b.most, &out->most)
                                                : __builtin_add_overflow(a.most, b.most, &out->most);
    return !is_too_large && out->most <= INT64_MAX;
}

static bool operate(foresight *f, rf_instruction in, unsigned first, known b, known c)
{
    known result;
    return combine((rf_op_kind)(RF_OPER_ADD + (in.op - first)), b, c, &result) && put(f, in.a, result);
}

static known constant(const foresight *f, uint32_t index)
{
    return known_of(f->fp->proto->constants[index]);
}

static known integer(int64_t number)
{
    return (known){RF_INT, magnitude(number)};
}

/* ---- instructions ---- */

static bool length(foresight *f, rf_instruction in)
{
    const known of = of_register(f, in.b);
    return (of.head == RF_ARRAY || of.head == RF_STRING || of.head == RF_DICT) && put(f, in.a, integer(UINT32_MAX));
}

static bool add_place(foresight *f, rf_instruction in)
{
    known sum;
    return combine(RF_OPER_ADD, of_register(f, in.a), of_register(f, in.b), &sum) && put(f, in.a, sum);
}

/* An instruction that only goes on to the next one; false: it might do something else. */
static bool step(foresight *f, rf_instruction in)
{
    const rf_proto *proto = f->fp->proto;
    switch (in.op) {
    case RF_OP_UNSET:
    case RF_OP_DROP:
    case RF_OP_MARKSELF: return true;
    case RF_OP_COPY:
    case RF_OP_MOVE: return put(f, in.a, of_register(f, in.b));
    case RF_OP_LOADK: return put(f, in.a, constant(f, (uint32_t)in.wide));
    case RF_OP_LOADI: return put(f, in.a, integer(in.wide));
    case RF_OP_LOADNULL: return put(f, in.a, (known){RF_NULL, 0});
    case RF_OP_LOADBOOL: return put(f, in.a, (known){RF_BOOL, 0});
    case RF_OP_ADD:
    case RF_OP_SUB:
    case RF_OP_MUL: return operate(f, in, RF_OP_ADD, of_register(f, in.b), of_register(f, in.c));
    case RF_OP_ADDI:
    case RF_OP_SUBI:
    case RF_OP_MULI: return operate(f, in, RF_OP_ADDI, of_register(f, in.b), integer((int16_t)in.c));
    case RF_OP_ADDK:
    case RF_OP_SUBK:
    case RF_OP_MULK: return operate(f, in, RF_OP_ADDK, of_register(f, in.b), constant(f, in.c));
    case RF_OP_KADD:
    case RF_OP_KSUB:
    case RF_OP_KMUL: return operate(f, in, RF_OP_KADD, constant(f, in.b), of_register(f, in.c));
    case RF_OP_ADDPLACE: return add_place(f, in);
    case RF_OP_LEN: return length(f, in);
    case RF_OP_GETOWN:
    case RF_OP_CHAIN_GETOWN: return in.b == 0 && get_field(f, in.a, in.c);
    case RF_OP_GETFIELD:
    case RF_OP_CHAIN_GETFIELD: return in.b == 0 && get_field(f, in.a, site_field(f, in.c));
    case RF_OP_SETOWN: return in.a == 0 && set_field(f, in.c, of_register(f, in.b));
    case RF_OP_SETFIELD:
        return in.a == 0 && set_field(f, site_field(f, in.c), of_register(f, in.b));
    case RF_OP_SETPLACE: return set_place(f, proto->places[in.b], of_register(f, in.a));
    default: return false;
    }
}

/* PUSHPLACE that is going to push. */
static bool pushes(foresight *f, rf_instruction in)
{
    const rf_place_info *place = f->fp->proto->places[in.b];
    const int64_t field = place_field(f, place);
    if (field < 0 || place->count > 1) return false;
    known array = of_field(f, field);
    if (array.head != RF_ARRAY || ++array.most >= INT32_MAX) return false;
    return set_field(f, field, array);
}

static known compared(foresight *f, unsigned kind, uint32_t operand)
{
    if (kind == RF_OPERAND_INT) return integer((int16_t)operand);
    return kind == RF_OPERAND_CONST ? constant(f, operand) : of_register(f, operand);
}

static bool is_comparison(unsigned op)
{
    return op >= RF_OP_JEQ && op <= RF_OP_JNGEK;
}

static bool compares_quietly(foresight *f, rf_instruction in)
{
    const uint8_t *kinds = rf_op_infos[in.op].operands;
    const known a = compared(f, kinds[0], in.a), b = compared(f, kinds[1], in.b);
    return (is_number(a) && is_number(b)) || (a.head == RF_STRING && b.head == RF_STRING);
}

static bool ends_quietly(foresight *f, const rf_instruction *next);

/* A comparison that goes either way. */
static bool both_end_quietly(foresight *f, const rf_instruction *next)
{
    const int32_t distance = (int16_t)next->c;
    if (distance < 0 || !compares_quietly(f, *next)) return false;
    foresight there = *f; /* at most 48 in one another */
    return ends_quietly(&there, next + 1 + distance) && ends_quietly(f, next + 1);
}

static bool ends_quietly(foresight *f, const rf_instruction *next)
{
    for (; *f->budget > 0; next++) {
        --*f->budget;
        const rf_instruction in = *next;
        if (in.op == RF_OP_RETURN || in.op == RF_OP_RETURNNULL) return true;
        if (is_comparison(in.op)) return both_end_quietly(f, next);
        if (in.op == RF_OP_JMP) {
            if (in.wide < 0) return false;
            next += in.wide;
        } else if (in.op == RF_OP_PUSHPLACE) {
            if (!pushes(f, in)) return false;
            next += (int16_t)in.c;
        } else if (!step(f, in)) {
            return false;
        }
    }
    return false;
}

bool rf_vm_ends_quietly(const rf_frame *fp, const rf_instruction *next, uint32_t field, rf_value stored)
{
    if (next->op == RF_OP_RETURN || next->op == RF_OP_RETURNNULL) return true;
    uint32_t budget = LOOK_AHEAD;
    foresight f;
    f.fp = fp;
    f.self = fp->base[0].as.instance;
    f.budget = &budget;
    f.count = 0;
    return set_field(&f, field, known_of(stored)) && ends_quietly(&f, next);
}
