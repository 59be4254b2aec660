/* The gate as JSON, JUnit, SARIF and GitHub annotations. */
#include "report/gate.h"

#include "report/json.h"

#include <string.h>

static bool fails(const compare_gate_row *row)
{
    return row->outcome == RUN_OK && row->verdict == STATS_SLOWER && !row->blessing;
}

/* "1.083 times as long as main [1.071, 1.096]": what annotations and SARIF say. */
static char *message(const compare_gate_row *row, const report_gate_names *names)
{
    if (row->outcome != RUN_OK)
        return rf_format_text("%s: %s: %s", row->name, run_outcome_word(row->outcome), row->reason);
    return rf_format_text(
        "%s takes %.3f times as long as in %s, interval [%.3f, %.3f] over %zu blocks: %s",
        row->name, row->ratio.ratio, names->base, row->ratio.low, row->ratio.high, row->count,
        stats_verdict_name(row->verdict));
}

static const char *source_of(const compare_gate_row *row)
{
    return row->source ? row->source : "suites/suite.yaml";
}

/* ---- JSON ---- */

static json_t *ratio_json(const stats_ratio *ratio)
{
    json_t *object =
        json_pack("{s:f,s:I}", "ratio", ratio->ratio, "blocks", (json_int_t)ratio->count);
    if (ratio->has_interval) {
        json_object_set_new(object, "low", json_real(ratio->low));
        json_object_set_new(object, "high", json_real(ratio->high));
        json_object_set_new(object, "confidence", json_real(ratio->confidence));
    }
    return object;
}

static json_t *row_json(const compare_gate_row *row)
{
    json_t *object = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:f,s:f,s:b}", "name", row->name, "benchmark",
        row->benchmark, "size_label", row->size_label, "language", row->language, "mode", row->mode,
        "outcome", run_outcome_word(row->outcome), "reason", row->reason, "verdict",
        stats_verdict_name(row->verdict), "candidate_to_base", ratio_json(&row->ratio), "p", row->p,
        "p_adjusted", row->p_adjusted, "fragile", row->fragile);
    json_object_set_new(object, "first_verdict", json_string(stats_verdict_name(row->first)));
    json_object_set_new(object, "again", row->has_again ? ratio_json(&row->again) : json_null());
    if (row->verdict == STATS_UNSURE && row->ratio.has_interval && !row->more.too_close)
        json_object_set_new(object, "blocks_to_settle", json_integer((json_int_t)row->more.needed));
    json_object_set_new(object, "blessing",
                        row->blessing ? json_integer(row->blessing) : json_null());
    return object;
}

void report_gate_json(const compare_gate *gate, const report_gate_names *names, rf_buffer *out)
{
    json_t *document = report_json_document("check"), *rows = json_array();
    for (size_t i = 0; i < gate->rows.count; i++)
        json_array_append_new(rows, row_json(&gate->rows.data[i]));
    json_t *head = json_pack(
        "{s:s,s:s,s:I,s:I,s:f,s:f,s:s,s:i,s:{s:I,s:I,s:I,s:I,s:I},s:o}", "base", names->base,
        "candidate", names->candidate, "session", (json_int_t)gate->session, "again_session",
        (json_int_t)gate->again_session, "margin", gate->margin, "alpha", gate->alpha, "measure",
        compare_measure_row_of(gate->measure)->word, "exit_code", names->exit_code, "counts",
        "same", (json_int_t)compare_gate_count(gate, STATS_SAME), "faster",
        (json_int_t)compare_gate_count(gate, STATS_FASTER), "unsure",
        (json_int_t)compare_gate_count(gate, STATS_UNSURE), "slower",
        (json_int_t)compare_gate_count(gate, STATS_SLOWER), "failed",
        (json_int_t)compare_gate_failures(gate), "geomean",
        gate->geomean_count ? ratio_json(&gate->geomean) : json_null());
    json_object_update(document, head);
    json_decref(head);
    json_object_set_new(document, "rows", rows);
    report_json_print(document, out);
}

/* ---- JUnit ---- */

static void xml(const char *text, rf_buffer *out)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': rf_buffer_append_text(out, "&amp;"); break;
        case '<': rf_buffer_append_text(out, "&lt;"); break;
        case '>': rf_buffer_append_text(out, "&gt;"); break;
        case '"': rf_buffer_append_text(out, "&quot;"); break;
        default: rf_buffer_append_byte(out, *text); break;
        }
    }
}

static void junit_case(const compare_gate_row *row, const report_gate_names *names, rf_buffer *out)
{
    char *text = message(row, names);
    const char *kind = row->outcome != RUN_OK                          ? "error"
                       : fails(row)                                    ? "failure"
                       : row->verdict == STATS_UNSURE || row->blessing ? "skipped"
                                                                       : NULL;
    rf_buffer_append_text(out, "    <testcase classname=\"ruffbench.check\" name=\"");
    xml(row->name, out);
    rf_buffer_format(out, "\" time=\"%.3f\"", row->wall_ns * (double)row->count / 1e9);
    if (kind) {
        rf_buffer_format(out, ">\n      <%s message=\"", kind);
        xml(text, out);
        rf_buffer_append_text(out, "\"/>\n    </testcase>\n");
    } else {
        rf_buffer_append_text(out, "/>\n");
    }
    rf_free(text);
}

void report_gate_junit(const compare_gate *gate, const report_gate_names *names, rf_buffer *out)
{
    size_t failures = 0, skipped = 0;
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        failures += fails(row);
        skipped += row->outcome == RUN_OK && !fails(row) &&
                   (row->verdict == STATS_UNSURE || row->blessing);
    }
    rf_buffer_format(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite "
                     "name=\"ruffbench check\" "
                     "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                     gate->rows.count, failures, compare_gate_failures(gate), skipped);
    for (size_t i = 0; i < gate->rows.count; i++) junit_case(&gate->rows.data[i], names, out);
    rf_buffer_append_text(out, "  </testsuite>\n</testsuites>\n");
}

/* ---- SARIF ---- */

static json_t *sarif_result(const compare_gate_row *row, const report_gate_names *names)
{
    char *text = message(row, names);
    json_t *location = json_pack("{s:{s:{s:s},s:{s:i}}}", "physicalLocation", "artifactLocation",
                                 "uri", source_of(row), "region", "startLine", 1);
    json_t *result =
        json_pack("{s:s,s:s,s:{s:s},s:[o],s:{s:s}}", "ruleId", fails(row) ? "slower" : "failed",
                  "level", "error", "message", "text", text, "locations", location,
                  "partialFingerprints", "row", row->name);
    rf_free(text);
    return result;
}

void report_gate_sarif(const compare_gate *gate, const report_gate_names *names, rf_buffer *out)
{
    json_t *results = json_array();
    for (size_t i = 0; i < gate->rows.count; i++)
        if (fails(&gate->rows.data[i]) || gate->rows.data[i].outcome != RUN_OK)
            json_array_append_new(results, sarif_result(&gate->rows.data[i], names));
    json_t *rules =
        json_pack("[{s:s,s:{s:s}},{s:s,s:{s:s}}]", "id", "slower", "shortDescription", "text",
                  "slower than the base by more than the margin", "id", "failed",
                  "shortDescription", "text", "wrong answer, crash, timeout or lying clock");
    json_t *document = json_pack("{s:s,s:s,s:[{s:{s:{s:s,s:s,s:o}},s:o}]}", "$schema",
                                 "https://json.schemastore.org/sarif-2.1.0.json", "version",
                                 "2.1.0", "runs", "tool", "driver", "name", "ruffbench", "version",
                                 RUFFBENCH_VERSION, "rules", rules, "results", results);
    report_json_print(document, out);
}

/* ---- GitHub ---- */

/* Newlines and percent signs have to be escaped in workflow commands. */
static void command_text(const char *text, rf_buffer *out)
{
    for (; *text; text++) {
        if (*text == '%')
            rf_buffer_append_text(out, "%25");
        else if (*text == '\n')
            rf_buffer_append_text(out, "%0A");
        else
            rf_buffer_append_byte(out, *text);
    }
}

void report_gate_github(const compare_gate *gate, const report_gate_names *names, rf_buffer *out)
{
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        bool warn = row->outcome == RUN_OK && row->verdict == STATS_UNSURE && !row->blessing;
        if (!fails(row) && row->outcome == RUN_OK && !warn) continue;
        char *text = message(row, names);
        rf_buffer_format(out, "::%s file=%s,line=1,title=", warn ? "warning" : "error",
                         source_of(row));
        command_text(row->name, out);
        rf_buffer_append_text(out, "::");
        command_text(text, out);
        rf_buffer_append_byte(out, '\n');
        rf_free(text);
    }
}
