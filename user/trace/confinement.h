/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a process is confined by, as /proc tells. It loads nothing and knows no profile. */
#ifndef LEASTCALL_CONFINEMENT_H
#define LEASTCALL_CONFINEMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/util.h"

struct confinement {
	int seccomp;      /* proc_pid_status(5): 0 off, 1 strict, 2 filter; -1: not known */
	uint32_t filters; /* how many; 0 where the kernel does not say (before Linux 5.9) */
	char *apparmor; /* "NAME (MODE)" or "unconfined", escaped; NULL: not known, or none here */
};

/* Does this kernel enforce AppArmor's profiles? */
bool apparmor_is_on(void);
/* 0, and the caller drops *ret; -ESRCH where the process is gone. */
int confinement_read(pid_t pid, struct confinement *ret);
void confinement_drop(struct confinement *confinement);
bool confinement_same_seccomp(const struct confinement *a, const struct confinement *b);
bool confinement_same_apparmor(const struct confinement *a, const struct confinement *b);

#endif
