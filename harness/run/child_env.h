/* The environment of a child: cleaned, so that nothing of the user's session changes what is
 * measured. */
#ifndef RUN_CHILD_ENV_H
#define RUN_CHILD_ENV_H

#include "suite/language.h"
#include "suite/template.h"

enum { RUN_PAD_MOST = 4096 };

/* PATH, HOME, LANG=C, TZ=UTC, what the language and the mode (may be NULL) list, and RUFFBENCH_PAD,
 * a run of pad_bytes x's: it moves the stack, so that one lucky alignment does not decide a
 * comparison. */
void run_child_env(const suite_language *language, const suite_mode *mode, unsigned pad_bytes,
                   template_words *out);

#endif
