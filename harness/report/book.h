/* What a report is made from: for every benchmark and input the newest table there is on one
 * machine, in the order in which a reader meets them, with the sessions they come from and the
 * history.
 *
 * All of it is read from the database; nothing depends on what is installed where the report is
 * made. */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include "compare/set.h"
#include "history/detect.h"
#include "history/series.h"
#include "store/event.h"
#include "store/results.h"

typedef struct report_session {
    store_results results;
    compare_set set;
    store_texts absent; /* what could not be measured, and why */
} report_session;

typedef struct report_entry {
    const report_session *session;
    const compare_table *table; /* of session->set */
    const store_param_row *param;
    char *class_name; /* first tag of the benchmark, "other" without one; owned */
    bool main;        /* the input that overviews count: default, else the first */
} report_entry;

typedef struct report_fact {
    char *key, *value; /* owned */
} report_fact;

typedef struct report_book {
    RF_VECTOR(report_session *) sessions; /* newest first */
    RF_VECTOR(report_entry) entries;      /* by class, benchmark, size */
    RF_VECTOR(report_fact) facts;         /* of the newest session's environment */
    RF_VECTOR(char *) classes;            /* in order of first use, owned */
    RF_VECTOR(char *) labels; /* variants with results: ruff's modes first, then by name; owned */
    history_list history;     /* of that machine only */
    RF_VECTOR(history_findings) findings; /* of each of these, with what the store knows */
    size_t other_machines; /* sessions left out because another machine measured them */
    compare_options options;
} report_book;

typedef struct report_choice {
    int64_t session;  /* 0: the newest of each benchmark */
    int64_t since_ns; /* of those, what was measured from here on; 0: all */
} report_choice;

/* A database without results gives an empty book, which is no failure. */
RF_MUST_USE ruff_status report_book_load(store_db *db, const report_choice *choice,
                                         const compare_options *options, report_book *book,
                                         ruff_error *err);
void report_book_release(report_book *book);

const report_session *report_book_newest(const report_book *book);      /* NULL when empty */
const char *report_book_fact(const report_book *book, const char *key); /* "" when unknown */
/* Whether a variant's iterations are timed in CPU time; label NULL: those of any. */
bool report_book_has_cpu_clock(const report_book *book, const char *label);
/* The label as tables of times show it, with a mark when they are CPU time; new. */
char *report_book_label(const report_book *book, const char *label);
/* Order of inputs by their label: default, small, large, numbers. */
int report_size_rank(const compare_table *table);
/* Row of a variant, NULL when it took no part. */
const compare_row *report_entry_row(const report_entry *entry, const char *label);
size_t report_book_main_count(const report_book *book,
                              const char *class_name); /* NULL: all classes */

#endif
