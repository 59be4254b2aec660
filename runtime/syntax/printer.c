#include "syntax/printer.h"

#include "syntax/type_note.h"
#include "syntax/updater.h"



typedef struct printer {
    const rf_unit *unit;
    rf_buffer *out;
    unsigned depth;
    RF_VECTOR(const rf_node *) spine;
    RF_VECTOR(const rf_type_note *) notes;
} printer;

static const char *const kind_names[RF_NODE_COUNT] = {
#define RF_NODE(name, meaning) [RF_NODE_##name] = #name,
#include "syntax/ast.def"
#undef RF_NODE
};

static const char *const operator_texts[RF_OPER_COUNT] = {
#define RF_OPERATOR(name, text, method, alias) [RF_OPER_##name] = text,
#include "syntax/operator.def"
#undef RF_OPERATOR
};

static void print_expression(printer *p, const rf_node *node);
static void print_block(printer *p, const rf_block *block);

static void put(printer *p, const char *text)
{
    rf_buffer_append_text(p->out, text);
}

static void start_line(printer *p)
{
    for (unsigned i = 0; i < p->depth; i++) put(p, "  ");
}

/* ---- references, literals, patterns ---- */

static void print_slot(printer *p, unsigned kind, uint32_t index)
{
    static const char letters[] = {[RF_REF_LOCAL] = 'L', [RF_REF_CAPTURE] = 'C', [RF_REF_MODULE] = 'M'};
    rf_buffer_append_byte(p->out, letters[kind]);
    rf_buffer_append_int(p->out, index);
}

static void print_ref(printer *p, const rf_ref *ref)
{
    if (ref->name) put(p, ref->name->text);
    put(p, "@");
    switch ((rf_ref_kind)ref->kind) {
    case RF_REF_NONE: put(p, "-"); break;
    case RF_REF_BUILTIN: put(p, "B"); break;
    case RF_REF_FIELD:
        rf_buffer_format(p->out, "F%u(", ref->field);
        print_slot(p, ref->self_kind, ref->index);
        put(p, ")");
        break;
    default: print_slot(p, ref->kind, ref->index); break;
    }
    if (ref->is_cell) put(p, "~");
    if (ref->may_be_unset) put(p, "?");
}

static void print_text(printer *p, uint32_t literal)
{
    const rf_literal *text = &p->unit->literals.data[literal];
    put(p, "\"");
    for (uint32_t i = 0; i < text->size; i++) {
        unsigned char c = (unsigned char)text->text[i];
        if (c == '"' || c == '\\')
            rf_buffer_format(p->out, "\\%c", c);
        else if (c < 0x20)
            rf_buffer_format(p->out, "\\x%02X", c);
        else
            rf_buffer_append_byte(p->out, (char)c);
    }
    put(p, "\"");
}

static void print_pattern(printer *p, const rf_pattern *pattern)
{
    bool is_dict = pattern->kind == RF_PATTERN_DICT, is_array = pattern->kind == RF_PATTERN_ARRAY;
    switch ((rf_pattern_kind)pattern->kind) {
    case RF_PATTERN_DISCARD: put(p, "_"); return;
    case RF_PATTERN_NAME:
        print_ref(p, &pattern->ref);
        if (pattern->is_duplicate) put(p, "!duplicate");
        return;
    case RF_PATTERN_LITERAL: print_expression(p, pattern->literal); return;
    case RF_PATTERN_VARIANT:
        if (pattern->enum_name) rf_buffer_format(p->out, "%s::", pattern->enum_name->text);
        put(p, pattern->variant->text);
        if (!pattern->has_args) return;
        break;
    default: break;
    }
    put(p, is_dict ? "{" : is_array ? "[" : "(");
    for (uint32_t i = 0; i < pattern->count; i++) {
        if (i) put(p, ", ");
        if (is_dict) rf_buffer_format(p->out, "%s: ", pattern->keys[i].key->text);
        print_pattern(p, is_dict ? pattern->keys[i].pattern : pattern->items[i]);
    }
    if (pattern->rest) {
        put(p, pattern->count ? ", ..." : "...");
        print_pattern(p, pattern->rest);
    }
    put(p, is_dict ? "}" : is_array ? "]" : ")");
}

static void print_place(printer *p, const rf_place *place)
{
    print_ref(p, &place->root);
    for (uint32_t i = 0; i < place->count; i++) {
        const rf_step *step = &place->steps[i];
        if (step->is_field) {
            rf_buffer_format(p->out, ".%s", step->field->text);
            continue;
        }
        put(p, "[");
        print_expression(p, step->index);
        put(p, "]");
    }
}

static void print_updater(printer *p, uint32_t updater)
{
    if (updater) rf_buffer_format(p->out, " updates=%x", updater);
}

/* ---- expressions ---- */

static void print_list(printer *p, rf_node *const *nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(p, " ");
        print_expression(p, nodes[i]);
    }
}

static void print_entries(printer *p, const rf_entry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(p, " ");
        if (entries[i].is_spread) {
            put(p, "...");
        } else if (entries[i].word) {
            rf_buffer_format(p->out, "%s: ", entries[i].word->text);
        } else {
            print_expression(p, entries[i].key);
            put(p, ": ");
        }
        print_expression(p, entries[i].value);
    }
}

static void print_head(printer *p, const char *word)
{
    rf_buffer_format(p->out, "(%s", word);
}

static void print_conditional(printer *p, const rf_node *node)
{
    size_t links = 0;
    for (; node->kind == RF_NODE_IF_EXPR; node = node->as.if_expr.else_value, links++) {
        print_head(p, "if");
        put(p, " ");
        print_expression(p, node->as.if_expr.condition);
        put(p, " ");
        print_expression(p, node->as.if_expr.then_value);
        put(p, " ");
    }
    print_expression(p, node);
    while (links--) put(p, ")");
}

static void print_leaf(printer *p, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NULL_LIT: put(p, "null"); return;
    case RF_NODE_BOOL: put(p, node->as.integer ? "true" : "false"); return;
    case RF_NODE_INT: rf_buffer_append_int(p->out, node->as.integer); return;
    case RF_NODE_FLOAT: rf_buffer_format(p->out, "%.17gf", node->as.number); return;
    case RF_NODE_STRING: print_text(p, node->as.literal); return;
    case RF_NODE_NAME:
        if (node->flag) put(p, "::");
        print_ref(p, &node->as.ref);
        return;
    case RF_NODE_FUNC: rf_buffer_format(p->out, "#%u", node->as.func->id); return;
    case RF_NODE_IF_EXPR: print_conditional(p, node); return;
    case RF_NODE_INTERP:
        print_head(p, "interp");
        print_list(p, node->as.list.items, node->as.list.count);
        break;
    case RF_NODE_ARRAY:
        print_head(p, "array");
        print_list(p, node->as.list.items, node->as.list.count);
        break;
    case RF_NODE_DICT:
        print_head(p, "dict");
        print_entries(p, node->as.dict.entries, node->as.dict.count);
        break;
    case RF_NODE_STRUCT_LIT:
        print_head(p, "new ");
        print_ref(p, &node->as.instance.ref);
        print_entries(p, node->as.instance.entries, node->as.instance.count);
        break;
    case RF_NODE_ENUM_VALUE:
        print_head(p, "variant ");
        print_ref(p, &node->as.variant.ref);
        rf_buffer_format(p->out, "::%s", node->as.variant.variant->text);
        if (node->flag) put(p, " args");
        print_list(p, node->as.variant.args, node->as.variant.count);
        break;
    default:
        print_head(p, node->kind == RF_NODE_UNARY ? operator_texts[node->op]
                      : node->kind == RF_NODE_SPREAD ? "..."
                      : node->kind == RF_NODE_AWAIT ? "await"
                      : node->kind == RF_NODE_YIELD ? "yield" : "throw");
        if (node->as.operand) print_list(p, (rf_node *const *)&node->as.operand, 1);
        break;
    }
    put(p, ")");
}

/* "(" and the word of a node that leans to the left; its left operand, NULL when it does not */
static const rf_node *open_link(printer *p, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_BINARY: print_head(p, operator_texts[node->op]); return node->as.binary.left;
    case RF_NODE_AND: print_head(p, "and"); return node->as.binary.left;
    case RF_NODE_OR: print_head(p, "or"); return node->as.binary.left;
    case RF_NODE_COALESCE: print_head(p, "??"); return node->as.binary.left;
    case RF_NODE_PIPE: print_head(p, "|>"); return node->as.binary.left;
    case RF_NODE_CALL: print_head(p, "call"); return node->as.call.callee;
    case RF_NODE_METHOD: print_head(p, node->flag ? "method?" : "method"); return node->as.method.receiver;
    case RF_NODE_FIELD: print_head(p, node->flag ? "field?" : "field"); return node->as.field.object;
    case RF_NODE_INDEX: print_head(p, "index"); return node->as.index.object;
    case RF_NODE_TRY_OP: print_head(p, node->flag ? "try!" : "try"); return node->as.operand;
    default: return NULL;
    }
}

static void close_link(printer *p, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_CALL: print_list(p, node->as.call.args, node->as.call.count); break;
    case RF_NODE_METHOD:
        rf_buffer_format(p->out, " .%s", node->as.method.name->text);
        print_updater(p, node->as.method.updater);
        if (node->as.method.place) put(p, " place");
        print_list(p, node->as.method.args, node->as.method.count);
        break;
    case RF_NODE_FIELD: rf_buffer_format(p->out, " .%s", node->as.field.name->text); break;
    case RF_NODE_INDEX: print_list(p, (rf_node *const *)&node->as.index.index, 1); break;
    case RF_NODE_TRY_OP: break;
    default: print_list(p, (rf_node *const *)&node->as.binary.right, 1); break;
    }
    put(p, ")");
}

static void print_expression(printer *p, const rf_node *node)
{
    size_t base = p->spine.count;
    for (const rf_node *left; (left = open_link(p, node)); node = left) {
        put(p, " ");
        rf_vector_push(&p->spine, node);
    }
    print_leaf(p, node);
    while (p->spine.count > base) {
        const rf_node *link = rf_vector_pop(&p->spine);
        close_link(p, link);
    }
}

/* ---- statements ---- */

static void print_type(printer *p, const rf_type_note *type);

/* T[]?..: a chain that can be long */
static void print_suffixes(printer *p, const rf_type_note *type)
{
    size_t base = p->notes.count;
    for (; type->kind == RF_TYPE_ARRAY || type->kind == RF_TYPE_OPTIONAL; type = type->items[0])
        rf_vector_push(&p->notes, type);
    print_type(p, type);
    while (p->notes.count > base) put(p, rf_vector_pop(&p->notes)->kind == RF_TYPE_ARRAY ? "[]" : "?");
}

static void print_type_list(printer *p, const rf_type_note *type, const char *separator)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (i) put(p, separator);
        print_type(p, type->items[i]);
    }
}

static void print_type(printer *p, const rf_type_note *type)
{
    for (; type; type = type->result) {
        switch ((rf_type_kind)type->kind) {
        case RF_TYPE_ARRAY: case RF_TYPE_OPTIONAL: print_suffixes(p, type); return;
        case RF_TYPE_UNION: print_type_list(p, type, " | "); return;
        case RF_TYPE_NAME:
            put(p, type->name->text);
            if (!type->count) return;
            put(p, "<");
            print_type_list(p, type, ", ");
            put(p, ">");
            return;
        case RF_TYPE_FUNC:
            put(p, type->has_params ? "func(" : "func");
            print_type_list(p, type, ", ");
            put(p, !type->has_params ? "" : type->result ? ") -> " : ")");
            break;
        }
    }
}

static void print_annotation(printer *p, const rf_type_note *type)
{
    if (!type) return;
    put(p, " : ");
    print_type(p, type);
}

static void print_nested(printer *p, const rf_block *block)
{
    p->depth++;
    print_block(p, block);
    p->depth--;
}

static void print_line(printer *p, const char *word)
{
    start_line(p);
    put(p, word);
    put(p, "\n");
}

static void print_if(printer *p, const rf_node *node)
{
    for (const char *word = "if ";; word = "else if ") {
        if (*word == 'e') start_line(p);
        put(p, word);
        print_expression(p, node->as.branch.condition);
        put(p, "\n");
        print_nested(p, node->as.branch.body);
        const rf_block *block = node->as.branch.else_block;
        if (!block) return;
        if (block->count != 1 || block->statements[0]->kind != RF_NODE_IF) {
            print_line(p, "else");
            print_nested(p, block);
            return;
        }
        node = block->statements[0];
    }
}

static void print_match(printer *p, const rf_node *node)
{
    put(p, "match ");
    print_expression(p, node->as.match.subject);
    put(p, "\n");
    for (uint32_t i = 0; i < node->as.match.count; i++) {
        const rf_case *arm = &node->as.match.cases[i];
        start_line(p);
        put(p, "case ");
        print_pattern(p, arm->pattern);
        if (arm->guard) {
            put(p, " if ");
            print_expression(p, arm->guard);
        }
        put(p, "\n");
        print_nested(p, arm->body);
    }
    if (!node->as.match.default_body) return;
    print_line(p, "default");
    print_nested(p, node->as.match.default_body);
}

static void print_statement(printer *p, const rf_node *node);
static void print_scope(printer *p, const rf_scope *scope);

static void print_for_clauses(printer *p, const rf_node *node)
{
    put(p, "for\n");
    p->depth++;
    print_scope(p, node->as.for_c.scope);
    start_line(p);
    print_statement(p, node->as.for_c.init);
    start_line(p);
    put(p, "while ");
    print_expression(p, node->as.for_c.condition);
    put(p, "\n");
    start_line(p);
    put(p, "step ");
    print_statement(p, node->as.for_c.step);
    print_block(p, node->as.for_c.body);
    p->depth--;
}

static void print_declaration(printer *p, const rf_node *node)
{
    put(p, node->flag ? "duplicate " : "");
    if (node->kind == RF_NODE_FUNC_DECL) {
        put(p, "func ");
        print_ref(p, &node->as.func_decl.ref);
        rf_buffer_format(p->out, " #%u\n", node->as.func_decl.func->id);
    } else if (node->kind == RF_NODE_ENUM_DECL) {
        put(p, "enum ");
        print_ref(p, &node->as.enum_decl.ref);
        for (uint32_t i = 0; i < node->as.enum_decl.decl->variant_count; i++)
            rf_buffer_format(p->out, " %s", node->as.enum_decl.decl->variants[i]->text);
        put(p, "\n");
    } else {
        const rf_struct_decl *decl = node->as.struct_decl.decl;
        put(p, "struct ");
        print_ref(p, &node->as.struct_decl.ref);
        for (uint32_t i = 0; i < decl->field_count; i++) {
            rf_buffer_format(p->out, " %s", decl->fields[i].name->text);
            print_annotation(p, decl->fields[i].type);
            if (decl->fields[i].default_func) rf_buffer_format(p->out, " = #%u", decl->fields[i].default_func->id);
        }
        for (uint32_t i = 0; i < decl->method_count; i++)
            rf_buffer_format(p->out, " %s() #%u", decl->methods[i]->name->text, decl->methods[i]->id);
        put(p, "\n");
    }
}

static void print_import(printer *p, const rf_node *node)
{
    rf_buffer_format(p->out, "%s %s", node->flag ? "from" : "import", node->as.import.path);
    for (uint32_t i = 0; i < node->as.import.count; i++) {
        put(p, " ");
        print_ref(p, &node->as.import.names[i].ref);
    }
    if (node->as.import.binds_module) {
        put(p, " as ");
        print_ref(p, &node->as.import.module_ref);
    }
    put(p, "\n");
}

static void print_assignment(printer *p, const rf_node *node)
{
    put(p, "assign ");
    print_place(p, &node->as.assign.place);
    print_annotation(p, node->as.assign.type);
    put(p, node->op == RF_OPER_NONE ? " := " : " ");
    if (node->op != RF_OPER_NONE) rf_buffer_format(p->out, "%s= ", operator_texts[node->op]);
    print_expression(p, node->as.assign.value);
    put(p, "\n");
}

static void print_bind(printer *p, const rf_node *node)
{
    put(p, node->kind == RF_NODE_LET ? "let " : node->kind == RF_NODE_CONST ? "const " : "bind ");
    print_pattern(p, node->as.bind.pattern);
    print_annotation(p, node->as.bind.type);
    put(p, " := ");
    print_expression(p, node->as.bind.value);
    put(p, "\n");
}

static void print_update(printer *p, const rf_node *node)
{
    rf_buffer_format(p->out, "update %s ", node->as.update.name->text);
    print_place(p, &node->as.update.place);
    print_updater(p, node->as.update.updater);
    print_list(p, node->as.update.args, node->as.update.count);
    put(p, "\n");
}

static void print_loop(printer *p, const rf_node *node)
{
    put(p, node->kind == RF_NODE_LOOP ? "loop" : "while ");
    if (node->kind == RF_NODE_WHILE) print_expression(p, node->as.branch.condition);
    put(p, "\n");
    print_nested(p, node->as.branch.body);
}

static void print_phases(printer *p, const rf_node *node)
{
    put(p, "test\n");
    print_line(p, "decls");
    print_nested(p, node->as.test.decls);
    print_line(p, "setup");
    print_nested(p, node->as.test.setup);
    print_line(p, "body");
    print_nested(p, node->as.test.body);
    print_line(p, "teardown");
    print_nested(p, node->as.test.teardown);
}

/* the rest of a line that has been indented, with its line break, and what is nested below */
static void print_statement(printer *p, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_EXPR:
        put(p, node->flag ? "show " : "eval ");
        print_expression(p, node->as.operand);
        put(p, "\n");
        return;
    case RF_NODE_LET: case RF_NODE_CONST: case RF_NODE_DESTRUCTURE: print_bind(p, node); return;
    case RF_NODE_ASSIGN: print_assignment(p, node); return;
    case RF_NODE_UPDATE: print_update(p, node); return;
    case RF_NODE_FUNC_DECL: case RF_NODE_STRUCT_DECL: case RF_NODE_ENUM_DECL: print_declaration(p, node); return;
    case RF_NODE_IMPORT: print_import(p, node); return;
    case RF_NODE_EXPORT:
        put(p, "export ");
        if (node->as.operand)
            print_statement(p, node->as.operand);
        else
            put(p, "name\n");
        return;
    case RF_NODE_IF: print_if(p, node); return;
    case RF_NODE_WHILE: case RF_NODE_LOOP: print_loop(p, node); return;
    case RF_NODE_FOR_IN:
        put(p, "for ");
        print_pattern(p, node->as.for_in.pattern);
        put(p, " in ");
        print_expression(p, node->as.for_in.iterable);
        put(p, "\n");
        print_nested(p, node->as.for_in.body);
        return;
    case RF_NODE_FOR_C: print_for_clauses(p, node); return;
    case RF_NODE_MATCH: print_match(p, node); return;
    case RF_NODE_TRY:
        put(p, "try\n");
        print_nested(p, node->as.try_.body);
        start_line(p);
        put(p, "except");
        if (node->as.try_.has_name) {
            put(p, " ");
            print_ref(p, &node->as.try_.name);
        }
        put(p, "\n");
        print_nested(p, node->as.try_.handler);
        return;
    case RF_NODE_SPAWN: rf_buffer_format(p->out, "spawn #%u\n", node->as.func->id); return;
    case RF_NODE_RETURN:
        put(p, "return");
        if (node->as.operand) print_list(p, (rf_node *const *)&node->as.operand, 1);
        put(p, "\n");
        return;
    case RF_NODE_BREAK: put(p, "break\n"); return;
    case RF_NODE_CONTINUE: put(p, "continue\n"); return;
    case RF_NODE_BLOCK:
        put(p, "block\n");
        print_nested(p, node->as.block);
        return;
    case RF_NODE_TEST_PHASES: print_phases(p, node); return;
    default: rf_buffer_format(p->out, "%s\n", kind_names[node->kind]); return;
    }
}

/* ---- blocks, functions, the unit ---- */

static void print_scope(printer *p, const rf_scope *scope)
{
    if (!scope || !scope->var_count) return;
    start_line(p);
    put(p, "scope");
    for (uint32_t i = 0; i < scope->var_count; i++) {
        const rf_var *var = scope->vars[i];
        put(p, " ");
        print_slot(p, var->home == RF_HOME_MODULE ? RF_REF_MODULE : RF_REF_LOCAL, var->slot);
        rf_buffer_format(p->out, ":%s%s%s%s%s", var->name ? var->name->text : "self", var->is_cell ? "~" : "",
                         var->needs_reset ? "!" : "", var->is_const ? "=" : "", var->is_reserved ? "(reserved)" : "");
    }
    put(p, "\n");
}

static void print_block(printer *p, const rf_block *block)
{
    print_scope(p, block->scope);
    if (block->hoisted_count) {
        start_line(p);
        put(p, "hoist");
        for (uint32_t i = 0; i < block->hoisted_count; i++) {
            const rf_node *node = block->hoisted[i];
            const rf_symbol *name = node->kind == RF_NODE_FUNC_DECL ? node->as.func_decl.ref.name
                                    : node->kind == RF_NODE_STRUCT_DECL ? node->as.struct_decl.ref.name
                                                                        : node->as.enum_decl.ref.name;
            rf_buffer_format(p->out, " %s", name->text);
        }
        put(p, "\n");
    }
    for (uint32_t i = 0; i < block->count; i++) {
        start_line(p);
        print_statement(p, block->statements[i]);
    }
}

static void print_function(printer *p, const rf_func *func)
{
    rf_buffer_format(p->out, "#%u %s%s%s(", func->id, func->is_async ? "async " : "", func->display_name,
                     func->is_generator ? "*" : "");
    if (func->explicit_self) put(p, func->param_count ? "self, " : "self");
    for (uint32_t i = 0; i < func->param_count; i++) {
        if (i) put(p, ", ");
        put(p, func->params[i].name ? func->params[i].name->text : "_");
        print_annotation(p, func->params[i].type);
    }
    put(p, ")");
    print_annotation(p, func->return_type);
    rf_buffer_format(p->out, " slots=%u%s%s\n", func->slot_count, func->modifies_self ? " modifies-self" : "",
                     func->is_hidden ? " hidden" : "");
    p->depth = 1;
    if (func->capture_count) {
        start_line(p);
        put(p, "captures");
        for (uint32_t i = 0; i < func->capture_count; i++) {
            put(p, " ");
            print_ref(p, &func->captures[i].source);
        }
        put(p, "\n");
    }
    print_block(p, func->body);
    p->depth = 0;
}

void rf_unit_print(const rf_unit *unit, rf_buffer *out)
{
    printer p = {.unit = unit, .out = out};
    for (size_t i = 0; i < unit->funcs.count; i++) print_function(&p, unit->funcs.data[i]);
    if (unit->exports.count || unit->undefined_exports.count) {
        put(&p, "exports");
        for (size_t i = 0; i < unit->exports.count; i++) rf_buffer_format(out, " %s", unit->exports.data[i]->name->text);
        for (size_t i = 0; i < unit->undefined_exports.count; i++)
            rf_buffer_format(out, " -%s", unit->undefined_exports.data[i]->text);
        put(&p, "\n");
    }
    for (size_t i = 0; i < unit->tests.count; i++)
        rf_buffer_format(out, "test \"%s\" #%u\n", unit->tests.data[i].name, unit->tests.data[i].func->id);
    rf_vector_release(&p.spine);
    rf_vector_release(&p.notes);
}

void rf_expression_print(const rf_unit *unit, const rf_node *node, rf_buffer *out)
{
    printer p = {.unit = unit, .out = out};
    print_expression(&p, node);
    rf_vector_release(&p.spine);
    rf_vector_release(&p.notes);
}
