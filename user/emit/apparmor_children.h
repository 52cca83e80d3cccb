/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs that a workload executes beside its own, and how a profile says what becomes of them:
 * apparmor.d(5), "Access Modes". Knows no other rules.
 */
#ifndef LEASTCALL_APPARMOR_CHILDREN_H
#define LEASTCALL_APPARMOR_CHILDREN_H

#include "emit.h"
#include "model/names.h"

struct child {
	const char *exe;                /* what runs; the interpreter of a script */
	char *name;                     /* of its profile, within the parent's */
	char *from_parent, *from_child; /* how it is executed, by whom */
};

/* A script, and whose profile it comes under. */
struct child_script {
	const char *path;
	const struct child *child; /* NULL: the parent's */
};

struct children {
	struct child *list; /* by exe */
	size_t count;
	struct names exes; /* of all of them */
	struct child_script *scripts;
	size_t script_count;
	char *back; /* how a child executes what the parent's profile is for */
};

/* More are no help to anybody, and each is a walk over all facts. */
#define CHILDREN_MAX 500

/* `parent` is the name of the profile, `roots` what it is for. -E2BIG: more than CHILDREN_MAX. */
int children_gather(const struct model *model, const char *workload, const char *const *roots,
		    size_t root_count, const char *parent, enum apparmor_children how,
		    struct children *ret, struct err *err);
void children_drop(struct children *children);

/* Whose profile asks. */
struct child_asks {
	const struct children *children;
	const struct child *child; /* NULL: the parent's */
};
/* How it executes the path: "ix", "Cx -> sh". To file_rules' exec_words; ctx is a child_asks. */
const char *children_exec(const void *ctx, const char *path);

#endif
