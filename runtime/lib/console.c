/* Console: print, eprint, input, exit. */
#include <stdio.h>

#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/state.h"
#include "lib/text.h"
#include "value/format.h"

enum { KEPT_OUTPUT_SIZE = 1 << 16 }; /* a scratch buffer larger than this is given back */

/* The display forms of args and a newline into line; false after raising. */
static bool compose_line(rf_isolate *isolate, const rf_value *args, uint32_t arg_count,
                         rf_buffer *line)
{
    for (uint32_t i = 0; i < arg_count; i++) {
        if (i) rf_buffer_append_byte(line, ' ');
        if (!rf_display(isolate, args[i], line)) return false;
    }
    rf_buffer_append_byte(line, '\n');
    return true;
}

/* The scratch buffer is taken out meanwhile: an embedder's write function may run a program that
 * prints. */
static rf_value write_line(rf_isolate *isolate, int stream, const rf_value *args,
                           uint32_t arg_count)
{
    rf_buffer line = isolate->lib->line;
    isolate->lib->line = (rf_buffer)RF_BUFFER_INIT;
    rf_buffer_clear(&line);
    const bool ok = compose_line(isolate, args, arg_count, &line);
    if (ok) isolate->host->write(isolate->host->context, stream, line.data, line.size);
    rf_buffer_release(&isolate->lib->line);
    if (line.capacity > KEPT_OUTPUT_SIZE) rf_buffer_release(&line);
    isolate->lib->line = line;
    return ok ? rf_null() : rf_raised();
}

rf_value rf_lib_print(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return write_line(isolate, 1, args, arg_count);
}

rf_value rf_lib_eprint(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    isolate->host->flush(isolate->host->context);
    return write_line(isolate, 2, args, arg_count);
}

static void read_line(rf_buffer *line)
{
    flockfile(stdin);
    int byte;
    while ((byte = getc_unlocked(stdin)) != EOF && byte != '\n')
        rf_buffer_append_byte(line, (char)byte);
    funlockfile(stdin);
}

rf_value rf_lib_input(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (arg_count) {
        if (!rf_args_string(isolate, "input", args, 0)) return rf_raised();
        const rf_string *prompt = args[0].as.string;
        isolate->host->write(isolate->host->context, 1, prompt->text, prompt->size);
    }
    isolate->host->flush(isolate->host->context);
    rf_buffer bytes = RF_BUFFER_INIT;
    read_line(&bytes);
    rf_value line = rf_string_new_lossy(isolate, bytes.data ? bytes.data : "", bytes.size);
    rf_buffer_release(&bytes);
    if (rf_is_raised(line)) return line;
    const rf_string *text = line.as.string;
    const size_t kept = rf_text_end_without_space(text->text, text->size);
    if (kept == text->size) return line;
    rf_value trimmed = rf_string_new(isolate, text->text, kept);
    rf_release(isolate, line);
    return trimmed;
}

rf_value rf_lib_exit(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t code = 0;
    if (arg_count) {
        if (!rf_args_want(isolate, "exit", args, 0, RF_KIND_NUMBER, "number")) return rf_raised();
        code = args[0].head == RF_INT ? args[0].as.i : rf_float_to_int(args[0].as.d);
    }
    isolate->exit_code = (int)(code & 0xFF);
    isolate->exit_requested = true;
    return rf_raised();
}
