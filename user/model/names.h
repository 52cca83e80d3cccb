/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A set of borrowed strings: added in any order, then settled. Knows nothing of what they name. */
#ifndef LEASTCALL_NAMES_H
#define LEASTCALL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised it is empty. The strings stay their owner's. */
struct names {
	const char **list; /* sorted and unique once settled */
	size_t count, room;
};

void names_add(struct names *names, const char *name);
/* Sorts, and keeps each name once. More may be added afterwards, and settled again. */
void names_settle(struct names *names);
/* Of a settled set. */
bool names_have(const struct names *names, const char *name);
/* Gives the set away: what is left is empty. */
struct names names_take(struct names *names);
void names_drop(struct names *names);
#define _cleanup_names_ __attribute__((cleanup(names_drop)))

/* "a, b, c and 17 more", for people: printable. The caller frees it. */
char *names_shown(const char *const *list, size_t count);

/* For qsort() and bsearch() over pointers to strings: by their bytes. */
int name_compare(const void *a, const void *b);

#endif
