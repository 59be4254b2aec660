#include "listing.h"

#include "base/alloc.h"
#include "vm/disassemble.h"
#include "vm/opcode.h"
#include "vm/state.h"
#include "vm/vm.h"

#include <string.h>

rf_module *listing_load(program *p, const char *source)
{
    ruff_error err = RUFF_ERROR_INIT;
    const rf_unit_options options = {.path = "main.ruff", .with_tests = true};
    rf_value module;
    if (rf_loader_load_main(p->isolate, source, strlen(source), &options, &module, &err) != RUFF_OK)
        fail_msg("%s", err.report);
    rf_store(p->isolate, &p->module, module);
    rf_vm_compile_all(p->isolate, module.as.module, NULL);
    return module.as.module;
}

static const char *name_of(const rf_func *func)
{
    return func->kind == RF_FUNC_MODULE ? "<module>" : func->display_name;
}

const rf_proto *listing_proto_of(program *p, const rf_func *func)
{
    return rf_vm_proto(p->isolate, p->module.as.module, func);
}

const rf_proto *listing_proto(program *p, const char *name)
{
    rf_module *module = p->module.as.module;
    for (size_t i = 0; i < module->unit->funcs.count; i++)
        if (strcmp(name_of(module->unit->funcs.data[i]), name) == 0)
            return rf_vm_proto(p->isolate, module, module->unit->funcs.data[i]);
    fail_msg("no function %s", name);
    return NULL;
}

/* Drops the head line, line numbers and runs of spaces. */
static void append_line(rf_buffer *out, const char *line, size_t size)
{
    const char *end = line + size;
    const char *at = line + 12; /* source line, number of the instruction */
    bool was_space = true;
    for (; at < end; at++) {
        if (*at != ' ' || !was_space) rf_buffer_append_byte(out, *at);
        was_space = *at == ' ';
    }
    while (out->size && out->data[out->size - 1] == ' ') out->data[--out->size] = 0;
    rf_buffer_append_byte(out, '\n');
}

char *listing_of(program *p, const char *name)
{
    rf_buffer text = RF_BUFFER_INIT, out = RF_BUFFER_INIT;
    rf_vm_disassemble(p->isolate, listing_proto(p, name), false, &text);
    const char *line = strchr(text.data, '\n') + 1;
    while (*line) {
        const char *end = strchr(line, '\n');
        append_line(&out, line, (size_t)(end - line));
        line = end + 1;
    }
    rf_buffer_release(&text);
    return rf_buffer_take(&out);
}

void listing_expect(program *p, const char *source, const char *name, const char *text)
{
    listing_load(p, source);
    char *listing = listing_of(p, name);
    assert_string_equal(listing, text);
    rf_free(listing);
}

unsigned listing_count(program *p, const char *name, unsigned op)
{
    const rf_proto *proto = listing_proto(p, name);
    unsigned count = 0;
    for (uint32_t pc = 0; pc < proto->code_count; pc++) count += proto->code[pc].op == op;
    return count;
}
