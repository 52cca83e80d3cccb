/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the kernel's functions are. Knows nothing of what they are asked for. */
#ifndef LEASTCALL_KALLSYMS_H
#define LEASTCALL_KALLSYMS_H

#include <stdint.h>

/* Where a kernel function begins, and where the next symbol does: /proc/kallsyms. -ENOENT where
 * there is none of that name, -EPERM where the kernel hides its addresses (kptr_restrict). */
int kallsyms_range(const char *function, uint64_t *ret_start, uint64_t *ret_end);

#endif
