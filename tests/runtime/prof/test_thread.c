/* Time meets the stack it belongs to: made-up frames, made-up ticks. */
#include "base/buffer.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

enum { MOST = 64, PUSH = 7, SLEEP = 9, LOCK = 10, MS = 1000000 };

typedef struct script { /* frames, innermost last; a frame is its function's name and a line */
    const char *functions[MOST];
    uintptr_t lines[MOST];
    uint32_t depth, release_depth;
    uint8_t released_kind;
    bool is_collecting, is_allocating;
    rf_prof_session *session;
    rf_prof_thread *thread;
    uint64_t now_ns, cpu_ns;
} script;

static uint32_t walk(void *context, const rf_prof_scope *scopes, rf_prof_place *places, uint32_t capacity)
{
    const script *s = context;
    uint32_t count = 0;
    for (uintptr_t i = s->depth;; i--) {
        count += rf_prof_scopes_of(&scopes, (const void *)i, places + count, capacity - count);
        if (i == 0 || count == capacity) break;
        places[count++] = (rf_prof_place){s->functions[i - 1], (const void *)s->lines[i - 1]};
    }
    return count;
}

static const void *innermost(void *context)
{
    return (const void *)(uintptr_t)((const script *)context)->depth;
}

static void name(void *context, rf_prof_place place, rf_prof_named *out)
{
    (void)context;
    *out = (rf_prof_named){.name = place.code, .path = "a.ruff", .declared = 1, .line = (uint32_t)(uintptr_t)place.at,
                           .kind = RF_FUNC_SCRIPT, .tier = RF_TIER_VM};
}

static const char *builtin(void *context, uint32_t number, rf_prof_tier *waits)
{
    (void)context;
    *waits = number == SLEEP ? RF_TIER_SLEEP : number == LOCK ? RF_TIER_LOCK : RF_TIER_BUILTIN;
    return number == SLEEP ? "sleep" : number == LOCK ? "shared_add" : "push";
}

static const char *kind_name(unsigned kind)
{
    return kind == 3 ? "list" : "text";
}

static void begin(script *s)
{
    memset(s, 0, sizeof *s);
    const rf_prof_options options = {.hz = 1000, .is_manual = true, .seed = 1};
    s->session = rf_prof_session_new(&options);
    const rf_prof_source source = {.context = s, .walk = walk, .innermost = innermost, .name = name, .builtin = builtin,
                                   .builtin_count = 16, .release_depth = &s->release_depth,
                                   .is_collecting = &s->is_collecting, .released_kind = &s->released_kind,
                                   .is_allocating = &s->is_allocating,
                                   .kind_name = kind_name};
    s->thread = rf_prof_thread_begin(s->session, &source);
    rf_prof_run_code(s->thread, RF_TIER_VM);
}

static void call(script *s, const char *function, uintptr_t line)
{
    s->functions[s->depth] = function;
    s->lines[s->depth++] = line;
}

static void tick(script *s, uint64_t cpu_ns)
{
    s->now_ns += MS;
    s->cpu_ns += cpu_ns;
    rf_prof_session_tick(s->session, s->thread, s->now_ns, s->cpu_ns);
}

static void end(script *s, rf_profile *profile)
{
    rf_prof_thread_end(s->thread);
    rf_profile_init(profile);
    rf_prof_session_collect(s->session, profile);
    rf_prof_session_free(s->session);
}

/* "main:3 f:5 push:0", innermost last; new. */
static char *stack_text(const rf_profile *profile, uint32_t stack)
{
    const rf_prof_stack *at = &profile->stacks.data[stack];
    const rf_prof_frame *frame = &profile->frames.data[at->frame];
    char *outer = at->parent ? stack_text(profile, at->parent) : rf_strdup("");
    char *text = rf_format_text("%s%s%s:%u/%s", outer, *outer ? " " : "", profile->funcs.data[frame->func].name,
                                frame->line, rf_prof_tiers[frame->tier].tag);
    rf_free(outer);
    return text;
}

static const rf_prof_sample *sample_at(const rf_profile *profile, const char *wanted)
{
    for (size_t i = 1; i < profile->samples.count; i++) {
        char *text = stack_text(profile, profile->samples.data[i].stack);
        const bool found = strcmp(text, wanted) == 0;
        rf_free(text);
        if (found) return &profile->samples.data[i];
    }
    return NULL;
}

static void time_goes_to_the_line_that_runs(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    call(&s, "f", 5);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    s.lines[1] = 6;
    tick(&s, MS);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    end(&s, &profile);
    assert_int_equal(sample_at(&profile, "main:3/vm f:5/vm")->cpu_ns, MS);
    assert_int_equal(sample_at(&profile, "main:3/vm f:6/vm")->ticks, 2);
    rf_profile_release(&profile);
}

static void a_builtin_has_its_time_below_the_calling_line(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH));
    for (int i = 0; i < 30; i++) tick(&s, MS);
    rf_prof_leave(s.thread, &scope);
    s.lines[0] = 4;
    tick(&s, MS);
    rf_prof_drain(s.thread);
    end(&s, &profile);
    uint64_t ticks = 0;
    for (size_t i = 1; i < profile.samples.count; i++) {
        char *text = stack_text(&profile, profile.samples.data[i].stack);
        if (strcmp(text, "main:3/vm push:0/blt") == 0) ticks += profile.samples.data[i].ticks;
        rf_free(text);
    }
    assert_int_equal(ticks, 30);
    assert_int_equal(sample_at(&profile, "main:4/vm")->ticks, 1);
    rf_profile_release(&profile);
}

static void a_builtin_that_is_not_linked_has_what_happens_in_it_below_it(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_tell(s.thread, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH) | RF_PROF_UNLINKED);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_EXIT, 0));
    tick(&s, MS);
    rf_prof_leave(s.thread, &scope);
    rf_prof_note_allocation(s.thread, 80);
    tick(&s, MS);
    rf_prof_tell(s.thread, RF_PROF_STATE(RF_TIER_VM, 0));
    s.lines[0] = 4;
    tick(&s, MS);
    rf_prof_drain(s.thread); /* the built-in was over when it was found */
    end(&s, &profile);
    const rf_prof_sample *in_it = sample_at(&profile, "main:3/vm push:0/blt");
    assert_int_equal(in_it->ticks, 1);
    assert_int_equal(in_it->alloc_bytes, 80);
    assert_int_equal(sample_at(&profile, "main:3/vm push:0/blt deopt:0/deopt")->ticks, 1);
    assert_int_equal(sample_at(&profile, "main:4/vm push:0/blt")->ticks, 1);
    assert_int_equal(sample_at(&profile, "main:4/vm")->ticks, 1);
    rf_profile_release(&profile);
}

/* As the sampler and the signal handler do. */
static void catch_in(script *s, uint32_t state)
{
    const rf_prof_pending pending = {.state = RF_PROF_CAUGHT, .ticks = 1, .cpu_ns = MS, .wall_ns = MS};
    rf_prof_add_pending(s->thread, &pending, RF_PROF_SLICE_NS);
    atomic_store(&s->thread->caught, state);
}

static void what_a_signal_finds_is_what_is_booked(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_tell(s.thread, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH) | RF_PROF_UNLINKED);
    catch_in(&s, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH));
    rf_prof_drain(s.thread);
    rf_prof_tell(s.thread, RF_PROF_STATE(RF_TIER_VM, 0));
    s.lines[0] = 4;
    catch_in(&s, RF_PROF_STATE(RF_TIER_FREE, 3));
    rf_prof_drain(s.thread);
    s.lines[0] = 5;
    catch_in(&s, RF_PROF_CAUGHT); /* it has not come yet */
    rf_prof_drain(s.thread);
    end(&s, &profile);
    assert_int_equal(sample_at(&profile, "main:3/vm push:0/blt")->ticks, 1);
    assert_int_equal(sample_at(&profile, "main:4/vm free list:0/free")->ticks, 1);
    assert_int_equal(sample_at(&profile, "main:5/vm")->ticks, 1);
    rf_profile_release(&profile);
}

static void callbacks_nest_below_the_builtin(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH));
    const uint32_t before = rf_prof_run_code(s.thread, RF_TIER_VM);
    call(&s, "compare", 9);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    s.depth--;
    rf_prof_resume(s.thread, before);
    tick(&s, MS);
    rf_prof_leave(s.thread, &scope);
    end(&s, &profile);
    assert_non_null(sample_at(&profile, "main:3/vm push:0/blt compare:9/vm"));
    assert_non_null(sample_at(&profile, "main:3/vm push:0/blt"));
    rf_profile_release(&profile);
}

static void what_is_drained_late_keeps_what_it_was(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    tick(&s, MS); /* in code; only drained at the end of the built-in that begins now */
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH));
    rf_prof_leave(s.thread, &scope);
    end(&s, &profile);
    assert_non_null(sample_at(&profile, "main:3/vm"));
    assert_null(sample_at(&profile, "main:3/vm push:0/blt"));
    rf_profile_release(&profile);
}

static void releasing_and_collecting_are_seen_by_what_the_heap_says(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    s.release_depth = 1;
    tick(&s, MS);
    s.released_kind = 3;
    tick(&s, MS);
    s.is_collecting = true;
    tick(&s, MS);
    s.is_collecting = false;
    s.release_depth = 0;
    s.is_allocating = true;
    tick(&s, MS);
    s.is_allocating = false;
    rf_prof_drain(s.thread);
    end(&s, &profile);
    assert_non_null(sample_at(&profile, "main:3/vm free:0/free"));
    assert_non_null(sample_at(&profile, "main:3/vm free list:0/free")); /* by the kind of what was dropped */
    assert_non_null(sample_at(&profile, "main:3/vm gc:0/gc"));
    assert_non_null(sample_at(&profile, "main:3/vm alloc:0/alloc"));
    rf_profile_release(&profile);
}

static void waiting_for_a_lock_has_wall_time_only(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, LOCK));
    for (int i = 0; i < 8; i++) tick(&s, 0);
    tick(&s, MS); /* it was given, and works */
    rf_prof_leave(s.thread, &scope);
    end(&s, &profile);
    const rf_prof_sample *waited = sample_at(&profile, "main:3/vm shared_add:0/lck");
    const rf_prof_sample *worked = sample_at(&profile, "main:3/vm shared_add:0/blt");
    assert_non_null(waited);
    assert_non_null(worked);
    assert_int_equal(waited->wall_ns, 8 * MS);
    assert_int_equal(waited->cpu_ns, 0);
    assert_int_equal(worked->cpu_ns, MS);
    rf_profile_release(&profile);
}

static void giving_native_code_up_is_below_the_line_where_it_is_left(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_EXIT, 0));
    tick(&s, MS);
    rf_prof_leave(s.thread, &scope);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    end(&s, &profile);
    const rf_prof_sample *left = sample_at(&profile, "main:3/vm deopt:0/deopt"), *rest = sample_at(&profile, "main:3/vm");
    assert_non_null(left);
    assert_non_null(rest);
    assert_int_equal(left->cpu_ns, MS);
    assert_in_range(rest->cpu_ns, 1, MS); /* less what the drain took */
    rf_profile_release(&profile);
}

static void a_builtin_without_processor_time_waits(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, SLEEP));
    for (int i = 0; i < 8; i++) tick(&s, 0);
    rf_prof_leave(s.thread, &scope);
    end(&s, &profile);
    const rf_prof_sample *slept = sample_at(&profile, "main:3/vm sleep:0/slp");
    assert_non_null(slept);
    assert_int_equal(slept->wall_ns, 8 * MS);
    assert_int_equal(slept->cpu_ns, 0);
    rf_profile_release(&profile);
}

static void a_copied_stack_gets_what_is_pending(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    rf_prof_run_code(s.thread, RF_TIER_AST);
    catch_in(&s, RF_PROF_STATE(RF_TIER_AST, 0));
    catch_in(&s, RF_PROF_STATE(RF_TIER_AST, 0));
    s.thread->copy_count = walk(&s, NULL, s.thread->copy, MOST); /* as the signal handler does */
    atomic_store(&s.thread->is_copied, true);
    s.lines[0] = 4;
    tick(&s, MS);
    end(&s, &profile);
    assert_int_equal(sample_at(&profile, "main:3/vm")->ticks, 2);
    assert_int_equal(sample_at(&profile, "main:4/vm")->ticks, 1);
    rf_profile_release(&profile);
}

/* At its address f is inlined into main. */
static uint32_t native(void *context, const void *address, rf_prof_place places[2], bool *has_frame)
{
    const script *s = context;
    places[0] = (rf_prof_place){"f", address};
    places[1] = (rf_prof_place){s->functions[0], (const void *)4};
    *has_frame = true;
    return 2;
}

static void an_inlined_callee_with_a_frame_is_in_the_stack_once(void **state)
{
    (void)state;
    for (uint32_t depth = 1; depth <= 2; depth++) { /* without a frame of its own, and with one */
        script s;
        rf_profile profile;
        begin(&s);
        s.thread->source.native = native;
        call(&s, "main", 3);
        if (depth == 2) call(&s, "f", 5);
        rf_prof_run_code(s.thread, RF_TIER_JIT);
        catch_in(&s, RF_PROF_STATE(RF_TIER_JIT, 0));
        s.thread->copy_count = walk(&s, NULL, s.thread->copy, MOST); /* as the signal handler does */
        s.thread->addresses[s.thread->address_count++] = (const void *)9;
        atomic_store(&s.thread->is_copied, true);
        tick(&s, MS);
        end(&s, &profile);
        assert_non_null(sample_at(&profile, "main:4/vm f:9/inl"));
        assert_null(sample_at(&profile, "main:3/vm f:5/vm f:9/inl"));
        rf_profile_release(&profile);
    }
}

/* Code of a, b, c at addresses from 100, 200, 300 on; the frame of each is so many words large. */
static uint32_t native_of_three(void *context, const void *address, rf_prof_place places[2], bool *has_frame)
{
    static const char *const names[] = {"a", "b", "c"};
    (void)context;
    const uintptr_t at = (uintptr_t)address / 100;
    if (at < 1 || at > 3) return 0;
    places[0] = (rf_prof_place){names[at - 1], address};
    *has_frame = false;
    return 1;
}

static uint32_t frame_of_three(void *context, const void *address)
{
    (void)context;
    const uintptr_t at = (uintptr_t)address / 100;
    return at >= 1 && at <= 3 ? (uint32_t)(at * sizeof(void *)) : 0;
}

static void native_frames_are_followed_by_their_sizes(void **state)
{
    (void)state;
    static const uintptr_t words[] = {777, 777, 201, 250, 101, 120, 0}; /* of c, then b, then a, then who entered */
    for (uint32_t size = 0; size <= RF_COUNT_OF(words); size++) { /* a part of it was copied */
        script s;
        rf_profile profile;
        begin(&s);
        s.thread->source.native = native_of_three;
        s.thread->source.native_frame = frame_of_three;
        call(&s, "main", 3);
        rf_prof_run_code(s.thread, RF_TIER_JIT);
        catch_in(&s, RF_PROF_STATE(RF_TIER_JIT, 0));
        s.thread->copy_count = walk(&s, NULL, s.thread->copy, MOST); /* as the signal handler does */
        s.thread->addresses[s.thread->address_count++] = (const void *)310;
        for (uint32_t i = 0; i < size; i++) s.thread->stack[s.thread->stack_size++] = (const void *)words[i];
        atomic_store(&s.thread->is_copied, true);
        tick(&s, MS);
        end(&s, &profile);
        assert_non_null(sample_at(&profile, size < 3   ? "main:3/vm c:310/jit"
                                            : size < 5 ? "main:3/vm b:200/vm c:310/jit"
                                            : size < 6 ? "main:3/vm a:100/vm b:200/vm c:310/jit"
                                                       : "main:3/vm a:119/vm a:100/vm b:200/vm c:310/jit"));
        rf_profile_release(&profile);
    }
}

static void what_workers_do_is_not_told_of_main(void **state)
{
    (void)state;
    script s, other = {0};
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    const rf_prof_source source = {.context = &other, .walk = walk, .innermost = innermost, .name = name, .builtin = builtin};
    rf_prof_thread *worker = rf_prof_thread_begin(s.session, &source);
    call(&other, "work", 7);
    rf_prof_run_code(worker, RF_TIER_VM);
    rf_prof_session_tick(s.session, worker, MS, MS);
    rf_prof_drain(worker);
    rf_prof_thread_end(worker);
    tick(&s, MS);
    end(&s, &profile);
    assert_string_equal(profile.labels.data[sample_at(&profile, "work:7/vm")->label], "worker");
    assert_string_equal(profile.labels.data[sample_at(&profile, "main:3/vm")->label], "");
    rf_profile_release(&profile);
}

static void a_task_keeps_its_scopes_while_others_run(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_scope scope;
    rf_prof_task first = {0}, second = {.state = RF_PROF_STATE(RF_TIER_VM, 0)};
    begin(&s);
    call(&s, "main", 3);
    rf_prof_enter(s.thread, &scope, RF_PROF_STATE(RF_TIER_BUILTIN, PUSH));
    rf_prof_leave_task(s.thread, &first);
    rf_prof_go_on(s.thread, &second);
    s.lines[0] = 8;
    tick(&s, MS);
    rf_prof_drain(s.thread);
    s.lines[0] = 3;
    rf_prof_leave_task(s.thread, &second);
    rf_prof_go_on(s.thread, &first);
    tick(&s, MS);
    rf_prof_leave(s.thread, &scope);
    end(&s, &profile);
    assert_non_null(sample_at(&profile, "main:8/vm"));
    assert_non_null(sample_at(&profile, "main:3/vm push:0/blt"));
    rf_profile_release(&profile);
}

static void between_two_tasks_nothing_is_theirs(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_prof_task first = {0}, second = {.state = RF_PROF_STATE(RF_TIER_VM, 0)};
    begin(&s);
    call(&s, "main", 3);
    rf_prof_leave_task(s.thread, &first);
    tick(&s, MS);
    rf_prof_go_on(s.thread, &second);
    s.lines[0] = 8;
    tick(&s, MS);
    end(&s, &profile);
    assert_null(sample_at(&profile, "main:3/vm"));
    assert_int_equal(sample_at(&profile, "main:8/vm")->ticks, 1);
    assert_int_equal(sample_at(&profile, "main:8/vm profiler:0/prof")->ticks, 1);
    rf_profile_release(&profile);
}

static void every_piece_of_own_work_counts_though_few_are_measured(void **state)
{
    (void)state;
    rf_prof_price price = {0};
    unsigned measured = 0;
    for (int i = 0; i < 80; i++) {
        const int64_t began = rf_prof_begin_piece(&price);
        measured += began != 0;
        if (!began) price.ns = 5000; /* what the last measured one took */
        const uint64_t took = rf_prof_end_piece(&price, began);
        if (!began) assert_int_equal(took, 5000);
    }
    assert_int_equal(measured, 10);
}

static void a_signal_that_comes_too_late_does_not_end_the_process(void **state)
{
    (void)state;
    const rf_prof_options options = {.hz = 100, .seed = 1};
    rf_prof_session *session = rf_prof_session_new(&options);
    sigset_t ours, pending;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPROF);
    pthread_sigmask(SIG_BLOCK, &ours, NULL); /* as if this thread did not get to run */
    assert_int_equal(pthread_sigqueue(pthread_self(), SIGPROF, (union sigval){.sival_ptr = NULL}), 0);
    rf_prof_session_stop(session);
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPROF));
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
    rf_prof_session_free(session);
}

static void no_time_is_lost_and_the_profilers_own_is_left_out(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    for (int i = 0; i < 1000; i++) {
        s.lines[0] = 3 + (uintptr_t)i % 5;
        tick(&s, MS);
        if (i % 3 == 0) rf_prof_drain(s.thread);
        atomic_store(&s.thread->stolen_ns, (uint64_t)(i + 1) * 1000); /* what drains really took is not repeatable */
    }
    end(&s, &profile);
    uint64_t cpu = 0, wall = 0, ticks = 0;
    for (size_t i = 1; i < profile.samples.count; i++) {
        cpu += profile.samples.data[i].cpu_ns;
        wall += profile.samples.data[i].wall_ns;
        ticks += profile.samples.data[i].ticks;
    }
    assert_int_equal(ticks, 1000);
    assert_int_equal(wall, 1000ull * MS);
    assert_int_equal(cpu, 1000ull * MS - 999 * 1000);
    rf_profile_release(&profile);
}

static void deep_recursion_is_one_stack_a_depth(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    begin(&s);
    for (int round = 0; round < 50; round++) {
        s.depth = 0;
        for (int i = 0; i < MOST; i++) call(&s, "fib", 3);
        tick(&s, MS);
        rf_prof_drain(s.thread);
    }
    end(&s, &profile);
    assert_int_equal(profile.stacks.count, MOST + 1);
    assert_int_equal(profile.funcs.count, 2);
    rf_profile_release(&profile);
}

/* An hour at 1 kHz: what is kept does not grow with the ticks. */
static void an_hour_of_ticks_stays_small(void **state)
{
    (void)state;
    static const char *const functions[] = {"f", "g", "h", "i", "j", "k", "l", "m"};
    script s;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    call(&s, "f", 5);
    for (uint32_t i = 0; i < 3600u * 1000; i++) {
        s.functions[1] = functions[i / 7 % 8];
        s.lines[1] = i % 13;
        rf_prof_session_note(s.session, s.now_ns);
        tick(&s, MS);
        rf_prof_drain(s.thread);
    }
    end(&s, &profile);
    const size_t bytes = profile.samples.count * sizeof(rf_prof_sample) + profile.stacks.count * sizeof(rf_prof_stack) +
                         profile.slices.count * sizeof(rf_prof_slice);
    assert_true(profile.slices.count <= RF_PROF_MOST_SLICES);
    assert_true(bytes < 16u << 20); /* the thread's own copy besides: half of what is allowed */
    rf_profile_release(&profile);
}

static void intervals_are_uniform_around_the_period(void **state)
{
    (void)state;
    const rf_prof_options options = {.hz = 1000, .is_manual = true, .seed = 42};
    rf_prof_session *session = rf_prof_session_new(&options);
    uint64_t sum = 0, least = UINT64_MAX, most = 0, low = 0;
    for (int i = 0; i < 20000; i++) {
        const uint64_t interval = rf_prof_session_interval(session, MS);
        sum += interval;
        if (interval < least) least = interval;
        if (interval > most) most = interval;
        low += interval < MS * 3 / 4;
    }
    assert_true(least >= MS / 2 && most <= MS * 3 / 2);
    assert_true(sum / 20000 > MS * 98 / 100 && sum / 20000 < MS * 102 / 100);
    assert_true(low > 4700 && low < 5300);
    rf_prof_session_free(session);
}

static void ticks_do_not_drift_from_the_rate(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const rf_prof_options options = {.hz = 1000, .is_manual = true, .seed = seed};
        rf_prof_session *session = rf_prof_session_new(&options);
        uint64_t sum = 0;
        for (int i = 0; i < 1000; i++) sum += rf_prof_session_interval(session, MS);
        assert_true(sum > 993 * MS && sum < 1007 * MS); /* by chance alone it would be off by 9 */
        rf_prof_session_free(session);
    }
}

static void threads_come_together_in_one_profile(void **state)
{
    (void)state;
    script s, other;
    rf_profile profile;
    begin(&s);
    call(&s, "main", 3);
    other = s;
    other.depth = 0;
    call(&other, "work", 8);
    rf_prof_source source = s.thread->source;
    source.context = &other;
    other.thread = rf_prof_thread_begin(s.session, &source);
    rf_prof_run_code(other.thread, RF_TIER_VM);
    tick(&s, MS);
    rf_prof_drain(s.thread);
    tick(&other, MS);
    rf_prof_thread_end(other.thread);
    end(&s, &profile);
    assert_int_equal(profile.run.threads, 2);
    assert_int_equal(sample_at(&profile, "main:3/vm")->thread, 1);
    assert_int_equal(sample_at(&profile, "work:8/vm")->thread, 2);
    rf_profile_release(&profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_to_the_line_that_runs),
        cmocka_unit_test(a_builtin_has_its_time_below_the_calling_line),
        cmocka_unit_test(a_builtin_that_is_not_linked_has_what_happens_in_it_below_it),
        cmocka_unit_test(what_a_signal_finds_is_what_is_booked),
        cmocka_unit_test(callbacks_nest_below_the_builtin),
        cmocka_unit_test(what_is_drained_late_keeps_what_it_was),
        cmocka_unit_test(releasing_and_collecting_are_seen_by_what_the_heap_says),
        cmocka_unit_test(a_builtin_without_processor_time_waits),
        cmocka_unit_test(waiting_for_a_lock_has_wall_time_only),
        cmocka_unit_test(giving_native_code_up_is_below_the_line_where_it_is_left),
        cmocka_unit_test(a_copied_stack_gets_what_is_pending),
        cmocka_unit_test(an_inlined_callee_with_a_frame_is_in_the_stack_once),
        cmocka_unit_test(native_frames_are_followed_by_their_sizes),
        cmocka_unit_test(what_workers_do_is_not_told_of_main),
        cmocka_unit_test(a_task_keeps_its_scopes_while_others_run),
        cmocka_unit_test(between_two_tasks_nothing_is_theirs),
        cmocka_unit_test(no_time_is_lost_and_the_profilers_own_is_left_out),
        cmocka_unit_test(a_signal_that_comes_too_late_does_not_end_the_process),
        cmocka_unit_test(every_piece_of_own_work_counts_though_few_are_measured),
        cmocka_unit_test(deep_recursion_is_one_stack_a_depth),
        cmocka_unit_test(an_hour_of_ticks_stays_small),
        cmocka_unit_test(intervals_are_uniform_around_the_period),
        cmocka_unit_test(ticks_do_not_drift_from_the_rate),
        cmocka_unit_test(threads_come_together_in_one_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
