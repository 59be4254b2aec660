/* Writes a made profile into each file named, for the tests that read it with other tools.  --frames N: one with that many
 * nodes of the call tree. */
#include "report/report.h"
#include "support/profile_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
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
