/* Values crossing to another isolate (LANGUAGE 14.4): deep copy through a neutral packet.
 *
 * A packet is made on the sending thread, owned by whoever holds it, and opened on the receiving one.  One packet
 * keeps identities: what was one object stays one object. */
#ifndef RF_VALUE_TRANSFER_H
#define RF_VALUE_TRANSFER_H

#include "value/isolate.h"

typedef struct rf_packet rf_packet;

/* Packs count values (borrowed).  A value that cannot cross becomes UNSET; *refused (may be NULL) is set to the type
 * name of the first such value, or NULL. */
rf_packet *rf_packet_pack(rf_isolate *from, const rf_value *values, uint32_t count, const char **refused);
/* Unpacks into out (count values, new) and frees the packet. */
void rf_packet_open(rf_isolate *to, rf_packet *packet, rf_value *out);
/* The same without freeing it: every call makes another copy.  One thread at a time. */
void rf_packet_read(rf_isolate *to, rf_packet *packet, rf_value *out);
void rf_packet_free(rf_packet *packet);

#endif
