/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Classic tracepoints as perf events. Knows no program that is attached to them. */
#ifndef LEASTCALL_TRACEFS_H
#define LEASTCALL_TRACEFS_H

#include "util/util.h"

/*
 * A perf event on the classic tracepoint CATEGORY/NAME, for bpf_program__attach_perf_event().
 * tracefs is mounted for the moment, in a mount namespace of its own, where it isn't yet. Returns
 * the descriptor, which is the caller's, or a negative errno with the words in err.
 */
int tracepoint_open(const char *category, const char *name, struct err *err);

#endif
