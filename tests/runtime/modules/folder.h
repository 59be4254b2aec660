/* A temporary folder with files, which becomes the working directory. */
#ifndef MODULES_TEST_FOLDER_H
#define MODULES_TEST_FOLDER_H

/* Setup and teardown of a test; the folder is empty at first. */
int folder_setup(void **state);
int folder_teardown(void **state);
/* Canonical path of the folder. */
const char *folder_path(void);
/* Writes text into the file, making the folders of its path. */
void folder_write(const char *path, const char *text);
void folder_make(const char *path);
void folder_link(const char *target, const char *path);

#endif
