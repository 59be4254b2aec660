/* The gate: base and candidate of the same variant, measured in the same blocks, judged as one
 * family (S6, S7).
 *
 * What looks slower or unsure is measured again in fresh blocks; a row fails the gate only when
 * both say so. */
#ifndef COMPARE_GATE_H
#define COMPARE_GATE_H

#include "compare/table.h"

typedef struct compare_gate_row {
    char *benchmark, *size_label, *language, *mode, *name; /* name: nested_loops@ruff:vm; owned */
    uint64_t size;
    int64_t base, candidate, param; /* ids */
    run_outcome outcome;            /* not ok when either side failed */
    char *reason;                   /* owned; "" when ok */
    double *d;                      /* candidate - base, logs, a block each; owned */
    size_t count;
    run_counter_status status; /* why no block has a value */
    double wall_ns; /* of one block, both sides */
    stats_ratio ratio, robust;
    stats_wins wins;
    double p, p_adjusted;
    bool fragile;
    stats_verdict first;   /* of the first stage */
    stats_verdict verdict; /* in the end */
    stats_more more;
    bool has_again; /* measured a second time */
    stats_ratio again;
    int64_t blessing;      /* id of the blessing that accepts it; 0: none */
    char *blessing_reason; /* owned; NULL: none */
    char *source;          /* of the benchmark, relative to the project; owned, set by the caller */
} compare_gate_row;

typedef struct compare_gate {
    RF_VECTOR(compare_gate_row) rows;
    double margin, alpha;
    compare_measure measure;
    size_t blocks;
    size_t pilot; /* blocks of it in a two-stage plan; 0: one stage */
    int64_t session, again_session; /* 0: no second stage */
    stats_ratio geomean;            /* over rows with an interval */
    size_t geomean_count;
} compare_gate;

/* The pairs of a session, judged. */
void compare_gate_build(compare_gate *gate, const store_results *results, compare_measure measure,
                        double margin, double alpha);
/* True for rows that a second stage has to look at. */
bool compare_gate_needs_confirmation(const compare_gate_row *row);
/* Takes in the second stage: `slower` stays only when the fresh blocks alone say so too; `unsure`
 * is judged on all blocks together. */
void compare_gate_confirm(compare_gate *gate, const store_results *again);
size_t compare_gate_count(const compare_gate *gate,
                          stats_verdict verdict); /* failed and blessed rows left out */
size_t compare_gate_failures(const compare_gate *gate);
void compare_gate_release(compare_gate *gate);

#endif
