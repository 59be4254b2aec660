/* The switch, by machine: x86-64 and AArch64 save what their calling conventions make the callee's;
 * other machines, and builds with RF_CONTEXT_PORTABLE, use ucontext, which costs two system calls a
 * switch.
 *
 * The floating-point control words are left alone: nothing in the runtime changes them. */
#include "sched/context.h"

#if !defined(RF_CONTEXT_PORTABLE) && defined(__x86_64__)

/* Continues by an indirect jump rather than `ret`: the return predictor holds the other stack's
 * address. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl rf_context_switch\n"
        ".hidden rf_context_switch\n"
        ".type rf_context_switch, @function\n"
        "rf_context_switch:\n"
        "    .cfi_startproc\n"
        "    pushq %rbp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset rbp, 0\n"
        "    pushq %rbx\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset rbx, 0\n"
        "    pushq %r12\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset r12, 0\n"
        "    pushq %r13\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset r13, 0\n"
        "    pushq %r14\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset r14, 0\n"
        "    pushq %r15\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset r15, 0\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %r14\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %r13\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %r12\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %rbx\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %rbp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    popq %rcx\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    jmpq *%rcx\n"
        "    .cfi_endproc\n"
        ".size rf_context_switch, . - rf_context_switch\n"
        ".p2align 4\n"
        ".globl rf_context_start\n"
        ".hidden rf_context_start\n"
        ".type rf_context_start, @function\n"
        "rf_context_start:\n" /* r12: argument, r13: entry */
        "    .cfi_startproc\n"
        "    .cfi_undefined rip\n"
        "    movq %r12, %rdi\n"
        "    callq *%r13\n"
        "    ud2\n"
        "    .cfi_endproc\n"
        ".size rf_context_start, . - rf_context_start\n");

void rf_context_start(void);

void *rf_context_make(char *bottom, char *top, void (*entry)(void *argument), void *argument)
{
    (void)bottom;
    /* in the order of the pops; the stack is 16-byte aligned when rf_context_start runs */
    uintptr_t *frame = (uintptr_t *)((uintptr_t)top & ~(uintptr_t)15) - 9;
    frame[0] = 0;                           /* r15 */
    frame[1] = 0;                           /* r14 */
    frame[2] = (uintptr_t)entry;            /* r13 */
    frame[3] = (uintptr_t)argument;         /* r12 */
    frame[4] = 0;                           /* rbx */
    frame[5] = 0;                           /* rbp: ends the chain of frame pointers */
    frame[6] = (uintptr_t)rf_context_start; /* return address */
    frame[7] = 0;
    frame[8] = 0;
    return frame;
}

#elif !defined(RF_CONTEXT_PORTABLE) && defined(__aarch64__)

__asm__(".text\n"
        ".p2align 4\n"
        ".globl rf_context_switch\n"
        ".hidden rf_context_switch\n"
        ".type rf_context_switch, %function\n"
        "rf_context_switch:\n"
        "    stp x29, x30, [sp, #-160]!\n"
        "    stp x19, x20, [sp, #16]\n"
        "    stp x21, x22, [sp, #32]\n"
        "    stp x23, x24, [sp, #48]\n"
        "    stp x25, x26, [sp, #64]\n"
        "    stp x27, x28, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp x27, x28, [sp, #80]\n"
        "    ldp x25, x26, [sp, #64]\n"
        "    ldp x23, x24, [sp, #48]\n"
        "    ldp x21, x22, [sp, #32]\n"
        "    ldp x19, x20, [sp, #16]\n"
        "    ldp x29, x30, [sp], #160\n"
        "    ret\n"
        ".size rf_context_switch, . - rf_context_switch\n"
        ".p2align 4\n"
        ".globl rf_context_start\n"
        ".hidden rf_context_start\n"
        ".type rf_context_start, %function\n"
        "rf_context_start:\n" /* x19: argument, x20: entry */
        "    mov x0, x19\n"
        "    blr x20\n"
        "    brk #1\n"
        ".size rf_context_start, . - rf_context_start\n");

void rf_context_start(void);

void *rf_context_make(char *bottom, char *top, void (*entry)(void *argument), void *argument)
{
    (void)bottom;
    uintptr_t *frame = (uintptr_t *)((uintptr_t)top & ~(uintptr_t)15) - 20;
    for (unsigned i = 0; i < 20; i++) frame[i] = 0;
    frame[1] = (uintptr_t)rf_context_start; /* x30 */
    frame[2] = (uintptr_t)argument;         /* x19 */
    frame[3] = (uintptr_t)entry;            /* x20 */
    return frame;
}

#else

#include <ucontext.h>

void rf_context_switch(void **save, void *load)
{
    ucontext_t here; /* on the stack that is left, so it lives until that stack continues */
    *save = &here;
    swapcontext(&here, load);
}

/* makecontext passes ints: two pointers in four halves */
static void start(unsigned entry_high, unsigned entry_low, unsigned argument_high,
                  unsigned argument_low)
{
    uintptr_t entry = (uintptr_t)((uint64_t)entry_high << 32 | entry_low);
    uintptr_t argument = (uintptr_t)((uint64_t)argument_high << 32 | argument_low);
    ((void (*)(void *))entry)((void *)argument);
}

void *rf_context_make(char *bottom, char *top, void (*entry)(void *argument), void *argument)
{
    ucontext_t *context = (ucontext_t *)(((uintptr_t)top - sizeof(ucontext_t)) & ~(uintptr_t)63);
    getcontext(context);
    context->uc_stack.ss_sp = bottom;
    context->uc_stack.ss_size = (size_t)((char *)context - bottom);
    context->uc_link = NULL;
    uint64_t code = (uintptr_t)entry, data = (uintptr_t)argument;
    makecontext(context, (void (*)(void))(uintptr_t)start, 4, (unsigned)(code >> 32),
                (unsigned)code, (unsigned)(data >> 32), (unsigned)data);
    return context;
}

#endif
