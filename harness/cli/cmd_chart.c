/* Draws one kind of chart, or all of them. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/measure.h"
#include "cli/stored_profile.h"
#include "report/chart.h"
#include "report/page.h"
#include "report/profile_diff.h"
#include "report/svg.h"
#include "report/writer.h"
#include "suite/nearest.h"
#include "suite/selector.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef struct drawer {
    cli_context *cli;
    const report_story *story;
    RF_VECTOR(suite_selector) selectors;
    char *directory; /* owned; NULL: on the terminal */
    chart_format format;
    size_t drawn, missing;
    bool said_svg; /* that flame graphs are no PNG */
    char *first_note;  /* why a figure is missing; owned */
    char *first_empty; /* why a kind had nothing to draw; owned */
    rf_buffer out;
} drawer;

static ruff_status draw_file(drawer *it, const figure *drawing, ruff_error *err)
{
    chart_drawing files;
    ruff_status status = chart_draw(it->cli->launcher, drawing, it->cli->command_line,
                                    it->directory, it->format, &files, err);
    if (!status && files.image) {
        it->drawn++;
        rf_buffer_format(&it->out, "%s\n", files.image);
    } else if (!status) {
        it->missing++;
        if (!it->first_note) it->first_note = rf_strdup(files.note);
    }
    chart_drawing_release(&files);
    return status;
}

static ruff_status draw(drawer *it, const chart_kind *kind, const chart_subject *subject,
                        ruff_error *err)
{
    figure drawing;
    ruff_status status = RUFF_OK;
    const char *why = chart_make(kind, subject, &drawing);
    if (why && !it->first_empty) it->first_empty = rf_format_text("%s: %s", drawing.name, why);
    if (!why && it->directory) {
        status = draw_file(it, &drawing, err);
    } else if (!why) {
        if (it->drawn++) rf_buffer_append_byte(&it->out, '\n');
        figure_text(&drawing, &it->cli->out, &it->out);
    }
    figure_release(&drawing);
    return status;
}

static bool takes(const drawer *it, const char *benchmark, const char *size)
{
    for (size_t i = 0; i < it->selectors.count; i++)
        if (selector_takes_benchmark(&it->selectors.data[i], benchmark) &&
            (!it->selectors.data[i].size || !strcmp(it->selectors.data[i].size, size)))
            return true;
    return it->selectors.count == 0;
}

static bool takes_class(const drawer *it, const char *class_name)
{
    for (size_t e = 0; e < it->story->book->entries.count; e++) {
        const report_entry *entry = &it->story->book->entries.data[e];
        if (!strcmp(entry->class_name, class_name) &&
            takes(it, entry->table->benchmark, entry->table->size_label))
            return true;
    }
    return false;
}

static ruff_status draw_benchmarks(drawer *it, const chart_kind *kind, const report_frame *frame,
                                   ruff_error *err)
{
    const report_book *book = it->story->book;
    ruff_status status = RUFF_OK;
    bool growth = !strcmp(kind->name, "growth"); /* one chart for all sizes */
    for (size_t e = 0; e < book->entries.count && !status; e++) {
        const report_entry *entry = &book->entries.data[e];
        if (!takes(it, entry->table->benchmark, entry->table->size_label) ||
            (growth && !entry->main))
            continue;
        chart_subject subject = {.set = &entry->session->set,
                                 .table = entry->table,
                                 .results = &entry->session->results,
                                 .frame = frame};
        status = draw(it, kind, &subject, err);
    }
    return status;
}

static ruff_status draw_series(drawer *it, const chart_kind *kind, ruff_error *err)
{
    const report_book *book = it->story->book;
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < book->history.count && !status; i++) {
        if (!takes(it, book->history.data[i].benchmark, book->history.data[i].param)) continue;
        status = draw(
            it, kind,
            &(chart_subject){.series = &book->history.data[i], .findings = &book->findings.data[i]},
            err);
    }
    if (!book->history.count && !it->first_empty)
        it->first_empty = rf_strdup("history: no commit was measured");
    return status;
}

/* ---- flame graphs ---- */

static bool takes_profile(const void *context, const report_hot *hot)
{
    const drawer *it = context;
    const char *colon = strchr(hot->variant, ':');
    char *language = colon ? rf_strndup(hot->variant, (size_t)(colon - hot->variant)) : rf_strdup(hot->variant);
    bool fits = it->selectors.count == 0;
    for (size_t i = 0; i < it->selectors.count && !fits; i++) {
        const suite_selector *selector = &it->selectors.data[i];
        fits = selector_takes_benchmark(selector, hot->benchmark) && (!selector->size || !strcmp(selector->size, hot->size)) &&
               selector_takes_variant(selector, language, colon ? colon + 1 : "");
    }
    rf_free(language);
    return fits;
}

static ruff_status save(const drawer *it, const figure *drawing, const char *extension, const rf_buffer *text, char **path, ruff_error *err)
{
    *path = rf_format_text("%s/%s.%s", it->directory, drawing->name, extension);
    ruff_status status = rf_file_replace(*path, text->data, text->size, err);
    if (status) rf_error_wrap(err, "%s", *path);
    return status;
}

/* NAME.folded and NAME.svg, drawn by the profiler's own writer: light or dark as the reader's system is. */
static ruff_status save_flame(drawer *it, const figure *drawing, const report_hot *hot, const rf_profile *profile, ruff_error *err)
{
    rf_buffer folded = RF_BUFFER_INIT, svg = RF_BUFFER_INIT;
    char *data = NULL, *image = NULL, *origin = report_hot_origin(hot), *about = rf_format_text("%s. Made by: %s", drawing->subtitle, it->cli->command_line);
    rf_report_folded(profile, &folded);
    rf_report_svg_with(&svg, profile, &(rf_svg_words){.title = drawing->title, .note = origin, .about = about});
    ruff_status status = save(it, drawing, "folded", &folded, &data, err);
    if (!status) status = save(it, drawing, "svg", &svg, &image, err);
    if (!status) {
        it->drawn++;
        rf_buffer_format(&it->out, "%s\n", image);
    }
    rf_free(about);
    rf_free(origin);
    rf_free(data);
    rf_free(image);
    rf_buffer_release(&folded);
    rf_buffer_release(&svg);
    return status;
}

static ruff_status draw_flame(drawer *it, const chart_kind *kind, report_hot *hot, ruff_error *err)
{
    enum { MOST_BARS = 10 };
    rf_profile profile;
    figure drawing = {0};
    ruff_status status = cli_load_hot(it->cli, hot, MOST_BARS, &profile, err);
    const char *why = status ? NULL : chart_make(kind, &(chart_subject){.hot = hot}, &drawing);
    if (why && !it->first_empty) it->first_empty = rf_format_text("%s: %s", drawing.name, why);
    if (!status && !why && it->directory) {
        status = save_flame(it, &drawing, hot, &profile, err);
    } else if (!status && !why) {
        if (it->drawn++) rf_buffer_append_byte(&it->out, '\n');
        figure_text(&drawing, &it->cli->out, &it->out);
    }
    figure_release(&drawing);
    rf_profile_release(&profile);
    return status;
}

/* NAME.folded (two columns) and NAME.svg. */
static ruff_status save_flame_diff(drawer *it, const figure *drawing, const rf_profile *before, const rf_profile *after, ruff_error *err)
{
    static const char *const extensions[] = {"folded", "svg"};
    ruff_status status = RUFF_OK;
    rf_profile_diff diff;
    char *obstacle = rf_profile_diff_obstacle(&(rf_diff_side){&before, 1, "before"}, &(rf_diff_side){&after, 1, "after"});
    if (obstacle && !it->first_empty) it->first_empty = rf_format_text("%s: %s", drawing->name, obstacle);
    if (obstacle) {
        rf_free(obstacle);
        return RUFF_OK;
    }
    rf_profile_diff_init(&diff, &(rf_diff_side){&before, 1, "before"}, &(rf_diff_side){&after, 1, "after"});
    rf_free(diff.united.run.script); /* the heading */
    diff.united.run.script = rf_strdup(drawing->title);
    for (size_t i = 0; i < RF_COUNT_OF(extensions) && !status; i++) {
        char *error = NULL, *path = rf_format_text("%s/%s.%s", it->directory, drawing->name, extensions[i]);
        if (!rf_profile_diff_write(&diff, path, &error)) status = rf_error_set(err, RUFF_E_IO, "%s", error);
        if (!status && i + 1 == RF_COUNT_OF(extensions)) rf_buffer_format(&it->out, "%s\n", path);
        rf_free(error);
        rf_free(path);
    }
    it->drawn += !status;
    rf_profile_diff_release(&diff);
    return status;
}

static ruff_status draw_flame_diff(drawer *it, const chart_kind *kind, report_hot *hot, ruff_error *err)
{
    enum { MOST_FUNCTIONS = 60 };
    rf_profile profiles[2];
    report_hot before;
    figure drawing = {0};
    if (!cli_find_earlier_profile(it->cli, hot, &before)) {
        if (!it->first_empty)
            it->first_empty = rf_format_text("flame-diff: only one session has a profile of %s; `ruffbench profile %s` after a `ruffbench run` "
                                             "on another commit keeps a second", hot->benchmark, hot->benchmark);
        return RUFF_OK;
    }
    ruff_status status = cli_load_hot(it->cli, &before, MOST_FUNCTIONS, &profiles[0], err);
    if (!status) {
        status = cli_load_hot(it->cli, hot, MOST_FUNCTIONS, &profiles[1], err);
        const char *why = status ? NULL : chart_make(kind, &(chart_subject){.hot = hot, .before = &before}, &drawing);
        if (why && !it->first_empty) it->first_empty = rf_format_text("%s: %s", drawing.name, why);
        if (!status && !why && it->directory) {
            status = save_flame_diff(it, &drawing, &profiles[0], &profiles[1], err);
        } else if (!status && !why) {
            if (it->drawn++) rf_buffer_append_byte(&it->out, '\n');
            figure_text(&drawing, &it->cli->out, &it->out);
        }
        figure_release(&drawing);
        rf_profile_release(&profiles[1]);
    }
    rf_profile_release(&profiles[0]);
    report_hot_release(&before);
    return status;
}

static bool takes_any(const void *context, const report_hot *hot)
{
    (void)context;
    (void)hot;
    return true;
}

/* Why there is no flame graph: the name is unknown, or nobody profiled it. */
static ruff_status explain_no_profile(drawer *it, ruff_error *err)
{
    if (!it->selectors.count) {
        it->first_empty = rf_strdup("flame: no profile is stored; `ruffbench profile BENCH` keeps one");
        return RUFF_OK;
    }
    const suite_selector *selector = &it->selectors.data[0];
    const char *word = it->cli->words.data[1];
    report_hot_list hot;
    RF_VECTOR(const char *) names = {0};
    bool is_known = false;
    ruff_status status = cli_list_profiles(it->cli, takes_any, NULL, &hot, err);
    for (size_t i = 0; i < hot.list.count; i++) rf_vector_push(&names, hot.list.data[i].benchmark);
    for (size_t e = 0; e < it->story->book->entries.count; e++) rf_vector_push(&names, it->story->book->entries.data[e].table->benchmark);
    for (size_t i = 0; i < names.count; i++) is_known = is_known || selector_takes_benchmark(selector, names.data[i]);
    const char *meant = nearest_name(selector->benchmark, names.data, names.count);
    it->first_empty =
        is_known ? rf_format_text("flame: no profile of `%s` is stored; `ruffbench profile %s` keeps one", word, word)
                 : rf_format_text("flame: no stored result or profile is called `%s`%s%s%s", word, meant ? "; did you mean `" : "",
                                  meant ? meant : "", meant ? "`?" : "; `ruffbench list` names the benchmarks");
    rf_vector_release(&names);
    report_hot_list_release(&hot);
    return status;
}

static ruff_status draw_flames(drawer *it, const chart_kind *kind, ruff_error *err)
{
    report_hot_list hot;
    const size_t before = it->drawn;
    ruff_status status = cli_list_profiles(it->cli, takes_profile, it, &hot, err);
    for (size_t i = 0; i < hot.list.count && !status; i++)
        status = kind->scope == CHART_OF_PROFILE ? draw_flame(it, kind, &hot.list.data[i], err)
                                                 : draw_flame_diff(it, kind, &hot.list.data[i], err);
    if (it->drawn > before && it->format == CHART_PNG && !it->said_svg)
        cli_note(it->cli, "flame graphs are SVG whatever --term says: a browser shows them and finds functions in them");
    it->said_svg = it->said_svg || it->drawn > before;
    if (!status && !hot.list.count && !it->first_empty) status = explain_no_profile(it, err);
    report_hot_list_release(&hot);
    return status;
}

static ruff_status draw_kind(drawer *it, const chart_kind *kind, ruff_error *err)
{
    const report_frame *frame = it->story->frames.count ? &it->story->frames.data[0] : NULL;
    const report_book *book = it->story->book;
    ruff_status status = RUFF_OK;
    if (!frame && kind->scope != CHART_OF_PROFILE && kind->scope != CHART_OF_PROFILE_PAIR) return RUFF_OK; /* without results only profiles can be drawn */
    switch (kind->scope) {
    case CHART_OF_BENCHMARK: return draw_benchmarks(it, kind, frame, err);
    case CHART_OF_BOOK: return draw(it, kind, &(chart_subject){.frame = frame}, err);
    case CHART_OF_SERIES: return draw_series(it, kind, err);
    case CHART_OF_PROFILE:
    case CHART_OF_PROFILE_PAIR: return draw_flames(it, kind, err);
    case CHART_OF_CLASS: break;
    }
    for (size_t c = 0; c < book->classes.count && !status; c++)
        if (takes_class(it, book->classes.data[c]))
            status =
                draw(it, kind,
                     &(chart_subject){.frame = frame, .class_name = book->classes.data[c]}, err);
    return status;
}

static cli_exit list_kinds(void)
{
    for (size_t i = 0; i < chart_kind_count; i++)
        printf("%-16s %s\n", chart_kinds[i].name, chart_kinds[i].shows);
    return CLI_EXIT_DONE;
}

static cli_exit unknown_kind(const cli_context *cli, const char *name)
{
    RF_VECTOR(const char *) names = {0};
    for (size_t i = 0; i < chart_kind_count; i++) rf_vector_push(&names, chart_kinds[i].name);
    const char *meant = nearest_name(name, names.data, names.count);
    rf_vector_release(&names);
    return cli_usage_error(cli, "there is no chart `%s`%s%s%s", name,
                           meant ? "; did you mean `" : "; `ruffbench chart` lists them",
                           meant ? meant : "", meant ? "`?" : "");
}

/* Where files go: --dir, else beside the database.  Nothing for the terminal. */
static cli_exit choose_directory(drawer *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    const char *term = it->cli->options.term, *named = it->cli->options.dir;
    char text[128];
    if (term && strcmp(term, "svg") != 0 && strcmp(term, "png") != 0 && strcmp(term, "text") != 0)
        return cli_usage_error(it->cli, "--term: `%s`; use svg, png or text", term);
    it->format = term && !strcmp(term, "png") ? CHART_PNG : CHART_SVG;
    if (term && !strcmp(term, "text")) return CLI_EXIT_DONE;
    if (named && mkdir(named, 0777) != 0 && errno != EEXIST)
        return cli_usage_error(it->cli, "--dir: cannot make %s: %s", named,
                               rf_os_error_text(errno, text, sizeof text));
    it->directory = named ? rf_strdup(named) : cli_chart_directory(it->cli, &err);
    return it->directory ? CLI_EXIT_DONE : cli_fail(it->cli, &err);
}

static cli_exit parse_selectors(drawer *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    for (size_t i = 1; i < it->cli->words.count; i++) {
        suite_selector selector;
        if (selector_parse(&selector, it->cli->words.data[i], &err)) return cli_fail(it->cli, &err);
        rf_vector_push(&it->selectors, selector);
    }
    return CLI_EXIT_DONE;
}

static cli_exit draw_chosen(drawer *it, const chart_kind *kind)
{
    ruff_error err = RUFF_ERROR_INIT;
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < chart_kind_count && !status; i++)
        if (!kind || kind == &chart_kinds[i]) status = draw_kind(it, &chart_kinds[i], &err);
    cli_print(&it->out);
    if (status) return cli_fail(it->cli, &err);
    if (it->missing)
        cli_note(it->cli,
                 "%zu figure%s missing: %s (Debian: apt-get install gnuplot-nox); `--term text` "
                 "draws here",
                 it->missing, it->missing == 1 ? "" : "s", it->first_note);
    if (!it->drawn && !it->missing)
        cli_note(it->cli, "nothing to draw%s%s", it->first_empty ? ": " : "",
                 it->first_empty ? it->first_empty : "; no results match");
    return CLI_EXIT_DONE;
}

static cli_exit run_with_store(cli_context *cli, const chart_kind *kind)
{
    ruff_error err = RUFF_ERROR_INIT;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    report_book book;
    report_story story;
    report_choice choice = {0};
    drawer it = {.cli = cli, .story = &story};
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code && cli->options.stored)
        code = cli_find_session(cli, cli->options.stored, &choice.session);
    if (!code) code = parse_selectors(&it);
    if (!code) code = choose_directory(&it);
    if (!code && report_book_load(cli->db, &choice, &options, &book, &err))
        code = cli_fail(cli, &err);
    else if (!code) {
        report_story_init(&story, &book);
        code = draw_chosen(&it, kind);
        report_story_release(&story);
        report_book_release(&book);
    }
    for (size_t i = 0; i < it.selectors.count; i++) selector_release(&it.selectors.data[i]);
    rf_vector_release(&it.selectors);
    rf_free(it.directory);
    rf_free(it.first_note);
    rf_free(it.first_empty);
    return code;
}

static cli_exit run(cli_context *cli)
{
    const char *name = cli->words.count ? cli->words.data[0] : NULL;
    if (!name) return list_kinds();
    bool all = !strcmp(name, "all");
    const chart_kind *kind = all ? NULL : chart_kind_find(name);
    if (!all && !kind) return unknown_kind(cli, name);
    return run_with_store(cli, kind);
}

static const cli_option_id options[] = {CLI_OPTION_term, CLI_OPTION_dir, CLI_OPTION_stored,
                                        CLI_OPTION_END};

const cli_command cmd_chart = {
    .name = "chart",
    .summary = "draw charts of what is stored",
    .arguments = "[KIND|all [BENCH[/SIZE][@LANG[:MODE]] ...]]",
    .about = "Draws charts with gnuplot as light and dark SVG or PNG, beside their "
             "data and scripts, or on the terminal with --term text. "
             "flame is drawn from the newest profile that `ruffbench profile` kept, flame-diff from it and the one of the session before, both as SVG with folded stacks beside it. "
             "Without arguments it lists the kinds.",
    .options = options,
    .examples = "ruffbench chart bars fibonacci\n"
                "ruffbench chart heat --term text\n"
                "ruffbench chart flame fibonacci@ruff:vm\n"
                "ruffbench chart all --dir charts",
    .starts_children = true,
    .run = run};
