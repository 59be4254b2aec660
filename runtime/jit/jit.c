/* When native code is made, kept and run.
 *
 * A function that is hot is observed for a while (vm/jit_hook.h), then native code is asked for,
 * from the instruction on where it was hot: its start or the start of a loop turn.  Whenever the VM
 * comes by that instruction it enters the native code, which runs to the end of the function or
 * leaves at an instruction that the VM then carries out.  Code that leaves too often because a
 * guess was wrong is thrown away and made anew from more observations, a few times. */
#include "jit/jit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "jit/choice.h"
#include "jit/state.h"
#include "prof/thread.h"
#include "vm/later.h"

#include <limits.h>
#include <sched.h>

#include <stdio.h>
#include <string.h>

static const uint64_t NS_PER_MS = 1000000, NS_PER_US = 1000;

typedef rf_jit jit;
typedef rf_entry_point entry_point;

static jit *jit_of(const rf_isolate *isolate)
{
    return rf_vm_state_of(isolate)->jit_state;
}

/* ---- asking ---- */

static uint64_t since(int64_t start_ns)
{
    return (uint64_t)(rf_clock_monotonic_ns() - start_ns);
}

static uint64_t ticks(void)
{
#ifdef __x86_64__
    return __builtin_ia32_rdtsc();
#else
    return 0; /* no native code here */
#endif
}

static void give_up(jit *j, const rf_proto *proto, entry_point *entry, const char *why)
{
    entry->is_refused = true;
    entry->wanted_ns = 0;
    j->counters.blacklisted++;
    rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_BLACKLIST, .reason = why}, proto, entry);
}

static bool request(rf_isolate *isolate, jit *j, const rf_frame *fp, entry_point *entry)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    bool is_sent = false;
    const rf_wire_request wish = {.number = j->next_number,
                                  .entry = entry->pc,
                                  .is_traced = j->options.notice == RUFF_JIT_TRACE,
                                  .is_forced = j->options.is_waiting,
                                  .optimisation = j->options.optimisation ? j->options.optimisation : 2,
                                  .dumps = j->options.dumps,
                                  .dump_pass = j->options.dump_pass,
                                  .counts_guards = j->options.counts_guards,
                                  .stress = j->options.stress,
                                  .is_profiled = isolate->prof != NULL,
                                  .makes_all = isolate->host->memory_profile != NULL};
    if (!rf_request_build(&bytes, isolate, fp, &wish, entry->distrusted, &j->binding)) {
        give_up(j, fp->proto, entry, "too large");
    } else if (rf_helper_send(&j->helper, bytes.data, bytes.size)) {
        j->wanted = fp->proto;
        j->wanted_pc = entry->pc;
        j->wanted_number = j->next_number++;
        j->wanted_optimisation = (uint8_t)wish.optimisation;
        j->is_asking = is_sent = true;
        j->counters.requested++;
        const uint64_t waited = entry->wanted_ns ? since(entry->wanted_ns) : 0;
        j->counters.queue_ns += waited;
        entry->wanted_ns = 0;
        entry->is_observed = false; /* but should it be asked for again, it is observed again */
        entry->samples = 0;
        rf_jit_note(j,
                    (rf_jit_event){.kind = RF_JIT_EVENT_START,
                                   .queue_ns = waited,
                                   .optimisation = j->wanted_optimisation},
                    fp->proto, entry);
    } else {
        rf_jit_tell_absence(j, j->helper.trouble);
        give_up(j, fp->proto, entry, "no helper");
    }
    if (!is_sent) rf_binding_release(isolate, &j->binding);
    rf_buffer_release(&bytes);
    return is_sent;
}

/* Those around the entry; several may begin at it. */
static void find_ranges(const rf_proto *proto, entry_point *entry)
{
    int32_t state;
    for (uint32_t last = entry->pc; (state = rf_vm_range_around(proto, entry->pc, &last)) >= 0;)
        rf_vector_push(&entry->ranges, (uint16_t)state);
}

/* As native code has it; and the VM looks at the next turn of each of them whether native code begins there. */
static void join_turns(const entry_point *entry, const rf_frame *fp)
{
    for (size_t i = 0; i < entry->ranges.count; i++) rf_vm_join_turns(fp->base + entry->ranges.data[i]);
}

static entry_point *entry_at(rf_proto *proto, uint32_t pc, bool makes)
{
    rf_native_proto *native = proto->native;
    for (uint32_t i = 0; native && i < native->count; i++)
        if (native->entries[i]->pc == pc) return native->entries[i];
    if (!makes) return NULL;
    if (!native) native = proto->native = rf_new(rf_native_proto);
    if (native->count == RF_JIT_MOST_ENTRIES) return NULL;
    entry_point *entry = native->entries[native->count++] = rf_new(entry_point);
    entry->pc = pc;
    entry->retry = RF_JIT_LEAST_RETRY;
    find_ranges(proto, entry);
    return entry;
}

/* The function that a symbol is made of: of the entry the first, of "light_2_0" the third; NULL: none. */
static const rf_proto *made_of(const rf_binding *binding, const char *name)
{
    unsigned number = 0;
    if (strcmp(name, RF_WIRE_ENTRY) != 0 && sscanf(name, "light_%u", &number) != 1 && sscanf(name, "framed_%u", &number) != 1)
        return NULL;
    return number < binding->count ? binding->protos[number] : NULL;
}

static void note_symbol(void *context, const char *name, void *address)
{
    jit *j = context;
    if (strcmp(name, RF_WIRE_ENTRY) == 0) memcpy(&j->loaded, &address, sizeof address);
    if (strcmp(name, RF_WIRE_LINES) == 0) j->loaded_lines = address;
    const rf_proto *proto = j->loading ? made_of(j->loading, name) : NULL;
    if (proto) rf_code_map_add(&j->map, address, proto, strncmp(name, "light", 5) != 0);
}

/* For who keeps native code apart from the program. */
static void tell_code(void *context, const rf_code_range *ranges, size_t count, const char *end)
{
    const jit *j = context;
    rf_jit_line *lines = rf_alloc_array(rf_jit_line, count);
    for (size_t i = 0; i < count; i++) {
        const rf_code_range *range = &ranges[i];
        const rf_proto *proto = range->inlined ? range->inlined : range->proto;
        const rf_instruction *at = range->inlined ? range->inlined_at : range->at;
        lines[i] = (rf_jit_line){range->start, proto->func->unit->path,
                                 rf_proto_pos(proto, (uint32_t)(at - proto->code)).line};
    }
    const rf_jit_code code = {rf_func_profile_name(ranges[0].proto->func), ranges[0].start,
                              (size_t)(end - ranges[0].start), count, lines};
    j->isolate->host->code_loaded(j->isolate->host->code_context, &code);
    rf_free(lines);
}

/* The table of lines, of which nothing is believed. */
static void note_lines(jit *j, const rf_native_code *code)
{
    const char *end = code->memory + code->size, *table = (const char *)j->loaded_lines;
    if (!j->loading || !table || (uintptr_t)table % sizeof(uint64_t) || end - table < (ptrdiff_t)sizeof(uint64_t)) return;
    const size_t room = ((size_t)(end - table) - sizeof(uint64_t)) / sizeof(rf_wire_line), count = *j->loaded_lines;
    rf_code_map_add_lines(&j->map, (const rf_wire_line *)(const void *)(j->loaded_lines + 1), count < room ? count : room,
                          code->memory, code->size, j->loading->protos, j->loading->count);
    rf_code_map_end(&j->map, end);
    if (j->isolate->host->code_loaded) rf_code_map_each(&j->map, code->memory, tell_code, j);
}

/* What was asked to be shown of it. */
static void show(const jit *j)
{
    const rf_wire_answer *answer = &j->helper.answer;
    if (!j->options.dump || !answer->text_size) return;
    rf_buffer_format(j->options.dump, "== native code %u, from instruction %u of function 0 ==\n", j->wanted_number,
                     j->wanted_pc);
    for (uint32_t k = 0; k < j->binding.count; k++) {
        const rf_func *func = j->binding.protos[k]->func;
        rf_buffer_format(j->options.dump, "  function %u is %s, line %u\n", k,
                         func->display_name ? func->display_name : "<module>", func->pos.line);
    }
    rf_buffer_append(j->options.dump, j->helper.received.data + answer->size, answer->text_size);
    rf_buffer_append_byte(j->options.dump, '\n');
}

/* Layouts that the new code compares with stay as long as the function. */
static void keep_layouts(rf_native_proto *native, const rf_binding *binding)
{
    for (size_t i = 0; i < binding->objects.count; i++) {
        const rf_bound *bound = &binding->objects.data[i];
        bool is_kept = !bound->is_used;
        for (size_t k = 0; k < native->layouts.count && !is_kept; k++)
            is_kept = native->layouts.data[k] == bound->layout;
        if (is_kept) continue;
        rf_retain_object(&bound->layout->def->object);
        rf_vector_push(&native->layouts, bound->layout);
    }
}

static bool open_region(jit *j)
{
    const uint64_t size = j->options.region_bytes ? j->options.region_bytes : RF_JIT_REGION_SIZE;
    return j->region.start || (!(j->options.without & RF_JIT_PART_MEMORY) && rf_code_region_open(&j->region, size));
}

/* Makes the object the entry's code; NULL or why not (new). */
static char *load(jit *j, rf_proto *proto, entry_point *entry, rf_binding *binding, const uint8_t *bytes, size_t size)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_native_code code;
    if (!open_region(j)) {
        j->helper.trouble = "no executable memory";
        rf_jit_tell_absence(j, j->helper.trouble);
        return rf_strdup(j->helper.trouble);
    }
    j->loaded = NULL;
    j->loaded_lines = NULL;
    j->loading = j->isolate->prof ? binding : NULL;
    if (rf_native_load(&j->region, bytes, size, rf_binding_symbol, binding, note_symbol, j, &code, &err) != RUFF_OK ||
        !j->loaded) {
        char *reason = rf_strdup(err.message ? err.message : "no such symbol");
        ruff_error_release(&err);
        return reason;
    }
    note_lines(j, &code);
    keep_layouts(proto->native, binding);
    entry->code = j->loaded;
    entry->version++;
    entry->was_entered = false;
    entry->visits = entry->failures = 0;
    entry->ticks = 0;
    entry->pause = 0;
    proto->heat = 0;
    j->counters.code_bytes += code.size;
    if (!j->counters.first_native_ns) j->counters.first_native_ns = since(j->started_ns);
    return NULL;
}

/* For the next run of the program. */
static void keep(const rf_isolate *isolate, jit *j, const entry_point *entry, rf_wire_status status)
{
    const rf_wire_answer *answer = &j->helper.answer;
    const bool has_object = status == RF_WIRE_COMPILED;
    const rf_cached cached = {.status = status,
                              .frame_bytes = entry->frame_bytes,
                              .most_registers = entry->most_registers,
                              .optimisation = entry->optimisation};
    if (has_object && answer->is_bound) return;
    rf_cache_add(&j->cache, isolate, entry->pc, &cached, &j->binding, j->helper.received.data,
                 has_object ? answer->size : 0, answer->library);
}

/* What was kept did not prove good. */
static void drop(const rf_isolate *isolate, jit *j, const rf_proto *proto, const entry_point *entry)
{
    rf_cache_drop(&j->cache, isolate, proto, entry->pc);
}

static void install(const rf_isolate *isolate, jit *j, rf_proto *proto, entry_point *entry)
{
    const rf_wire_answer *answer = &j->helper.answer;
    const rf_jit_event done = {.duration_ns = (uint64_t)answer->microseconds * 1000,
                               .children_cpu_ns = (uint64_t)answer->cpu_microseconds * 1000,
                               .optimisation = j->wanted_optimisation,
                               .code_bytes = answer->size};
    rf_jit_event event = done;
    j->counters.compile_ns += done.duration_ns;
    j->counters.compile_cpu_ns += done.children_cpu_ns;
    if (answer->status != RF_WIRE_COMPILED) {
        const bool has_failed = answer->status == RF_WIRE_FAILED;
        *(has_failed ? &j->counters.failed : &j->counters.refused) += 1;
        event.kind = RF_JIT_EVENT_FAIL;
        event.reason = has_failed ? "the compiler failed" : "not worth it: leaves too often";
        rf_jit_note(j, event, proto, entry);
        if (has_failed) keep(isolate, j, entry, RF_WIRE_FAILED);
        entry->code = NULL;
        give_up(j, proto, entry, event.reason);
        return;
    }
    event.kind = RF_JIT_EVENT_DONE;
    rf_jit_note(j, event, proto, entry);
    show(j);
    char *reason = load(j, proto, entry, &j->binding, (const uint8_t *)j->helper.received.data, answer->size);
    if (reason) {
        j->counters.failed++;
        give_up(j, proto, entry, reason);
        rf_free(reason);
        return;
    }
    entry->frame_bytes = answer->frame_bytes;
    entry->most_registers = answer->most_registers;
    entry->optimisation = j->wanted_optimisation;
    entry->inner_last = j->options.is_waiting ? 0 : rf_jit_inner_loop(proto, entry->pc).last;
    j->counters.compiled++;
    j->counters.recompiled += entry->version > 1;
    keep(isolate, j, entry, RF_WIRE_COMPILED);
    event.kind = RF_JIT_EVENT_INSTALL;
    event.tier = RF_TIER_JIT;
    event.duration_ns = event.children_cpu_ns = 0;
    rf_jit_note(j, event, proto, entry);
}

static void look_for_answer(rf_isolate *isolate, jit *j, bool waits)
{
    if (!j->is_asking) return;
    if (!waits && ticks() - j->polled_ticks < RF_JIT_POLL_TICKS) return;
    j->polled_ticks = ticks();
    const rf_poll poll = rf_helper_poll(&j->helper, waits);
    if (poll == RF_POLL_NOTHING) return;
    rf_proto *proto = j->wanted;
    entry_point *entry = proto ? entry_at(proto, j->wanted_pc, false) : NULL;
    j->is_asking = false;
    j->wanted = NULL;
    if (poll == RF_POLL_ABSENT) {
        if (entry) give_up(j, proto, entry, "no helper");
        rf_jit_tell_absence(j, j->helper.trouble);
    } else if (poll == RF_POLL_DIED) {
        j->counters.failed++;
        if (entry) {
            rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_FAIL, .reason = "the helper died over it"}, proto, entry);
            keep(isolate, j, entry, RF_WIRE_FAILED);
            give_up(j, proto, entry, "the helper died over it");
        }
        rf_jit_tell_absence(j, j->helper.trouble);
    } else if (entry && j->helper.answer.number == j->wanted_number) {
        install(isolate, j, proto, entry);
    }
    rf_binding_release(isolate, &j->binding);
}

/* ---- running ---- */

static int64_t room_for(const rf_isolate *isolate, const rf_vm_task *task, const rf_frame *fp,
                        const entry_point *entry)
{
    const char *here = __builtin_frame_address(0);
    const int64_t stack = (here - isolate->stack_limit) /
                          (int64_t)(entry->frame_bytes ? entry->frame_bytes : RF_JIT_LIGHT_FRAME);
    const int64_t depth = (int64_t)task->frame_limit - fp->index;
    const int64_t registers = entry->most_registers ? entry->most_registers : 1;
    const int64_t window = (task->limit - fp->base - fp->proto->register_count) / registers - 1;
    int64_t room = stack < depth ? stack : depth;
    if (window < room) room = window;
    return room < 0 ? 0 : room;
}

/* The code stays until there is better. */
static void ask_again(const rf_isolate *isolate, jit *j, const rf_proto *proto, entry_point *entry, uint64_t exit)
{
    if (!entry->wants_outer) drop(isolate, j, proto, entry);
    char reason[64];
    snprintf(reason, sizeof reason, "%s at %llu too often", rf_jit_exit_reason(exit & 15),
             (unsigned long long)(exit >> 8));
    rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_INVALIDATE, .reason = reason}, proto, entry);
    memset(entry->exits, 0, RF_JIT_EXIT_SLOTS * sizeof *entry->exits);
    entry->entries = 0;
    entry->is_observed = false;
    entry->wants_better = ++entry->recompiles <= RF_JIT_MOST_RECOMPILES;
    if (!entry->wants_better) give_up(j, proto, entry, "its guesses stay wrong: this code stays");
}

/* where: the function that was left, proto itself or one it calls natively */
static void name_exit(char *text, size_t size, const rf_proto *proto, const rf_proto *where, uint64_t exit)
{
    const bool is_inside = (exit >> 4 & 15) != 0 && where != proto;
    snprintf(text, size, "%s at %llu%s%.40s", rf_jit_exit_reason(exit & 15), (unsigned long long)(exit >> 8),
             is_inside ? " of " : "", is_inside ? where->func->display_name : "");
}

static void note_exit(jit *j, const rf_proto *proto, const rf_proto *where, const entry_point *entry, uint64_t exit,
                      const rf_instruction *at)
{
    char reason[80];
    rf_buffer expected = RF_BUFFER_INIT, seen = RF_BUFFER_INIT;
    const rf_frame *fp = rf_vm_state_of(j->isolate)->task->fp;
    name_exit(reason, sizeof reason, proto, where, exit);
    if ((exit & 15) == RF_EXIT_GUARD && where == fp->proto) rf_vm_name_operands(fp, at, &expected, &seen);
    if ((exit & 15) == RF_EXIT_ENTRY) rf_buffer_append_text(&seen, rf_type_name(fp->base[exit >> 8]));
    rf_jit_note(j,
                (rf_jit_event){.kind = RF_JIT_EVENT_DEOPT,
                               .reason = reason,
                               .expected = expected.data,
                               .seen = seen.data,
                               .left_line = rf_proto_pos(where, (uint32_t)(at - where->code)).line,
                               .tier = RF_TIER_VM},
                proto, entry);
    rf_buffer_release(&expected);
    rf_buffer_release(&seen);
}

/* An inner loop has come to its end. */
static bool is_end_of_loop(const rf_proto *proto, const entry_point *entry, uint64_t exit, const rf_instruction *at)
{
    const int64_t pc = at - proto->code;
    return entry->inner_last && (exit & 15) == RF_EXIT_COLD && (exit >> 4 & 15) == 0 &&
           (pc < entry->pc || pc > entry->inner_last);
}

/* Counts an exit; for code that leaves too often at one place better is asked for. True: what comes
 * now is to be observed. */
static bool count_exit(const rf_isolate *isolate, jit *j, rf_proto *proto, entry_point *entry, uint64_t exit,
                       const rf_instruction *at, const rf_proto *where, uint64_t took)
{
    const unsigned reason = exit & 15;
    if (reason < RF_EXIT_REASONS) (&j->counters.exit_leaves)[reason]++;
    if (reason == RF_EXIT_LEAVES || reason == RF_EXIT_ROOM || reason == RF_EXIT_CALLEE || j->options.stress)
        return false;
    j->counters.guards_failed += reason == RF_EXIT_GUARD || reason == RF_EXIT_ENTRY;
    entry->failures += !is_end_of_loop(proto, entry, exit, at);
    const bool is_pending = entry->wants_better || (j->is_asking && j->wanted == proto && j->wanted_pc == entry->pc);
    if (is_pending) return false;
    if (!entry->exits) entry->exits = rf_alloc_array_zero(rf_exit_count, RF_JIT_EXIT_SLOTS);
    rf_exit_count *slot = &entry->exits[(exit >> 8 ^ exit >> 4 ^ exit) % RF_JIT_EXIT_SLOTS];
    if (slot->exit != exit) *slot = (rf_exit_count){.exit = exit};
    if (slot->count++ == 0) note_exit(j, proto, where, entry, exit, at);
    if (reason == RF_EXIT_COLD && slot->count <= 3) return true;
    if (took > RF_JIT_PAYING_TICKS && !j->options.is_waiting) slot->count--;
    if (slot->count == (uint32_t)RF_JIT_MOST_EXITS << (2 * entry->recompiles)) {
        entry->wants_outer = is_end_of_loop(proto, entry, exit, at);
        if (reason == RF_EXIT_ENTRY)
            entry->distrusted[exit >> 14 & 3] |= (uint64_t)1 << (exit >> 8 & 63);
        if (reason == RF_EXIT_GUARD && where->feedback) {
            rf_feedback *seen = &where->feedback[at - where->code];
            if (entry->recompiles >= 1 || j->options.is_waiting || rf_jit_is_mixed(seen)) seen->flags |= RF_FEEDBACK_DISTRUST;
        }
        ask_again(isolate, j, proto, entry, exit);
    }
    return false;
}

/* Code in which a visit lasts no longer than entering and leaving is entered ever more rarely, until a visit is long:
 * recursion that was under way in the VM begins with short ones.  Code whose guesses are wrong is thrown away. */
static void judge(const rf_isolate *isolate, jit *j, rf_proto *proto, entry_point *entry, uint64_t took)
{
    if (took > RF_JIT_LONG_TICKS) entry->pause = 0;
    entry->ticks +=
        took < RF_JIT_MOST_TICKS ? took : RF_JIT_MOST_TICKS; /* a visit that was interrupted proves nothing */
    if (++entry->visits < RF_JIT_VISITS) return;
    const bool is_short = entry->ticks < (uint64_t)RF_JIT_VISITS * RF_JIT_LEAST_TICKS;
    const bool is_long = entry->ticks > (uint64_t)RF_JIT_VISITS * RF_JIT_LONG_TICKS; /* how it ends does not matter */
    const bool fails = !is_long && entry->failures > RF_JIT_VISITS / 2;
    entry->visits = entry->failures = 0;
    entry->ticks = 0;
    if (j->options.is_waiting || j->options.stress) return;
    if (is_short) entry->pause = entry->pause < RF_JIT_LONGEST_PAUSE ? entry->pause * 2 + 16 : entry->pause;
    if (!fails) return;
    static const char why[] = "most guesses are wrong";
    rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_INVALIDATE, .reason = why}, proto, entry);
    drop(isolate, j, proto, entry);
    entry->code = NULL;
    entry->wants_better = false;
    entry->is_observed = false;
    if (++entry->recompiles > RF_JIT_MOST_RECOMPILES) give_up(j, proto, entry, why);
}

/* Where native code was left: where the frame is, or the generator that it was about to resume, or the one that that one
 * was (jitc/generators.c). */
static const rf_proto *left_in(const rf_frame *fp, uint64_t exit, const rf_instruction **at)
{
    const rf_proto *where = fp->proto;
    const rf_value *registers = fp->base;
    *at = fp->pc;
    for (unsigned level = 0; level < 100 && (*at)->op == RF_OP_FORNEXT && registers[(*at)->a].head == RF_GENERATOR; level++) {
        const rf_generator *generator = registers[(*at)->a].as.generator;
        const rf_suspended *kept = generator->frame;
        const bool is_here = (uint64_t)(*at - where->code) == exit >> 8;
        if (is_here || generator->state != RF_GENERATOR_SUSPENDED || !kept || kept->live == 0) break;
        where = generator->function->code;
        *at = kept->pc;
        registers = kept->registers;
    }
    return where;
}

static rf_hot_outcome run(rf_isolate *isolate, rf_vm_task *task, jit *j, entry_point *entry)
{
    rf_frame *fp = task->fp;
    rf_proto *proto = fp->proto;
    const rf_native_function code = entry->code;
    rf_native_context context = {.isolate = isolate, .task = task, .fp = fp};
    context.room = room_for(isolate, task, fp, entry);
    if (entry->most_registers &&
        context.room < RF_JIT_LEAST_ROOM) { /* the VM soon goes to a larger segment */
        proto->heat = RF_JIT_LEAST_ROOM;
        return RF_HOT_GOES_ON;
    }
    const uint32_t pc = entry->pc;
    j->counters.entered++;
    if (!entry->was_entered) {
        entry->was_entered = true;
        rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_ENTER, .tier = RF_TIER_JIT}, proto, entry);
    }
    context.stress = j->options.stress;
    const uint64_t began = ticks();
    rf_prof_thread *prof = isolate->prof;
    rf_prof_native visit;
    if (prof) {
        proto->native_entries += pc == 0;
        rf_prof_enter_native(prof, &visit, j->region.start, j->region.size, __builtin_frame_address(0));
    }
    const int64_t result = code(&context);
    if (prof) rf_prof_leave_native(prof, &visit);
    const uint64_t took = ticks() - began;
    const uint32_t state = prof ? rf_prof_run_code(prof, RF_TIER_EXIT) : 0;
    rf_native_push_frames(&context);
    rf_free(context.deopts);
    if (prof) rf_prof_resume(prof, state);
    j->counters.objects_made += context.made;
    if (j->options.counts_guards) {
        const unsigned reason = context.exit & 15;
        const bool has_failed = result != RF_NATIVE_RAISED && reason == RF_EXIT_GUARD && context.guards > 0;
        j->counters.guards_passed += (uint64_t)context.guards - has_failed;
    }
    entry = entry_at(proto, pc, false); /* other native code may have run meanwhile */
    if (entry && entry->code == code) judge(isolate, j, proto, entry, took);
    if (result == RF_NATIVE_RAISED) return RF_HOT_RAISED;
    const rf_instruction *at;
    const rf_proto *where = left_in(task->fp, context.exit, &at);
    if (entry && entry->code == code && count_exit(isolate, j, proto, entry, context.exit, at, where, took)) {
        rf_vm_state_of(isolate)->to_observe = RF_JIT_OBSERVED_EXIT;
        return RF_HOT_OTHER_LOOP;
    }
    return RF_HOT_GOES_ON;
}

/* Asks for code at the running frame; in tests that wait it is there afterwards. */
static void ask(rf_isolate *isolate, jit *j, const rf_frame *fp, entry_point *entry)
{
    const bool waits = j->options.is_waiting || j->options.is_patient;
    if (request(isolate, j, fp, entry) && waits) look_for_answer(isolate, j, true);
}

static rf_hot_outcome observe(rf_isolate *isolate, const jit *j, rf_proto *proto, entry_point *entry)
{
    entry->is_observed = true;
    rf_vm_state_of(isolate)->to_observe = j->options.is_waiting ? RF_JIT_OBSERVED_WAITING : RF_JIT_OBSERVED;
    if (j->options.is_waiting) proto->heat = 0;
    return RF_HOT_OTHER_LOOP;
}

static bool has_code(const rf_native_proto *native)
{
    for (uint32_t i = 0; i < native->count; i++)
        if (native->entries[i]->code) return true;
    return false;
}

/* Takes what was kept of another run.  NOT_YET: look again later. */
static rf_cache_outcome look_into_cache(rf_isolate *isolate, jit *j, rf_proto *proto, entry_point *entry)
{
    rf_cached cached;
    rf_binding binding;
    const uint8_t *object;
    size_t size;
    const int64_t start_ns = rf_clock_monotonic_ns();
    rf_cache_outcome outcome = rf_cache_find(&j->cache, isolate, proto, entry->pc, &cached, &binding, &object, &size);
    char *reason = NULL;
    if (outcome == RF_CACHE_HIT && cached.status == RF_WIRE_COMPILED) {
        reason = load(j, proto, entry, &binding, object, size);
        if (reason) outcome = RF_CACHE_MISS;
    }
    if (reason || j->cache.was_odd)
        rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_REJECT, .reason = reason ? reason : "damaged, or not ours"}, proto,
                    entry);
    rf_binding_release(isolate, &binding);
    j->counters.cache_ns += since(start_ns);
    j->counters.cache_rejected += j->cache.was_odd || reason;
    j->cache.was_odd = false;
    rf_free(reason);
    if (outcome == RF_CACHE_NOT_YET && ++entry->looks < RF_JIT_CACHE_TRIES) return outcome;
    entry->is_looked_for = true;
    *(outcome == RF_CACHE_HIT ? &j->counters.cache_hits : &j->counters.cache_misses) += 1;
    if (outcome != RF_CACHE_HIT) return RF_CACHE_MISS;
    if (cached.status != RF_WIRE_COMPILED) {
        give_up(j, proto, entry, "it could not be compiled in an earlier run");
        return RF_CACHE_MISS;
    }
    entry->frame_bytes = cached.frame_bytes;
    entry->inner_last = rf_jit_inner_loop(proto, entry->pc).last;
    entry->most_registers = cached.most_registers;
    entry->optimisation = (uint8_t)cached.optimisation;
    rf_jit_note(j,
                (rf_jit_event){.kind = RF_JIT_EVENT_LOAD,
                               .tier = RF_TIER_JIT,
                               .optimisation = entry->optimisation,
                               .duration_ns = since(start_ns),
                               .code_bytes = size},
                proto, entry);
    return RF_CACHE_HIT;
}

/* After how long a run native code is worth the helper's time: short programs end before, and where it takes time from the
 * program only a small part is spent on it. */
static uint64_t worth_after_ns(const jit *j)
{
    const uint64_t least = RF_JIT_START_MS * NS_PER_MS;
    const uint64_t cost = j->counters.compile_cpu_ns + RF_JIT_COMPILE_MS * NS_PER_MS;
    const uint64_t thrifty = j->is_thrifty ? cost * 100 / RF_JIT_ONE_CORE_PERCENT : 0;
    return thrifty > least ? thrifty : least;
}

/* Is it by now?  Programs that an earlier run has shown to be short end before, too; that is told by the processor time of this
 * thread, which depends less on who else is there than how long it took. */
static bool is_time(jit *j)
{
    if (j->options.is_waiting || j->options.heat) return true;
    const uint64_t elapsed = since(j->started_ns);
    if (elapsed < worth_after_ns(j) || elapsed < j->not_before_ns) return false;
    const uint64_t learned = rf_cache_start_ms(&j->cache) * NS_PER_MS, used = learned ? (uint64_t)rf_clock_thread_cpu_ns() : 0;
    if (used < learned) j->not_before_ns = elapsed + learned - used;
    return used >= learned;
}

static uint64_t less(uint64_t ns, uint64_t us)
{
    return ns > us * NS_PER_US ? ns - us * NS_PER_US : 0;
}

static bool has_some_code(const jit *j)
{
    return j->counters.compiled || !rf_cache_is_empty(&j->cache);
}

/* It soon will be: it is counted what is hottest, and the helper starts meanwhile. */
static bool is_nearly_time(const jit *j)
{
    if (j->options.is_waiting || j->options.heat) return true;
    const uint64_t used = less(rf_cache_start_ms(&j->cache) * NS_PER_MS, RF_JIT_LAST_COUNTED_US);
    return since(j->started_ns) >= less(worth_after_ns(j), RF_JIT_LAST_COUNTED_US) &&
           (!used || (uint64_t)rf_clock_thread_cpu_ns() >= used);
}

/* Until then there is no use in counting, unless native code is there or kept for the program.  True: another loop is to run. */
static bool rests(rf_isolate *isolate, jit *j)
{
    if (rf_vm_counts_later(rf_vm_state_of(isolate))) return true; /* a loop that had begun before */
    if (j->options.later_us) return rf_vm_count_later(isolate, j->options.later_us * NS_PER_US, 0);
    const uint64_t elapsed = since(j->started_ns), until = less(worth_after_ns(j), RF_JIT_LAST_COUNTED_US);
    const uint64_t used = less(rf_cache_start_ms(&j->cache) * NS_PER_MS, RF_JIT_LAST_COUNTED_US);
    if (elapsed < RF_JIT_FIRST_COUNTED_US * NS_PER_US || is_nearly_time(j) || has_some_code(j) || isolate->prof) return false;
    return rf_vm_count_later(isolate, until > elapsed ? until - elapsed : 0, used);
}

/* False: not yet.  The helper starts before it is time, unless all may be kept that is needed. */
static bool may_ask(jit *j)
{
    if (is_time(j)) return true;
    if (is_nearly_time(j) && !has_some_code(j)) rf_helper_start(&j->helper);
    return false;
}

/* Heat until the next question, so that questions are neither frequent nor far apart. */
static int32_t retry_heat(jit *j, entry_point *entry)
{
    const uint64_t now = ticks(), passed = now - j->asked_ticks;
    j->asked_ticks = now;
    if (passed < RF_JIT_ASK_TICKS && entry->retry < RF_JIT_MOST_RETRY)
        entry->retry *= 2;
    else if (passed > 8 * (uint64_t)RF_JIT_ASK_TICKS && entry->retry > RF_JIT_LEAST_RETRY)
        entry->retry /= 2;
    return (int32_t)entry->retry;
}

/* Native code should begin elsewhere, where the function soon comes by. */
static bool goes_elsewhere(rf_proto *proto, entry_point *entry)
{
    const uint32_t best = rf_jit_best_entry(proto, entry->pc);
    entry_point *other = best == entry->pc ? NULL : entry_at(proto, best, true);
    if (!other || other->is_refused) return false;
    rf_native_proto *native = proto->native;
    const uint64_t now = ticks();
    const bool is_new = native->stays_at != entry->pc;
    if (is_new || now - native->stays_ticks > RF_JIT_STAY_TICKS / 8) native->stays_since = now;
    if (is_new) native->stays_turns = 0; /* who comes back here has not come by there: turns add up */
    native->stays_at = entry->pc;
    native->stays_ticks = now;
    if (!entry->code && (now - native->stays_since > RF_JIT_STAY_TICKS || ++native->stays_turns > RF_JIT_STAY_TURNS))
        return false;
    other->is_observed = true;
    other->entries = RF_JIT_MOST_PASSES;
    proto->heat = 0;
    return true;
}

/* Is there kept code for the function that begins at its start or a loop around pc? */
static bool is_kept_elsewhere(const rf_isolate *isolate, jit *j, const rf_proto *proto, uint32_t pc)
{
    if (pc > 0 && rf_cache_has(&j->cache, isolate, proto, 0)) return true;
    for (uint32_t last = pc; last < proto->code_count; last++) {
        const int64_t first = rf_op_jump_target(proto->code, last);
        if (first > 0 && first < pc && rf_cache_has(&j->cache, isolate, proto, (uint32_t)first)) return true;
    }
    return false;
}

/* There is no native code here yet. */
static rf_hot_outcome want(rf_isolate *isolate, rf_vm_task *task, jit *j, entry_point *entry)
{
    rf_frame *fp = task->fp;
    rf_proto *proto = fp->proto;
    rf_native_proto *native = proto->native;
    if (j->options.cache != RUFF_JIT_CACHE_OFF && !entry->is_looked_for) {
        switch (look_into_cache(isolate, j, proto, entry)) {
        case RF_CACHE_HIT: return run(isolate, task, j, entry);
        case RF_CACHE_NOT_YET: proto->heat = RF_JIT_FIRST_LOOK; return RF_HOT_GOES_ON;
        default: entry->elsewhere_ticks = is_kept_elsewhere(isolate, j, proto, entry->pc) ? ticks() : 0;
        }
    }
    if (entry->elsewhere_ticks && ticks() - entry->elsewhere_ticks < RF_JIT_STAY_TICKS) {
        proto->heat = 0;
        return RF_HOT_GOES_ON;
    }
    entry->elsewhere_ticks = 0;
    if (!native->is_hot) { /* it was only time to look */
        native->is_hot = true;
        if (j->hook.first_heat < j->heat) {
            proto->heat = j->heat - j->hook.first_heat;
            return RF_HOT_GOES_ON;
        }
    }
    const bool is_entered_elsewhere = has_code(native);
    if (is_entered_elsewhere && entry->pause < (entry->is_refused ? RF_JIT_NO_ENTRY : RF_JIT_NO_ENTRY_YET))
        entry->pause += 4;
    proto->heat = is_entered_elsewhere                     ? entry->pause
                  : entry->is_refused || j->helper.trouble ? RF_JIT_REST
                                                           : retry_heat(j, entry);
    if (j->options.is_waiting && is_entered_elsewhere) proto->heat = 0;
    if (entry->is_refused || j->helper.trouble) return RF_HOT_GOES_ON;
    if (rests(isolate, j)) return RF_HOT_OTHER_LOOP;
    if (!may_ask(j)) return RF_HOT_GOES_ON;
    if (is_entered_elsewhere && ++entry->entries < RF_JIT_MOST_PASSES && !j->options.is_waiting) return RF_HOT_GOES_ON;
    entry->entries = 0;
    if (j->is_asking && j->wanted == proto && j->wanted_pc == entry->pc) return RF_HOT_GOES_ON;
    const bool has_turn = j->options.is_waiting || rf_jit_has_turn(j, proto, ticks());
    if (j->is_asking || !has_turn) {
        if (!entry->wanted_ns) {
            entry->wanted_ns = rf_clock_monotonic_ns();
            rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_ENQUEUE}, proto, entry);
        }
        return RF_HOT_GOES_ON;
    }
    if (!entry->is_observed) return observe(isolate, j, proto, entry);
    if (!j->options.is_waiting) {
        if (rf_jit_yields_often(proto)) {
            rf_jit_lose_turn(j, proto);
            give_up(j, proto, entry, "it yields too often: whoever resumes it is asked for");
            return RF_HOT_GOES_ON;
        }
        if (goes_elsewhere(proto, entry)) return RF_HOT_GOES_ON;
        if (!rf_jit_sample(entry, fp, ticks())) {
            proto->heat = 0;
            return RF_HOT_GOES_ON;
        }
    }
    rf_jit_lose_turn(j, proto);
    if (!j->options.is_waiting) rf_jit_distrust_unused(entry, proto);
    ask(isolate, j, fp, entry);
    return entry->code ? run(isolate, task, j, entry) : RF_HOT_GOES_ON;
}

static rf_hot_outcome hot(rf_isolate *isolate, rf_vm_task *task)
{
    jit *j = jit_of(isolate);
    rf_frame *fp = task->fp;
    rf_proto *proto = fp->proto;
    const uint32_t pc = (uint32_t)(fp->pc - proto->code);
    look_for_answer(isolate, j, false);
    entry_point *entry = entry_at(proto, pc, true);
    if (!entry) {
        proto->heat = RF_JIT_NO_ENTRY;
        return RF_HOT_GOES_ON;
    }
    join_turns(entry, fp);
    rf_native_proto *native = proto->native;
    if (!entry->code) {
        native->used += (uint64_t)native->given;
        const rf_hot_outcome outcome = want(isolate, task, j, entry);
        if (proto->native == native) native->given = proto->heat > 0 ? proto->heat : 0;
        return outcome;
    }
    if (entry->wants_better && !j->is_asking) {
        if (!entry->is_observed) return observe(isolate, j, proto, entry);
        entry->wants_better = false;
        const bool stays = !j->options.is_waiting && (goes_elsewhere(proto, entry) || entry->wants_outer);
        entry->wants_outer = false;
        if (!stays) ask(isolate, j, fp, entry);
        if (!entry->code) return RF_HOT_GOES_ON;
    }
    proto->heat = entry->pause;
    return run(isolate, task, j, entry);
}

/* ---- life ---- */

static void forget(rf_isolate *isolate, rf_proto *proto)
{
    jit *j = jit_of(isolate);
    if (j->wanted && rf_binding_has(&j->binding, proto)) j->wanted = NULL;
    rf_jit_lose_turn(j, proto);
    rf_code_map_forget(&j->map, proto);
    rf_native_proto *native = proto->native;
    proto->native = NULL;
    if (!native) return;
    for (size_t i = 0; i < native->layouts.count; i++)
        rf_release_object(isolate, &native->layouts.data[i]->def->object);
    rf_vector_release(&native->layouts);
    for (uint32_t i = 0; i < native->count; i++) {
        rf_free(native->entries[i]->exits);
        rf_free(native->entries[i]->heads);
        rf_vector_release(&native->entries[i]->ranges);
        rf_free(native->entries[i]);
    }
    rf_free(native);
}

/* A program that ended before anything came of the helper would start it in vain in every run. */
static void learn(const rf_isolate *isolate, jit *j)
{
    const uint32_t used = (uint32_t)((uint64_t)rf_clock_thread_cpu_ns() / NS_PER_MS);
    const uint32_t least = RF_JIT_START_MS + 2, wanted = used + used / 2 > least ? used + used / 2 : least;
    const bool is_in_vain = j->helper.keeper && !j->counters.compiled && !j->counters.failed && !j->counters.refused;
    if (!is_in_vain || j->options.is_waiting || used > RF_JIT_LAST_START_MS) return;
    rf_cache_note_start(&j->cache, isolate, wanted < RF_JIT_LAST_START_MS ? wanted : RF_JIT_LAST_START_MS);
}

static void stop(rf_isolate *isolate)
{
    jit *j = jit_of(isolate);
    rf_helper_kill(&j->helper);
    learn(isolate, j);
    if (j->options.notice == RUFF_JIT_TRACE) rf_jit_trace_counters(j);
    rf_binding_release(isolate, &j->binding);
    const unsigned evicted = rf_cache_close(&j->cache);
    if (evicted) rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_EVICT, .reason = "packs of other programs"}, NULL, NULL);
    rf_helper_stop(&j->helper, j->options.is_waiting || since(j->started_ns) > RF_JIT_REAP_MS * (uint64_t)1000000);
    rf_code_region_close(&j->region);
    rf_jit_events_release(&j->events);
    rf_code_map_release(&j->map);
    rf_free(j);
    rf_vm_state_of(isolate)->jit_state = NULL;
}

static uint32_t places_at(rf_isolate *isolate, const void *address, rf_prof_place places[2], bool *has_frame)
{
    rf_code_range range;
    uint32_t count = 0;
    if (!rf_code_map_find(&jit_of(isolate)->map, address, &range)) return 0;
    if (range.inlined) places[count++] = (rf_prof_place){range.inlined, range.inlined_at};
    places[count++] = (rf_prof_place){range.proto, range.at};
    *has_frame = range.has_frame;
    return count;
}

static uint32_t frame_at(rf_isolate *isolate, const void *address)
{
    rf_code_range range;
    return rf_code_map_find(&jit_of(isolate)->map, address, &range) ? range.frame_size : 0;
}

const char *rf_jit_unavailable(uint32_t without)
{
    char path[PATH_MAX];
    rf_code_region region;
    if ((without & RF_JIT_PART_MEMORY) || !rf_code_region_open(&region, 1)) return "no executable memory";
    rf_code_region_close(&region);
    return rf_helper_missing(without, path);
}

void rf_jit_attach(rf_isolate *isolate, const rf_jit_options *options)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    jit *j = rf_new(jit);
    j->options = *options;
    j->started_ns = rf_clock_monotonic_ns();
    if (!options->counts_guards) j->counters.guards_passed = UINT64_MAX;
    rf_helper_init(&j->helper);
    cpu_set_t cores;
    j->is_thrifty = sched_getaffinity(0, sizeof cores, &cores) == 0 && CPU_COUNT(&cores) == 1;
    j->helper.is_heard = options->notice == RUFF_JIT_TRACE;
    j->helper.without = options->without;
    if (options->patience_ms) j->helper.patience_ms = options->patience_ms;
    char path[PATH_MAX];
    const char *missing = options->notice == RUFF_JIT_SILENT ? NULL /* seen when the first function is hot */
                          : !open_region(j)                    ? "no executable memory"
                          : options->cache == RUFF_JIT_CACHE_READ ? NULL /* native code may have been brought along */
                                                               : rf_helper_missing(options->without, path);
    rf_jit_tell_absence(j, missing);
    if (missing) {
        rf_code_region_close(&j->region);
        rf_jit_events_release(&j->events);
        rf_free(j);
        return;
    }
    /* native code that was changed for a purpose is not for other runs */
    if (options->stress || options->counts_guards || options->dumps || options->optimisation)
        j->options.cache = RUFF_JIT_CACHE_OFF;
    rf_cache_init(&j->cache, j->options.cache, options->cache_folder,
                  options->cache_bytes ? options->cache_bytes : RF_JIT_CACHE_BYTES);
    j->cache.is_profiled = isolate->host->prof != NULL;
    j->cache.makes_all = isolate->host->memory_profile != NULL;
    j->heat = (int32_t)(options->heat ? options->heat : RF_JIT_HOT);
    const bool looks_first = j->options.cache != RUFF_JIT_CACHE_OFF && j->heat > RF_JIT_FIRST_LOOK;
    rf_code_map_init(&j->map);
    j->isolate = isolate;
    j->hook = (rf_jit_hook){.first_heat = looks_first ? RF_JIT_FIRST_LOOK : j->heat, .hot = hot, .forget = forget, .stop = stop,
                            .places_at = places_at, .frame_at = frame_at};
    state->jit = &j->hook;
    state->jit_state = j;
}

/* Each worker has its own code and, if it runs long enough, its own helper. */
void rf_jit_attach_worker(rf_isolate *worker, const rf_isolate *parent)
{
    const jit *j = jit_of(parent);
    if (!j || j->helper.trouble) return;
    rf_jit_options options = j->options;
    options.dumps = 0;
    options.dump = NULL;
    options.cache_folder = j->cache.path;
    if (options.notice == RUFF_JIT_ABSENCE) options.notice = RUFF_JIT_SILENT; /* it has been told */
    rf_jit_attach(worker, &options);
    jit *own = jit_of(worker);
    if (own) own->is_thrifty = true;
}

const ruff_jit_counters *rf_jit_counters_of(const rf_isolate *isolate)
{
    const jit *j = jit_of(isolate);
    return j ? &j->counters : NULL;
}

const rf_jit_events *rf_jit_events_of(const rf_isolate *isolate)
{
    const jit *j = jit_of(isolate);
    return j ? &j->events : NULL;
}
