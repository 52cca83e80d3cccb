/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The capabilities of the calling thread, capabilities(7). Knows nothing of what they are for. */
#ifndef LEASTCALL_PRIVILEGES_H
#define LEASTCALL_PRIVILEGES_H

#include <stdint.h>

#define PRIVILEGE(capability) (UINT64_C(1) << (capability))

/* Makes these effective, and gives up for good what is not in `permitted`; what the thread does not
 * have it does not get. Threads and processes that it makes later have no more. Returns 0 or a
 * negative errno: then nothing changed. */
int privileges_set(uint64_t effective, uint64_t permitted);

#endif
