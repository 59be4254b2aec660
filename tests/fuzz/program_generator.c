#include "fuzz/program_generator.h"

#include <stdarg.h>

enum { MAX_NAMES = 24, STATE_COUNT = 8 };

typedef enum kind { INT, FLOAT, STRING, BOOL, ARRAY, DICT, STRUCT, ANY, KIND_COUNT } kind;

typedef struct variable {
    unsigned id;
    kind kind;
    bool is_const;
} variable;

typedef struct generator {
    choices *source;
    rf_buffer *out;
    unsigned indent;
    unsigned loops;      /* nesting of loops of the function being written */
    unsigned loop_turns; /* product of their bounds */
    unsigned functions;  /* declared so far: f0..  */
    unsigned arity[16];
    bool has_struct, has_enum, has_generator;
    bool in_function, in_generator, in_loop, in_method;
    variable names[MAX_NAMES];
    unsigned name_count;
    unsigned next_id;
    unsigned counters; /* of while loops, one name each */
    unsigned budget;   /* statements left */
} generator;

choices choices_from_bytes(const uint8_t *bytes, size_t size)
{
    choices source = {bytes, size, 0, 0x9E3779B97F4A7C15u};
    for (size_t i = 0; i < size; i++) source.state = (source.state ^ bytes[i]) * 0x100000001B3u;
    return source;
}

static uint64_t next_random(choices *source) /* splitmix64 */
{
    uint64_t z = (source->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

choices choices_from_seed(uint64_t seed)
{
    choices seeder = {NULL, 0, 0, seed};
    return (choices){NULL, 0, 0, next_random(&seeder)}; /* states a step apart would give the same numbers a place later */
}

bool next_is_wrap(choices *source)
{
    return next_random(source) % 4 == 0;
}

unsigned choices_pick(choices *source, unsigned count)
{
    if (source->at < source->size) return source->bytes[source->at++] % count;
    return (unsigned)(next_random(source) % count);
}

static unsigned pick(generator *g, unsigned count)
{
    return choices_pick(g->source, count);
}

static bool chance(generator *g, unsigned percent)
{
    return pick(g, 100) < percent;
}

static void put(generator *g, const char *format, ...) RF_PRINTF(2, 3);
static void put(generator *g, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(g->out, format, args);
    va_end(args);
}

static void line(generator *g)
{
    put(g, "\n");
    for (unsigned i = 0; i < g->indent; i++) put(g, "    ");
}

#define PICK_TEXT(g, list) ((list)[pick(g, (unsigned)RF_COUNT_OF(list))])

/* ---- names ---- */

static const variable *find_name(generator *g, kind wanted)
{
    unsigned start = g->name_count ? pick(g, g->name_count) : 0;
    for (unsigned i = 0; i < g->name_count; i++) {
        const variable *v = &g->names[(start + i) % g->name_count];
        if (v->kind == wanted || wanted == ANY) return v;
    }
    return NULL;
}

static variable *add_name(generator *g, kind type)
{
    if (g->name_count == MAX_NAMES) {
        for (unsigned i = 1; i < MAX_NAMES; i++) g->names[i - 1] = g->names[i];
        g->name_count--;
    }
    variable *v = &g->names[g->name_count++];
    /* names repeat on purpose: shadowing, redeclaring, functions and globals of one name */
    *v = (variable){chance(g, 25) ? pick(g, g->next_id) : g->next_id++, type, false};
    if (g->next_id > 14) g->next_id = STATE_COUNT;
    return v;
}

/* ---- expressions ---- */

static void expression(generator *g, kind wanted, unsigned depth);

static void literal(generator *g, kind wanted)
{
    static const char *const ints[] = {"0",
                                       "1",
                                       "2",
                                       "3",
                                       "-1",
                                       "7",
                                       "10",
                                       "9223372036854775807",
                                       "(-9223372036854775807 - 1)",
                                       "4611686018427387904",
                                       "255",
                                       "-2",
                                       "100"};
    static const char *const floats[] = {"0.0",
                                         "-0.0",
                                         "1.5",
                                         "0.1",
                                         "1e308",
                                         "(1e308 * 10.0)",
                                         "((1e308 * 10.0) - (1e308 * 10.0))",
                                         "2.0",
                                         "-3.25",
                                         "1e-320",
                                         "9007199254740993.0"};
    static const char *const strings[] = {"\"\"",  "\"a\"",   "\"héllo\"",  "'x y'",
                                          "\"7\"", "\"key\"", "\"\\n\\t\"", "\"-0\""};
    switch (wanted) {
    case INT:
        put(g, "%s", PICK_TEXT(g, ints));
        break;
    case FLOAT:
        put(g, "%s", PICK_TEXT(g, floats));
        break;
    case STRING:
        put(g, "%s", PICK_TEXT(g, strings));
        break;
    case BOOL:
        put(g, chance(g, 50) ? "true" : "false");
        break;
    case ARRAY:
        put(g, chance(g, 50) ? "[]" : "[1, 2, 3]");
        break;
    case DICT:
        put(g, chance(g, 30) ? "({})" : "({\"a\": 1, \"b\": [1]})");
        break;
    case STRUCT:
        put(g, g->has_struct ? "P { x: 1 }" : "null");
        break;
    default:
        put(g, chance(g, 50) ? "null" : "None");
        break;
    }
}

static void name_or_literal(generator *g, kind wanted)
{
    const variable *v = chance(g, 75) ? find_name(g, chance(g, 92) ? wanted : ANY) : NULL;
    if (v)
        put(g, "v%u", v->id);
    else
        literal(g, wanted);
}

static void arguments(generator *g, unsigned count, unsigned depth)
{
    put(g, "(");
    for (unsigned i = 0; i < count; i++) {
        if (i) put(g, ", ");
        expression(g, (kind)pick(g, ANY), depth);
    }
    put(g, ")");
}

static void call_function(generator *g, unsigned depth)
{
    unsigned index = pick(g, g->functions);
    put(g, "f%u", index);
    arguments(g, g->arity[index] + (chance(g, 3) ? 1 : 0), depth);
}

static void lambda(generator *g, unsigned params, unsigned depth)
{
    unsigned saved = g->name_count;
    unsigned first = add_name(g, INT)->id, second = params > 1 ? add_name(g, INT)->id : first;
    if (params > 1 && first != second)
        put(g, "|v%u, v%u| ", first, second);
    else if (params > 1)
        put(g, "|v%u, w| ", first);
    else
        put(g, "|v%u| ", first);
    expression(g, INT, depth);
    g->name_count = saved;
}

static void binary(generator *g, kind wanted, const char *op, unsigned depth)
{
    put(g, "(");
    expression(g, wanted, depth);
    put(g, " %s ", op);
    expression(g, chance(g, 90) ? wanted : (kind)pick(g, ANY), depth);
    put(g, ")");
}

static void int_expression(generator *g, unsigned depth)
{
    static const char *const ops[] = {"+", "-", "*", "/", "%"};
    switch (pick(g, 12)) {
    case 0:
    case 1:
    case 2:
    case 3:
        binary(g, INT, PICK_TEXT(g, ops), depth);
        break;
    case 4:
        put(g, "len(");
        expression(g, chance(g, 60) ? ARRAY : STRING, depth);
        put(g, ")");
        break;
    case 5:
        expression(g, ARRAY, depth);
        put(g, "[");
        expression(g, INT, depth);
        put(g, "]");
        break;
    case 6:
        put(g, "(-");
        expression(g, INT, depth);
        put(g, ")");
        break;
    case 7:
        put(g, "(if ");
        expression(g, BOOL, depth);
        put(g, " { ");
        expression(g, INT, depth);
        put(g, " } else { ");
        expression(g, INT, depth);
        put(g, " })");
        break;
    case 8:
        expression(g, DICT, depth);
        put(g, chance(g, 50) ? "[\"a\"]" : ".a");
        break;
    case 9:
        if (g->has_struct) {
            expression(g, STRUCT, depth);
            put(g, "%s", PICK_TEXT(g, ((const char *const[]){".x", ".sum()", ".bump(2)"})));
        } else
            literal(g, INT);
        break;
    case 10:
        put(g, "(");
        expression(g, ANY, depth);
        put(g, " ?? ");
        expression(g, INT, depth);
        put(g, ")");
        break;
    default:
        if (g->functions)
            call_function(g, depth);
        else
            literal(g, INT);
        break;
    }
}

static void string_expression(generator *g, unsigned depth)
{
    switch (pick(g, 7)) {
    case 0:
    case 1:
        binary(g, STRING, "+", depth);
        break;
    case 2:
        put(g, "\"<${");
        expression(g, ANY, depth);
        put(g, "}|${");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, "}>\"");
        break;
    case 3:
        expression(g, STRING, depth);
        put(g, "[");
        expression(g, INT, depth);
        put(g, "]");
        break;
    case 4:
        put(g, "to_string(");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ")");
        break;
    case 5:
        put(g, "type(");
        expression(g, (kind)pick(g, KIND_COUNT), depth);
        put(g, ")");
        break;
    default:
        put(g, "(");
        expression(g, STRING, depth);
        put(g, " * %u)", pick(g, 4));
        break;
    }
}

static void bool_expression(generator *g, unsigned depth)
{
    static const char *const comparisons[] = {"<", "<=", ">", ">=", "==", "!="};
    static const char *const logic[] = {"&&", "||", "and", "or"};
    switch (pick(g, 6)) {
    case 0:
    case 1:
        binary(g, chance(g, 60) ? INT : FLOAT, PICK_TEXT(g, comparisons), depth);
        break;
    case 2:
        binary(g, (kind)pick(g, ANY), chance(g, 50) ? "==" : "!=", depth);
        break;
    case 3:
        binary(g, BOOL, PICK_TEXT(g, logic), depth);
        break;
    case 4:
        put(g, "(!");
        expression(g, (kind)pick(g, KIND_COUNT), depth);
        put(g, ")");
        break;
    default:
        binary(g, STRING, PICK_TEXT(g, comparisons), depth);
        break;
    }
}

static void array_expression(generator *g, unsigned depth)
{
    switch (pick(g, 9)) {
    case 0:
    case 1:
        put(g, "[");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ", ");
        expression(g, INT, depth);
        put(g, "]");
        break;
    case 2:
        put(g, "[...");
        expression(g, ARRAY, depth);
        put(g, ", ");
        expression(g, ANY, depth);
        put(g, "]");
        break;
    case 3:
        expression(g, ARRAY, depth);
        put(g, ".map(");
        lambda(g, 1, depth);
        put(g, ")");
        break;
    case 4:
        expression(g, ARRAY, depth);
        put(g, ".filter(");
        lambda(g, 1, depth);
        put(g, ")");
        break;
    case 5:
        put(g, "push(");
        expression(g, ARRAY, depth);
        put(g, ", ");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ")");
        break;
    case 6:
        put(g, "range(%u, %u)", pick(g, 5), pick(g, 9));
        break;
    case 7:
        binary(g, ARRAY, "+", depth);
        break;
    default:
        if (g->has_generator)
            put(g, "[...gen(%u)]", pick(g, 6));
        else
            put(g, "keys("), expression(g, DICT, depth), put(g, ")");
        break;
    }
}

static void dict_expression(generator *g, unsigned depth)
{
    static const char *const keys[] = {"a", "b", "7", "k"};
    switch (pick(g, 3)) {
    case 0:
        put(g, "({\"%s\": ", PICK_TEXT(g, keys));
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ", ");
        put(g, "%u: ", pick(g, 9));
        expression(g, INT, depth);
        put(g, "})");
        break;
    case 1:
        put(g, "({...");
        expression(g, DICT, depth);
        put(g, ", %s: ", PICK_TEXT(g, ((const char *const[]){"a", "b", "k"})));
        expression(g, (kind)pick(g, ANY), depth);
        put(g, "})");
        break;
    default:
        put(g, "merge(");
        expression(g, DICT, depth);
        put(g, ", ");
        expression(g, DICT, depth);
        put(g, ")");
        break;
    }
}

static void any_expression(generator *g, unsigned depth)
{
    switch (pick(g, 8)) {
    case 0:
        put(g, "Some(");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ")");
        break;
    case 1:
        put(g, chance(g, 50) ? "Ok(" : "Err(");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ")");
        break;
    case 2:
        expression(g, (kind)pick(g, KIND_COUNT), depth);
        put(g, "?.a");
        break;
    case 3:
        if (g->has_enum) {
            put(g, "E::B(");
            expression(g, INT, depth);
            put(g, ")");
        } else
            put(g, "None");
        break;
    case 4:
        put(g, "(");
        expression(g, INT, depth);
        put(g, " |> ");
        put(g, "to_string)");
        break;
    case 5:
        put(g, "reduce(");
        expression(g, ARRAY, depth);
        put(g, ", 0, ");
        lambda(g, 2, depth);
        put(g, ")");
        break;
    case 6:
        put(g, "(throw ");
        expression(g, (kind)pick(g, ANY), depth);
        put(g, ")");
        break;
    default:
        expression(g, (kind)pick(g, ANY), depth);
        break;
    }
}

static void expression(generator *g, kind wanted, unsigned depth)
{
    if (depth == 0 || chance(g, 30)) {
        name_or_literal(g, wanted);
        return;
    }
    depth--;
    switch (wanted) {
    case INT:
        int_expression(g, depth);
        break;
    case FLOAT:
        binary(g, FLOAT, PICK_TEXT(g, ((const char *const[]){"+", "-", "*", "/", "%"})), depth);
        break;
    case STRING:
        string_expression(g, depth);
        break;
    case BOOL:
        bool_expression(g, depth);
        break;
    case ARRAY:
        array_expression(g, depth);
        break;
    case DICT:
        dict_expression(g, depth);
        break;
    case STRUCT:
        if (!g->has_struct || chance(g, 40))
            name_or_literal(g, STRUCT);
        else
            put(g, "P { x: "), expression(g, INT, depth), put(g, ", items: "),
                expression(g, ARRAY, depth), put(g, " }");
        break;
    default:
        any_expression(g, depth);
        break;
    }
}

/* ---- statements ---- */

static void statements(generator *g, unsigned count);

static void block(generator *g, unsigned count)
{
    unsigned saved = g->name_count;
    put(g, "{");
    g->indent++;
    statements(g, count);
    g->indent--;
    line(g);
    put(g, "}");
    g->name_count = saved;
}

static void place(generator *g, const variable *v)
{
    put(g, "v%u", v->id);
    switch (v->kind) {
    case ARRAY:
        put(g, "["), expression(g, INT, 1), put(g, "]");
        if (chance(g, 25)) put(g, "[0]");
        break;
    case DICT:
        put(g, "%s",
            PICK_TEXT(g, ((const char *const[]){"[\"a\"]", ".b", "[\"b\"][0]", "[7]", ".k.deep"})));
        break;
    case STRUCT:
        put(g, "%s",
            PICK_TEXT(g,
                      ((const char *const[]){".x", ".items", ".items[0]", ".nope", ".items[-1]"})));
        break;
    default:
        break;
    }
}

static void assignment(generator *g)
{
    const variable *v = find_name(g, chance(g, 60) ? (kind)(ARRAY + pick(g, 3)) : ANY);
    if (!v) v = add_name(g, INT);
    if (chance(g, 65))
        place(g, v);
    else
        put(g, "v%u", v->id);
    put(g, " %s ",
        PICK_TEXT(g, ((const char *const[]){":=", ":=", "=", "+=", "-=", "*=", "/=", "%="})));
    expression(g, chance(g, 60) ? INT : v->kind, 2);
}

static void update(generator *g)
{
    const variable *v = find_name(g, chance(g, 70) ? ARRAY : DICT);
    if (!v) {
        assignment(g);
        return;
    }
    switch (pick(g, 8)) {
    case 0:
        put(g, "push("), place(g, v), put(g, ", "), expression(g, (kind)pick(g, ANY), 2),
            put(g, ")");
        break;
    case 1:
    case 2:
        put(g, "v%u.push(", v->id), expression(g, (kind)pick(g, ANY), 2), put(g, ")");
        break;
    case 3:
        put(g, "v%u.pop()", v->id);
        break;
    case 4:
        put(g, "v%u.insert(", v->id), expression(g, INT, 1), put(g, ", v%u)", v->id);
        break;
    case 5:
        put(g, "v%u.sort()", v->id);
        break;
    case 6:
        put(g, "remove(v%u, ", v->id), expression(g, chance(g, 50) ? INT : STRING, 1), put(g, ")");
        break;
    default:
        put(g, "v%u := push(v%u, ", v->id, v->id), expression(g, (kind)pick(g, ANY), 2),
            put(g, ")");
        break;
    }
}

static void declaration(generator *g)
{
    kind type = (kind)pick(g, KIND_COUNT);
    unsigned form = pick(g, 10);
    rf_buffer text = RF_BUFFER_INIT, *out = g->out;
    g->out = &text; /* the initialiser is written before its name is visible */
    expression(g, type, 3);
    g->out = out;
    variable *v = add_name(g, type);
    if (form == 0) {
        put(g, "const v%u := ", v->id);
        v->is_const = true;
    } else {
        put(g, form < 4 ? "let v%u := " : "v%u := ", v->id);
    }
    put(g, "%s", text.data);
    rf_buffer_release(&text);
}

static void loop(generator *g)
{
    unsigned turns = 1 + pick(g, 4), counter = 0;
    bool was_in_loop = g->in_loop;
    unsigned saved_turns = g->loop_turns, saved_names = g->name_count;
    if (g->loops >= 3 || saved_turns * turns > 60) {
        assignment(g);
        return;
    }
    g->loops++;
    g->loop_turns = saved_turns * turns;
    g->in_loop = true;
    switch (pick(g, 6)) {
    case 0:
        put(g, "for v%u in %u ", add_name(g, INT)->id, turns);
        break;
    case 1:
        put(g, "for v%u in range(%u, %u) ", add_name(g, INT)->id, pick(g, 3), pick(g, 3) + turns);
        break;
    case 2:
        put(g, "for c%u := 0; c%u < %u; c%u += 1 ", g->loops, g->loops, turns, g->loops);
        break;
    case 3: {
        rf_buffer text = RF_BUFFER_INIT, *out = g->out;
        g->out = &text;
        expression(g, chance(g, 70) ? ARRAY : chance(g, 50) ? STRING : DICT, 1);
        g->out = out;
        put(g, "for v%u in take([...%s], 4) ", add_name(g, INT)->id, text.data);
        rf_buffer_release(&text);
        break;
    }
    case 4:
        put(g, "for [v%u, _] in [[1, 2], [3], 4] ", add_name(g, INT)->id);
        break;
    default:
        counter = ++g->counters, put(g, "let k%u := 0", counter), line(g),
        put(g, "while k%u < %u ", counter, turns);
        break;
    }
    put(g, "{");
    g->indent++;
    if (counter) line(g), put(g, "k%u := k%u + 1", counter, counter);
    statements(g, 1 + pick(g, 3));
    g->indent--;
    line(g);
    put(g, "}");
    g->name_count = saved_names;
    g->in_loop = was_in_loop;
    g->loop_turns = saved_turns;
    g->loops--;
}

static void match_statement(generator *g)
{
    unsigned saved = g->name_count;
    put(g, "match ");
    expression(g, (kind)pick(g, KIND_COUNT), 2);
    put(g, " {");
    g->indent++;
    static const char *const patterns[] = {"0",       "\"a\"",      "-1",           "null",
                                           "true",    "[m, n]",     "[m, ...n]",    "{a: m, ...n}",
                                           "Some(m)", "Ok([m, _])", "Err(m)",       "None",
                                           "E::B(m)", "A",          "[0, Some(m)]", "{x}",
                                           "1.5"};
    for (unsigned i = 0, count = 1 + pick(g, 4); i < count; i++) {
        line(g);
        put(g, "case %s%s: ", PICK_TEXT(g, patterns), chance(g, 25) ? " if len([1]) == 1" : "");
        block(g, 1);
    }
    if (chance(g, 70)) {
        line(g);
        put(g, "default: ");
        block(g, 1);
    }
    g->indent--;
    line(g);
    put(g, "}");
    g->name_count = saved;
}

static void jump(generator *g)
{
    if (g->in_generator && chance(g, 60)) {
        put(g, "yield ");
        expression(g, INT, 1);
    } else if (g->in_loop && chance(g, 50)) {
        put(g, "if ");
        expression(g, BOOL, 2);
        put(g, chance(g, 50) ? " { break }" : " { continue }");
    } else if (g->in_function) {
        put(g, "if ");
        expression(g, BOOL, 2);
        put(g, " { return ");
        expression(g, INT, 2);
        if (chance(g, 20)) put(g, "?");
        put(g, " }");
    } else {
        put(g, "print(");
        expression(g, (kind)pick(g, KIND_COUNT), 3);
        put(g, ")");
    }
}

static void method_call(generator *g)
{
    const variable *v = g->has_struct ? find_name(g, STRUCT) : NULL;
    if (!v) {
        declaration(g);
        return;
    }
    put(g, "v%u.%s(", v->id, chance(g, 50) ? "add" : "bump");
    expression(g, (kind)pick(g, ANY), 1);
    put(g, ")");
}

static void statement(generator *g)
{
    switch (pick(g, 16)) {
    case 0:
    case 1:
    case 2:
        declaration(g);
        break;
    case 3:
    case 4:
        assignment(g);
        break;
    case 5:
    case 6:
        update(g);
        break;
    case 7:
        loop(g);
        break;
    case 8:
        put(g, "if ");
        expression(g, BOOL, 2);
        put(g, " ");
        block(g, 2);
        if (chance(g, 50)) put(g, " else "), block(g, 1);
        break;
    case 9:
        put(g, "try ");
        block(g, 2);
        put(g, " except e ");
        put(g, "{ print(\"caught\", e.message, e.line, e.stack, e.value) }");
        break;
    case 10:
        jump(g);
        break;
    case 11:
        match_statement(g);
        break;
    case 12:
        put(g, "[v%u, v%u] := ", pick(g, 6), pick(g, 6));
        expression(g, ARRAY, 2);
        break;
    case 13:
        method_call(g);
        break;
    case 14: {
        unsigned name = add_name(g, ANY)->id;
        put(g, "v%u := func() { v%u := ", name, pick(g, 8));
        expression(g, INT, 1);
        put(g, " return v%u }", pick(g, 8));
        line(g);
        put(g, "print(v%u())", name);
        break;
    }
    default:
        put(g, "print(");
        expression(g, (kind)pick(g, KIND_COUNT), 3);
        put(g, ")");
        break;
    }
}

static void statements(generator *g, unsigned count)
{
    for (unsigned i = 0; i < count && g->budget; i++) {
        g->budget--;
        line(g);
        statement(g);
    }
}

/* ---- declarations at the top ---- */

static void struct_declaration(generator *g)
{
    put(g, "struct P {\n    x: int = %u,\n    items = [],\n", pick(g, 3));
    put(g, "    func add(self, v) { self.items.push(v) self.x += 1 if self.x > 6 { throw \"full\" "
           "} return self.x }\n");
    put(g, "    func bump(n) { x := x + n items := push(items, n) return x }\n");
    put(g, "    func sum(self) { t := 0 for i in self.items { if type(i) == \"int\" { t := t + i } "
           "} return t + self.x }\n");
    if (chance(g, 50))
        put(g, "    func op_add(self, o) { return P { x: self.x + 1, items: [o] } }\n");
    if (chance(g, 30)) put(g, "    func op_eq(self, o) { return type(o) == \"struct\" }\n");
    if (chance(g, 20)) put(g, "    func __lt__(self, o) { return self.x }\n");
    put(g, "}\n");
    g->has_struct = true;
}

static void function_declaration(generator *g)
{
    unsigned saved = g->name_count, index = g->functions;
    unsigned saved_loops = g->loops, saved_turns = g->loop_turns;
    bool was_in_loop = g->in_loop;
    g->arity[index] = pick(g, 3);
    put(g, "\nfunc f%u(", index);
    for (unsigned i = 0; i < g->arity[index]; i++) put(g, "%sp%u", i ? ", " : "", i);
    put(g, ") {");
    g->indent = 1;
    for (unsigned i = 0; i < g->arity[index]; i++) {
        variable *v = add_name(g, (kind)pick(g, ANY));
        line(g);
        put(g, "v%u := p%u", v->id, i);
    }
    if (chance(g, 30)) {
        line(g);
        put(g, "depth%u := (depth%u ?? 0) + 1", index, index);
        line(g);
        put(g, "if depth%u < %s { f%u(", index, chance(g, 20) ? "100000" : "4", index);
        for (unsigned i = 0; i < g->arity[index]; i++) put(g, "%sp%u", i ? ", " : "", i);
        put(g, ") }");
    }
    g->in_function = true;
    g->in_loop = false;
    g->loops = 1; /* functions are called from loops: keep theirs small */
    g->loop_turns = 12;
    g->budget = 6;
    statements(g, 5);
    line(g);
    put(g, "return ");
    expression(g, (kind)pick(g, KIND_COUNT), 2);
    g->indent = 0;
    put(g, "\n}");
    g->in_function = false;
    g->in_loop = was_in_loop;
    g->loops = saved_loops;
    g->loop_turns = saved_turns;
    g->functions++;
    g->name_count = saved;
}

static void generator_declaration(generator *g)
{
    unsigned saved = g->name_count;
    put(g, "\nfunc* gen(n) {\n    i := 0\n    while i < n && i < 5 {\n        yield i * 2");
    g->indent = 2;
    g->in_function = g->in_generator = g->in_loop = true;
    g->loops = 2;
    g->loop_turns = 30;
    g->budget = 3;
    line(g);
    put(g, "i += 1");
    statements(g, 2);
    put(g, "\n    }\n}");
    g->in_function = g->in_generator = g->in_loop = false;
    g->loops = 0;
    g->loop_turns = 1;
    g->indent = 0;
    g->name_count = saved;
    g->has_generator = true;
}

/* Variables that always have a value, one of each kind and two arrays; every block ends by showing
 * them all. */
static void state_declaration(generator *g)
{
    static const kind kinds[STATE_COUNT] = {INT, ARRAY, DICT, STRING, FLOAT, ARRAY, BOOL, STRUCT};
    static const char *const values[STATE_COUNT] = {"3",
                                                    "[1, [2, 3], \"x\"]",
                                                    "{\"a\": 1, \"b\": [1, 2], \"7\": 2}",
                                                    "\"h\u00e9llo\"",
                                                    "1.5",
                                                    "[4, 5, 6]",
                                                    "true",
                                                    "null"};
    for (unsigned i = 0; i < STATE_COUNT; i++) {
        put(g, "v%u := %s\n", i,
            kinds[i] == STRUCT && g->has_struct ? "P { x: 1, items: [7] }" : values[i]);
        g->names[g->name_count++] = (variable){i, kinds[i], false};
    }
    g->next_id = STATE_COUNT;
}

static void show_state(generator *g)
{
    put(g, "\nprint(\"=\"");
    for (unsigned i = 0; i < STATE_COUNT; i++) put(g, ", v%u", i);
    put(g, ")");
}

void generate_program(choices *source, rf_buffer *out)
{
    generator g = {.source = source, .out = out, .loop_turns = 1};
    for (unsigned i = 0; i < 3; i++) put(&g, "depth%u := 0\n", i);
    put(&g, "enum E { A, B(n) }\n");
    g.has_enum = true;
    if (chance(&g, 70)) struct_declaration(&g);
    state_declaration(&g);
    if (chance(&g, 50)) generator_declaration(&g);
    for (unsigned i = 0, count = pick(&g, 4); i < count; i++) function_declaration(&g);
    g.budget = 60;
    for (unsigned i = 0, count = 3 + pick(&g, 8); i < count; i++) {
        line(&g);
        put(&g, "try ");
        block(&g, 4);
        put(&g, " except e { print(\"E\", e.message, e.line, e.stack) }");
        show_state(&g);
    }
    statements(&g, 4);
    put(&g, "\n");
}
