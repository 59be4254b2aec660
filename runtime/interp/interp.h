/* The tree-walking interpreter: the reference for meaning. */
#ifndef RF_INTERP_INTERP_H
#define RF_INTERP_INTERP_H

#include "value/engine.h"

extern const rf_engine rf_interp_engine;

#endif
