/* Commands with {names} in them, expanded into an argument vector and never through a shell. */
#ifndef SUITE_TEMPLATE_H
#define SUITE_TEMPLATE_H

#include "base/base.h"
#include "base/vector.h"

typedef enum template_name {
#define SUITE_TEMPLATE(name, meaning) TEMPLATE_##name,
#include "suite/template.def"
#undef SUITE_TEMPLATE
    TEMPLATE_COUNT
} template_name;

typedef struct template_values {
    const char *text[TEMPLATE_COUNT]; /* borrowed; NULL expands to nothing */
    char *const *mode;                /* what {mode} stands for */
    size_t mode_count;
} template_values;

typedef RF_VECTOR(char *)
    template_words; /* each owned; ends with a NULL that count does not include */

/* The first {name} of text that is no template; NULL when all are known.  Writes it (without
 * braces, cut to fit) into name. */
const char *template_unknown(const char *text, char *name, size_t size);
bool template_uses(char *const *words, size_t count, template_name name);
const char *const *template_names(void); /* TEMPLATE_COUNT of them */
/* Appends the expansion of words to out. */
void template_expand(char *const *words, size_t count, const template_values *values,
                     template_words *out);
void template_words_push(template_words *words,
                         char *word); /* steals word; keeps the NULL behind it */
void template_words_release(template_words *words);

#endif
