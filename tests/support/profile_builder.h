/* Profiles made by hand, so that what reads them can be tested without running anything. */
#ifndef SUPPORT_PROFILE_BUILDER_H
#define SUPPORT_PROFILE_BUILDER_H

#include "prof/profile.h"

/* A profile with a filled run section: "demo.ruff" on the VM, 1000 Hz. */
void profile_builder_init(rf_profile *profile);
/* Interns a stack written "main@1:3/vm;work@10:12/jit;push/blt": name, line of its declaration, line being executed, tag
 * of tier.def.  Frames of vm, jit, ast and inl are functions of demo.ruff, blt built-ins, rex patterns, others runtime. */
uint32_t profile_builder_stack(rf_profile *profile, const char *text);
/* ticks at that stack, a millisecond each, of CPU time unless the innermost tier waits; counts in the run section. */
void profile_builder_add(rf_profile *profile, const char *stack, uint64_t ticks);
/* The same in one time slice. */
void profile_builder_add_at(rf_profile *profile, const char *stack, uint64_t ticks, uint32_t slice);
/* A program with something in every list: functions, lines, sites, leaks, JIT events, guards, slices, labels. */
void profile_builder_demo(rf_profile *profile);
/* As many nodes of the call tree as asked for, of a tenth as many functions, over 100 time slices. */
void profile_builder_wide(rf_profile *profile, unsigned nodes);

#endif
