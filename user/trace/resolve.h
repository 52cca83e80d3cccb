/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a name leads to, for a task that may be gone: the name is looked up again, below the root
 * directory that the task had, which was opened when a task with that root was first seen. Knows
 * nothing of calls and facts.
 *
 * Between the call and this lookup somebody may exchange a symbolic link, or remove a directory.
 * What can't be looked up any more is told as it was spelled, and flagged, unless everything on the
 * way was seen to be what it seems.
 */
#ifndef LEASTCALL_RESOLVE_H
#define LEASTCALL_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct known;
struct resolver;
struct roots;

struct resolver *resolver_new(void);
void resolver_free(struct resolver *resolver);

/* What it knows, and the roots that it looks names up below; both stay the resolver's. */
struct known *resolver_known(struct resolver *resolver);
struct roots *resolver_roots(struct resolver *resolver);

/* What is asked. */
struct name_query {
	const char *scope; /* see known.h */
	const char *base;  /* where the name starts, resolved; NULL: it is absolute */
	const char *name;  /* as it was spelled; "": the base itself */
	uint32_t root;     /* the number of the task's root; 0: not known */
	pid_t process;     /* the task's; 0 where it can't be named */
	bool follow;       /* a symbolic link at the end of the name */
	bool look;         /* what is there now is wanted, too: `exists` and what follows it */
	bool bound;        /* it was changed by one who may not change what is root's alone */
};

struct place {
	char *path; /* absolute in the mount namespace, without a slash at its end; owned */
	bool resolved;
	bool impossible; /* it is what is found now, but who called could not have changed it */
	bool climbed;    /* above the base, which may be deleted and this is not */
	bool magic;      /* it is what a descriptor stood for */
	bool deleted;    /* it had no name when it was looked up */
	bool exists;     /* it is there now, and so what follows is known */
	bool directory;
	bool roots_alone; /* it is root's, and nobody else may write to it */
	uid_t uid;
};

void place_drop(struct place *place);
/* What could not be looked up may be known by now. */
void place_settle(const struct resolver *resolver, const struct name_query *query,
		  struct place *place);
/* Is what the task has at /proc the kernel's own? */
bool resolver_has_proc(struct resolver *resolver, const struct name_query *query);
/* Always gives a path, for the caller to place_drop(): `resolved` says what it is worth. What the
 * query points at is borrowed for the call. */
void resolver_find(struct resolver *resolver, const struct name_query *query, struct place *ret);

#endif
