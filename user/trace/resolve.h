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

struct resolver;

struct resolver *resolver_new(void);
void resolver_free(struct resolver *resolver);

/*
 * A root directory that tasks have: its number, its path in its mount namespace, that namespace's
 * inode and a process that has it, 0 where that can't be named. What `path` points at is copied.
 */
void resolver_add_root(struct resolver *resolver, uint32_t number, const char *path,
		       uint32_t mounts, pid_t process);

/* Closes the roots that are no namespace's: who has one may want to unmount it. They are opened
 * again where they are needed. */
void resolver_rest(struct resolver *resolver);

/* In this scope (any word) the path is a directory, or a file, and what is above it are directories:
 * no symbolic link. Bytes, as everywhere here. */
void resolver_learn(struct resolver *resolver, const char *scope, const char *path, bool directory);
/* ... or one was made there, whatever it is by now; a directory is not known any more. */
void resolver_learn_link(struct resolver *resolver, const char *scope, const char *path);
bool resolver_knows_directory(const struct resolver *resolver, const char *scope, const char *path);

/* What is asked. */
struct name_query {
	const char *scope; /* see resolver_learn() */
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
