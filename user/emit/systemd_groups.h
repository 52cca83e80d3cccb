/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The groups of calls that systemd has names for, as systemd-analyze(1) syscall-filter tells them. */
#ifndef LEASTCALL_SYSTEMD_H
#define LEASTCALL_SYSTEMD_H

#include "model/names.h"

struct systemd_group {
	const char *name;     /* "@basic-io" */
	struct names members; /* calls, those of the groups in it, too; settled */
};

/* Zero-initialised: nothing is known of systemd. */
struct systemd_groups {
	char *text; /* what the names belong to */
	struct systemd_group *list;
	size_t count;
};

/* Takes what systemd-analyze wrote. The caller drops *ret, which is empty where it is no such text. */
void systemd_groups_parse(const char *text, struct systemd_groups *ret);
void systemd_groups_drop(struct systemd_groups *groups);
#define _cleanup_systemd_groups_ __attribute__((cleanup(systemd_groups_drop)))
/* NULL where there is none of that name. */
const struct systemd_group *systemd_group_find(const struct systemd_groups *groups,
					       const char *name);

#endif
