/* Writes a made profile into each file named, for the tests that read it with other tools.  --frames N: one with that many
 * nodes of the call tree.  --diff FILE: the difference of two. */
#include "report/profile_diff.h"
#include "report/report.h"
#include "support/profile_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_diff(const char *path)
{
    rf_profile before, after;
    rf_profile_diff diff;
    char *error = NULL;
    profile_builder_init(&before);
    profile_builder_add(&before, "main@1:2/vm;removed@30:31/vm;inner@33:34/vm", 400);
    profile_builder_add(&before, "main@1:3/vm;work@10:12/vm", 600);
    profile_builder_init(&after);
    after.run.script_digest++;
    profile_builder_add(&after, "main@1:4/vm;work@14:17/jit", 650);
    profile_builder_add(&after, "main@1:5/vm;work@14:17/jit;added@40:41/inl", 350);
    const rf_profile *lists[] = {&before, &after};
    const rf_diff_side left = {&lists[0], 1, "1"}, right = {&lists[1], 1, "2"};
    rf_profile_diff_init(&diff, &left, &right);
    const bool is_written = rf_profile_diff_write(&diff, path, &error);
    if (!is_written) fprintf(stderr, "%s\n", error);
    rf_free(error);
    rf_profile_diff_release(&diff);
    rf_profile_release(&before);
    rf_profile_release(&after);
    return !is_written;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--diff") == 0) return write_diff(argv[2]);
    rf_profile profile;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--frames") == 0) {
        profile_builder_wide(&profile, (unsigned)strtoul(argv[2], NULL, 10));
        first = 3;
    } else {
        profile_builder_demo(&profile);
    }
    int code = 0;
    for (int i = first; i < argc; i++) {
        char *error = NULL;
        if (rf_report_write(&profile, argv[i], &error)) continue;
        fprintf(stderr, "%s\n", error);
        rf_free(error);
        code = 1;
    }
    rf_profile_release(&profile);
    return code;
}
