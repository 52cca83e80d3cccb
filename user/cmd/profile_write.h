/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The formats of leastcall profile, and writing one profile. */
#ifndef LEASTCALL_PROFILE_WRITE_H
#define LEASTCALL_PROFILE_WRITE_H

#include "profile_options.h"

/* Ends with an empty row. */
extern const struct format formats[];

/* The profile that the options ask for, to PATH (NULL or "-": stdout), and what is to be said of it.
 * 0, EXIT_FINDING where it is not to be written (superset.h), or a negative errno with the words. */
int profile_write(const struct model *model, const struct profile_options *options,
		  const char *path, struct err *err);

#endif
