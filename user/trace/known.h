/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was seen to be a directory, a file or a symbolic link: by it a name can be told where it can't
 * be looked up any more. Paths are bytes, in a scope, which is any word; they are copied.
 */
#ifndef LEASTCALL_KNOWN_H
#define LEASTCALL_KNOWN_H

#include <stdbool.h>

struct known;

struct known *known_new(void);
void known_free(struct known *known);

/* It is a directory, or a file, and what is above it are directories: no symbolic link. */
void known_add(struct known *known, const char *scope, const char *path, bool directory);
/* ... or one may have been put there, whatever it is by now; a directory is not known any more. */
void known_add_link(struct known *known, const char *scope, const char *path);
bool known_directory(const struct known *known, const char *scope, const char *path);
/* The same, or a file. */
bool known_path(const struct known *known, const char *scope, const char *path);

#endif
