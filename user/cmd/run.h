/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What run says of a run. */
#ifndef LEASTCALL_RUN_H
#define LEASTCALL_RUN_H

#include "enforced.h"
#include "util/output.h"

/*
 * What was denied: a line for each kind of call, nothing where nothing was; or an object of JSON in a
 * line. To stderr, or to `report`, which is committed. Returns 0, or a negative errno with the words in
 * err.
 */
int denials_print(const struct enforced_result *result, int status, bool json,
		  struct output *report, struct err *err);

#endif
