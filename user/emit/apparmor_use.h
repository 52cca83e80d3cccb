/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was done to each path, over executables and runs: file facts, and what follows for paths from
 * who executed and linked what. Knows no rules.
 */
#ifndef LEASTCALL_APPARMOR_USE_H
#define LEASTCALL_APPARMOR_USE_H

#include "apparmor_files.h"

/*
 * A path and what is known of it; the same path comes again where it is not resolved as well, and
 * again where it is doubtful otherwise.
 */
struct use {
	const char *path; /* in the escaped form */
	uint32_t perms;   /* without PERM_EXEC where nobody that counts executed it */
	uint32_t flags;   /* why it is doubtful */
	const char *run;  /* NULL: several, or not known */
	bool owned;       /* by all who used it */
	bool foreign;     /* by somebody else than who used it; neither: not known */
	bool linked;      /* it was made as a link, or a link to it was */
};

struct uses {
	struct use *list; /* by path; then what is sure, what is not resolved, and the rest */
	size_t count, room;
	const struct fact **links; /* the OP_LINK facts that count, by target */
	size_t link_count;
};

void uses_gather(const struct file_rules *files, struct uses *ret);
void uses_drop(struct uses *uses);

/* What a grant of `sure` leaves open of these letters; what is owned is so of one's own files only. */
uint32_t perms_left(uint32_t perms, bool perms_owned, uint32_t sure, bool sure_owned);

bool file_is_root(const struct file_rules *files, const char *path);

#endif
