/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The supervisor of a filter that asks (seccomp_unotify(2)): answers as the filter would have answered
 * by itself, and counts. Knows no profile: what the answer is, the caller tells.
 */
#ifndef LEASTCALL_LISTENER_H
#define LEASTCALL_LISTENER_H

#include <linux/seccomp.h>

#include "tables/tables.h"
#include "util/util.h"

#define ASKED_MAX 4096 /* a program may make numbers up */

struct asked {
	enum abi abi;
	uint32_t nr;
	uint32_t answer; /* SECCOMP_RET_*, data and all */
	char *exe;       /* escaped; NULL: not known */
	uint64_t count;
};

struct listener {
	int fd; /* -1: none */
	/* What the filter answers: SECCOMP_RET_ERRNO and its data, or SECCOMP_RET_LOG, which lets the
	 * call through. */
	uint32_t (*answer)(void *ctx, const struct seccomp_data *data);
	void *ctx;
	struct asked *asked;
	size_t count;
	uint64_t lost; /* calls that were answered and found no room */
};

/* One call, if one waits. Readable is fd then; it hangs up when nobody is left under the filter. */
void listener_serve(struct listener *listener);
/* Closes it: from then on the filter answers ENOSYS. */
void listener_drop(struct listener *listener);

#endif
