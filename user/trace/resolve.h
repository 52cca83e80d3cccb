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

/* Who called, as far as owners and modes of files bind it. */
struct caller {
	uint32_t bound; /* enum bound */
	uid_t uid;
	const uint32_t *gids;
	uint32_t gid_count; /* or NAME_GIDS_ALL */
};

/* What a call must be allowed by them that succeeded. */
enum needs {
	NEEDS_NOTHING,
	NEEDS_DIRECTORY, /* to write to the directory that the name is in */
	NEEDS_FILE,      /* to own what is there, or to write to it */
	NEEDS_SOCKET,    /* the same of a socket */
	NEEDS_PROGRAM,   /* to execute it */
};

/* What is asked. */
struct name_query {
	const char *scope; /* see known.h */
	const char *base;  /* where the name starts, resolved; NULL: it is absolute */
	const char *name;  /* as it was spelled; "": the base itself */
	uint32_t root;     /* the number of the task's root; 0: not known */
	pid_t process;     /* the task's; 0 where it can't be named */
	bool follow;       /* a symbolic link at the end of the name */
	bool look;         /* what is there now is wanted, too: `exists` and what follows it */
	struct caller caller;
	enum needs needs;
};

struct place {
	char *path; /* absolute in the mount namespace, without a slash at its end; owned */
	bool resolved;
	bool forbidden; /* it is what is found now, but the caller could not have changed it */
	bool climbed;   /* above the base, which may be deleted and this is not */
	bool magic;     /* it is, or starts at, what a descriptor stood for */
	bool late;      /* the name began with such a link, which was read after the call */
	bool deleted;   /* it had no name when it was looked up */
	bool exists;    /* it is there now, and so what follows is known */
	bool directory;
	uint32_t mode; /* as in stat(2) */
	uid_t uid;
	gid_t gid;
};

void place_drop(struct place *place);
/* Was it not the caller's to do? `place` is what the need is about. */
bool place_is_forbidden(const struct place *place, const struct caller *caller, enum needs needs);
/* What could not be looked up may be known by now. */
void place_settle(const struct resolver *resolver, const struct name_query *query,
		  struct place *place);
/* Does the directory of this name in the task's root belong to the kernel's own /proc? */
bool resolver_has_proc(struct resolver *resolver, const struct name_query *query,
		       const char *directory);
/* Always gives a path, for the caller to place_drop(): `resolved` says what it is worth. What the
 * query points at is borrowed for the call. */
void resolver_find(struct resolver *resolver, const struct name_query *query, struct place *ret);

#endif
