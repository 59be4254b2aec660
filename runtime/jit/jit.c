/* When native code is made, kept and run.
 *
 * A function that is hot is observed for a while (vm/jit_hook.h), then native code is asked for,
 * from the instruction on where it was hot: its start or the start of a loop turn.  Whenever the VM
 * comes by that instruction it enters the native code, which runs to the end of the function or
 * leaves at an instruction that the VM then carries out.  Code that leaves too often because a
 * guess was wrong is thrown away and made anew from more observations, a few times. */
#include "jit/jit.h"

#include "base/alloc.h"
#include "base/error.h"
#include "jit/helper.h"
#include "jit/loader.h"
#include "jit/native.h"
#include "jit/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_HEAT = 1500,
    OBSERVED = 1500, /* instructions after a function has become hot */
    OBSERVED_EXIT = 100,
    OBSERVED_WAITING = 60,
    RETRY = 256,     /* heat until the next look at the helper */
    REST = 20000,    /* heat of a function for which nothing more is to be done */
    MOST_EXITS = 40, /* of one reason and place before the code is thrown away */
    MOST_RECOMPILES = 5,
    VISITS = 400,      /* to native code, after which it is judged */
    LEAST_TICKS = 150, /* of the processor's counter that a visit should last on average */
    MOST_TICKS = 20000,
    LEAST_ROOM = 12,  /* native calls that must be possible for code that makes some */
    MOST_ENTRIES = 6, /* pieces of native code for one function */
    EXIT_SLOTS = 32,
    REGION_SIZE = 64 << 20,
    LIGHT_FRAME = 512 /* bytes of C stack a light call may take; the helper tells when it is more */
};

typedef struct exit_count {
    uint64_t exit;
    uint32_t count;
} exit_count;

typedef struct entry_point {
    uint32_t pc;
    uint32_t recompiles;
    bool is_refused;
    bool is_observed;
    rf_native_function code; /* NULL: none */
    uint32_t frame_bytes, most_registers;
    uint64_t entries;
    uint64_t ticks;            /* that the last visits lasted */
    uint32_t visits, failures; /* failures: that ended with a wrong guess */
    uint64_t distrusted[4];    /* registers whose kind at the entry varies */
    bool wants_better;         /* the code runs, but better is asked for */
    exit_count exits[EXIT_SLOTS];
} entry_point;

typedef struct native_proto { /* rf_proto.native */
    uint32_t count;
    bool is_left_alone;
    entry_point entries[MOST_ENTRIES];
} native_proto;

typedef struct jit {
    rf_jit_options options;
    rf_jit_counters counters;
    rf_jit_hook hook;
    rf_code_region region;
    rf_helper helper;
    rf_proto *wanted; /* the request that is out; NULL: none, or the proto is gone */
    uint32_t wanted_pc;
    uint32_t wanted_number, next_number;
    bool is_waiting; /* a request is out */
    rf_native_function loaded;
    rf_native_context context;
    uint32_t depth; /* native code on the C stack */
} jit;

static jit *jit_of(const rf_isolate *isolate)
{
    return rf_vm_state_of(isolate)->jit_state;
}

static const char *name_of(const rf_proto *proto)
{
    return proto->func->display_name ? proto->func->display_name : "<module>";
}

static void trace(const jit *j, const char *event, const rf_proto *proto, uint32_t pc,
                  const char *more)
{
    if (j->options.is_traced)
        fprintf(stderr, "jit: %s %s at %u %s\n", event, name_of(proto), pc, more);
}

/* ---- asking ---- */

static bool request(rf_isolate *isolate, jit *j, const rf_frame *fp, uint32_t pc,
                    const uint64_t *distrusted)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    bool is_sent = false;
    if (rf_request_build(&bytes, isolate, fp, pc, j->next_number, j->options.is_traced,
                         j->options.is_waiting, distrusted)) {
        is_sent = rf_helper_send(&j->helper, bytes.data, bytes.size);
        if (is_sent) {
            j->wanted = fp->proto;
            j->wanted_pc = pc;
            j->wanted_number = j->next_number++;
            j->is_waiting = true;
            j->counters.requested++;
        } else if (j->helper.trouble && j->options.is_traced) {
            fprintf(stderr, "jit: unavailable: %s\n", j->helper.trouble);
        }
    }
    rf_buffer_release(&bytes);
    return is_sent;
}

static entry_point *entry_at(rf_proto *proto, uint32_t pc, bool makes)
{
    native_proto *native = proto->native;
    for (uint32_t i = 0; native && i < native->count; i++)
        if (native->entries[i].pc == pc) return &native->entries[i];
    if (!makes) return NULL;
    if (!native) native = proto->native = rf_new(native_proto);
    if (native->count == MOST_ENTRIES) return NULL;
    entry_point *entry = &native->entries[native->count++];
    entry->pc = pc;
    return entry;
}

static void note_symbol(void *context, const char *name, void *address)
{
    jit *j = context;
    char wanted[32];
    snprintf(wanted, sizeof wanted, "ruff_%u", j->wanted_number);
    if (strcmp(name, wanted) == 0) memcpy(&j->loaded, &address, sizeof address);
}

static void install(jit *j)
{
    const rf_wire_answer *answer = &j->helper.answer;
    rf_proto *proto = j->wanted;
    j->wanted = NULL;
    j->is_waiting = false;
    j->counters.microseconds += answer->microseconds;
    if (!proto || answer->number != j->wanted_number) return;
    entry_point *entry = entry_at(proto, j->wanted_pc, false);
    if (!entry) return;
    if (answer->status != RF_WIRE_COMPILED) {
        entry->is_refused = true;
        entry->code = NULL;
        if (answer->status == RF_WIRE_FAILED)
            j->counters.failed++;
        else
            j->counters.refused++;
        trace(j, answer->status == RF_WIRE_FAILED ? "failed" : "not worth it", proto, j->wanted_pc,
              "");
        return;
    }
    ruff_error err = RUFF_ERROR_INIT;
    rf_native_code code;
    j->loaded = NULL;
    if (rf_native_load(&j->region, (const uint8_t *)j->helper.received.data, answer->size,
                       rf_native_symbol, NULL, note_symbol, j, &code, &err) != RUFF_OK ||
        !j->loaded) {
        entry->is_refused = true;
        j->counters.failed++;
        trace(j, "refused", proto, j->wanted_pc, err.message ? err.message : "no such symbol");
        ruff_error_release(&err);
        return;
    }
    entry->code = j->loaded;
    entry->frame_bytes = answer->frame_bytes;
    entry->most_registers = answer->most_registers;
    proto->heat = 0;
    j->counters.compiled++;
    j->counters.recompiled += entry->recompiles > 0;
    j->counters.code_bytes += code.size;
    if (j->options.is_traced)
        fprintf(stderr, "jit: installed %s at %u: %zu bytes, %u us\n", name_of(proto), j->wanted_pc,
                code.size, answer->microseconds);
}

static void look_for_answer(jit *j, bool waits)
{
    if (!j->is_waiting) return;
    switch (rf_helper_poll(&j->helper, waits)) {
    case RF_POLL_ANSWER: install(j); break;
    case RF_POLL_DIED:
        j->is_waiting = false;
        j->counters.failed++;
        if (j->wanted) {
            entry_point *entry = entry_at(j->wanted, j->wanted_pc, false);
            if (entry) entry->is_refused = true;
            trace(j, "helper died over", j->wanted, j->wanted_pc, "");
        }
        j->wanted = NULL;
        break;
    default: break;
    }
}

/* ---- running ---- */

static int64_t room_for(const rf_isolate *isolate, const rf_vm_task *task, const rf_frame *fp,
                        const entry_point *entry)
{
    const char *here = __builtin_frame_address(0);
    const int64_t stack = (here - isolate->stack_limit) /
                          (int64_t)(entry->frame_bytes ? entry->frame_bytes : LIGHT_FRAME);
    const int64_t depth = (int64_t)task->frame_limit - fp->index;
    const int64_t registers = entry->most_registers ? entry->most_registers : 1;
    const int64_t window = (task->limit - fp->base - fp->proto->register_count) / registers - 1;
    int64_t room = stack < depth ? stack : depth;
    if (window < room) room = window;
    return room < 0 ? 0 : room;
}

/* The code stays until there is better. */
static void ask_again(jit *j, const rf_proto *proto, entry_point *entry, const char *why)
{
    if (j->options.is_traced)
        fprintf(stderr, "jit: asking again %s at %u: %s at %llu\n", name_of(proto), entry->pc, why,
                (unsigned long long)(j->context.exit >> 8));
    memset(entry->exits, 0, sizeof entry->exits);
    entry->entries = 0;
    entry->wants_better = ++entry->recompiles <= MOST_RECOMPILES;
}

static const char *const reasons[RF_EXIT_REASONS] = {"leaves", "guard", "cold",
                                                     "entry",  "room",  "callee"};

/* Counts an exit; for code that leaves too often at one place better is asked for. True: what comes
 * now is to be observed. */
static bool count_exit(jit *j, rf_proto *proto, entry_point *entry, const rf_instruction *at,
                       const rf_proto *where)
{
    const uint64_t exit = j->context.exit;
    const unsigned reason = exit & 15;
    if (reason < RF_EXIT_REASONS) j->counters.exits[reason]++;
    if (reason == RF_EXIT_LEAVES || reason == RF_EXIT_ROOM || reason == RF_EXIT_CALLEE)
        return false;
    entry->failures++;
    const bool is_pending =
        entry->wants_better || (j->is_waiting && j->wanted == proto && j->wanted_pc == entry->pc);
    if (is_pending) return false;
    exit_count *slot = &entry->exits[(exit >> 8 ^ exit >> 4 ^ exit) % EXIT_SLOTS];
    if (slot->exit != exit) *slot = (exit_count){.exit = exit};
    slot->count++;
    if (reason == RF_EXIT_COLD && slot->count <= 3) return true;
    if (slot->count == (uint32_t)MOST_EXITS << (2 * entry->recompiles)) {
        if (reason == RF_EXIT_ENTRY)
            entry->distrusted[exit >> 14 & 3] |= (uint64_t)1 << (exit >> 8 & 63);
        if (reason == RF_EXIT_GUARD && where->feedback &&
            (entry->recompiles >= 2 || j->options.is_waiting))
            where->feedback[at - where->code].flags |= RF_FEEDBACK_DISTRUST;
        ask_again(j, proto, entry, reasons[reason]);
    }
    return false;
}

static uint64_t ticks(void)
{
#ifdef __x86_64__
    return __builtin_ia32_rdtsc();
#else
    return 0; /* no native code here */
#endif
}

/* Code in which a visit lasts no longer than entering and leaving is not worth being entered. */
static void judge(const jit *j, rf_proto *proto, entry_point *entry, uint64_t took)
{
    entry->ticks +=
        took < MOST_TICKS ? took : MOST_TICKS; /* a visit that was interrupted proves nothing */
    if (++entry->visits < VISITS) return;
    const bool is_short = entry->ticks < (uint64_t)VISITS * LEAST_TICKS;
    const bool fails = entry->failures > VISITS / 2;
    entry->visits = entry->failures = 0;
    entry->ticks = 0;
    if ((!is_short && !fails) || j->options.is_waiting) return;
    trace(j, fails ? "wrong guesses in" : "too short visits to", proto, entry->pc, "");
    entry->code = NULL;
    entry->wants_better = false;
    entry->is_observed = false;
    entry->is_refused = !fails || ++entry->recompiles > MOST_RECOMPILES;
}

static rf_hot_outcome run(rf_isolate *isolate, rf_vm_task *task, jit *j, entry_point *entry)
{
    rf_frame *fp = task->fp;
    rf_proto *proto = fp->proto;
    const rf_native_function code = entry->code;
    rf_native_context context = {.isolate = isolate, .task = task, .fp = fp};
    context.room = room_for(isolate, task, fp, entry);
    if (entry->most_registers &&
        context.room < LEAST_ROOM) { /* the VM soon goes to a larger segment */
        proto->heat = LEAST_ROOM;
        return RF_HOT_GOES_ON;
    }
    const uint32_t pc = entry->pc;
    j->counters.entered++;
    const uint64_t began = ticks();
    const int64_t result = code(&context);
    const uint64_t took = ticks() - began;
    rf_native_push_frames(&context);
    rf_free(context.deopts);
    j->context.exit = context.exit;
    entry = entry_at(proto, pc, false); /* other native code may have run meanwhile */
    if (entry && entry->code == code) judge(j, proto, entry, took);
    if (result == RF_NATIVE_RAISED) return RF_HOT_RAISED;
    if (entry && entry->code == code &&
        count_exit(j, proto, entry, task->fp->pc, task->fp->proto)) {
        rf_vm_state_of(isolate)->to_observe = OBSERVED_EXIT;
        return RF_HOT_OBSERVE;
    }
    return RF_HOT_GOES_ON;
}

static rf_hot_outcome hot(rf_isolate *isolate, rf_vm_task *task)
{
    jit *j = jit_of(isolate);
    rf_frame *fp = task->fp;
    rf_proto *proto = fp->proto;
    const uint32_t pc = (uint32_t)(fp->pc - proto->code);
    if (isolate->host->is_repl) { /* module variables may move there */
        proto->heat = INT32_MAX;
        return RF_HOT_GOES_ON;
    }
    look_for_answer(j, false);
    entry_point *entry = entry_at(proto, pc, true);
    if (!entry) {
        proto->heat = 0;
        return RF_HOT_GOES_ON;
    }
    if (entry->code && entry->wants_better && !j->is_waiting) {
        entry->wants_better = false;
        if (request(isolate, j, fp, pc, entry->distrusted)) {
            trace(j, "requested", proto, pc, "again");
            if (j->options.is_waiting) look_for_answer(j, true);
        }
    }
    if (entry->code) {
        proto->heat = 0;
        return run(isolate, task, j, entry);
    }
    const native_proto *native = proto->native;
    bool has_code = false;
    for (uint32_t i = 0; i < native->count; i++) has_code |= native->entries[i].code != NULL;
    proto->heat = has_code ? 4 : entry->is_refused ? REST : RETRY;
    if (j->options.is_waiting && has_code) proto->heat = 0;
    if (entry->is_refused || j->helper.trouble) return RF_HOT_GOES_ON;
    if (has_code && ++entry->entries < 200 && !j->options.is_waiting) return RF_HOT_GOES_ON;
    entry->entries = 0;
    if (!entry->is_observed) {
        entry->is_observed = true;
        rf_vm_state_of(isolate)->to_observe = j->options.is_waiting ? OBSERVED_WAITING : OBSERVED;
        if (j->options.is_waiting) proto->heat = 0;
        return RF_HOT_OBSERVE;
    }
    if (j->is_waiting) return RF_HOT_GOES_ON;
    if (!request(isolate, j, fp, pc, entry->distrusted)) {
        entry->is_refused = true;
        return RF_HOT_GOES_ON;
    }
    trace(j, "requested", proto, pc, "");
    if (!j->options.is_waiting) return RF_HOT_GOES_ON;
    look_for_answer(j, true);
    return entry->code ? run(isolate, task, j, entry) : RF_HOT_GOES_ON;
}

/* ---- life ---- */

static void forget(rf_isolate *isolate, rf_proto *proto)
{
    jit *j = jit_of(isolate);
    if (j->wanted == proto) j->wanted = NULL;
    rf_free(proto->native);
    proto->native = NULL;
}

static void stop(rf_isolate *isolate)
{
    jit *j = jit_of(isolate);
    if (j->options.is_traced) {
        const rf_jit_counters *c = &j->counters;
        fprintf(stderr,
                "jit: %llu requested, %llu compiled, %llu recompiled, %llu refused, %llu failed, "
                "%llu us, "
                "%llu bytes, entered %llu times; exits:",
                (unsigned long long)c->requested, (unsigned long long)c->compiled,
                (unsigned long long)c->recompiled, (unsigned long long)c->refused,
                (unsigned long long)c->failed, (unsigned long long)c->microseconds,
                (unsigned long long)c->code_bytes, (unsigned long long)c->entered);
        for (unsigned i = 0; i < RF_EXIT_REASONS; i++)
            fprintf(stderr, " %s %llu", reasons[i], (unsigned long long)c->exits[i]);
        fputc('\n', stderr);
    }
    rf_helper_stop(&j->helper);
    rf_code_region_close(&j->region);
    rf_free(j);
    rf_vm_state_of(isolate)->jit_state = NULL;
}

void rf_jit_attach(rf_isolate *isolate, const rf_jit_options *options)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    jit *j = rf_new(jit);
    j->options = *options;
    rf_helper_init(&j->helper);
    j->helper.is_heard = options->is_traced;
    if (!rf_code_region_probe() || !rf_code_region_open(&j->region, REGION_SIZE)) {
        if (options->is_traced) fprintf(stderr, "jit: unavailable: no executable memory\n");
        rf_free(j);
        return;
    }
    const uint32_t heat = options->heat ? options->heat : DEFAULT_HEAT;
    j->hook =
        (rf_jit_hook){.first_heat = (int32_t)heat, .hot = hot, .forget = forget, .stop = stop};
    state->jit = &j->hook;
    state->jit_state = j;
}

const rf_jit_counters *rf_jit_counters_of(const rf_isolate *isolate)
{
    const jit *j = jit_of(isolate);
    return j ? &j->counters : NULL;
}
