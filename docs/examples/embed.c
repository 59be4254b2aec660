/* Embedding Ruff: a host function, a program, and a call into it.
 *
 *     cc embed.c $(pkg-config --cflags --libs ruff) -o embed && ./embed */
#include <ruff/ruff.h>

#include <stdio.h>
#include <string.h>

/* Predefined for programs as `lookup(name)`. */
static ruff_value *lookup(ruff_vm *vm, void *context, const ruff_value *const *args, size_t arg_count)
{
    const int *stock = context;
    (void)arg_count;
    const char *name = ruff_value_as_string(args[0], NULL);
    if (!name) {
        ruff_host_raise(vm, "lookup expects string as argument 1");
        return NULL;
    }
    return ruff_value_int(vm, strcmp(name, "apples") == 0 ? *stock : 0);
}

static const char source[] = "func report(kind) { return \"${kind}: ${lookup(kind)}\" }\n"
                             "print(report(\"apples\"))\n";

int main(void)
{
    int stock = 12;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    ruff_value *function = NULL, *argument = NULL, *result = NULL;
    ruff_status status = ruff_vm_new(NULL, &vm, &err);
    if (!status) status = ruff_define(vm, "lookup", 1, 1, lookup, &stock, &err);
    if (!status) status = ruff_run(vm, source, sizeof source - 1, "report.ruff", &err);
    if (!status) {
        function = ruff_global_get(vm, "report");
        argument = ruff_value_string(vm, "pears", 5);
        const ruff_value *const args[] = {argument};
        status = ruff_call(vm, function, args, 1, &result, &err);
    }
    if (!status)
        printf("called: %s\n", ruff_value_as_string(result, NULL));
    else
        fputs(err.report ? err.report : err.message, stderr);
    ruff_value_release(result);
    ruff_value_release(argument);
    ruff_value_release(function);
    ruff_error_release(&err);
    ruff_vm_free(vm);
    return status ? 1 : 0;
}
