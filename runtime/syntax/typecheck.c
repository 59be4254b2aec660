/* Types are found bottom up and only where they are evident: literals, arithmetic on what is evident, variables and
 * calls with a declared type.  Everything else is `any`, and `any` fits everywhere, so each warning is a proof. */
#include "syntax/typecheck.h"

#include "syntax/suggest.h"
#include "syntax/type_note.h"
#include "syntax/walk.h"

#include <stdlib.h>
#include <string.h>

typedef enum evident_kind {
    EVIDENT_ANY, EVIDENT_INT, EVIDENT_FLOAT, EVIDENT_STRING, EVIDENT_BOOL, EVIDENT_NULL, EVIDENT_ARRAY, EVIDENT_DICT,
    EVIDENT_FUNC, EVIDENT_BYTES, EVIDENT_SET, EVIDENT_OPTION, EVIDENT_RESULT,
    EVIDENT_DECLARED /* a struct or enum of the file, by name */
} evident_kind;

typedef struct evident {
    evident_kind kind;
    const rf_symbol *name; /* DECLARED */
} evident;

static const struct {
    const char *text;
    evident_kind kind;
} type_names[] = {
    {"int", EVIDENT_INT}, {"float", EVIDENT_FLOAT}, {"string", EVIDENT_STRING}, {"bool", EVIDENT_BOOL},
    {"null", EVIDENT_NULL}, {"array", EVIDENT_ARRAY}, {"Array", EVIDENT_ARRAY}, {"dict", EVIDENT_DICT},
    {"Dict", EVIDENT_DICT}, {"func", EVIDENT_FUNC}, {"bytes", EVIDENT_BYTES}, {"Set", EVIDENT_SET},
    {"Option", EVIDENT_OPTION}, {"Result", EVIDENT_RESULT},
};

/* A variable with the annotation of its first annotated declaration. */
typedef struct typed_var {
    const rf_var *var;
    const rf_type_note *type;
} typed_var;

typedef struct checker {
    const rf_unit *unit;
    const rf_front *front;
    RF_VECTOR(rf_type_warning) warnings;    /* messages owned */
    RF_VECTOR(typed_var) typed;             /* sorted by address */
    RF_VECTOR(const rf_symbol *) declared;  /* structs and enums of the file, sorted by address */
    RF_VECTOR(const rf_symbol *) functions; /* functions of the file, in source order */
    RF_VECTOR(const rf_func *) around;      /* the functions around this point */
    RF_VECTOR(const rf_node *) piped;       /* calls right of a |> that are still to be visited, next one last */
    RF_VECTOR(const rf_node *) links;       /* scratch of evident_of */
    uint32_t suggestion_count;
} checker;

/* ---- types as text ---- */

static void append_type(rf_buffer *out, const rf_type_note *type);

static void append_types(rf_buffer *out, const rf_type_note *type, const char *separator)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (i) rf_buffer_append_text(out, separator);
        append_type(out, type->items[i]);
    }
}

/* Only brackets recurse; the suffixes of a chain are put behind its innermost type one by one. */
static void append_type(rf_buffer *out, const rf_type_note *type)
{
    rf_buffer suffixes = RF_BUFFER_INIT;
    for (; type->kind == RF_TYPE_ARRAY || type->kind == RF_TYPE_OPTIONAL; type = type->items[0])
        rf_buffer_append_byte(&suffixes, type->kind == RF_TYPE_ARRAY ? '[' : '?');
    for (const rf_type_note *link = type; link; link = link->kind == RF_TYPE_FUNC ? link->result : NULL) {
        if (link != type) rf_buffer_append_text(out, " -> ");
        if (link->kind == RF_TYPE_UNION) {
            append_types(out, link, " | ");
            continue;
        }
        rf_buffer_append_text(out, link->name->text);
        bool has_list = link->count || link->has_params;
        if (!has_list) continue;
        rf_buffer_append_byte(out, link->kind == RF_TYPE_FUNC ? '(' : '<');
        append_types(out, link, ", ");
        rf_buffer_append_byte(out, link->kind == RF_TYPE_FUNC ? ')' : '>');
    }
    while (suffixes.size)
        rf_buffer_append_text(out, suffixes.data[--suffixes.size] == '[' ? "[]" : "?");
    rf_buffer_release(&suffixes);
}

static const char *evident_text(evident type)
{
    if (type.kind == EVIDENT_DECLARED) return type.name->text;
    for (size_t i = 0; i < RF_COUNT_OF(type_names); i++)
        if (type_names[i].kind == type.kind) return type_names[i].text;
    return "any";
}

/* ---- what an annotation says ---- */

static int compare_addresses(const void *left, const void *right)
{
    const uintptr_t a = (uintptr_t) * (const void *const *)left, b = (uintptr_t) * (const void *const *)right;
    return (a > b) - (a < b);
}

static evident evident_of_name(const checker *c, const rf_symbol *name)
{
    for (size_t i = 0; i < RF_COUNT_OF(type_names); i++)
        if (strcmp(type_names[i].text, name->text) == 0) return (evident){type_names[i].kind, NULL};
    if (c->declared.count && bsearch(&name, c->declared.data, c->declared.count, sizeof name, compare_addresses))
        return (evident){EVIDENT_DECLARED, name};
    return (evident){EVIDENT_ANY, NULL};
}

/* the one kind of value that an annotation admits, any when there are several */
static evident evident_of_note(const checker *c, const rf_type_note *type)
{
    switch (type ? (rf_type_kind)type->kind : RF_TYPE_UNION) {
    case RF_TYPE_NAME: return evident_of_name(c, type->name);
    case RF_TYPE_FUNC: return (evident){EVIDENT_FUNC, NULL};
    case RF_TYPE_ARRAY: return (evident){EVIDENT_ARRAY, NULL};
    default: return (evident){EVIDENT_ANY, NULL};
    }
}

static bool fits_one(evident value, evident wanted)
{
    if (wanted.kind == EVIDENT_ANY || value.kind == EVIDENT_ANY) return true;
    if (wanted.kind == EVIDENT_FLOAT && value.kind == EVIDENT_INT) return true;
    return value.kind == wanted.kind && value.name == wanted.name;
}

static bool fits(const checker *c, evident value, const rf_type_note *type)
{
    for (; type->kind == RF_TYPE_OPTIONAL; type = type->items[0])
        if (value.kind == EVIDENT_NULL) return true;
    if (type->kind != RF_TYPE_UNION) return fits_one(value, evident_of_note(c, type));
    for (uint32_t i = 0; i < type->count; i++)
        if (fits(c, value, type->items[i])) return true;
    return false;
}

/* ---- what an expression is ---- */

static const rf_type_note *declared_type(const checker *c, const rf_var *var)
{
    if (!var || !c->typed.count) return NULL;
    const typed_var key = {var, NULL};
    const typed_var *found = bsearch(&key, c->typed.data, c->typed.count, sizeof key, compare_addresses);
    return found ? found->type : NULL;
}

/* The function that a direct call of ref surely calls. */
static const rf_func *called_function(const rf_ref *ref)
{
    if (!ref->var || ref->kind == RF_REF_FIELD) return NULL;
    const rf_node *decl = ref->var->only_decl;
    return decl && decl->kind == RF_NODE_FUNC_DECL ? decl->as.func_decl.func : NULL;
}

static bool is_number(evident type)
{
    return type.kind == EVIDENT_INT || type.kind == EVIDENT_FLOAT;
}

static evident evident_of_arithmetic(rf_op_kind op, evident left, evident right)
{
    const evident any = {EVIDENT_ANY, NULL};
    if (left.kind == EVIDENT_DECLARED) return any; /* it may overload the operator */
    if (op >= RF_OPER_EQ && op <= RF_OPER_GE) return left.kind == EVIDENT_ANY ? any : (evident){EVIDENT_BOOL, NULL};
    bool has_string = left.kind == EVIDENT_STRING || right.kind == EVIDENT_STRING;
    if (op == RF_OPER_ADD && has_string && left.kind != EVIDENT_ANY) return (evident){EVIDENT_STRING, NULL};
    if (op == RF_OPER_ADD && left.kind == EVIDENT_ARRAY && right.kind == EVIDENT_ARRAY) return left;
    if (op == RF_OPER_MUL && left.kind == EVIDENT_STRING && right.kind == EVIDENT_INT) return left;
    if (!is_number(left) || !is_number(right)) return any;
    return left.kind == EVIDENT_INT ? right : left;
}

static evident evident_of(checker *c, const rf_node *node);

static evident evident_of_builtin_call(const rf_node *callee)
{
    const char *name = callee->as.ref.name->text;
    if (strcmp(name, "Ok") == 0 || strcmp(name, "Err") == 0) return (evident){EVIDENT_RESULT, NULL};
    if (strcmp(name, "Some") == 0) return (evident){EVIDENT_OPTION, NULL};
    return (evident){EVIDENT_ANY, NULL};
}

static evident evident_of_call(const checker *c, const rf_node *node)
{
    const rf_node *callee = node->as.call.callee;
    if (callee->kind != RF_NODE_NAME) return (evident){EVIDENT_ANY, NULL};
    if (callee->as.ref.kind == RF_REF_BUILTIN) return evident_of_builtin_call(callee);
    const rf_func *func = called_function(&callee->as.ref);
    if (!func || func->is_generator || func->is_async) return (evident){EVIDENT_ANY, NULL};
    return evident_of_note(c, func->return_type);
}

static evident evident_of_place(const checker *c, const rf_ref *ref)
{
    if (ref->kind == RF_REF_BUILTIN && strcmp(ref->name->text, "None") == 0) return (evident){EVIDENT_OPTION, NULL};
    return ref->kind == RF_REF_FIELD ? (evident){EVIDENT_ANY, NULL} : evident_of_note(c, declared_type(c, ref->var));
}

static evident evident_of_leaf(checker *c, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NULL_LIT: return (evident){EVIDENT_NULL, NULL};
    case RF_NODE_BOOL: case RF_NODE_AND: case RF_NODE_OR: return (evident){EVIDENT_BOOL, NULL};
    case RF_NODE_INT: return (evident){EVIDENT_INT, NULL};
    case RF_NODE_FLOAT: return (evident){EVIDENT_FLOAT, NULL};
    case RF_NODE_STRING: case RF_NODE_INTERP: return (evident){EVIDENT_STRING, NULL};
    case RF_NODE_ARRAY: return (evident){EVIDENT_ARRAY, NULL};
    case RF_NODE_DICT: return (evident){EVIDENT_DICT, NULL};
    case RF_NODE_FUNC: return (evident){EVIDENT_FUNC, NULL};
    case RF_NODE_NAME: return evident_of_place(c, &node->as.ref);
    case RF_NODE_CALL: return evident_of_call(c, node);
    case RF_NODE_STRUCT_LIT: return evident_of_name(c, node->as.instance.ref.name);
    case RF_NODE_ENUM_VALUE: return evident_of_name(c, node->as.variant.ref.name);
    case RF_NODE_UNARY: {
        evident operand = evident_of(c, node->as.operand);
        if (operand.kind == EVIDENT_DECLARED || operand.kind == EVIDENT_ANY) return (evident){EVIDENT_ANY, NULL};
        if (node->op == RF_OPER_NOT) return (evident){EVIDENT_BOOL, NULL};
        return is_number(operand) ? operand : (evident){EVIDENT_ANY, NULL};
    }
    default: return (evident){EVIDENT_ANY, NULL};
    }
}

static evident evident_of(checker *c, const rf_node *node)
{
    size_t base = c->links.count;
    for (; node->kind == RF_NODE_BINARY; node = node->as.binary.left) rf_vector_push(&c->links, node);
    evident type = evident_of_leaf(c, node);
    while (c->links.count > base) {
        const rf_node *link = rf_vector_pop(&c->links);
        type = evident_of_arithmetic((rf_op_kind)link->op, type, evident_of(c, link->as.binary.right));
    }
    return type;
}

/* ---- warnings ---- */

static void warn(checker *c, rf_pos pos, rf_buffer *message)
{
    rf_vector_push(&c->warnings, ((rf_type_warning){pos, rf_buffer_take(message)}));
}

/* A chain is visited from its outer end, so the warnings do not come in the order of the text. */
static int compare_places(const void *left, const void *right)
{
    const rf_type_warning *a = left, *b = right;
    if (a->pos.line != b->pos.line) return a->pos.line < b->pos.line ? -1 : 1;
    if (a->pos.column != b->pos.column) return a->pos.column < b->pos.column ? -1 : 1;
    return strcmp(a->message, b->message);
}

static void deliver(checker *c, void (*sink)(void *context, const rf_type_warning *warning), void *context)
{
    if (c->warnings.count) qsort(c->warnings.data, c->warnings.count, sizeof *c->warnings.data, compare_places);
    for (size_t i = 0; i < c->warnings.count; i++) {
        sink(context, &c->warnings.data[i]);
        rf_free((char *)(uintptr_t)c->warnings.data[i].message);
    }
    rf_vector_release(&c->warnings);
}

static void check_variable(checker *c, const rf_ref *ref, rf_pos pos, const rf_type_note *type, evident value)
{
    if (!type || fits(c, value, type)) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "Type mismatch: variable '%s' declared as ", ref->name->text);
    append_type(&text, type);
    rf_buffer_format(&text, " but assigned %s", evident_text(value));
    warn(c, pos, &text);
}

static void check_assignment(checker *c, const rf_node *node)
{
    const rf_place *place = &node->as.assign.place;
    if (place->count || place->root.kind == RF_REF_FIELD) return;
    const rf_type_note *type = node->as.assign.type ? node->as.assign.type : declared_type(c, place->root.var);
    if (!type || !place->root.name) return;
    evident value = evident_of(c, node->as.assign.value);
    if (node->op != RF_OPER_NONE)
        value = evident_of_arithmetic((rf_op_kind)node->op, evident_of_note(c, type), value);
    check_variable(c, &place->root, place->pos, type, value);
}

static void check_argument(checker *c, const rf_func *func, uint32_t index, const rf_node *arg)
{
    const rf_param *param = &func->params[index];
    if (!param->type) return;
    evident value = evident_of(c, arg);
    if (fits(c, value, param->type)) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "Type mismatch: function '%s' parameter '%s' expects ", func->display_name,
                     param->name ? param->name->text : "_");
    append_type(&text, param->type);
    rf_buffer_format(&text, " but got %s", evident_text(value));
    warn(c, arg->start, &text);
}

/* piped: one more argument comes from the left of |> */
static void check_arguments(checker *c, const rf_node *callee, rf_node *const *args, uint32_t count, const rf_node *piped)
{
    const rf_func *func = called_function(&callee->as.ref);
    if (!func) return;
    uint32_t given = count + (piped ? 1U : 0U);
    if (given != func->param_count) {
        rf_buffer text = RF_BUFFER_INIT;
        rf_buffer_format(&text, "Type mismatch: function '%s' expects %u arguments but got %u", func->display_name,
                         func->param_count, given);
        warn(c, callee->start, &text);
        return;
    }
    uint32_t shift = piped ? 1 : 0;
    if (piped) check_argument(c, func, 0, piped);
    for (uint32_t i = 0; i < count; i++) check_argument(c, func, i + shift, args[i]);
}

enum { MAX_SUGGESTIONS = 200 }; /* each compares with every name; a text that needs more is not Ruff */

static void suggest(checker *c, const rf_symbol *name, rf_buffer *text)
{
    if (c->suggestion_count++ >= MAX_SUGGESTIONS) return;
    rf_suggestion best = rf_suggestion_start(name->text, name->size);
    for (size_t i = 0; i < c->functions.count; i++)
        rf_suggestion_try(&best, c->functions.data[i]->text, c->functions.data[i]->size);
    const char *builtin;
    for (uint32_t i = 0; c->front->builtin_name && (builtin = c->front->builtin_name(c->front->context, i)); i++)
        rf_suggestion_try(&best, builtin, strlen(builtin));
    if (best.name) rf_buffer_format(text, " (did you mean '%s'?)", best.name);
}

static void check_callee(checker *c, const rf_node *callee)
{
    if (callee->kind != RF_NODE_NAME || callee->flag || callee->as.ref.kind != RF_REF_NONE) return;
    if (c->unit->has_open_import) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "Undefined function '%s'", callee->as.ref.name->text);
    suggest(c, callee->as.ref.name, &text);
    warn(c, callee->pos, &text);
}

static void check_call(checker *c, const rf_node *node, const rf_node *piped)
{
    const rf_node *callee = node->as.call.callee;
    check_callee(c, callee);
    if (callee->kind == RF_NODE_NAME && !callee->flag)
        check_arguments(c, callee, node->as.call.args, node->as.call.count, piped);
}

/* Parentheses around the right side make it an ordinary expression (LANGUAGE 6.5). */
static bool is_written_as_call(const rf_node *node)
{
    const rf_pos start = node->start, first = node->kind == RF_NODE_CALL ? node->as.call.callee->start : node->pos;
    return start.line == first.line && start.column == first.column;
}

static void check_pipe(checker *c, const rf_node *node)
{
    const rf_node *right = node->as.binary.right;
    if (right->kind == RF_NODE_CALL && is_written_as_call(right)) {
        check_call(c, right, node->as.binary.left);
        rf_vector_push(&c->piped, right);
    } else if (right->kind == RF_NODE_NAME && !right->flag) {
        check_callee(c, right);
        check_arguments(c, right, NULL, 0, node->as.binary.left);
    }
}

static void check_return(checker *c, const rf_node *node)
{
    const rf_func *func = rf_vector_last(&c->around);
    if (!node->as.operand || !func->return_type || func->is_generator) return;
    evident value = evident_of(c, node->as.operand);
    if (fits(c, value, func->return_type)) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "Type mismatch: function '%s' declared to return ", func->display_name);
    append_type(&text, func->return_type);
    rf_buffer_format(&text, " but returns %s", evident_text(value));
    warn(c, node->pos, &text);
}

/* ---- the two visits ---- */

static void note_typed(checker *c, const rf_var *var, const rf_type_note *type)
{
    if (var && type) rf_vector_push(&c->typed, ((typed_var){var, type}));
}

static void collect_node(void *context, rf_node *node)
{
    checker *c = context;
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_LET: case RF_NODE_CONST:
        if (node->as.bind.pattern->kind == RF_PATTERN_NAME)
            note_typed(c, node->as.bind.pattern->ref.var, node->as.bind.type);
        break;
    case RF_NODE_ASSIGN:
        if (node->as.assign.place.root.kind != RF_REF_FIELD)
            note_typed(c, node->as.assign.place.root.var, node->as.assign.type);
        break;
    case RF_NODE_FUNC_DECL: rf_vector_push(&c->functions, node->as.func_decl.ref.name); break;
    case RF_NODE_STRUCT_DECL: rf_vector_push(&c->declared, node->as.struct_decl.ref.name); break;
    case RF_NODE_ENUM_DECL: rf_vector_push(&c->declared, node->as.enum_decl.ref.name); break;
    default: break;
    }
}

static void collect_func(void *context, rf_func *func)
{
    for (uint32_t i = 0; i < func->param_count; i++) note_typed(context, func->params[i].var, func->params[i].type);
}

static void check_node(void *context, rf_node *node)
{
    checker *c = context;
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_LET: case RF_NODE_CONST:
        if (node->as.bind.pattern->kind != RF_PATTERN_NAME) break;
        check_variable(c, &node->as.bind.pattern->ref, node->as.bind.pattern->pos,
                       node->as.bind.type ? node->as.bind.type : declared_type(c, node->as.bind.pattern->ref.var),
                       evident_of(c, node->as.bind.value));
        break;
    case RF_NODE_ASSIGN: check_assignment(c, node); break;
    case RF_NODE_RETURN: check_return(c, node); break;
    case RF_NODE_CALL:
        if (c->piped.count && rf_vector_last(&c->piped) == node)
            c->piped.count--; /* check_pipe has dealt with it */
        else
            check_call(c, node, NULL);
        break;
    case RF_NODE_PIPE: check_pipe(c, node); break;
    default: break;
    }
}

static void enter_function(void *context, rf_func *func)
{
    checker *c = context;
    rf_vector_push(&c->around, func);
}

static void leave_function(void *context, rf_func *func)
{
    checker *c = context;
    (void)func;
    c->around.count--;
}

void rf_unit_find_mismatches(const rf_unit *unit, const rf_front *front,
                             void (*sink)(void *context, const rf_type_warning *warning), void *context)
{
    checker c = {.unit = unit, .front = front};
    rf_walk_func(&(rf_visitor){.context = &c, .enter = collect_node, .enter_func = collect_func}, unit->main);
    if (c.typed.count) qsort(c.typed.data, c.typed.count, sizeof *c.typed.data, compare_addresses);
    if (c.declared.count) qsort(c.declared.data, c.declared.count, sizeof *c.declared.data, compare_addresses);
    const rf_visitor check = {.context = &c, .enter = check_node, .enter_func = enter_function, .leave_func = leave_function};
    rf_walk_func(&check, unit->main);
    deliver(&c, sink, context);
    rf_vector_release(&c.typed);
    rf_vector_release(&c.declared);
    rf_vector_release(&c.functions);
    rf_vector_release(&c.around);
    rf_vector_release(&c.piped);
    rf_vector_release(&c.links);
}

/* ---- as texts ---- */

typedef struct text_sink {
    const rf_unit *unit;
    void (*sink)(void *context, const char *text);
    void *context;
} text_sink;

static void pass_text(void *context, const rf_type_warning *warning)
{
    const text_sink *to = context;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "warning: %s\n  --> %s:%u:%u\n", warning->message, to->unit->path, warning->pos.line,
                     warning->pos.column);
    to->sink(to->context, text.data);
    rf_buffer_release(&text);
}

void rf_unit_typecheck(const rf_unit *unit, const rf_front *front, void (*sink)(void *context, const char *text),
                       void *context)
{
    text_sink to = {unit, sink, context};
    rf_unit_find_mismatches(unit, front, pass_text, &to);
}
