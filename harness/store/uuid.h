#ifndef STORE_UUID_H
#define STORE_UUID_H

#define STORE_UUID_SIZE 37

/* A random one (version 4). */
void store_make_uuid(char out[STORE_UUID_SIZE]);

#endif
