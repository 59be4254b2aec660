#include "report/book.h"

#include "compare/trust.h"
#include "report/compare.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

static const double HISTORY_DELTA = 0.02; /* smaller changes are of no interest */

/* ---- sessions ---- */

static ruff_status load_session(store_db *db, int64_t id, report_book *book, ruff_error *err)
{
    report_session *session = rf_new(report_session);
    stats_trust trust = {0};
    char *grade = NULL;
    ruff_status status = store_load_results(db, id, &session->results, err);
    if (!status) status = store_find_event(db, id, "trust", &grade, err);
    if (!status) status = store_load_absent(db, id, &session->absent, err);
    if (status) {
        rf_free(session);
        return status;
    }
    if (grade) compare_trust_parse(grade, &trust);
    rf_free(grade);
    compare_set_build(&session->set, &session->results, &book->options, &trust);
    rf_vector_push(&book->sessions, session);
    return RUFF_OK;
}

static const report_session *find_session(const report_book *book, int64_t id)
{
    for (size_t i = 0; i < book->sessions.count; i++)
        if (book->sessions.data[i]->set.session == id) return book->sessions.data[i];
    return NULL;
}

/* ---- entries ---- */

static void add_entry(report_book *book, const report_session *session, int64_t param)
{
    for (size_t i = 0; i < session->set.tables.count; i++) {
        const compare_table *table = &session->set.tables.data[i];
        if (table->param != param) continue;
        report_entry entry = {.session = session,
                              .table = table,
                              .param = store_results_param(&session->results, param)};
        size_t length = strcspn(entry.param->tags, " ");
        entry.class_name = length ? rf_strndup(entry.param->tags, length) : rf_strdup("other");
        rf_vector_push(&book->entries, entry);
    }
}

/* Per benchmark and input: the session that has the project's own language, else the newest. */
static ruff_status add_newest(store_db *db, int64_t since_ns, report_book *book, ruff_error *err)
{
    RF_VECTOR(int64_t) ids = {0};
    RF_VECTOR(int64_t) params = {0};
    char *last = NULL;
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_report_params, err, "i", since_ns);
    while (store_next(db, row, &status, err)) {
        char *key = rf_format_text("%s %s", store_text(row, 2), store_text(row, 3));
        if (!last || strcmp(last, key) != 0) {
            rf_vector_push(&ids, store_int(row, 0));
            rf_vector_push(&params, store_int(row, 1));
        }
        rf_free(last);
        last = key;
    }
    rf_free(last);
    for (size_t i = 0; i < ids.count && !status; i++) {
        if (!find_session(book, ids.data[i])) status = load_session(db, ids.data[i], book, err);
        if (!status) add_entry(book, find_session(book, ids.data[i]), params.data[i]);
    }
    rf_vector_release(&ids);
    rf_vector_release(&params);
    return status;
}

static ruff_status add_one_session(store_db *db, int64_t id, report_book *book, ruff_error *err)
{
    ruff_status status = load_session(db, id, book, err);
    if (status) return status;
    const report_session *session = book->sessions.data[0];
    for (size_t i = 0; i < session->results.params.count; i++)
        add_entry(book, session, session->results.params.data[i].id);
    return RUFF_OK;
}

static int compare_entries(const void *left, const void *right)
{
    const report_entry *a = left, *b = right;
    bool a_jit = !strcmp(a->class_name, "jit"), b_jit = !strcmp(b->class_name, "jit");
    if (a_jit != b_jit) return a_jit - b_jit; /* parts of an engine, not tasks: last */
    int order = strcmp(a->class_name, b->class_name);
    if (!order) order = strcmp(a->table->benchmark, b->table->benchmark);
    if (!order) order = (a->table->size > b->table->size) - (a->table->size < b->table->size);
    return order ? order : (a->table->seed > b->table->seed) - (a->table->seed < b->table->seed);
}

static int newest_first(const void *left, const void *right)
{
    int64_t a = (*(report_session *const *)left)->set.session,
            b = (*(report_session *const *)right)->set.session;
    return (b > a) - (b < a);
}

int report_size_rank(const compare_table *table)
{
    static const char *const preferred[] = {"default", "small", "large"};
    for (int i = 0; i < (int)RF_COUNT_OF(preferred); i++)
        if (!strcmp(preferred[i], table->size_label)) return i;
    return (int)RF_COUNT_OF(preferred);
}

static void mark_main(report_book *book)
{
    for (size_t i = 0; i < book->entries.count;) {
        size_t end = i, chosen = i;
        while (end < book->entries.count && !strcmp(book->entries.data[end].table->benchmark,
                                                    book->entries.data[i].table->benchmark)) {
            if (report_size_rank(book->entries.data[end].table) <
                report_size_rank(book->entries.data[chosen].table))
                chosen = end;
            end++;
        }
        book->entries.data[chosen].main = true;
        i = end;
    }
}

/* ---- what occurs ---- */

static bool has_text(char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(texts[i], text)) return true;
    return false;
}

/* Ruff's modes in the order of their speed, then the peers by name. */
static int rank_of_label(const char *label)
{
    static const char *const first[] = {"ruff:jit", "ruff:vm", "ruff:interp", "ruff"};
    for (int i = 0; i < (int)RF_COUNT_OF(first); i++)
        if (!strcmp(first[i], label)) return i;
    return (int)RF_COUNT_OF(first);
}

static int compare_labels(const void *left, const void *right)
{
    const char *a = *(char *const *)left, *b = *(char *const *)right;
    int order = rank_of_label(a) - rank_of_label(b);
    return order ? order : strcmp(a, b);
}

static void collect_names(report_book *book)
{
    for (size_t i = 0; i < book->entries.count; i++) {
        const report_entry *entry = &book->entries.data[i];
        if (!has_text(book->classes.data, book->classes.count, entry->class_name))
            rf_vector_push(&book->classes, rf_strdup(entry->class_name));
        for (size_t r = 0; r < entry->table->rows.count; r++)
            if (!has_text(book->labels.data, book->labels.count, entry->table->rows.data[r].label))
                rf_vector_push(&book->labels, rf_strdup(entry->table->rows.data[r].label));
    }
    if (book->labels.count)
        qsort(book->labels.data, book->labels.count, sizeof(char *), compare_labels);
}

static ruff_status load_facts(store_db *db, report_book *book, ruff_error *err)
{
    ruff_status status;
    sqlite3_stmt *row = store_bind(db, STORE_QUERY_environment_facts, err, "i",
                                   book->sessions.data[0]->results.session.environment_id);
    while (store_next(db, row, &status, err)) {
        report_fact fact = {rf_strdup(store_text(row, 0)), rf_strdup(store_text(row, 1))};
        rf_vector_push(&book->facts, fact);
    }
    return status;
}

/* Drops the series of other machines; finds the changes of the rest. */
static ruff_status load_history(store_db *db, int64_t since_ns, report_book *book, ruff_error *err)
{
    history_list all = {0}, rest = {0};
    const history_filter filter = {.metric = "iteration", .since_ns = since_ns};
    ruff_status status = history_load(db, &filter, &all, err);
    const char *machine = book->sessions.data[0]->set.machine;
    for (size_t i = 0; i < all.count; i++) {
        if (!strcmp(all.data[i].machine, machine))
            rf_vector_push(&book->history, all.data[i]);
        else
            rf_vector_push(&rest, all.data[i]);
    }
    rf_vector_release(&all);
    history_list_release(&rest);
    for (size_t i = 0; i < book->history.count && !status; i++) {
        history_findings findings;
        history_detect(&book->history.data[i], HISTORY_DELTA, &findings);
        status = history_match_changes(db, &book->history.data[i], &findings, false, err);
        rf_vector_push(&book->findings, findings);
    }
    return status;
}

static ruff_status count_other_machines(store_db *db, report_book *book, ruff_error *err)
{
    int64_t count = 0;
    ruff_status status = store_run_for_id(db, STORE_QUERY_count_other_machines, &count, err, "i",
                                          book->sessions.data[0]->results.session.machine_id);
    book->other_machines = (size_t)count;
    return status;
}

ruff_status report_book_load(store_db *db, const report_choice *choice,
                             const compare_options *options, report_book *book, ruff_error *err)
{
    *book = (report_book){.options = *options};
    ruff_status status = choice->session ? add_one_session(db, choice->session, book, err)
                                         : add_newest(db, choice->since_ns, book, err);
    if (!status && book->sessions.count) {
        qsort(book->sessions.data, book->sessions.count, sizeof(report_session *), newest_first);
        if (book->entries.count)
            qsort(book->entries.data, book->entries.count, sizeof(report_entry), compare_entries);
        mark_main(book);
        collect_names(book);
        status = load_facts(db, book, err);
        if (!status) status = load_history(db, choice->since_ns, book, err);
        if (!status) status = count_other_machines(db, book, err);
    }
    if (status) report_book_release(book);
    return status;
}

void report_book_release(report_book *book)
{
    for (size_t i = 0; i < book->sessions.count; i++) {
        compare_set_release(&book->sessions.data[i]->set);
        store_results_release(&book->sessions.data[i]->results);
        for (size_t t = 0; t < book->sessions.data[i]->absent.count; t++)
            rf_free(book->sessions.data[i]->absent.data[t]);
        rf_vector_release(&book->sessions.data[i]->absent);
        rf_free(book->sessions.data[i]);
    }
    for (size_t i = 0; i < book->entries.count; i++) rf_free(book->entries.data[i].class_name);
    for (size_t i = 0; i < book->facts.count; i++) {
        rf_free(book->facts.data[i].key);
        rf_free(book->facts.data[i].value);
    }
    for (size_t i = 0; i < book->classes.count; i++) rf_free(book->classes.data[i]);
    for (size_t i = 0; i < book->labels.count; i++) rf_free(book->labels.data[i]);
    for (size_t i = 0; i < book->findings.count; i++)
        history_findings_release(&book->findings.data[i]);
    rf_vector_release(&book->findings);
    history_list_release(&book->history);
    rf_vector_release(&book->sessions);
    rf_vector_release(&book->entries);
    rf_vector_release(&book->facts);
    rf_vector_release(&book->classes);
    rf_vector_release(&book->labels);
}

const report_session *report_book_newest(const report_book *book)
{
    return book->sessions.count ? book->sessions.data[0] : NULL;
}

const char *report_book_fact(const report_book *book, const char *key)
{
    for (size_t i = 0; i < book->facts.count; i++)
        if (!strcmp(book->facts.data[i].key, key)) return book->facts.data[i].value;
    return "";
}

const compare_row *report_entry_row(const report_entry *entry, const char *label)
{
    for (size_t i = 0; i < entry->table->rows.count; i++)
        if (!strcmp(entry->table->rows.data[i].label, label)) return &entry->table->rows.data[i];
    return NULL;
}

bool report_book_has_cpu_clock(const report_book *book, const char *label)
{
    for (size_t e = 0; e < book->entries.count; e++) {
        const compare_table *table = book->entries.data[e].table;
        for (size_t r = 0; r < table->rows.count; r++)
            if (table->rows.data[r].cpu_clock && (!label || !strcmp(table->rows.data[r].label, label)))
                return true;
    }
    return false;
}

char *report_book_label(const report_book *book, const char *label)
{
    return rf_format_text("%s%s", label,
                          report_book_has_cpu_clock(book, label) ? REPORT_CPU_CLOCK_MARK : "");
}

size_t report_book_main_count(const report_book *book, const char *class_name)
{
    size_t count = 0;
    for (size_t i = 0; i < book->entries.count; i++)
        count += book->entries.data[i].main &&
                 (!class_name || !strcmp(class_name, book->entries.data[i].class_name));
    return count;
}
