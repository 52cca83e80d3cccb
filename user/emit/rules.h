/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy as the runtime-spec's LinuxSeccomp, in the dialects of its readers. Knows no file format
 * beyond tree.h's.
 */
#ifndef LEASTCALL_RULES_H
#define LEASTCALL_RULES_H

#include "emit.h"
#include "tree.h"

/* Zero-initialised it is the runtime-spec's own. */
struct rules_dialect {
	bool has_arch_map;    /* archMap: the reader chooses by its machine */
	bool has_comments;    /* "comment", in which each rule says why it is in */
	bool has_errno_names; /* "errno": "ENOSYS" beside the number */
	bool loses_errno;     /* some readers drop defaultErrnoRet: fallback calls get rules */
	bool has_no_errno;    /* there is no defaultErrnoRet at all */
	uint64_t number_max;  /* values are not above this; 0: any */
	const char *consumer; /* for people, where something cannot be said */
};

/* The keys of a LinuxSeccomp into the map that is open. */
void rules_write(struct tree *tree, const struct policy *policy, const struct emit_options *options,
		 const struct rules_dialect *dialect);
/* All of it as JSON. */
void rules_json_print(const struct policy *policy, const struct emit_options *options,
		      const struct rules_dialect *dialect, FILE *out);
/* The runtime-spec's own as a text. The caller frees it. */
char *rules_json(const struct policy *policy, const struct emit_options *options, size_t *ret_size);

#endif
