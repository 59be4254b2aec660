/* Properties of characters and edges of text, as BUILTINS 7 means them (Unicode classes). */
#ifndef RF_LIB_TEXT_H
#define RF_LIB_TEXT_H

#include "base/base.h"

bool rf_text_is_space(uint32_t code_point);     /* Unicode White_Space */
bool rf_text_is_word(uint32_t code_point);      /* letter or digit: categories L and N */
bool rf_text_is_upper(uint32_t code_point);     /* upper or title case letter */
uint32_t rf_text_to_upper(uint32_t code_point); /* simple mapping */
uint32_t rf_text_to_lower(uint32_t code_point);
/* Offset of the first character that is not white space (size when there is none). */
size_t rf_text_start_without_space(const char *text, size_t size);
/* Offset after the last character that is not white space (0 when there is none). */
size_t rf_text_end_without_space(const char *text, size_t size);

#endif
