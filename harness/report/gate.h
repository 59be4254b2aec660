/* The gate for people, for machines and for CI systems. */
#ifndef REPORT_GATE_H
#define REPORT_GATE_H

#include "compare/gate.h"
#include "report/terminal.h"

typedef struct report_gate_names {
    const char *base, *candidate; /* how the two sides are called: "main 3f2a91c", "8c01d77" */
    int exit_code;
} report_gate_names;

void report_gate_text(const compare_gate *gate, const report_gate_names *names,
                      const report_terminal *terminal, rf_buffer *out);
void report_gate_json(const compare_gate *gate, const report_gate_names *names, rf_buffer *out);
void report_gate_markdown(const compare_gate *gate, const report_gate_names *names, rf_buffer *out);
/* One test case a row: failure for slower, skipped for unsure, error for a process that failed. */
void report_gate_junit(const compare_gate *gate, const report_gate_names *names, rf_buffer *out);
/* SARIF 2.1.0: one result a regression, at the benchmark's source. */
void report_gate_sarif(const compare_gate *gate, const report_gate_names *names, rf_buffer *out);
/* Workflow commands of GitHub Actions: ::error and ::warning lines. */
void report_gate_github(const compare_gate *gate, const report_gate_names *names, rf_buffer *out);

#endif
