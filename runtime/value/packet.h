/* The neutral form of values between two isolates; made by pack.c, opened by unpack.c.
 *
 * Nodes are numbered in the order in which they can be made: a container comes after its parts.  Objects with identity
 * (cells, closures, declarations, modules) are made empty and filled at the end, so cycles through them need no care.
 * A token is a value whose heap payload is the number of its node. */
#ifndef RF_VALUE_PACKET_H
#define RF_VALUE_PACKET_H

#include "value/transfer.h"

#include "base/buffer.h"
#include "base/vector.h"

typedef struct rf_packet_node {
    uint8_t tag;
    uint8_t flags;       /* strings: RF_STRING_INTERNED */
    uint16_t info;       /* kind of array or function */
    uint32_t number;     /* variant; built-in; line of an error */
    uint32_t column;     /* of an error */
    uint32_t owner;      /* node of the declaration or module, RF_NO_NODE */
    size_t first;        /* parts: index in tokens; texts and element data: offset in bytes */
    uint32_t count;      /* parts; elements; size of a text */
    const void *pointer; /* func, decl, unit; core of a channel */
    uint64_t identity;   /* of declarations */
} rf_packet_node;

typedef struct rf_packet_fill { /* contents of an object with identity */
    uint32_t node;
    size_t first;
    uint32_t count;
} rf_packet_fill;

static const uint32_t RF_NO_NODE = UINT32_MAX;

struct rf_packet {
    RF_VECTOR(rf_packet_node) nodes;
    RF_VECTOR(rf_value) tokens;
    RF_VECTOR(rf_packet_fill) fills;
    RF_VECTOR(rf_value) roots; /* tokens */
    rf_buffer bytes;
    const rf_sched_hooks *hooks; /* of the sender: what to do with the cores of channels */
};

#endif
