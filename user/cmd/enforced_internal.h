/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of enforced.h share; nobody else includes it. */
#ifndef LEASTCALL_ENFORCED_INTERNAL_H
#define LEASTCALL_ENFORCED_INTERNAL_H

#include "enforced.h"
#include "trace/command.h"
#include "trace/listener.h"

/* How a run went that nobody traced. */
struct blind {
	int outcome;    /* command_outcome() */
	struct err why; /* ... its words */
	int code;       /* ... the execve's */
	int status; /* of the command, 128 + N for signal N; or of the signal that ended the watching */
	struct listener listener; /* what it was asked; fd is -1 by then */
	int refused;              /* why there was no listener though one was wanted; 0 */
};

/* The command, to its end and that of all that came of it and is asked about. Returns 0, and the caller
 * drops ret->listener; or a negative errno with the words in err: it did not run. */
int blind_run(const struct enforced *enforced, const struct confine *confine, struct blind *ret,
	      struct err *err);

#endif
