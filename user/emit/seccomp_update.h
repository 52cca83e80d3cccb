/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A seccomp profile that somebody wrote, with the rules that it lacks for what was recorded. Its text
 * stays as it is, but for what is put in. Knows no files and no command.
 */
#ifndef LEASTCALL_SECCOMP_UPDATE_H
#define LEASTCALL_SECCOMP_UPDATE_H

#include "emit.h"

/* Lines as of diff_print(), each of one call. */
struct seccomp_update {
	char *text;  /* the profile with the rules; NULL: there are none to add */
	char *added; /* what they allow; "" where text is NULL */
	char *left;  /* what is still not allowed: a rule of the profile refuses it, for example */
};

/*
 * Of `model` only what was called counts, and no row of a table. Returns 0 and *ret for
 * seccomp_update_drop(), or a negative errno with the words in err: the profile is not understood, or
 * the recording holds nothing or several workloads.
 */
int seccomp_update_make(const char *text, size_t size, const struct model *model,
			const struct emit_options *options, struct seccomp_update *ret,
			struct err *err);
void seccomp_update_drop(struct seccomp_update *update);
#define _cleanup_seccomp_update_ __attribute__((cleanup(seccomp_update_drop)))

#endif
