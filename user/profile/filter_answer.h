/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a compiled filter answers, without loading it. Knows no profile, and no system call's name. */
#ifndef LEASTCALL_FILTER_ANSWER_H
#define LEASTCALL_FILTER_ANSWER_H

#include <linux/seccomp.h>

#include "filter.h"

/* Bits of struct seccomp_data's args that are known, by their indexes; and where the call is made. */
#define KNOWN_ARGS    0x3fu
#define KNOWN_POINTER 0x40u
#define KNOWN_ALL     (KNOWN_ARGS | KNOWN_POINTER)

/* The different answers that a filter may give: SECCOMP_RET_*, data and all. */
#define ANSWERS_MAX 16
struct answers {
	uint32_t list[ANSWERS_MAX];
	size_t count;
	bool is_cut; /* there are others, or it is too long to tell */
};

/* All that it may answer a call of which only this is known (number and architecture always are). A
 * program that the kernel would not take answers SECCOMP_RET_KILL_PROCESS. */
void filter_answers(const struct filter *filter, const struct seccomp_data *data,
		    unsigned int known, struct answers *ret);
/* What it answers a call of which everything is known. */
uint32_t filter_answer(const struct filter *filter, const struct seccomp_data *data);
/* What it answers a call of the machine's own ABI that no profile names. */
uint32_t filter_answer_default(const struct filter *filter);
/* A copy that asks a supervisor (SECCOMP_RET_USER_NOTIF) where it would answer with an error; and, with
 * `logged`, where it would log. The caller drops *ret. */
void filter_notify(const struct filter *filter, bool logged, struct filter *ret);

#endif
