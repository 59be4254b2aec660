#include "report/html.h"

void report_html(const report_story *story, rf_buffer *out)
{
    (void)story;
    (void)out;
}
