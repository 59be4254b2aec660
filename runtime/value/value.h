/* The 16-byte value and its counting (design: RUNTIME 2, 3).
 *
 * head is tag | wrap << 8, all other bits zero: comparing the whole head tests for one exact kind, so wrapped values
 * (Some, Ok, Err) take every slow path by themselves.  `Some(5)` is {INT | SOME << 8, 5}; a second level
 * (`Ok(Some(5))`) is an rf_box object holding the inner value: {BOX | OK << 8, box}.
 *
 * Ownership words used in this room: a parameter is borrowed unless its comment says "steals"; a returned rf_value
 * is new (the caller owns one count) unless the comment says "borrows". */
#ifndef RF_VALUE_VALUE_H
#define RF_VALUE_VALUE_H

#include "base/base.h"

#include <string.h>

typedef struct rf_isolate rf_isolate;

typedef enum rf_tag {
    RF_UNSET, /* a variable that has no value yet */
    RF_NULL,
    RF_BOOL, /* payload 0 or 1 */
    RF_INT,
    RF_FLOAT,
    RF_NONE, /* Option's None */
    RF_HEAP_FIRST,
    RF_STRING = RF_HEAP_FIRST,
    RF_BYTES,
    RF_ARRAY,
    RF_DICT,
    RF_SET,
    RF_QUEUE,
    RF_STACK,
    RF_STRUCT,
    RF_ENUM,
    RF_BOX, /* only with a wrap: content is itself wrapped */
    RF_ERROR,
    RF_FUNCTION,
    RF_STRUCTDEF,
    RF_ENUMDEF,
    RF_GENERATOR, /* generators and iterators */
    RF_PROMISE,
    RF_CHANNEL,
    RF_MODULE,
    RF_HANDLE, /* host handles: database, socket, ... */
    RF_CELL,   /* internal: a captured variable; never seen by a program */
    RF_TAG_COUNT,
    RF_RAISED = 0xFF /* result of a call that raised: the error is in isolate->error; never in a variable */
} rf_tag;

typedef enum rf_wrap { RF_PLAIN, RF_SOME, RF_OK_WRAP, RF_ERR_WRAP } rf_wrap;

typedef struct rf_object { /* first field of every heap object */
    int32_t count;         /* negative: immortal */
    uint8_t kind;          /* the rf_tag of values that point here */
    uint8_t flags;         /* RF_OBJECT_... and flags private to the kind */
    uint16_t info;         /* private to the kind */
} rf_object;

enum { RF_OBJECT_CANDIDATE = 0x80 /* queued for the cycle collector */ };

typedef struct rf_value {
    uint64_t head;
    union {
        int64_t i;
        double d;
        rf_object *o;
        uint64_t bits;
        struct rf_string *string;
        struct rf_bytes *bytes;
        struct rf_array *array;
        struct rf_dict *dict;
        struct rf_set *set;
        struct rf_sequence *sequence; /* QUEUE, STACK */
        struct rf_struct *instance;
        struct rf_enum *variant;
        struct rf_box *box;
        struct rf_error *error;
        struct rf_function *function;
        struct rf_structdef *structdef;
        struct rf_enumdef *enumdef;
        struct rf_generator *generator;
        struct rf_promise *promise;
        struct rf_channel *channel;
        struct rf_module *module;
        struct rf_handle *handle;
        struct rf_cell *cell;
    } as;
} rf_value;

_Static_assert(sizeof(rf_value) == 16, "values are two words");

#define RF_VALUE(tag_, field, payload) ((rf_value){.head = (tag_), .as.field = (payload)})
#define rf_unset() ((rf_value){.head = RF_UNSET, .as.bits = 0})
#define rf_null() ((rf_value){.head = RF_NULL, .as.bits = 0})
#define rf_bool(x) ((rf_value){.head = RF_BOOL, .as.i = (x) ? 1 : 0})
#define rf_int(x) ((rf_value){.head = RF_INT, .as.i = (x)})
#define rf_float(x) ((rf_value){.head = RF_FLOAT, .as.d = (x)})
#define rf_none() ((rf_value){.head = RF_NONE, .as.bits = 0})
#define rf_raised() ((rf_value){.head = RF_RAISED, .as.bits = 0})
/* a heap object as value; does not count */
#define rf_object_value(tag_, object) ((rf_value){.head = (tag_), .as.o = (rf_object *)(object)})

/* The bool, int or float that is kept as its payload alone. */
static inline rf_value rf_plain_value(uint64_t head, const void *payload)
{
    rf_value v = {.head = head};
    memcpy(&v.as, payload, sizeof v.as);
    return v;
}

static inline unsigned rf_tag_of(rf_value v) { return (unsigned)(v.head & 0xFF); }
static inline unsigned rf_wrap_of(rf_value v) { return (unsigned)(v.head >> 8); }
static inline bool rf_is_raised(rf_value v) { return v.head == RF_RAISED; }
static inline bool rf_is_heap(rf_value v) { return (uint8_t)v.head >= RF_HEAP_FIRST && v.head != RF_RAISED; }

/* ---- counting ---- */

void rf_free_object(rf_isolate *isolate, rf_object *object); /* the count has reached zero; uses a work list */
void rf_add_candidate(rf_isolate *isolate, rf_object *object);

static inline void rf_retain_object(rf_object *o)
{
    if (o->count >= 0) o->count++;
}

static inline void rf_retain(rf_value v)
{
    if (rf_is_heap(v)) rf_retain_object(v.as.o);
}

/* kinds that can be part of a cycle: a decrement to non-zero makes them a candidate (RUNTIME 3) */
static inline bool rf_may_cycle(uint8_t kind)
{
    return kind == RF_CELL || kind == RF_FUNCTION || kind == RF_GENERATOR || kind == RF_PROMISE;
}

static inline void rf_release_object(rf_isolate *isolate, rf_object *o)
{
    if (o->count < 0) return;
    if (--o->count == 0)
        rf_free_object(isolate, o);
    else if (RF_UNLIKELY(rf_may_cycle(o->kind)) && !(o->flags & RF_OBJECT_CANDIDATE))
        rf_add_candidate(isolate, o);
}

static inline void rf_release(rf_isolate *isolate, rf_value v)
{
    if (rf_is_heap(v)) rf_release_object(isolate, v.as.o);
}

static inline rf_value rf_copy(rf_value v) /* one more reference */
{
    rf_retain(v);
    return v;
}

/* *slot = v (steals v), releasing what was there.  The old value goes last: freeing may run anything but user code. */
static inline void rf_store(rf_isolate *isolate, rf_value *slot, rf_value v)
{
    rf_value old = *slot;
    slot->head = v.head;
    slot->as = v.as;
    rf_release(isolate, old);
}

static inline rf_value rf_take(rf_value *slot) /* moves the value out, leaves UNSET */
{
    rf_value v = *slot;
    *slot = rf_unset();
    return v;
}

/* ---- tests ---- */

/* LANGUAGE 5.7; never raises */
bool rf_truthy_slow(rf_value v);
static inline bool rf_truthy(rf_value v)
{
    if (v.head == RF_BOOL || v.head == RF_INT) return v.as.i != 0;
    return rf_truthy_slow(v);
}

const char *rf_type_name(rf_value v); /* LANGUAGE 5.1 */

/* ---- Some, Ok, Err ---- */

/* wraps content (steals it) */
rf_value rf_wrap_value(rf_isolate *isolate, rf_wrap wrap, rf_value content);
/* the content of a wrapped value, new */
rf_value rf_unwrap_value(rf_value wrapped);

#endif
