/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a compiled filter answers, without loading it. Knows no profile, and no system call's name. */
#ifndef LEASTCALL_FILTER_ANSWER_H
#define LEASTCALL_FILTER_ANSWER_H

#include <linux/seccomp.h>

#include "filter.h"

/* SECCOMP_RET_*, data and all; SECCOMP_RET_KILL_PROCESS where the program is none that the kernel would
 * take. */
uint32_t filter_answer(const struct filter *filter, const struct seccomp_data *data);
/* What it answers a call of the machine's own ABI that no profile names. */
uint32_t filter_answer_default(const struct filter *filter);
/* A copy that asks a supervisor (SECCOMP_RET_USER_NOTIF) where it would answer with an error; and, with
 * `logged`, where it would log. The caller drops *ret. */
void filter_notify(const struct filter *filter, bool logged, struct filter *ret);

#endif
