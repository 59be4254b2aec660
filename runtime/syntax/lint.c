/* The rules about variables work on a list of every occurrence of every variable, grouped by declaration.  A test has
 * its own copy of the set-up around it (unit.h), so the group is found by the place of the declaration. */
#include "syntax/lint.h"

#include "syntax/typecheck.h"
#include "syntax/walk.h"

#include <stdlib.h>
#include <string.h>

typedef enum use_kind {
    USE_READ,
    USE_LET,     /* let without mut */
    USE_BIND,    /* mut, const, other declarations by value */
    USE_ASSIGN,  /* of the whole variable, compound too */
    USE_CHANGE,  /* of a part */
    USE_OTHER    /* declared by func, struct, enum, import, for, match, except: no rule looks at these */
} use_kind;

typedef struct use {
    const rf_var *var;
    use_kind kind;
    rf_pos pos;
    rf_pos statement;  /* LET: of the `let` */
    bool is_short_key; /* {name} in a pattern */
} use;

/* Where a position is in the source: at each line start and every so many characters after it. */
typedef struct milestone {
    rf_pos pos;
    uint32_t offset;
} milestone;

typedef struct linter {
    RF_VECTOR(use) uses;
    RF_VECTOR(milestone) milestones;
    RF_VECTOR(const rf_literal *) texts; /* every text of the unit, sorted */
    const rf_unit *unit;
    rf_lint_report *report;
} linter;

/* ---- reporting ---- */

enum { MILESTONE_STEP = 64 };

static void set_milestones(linter *l)
{
    const char *source = l->unit->source;
    size_t size = l->unit->source_size;
    bool has_mark = size >= 3 && memcmp(source, "\xEF\xBB\xBF", 3) == 0;
    rf_pos pos = {1, 1};
    for (size_t at = has_mark ? 3 : 0; at < size; at++) {
        if (((unsigned char)source[at] & 0xC0) == 0x80) continue;
        if (pos.column % MILESTONE_STEP == 1) rf_vector_push(&l->milestones, ((milestone){pos, (uint32_t)at}));
        pos.column++;
        if (source[at] != '\n' && source[at] != '\r') continue;
        if (source[at] == '\r' && at + 1 < size && source[at + 1] == '\n') at++;
        pos = (rf_pos){pos.line + 1, 1};
    }
}

static int compare_positions(rf_pos a, rf_pos b)
{
    if (a.line != b.line) return a.line < b.line ? -1 : 1;
    return (a.column > b.column) - (a.column < b.column);
}

static uint32_t offset_of(const linter *l, rf_pos pos)
{
    size_t low = 0, high = l->milestones.count; /* the last milestone not behind pos is in [low, high) */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (compare_positions(l->milestones.data[middle].pos, pos) <= 0)
            low = middle;
        else
            high = middle;
    }
    uint32_t at = l->milestones.data[low].offset;
    for (uint32_t column = l->milestones.data[low].pos.column; column < pos.column; column++) {
        at++;
        while (((unsigned char)l->unit->source[at] & 0xC0) == 0x80) at++;
    }
    return at;
}

static rf_lint_issue *add_issue(linter *l, rf_lint_severity severity, const char *rule, rf_pos pos, rf_buffer *message)
{
    rf_vector_push(&l->report->issues, ((rf_lint_issue){severity, rule, pos, rf_buffer_take(message), NULL}));
    return &rf_vector_last(&l->report->issues);
}

static void add_edit(linter *l, uint32_t offset, uint32_t size, const char *text)
{
    rf_vector_push(&l->report->edits, ((rf_lint_edit){offset, size, rf_strdup(text)}));
}

/* ---- occurrences ---- */

static void add_use(linter *l, const rf_ref *ref, use_kind kind, rf_pos pos)
{
    if (!ref->var || ref->kind == RF_REF_FIELD) return;
    rf_vector_push(&l->uses, ((use){.var = ref->var, .kind = kind, .pos = pos}));
}

static void add_pattern(linter *l, const rf_pattern *pattern, use_kind kind, rf_pos statement)
{
    if (pattern->kind == RF_PATTERN_NAME) {
        size_t before = l->uses.count;
        add_use(l, &pattern->ref, kind, pattern->pos);
        if (l->uses.count > before) rf_vector_last(&l->uses).statement = statement;
    }
    for (uint32_t i = 0; i < pattern->count; i++) {
        bool is_dict = pattern->kind == RF_PATTERN_DICT;
        size_t before = l->uses.count;
        add_pattern(l, is_dict ? pattern->keys[i].pattern : pattern->items[i], kind, statement);
        if (is_dict && pattern->keys[i].is_short && l->uses.count > before)
            rf_vector_last(&l->uses).is_short_key = true;
    }
    if (pattern->rest) add_pattern(l, pattern->rest, kind, statement);
}

static void add_imports(linter *l, const rf_node *node)
{
    for (uint32_t i = 0; i < node->as.import.count; i++)
        add_use(l, &node->as.import.names[i].ref, USE_OTHER, node->as.import.names[i].pos);
    if (node->as.import.binds_module) add_use(l, &node->as.import.module_ref, USE_OTHER, node->pos);
}

static void collect_uses(linter *l, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NAME: add_use(l, &node->as.ref, USE_READ, node->pos); break;
    case RF_NODE_STRUCT_LIT: add_use(l, &node->as.instance.ref, USE_READ, node->pos); break;
    case RF_NODE_ENUM_VALUE: add_use(l, &node->as.variant.ref, USE_READ, node->pos); break;
    case RF_NODE_UPDATE: add_use(l, &node->as.update.place.root, USE_READ, node->as.update.place.pos); break;
    case RF_NODE_LET: add_pattern(l, node->as.bind.pattern, node->flag ? USE_LET : USE_BIND, node->start); break;
    case RF_NODE_CONST: add_pattern(l, node->as.bind.pattern, USE_BIND, node->start); break;
    case RF_NODE_DESTRUCTURE: add_pattern(l, node->as.bind.pattern, USE_ASSIGN, node->start); break;
    case RF_NODE_ASSIGN: {
        const rf_place *place = &node->as.assign.place;
        add_use(l, &place->root, place->count ? USE_CHANGE : USE_ASSIGN, place->pos);
        break;
    }
    case RF_NODE_FUNC_DECL: add_use(l, &node->as.func_decl.ref, USE_OTHER, node->pos); break;
    case RF_NODE_STRUCT_DECL: add_use(l, &node->as.struct_decl.ref, USE_OTHER, node->pos); break;
    case RF_NODE_ENUM_DECL: add_use(l, &node->as.enum_decl.ref, USE_OTHER, node->pos); break;
    case RF_NODE_IMPORT: add_imports(l, node); break;
    case RF_NODE_FOR_IN: add_pattern(l, node->as.for_in.pattern, USE_OTHER, node->start); break;
    case RF_NODE_FOR_C: add_pattern(l, node->as.for_c.init->as.bind.pattern, USE_OTHER, node->start); break;
    case RF_NODE_MATCH:
        for (uint32_t i = 0; i < node->as.match.count; i++)
            add_pattern(l, node->as.match.cases[i].pattern, USE_OTHER, node->start);
        break;
    case RF_NODE_TRY:
        if (node->as.try_.has_name) add_use(l, &node->as.try_.name, USE_OTHER, node->pos);
        break;
    default: break;
    }
}

static int compare_uses(const void *left, const void *right)
{
    const use *a = left, *b = right;
    int order = compare_positions(a->var->pos, b->var->pos);
    return order ? order : compare_positions(a->pos, b->pos);
}

/* ---- rules about variables ---- */

static int compare_literals(const void *left, const void *right)
{
    const rf_literal *a = *(const rf_literal *const *)left, *b = *(const rf_literal *const *)right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static bool is_name_taken(linter *l, const rf_buffer *name)
{
    if (!l->texts.count) {
        for (size_t i = 0; i < l->unit->literals.count; i++) rf_vector_push(&l->texts, &l->unit->literals.data[i]);
        qsort(l->texts.data, l->texts.count, sizeof *l->texts.data, compare_literals);
    }
    const rf_literal wanted = {name->data, (uint32_t)name->size}, *key = &wanted;
    return bsearch(&key, l->texts.data, l->texts.count, sizeof key, compare_literals) != NULL;
}

/* Without a keyword `{k: _k} := e` may be read as the literal of a struct named just before it. */
static bool can_rename(const use *uses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (uses[i].is_short_key && uses[i].kind == USE_ASSIGN) return false;
    return true;
}

static void check_unused(linter *l, const use *uses, size_t count)
{
    const rf_var *var = uses[0].var;
    if (var->is_exported || var->is_param || var->name->text[0] == '_') return;
    for (size_t i = 0; i < count; i++)
        if (uses[i].kind == USE_READ || uses[i].kind == USE_OTHER) return;
    rf_buffer message = RF_BUFFER_INIT, renamed = RF_BUFFER_INIT, entry = RF_BUFFER_INIT;
    rf_buffer_format(&message, "Variable '%s' is never used", var->name->text);
    rf_lint_issue *issue = add_issue(l, RF_LINT_WARNING, "unused-variable", uses[0].pos, &message);
    rf_buffer_format(&renamed, "_%s", var->name->text);
    rf_buffer_format(&entry, "%s: _%s", var->name->text, var->name->text);
    if (!is_name_taken(l, &renamed) && can_rename(uses, count)) {
        for (size_t i = 0; i < count; i++)
            add_edit(l, offset_of(l, uses[i].pos), var->name->size, uses[i].is_short_key ? entry.data : renamed.data);
        issue->fix = rf_buffer_take(&renamed);
    }
    rf_buffer_release(&renamed);
    rf_buffer_release(&entry);
}

static void check_reassigned(linter *l, const use *uses, size_t count)
{
    const use *declaration = NULL;
    for (size_t i = 0; i < count && !declaration; i++)
        if (uses[i].kind == USE_LET) declaration = &uses[i];
    if (!declaration) return;
    bool is_assigned = false;
    for (size_t i = 0; i < count; i++) {
        bool is_store = uses[i].kind == USE_ASSIGN || uses[i].kind == USE_LET || uses[i].kind == USE_BIND;
        if (is_store && compare_positions(declaration->pos, uses[i].pos) != 0) is_assigned = true;
    }
    if (!is_assigned) return;
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_format(&message, "let variable '%s' is assigned again; declare it with mut", declaration->var->name->text);
    rf_lint_issue *issue = add_issue(l, RF_LINT_WARNING, "let-reassigned", declaration->pos, &message);
    issue->fix = rf_strdup("mut");
    add_edit(l, offset_of(l, declaration->statement), 3, "mut");
}

static void check_variables(linter *l)
{
    if (l->uses.count) qsort(l->uses.data, l->uses.count, sizeof *l->uses.data, compare_uses);
    for (size_t i = 0, end; i < l->uses.count; i = end) {
        const use *first = &l->uses.data[i];
        for (end = i + 1; end < l->uses.count; end++)
            if (compare_positions(first->var->pos, l->uses.data[end].var->pos) != 0) break;
        check_unused(l, first, end - i);
        check_reassigned(l, first, end - i);
    }
}

/* ---- rules about statements ---- */

static const char *leaving_word(const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_RETURN: return "return";
    case RF_NODE_BREAK: return "break";
    case RF_NODE_CONTINUE: return "continue";
    case RF_NODE_EXPR: return node->as.operand->kind == RF_NODE_THROW ? "throw" : NULL;
    default: return NULL;
    }
}

static bool is_declaration(const rf_node *node)
{
    return node->kind == RF_NODE_FUNC_DECL || node->kind == RF_NODE_STRUCT_DECL || node->kind == RF_NODE_ENUM_DECL;
}

/* Declarations are made on entry, so they are not lost behind a return. */
static void check_block(void *context, rf_block *block)
{
    const char *word = NULL;
    for (uint32_t i = 0; i < block->count; i++) {
        const rf_node *node = block->statements[i];
        if (word && !is_declaration(node)) {
            rf_buffer message = RF_BUFFER_INIT;
            rf_buffer_format(&message, "Unreachable code after '%s'", word);
            add_issue(context, RF_LINT_WARNING, "unreachable-code", node->start, &message);
            return;
        }
        if (!word) word = leaving_word(node);
    }
}

typedef enum literal_type { TYPE_UNKNOWN, TYPE_NUMBER, TYPE_STRING, TYPE_ARRAY, TYPE_OTHER } literal_type;

static literal_type literal_type_of(const rf_node *node, const char **name)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_INT: *name = "int"; return TYPE_NUMBER;
    case RF_NODE_FLOAT: *name = "float"; return TYPE_NUMBER;
    case RF_NODE_STRING: case RF_NODE_INTERP: *name = "string"; return TYPE_STRING;
    case RF_NODE_ARRAY: *name = "array"; return TYPE_ARRAY;
    case RF_NODE_BOOL: *name = "bool"; return TYPE_OTHER;
    case RF_NODE_NULL_LIT: *name = "null"; return TYPE_OTHER;
    case RF_NODE_DICT: *name = "dict"; return TYPE_OTHER;
    default: return TYPE_UNKNOWN;
    }
}

/* Does the operator have a meaning for these two (LANGUAGE 6.2, 5.9)? */
static bool is_defined(rf_op_kind op, literal_type left, literal_type right)
{
    if (op == RF_OPER_EQ || op == RF_OPER_NE) return true;
    if (left == TYPE_NUMBER && right == TYPE_NUMBER) return true;
    if (op == RF_OPER_ADD && (left == TYPE_STRING || right == TYPE_STRING)) return true;
    if (op == RF_OPER_ADD && left == TYPE_ARRAY && right == TYPE_ARRAY) return true;
    if (op == RF_OPER_MUL && left == TYPE_STRING && right == TYPE_NUMBER) return true;
    return op >= RF_OPER_LT && op <= RF_OPER_GE && left == TYPE_STRING && right == TYPE_STRING;
}

static const char *const operator_texts[RF_OPER_COUNT] = {
#define RF_OPERATOR(name, text, method, alias) [RF_OPER_##name] = text,
#include "syntax/operator.def"
#undef RF_OPERATOR
};

static void check_operands(linter *l, const rf_node *node)
{
    const char *left_name, *right_name;
    literal_type left = literal_type_of(node->as.binary.left, &left_name);
    literal_type right = literal_type_of(node->as.binary.right, &right_name);
    if (left == TYPE_UNKNOWN || right == TYPE_UNKNOWN || is_defined((rf_op_kind)node->op, left, right)) return;
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_format(&message, "Invalid binary operation: %s %s %s", left_name, operator_texts[node->op], right_name);
    add_issue(l, RF_LINT_ERROR, "obvious-type-mismatch", node->pos, &message);
}

/* A match that asks for Ok or Some but lets Err or None fall through. */
static void check_match(linter *l, const rf_node *node)
{
    static const char *const pairs[][2] = {{"Ok", "Err"}, {"Some", "None"}};
    if (node->as.match.default_body) return;
    for (size_t k = 0; k < RF_COUNT_OF(pairs); k++) {
        bool has_success = false, has_failure = false;
        for (uint32_t i = 0; i < node->as.match.count; i++) {
            const rf_pattern *pattern = node->as.match.cases[i].pattern;
            bool catches_all = pattern->kind == RF_PATTERN_NAME || pattern->kind == RF_PATTERN_DISCARD;
            bool is_variant = pattern->kind == RF_PATTERN_VARIANT;
            has_success |= is_variant && strcmp(pattern->variant->text, pairs[k][0]) == 0;
            has_failure |= catches_all || (is_variant && strcmp(pattern->variant->text, pairs[k][1]) == 0);
        }
        if (!has_success || has_failure) continue;
        rf_buffer message = RF_BUFFER_INIT;
        rf_buffer_format(&message, "match handles '%s' but not '%s'", pairs[k][0], pairs[k][1]);
        add_issue(l, RF_LINT_WARNING, "missing-error-handling-pattern", node->start, &message);
    }
}

static void enter_node(void *context, rf_node *node)
{
    linter *l = context;
    collect_uses(l, node);
    if (node->kind == RF_NODE_BINARY) check_operands(l, node);
    if (node->kind == RF_NODE_MATCH) check_match(l, node);
}

static void add_mismatch(void *context, const rf_type_warning *warning)
{
    static const char prefix[] = "Type mismatch: ";
    if (strncmp(warning->message, prefix, sizeof prefix - 1) != 0) return;
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_append_text(&message, warning->message);
    add_issue(context, RF_LINT_ERROR, "obvious-type-mismatch", warning->pos, &message);
}

/* ---- the report ---- */

static int compare_issues(const void *left, const void *right)
{
    const rf_lint_issue *a = left, *b = right;
    int order = compare_positions(a->pos, b->pos);
    if (!order) order = strcmp(a->rule, b->rule);
    return order ? order : strcmp(a->message, b->message);
}

static int compare_edits(const void *left, const void *right)
{
    const rf_lint_edit *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* What set-ups hold has been seen once for each test. */
static void drop_repeated(rf_lint_report *report)
{
    size_t kept = 0;
    if (report->issues.count) qsort(report->issues.data, report->issues.count, sizeof *report->issues.data, compare_issues);
    for (size_t i = 0; i < report->issues.count; i++) {
        rf_lint_issue *issue = &report->issues.data[i];
        if (kept && compare_issues(issue, &report->issues.data[kept - 1]) == 0) {
            rf_free(issue->message);
            rf_free(issue->fix);
        } else {
            report->issues.data[kept++] = *issue;
        }
    }
    report->issues.count = kept;
    kept = 0;
    if (report->edits.count) qsort(report->edits.data, report->edits.count, sizeof *report->edits.data, compare_edits);
    for (size_t i = 0; i < report->edits.count; i++) {
        if (kept && report->edits.data[i].offset == report->edits.data[kept - 1].offset)
            rf_free(report->edits.data[i].text);
        else
            report->edits.data[kept++] = report->edits.data[i];
    }
    report->edits.count = kept;
}

void rf_lint(const rf_unit *unit, const rf_front *front, rf_lint_report *report)
{
    linter l = {.unit = unit, .report = report};
    const rf_visitor visitor = {.context = &l, .enter = enter_node, .block = check_block};
    set_milestones(&l);
    rf_walk_func(&visitor, unit->main);
    for (size_t i = 0; i < unit->tests.count; i++) rf_walk_func(&visitor, unit->tests.data[i].func);
    check_variables(&l);
    rf_unit_find_mismatches(unit, front, add_mismatch, &l);
    drop_repeated(report);
    rf_vector_release(&l.uses);
    rf_vector_release(&l.milestones);
    rf_vector_release(&l.texts);
}

void rf_lint_apply(const rf_lint_report *report, const char *source, size_t size, rf_buffer *out)
{
    size_t at = 0;
    for (size_t i = 0; i < report->edits.count; i++) {
        const rf_lint_edit *edit = &report->edits.data[i];
        rf_buffer_append(out, source + at, edit->offset - at);
        rf_buffer_append_text(out, edit->text);
        at = edit->offset + edit->size;
    }
    rf_buffer_append(out, source + at, size - at);
}

void rf_lint_report_release(rf_lint_report *report)
{
    for (size_t i = 0; i < report->issues.count; i++) {
        rf_free(report->issues.data[i].message);
        rf_free(report->issues.data[i].fix);
    }
    for (size_t i = 0; i < report->edits.count; i++) rf_free(report->edits.data[i].text);
    rf_vector_release(&report->issues);
    rf_vector_release(&report->edits);
}
