/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of leastcall verify share; nobody else includes it. */
#ifndef LEASTCALL_VERIFY_H
#define LEASTCALL_VERIFY_H

#include "enforced.h"

struct verify_options {
	const char *seccomp, *apparmor;
	const char *repair; /* the repaired profile goes there; NULL: it is not asked for */
	const char *drop;   /* the minimised one; NULL */
	uint64_t runs;      /* of each action */
	uint64_t jobs;
	uint64_t timeout; /* seconds a run; 0: no end */
	bool minimise;
	bool json;
	char **command;
	char *path; /* of its file */
};

/* ---- verify_run.c ------------------------------------------------------------------------ */

/* A denial, and in how many runs. */
struct verify_denial {
	struct denial denial; /* count is all runs', exe is its own */
	uint64_t runs;
};

/* What runs of one profile under one action came to. */
struct verify_sum {
	uint64_t runs;    /* that came to an end, of the wanted ones */
	uint64_t passed;  /* ended with 0, and nothing was denied by default */
	uint64_t failed;  /* ended with something else */
	uint64_t denying; /* in which something was denied by default */
	uint64_t unknown; /* of which not all was seen that was denied */
	uint64_t slow;    /* did not end in time; they failed */
	int status;       /* of the first one that failed */
	char *said;       /* ... the end of what it said, for people; or NULL */
	char *blind;      /* why runs were not traced; or NULL */
	struct verify_denial *denials;
	size_t denial_count;
};
void verify_sum_drop(struct verify_sum *sum);
#define _cleanup_verify_sum_ __attribute__((cleanup(verify_sum_drop)))

/* How runs are made. Its strings are borrowed. */
struct verify_way {
	const struct verify_options *options;
	const struct enforced_profile *profile;
	uint64_t runs;
	bool no_trace;    /* only whether it passes is of interest */
	bool ends_at_one; /* the first one that failed is enough */
};
/*
 * Runs the command so many times, options->jobs at a time, each in a process of its own, its stdin
 * empty. Adds to *sum. Returns 0; -EINTR where a signal ended it, with *ret_signal; or another negative errno
 * with the words in err.
 */
int verify_runs(const struct verify_way *way, struct verify_sum *sum, int *ret_signal,
		struct err *err);

/* ---- verify_change.c --------------------------------------------------------------------- */

/* The profile at PATH, changed, as a profile: what is `added` is allowed whatever the arguments are,
 * what is `without` is not. Both sorted; NULL: none. The caller frees *ret. */
int profile_change(const char *path, const struct names *added, const struct names *without,
		   char **ret, size_t *ret_size, struct err *err);
/* What the profile allows by name. Settled; the caller drops the set. */
int profile_names(const char *path, struct names *ret, struct err *err);

/* ---- verify_minimise.c ------------------------------------------------------------------- */

/* Which names can be missing, and writes the profile without them where that is asked for. Returns
 * an exit status, or a negative errno with the words in err. */
int verify_minimise(const struct verify_options *options, struct err *err);

#endif
