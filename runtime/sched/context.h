/* Saving the registers of one C stack and continuing another: the few instructions below stack.c.
 *
 * A stack that does not run is one pointer: where its registers were pushed. */
#ifndef RF_SCHED_CONTEXT_H
#define RF_SCHED_CONTEXT_H

#include "base/base.h"

/* Saves the running context in *save and continues `load`; returns when somebody switches back to
 * *save. */
void rf_context_switch(void **save, void *load);
/* A context that calls entry(argument) on the stack bottom..top when it is first switched to; entry
 * never returns. */
void *rf_context_make(char *bottom, char *top, void (*entry)(void *argument), void *argument);

#endif
