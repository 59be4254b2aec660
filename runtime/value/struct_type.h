/* Struct and enum declarations as values, their instances, layouts (RUNTIME 7). */
#ifndef RF_VALUE_STRUCT_TYPE_H
#define RF_VALUE_STRUCT_TYPE_H

#include "syntax/ast.h"
#include "value/string.h"

typedef enum rf_field_kind { RF_FIELD_VALUE, RF_FIELD_BOOL, RF_FIELD_INT, RF_FIELD_FLOAT } rf_field_kind;
/* The head of what a field of another kind than VALUE holds. */
_Static_assert(RF_FIELD_BOOL + 1 == RF_BOOL && RF_FIELD_INT + 1 == RF_INT && RF_FIELD_FLOAT + 1 == RF_FLOAT,
               "kinds in the order of tags");
static inline uint64_t rf_field_head(unsigned kind) { return kind + 1; }

typedef struct rf_layout { /* immutable once made; owned by its structdef */
    struct rf_structdef *def;
    uint32_t field_count;
    uint32_t data_size;           /* bytes of rf_struct.data */
    uint32_t value_count;         /* fields of kind VALUE */
    bool is_observed;             /* the first layout, while it is still to be learnt what the fields hold */
    const uint8_t *kinds;         /* rf_field_kind by field */
    const uint32_t *offsets;      /* into data, by field; then once more those of the fields of kind VALUE */
} rf_layout;

typedef struct rf_struct {
    rf_object object;
    rf_layout *layout;
    char data[];
} rf_struct;

enum { RF_FIRST_INSTANCES = 32, RF_STRUCT_ROOMY = 1 }; /* ROOMY, rf_object.info: its memory is that of the first layout */

/* A struct declaration: made when its block is entered. */
typedef struct rf_structdef {
    rf_object object;
    const rf_struct_decl *decl;  /* NULL for ArgParser and ProcessResult: then `names` */
    struct rf_module *module;    /* counted; NULL for built-in structs */
    rf_value name;               /* string */
    uint64_t identity;           /* equal in copies that crossed to workers */
    rf_layout *layout;           /* of new instances */
    rf_layout **layouts;         /* all made so far; the first keeps every field as a value */
    uint32_t layout_count;
    uint32_t observed_count;     /* instances made with the first layout while it was observed */
    uint32_t first_count;        /* of them, copies too, these are alive; not counted */
    struct rf_struct **first;    /* RF_FIRST_INSTANCES at most; NULL when the layout is settled */
    uint8_t *seen;               /* by field: bits 1 << rf_field_kind of what was stored meanwhile */
    uint32_t field_count;
    rf_value *field_names;       /* interned strings, declaration order */
    rf_value *methods;           /* functions (rf_function, not bound), declaration order; cells inside as usual */
    rf_value *method_names;      /* interned strings */
    uint32_t method_count;
    rf_value *defaults;          /* by field: literal value, or the RF_FUNC_DEFAULT closure, or UNSET for none */
    bool has_overloads;          /* some method is an operator */
    rf_value operators[RF_OPER_COUNT]; /* the method for each operator (op_ name before alias) or UNSET; borrowed */
} rf_structdef;

typedef struct rf_enumdef {
    rf_object object;
    const rf_enum_decl *decl;
    struct rf_module *module;
    rf_value name;
    uint64_t identity;
    uint32_t variant_count;
    rf_value *variant_names; /* interned */
    rf_value *singletons;    /* the living values without payload, by variant; not counted */
} rf_enumdef;

typedef struct rf_enum {
    rf_object object;
    rf_enumdef *def; /* counted */
    uint32_t variant;
    uint32_t count;  /* payload values */
    rf_value payload[];
} rf_enum;

/* methods and defaults are stolen arrays of decl->method_count and decl->field_count values, made with rf_alloc_array
 * and freed by def. */
rf_value rf_structdef_new(rf_isolate *isolate, const rf_struct_decl *decl, struct rf_module *module,
                          rf_value *methods, rf_value *defaults);
/* For transfer: a declaration of known identity, to be filled as soon as its functions are there. */
rf_value rf_structdef_new_with_identity(rf_isolate *isolate, const rf_struct_decl *decl, struct rf_module *module,
                                        uint64_t identity);
void rf_structdef_fill(rf_structdef *def, rf_value *methods, rf_value *defaults); /* steals the arrays */
rf_value rf_enumdef_new_with_identity(rf_isolate *isolate, const rf_enum_decl *decl, struct rf_module *module,
                                      uint64_t identity);
/* A struct without declaration (ArgParser, ProcessResult). */
rf_value rf_structdef_new_builtin(rf_isolate *isolate, const char *name, const char *const *fields, uint32_t count);
rf_value rf_enumdef_new(rf_isolate *isolate, const rf_enum_decl *decl, struct rf_module *module);
int32_t rf_structdef_find_field(const rf_structdef *def, const rf_string *name);  /* index or -1; interned or not */
int32_t rf_structdef_find_method(const rf_structdef *def, const rf_string *name);
int32_t rf_enumdef_find_variant(const rf_enumdef *def, const rf_string *name);

/* Instance whose fields the caller sets next, all of them: until then they are null, or 0 where the layout of the
 * declaration keeps plain numbers.  (What the fields of the first instances hold decides on that layout.) */
rf_value rf_struct_new(rf_isolate *isolate, rf_structdef *def);
/* What was seen so far decides on the layout, if that is still open; instances made meanwhile go over to it where they
 * are. */
void rf_structdef_settle(rf_structdef *def);
/* Field without a new reference (borrows from the instance). */
static inline rf_value rf_struct_peek(const rf_struct *s, uint32_t field)
{
    const void *at = s->data + s->layout->offsets[field];
    const unsigned kind = s->layout->kinds[field];
    if (kind == RF_FIELD_VALUE) return *(const rf_value *)at;
    return rf_plain_value(rf_field_head(kind), at);
}
static inline rf_value rf_struct_get(const rf_struct *s, uint32_t field) /* new */
{
    return rf_copy(rf_struct_peek(s, field));
}
/* Where a field is that holds something else than a plain int, float or bool; NULL for fields of those kinds. */
static inline rf_value *rf_struct_slot(rf_struct *s, uint32_t field)
{
    if (s->layout->kinds[field] != RF_FIELD_VALUE) return NULL;
    return (rf_value *)(void *)(s->data + s->layout->offsets[field]);
}
/* Stores into the (unique) instance in *slot; may move it to a wider layout and so replace the object. Steals v. */
void rf_struct_set(rf_isolate *isolate, rf_value *slot, uint32_t field, rf_value v);
rf_value rf_struct_take(rf_isolate *isolate, rf_value *slot, uint32_t field); /* moves out, leaves null (or a number) */
rf_struct *rf_struct_copy_slot(rf_isolate *isolate, rf_value *slot);
static inline rf_struct *rf_struct_unique(rf_isolate *isolate, rf_value *slot)
{
    return RF_LIKELY(slot->as.o->count == 1) ? slot->as.instance : rf_struct_copy_slot(isolate, slot);
}
/* payload values are retained */
rf_value rf_enum_new(rf_isolate *isolate, rf_enumdef *def, uint32_t variant, const rf_value *payload, uint32_t count);

#endif
