#include "run/child_env.h"

#include <stdlib.h>
#include <string.h>

static void set(template_words *out, const char *name, const char *value)
{
    template_words_push(out, rf_format_text("%s=%s", name, value));
}

static void pass(template_words *out, const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    if (!value) value = otherwise;
    if (value) set(out, name, value);
}

/* NAME passes a variable through, NAME=VALUE sets it. */
static void add_listed(template_words *out, char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (strchr(words[i], '='))
            template_words_push(out, rf_strdup(words[i]));
        else
            pass(out, words[i], NULL);
    }
}

void run_child_env(const suite_language *language, const suite_mode *mode, unsigned pad_bytes,
                   template_words *out)
{
    char pad[RUN_PAD_MOST + 1];
    if (pad_bytes > RUN_PAD_MOST) pad_bytes = RUN_PAD_MOST;
    memset(pad, 'x', pad_bytes);
    pad[pad_bytes] = '\0';
    pass(out, "PATH", "/usr/bin:/bin");
    pass(out, "HOME", "/");
    set(out, "LANG", "C");
    set(out, "TZ", "UTC");
    add_listed(out, language->env, language->env_count);
    if (mode) add_listed(out, mode->env, mode->env_count);
    set(out, "RUFFBENCH_PAD", pad);
}
