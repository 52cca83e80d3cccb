/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What this kernel and this user can do: found out by trying, never from a version. */
#ifndef LEASTCALL_FEATURES_H
#define LEASTCALL_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/util.h"

struct feature {
	const char *name;               /* a word for programs: "cgroup2" */
	const char *words;              /* what it is, in plain English */
	const char *without;            /* what is lost without it, or what to do */
	bool needed;                    /* nothing can be recorded without it */
	bool (*probe)(struct err *why); /* false: why->text may say more */
};

extern const struct feature features[];
extern const size_t features_count;

/* -EPERM, with one line that says which capabilities are missing and how to get them, where this
 * user may not record. */
int features_permit(struct err *err);

/* Why BPF was refused with `code`: where a feature that is needed is missing, err says which one, and
 * else what it said. Returns `code`. */
int features_excuse(int code, struct err *err);

#endif
