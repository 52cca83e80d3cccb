/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The root directories that tasks have, by the numbers that the kernel side gave them; few are open
 * at a time.
 */
#ifndef LEASTCALL_ROOTS_H
#define LEASTCALL_ROOTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lookups;
struct roots;

struct root {
	char *path;      /* in its mount namespace; NULL: not told yet */
	uint32_t mounts; /* the inode of the namespace */
	uint32_t mount;  /* the number of the mount that it is on: mountinfo has it */
	int fd;          /* -1: not open */
};

/* The lookups stay their owner's, and are needed until roots_free(). */
struct roots *roots_new(struct lookups *lookups);
void roots_free(struct roots *roots);

/* `process` has it: 0 where that can't be named. What `root` holds is copied, but for `fd`. */
void roots_add(struct roots *roots, uint32_t number, pid_t process, const struct root *root);
/* NULL where nothing was told of it; its fd is -1 where it can't be opened. Until the next call. */
struct root *root_get(struct roots *roots, uint32_t number, pid_t process);
/* Is it the recorder's own? */
bool root_is_own(const struct roots *roots, const struct root *root);
/* Has another one taken its place, as pivot_root(2) does it? What was looked up before may be elsewhere
 * in the one that was. `process` had it. */
bool root_is_replaced(const struct roots *roots, const struct root *root, pid_t process);
/* Closes all but the recorder's own: whoever has one may want to unmount it. They are opened again
 * where they are needed. */
void roots_rest(struct roots *roots);

/* What an open descriptor stands for, in its mount namespace, to be freed; NULL where that can't be
 * told. */
char *descriptor_path(int fd);
/* Is that on this mount? True where the kernel can't tell, which is so before Linux 5.8. */
bool is_on_mount(int directory, const char *path, uint32_t mount);

#endif
