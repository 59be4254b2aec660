/* See terminal.h. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>

enum { FEWEST = 40, MOST = 10000 }; /* less cannot be laid out */

unsigned cli_terminal_columns(int fd)
{
    const char *wanted = getenv("COLUMNS");
    struct winsize size = {0};
    unsigned long columns = wanted ? strtoul(wanted, NULL, 10) : 0;
    if (columns == 0 && ioctl(fd, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
    if (columns == 0 || columns > MOST) return 0;
    return columns < FEWEST ? FEWEST : (unsigned)columns;
}
