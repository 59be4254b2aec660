/* Compiled code of one function in one isolate (rf_proto) and the means to build it.
 *
 * The tree is shared by all isolates; code is not: it holds values, inline caches and pointers to other protos of the
 * same isolate.  A proto exists as soon as something refers to its function; its code is made at the first call. */
#ifndef RF_VM_CHUNK_H
#define RF_VM_CHUNK_H

#include "value/function.h"
#include "value/struct_type.h"
#include "vm/opcode.h"

typedef struct rf_proto rf_proto;

/* A place in the text that accesses a field or calls a method: what is written there and what was found last. */
typedef struct rf_site {
    rf_string *name;  /* interned, borrowed from the module's literals */
    /* cache: an object of `layout`, or a receiver whose tag is `tag` */
    rf_layout *layout;
    rf_proto *method;         /* of `def`: a direct function without captures that fits the arguments */
    const rf_builtin *row;    /* of a built-in receiver */
    rf_function *closure;     /* of `method` */
    rf_structdef *def;        /* counted: keeps the layout's address from being used again */
    uint32_t offset;          /* of the field */
    uint32_t field;           /* its number, in instances of `def` with any layout */
    uint32_t entry;           /* of dicts: where the field was found last */
    uint8_t field_kind;       /* rf_field_kind */
    uint8_t tag;              /* of the receivers that `row` serves, 0: none */
    uint8_t stores;           /* UPDATE, CALLMETHOD on an updater: rf_site_store of the cached row */
    uint8_t flags;            /* RF_SITE_... */
    uint16_t arg_count;       /* without the receiver */
    uint16_t updater;         /* RF_UPDATES bits of the node */
    uint16_t skip;            /* instructions of store-back code behind the call, 0: the receiver is no place */
    uint16_t builtin;         /* UPDATE, PUSH in function form: number of the built-in, else RF_NO_BUILTIN */
    uint16_t window;          /* PUSH: first register of the window for what is no push to an array */
    uint32_t place;           /* description of the receiver's place (rf_site_place); RF_NO_PLACE */
} rf_site;

#define RF_NO_PLACE UINT32_MAX
enum { RF_NO_BUILTIN = 0xFFFF };

enum {
    RF_SITE_MAY_EMPTY = 1, /* nobody can look at the place while a method runs, nor after it has raised (RUNTIME 3) */
    RF_SITE_CONST_ROOT = 2,  /* the store-back code raises */
    RF_SITE_MARKS_SELF = 4, /* storing back modifies the running method's own self */
    RF_SITE_ASSIGNS = 16,   /* x := B(x, ...): the result is stored, whatever it is */
    RF_SITE_ECHO = 8        /* REPL: show the result of what turns out to be no update */
};

/* A place: root variable and steps; indexes have been evaluated into registers. */
typedef struct rf_place_step {
    rf_string *field; /* NULL: index */
    uint32_t reg;     /* register of the index */
    rf_pos pos;
    /* cache: where the field is in instances of `layout` */
    rf_layout *layout;
    rf_structdef *def; /* of the layout, which it keeps; counted */
    uint32_t field_index, offset;
    uint8_t field_kind; /* rf_field_kind */
    uint32_t entry;     /* of dicts: where the field was found last */
} rf_place_step;

typedef struct rf_place_info {
    uint8_t root;     /* rf_ref_kind: LOCAL, CAPTURE or MODULE */
    bool is_cell;
    bool is_wide;     /* LOCAL without register number */
    bool is_constant; /* never stored into */
    bool marks_self;  /* storing modifies the method's self, which is no cell (PUSHPLACE) */
    bool is_self;     /* the root is the self of the running method, in R[0] */
    uint32_t index;   /* register, capture or slot */
    const rf_symbol *name;
    uint32_t count;
    rf_place_step steps[];
} rf_place_info;

/* A node or pattern that an instruction refers to, with what was computed for it. */
typedef struct rf_literal_info {
    const void *syntax; /* rf_node or rf_pattern */
    rf_structdef *def;  /* MAKESTRUCT: `fields` is for this declaration; counted */
    rf_enumdef *enum_def; /* MAKEENUM: `variant` is of this declaration; counted */
    uint32_t variant;   /* IMPORTNAME: which of the names */
    uint32_t *fields;   /* by entry: index of the field */
    struct rf_shape *shape; /* NEWRECORD: the keys; counted */
} rf_literal_info;

enum { RF_NOT_COMPILED = 1 << 30 }; /* register_count before: no window is large enough, so a call takes the slow way */

typedef struct rf_handler { /* an `except`: catches what is raised by code[start .. end) */
    uint32_t start, end, target;
    uint32_t level;         /* first register above those that live on */
    uint32_t outer;         /* index of the next one around it, or RF_NO_HANDLER */
} rf_handler;

#define RF_NO_HANDLER UINT32_MAX

struct rf_proto {
    /* what a call reads */
    rf_instruction *code;
    rf_value *constants;
    uint32_t register_count; /* of the window */
    uint32_t temp_base;      /* registers from here on are temporaries: a USE moves out of them */
    uint32_t param_count;    /* with self */
    bool is_plain;           /* no generator, not async: a call is nothing but a frame */
    bool is_visible;         /* counts for depth and stack traces */
    bool is_direct;          /* both */
    bool modifies_self;
    bool is_compiled;
    rf_site *sites;
    rf_proto **children;     /* functions made or called here */
    rf_value *slots;         /* of the module */
    rf_module *module;       /* borrowed */
    const rf_func *func;
    /* side tables */
    rf_place_info **places; /* descriptions with caches */
    rf_literal_info *literals;
    rf_handler *handlers;    /* by where they end, inner ones first */
    struct rf_feedback *feedback; /* one an instruction (jit_hook.h), NULL until it was observed */
    uint64_t calls;          /* while profiled: how often it was entered */
    void *native;            /* of the compiler that is attached */
    int32_t heat;            /* counts down to the next question to it */
    uint8_t *lines;          /* delta coded positions, see chunk.c */
    uint32_t code_count, constant_count, site_count, child_count, place_count, literal_count, handler_count;
    uint32_t line_size;
    uint32_t child_hint;     /* its number in the chunk that named it last */
    rf_proto *next;          /* of the same hash bucket */
    rf_proto *sibling;       /* the next one of the module (rf_module.protos) */
    /* Tables with more than 65536 entries have pages: an instruction that means an entry of page n stands between PAGE n
     * and PAGE 0.  A page is this proto once more with all tables starting further on (RF_PAGE_SIZE entries a page); it
     * owns nothing, and no loop, handler, call or suspension starts while one is set. */
    rf_proto **pages; /* 1, 2, ... */
    rf_proto *main;   /* of a page: the proto itself, else NULL */
    uint32_t page_count;
    /* while profiled: how often native code called it natively, and how often native code took over a call of the VM */
    uint64_t native_calls, native_entries;
    uint64_t tallied_calls; /* while profiled exactly: how often it was called */
};

enum { RF_PAGE_SIZE = 1 << 16 };

static inline rf_proto *rf_proto_page(rf_proto *proto, uint32_t number)
{
    rf_proto *home = proto->main ? proto->main : proto;
    return number ? home->pages[number - 1] : home;
}

/* The place of a site of this proto, whose number is that of the whole table. */
static inline rf_place_info *rf_site_place(const rf_proto *proto, const rf_site *site)
{
    return (proto->main ? proto->main : proto)->places[site->place];
}

/* Position of the instruction at pc: reads those of all before it. */
rf_pos rf_proto_pos(const rf_proto *proto, uint32_t pc);
rf_pos *rf_proto_positions(const rf_proto *proto); /* of each instruction; new, rf_free */
/* The innermost handler around pc, or NULL. */
const rf_handler *rf_proto_handler(const rf_proto *proto, uint32_t pc);
/* Releases everything and frees the proto itself. */
void rf_proto_free(rf_isolate *isolate, rf_proto *proto);

/* ---- building ---- */

typedef struct rf_line { uint32_t pc; rf_pos pos; } rf_line;

typedef struct rf_chunk {
    rf_isolate *isolate;
    RF_VECTOR(rf_instruction) code;
    RF_VECTOR(rf_line) lines;
    RF_VECTOR(rf_value) constants;
    RF_VECTOR(rf_site) sites;
    RF_VECTOR(rf_proto *) children;
    RF_VECTOR(rf_place_info *) places;
    RF_VECTOR(rf_literal_info) literals;
    RF_VECTOR(rf_handler) handlers;
    uint32_t *constant_index; /* hash of constants: number + 1 */
    uint32_t index_size;
    rf_pos pos;               /* of what is emitted next */
} rf_chunk;

void rf_chunk_init(rf_chunk *chunk, rf_isolate *isolate);
void rf_chunk_release(rf_chunk *chunk); /* what rf_chunk_finish has not taken */
uint32_t rf_chunk_emit(rf_chunk *chunk, rf_op op, uint32_t a, uint32_t b, uint32_t c); /* pc */
uint32_t rf_chunk_emit_wide(rf_chunk *chunk, rf_op op, uint32_t a, int32_t wide);
/* Number of the constant; equal constants are one. v is borrowed. */
uint32_t rf_chunk_add_constant(rf_chunk *chunk, rf_value v);
uint32_t rf_chunk_add_site(rf_chunk *chunk, rf_site site);
uint32_t rf_chunk_add_child(rf_chunk *chunk, rf_proto *child);
/* Moves everything into proto; last_page: the highest number of a PAGE instruction. */
void rf_chunk_finish(rf_chunk *chunk, rf_proto *proto, uint32_t last_page);

#endif
