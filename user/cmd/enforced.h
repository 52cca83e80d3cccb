/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A command under a profile, once, and what of it was denied: leastcall run does so, and leastcall verify
 * again and again. What it denied comes from the tracer, never from the kernel's log; where this user
 * may not trace, from seccomp's own notifications (seccomp_unotify(2)).
 */
#ifndef LEASTCALL_ENFORCED_H
#define LEASTCALL_ENFORCED_H

#include <signal.h>

#include "model/model.h"
#include "policy/policy_read.h"
#include "profile/filter.h"

/* A seccomp profile, ready to be run under. */
struct enforced_profile {
	struct filter filter;
	enum filter_action action;       /* what `filter` was compiled with */
	struct policy policy;            /* what its rules refuse on purpose */
	struct policy_defaults defaults; /* as written, whatever the action is */
};
/* Reads the profile at PATH (- is stdin). Names that mean nothing here go to recordings_warn(). Returns
 * 0, and the caller drops *ret; or a negative errno with the words in err. */
int enforced_profile_read(const char *path, enum filter_action action, struct enforced_profile *ret,
			  struct err *err);
/* The same of a text; `name` is for the words, and `warn` may be NULL. */
int enforced_profile_parse(const char *text, size_t size, const char *name,
			   enum filter_action action, warn_fn *warn, struct enforced_profile *ret,
			   struct err *err);
void enforced_profile_drop(struct enforced_profile *profile);

/* All of it is borrowed. */
struct enforced {
	const struct enforced_profile *profile;
	const char *apparmor; /* a loaded AppArmor profile, entered at the execve; NULL: none */
	char **command;       /* with a NULL behind it */
	const char *path;     /* its file: command_find() */
	bool no_trace; /* do not trace, also where this user may: cheaper by most of a second */
	const char *output; /* the recording goes there; NULL: there is none. Wants tracing. */
};

enum denial_kind {
	DENIAL_DEFAULT, /* the profile does not allow it: a finding */
	DENIAL_LOGGED,  /* the same, and it was let through: FILTER_LOG, SCMP_ACT_LOG */
	DENIAL_RULE,    /* a rule of the profile refuses it on purpose */
};

struct denial {
	enum denial_kind kind;
	enum abi abi;
	uint32_t nr;
	uint32_t errnum; /* what the caller got; 0: killed, trapped, let through, or answered 0 */
	uint64_t count;
	char *exe; /* escaped; NULL: not known */
};

/* By kind, ABI, number, errno and exe, for qsort(). */
int denial_compare(const void *a, const void *b);
/* A line for people, not made printable. The caller frees it. */
char *denial_words(const struct denial *denial);
/* "denied", "logged", "rule": for programs. */
const char *denial_word(enum denial_kind kind);

struct enforced_result {
	/* What to exit with: the command's status, 128 + N where signal N ended it; EXIT_NO_EXEC and
	 * EXIT_NOT_FOUND where it did not start; 128 + N where signal N ended the watching. */
	int status;
	bool has_started;       /* its execve succeeded; else say() told why it did not */
	struct denial *denials; /* sorted by kind, ABI, number, errno and exe */
	size_t denial_count;
	bool is_blind; /* it was not traced: */
	char *blind; /* ... why, and what is not known for it, for people; NULL: as was asked for */
	bool complete; /* `denials` holds all that was denied; why not has been said, or is `blind` */
	struct model *model; /* sealed, all facts of the run; NULL where blind, or not started */
};

/*
 * Runs the command, to the end of the last process that came of it, in the foreground: its stdin,
 * stdout and stderr are the caller's; SIGINT and SIGTERM are passed on, the second one ends the watching.
 * It blocks these signals while it runs, and forks: call it with one thread; and it gives up
 * capabilities, as record does: whoever runs several forks for each. Returns 0, also where the command
 * could not be executed, and the caller drops *ret; or a negative errno with the words in err: the
 * command did not run, or what it did was lost.
 */
int enforced_run(const struct enforced *enforced, struct enforced_result *ret, struct err *err);
void enforced_result_drop(struct enforced_result *result);
/* Is any of them a finding, and no rule's? */
bool enforced_denied(const struct enforced_result *result);

#endif
