/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What stack.c and unwind.c share: the frames that come of a stack, as they are found. */
#ifndef LEASTCALL_UNWIND_H
#define LEASTCALL_UNWIND_H

#include <stdint.h>

#include "event.h"
#include "layout.h"
#include "stack.h"

#define FUNCTION_BYTES 256 /* longer names are cut */
#define BUILD_ID_BYTES 20

/* What was found. Written by a process that may have been taken over: nothing in it is sure. */
struct found_frame {
	uint64_t pc;     /* behind the call, but for the innermost one */
	uint64_t offset; /* in the function */
	uint32_t build_id_size;
	unsigned char build_id[BUILD_ID_BYTES];
	char function[FUNCTION_BYTES]; /* empty: no symbol covers it */
};

struct found {
	uint32_t count;
	struct found_frame frames[STACK_DEPTH];
};

/* Fills in what can be found of `count` stacks of a process with this layout; reads the files of it
 * and, by build-ids, those of their debugging symbols. */
void unwind(const struct event_stack *const *events, size_t count, const struct layout *layout,
	    const struct mapped_files *files, struct found *ret);

#endif
