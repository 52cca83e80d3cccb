/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Files that people asked for by name. A report or a profile is written beside its target and
 * renamed, so that a failed write never leaves half of one behind; a recording is written to the
 * file itself as it grows. Devices, FIFOs and "-" (stdout) are written directly: a rename would
 * replace them.
 */
#ifndef LEASTCALL_OUTPUT_H
#define LEASTCALL_OUTPUT_H

#include "util.h"

struct output {
	FILE *file;
	char *path;   /* what the user called it; "-" is stdout */
	char *beside; /* the temporary name, or NULL where the target is written directly */
};

/*
 * Opens PATH ("-" or NULL: stdout) for a whole result. Refuses a target that is a symbolic link or
 * a directory. A file of ours that is there keeps its rights as one that is changed; another's is
 * replaced by a new one. Returns 0, or a negative errno with the words in err.
 */
int output_open(struct output *out, const char *path, struct err *err);
/*
 * The same for a file that is changed, not made: it keeps its mode, and its owner, group and access
 * control list where that is allowed; else whoever could not read or write it still cannot.
 */
int output_open_changed(struct output *out, const char *path, struct err *err);
/*
 * Opens PATH to be written as it grows (O_NOFOLLOW). With `fresh` an existing file is refused
 * (-EEXIST), else it is truncated, unless it is another user's (-EPERM).
 */
int output_open_growing(struct output *out, const char *path, bool fresh, struct err *err);
/* Would the file that is there do? It stays as it is. */
int output_try_growing(const char *path, struct err *err);
/* Flushes, syncs errors out (a full disk shows here), renames. The output is closed either way. */
int output_commit(struct output *out, struct err *err);
/* Closes, and removes what was written beside the target. Does nothing after output_commit(). */
void output_abandon(struct output *out);

#endif
