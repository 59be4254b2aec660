/* Which function and instruction a piece of native code belongs to, for the profiler: filled by the isolate's thread,
 * asked by the sampler's. */
#ifndef RF_JIT_CODE_MAP_H
#define RF_JIT_CODE_MAP_H

#include "base/vector.h"
#include "jit/wire.h"
#include "vm/chunk.h"

#include <pthread.h>

typedef struct rf_code_range { /* up to the next one */
    const char *start;
    const rf_proto *proto;     /* NULL: no code of a function from here on */
    const rf_instruction *at;  /* its instruction */
    const rf_proto *inlined;   /* a callee that became part of it, whose code this is; NULL: its own */
    const rf_instruction *inlined_at;
    bool has_frame;            /* the VM knows the activation, too */
    uint32_t frame_size;       /* bytes from the stack pointer to the end of the return address; 0: not known */
} rf_code_range;

typedef struct rf_code_map {
    pthread_mutex_t lock;
    RF_VECTOR(rf_code_range) ranges; /* by address */
} rf_code_map;

void rf_code_map_init(rf_code_map *map);
void rf_code_map_release(rf_code_map *map);
/* A function begins. */
void rf_code_map_add(rf_code_map *map, const void *start, const rf_proto *proto, bool has_frame);
/* Instructions of the functions protos[0 .. count), whose beginnings were added.  Only lines in [code, code + size) that are
 * of an instruction count. */
void rf_code_map_add_lines(rf_code_map *map, const rf_wire_line *lines, size_t line_count, const void *code, size_t size,
                           rf_proto *const *protos, uint32_t count);
/* What was loaded ends here. */
void rf_code_map_end(rf_code_map *map, const void *end);
/* Each function at or behind start, with its ranges by address; end: of the last of them. */
void rf_code_map_each(rf_code_map *map, const char *start, void (*visit)(void *context, const rf_code_range *ranges, size_t count, const char *end),
                      void *context);
/* False: none. */
bool rf_code_map_find(rf_code_map *map, const void *address, rf_code_range *out);
/* The proto goes. */
void rf_code_map_forget(rf_code_map *map, const rf_proto *proto);

#endif
