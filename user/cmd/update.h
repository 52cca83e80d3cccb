/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall update: what its two kinds of profiles share. */
#ifndef LEASTCALL_UPDATE_H
#define LEASTCALL_UPDATE_H

#include "emit/emit.h"

struct update_options {
	const char *output, *profile, *dir, *path;
	bool check, dry_run, allow_incomplete;
	struct emit_options emit;
	char **recordings;
	int recording_count;
};

/* Nothing is to be written. */
static inline bool update_is_dry(const struct update_options *options)
{
	return options->check || options->dry_run;
}

/* All of the recordings; 0, an exit status, or a negative errno with the words in err. */
int update_recordings_take(const struct update_options *options, struct model **ret,
			   struct err *err);
/* The whole profile, over what is there or to another place. */
int update_text_write(const struct update_options *options, const char *text, struct err *err);
/* ... of seccomp, whose text was read. An exit status, or a negative errno with the words in err. */
int update_seccomp(const struct update_options *options, const char *text, size_t size,
		   struct err *err);

#endif
