/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What code is mapped where in a process: proc_pid_maps(5), and the files, opened while the process is
 * there. Knows nothing of stacks.
 */
#ifndef LEASTCALL_LAYOUT_H
#define LEASTCALL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A file that is mapped somewhere. */
struct mapped_file {
	uint64_t device, inode;
	char *path; /* as the process has it */
	int fd;     /* -1: it is not there any more, or its name is another's now */
};

/* All files of all layouts, each once. */
struct mapped_files {
	struct mapped_file *list;
	size_t count;
};

/* From a file's first page to its last. */
struct module {
	uint64_t low, high;
	size_t file; /* index */
};

/* Pages that can be executed. */
struct segment {
	uint64_t start, end;
	uint64_t offset; /* in the file */
	size_t file;
};

struct layout {
	struct module *modules;
	size_t modules_count;
	struct segment *segments;
	size_t segments_count;
};

/* Reads it now, and opens what is not in `files` yet. False where the process is gone. */
bool layout_read(struct layout *ret, struct mapped_files *files, pid_t process);
void layout_drop(struct layout *layout);
void mapped_files_drop(struct mapped_files *files);
/* NULL where no code is mapped there. */
const struct segment *segment_find(const struct layout *layout, uint64_t address);

#endif
