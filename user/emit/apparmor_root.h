/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is to be known of a recorded command's own executable before a profile is attached to it. */
#ifndef LEASTCALL_APPARMOR_ROOT_H
#define LEASTCALL_APPARMOR_ROOT_H

#include "emit.h"

/* Does it run what others wrote, or other programs? Attached to it a profile would confine all that. */
bool root_runs_others(const char *path);
/* What a run of the workload was started as where its executable is called otherwise, fit for a
 * comment; or NULL. The caller frees it. */
char *root_started_as(const struct model *model, const char *workload);

#endif
