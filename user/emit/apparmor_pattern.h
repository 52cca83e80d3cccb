/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of one length in one directory, and the patterns that they are likely to have been made by.
 * Knows a name's bytes, who saw it and what was done to it, and not where it is.
 */
#ifndef LEASTCALL_APPARMOR_PATTERN_H
#define LEASTCALL_APPARMOR_PATTERN_H

#include "apparmor_cells.h"

struct sample {
	const uint16_t *cells; /* bytes only; borrowed */
	size_t size;
	const char *run;
	bool written; /* it, or anything below it */
};

struct patterns {
	struct cells *list;
	size_t count, room;
};

/*
 * Adds what the samples, of `size` cells each and no two the same, have in common, where they are of
 * several runs. They are sorted by it.
 */
void patterns_find(struct patterns *patterns, struct sample *samples, size_t count, size_t size);
/*
 * Adds what the samples, of any size, have in common where they differ in decimal numbers alone, which
 * are of several lengths. They are sorted by it.
 */
void patterns_find_numbers(struct patterns *patterns, struct sample *samples, size_t count);
/* Is the name, of bytes, one of those that the pattern stands for? */
bool pattern_fits(const struct cells *pattern, const uint16_t *name, size_t size);
/* Those of which most bytes are known, then those of the smaller classes. */
int pattern_compare(const void *x, const void *y);
/* Takes the cells over. */
void patterns_add(struct patterns *patterns, struct cells cells);
/* Were they seen in more than one run? */
bool samples_apart(const struct sample *samples, size_t count);
/* Those that differ in their classes alone become one; then the closest ones stand first. */
void patterns_settle(struct patterns *patterns);
void patterns_drop(struct patterns *patterns);

#endif
