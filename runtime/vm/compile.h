/* The compiler: one function of the resolved tree to one proto.  Internal to the room.
 *
 * Values live in registers: locals have theirs for good, temporaries form a stack above them (registers.c).  An
 * expression is compiled towards a destination: a register, or RF_PUSH for the next temporary.  An operand is either
 * the register of a local, which is only looked at, or a temporary, which dies where it is used. */
#ifndef RF_VM_COMPILE_H
#define RF_VM_COMPILE_H

#include "vm/chunk.h"

#define RF_PUSH UINT32_MAX

/* Jumps waiting for their target. */
typedef RF_VECTOR(uint32_t) rf_jumps;

typedef struct rf_loop {
    struct rf_loop *outer;
    rf_jumps breaks, continues;
    uint32_t break_top, continue_top; /* temporaries that live on there */
} rf_loop;

/* An object made for a declaration on block entry that its statement binds again. */
typedef struct rf_hoisted {
    const rf_node *node;
    uint32_t reg;
} rf_hoisted;

typedef struct rf_compiler {
    rf_isolate *isolate;
    rf_module *module;
    const rf_func *func;
    rf_proto *proto;
    rf_chunk chunk;
    uint32_t temp_base;
    uint32_t top;          /* first free temporary */
    uint32_t max_top;
    uint32_t wide_count;   /* locals without register number */
    uint32_t try_depth;    /* try bodies around this point */
    uint32_t branch_depth; /* blocks around this point that may be left out */
    bool self_marked;      /* every later point is behind a MARKSELF */
    bool releases_all;     /* returns release wide registers, too */
    uint32_t last_page;    /* highest number of a PAGE instruction */
    bool long_jumps;       /* 16 bits were not enough: compile again with detours */
    bool is_too_large;     /* more registers than an instruction can name */
    bool jump_overflow;
    rf_loop *loop;
    rf_jumps *phase_end;   /* where `return` goes in a phase of a test, else NULL */
    uint32_t phase_top;
    RF_VECTOR(rf_hoisted) hoisted;
    size_t next_hoisted;   /* where the next statement probably finds its object */
} rf_compiler;

/* ---- registers.c: temporaries, emitting, jumps ---- */

uint32_t rf_push_temps(rf_compiler *c, uint32_t count); /* the first of them */
static inline uint32_t rf_push_temp(rf_compiler *c) { return rf_push_temps(c, 1); }
static inline void rf_pop_temps(rf_compiler *c, uint32_t top) { c->top = top; }
/* Is reg a temporary? */
static inline bool rf_is_temp(const rf_compiler *c, uint32_t reg) { return reg >= c->temp_base; }
/* dest itself, or a new temporary for RF_PUSH */
uint32_t rf_dest(rf_compiler *c, uint32_t dest);
/* Slots of locals: with a register number, or the number for GETWIDE. */
static inline bool rf_is_direct(const rf_compiler *c, uint32_t slot) { return slot < c->temp_base; }
uint32_t rf_wide_register(uint32_t slot);

void rf_at(rf_compiler *c, rf_pos pos); /* position of what is emitted next */
uint32_t rf_emit(rf_compiler *c, rf_op op, uint32_t a, uint32_t b, uint32_t x);
uint32_t rf_emit_wide(rf_compiler *c, rf_op op, uint32_t a, int64_t wide);
/* rf_emit does this around an instruction with a large index; 0: the tables from their start. */
void rf_emit_page(rf_compiler *c, uint32_t page);
uint32_t rf_here(const rf_compiler *c);
/* A jump to a place to be patched.  Conditional forms with a 16-bit distance get a detour in long_jumps mode. */
uint32_t rf_emit_jump(rf_compiler *c, rf_op op, uint32_t a, uint32_t b);
void rf_patch(rf_compiler *c, uint32_t jump, uint32_t target);
void rf_patch_all(rf_compiler *c, rf_jumps *jumps, uint32_t target); /* and empties the list */
void rf_emit_drop(rf_compiler *c, uint32_t first, uint32_t end);     /* temporaries first .. end */
/* Moves a temporary, or copies a local, into dest. */
void rf_emit_move(rf_compiler *c, uint32_t dest, uint32_t reg);

uint32_t rf_constant(rf_compiler *c, rf_value v);   /* v stays the caller's */
bool rf_fitting_constant(rf_compiler *c, rf_value v, uint32_t *index); /* false: the number needs 32 bits */
uint32_t rf_name_constant(rf_compiler *c, const rf_symbol *name);
rf_string *rf_symbol_string(const rf_compiler *c, const rf_symbol *name);
uint32_t rf_literal_index(rf_compiler *c, const void *syntax);
uint32_t rf_site_index(rf_compiler *c, rf_site site);
/* The call at pc `call` is followed by store-back code that ends here. */
void rf_site_finish(rf_compiler *c, uint32_t site, uint32_t call);
uint32_t rf_child_index(rf_compiler *c, const rf_func *func);

/* ---- compile_expr.c ---- */

/* Compiles node towards dest; the register that holds the value. */
uint32_t rf_compile(rf_compiler *c, const rf_node *node, uint32_t dest);
/* The register of a local, or a new temporary.  after: expressions evaluated before the use (may be NULL); when one of
 * them may store to the local, a copy is made. */
uint32_t rf_compile_operand(rf_compiler *c, const rf_node *node, rf_node *const *after, uint32_t after_count);
void rf_compile_discard(rf_compiler *c, const rf_node *node);
/* Values into consecutive temporaries. */
void rf_compile_values(rf_compiler *c, rf_node *const *nodes, uint32_t count);
/* Jumps when the truthiness of node is `sense`, else falls through. */
void rf_compile_jump(rf_compiler *c, const rf_node *node, bool sense, rf_jumps *jumps);
/* May evaluating node store to the local of that slot (a method that modifies its receiver)? */
bool rf_may_store(const rf_node *node, uint32_t slot);
bool rf_any_may_store(rf_node *const *nodes, uint32_t count, uint32_t slot);
/* a literal integer of 16 bits */
bool rf_is_small_int(const rf_node *node, int32_t *value);
/* Emits dest = left op right. */
void rf_emit_binary(rf_compiler *c, rf_op_kind op, uint32_t dest, uint32_t left, const rf_node *right_node,
                    uint32_t right);
/* Can the right operand be part of the instruction?  Then rf_emit_binary takes it from the node. */
bool rf_is_immediate(const rf_compiler *c, rf_op_kind op, const rf_node *right);
void rf_emit_closure(rf_compiler *c, const rf_func *func, uint32_t dest);

/* ---- compile_call.c ---- */

uint32_t rf_compile_call(rf_compiler *c, const rf_node *node, uint32_t dest); /* callee is a name */
/* CALL, METHOD applied to a value in reg (a local, or the temporary `mark`). */
uint32_t rf_apply_call(rf_compiler *c, const rf_node *node, uint32_t reg, uint32_t mark, uint32_t dest);
uint32_t rf_apply_method(rf_compiler *c, const rf_node *node, uint32_t mark, uint32_t dest);
/* METHOD on a place; piped: temporary with the value that |> puts before the arguments, or RF_PUSH for none. */
uint32_t rf_compile_place_method(rf_compiler *c, const rf_node *node, uint32_t piped, uint32_t dest);
/* METHOD that may be an update statement. */
void rf_compile_update_method(rf_compiler *c, const rf_node *node);
uint32_t rf_compile_pipe(rf_compiler *c, const rf_node *node, uint32_t dest);
void rf_compile_update(rf_compiler *c, const rf_node *node);
/* x := B(x, ...) with an updater B, for a variable that is no plain local: compiled into temporary; or false */
bool rf_compile_updating_assign(rf_compiler *c, const rf_node *node);
bool rf_is_range_call(const rf_compiler *c, const rf_node *node);
bool rf_is_items_call(const rf_compiler *c, const rf_node *node);
bool rf_is_plain_call(const rf_node *node); /* CALL that rf_compile_call takes */

/* ---- compile_place.c: variables and places ---- */

uint32_t rf_load_ref(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t dest);
/* The register of a plain local, or RF_PUSH */
uint32_t rf_ref_register(const rf_compiler *c, const rf_ref *ref);
/* Stores the temporary or local reg. */
void rf_store_ref(rf_compiler *c, const rf_ref *ref, rf_pos pos, uint32_t reg);   /* assignment: constants raise */
void rf_declare_ref(rf_compiler *c, const rf_ref *ref, uint32_t reg);             /* declaration */
bool rf_ref_is_constant(const rf_ref *ref);
bool rf_ref_is_self(const rf_ref *ref);
void rf_emit_mark(rf_compiler *c, const rf_ref *ref, bool always);
void rf_emit_named(rf_compiler *c, rf_op op, const rf_symbol *name, rf_pos pos); /* REASSIGNS and its like */
void rf_compile_assign(rf_compiler *c, const rf_node *node);
/* A place whose value is read first and stored later: indexes are kept in registers. */
typedef struct rf_open_place {
    const rf_place *syntax;
    uint32_t mark;      /* first temporary of the indexes */
    uint32_t *regs;     /* by step */
    uint32_t info;      /* number of the description, RF_NO_PLACE for a variable */
} rf_open_place;
/* Reserves temporaries for the indexes that need one.  after: see rf_compile_operand. */
void rf_place_open(rf_compiler *c, rf_open_place *place, const rf_place *syntax, rf_node *const *after,
                   uint32_t after_count);
void rf_place_indexes(rf_compiler *c, rf_open_place *place);                  /* evaluates them all */
void rf_place_read(rf_compiler *c, rf_open_place *place, uint32_t dest);      /* evaluates and reads, left to right */
void rf_place_describe(rf_compiler *c, rf_open_place *place);                 /* sets info */
void rf_place_store(rf_compiler *c, const rf_open_place *place, uint32_t reg, bool marks_always);
void rf_place_close(rf_compiler *c, rf_open_place *place);
/* Does the expression read the place, by the same names and constants? */
bool rf_reads_place(const rf_node *node, const rf_place *place);
/* Opens, evaluates and describes a variable place before a value that is evaluated first (`after`) and reads it; false:
 * that would show. */
bool rf_place_open_early(rf_compiler *c, rf_open_place *place, const rf_place *syntax, rf_node *const *after,
                         uint32_t after_count);
bool rf_place_may_empty(const rf_compiler *c, const rf_place *syntax);

/* ---- compile_stmt.c, compile_pattern.c ---- */

void rf_compile_statement(rf_compiler *c, const rf_node *node);
void rf_enter_scope(rf_compiler *c, const rf_scope *scope, const rf_var *except);
void rf_compile_entered(rf_compiler *c, const rf_block *block);  /* declarations and statements */
void rf_compile_block(rf_compiler *c, const rf_block *block);
/* Binds the names of a destructuring pattern to parts of reg; a temporary reg dies. */
/* The value of the entry whose key the loop over a dict with that state has got. */
void rf_bind_entry_value(rf_compiler *c, const rf_pattern *pattern, uint32_t state);
void rf_bind_pattern(rf_compiler *c, const rf_pattern *pattern, uint32_t reg, bool declares);
void rf_compile_binding(rf_compiler *c, const rf_node *node);
void rf_compile_match(rf_compiler *c, const rf_node *node);

/* ---- compile.c ---- */

/* Makes the code of proto; afterwards it can be run, if only to raise that it is too large. */
void rf_compile_proto(rf_isolate *isolate, rf_proto *proto);

#endif
