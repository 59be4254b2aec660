#include "suite/template.h"

#include "base/buffer.h"

#include <string.h>

static const char *const names[] = {
#define SUITE_TEMPLATE(name, meaning) #name,
#include "suite/template.def"
#undef SUITE_TEMPLATE
};

const char *const *template_names(void)
{
    return names;
}

/* "{word}" at text: its length with braces, else 0.  Only lower-case words count, so JSON and code
 * pass through. */
static size_t braced(const char *text)
{
    if (*text != '{') return 0;
    size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz");
    return length && text[1 + length] == '}' ? length + 2 : 0;
}

static template_name find_name(const char *braces, size_t length)
{
    size_t i = 0;
    while (i < TEMPLATE_COUNT &&
           (strlen(names[i]) != length - 2 || memcmp(names[i], braces + 1, length - 2)))
        i++;
    return (template_name)i;
}

const char *template_unknown(const char *text, char *name, size_t size)
{
    for (; *text; text++) {
        size_t length = braced(text);
        if (!length || find_name(text, length) != TEMPLATE_COUNT) continue;
        size_t kept = length - 2 < size - 1 ? length - 2 : size - 1;
        memcpy(name, text + 1, kept);
        name[kept] = '\0';
        return text;
    }
    return NULL;
}

bool template_uses(char *const *words, size_t count, template_name name)
{
    for (size_t i = 0; i < count; i++)
        for (const char *at = words[i]; *at; at++) {
            size_t length = braced(at);
            if (length && find_name(at, length) == name) return true;
        }
    return false;
}

void template_words_push(template_words *words, char *word)
{
    rf_vector_push(words, word);
    rf_vector_push(words, NULL);
    words->count--;
}

static char *expand_word(const char *word, const template_values *values)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append(&out, "", 0);
    while (*word) {
        size_t length = braced(word);
        template_name name = length ? find_name(word, length) : TEMPLATE_COUNT;
        if (name == TEMPLATE_COUNT) {
            rf_buffer_append_byte(&out, *word++);
            continue;
        }
        if (values->text[name]) rf_buffer_append_text(&out, values->text[name]);
        word += length;
    }
    return rf_buffer_take(&out);
}

void template_expand(char *const *words, size_t count, const template_values *values,
                     template_words *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], "{mode}") == 0)
            for (size_t m = 0; m < values->mode_count; m++)
                template_words_push(out, expand_word(values->mode[m], values));
        else
            template_words_push(out, expand_word(words[i], values));
    }
}

void template_words_release(template_words *words)
{
    for (size_t i = 0; i < words->count; i++) rf_free(words->data[i]);
    rf_vector_release(words);
}
