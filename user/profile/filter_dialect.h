/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What Docker's and Podman's profiles have beyond the runtime-spec, turned into what these engines
 * hand to the runtime. Knows their keys alone; the result is for the strict reader.
 */
#ifndef LEASTCALL_FILTER_DIALECT_H
#define LEASTCALL_FILTER_DIALECT_H

#include "filter_reader.h"

/*
 * Rewrites the profile in place, as for a container without options on this machine. A rule that
 * does not count there becomes a null, so that the others keep their places. Keys of a wrong type are
 * left as they are. Returns 0, or -EBADMSG with the words in reader->err.
 */
int dialect_settle(struct reader *reader, cJSON *profile);

#endif
