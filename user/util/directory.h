/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A directory of files that somebody asked for by name: all of it, or nothing. Knows nothing of what
 * is in the files. */
#ifndef LEASTCALL_DIRECTORY_H
#define LEASTCALL_DIRECTORY_H

#include "util.h"

struct directory_file {
	char *path; /* below the directory; directories on it are made */
	char *text;
	size_t size;
};

/* What it holds; not the struct. */
void directory_file_drop(struct directory_file *file);

/*
 * Made beside PATH and renamed, so that a failure leaves nothing. What is at PATH must be an empty
 * directory, or nothing. Returns 0, or a negative errno with the words in err.
 */
int directory_write(const char *path, const struct directory_file *files, size_t count,
		    struct err *err);

#endif
