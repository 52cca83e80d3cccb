/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names that a seccomp profile of a workload allows, and why each of them is in. Knows neither
 * the profile's form nor who is told of it.
 */
#ifndef LEASTCALL_ALLOW_H
#define LEASTCALL_ALLOW_H

#include "call.h"

/* Why a name is in: the first of these that holds. */
enum reason {
	REASON_OBSERVED, /* the application called it */
	REASON_RUNTIME,  /* the runtime was seen to call it behind the filter */
	REASON_DENIED,   /* it was denied, and options->include_denied takes it in */
	REASON_ALWAYS,   /* always_rows */
	REASON_FLOOR,    /* floor_rows */
	REASONS,
};

struct allow {
	struct names names;            /* all of them */
	struct names reasons[REASONS]; /* the same, each name once */
	bool abis[ABI_COUNT];
	enum runtime runtime; /* whose floor: never RUNTIME_AUTO */
};

/* Calls without a name are left out, and told to options->warn. The strings are the tables'. */
void allow_gather(const struct model *model, const struct emit_options *options,
		  const char *workload, struct allow *ret);
void allow_drop(struct allow *allow);
#define _cleanup_allow_ __attribute__((cleanup(allow_drop)))

/* The phases of a recording whose calls the options take in: bits. */
unsigned int allow_phases(const struct emit_options *options);
/* Whose floor the options ask for: never RUNTIME_AUTO. */
enum runtime allow_runtime(const struct model *model, const struct emit_options *options,
			   const char *workload);

#endif
