/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the commands that work on recordings share: reading them, warning, writing one result. */
#ifndef LEASTCALL_RECORDINGS_H
#define LEASTCALL_RECORDINGS_H

#include "emit/emit.h"
#include "util/output.h"

/* All of PATHS in one sealed model. Returns 0, or a negative errno with the words in err. */
int recordings_read(char **paths, int count, struct model **ret, struct err *err);
/* Is PATH the regular file that one of them is, by whatever name? What is no recording must not be
 * written over one. */
bool recordings_include(char **paths, int count, const char *path);
void recordings_drop(struct model **model);
#define _cleanup_model_ __attribute__((cleanup(recordings_drop)))

/* " (FILE, workload NAME)": whom a note or a loss is about, as far as that is a question. The caller
 * frees it. */
char *recordings_where(const struct model *model, const struct fact *fact);
/* Why the model is incomplete, in a line's worth of words. The caller frees it. */
char *recordings_lack(const struct model *model);

/* An emitter's warn_fn: a line on stderr, also with --quiet, as it is something that went wrong. */
void recordings_warn(void *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same but for --quiet: what is worth a line, and went well. */
void recordings_hint(void *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Commits what was written, or abandons it where r is an error already. Returns the error; a
 * reader that has gone (EPIPE) leaves no words in err, for nobody wants to hear of it.
 */
int recordings_finish(struct output *out, int r, struct err *err);

/*
 * After a seccomp profile was written to PATH (NULL or "-": stdout): a hint() that says how many
 * calls it allows.
 */
void recordings_summarise_seccomp(const struct policy *policy, const char *path);

/* Hints about what a profile of the workload may lack, as far as its recording tells: how its runs
 * agree, and what they did not exercise. `policy`: the profile; NULL: what was recorded, and what is
 * added always. */
void recordings_tell_completeness(const struct model *model, const char *workload,
				  const struct policy *policy);

#endif
